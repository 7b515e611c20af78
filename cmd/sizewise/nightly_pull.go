package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// nightReach is how far back a night asks for what is still missing: CloudWatch
// keeps minutes for fifteen days.
const nightReach = 14 * 24 * time.Hour

// pulled is how the pull of one subject ended.
type pulled struct {
	asked    bool
	problems int
	first    string // what the first problem was
	err      error  // unknown, or worse
}

// targets are the clients of the configuration's accounts and regions.
func (n *night) targets(ctx context.Context) ([]ingest.Target, error) {
	var all []cloudwatch.Options
	a := n.app
	profile, region := a.common.profile, a.common.region
	for _, t := range n.config.Targets {
		a.common.profile, a.common.region = cmp.Or(t.Profile, profile), cmp.Or(t.Region, region)
		flags := targetFlags{roles: t.Roles}
		if t.ExternalID != "" {
			flags.externalIDs = append(make([]string, len(t.Roles)-1), t.ExternalID)
		}
		clients, err := a.clients(flags)
		if err != nil {
			return nil, err
		}
		all = append(all, clients...)
	}
	a.common.profile, a.common.region = profile, ""
	for i := range all {
		all[i].MaxAttempts, all[i].Patience, all[i].Elapsed = n.config.Attempts, n.config.Silence, n.wall
	}
	return connect(ctx, all)
}

// pull asks for what the lake does not have of every subject, those first that
// have waited longest. It stops when the night's money or time is used up, or
// when CloudWatch answers nobody; whatever is left, the next night asks for.
func (n *night) pull(ctx context.Context, l *lake.Lake, targets []ingest.Target, all []watched) error {
	waiting, err := n.queue(ctx, l, all)
	if err != nil {
		return err
	}
	if n.config.MaxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, n.config.MaxTime)
		defer cancel()
	}
	p := newProgress(n.app.con, n.app.common.quiet)
	defer p.clear()
	total := len(waiting)
	for len(waiting) > 0 {
		size := n.afford(len(waiting))
		if size == 0 {
			n.stopped = fmt.Sprintf("max_cost of %g USD is used up (%s so far)", n.config.MaxCost, costText(n.usage.CostLow, n.usage.CostHigh))
			break
		}
		// A run has one window.
		if k := slices.IndexFunc(waiting[:size], func(w *waits) bool { return !w.from.Equal(waiting[0].from) }); k > 0 {
			size = k
		}
		if err := n.batch(ctx, l, targets, waiting[:size]); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				n.stopped = fmt.Sprintf("max_time of %s is used up", n.config.MaxTime)
				break
			}
			return err
		}
		answered := slices.ContainsFunc(waiting[:size], func(w *waits) bool { return !n.pulls[w.subject.String()].dead() })
		waiting = waiting[size:]
		p.stage("nightly: pulled", int64(total-len(waiting)), int64(total), "subjects")
		if !answered && len(waiting) > 0 && size > 1 {
			n.stopped = "CloudWatch answered for none of " + count(size, "subject") + " in a row"
			break
		}
	}
	return nil
}

// dead says whether nothing came at all.
func (p pulled) dead() bool { return p.problems > 0 && p.err != nil }

// waits is a subject with its window's start.
type waits struct {
	watched
	from time.Time // start of the window; zero for a job
	last time.Time // end of what is there
}

// queue orders the subjects. Jobs that are over and whose data is all there
// are not asked about again, nor are those that only the lake tells of and that
// have nothing open: what was pulled of a job that still ran is never final.
func (n *night) queue(ctx context.Context, l *lake.Lake, all []watched) ([]*waits, error) {
	oldest := n.end.Add(-nightReach)
	if n.config.KeepLake > 0 {
		if kept := n.keptFrom(); kept.After(oldest) {
			oldest = kept
		}
	}
	backfill := n.end.Add(-time.Duration(n.config.Backfill) * 24 * time.Hour)
	var out []*waits
	for _, w := range all {
		entries, err := l.Entries(ctx, w.subject.Key(), oldest.Add(-24*time.Hour), n.end)
		if err != nil {
			return nil, fmt.Errorf("reading the ledger of %s: %w", w.subject, err)
		}
		one, open := ofLedger(w, backfill, entries)
		if one.from.Before(oldest) && oldest.Before(n.end) {
			one.from = oldest
		}
		if w.subject.Kind.Job() {
			one.from = time.Time{} // its own, which Describe tells
			if !open && (w.ofLake || !w.ended.IsZero() && !one.last.Before(w.ended)) {
				n.pulls[w.subject.String()] = pulled{asked: true}
				continue
			}
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b *waits) int {
		return cmp.Or(a.last.Compare(b.last), a.from.Compare(b.from))
	})
	return out, nil
}

