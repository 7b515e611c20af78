package cloudwatch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Events hands the group's events to page, from one goroutine at a time. Every
// event of the window comes, and none twice within a page; after a restart (see
// the package comment) a few can come again, their IDs tell. At most one page a
// worker is held while page runs. An error of page ends the listing and is
// returned as it is; what came before any error has been handed over.
func (c *Client) Events(ctx context.Context, r LogRequest, page func(LogPage) error) (LogResult, error) {
	if r.Class == string(types.LogGroupClassInfrequentAccess) {
		return c.queryEvents(ctx, r, page)
	}
	parts := LogSlices(r.Start, r.End)
	if len(parts) == 0 {
		return LogResult{}, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &sweep{client: c, request: r, page: page, cancel: cancel}
	s.wake = sync.NewCond(&s.mu)
	for _, p := range parts {
		s.add(p.Start.UnixMilli(), p.End.UnixMilli())
	}
	stop := context.AfterFunc(ctx, s.wake.Broadcast)
	defer stop()
	var workers sync.WaitGroup
	for range c.logWorkers {
		workers.Go(func() { s.work(ctx) })
	}
	workers.Wait()
	slices.SortFunc(s.result.Gaps, func(a, b LogGap) int { return a.Start.Compare(b.Start) })
	s.result.Slices = s.slices
	s.result.say()
	if s.err == nil {
		s.err = wrap("FilterLogEvents", ctx.Err())
	}
	return s.result, s.err
}

// sweep is the reading of one window by several workers, each of them slice by
// slice. A worker that has nothing to do makes another one part with what it
// has not read yet.
type sweep struct {
	client  *Client
	request LogRequest
	cancel  context.CancelFunc

	out  sync.Mutex // held while page runs
	page func(LogPage) error

	mu     sync.Mutex // guards what follows
	wake   *sync.Cond
	queue  []*logSlice
	busy   int // workers with a slice
	idle   int // workers without
	slices int
	result LogResult
	err    error
}

// add puts a slice into the queue; s.mu must be held once workers run.
func (s *sweep) add(from, to int64) {
	s.queue = append(s.queue, &logSlice{sweep: s, number: s.slices, begin: from, end: to, last: from})
	s.slices++
	s.wake.Signal()
}

func (s *sweep) work(ctx context.Context) {
	for {
		slice := s.take(ctx)
		if slice == nil {
			return
		}
		err := slice.run(ctx)
		s.finish(slice, err)
	}
}

// take waits for a slice; nil when there will be none.
func (s *sweep) take(ctx context.Context) *logSlice {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 {
		if s.busy == 0 || ctx.Err() != nil {
			s.wake.Broadcast()
			return nil
		}
		s.idle++
		s.wake.Wait()
		s.idle--
	}
	if ctx.Err() != nil {
		return nil
	}
	slice := s.queue[0]
	s.queue = s.queue[1:]
	s.busy++
	return slice
}

func (s *sweep) finish(slice *logSlice, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	s.result.Usage.Add(slice.usage)
	if slice.stopped {
		s.result.Gaps = append(s.result.Gaps, LogGap{
			Start: time.UnixMilli(slice.last).UTC(), End: time.UnixMilli(slice.end).UTC(), Reason: errRepeated.Error(),
		})
	}
	// What the others say once they were cancelled is not the cause.
	if err != nil && (s.err == nil || errors.Is(s.err, context.Canceled)) {
		s.err = err
		s.cancel()
	}
	if s.busy == 0 && len(s.queue) == 0 || s.err != nil {
		s.wake.Broadcast()
	}
}

// deliver hands a page over.
func (s *sweep) deliver(p LogPage) error {
	s.out.Lock()
	defer s.out.Unlock()
	if err := s.page(p); err != nil {
		return err
	}
	s.result.Events += int64(len(p.Events))
	return nil
}

// part takes the rest of a slice, from last to end with about pages pages, into
// as many pieces as there are workers without work, and returns the end of the
// first piece, which the asker keeps. It returns end when there is no need.
func (s *sweep) part(last, end int64, pages float64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	pieces := min(int64(s.idle-len(s.queue)+1), int64(pages/minPagesPerPiece), end-last)
	if pieces < 2 {
		return end
	}
	edge := func(i int64) int64 { return last + (end-last)/pieces*i + (end-last)%pieces*i/pieces }
	for i := int64(1); i < pieces; i++ {
		s.add(edge(i), edge(i+1))
	}
	return edge(1)
}
