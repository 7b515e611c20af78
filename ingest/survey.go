package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Datasets of the ledger.
const (
	metricsData   = "metrics"
	logsData      = "logs"
	resourcesData = "resources"
)

// sourceName is the ledger's source column for what this package pulls.
const sourceName = "cloudwatch"

// survey is what is known of a subject before its data are pulled.
type survey struct {
	subject    subject.Subject
	target     string
	account    string
	region     string
	asked      string // the region that was asked, where an ARN names another
	window     span
	ran        span     // when a job ran, as far as it is known and was not taken for the window
	made       span     // when a job was made and when it ended, zero where that is not known
	variants   []string // that Describe tells
	seen       []string // variants that only their series tell
	hosts      int      // instances of a job, 0 not known
	async      bool
	serverless bool
	publishS   int32 // how often utilization is published, seconds; 0 not said
	enhanced   bool  // invocation metrics are published that often too
	facts      []cloudwatch.Fact
	described  bool // SageMaker knows the subject
	missing    bool // SageMaker says that there is no such thing, or cannot know
	listed     bool // ListMetrics lists metrics of the subject
	publishers []publisher
	endpoint   string // of a component, "" not known
	groups     []logGroup
	ledger     []lake.Entry
	calls      []lake.Entry // ledger rows of the calls made here
	operations map[string]int64
	causes     []error // errors behind failed calls
	usage      cloudwatch.Usage
}

// place is where the subject is, in the keys of the ledger.
func (s *survey) place() string { return s.account + "/" + s.region }

// surveyor makes one survey.
type surveyor struct {
	Options
	from   Target
	survey survey
}

// look asks everything that is not data: Describe first, then the list of
// metrics and the log groups. A call that is denied or fails is noted and gone
// on without; the error is one that ends the run.
func look(ctx context.Context, o Options, t Target, s subject.Subject) (*survey, error) {
	v := &surveyor{Options: o, from: t, survey: survey{
		subject: s, target: t.Name, region: t.Region, window: span{o.Start, o.End}, operations: make(map[string]int64),
	}}
	steps := []struct {
		stage Stage
		do    func(context.Context) error
	}{
		{StageDescribe, v.readLedger},
		{StageDescribe, v.describe},
		{StageList, v.list},
		{StageList, v.logGroups},
		{StageList, v.owner},
	}
	for i, step := range steps {
		o.Events(Event{Stage: step.stage, Subject: s.Key(), Done: int64(i), Total: int64(len(steps)), Unit: "calls"})
		if i == 0 || steps[i-1].stage != step.stage {
			o.Logger.Info("stage begins", "stage", step.stage, "subject", s.Key(), "region", v.survey.region)
		}
		if err := step.do(ctx); err != nil {
			return &v.survey, err
		}
	}
	return &v.survey, v.survey.settleWindow(o.Now())
}

// settleWindow completes what depends on the window and on the account, which
// the calls themselves tell.
func (s *survey) settleWindow(now time.Time) error {
	if s.window.end.IsZero() && s.window.start.IsZero() {
		if !s.exists() {
			return nil
		}
		return &WindowError{Subject: s.subject}
	}
	if s.window.end.IsZero() {
		s.window.end = now.UTC()
	}
	for i := range s.calls {
		e := &s.calls[i]
		e.Start, e.End = s.window.start, s.window.end
		e.Chunk = fmt.Sprintf("%s %s %s %s %s", s.subject.Key(), s.place(), resourcesData, e.Scope, stamp(e.Start))
	}
	return checkSpan(s.window, now)
}

// readLedger reads all of the subject's ledger: older rows name publishers that
// ListMetrics no longer lists.
func (v *surveyor) readLedger(ctx context.Context) error {
	entries, err := v.entries(ctx, v.survey.subject)
	v.survey.ledger = entries
	return err
}

func (v *surveyor) entries(ctx context.Context, s subject.Subject) ([]lake.Entry, error) {
	entries, err := v.Lake.Entries(ctx, s.Key(), time.Unix(0, 0).UTC(), v.Now().Add(day))
	if err != nil {
		return nil, fmt.Errorf("reading the ledger of %s: %w", s.Key(), err)
	}
	return entries, nil
}

