package ingest

import (
	"context"

	"sizewise/ingest/lake"
)

// requestFeed hands requests to the lake while events are merged, so that a day
// of either is merged once however many there are.
type requestFeed struct {
	lake  Lake
	owner string // whose requests they are

	rows  chan []lake.Request // nil until there are any
	spent chan []lake.Request // memory to be used again
	done  chan struct{}       // closed when the lake takes no more
	count int64               // that the lake took
	err   error
}

// take hands over the requests of a batch. It reports false when the lake takes
// no more.
func (f *requestFeed) take(ctx context.Context, b *logBatch) bool {
	if len(b.requests) == 0 {
		return true
	}
	if f.rows == nil {
		f.start(ctx)
	}
	select {
	case f.rows <- b.requests:
	case <-f.done:
		return false
	}
	b.requests = nil
	select {
	case b.requests = <-f.spent:
	default:
	}
	return true
}

func (f *requestFeed) start(ctx context.Context) {
	f.rows, f.spent, f.done = make(chan []lake.Request), make(chan []lake.Request, 2), make(chan struct{})
	go func() {
		defer close(f.done)
		_, f.err = f.lake.MergeRequests(ctx, f.owner, f.batches)
	}()
}

func (f *requestFeed) batches(yield func([]lake.Request) bool) {
	for rows := range f.rows {
		f.count += int64(len(rows))
		if !yield(rows) {
			return
		}
		clear(rows) // lets go of their text
		select {
		case f.spent <- rows[:0]:
		default:
		}
	}
}

// end waits until what was taken is in the lake.
func (f *requestFeed) end() error {
	if f.rows == nil {
		return nil
	}
	close(f.rows)
	<-f.done
	return f.err
}
