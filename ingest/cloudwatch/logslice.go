package cloudwatch

import (
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// minPagesPerPiece is how many pages a piece must have, by what the slice
	// has shown so far, to be worth reading by another worker: parting costs
	// about one page, the one that runs over the new end.
	minPagesPerPiece = 4
	// blindPages is after how many pages a slice counts as a long one however
	// little came of it: the pages of one job in a busy group can all be empty.
	blindPages = 3
	// fullEvents and fullBytes make a page one that is dense with events, while
	// one that ends early for the service's own reasons says little.
	fullEvents = 2000
	fullBytes  = 512 << 10
	// longRun is from how many events of one millisecond on a map finds those
	// that came twice faster than looking does.
	longRun = 32
	// maxRestarts is how often in a row a listing begins anew without having
	// got anywhere in between.
	maxRestarts = 5
)

// logSlice is one slice of a sweep: its pages are read one after the other.
// Times are milliseconds since the epoch.
type logSlice struct {
	sweep  *sweep
	number int
	begin  int64 // inclusive
	end    int64 // exclusive; comes closer when the slice is parted
	last   int64 // newest event seen, or begin

	pages    int // since begin
	empty    int // pages without an event since the last one with
	repeats  int // of the token
	restarts int // since the last progress
	narrowed bool
	full     bool  // the last page was dense
	stopped  bool  // the token did not move on
	recent   []key // of the page before, and of all events at last
	usage    Usage
}

// key names an event.
type key struct {
	ts int64 // microseconds
	id string
}

func (l *logSlice) run(ctx context.Context) error {
	in := l.input()
	for {
		page, err := l.sweep.client.filterPage(ctx, in, &l.usage)
		if err != nil {
			if l.restart(in, err) {
				in = l.input()
				continue
			}
			return wrap("FilterLogEvents", err)
		}
		l.pages++
		over, err := l.deliver(page.events)
		if err != nil || over || page.token == "" {
			return err
		}
		switch {
		case page.token != aws.ToString(in.NextToken):
			l.repeats = 0
		case l.repeats == maxRepeats:
			l.stopped = true
			return nil
		default:
			l.repeats++
		}
		in.NextToken = aws.String(page.token)
		if l.narrowed && l.empty > 0 {
			// The token leads on to the old end, through nobody knows how many
			// empty pages that are no longer this slice's.
			in = l.input()
		}
		l.part()
	}
}

// input asks for what is left of the slice, from its newest event on.
func (l *logSlice) input() *cloudwatchlogs.FilterLogEventsInput {
	l.narrowed = false
	in := &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(l.sweep.request.Group),
		StartTime:    aws.Int64(l.last),
		// The service includes the end, the slice does not.
		EndTime: aws.Int64(l.end - 1),
	}
	if p := l.sweep.request.StreamPrefix; p != "" {
		in.LogStreamNamePrefix = aws.String(p)
	}
	return in
}

// deliver hands over the events of a page that are this slice's and new. over
// says that the page went beyond the slice's end, so that nothing is left.
func (l *logSlice) deliver(events []Event) (over bool, err error) {
	if len(events) == 0 {
		l.empty++
		l.full = false
		return false, nil
	}
	events = inOrder(events)
	n := sort.Search(len(events), func(i int) bool { return events[i].TS >= l.end*1000 })
	over = n < len(events)
	fresh := l.unseen(once(events[:n]))
	if len(fresh) == 0 {
		return over, nil
	}
	l.empty, l.restarts = 0, 0
	l.full = len(fresh) >= fullEvents || messageBytes(fresh) >= fullBytes
	l.remember(fresh)
	return over, l.sweep.deliver(LogPage{Slice: l.number, Events: fresh})
}

func messageBytes(events []Event) (n int) {
	for i := range events {
		n += len(events[i].Message)
	}
	return n
}

// inOrder is events ascending in time, which the service says they are.
func inOrder(events []Event) []Event {
	byTime := func(a, b Event) int { return int(a.TS - b.TS) }
	if !slices.IsSortedFunc(events, byTime) {
		slices.SortStableFunc(events, byTime)
	}
	return events
}

// once leaves out events that stand on a page twice. They have the same time, so
// only events of the same millisecond are compared.
func once(events []Event) []Event {
	kept, run := events[:0], 0
	var ids map[string]bool // of a long run
	for _, e := range events {
		if len(kept) > 0 && kept[len(kept)-1].TS != e.TS {
			run, ids = len(kept), nil
		}
		if len(kept)-run == longRun && ids == nil {
			ids = make(map[string]bool)
			for _, k := range kept[run:] {
				ids[k.ID] = true
			}
		}
		if e.ID != "" && (ids[e.ID] || ids == nil && slices.ContainsFunc(kept[run:], func(k Event) bool { return k.ID == e.ID })) {
			continue
		}
		if ids != nil {
			ids[e.ID] = true
		}
		kept = append(kept, e)
	}
	return kept
}

// unseen leaves out what came before: the service has been seen to repeat a
// page, and a restart asks for the newest millisecond again.
func (l *logSlice) unseen(events []Event) []Event {
	if len(events) == 0 || len(l.recent) == 0 || events[0].TS > l.recent[len(l.recent)-1].ts {
		return events
	}
	seen := make(map[string]bool)
	for _, k := range l.recent {
		if k.ts >= events[0].TS {
			seen[k.id] = true
		}
	}
	return slices.DeleteFunc(events, func(e Event) bool { return e.ID != "" && seen[e.ID] })
}

// remember keeps what the next page may repeat.
func (l *logSlice) remember(events []Event) {
	l.last = max(l.last, events[len(events)-1].TS/1000)
	kept := l.recent[:0]
	for _, k := range l.recent {
		if k.ts/1000 == l.last {
			kept = append(kept, k)
		}
	}
	for _, e := range events {
		kept = append(kept, key{e.TS, e.ID})
	}
	clear(kept[len(kept):cap(kept)])
	l.recent = kept
}

// part gives the far end of the slice to workers without work when what has
// come so far says that there is much of it.
func (l *logSlice) part() {
	if l.repeats > 0 || l.pages < blindPages && !l.full {
		return
	}
	var pages float64
	switch done := l.last - l.begin; {
	case l.empty >= blindPages:
		pages = 2 * minPagesPerPiece
	case done > 0:
		pages = float64(l.pages) * float64(l.end-l.last) / float64(done)
	}
	// An event of the newest millisecond may still come: the cut is behind it.
	if end := l.sweep.part(l.last+1, l.end, pages); end != l.end {
		l.end, l.narrowed = end, true
	}
}

// restart says whether to begin anew at the newest event seen, since err says
// that the token is no longer good.
func (l *logSlice) restart(in *cloudwatchlogs.FilterLogEventsInput, err error) bool {
	var invalid *types.InvalidParameterException
	if in.NextToken == nil || !errors.As(err, &invalid) || l.restarts == maxRestarts {
		return false
	}
	l.restarts++
	l.sweep.client.log.Debug("page token refused, starting again at the newest event", "error", oneLine(err.Error()))
	return true
}
