package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// pull is the pull of one subject from one target. Its metrics and its log
// events are pulled side by side.
type pull struct {
	Options
	from     Target
	survey   *survey
	schedule schedule
	keys     map[string]bool // of the ledger; nil until they are needed

	mu      sync.Mutex // guards what follows
	summary SubjectSummary
	entries int // ledger rows made
	causes  []error
	// proven is whether the subject is known to exist. Until then ledger rows
	// are held back, so that a wrong name leaves no trace.
	proven bool
	held   []lake.Entry
}

func pullSubject(ctx context.Context, o Options, t Target, s subject.Subject) (SubjectSummary, error) {
	found, err := look(ctx, o, t, s)
	p := &pull{Options: o, from: t, survey: found, schedule: found.schedule(o), causes: found.causes}
	p.summary = SubjectSummary{Subject: s, Target: t.Name, Account: found.account, Region: found.region, Usage: found.usage}
	if err != nil {
		return p.summary, pulling(s, err)
	}
	if found.window.empty() {
		return p.summary, found.unknown()
	}
	p.summary.Notes = found.notes(p.schedule)
	steps := []func(context.Context) error{p.describe, p.data, p.close}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return p.summary, pulling(s, err)
		}
	}
	o.Events(Event{Stage: StageDone, Subject: s.Key()})
	o.Logger.Info("subject done", "subject", s.Key(), "region", found.region, "points", p.summary.Points,
		"events", p.summary.Events, "calls", p.summary.Usage.Calls, "retries", p.summary.Usage.Retries)
	p.order()
	if len(p.summary.Problems) > 0 {
		return p.summary, &PartialError{Problems: p.summary.Problems, Asked: p.entries, causes: p.causes}
	}
	return p.summary, nil
}

// pulling says what an error is about, where it does not say so itself.
func pulling(s subject.Subject, err error) error {
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return err
	}
	return fmt.Errorf("pulling %s: %w", s, err)
}

// data pulls metrics and log events side by side: they have quotas of their own.
// What ends one ends the other; the error is the metrics' when both have one.
func (p *pull) data(ctx context.Context) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	var logs error
	var done sync.WaitGroup
	done.Go(func() {
		if logs = p.logs(running); logs != nil {
			stop()
		}
	})
	metrics := p.metrics(running)
	if metrics != nil {
		stop()
	}
	done.Wait()
	if metrics == nil || logs != nil && cancelled(metrics) && ctx.Err() == nil {
		return logs
	}
	return metrics
}

// order puts problems in an order that does not depend on which came first.
func (p *pull) order() {
	slices.SortStableFunc(p.summary.Problems, func(a, b lake.Entry) int {
		rank := func(e lake.Entry) int { return slices.Index([]string{resourcesData, metricsData, logsData}, e.Dataset) }
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Start.Compare(b.Start), cmp.Compare(a.Chunk, b.Chunk))
	})
}

// count changes the summary.
func (p *pull) count(change func(*SubjectSummary)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.summary)
}

// begins tells of a stage.
func (p *pull) begins(s Stage, chunks int) {
	p.Logger.Info("stage begins", "stage", s, "subject", p.survey.subject.Key(), "region", p.survey.region, "chunks", chunks)
}

// tell tells of a row of the ledger.
func (p *pull) tell(e lake.Entry) {
	said := []any{
		"dataset", e.Dataset, "subject", e.Subject, "of", e.Scope, "from", stamp(e.Start), "to", stamp(e.End),
		"period_s", e.PeriodS, "status", e.Status, "rows", e.Rows, "calls", e.Calls,
	}
	if e.Reason != "" {
		said = append(said, "reason", e.Reason)
	}
	p.Logger.Info("chunk done", said...)
}

// cause remembers the error behind a problem.
func (p *pull) cause(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.causes = append(p.causes, err)
}

func (s *survey) schedule(o Options) schedule {
	out := schedule{
		subject: s.subject.Key(), place: s.place(),
		window: s.window, now: o.Now().UTC(), settle: o.Settle, lateLogs: o.LateLogs,
		ledger: s.ledger,
	}
	if o.Refetch {
		out.ledger = nil
	}
	return out
}

// of is the schedule of a group, which can be another subject's.
func (s schedule) of(g logGroup) schedule {
	if s.subject == g.owner.Key() {
		return s
	}
	if s.ledger != nil {
		s.ledger = g.ledger
	}
	s.subject = g.owner.Key()
	return s
}

