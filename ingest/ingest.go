// Package ingest pulls subjects from a live account into a lake: it plans what
// to ask, asks, and writes what came.
//
// A pull of one subject goes through four stages. Describe tells what the
// endpoint is made of. List unites the metrics that CloudWatch lists with those
// that the catalogue and the ledger know. Then come the metrics, one UTC day
// after the other, and the log events of the subject's group. A stage that is
// denied or fails does not stop the next one.
//
// What is asked for is cut into chunks: one publisher of metrics (a namespace
// and the values of a dimension set) or one log group, one period, one UTC day
// at most. Every chunk ends as one row of the ledger, whose status says whether
// all, some or none of it came. A chunk that is older than the settle time when
// it comes whole is sealed and never asked for again; anything else is, next
// time. So a pull can be interrupted, repeated and widened at will: the lake
// ends with the same rows.
//
// The period of a chunk is the finest that CloudWatch still has for its age:
// minutes for 15 days, five minutes for 63, hours for 455. Metrics that are
// published more often than each minute are asked for at their own period as
// well while those points last, three hours.
package ingest

import (
	"context"
	"errors"
	"fmt"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Summary is what a run did.
type Summary struct {
	Subjects []SubjectSummary `json:"subjects"`
	Usage    cloudwatch.Usage `json:"usage"`
}

// SubjectSummary is what a run did for one subject.
type SubjectSummary struct {
	Subject       subject.Subject  `json:"subject"`
	Account       string           `json:"account"`
	Region        string           `json:"region"`
	Points        int64            `json:"points"`         // metric rows that came, over all series
	Events        int64            `json:"events"`         // log events that came
	PointsAdded   int64            `json:"points_added"`   // of them, rows that the lake did not have
	PointsChanged int64            `json:"points_changed"` // rows that the lake had otherwise
	EventsAdded   int64            `json:"events_added"`
	Chunks        int              `json:"chunks"` // chunks asked for now
	Problems      []lake.Entry     `json:"problems"`
	Notes         []string         `json:"notes"` // what a user should know, one sentence each
	Usage         cloudwatch.Usage `json:"usage"`
}

// Empty says whether nothing came, though everything that was asked was
// answered.
func (s SubjectSummary) Empty() bool {
	return s.Chunks > 0 && s.Points == 0 && s.Events == 0 && len(s.Problems) == 0
}

// Run pulls every subject into the lake. It goes on after what fails, and then
// returns a *PartialError; a subject that does not exist is an *UnknownError.
// Errors of several subjects are joined. A cancelled context, credentials that
// AWS no longer accepts, or a lake that cannot be written end the run; what is
// in the lake by then is whole. The summary is valid with any error.
func Run(ctx context.Context, o Options) (Summary, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Summary{}, err
	}
	var sum Summary
	var errs []error
	for _, s := range o.Subjects {
		one, err := pullSubject(ctx, o, s)
		sum.Subjects = append(sum.Subjects, one)
		sum.Usage.Add(one.Usage)
		if err == nil {
			continue
		}
		errs = append(errs, err)
		var partial *PartialError
		var unknown *UnknownError
		if !errors.As(err, &partial) && !errors.As(err, &unknown) || hopeless(err) {
			break
		}
	}
	if len(errs) == 1 {
		return sum, errs[0]
	}
	return sum, errors.Join(errs...)
}

// pull is the pull of one subject.
type pull struct {
	Options
	survey   survey
	schedule schedule
	summary  SubjectSummary
	entries  int // ledger rows made
	causes   []error
	// proven is whether the subject is known to exist. Until then ledger rows
	// are held back, so that a wrong name leaves no trace.
	proven bool
	held   []lake.Entry
}

func pullSubject(ctx context.Context, o Options, s subject.Subject) (SubjectSummary, error) {
	found, err := look(ctx, o, s)
	p := &pull{Options: o, survey: found, schedule: found.schedule(o), causes: found.causes}
	p.summary = SubjectSummary{Subject: s, Account: found.account, Region: found.region, Usage: found.usage}
	if err != nil {
		return p.summary, fmt.Errorf("pulling %s: %w", s, err)
	}
	p.note()
	steps := []func(context.Context) error{p.describe, p.metrics, p.logs, p.close}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return p.summary, fmt.Errorf("pulling %s: %w", s, err)
		}
	}
	o.Events(Event{Stage: StageDone, Subject: s.Key()})
	if len(p.summary.Problems) > 0 {
		return p.summary, &PartialError{Problems: p.summary.Problems, Asked: p.entries, causes: p.causes}
	}
	return p.summary, nil
}

func (s *survey) schedule(o Options) schedule {
	out := schedule{
		subject: s.subject.Key(),
		window:  span{o.Start, o.End},
		now:     o.Now().UTC(),
		settle:  o.Settle,
		ledger:  s.ledger,
	}
	if o.Refetch {
		out.ledger = nil
	}
	return out
}

// note says what the window asks for that cannot be had.
func (p *pull) note() {
	if _, gone := p.schedule.bands(); !gone.empty() {
		p.summary.Notes = append(p.summary.Notes, goneNote(gone))
	}
	if p.survey.missing {
		p.summary.Notes = append(p.summary.Notes, "SageMaker does not know the endpoint (deleted?): instance types and counts are not known")
	}
}

func goneNote(gone span) string {
	return fmt.Sprintf("CloudWatch keeps metrics for 455 days: %s to %s is gone", stamp(gone.start), stamp(gone.end))
}

// describe writes what the survey learned.
func (p *pull) describe(ctx context.Context) error {
	p.proven = p.survey.exists()
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
	p.entries += len(entries)
	for _, e := range entries {
		if e.Status == lake.Partial || e.Status == lake.Failed || e.Status == lake.Denied {
			p.summary.Problems = append(p.summary.Problems, e)
		}
	}
	p.held = append(p.held, entries...)
	if !p.proven {
		return nil
	}
	if err := p.Lake.Record(ctx, p.held...); err != nil {
		return fmt.Errorf("writing the ledger: %w", err)
	}
	p.held = nil
	return nil
}

// prove lets the held-back rows go to the lake: data came, so the subject
// exists whatever SageMaker says.
func (p *pull) prove(ctx context.Context) error {
	if p.proven {
		return nil
	}
	p.proven = true
	if len(p.survey.facts) > 0 {
		if err := p.putFacts(ctx); err != nil {
			return err
		}
	}
	return p.record(ctx)
}

// close decides about a subject that nothing has proven. When every question
// was answered it does not exist; otherwise the ledger says what was not.
func (p *pull) close(ctx context.Context) error {
	if p.proven {
		return nil
	}
	if len(p.summary.Problems) > 0 {
		return p.prove(ctx)
	}
	return p.survey.unknown()
}
