package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Options of Run and NewPlan.
type Options struct {
	Subjects   []subject.Subject
	Start, End time.Time // the window, half-open

	Metrics  MetricSource
	Logs     LogSource
	Describe Describer
	Lake     Lake   // NewPlan takes nil for a lake that is not there yet
	Region   string // for messages, and for rows when Describe cannot tell

	// Settle is how old data must be before it is taken for final: younger
	// data are kept, marked provisional and asked for again. 0 means 10 min.
	Settle time.Duration
	// Refetch asks for everything again, also what the ledger has complete.
	Refetch bool
	// NoRedact keeps secrets in log text as they are.
	NoRedact bool
	// Parallel is how many metric calls may be under way at once. 0 means 4.
	Parallel int

	Now    func() time.Time // required
	Logger *slog.Logger     // nil discards
	Events func(Event)      // progress, from one goroutine; nil is silent
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
	defaultParallel = 4
)

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Now == nil || o.Metrics == nil || o.Logs == nil || o.Describe == nil:
		return o, errors.New("ingest: Now, Metrics, Logs and Describe are required")
	case len(o.Subjects) == 0:
		return o, errors.New("nothing to pull: name at least one subject, for example endpoint/my-endpoint")
	case !o.Start.Before(o.End):
		return o, fmt.Errorf("empty window: it starts at %s and ends at %s", stamp(o.Start), stamp(o.End))
	case !o.Start.Before(o.Now()):
		return o, fmt.Errorf("the window starts in the future, at %s", stamp(o.Start))
	}
	o.Start, o.End = o.Start.UTC(), o.End.UTC()
	if o.Settle == 0 {
		o.Settle = defaultSettle
	}
	if o.Parallel <= 0 {
		o.Parallel = defaultParallel
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Events == nil {
		o.Events = func(Event) {}
	}
	if o.Lake == nil {
		o.Lake = noLake{}
	}
	return o, nil
}

// noLake is a lake without rows, for planning.
type noLake struct{}

var errNoLake = errors.New("ingest: no lake to write to")

// PutMetrics answers errNoLake.
func (noLake) PutMetrics(context.Context, string, []lake.SeriesPoints) (added, changed int64, err error) {
	return 0, 0, errNoLake
}

// PutLogs answers errNoLake.
func (noLake) PutLogs(context.Context, string, []lake.Log) (int64, error) { return 0, errNoLake }

// PutResources answers errNoLake.
func (noLake) PutResources(context.Context, string, []lake.Resource) error { return errNoLake }

// Record answers errNoLake.
func (noLake) Record(context.Context, ...lake.Entry) error { return errNoLake }

// Entries answers that nothing was asked for yet.
func (noLake) Entries(context.Context, string, time.Time, time.Time) ([]lake.Entry, error) {
	return nil, nil
}

// stamp prints a time the way ledger keys and messages show it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