// notes say what the window asks for that cannot be had, or not for long.
func (s *survey) notes(plan schedule) []string {
	var out []string
	if _, gone := plan.bands(); !gone.empty() {
		out = append(out, goneNote(gone))
	}
	if _, known := Resource(s.subject); s.missing && known {
		out = append(out, "SageMaker does not know it (deleted?): instance types and counts are not known")
	}
	if ran := s.ran; !ran.start.IsZero() && !ran.end.IsZero() && ran.align(time.Minute).clip(s.window).empty() {
		out = append(out, fmt.Sprintf("it ran from %s to %s, outside of the window: leave the window out to take the job's own",
			stamp(ran.start), stamp(ran.end)))
	}
	if s.asked != "" {
		out = append(out, fmt.Sprintf("%s was asked, and answered with an ARN of %s: the rows are of %s", s.asked, s.region, s.region))
	}
	if s.publishS > 60 {
		out = append(out, fmt.Sprintf("utilization is published every %d s: that is the finest there is", s.publishS))
	}
	for _, g := range s.groups {
		if text := g.goneNote(plan.window, plan.now); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func goneNote(gone span) string {
	return fmt.Sprintf("CloudWatch keeps metrics for 455 days: %s to %s is gone", stamp(gone.start), stamp(gone.end))
}

// describe writes what the survey learned.
func (p *pull) describe(ctx context.Context) error {
	p.proven = p.survey.exists() && !p.survey.nowhere()
	if err := p.record(ctx, p.survey.calls...); err != nil {
		return err
	}
	if !p.proven || len(p.survey.facts) == 0 {
		return nil
	}
	return p.putFacts(ctx)
}

func (p *pull) putFacts(ctx context.Context) error {
	key := p.survey.subject.Key()
	rows := make([]lake.Resource, 0, len(p.survey.facts))
	for _, f := range p.survey.facts {
		rows = append(rows, lake.Resource{
			AsOf: f.AsOf, Account: p.survey.account, Region: p.survey.region, Subject: key,
			Kind: f.Kind, Name: f.Name, Attribute: f.Attribute, Value: f.Value, Source: f.Source,
		})
	}
	if err := p.Lake.PutResources(ctx, key, rows); err != nil {
		return fmt.Errorf("writing what SageMaker said: %w", err)
	}
	return nil
}

// record notes how chunks ended, in the ledger once the subject is proven.
func (p *pull) record(ctx context.Context, entries ...lake.Entry) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.note(ctx, entries...)
}

func (p *pull) note(ctx context.Context, entries ...lake.Entry) error {
	p.entries += len(entries)
	for _, e := range entries {
		p.tell(e)
		if e.Status == lake.Partial || e.Status == lake.Failed || e.Status == lake.Denied {
			p.summary.Problems = append(p.summary.Problems, e)
		}
	}
	p.held = append(p.held, p.lasting(entries)...)
	if !p.proven {
		return nil
	}
	if err := p.Lake.Record(ctx, p.held...); err != nil {
		return fmt.Errorf("writing the ledger: %w", err)
	}
	p.held = nil
	return nil
}

// lasting are the rows that the next pull asks for again under the same keys. When
// AWS answered nothing, nobody said since when a log group has events, or when a
// job ran: some of the log chunks that failed may never be asked for again.
func (p *pull) lasting(entries []lake.Entry) []lake.Entry {
	if !p.survey.silent() {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e lake.Entry) bool {
		return e.Dataset == logsData && !sealed(e.Status)
	})
}

// prove lets the held-back rows go to the lake: data came, so the subject
// exists whatever SageMaker says.
func (p *pull) prove(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proven {
		return nil
	}
	p.proven = true
	if len(p.survey.facts) > 0 {
		if err := p.putFacts(ctx); err != nil {
			return err
		}
	}
	return p.note(ctx)
}

// close decides about a subject that nothing has proven. When every question
// was answered it does not exist; otherwise the ledger says what was not, unless
// nothing was, and not even the account is known.
func (p *pull) close(ctx context.Context) error {
	if p.proven {
		return nil
	}
	switch {
	case p.survey.nowhere():
		return nil // rows of no account would never be replaced by those of the next run
	case len(p.summary.Problems) > 0:
		return p.prove(ctx)
	}
	return p.survey.unknown()
}

// entry is a ledger row that says what was asked, not yet how it ended.
func (p *pull) entry(c chunk) lake.Entry {
	return lake.Entry{
		Chunk: c.key, Dataset: c.dataset, Subject: p.survey.subject.Key(), Scope: c.scope(), Source: sourceName,
		Start: c.window.start, End: c.window.end, PeriodS: c.periodS, FetchedAt: p.Now(),
	}
}

// seal marks a row of data younger than the settle time: it is whole, or
// empty, only so far.
func seal(provisional bool, e lake.Entry) lake.Entry {
	if provisional && sealed(e.Status) {
		if e.Status == lake.Empty && e.Reason == "" {
			e.Reason = "nothing there yet"
		}
		e.Status = lake.Provisional
	}
	return e
}

// took adds what a call took to a row.
func took(e *lake.Entry, u cloudwatch.Usage) {
	e.Calls += u.Calls
	e.Retries += u.Retries
	e.CostLow += u.CostLow
	e.CostHigh += u.CostHigh
}