// called makes the ledger row of a call. It returns err only when err ends the
// run; any other is noted and gone on without.
func (v *surveyor) called(operation string, rows int, usage cloudwatch.Usage, err error) error {
	s := &v.survey
	s.usage.Add(usage)
	s.operations[operation] += usage.Calls
	if hopeless(err) {
		return err
	}
	e := lake.Entry{
		Dataset: resourcesData, Subject: s.subject.Key(), Scope: operation, Source: sourceName, Rows: int64(rows),
		Calls: usage.Calls, Retries: usage.Retries, CostLow: usage.CostLow, CostHigh: usage.CostHigh,
		Status: lake.Complete, FetchedAt: v.Now(),
	}
	switch {
	case errors.Is(err, cloudwatch.ErrNotFound):
		e.Status, e.Reason = lake.Empty, err.Error()
	case err != nil:
		e.Status, e.Reason = outcome(err), err.Error()
		s.causes = append(s.causes, err)
	}
	for i := range s.calls { // several calls of one operation are one row
		if old := &s.calls[i]; old.Scope == operation {
			e.Rows += old.Rows
			e.Calls += old.Calls
			e.Retries += old.Retries
			e.CostLow += old.CostLow
			e.CostHigh += old.CostHigh
			if !sealed(old.Status) || sealed(e.Status) && old.Status == lake.Complete {
				e.Status, e.Reason = old.Status, old.Reason
			}
			*old = e
			return nil
		}
	}
	s.calls = append(s.calls, e)
	return nil
}

// list unites what ListMetrics lists with what the catalogue and the ledger
// know.
func (v *surveyor) list(ctx context.Context) error {
	s := &v.survey
	var listed []cloudwatch.Metric
	var usage cloudwatch.Usage
	var failure error
	all := s.listings()
	for _, l := range all {
		found, u, err := v.from.Metrics.List(ctx, l.namespace, l.dims)
		usage.Add(u)
		listed = append(listed, found...)
		if err != nil {
			failure = err
			break
		}
	}
	if len(all) > 0 {
		if fatal := v.called("ListMetrics", len(listed), usage, failure); fatal != nil {
			return fatal
		}
	}
	s.unite(listed)
	return nil
}

// owner finds the account where no answer told it. It is part of every row's
// identity, so the rows of a subject must bear it also when Describe is denied
// or the subject is gone.
func (v *surveyor) owner(ctx context.Context) error {
	s := &v.survey
	for _, g := range s.groups {
		if s.account == "" {
			s.account = g.account
		}
	}
	if s.account != "" {
		return nil
	}
	account, usage, err := v.from.Describe.Account(ctx)
	s.usage.Add(usage)
	s.operations["GetCallerIdentity"] += usage.Calls
	if hopeless(err) {
		return err
	}
	if err != nil {
		if account = s.accountOfLedger(); account == "" {
			v.Logger.Warn("the account is not known, rows will lack it", "error", err)
		}
	}
	s.account = account
	return nil
}

// silent says whether AWS answered nothing, not even with a refusal.
func (s *survey) silent() bool {
	return len(s.calls) > 0 && !slices.ContainsFunc(s.calls, func(e lake.Entry) bool { return e.Status != lake.Failed })
}

// nowhere says whether neither AWS nor the ledger told the account.
func (s *survey) nowhere() bool { return s.account == "" && s.silent() }

// accountOfLedger is the one account that the subject's rows of this region are
// of, for a run in which AWS answered nothing. Without it what fails now would
// stand in the ledger under another key than what is asked again later, and be
// there for ever. "" when something answered, or when there are several.
func (s *survey) accountOfLedger() string {
	if !s.silent() {
		return ""
	}
	var found string
	for _, e := range s.ledger {
		place, _, _ := strings.Cut(strings.TrimPrefix(e.Chunk, s.subject.Key()+" "), " ")
		account, region, _ := strings.Cut(place, "/")
		if account == "" || region != s.region || e.Source != sourceName {
			continue
		}
		if found != "" && found != account {
			return ""
		}
		found = account
	}
	return found
}

// exists says whether anything but the name itself speaks for the subject: for
// one that SageMaker does not know, its metrics or a log group of its own.
func (s *survey) exists() bool {
	if s.described {
		return s.subject.Variant == "" || slices.Contains(s.variants, s.subject.Variant)
	}
	return !s.missing || s.listed || slices.ContainsFunc(s.groups, func(g logGroup) bool {
		return g.exclusive() && !errors.Is(g.err, cloudwatch.ErrNotFound)
	})
}

// unknown is the error for a subject that nothing speaks for.
func (s *survey) unknown() error {
	return &UnknownError{Subject: s.subject, Region: s.region, Account: s.account, Variants: slices.Clone(s.variants)}
}