// ofLedger is the subject with what the ledger says is there of it, and whether any of
// that is still open.
func ofLedger(w watched, backfill time.Time, entries []lake.Entry) (one *waits, open bool) {
	one = &waits{watched: w, from: backfill}
	for _, e := range entries {
		done := e.Status == lake.Complete || e.Status == lake.Empty
		open = open || !done
		if e.Dataset != "metrics" || e.Start.IsZero() {
			continue
		}
		if e.Start.Before(one.from) {
			one.from = e.Start
		}
		if done && e.End.After(one.last) {
			one.last = e.End
		}
	}
	return one, open
}

// afford is how many subjects the money left is enough for, by the dearest so
// far.
func (n *night) afford(waiting int) int {
	const abreast = 8
	size := min(abreast, waiting)
	if n.config.MaxCost == 0 {
		return size
	}
	left := n.config.MaxCost - n.usage.CostHigh
	switch {
	case left <= 0 || left < n.dearest:
		return 0
	case n.dearest == 0 && len(n.pulls) == 0:
		return 1 // nothing to go by yet
	case n.dearest > 0:
		return min(size, int(math.Floor(left/n.dearest)))
	}
	return size
}

// batch pulls some subjects of one window at once.
func (n *night) batch(ctx context.Context, l *lake.Lake, targets []ingest.Target, some []*waits) error {
	o := ingest.Options{
		Start: some[0].from, End: n.end, Targets: targets, Lake: l,
		Now: n.app.con.now, Logger: n.app.logger(),
	}
	if o.Start.IsZero() {
		o.End = time.Time{}
	}
	for _, w := range some {
		o.Subjects = append(o.Subjects, w.subject)
	}
	sum, err := ingest.Run(ctx, o)
	n.usage.Add(sum.Usage)
	for _, w := range some {
		n.pulls[w.subject.String()] = pulled{asked: true}
	}
	for _, s := range sum.Subjects {
		p := n.pulls[s.Subject.String()]
		p.problems += len(s.Problems)
		if p.first == "" && len(s.Problems) > 0 {
			p.first = fmt.Sprintf("%s %s %s: %s", s.Problems[0].Dataset, s.Problems[0].Scope, s.Problems[0].Status, oneLine(s.Problems[0].Reason))
		}
		silent := func(e lake.Entry) bool { return e.Dataset == "metrics" && e.Status != lake.Partial }
		if s.Points == 0 && slices.ContainsFunc(s.Problems, silent) {
			p.err = errors.New(p.first)
		}
		n.pulls[s.Subject.String()] = p
		n.dearest = max(n.dearest, s.Usage.CostHigh)
		n.points += s.PointsAdded
		n.events += s.EventsAdded
	}
	if ctx.Err() != nil {
		for _, w := range some {
			delete(n.pulls, w.subject.String()) // cut off: not done
		}
		return ctx.Err()
	}
	return n.sortOut(err)
}

// refusedBy says whether AWS takes the credentials no longer.
func refusedBy(err error) bool {
	return errors.Is(err, cloudwatch.ErrExpired) || errors.Is(err, cloudwatch.ErrRejected) || errors.Is(err, cloudwatch.ErrNoCredentials)
}

// sortOut leaves the errors that are about single subjects to the night's end.
func (n *night) sortOut(err error) error {
	if err == nil {
		return nil
	}
	list := []error{err}
	if _, one := err.(*ingest.PartialError); !one { //nolint:errorlint // its causes are not errors of other subjects
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			list = many.Unwrap()
		}
	}
	var fatal []error
	for _, e := range list {
		var unknown *ingest.UnknownError
		var partial *ingest.PartialError
		var target *ingest.TargetError
		switch {
		case errors.As(e, &unknown):
			key := unknown.Subject.String()
			n.pulls[key] = pulled{asked: true, err: e}
		case errors.As(e, &partial):
		case errors.As(e, &target), refusedBy(e):
			n.broken = append(n.broken, oneLine(e.Error()))
		default:
			fatal = append(fatal, e)
		}
	}
	return errors.Join(fatal...)
}
