// Package ingest pulls subjects from live accounts into a lake: it plans what
// to ask, asks, and writes what came.
//
// A pull of one subject goes through four stages. Describe tells what it is
// made of, and when a job ran. List unites the metrics that CloudWatch lists
// with those that the catalogue and the ledger know. Then come the metrics, one
// UTC day after the other, and the log events of the subject's groups. A stage
// that is denied or fails does not stop the next one. Several subjects are
// pulled at once, within the limits of the sources.
//
// What is asked for is cut into chunks: one publisher of metrics (a namespace
// and the values of a dimension set) or one log group, one period, one UTC day
// at most. Every chunk ends as one row of the ledger, whose status says whether
// all, some or none of it came; a metric that ends otherwise than the rest of
// its chunk has a row of its own. A chunk that is older than the settle time
// when it comes whole is sealed and never asked for again; anything else is,
// next time. So a pull can be interrupted, repeated and widened at will: the
// lake ends with the same rows.
//
// The period of a chunk is the finest that CloudWatch still has for its age:
// minutes for 15 days, five minutes for 63, hours for 455. Metrics that are
// published less often than each minute are asked for at their own period, and
// those that are published more often at both, as long as the fine points last,
// three hours.
//
// # Late log events
//
// CloudWatch Logs takes events up to 14 days after their time. A chunk of
// events is sealed by the first pull that reads it whole at least
// Options.LateLogs (an hour) after its end, and at least twice as long after it
// as the latest of its events took to arrive; until then every pull of the
// window reads it again, and events that the lake has are known by their id. So
// an event is in the lake after the next pull when it arrives before its chunk
// is sealed: at least an hour late, and more in groups where that is usual.
// Options.Refetch finds what came later still.
package ingest

import (
	"context"
	"errors"
	"slices"
	"sync"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// Summary is what a run did.
type Summary struct {
	Subjects []SubjectSummary `json:"subjects"`
	Usage    cloudwatch.Usage `json:"usage"`
}

// SubjectSummary is what a run did for one subject in one target.
type SubjectSummary struct {
	Subject       subject.Subject  `json:"subject"`
	Target        string           `json:"target,omitempty"` // its name
	Account       string           `json:"account"`
	Region        string           `json:"region"`
	Points        int64            `json:"points"`         // metric rows that came, over all series
	Events        int64            `json:"events"`         // log events that came
	PointsAdded   int64            `json:"points_added"`   // of them, rows that the lake did not have
	PointsChanged int64            `json:"points_changed"` // rows that the lake had otherwise
	EventsAdded   int64            `json:"events_added"`
	Requests      int64            `json:"requests"` // rows made of access-log lines among the events
	Chunks        int              `json:"chunks"`   // chunks asked for now
	Problems      []lake.Entry     `json:"problems"`
	Notes         []string         `json:"notes"` // what a user should know, one sentence each
	Usage         cloudwatch.Usage `json:"usage"`
}

// Empty says whether nothing came, though everything that was asked was
// answered.
func (s SubjectSummary) Empty() bool {
	return s.Chunks > 0 && s.Points == 0 && s.Events == 0 && len(s.Problems) == 0
}

// Run pulls every subject into the lake, from every target that knows it. It
// goes on after what fails, and then returns a *PartialError; a subject that no
// target knows is an *UnknownError. Errors of several subjects are joined. A
// cancelled context or a lake that cannot be written end the run, and credentials
// that AWS no longer accepts that of their target, which is a *TargetError when
// there are several; what is in the lake by then is whole. The summary is valid
// with any error, and has no subject of which nothing but an error came.
func Run(ctx context.Context, o Options) (Summary, error) {
	o, err := o.withDefaults()
	if err != nil {
		return Summary{}, err
	}
	pulls := abreast(ctx, o, func(ctx context.Context, t Target, s subject.Subject) (SubjectSummary, error) {
		return pullSubject(ctx, o, t, s)
	})
	var sum Summary
	errs := slices.Clone(o.broken)
	for _, ofSubject := range pulls {
		var unknown error
		known := false
		for k, p := range ofSubject {
			sum.Usage.Add(p.got.Usage)
			var nobody *UnknownError
			if errors.As(p.err, &nobody) {
				unknown = first(unknown, p.err)
				continue
			}
			if p.skipped {
				continue
			}
			known = true
			if began(p.got, p.err) {
				sum.Subjects = append(sum.Subjects, p.got)
			}
			if p.err != nil {
				errs = append(errs, o.named(p.err, k))
			}
		}
		if !known && unknown != nil {
			errs = append(errs, unknown)
		}
	}
	return sum, join(errs)
}

// began says whether there is more to tell of a pull than its error.
func began(s SubjectSummary, err error) bool {
	var partial *PartialError
	return err == nil || errors.As(err, &partial) || s.Chunks > 0
}

// named is err with the name of the target that it ended for, when there are
// others.
func (o Options) named(err error, target int) error {
	if len(o.Targets)+len(o.broken) < 2 || !refused(err) {
		return err
	}
	return &TargetError{Target: o.Targets[target].Name, Err: err}
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// join is errors.Join that leaves one error as it is.
func join(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// ended is how the work on one subject in one target ended.
type ended[T any] struct {
	got     T
	err     error
	skipped bool // an error elsewhere ended the run before or while it was at work
}

// abreast works on every subject in every target, some at a time and begun in
// their order. An error that ends the run stops the others, one that ends its
// target those of the same target.
func abreast[T any](ctx context.Context, o Options, do func(context.Context, Target, subject.Subject) (T, error)) [][]ended[T] {
	running, stop := context.WithCancel(ctx)
	defer stop()
	in, stops := make([]context.Context, len(o.Targets)), make([]context.CancelFunc, len(o.Targets))
	for k := range o.Targets {
		in[k], stops[k] = context.WithCancel(running)
		defer stops[k]()
	}
	out := make([][]ended[T], len(o.Subjects))
	slots := make(chan struct{}, o.Abreast)
	var workers sync.WaitGroup
	for i, s := range o.Subjects {
		out[i] = make([]ended[T], len(o.Targets))
		for k, t := range o.Targets {
			slots <- struct{}{}
			e := &out[i][k]
			if in[k].Err() != nil && (i > 0 || k > 0) {
				e.skipped = true
				<-slots
				continue
			}
			workers.Go(func() {
				defer func() { <-slots }()
				e.got, e.err = do(in[k], t, s)
				if !ending(e.err) {
					return
				}
				// Whoever is cancelled by another has no error of his own.
				e.skipped = in[k].Err() != nil && ctx.Err() == nil
				if refused(e.err) {
					stops[k]()
				} else if !e.skipped {
					stop()
				}
			})
		}
	}
	workers.Wait()
	return out
}

// ending says whether err ends the run: whatever is neither about one subject
// nor about one call.
func ending(err error) bool {
	if err == nil {
		return false
	}
	var partial *PartialError
	var unknown *UnknownError
	var window *WindowError
	apart := errors.As(err, &partial) || errors.As(err, &unknown) || errors.As(err, &window)
	return !apart || hopeless(err)
}
