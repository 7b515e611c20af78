package ingest

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"sizewise/ingest/subject"
)

// Target is one account and region to ask.
type Target struct {
	Name     string // for messages and summaries, for example a profile; may be empty
	Region   string // for messages, and for rows when no answer tells it
	Metrics  MetricSource
	Logs     LogSource
	Describe Describer
	// Err is why the target cannot be asked, nil when it can. The others are,
	// and the run ends with a *TargetError for it.
	Err error
}

// Options of Run and NewPlan.
type Options struct {
	Subjects []subject.Subject
	// Start and End are the window, half-open. Both zero takes the window of
	// each subject from Describe, which jobs have and nothing else has.
	Start, End time.Time

	// Targets are asked for every subject; it is pulled from each that knows
	// it, and unknown only when none does. Without targets there is the one
	// that the next four fields make.
	Targets  []Target
	Metrics  MetricSource
	Logs     LogSource
	Describe Describer
	Region   string

	Lake Lake // NewPlan takes nil for a lake that is not there yet

	// Settle is how old metrics must be before they are taken for final:
	// younger points are kept, marked provisional and asked for again. Periods
	// longer than a minute wait for one period more. 0 means 10 min.
	Settle time.Duration
	// LateLogs is how long after their time log events are expected to arrive:
	// younger chunks of events are asked for again. 0 means an hour; a chunk
	// whose events were seen to arrive later waits for twice that.
	LateLogs time.Duration
	// Refetch asks for everything again, also what the ledger has complete.
	Refetch bool
	// NoRedact keeps secrets in log text as they are.
	NoRedact bool
	// Parallel is how many metric calls of one subject may be under way at
	// once. 0 means 4.
	Parallel int
	// Abreast is how many subjects are pulled at once. 0 means 8.
	Abreast int

	Now    func() time.Time // required
	Logger *slog.Logger     // a line for each stage and each chunk; nil discards
	Events func(Event)      // progress, one call at a time; nil is silent

	broken []error // of targets that cannot be asked
}

// Event is progress, enough for one status line.
type Event struct {
	Stage       Stage
	Subject     string // kind/name
	Done, Total int64  // in Unit; Total 0 is not known
	Unit        string // calls, chunks, events
	Note        string // what is under way, for example 2026-11-20; may be empty
}

// Stage is a part of a pull.
type Stage string

// The stages, in their order.
const (
	StageDescribe Stage = "describe"
	StageList     Stage = "list"
	StageMetrics  Stage = "metrics"
	StageLogs     Stage = "logs"
	StageDone     Stage = "done"
)

const (
	defaultSettle   = 10 * time.Minute
	defaultLateLogs = time.Hour
	defaultParallel = 4
	defaultAbreast  = 8
)

func (o Options) withDefaults() (Options, error) {
	if len(o.Targets) == 0 {
		o.Targets = []Target{{Region: o.Region, Metrics: o.Metrics, Logs: o.Logs, Describe: o.Describe}}
	}
	if o.Now == nil {
		return o, errors.New("ingest: Now is required")
	}
	if err := o.sortOut(); err != nil {
		return o, err
	}
	for _, t := range o.Targets {
		if t.Metrics == nil || t.Logs == nil || t.Describe == nil {
			return o, errors.New("ingest: Metrics, Logs and Describe of a target are required")
		}
	}
	if len(o.Subjects) == 0 {
		return o, errors.New("nothing to pull: name at least one subject, for example endpoint/my-endpoint")
	}
	if err := o.checkWindow(); err != nil {
		return o, err
	}
	o.fill()
	return o, nil
}

// sortOut leaves out the targets that cannot be asked, and subjects that are
// named again. The error is that no target is left.
func (o *Options) sortOut() error {
	var targets []Target
	for _, t := range o.Targets {
		if t.Err == nil {
			targets = append(targets, t)
			continue
		}
		o.broken = append(o.broken, &TargetError{Target: t.Name, Err: t.Err})
	}
	o.Targets = targets
	var subjects []subject.Subject
	for _, s := range o.Subjects {
		if !slices.Contains(subjects, s) {
			subjects = append(subjects, s)
		}
	}
	o.Subjects = subjects
	if len(targets) == 0 {
		return join(o.broken)
	}
	return nil
}

func (o *Options) checkWindow() error {
	if o.Start.IsZero() && o.End.IsZero() {
		for _, s := range o.Subjects {
			if !s.Kind.Job() {
				return fmt.Errorf("%s needs a window: SageMaker tells that of jobs only", s)
			}
		}
		return nil
	}
	o.Start, o.End = o.Start.UTC(), o.End.UTC()
	return checkSpan(span{o.Start, o.End}, o.Now())
}

// checkSpan says whether w can be asked for.
func checkSpan(w span, now time.Time) error {
	if w.empty() {
		return fmt.Errorf("empty window: it starts at %s and ends at %s", stamp(w.start), stamp(w.end))
	}
	if !w.start.Before(now) {
		return fmt.Errorf("the window starts in the future, at %s", stamp(w.start))
	}
	return nil
}

// fill sets what was left zero.
func (o *Options) fill() {
	if o.Settle == 0 {
		o.Settle = defaultSettle
	}
	if o.LateLogs == 0 {
		o.LateLogs = defaultLateLogs
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Abreast <= 0 {
		o.Abreast = defaultAbreast
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	tell := o.Events
	o.Events = func(Event) {}
	if tell != nil {
		var one sync.Mutex
		o.Events = func(e Event) {
			one.Lock()
			defer one.Unlock()
			tell(e)
		}
	}
	if o.Lake == nil {
		o.Lake = noLake{}
	}
}

// stamp prints a time the way ledger keys and messages show it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
