package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// queryRows is how many rows a query may return. More are allowed, up to
	// mostRows, but then take more than one page: they are asked for only when
	// a single second has more.
	queryRows = 10_000
	mostRows  = 100_000
	// fill is the share of queryRows that a query is cut to, by the density of
	// the rows before it.
	fill = 0.7
	// farthest is as many seconds as any window has.
	farthest = 1 << 40
)

// queryEvents reads a group of class INFREQUENT_ACCESS, which only Insights
// queries can read. A query's window is in whole seconds, both ends included,
// and it returns the oldest rows first up to a limit. When it returns as many
// as the limit, the second of its last row may be cut: the rows before it are
// complete and kept, and the next query begins with that second, with a window
// that by the density so far stays below the limit. So every row that is paid
// for is used. A second that has more rows than a query can return leaves a gap,
// which is named.
func (c *Client) queryEvents(ctx context.Context, r LogRequest, page func(LogPage) error) (LogResult, error) {
	window := LogSlice{Start: time.UnixMilli(r.Start.UnixMilli()).UTC(), End: time.UnixMilli(r.End.UnixMilli()).UTC()}
	if !window.Start.Before(window.End) {
		return LogResult{}, nil
	}
	q := &querying{client: c, request: r, page: page, result: LogResult{Slices: 1}}
	err := q.run(ctx, window)
	q.result.say()
	return q.result, err
}

// querying is the state of one queryEvents.
type querying struct {
	client  *Client
	request LogRequest
	page    func(LogPage) error
	result  LogResult
}

// run reads the window. A window that begins or ends within a second keeps the
// milliseconds that are its own.
func (q *querying) run(ctx context.Context, w LogSlice) error {
	first, last := w.Start.Unix(), w.End.Add(-time.Millisecond).Unix()
	for from, to := first, last; from <= last; {
		limit := q.client.queryRows
		a, err := q.ask(ctx, from, to, limit)
		if err == nil && a.rows >= limit && a.last() == from {
			limit, to = q.client.mostRows, from
			a, err = q.ask(ctx, from, to, limit)
		}
		if timedOut(err) && to > from {
			to = from + (to-from)/2
			continue
		}
		if err != nil {
			return err
		}
		done, next := q.complete(a, from, to, limit)
		if err := q.deliver(w, done); err != nil {
			return err
		}
		to = min(last, next+q.reach(len(done), next-from)-1)
		from = next
	}
	return nil
}

// complete are the rows of seconds that the answer has all of, and the second
// to go on with.
func (q *querying) complete(a answer, from, to int64, limit int) (done []Event, next int64) {
	if a.rows < limit {
		return a.events, to + 1
	}
	cut := a.last()
	if cut <= from {
		q.result.Gaps = append(q.result.Gaps, LogGap{
			Start: time.Unix(from, 0).UTC(), End: time.Unix(from+1, 0).UTC(),
			Reason: fmt.Sprintf("a second has more than the %d events that an Insights query returns", limit),
		})
		return a.events, from + 1
	}
	n := slices.IndexFunc(a.events, func(e Event) bool { return secondOf(e) == cut })
	return a.events[:n], cut
}

// answer is what a query returned.
type answer struct {
	events []Event // ascending in time, each once
	rows   int     // more than events when a row came twice
}

// last is the second of the last row.
func (a answer) last() int64 {
	if len(a.events) == 0 {
		return 0
	}
	return secondOf(a.events[len(a.events)-1])
}

func secondOf(e Event) int64 { return e.TS / 1_000_000 }

// reach is how many seconds the next query covers when n rows came of the past
// seconds: as many as give fill of the limit.
func (q *querying) reach(n int, seconds int64) int64 {
	if n == 0 {
		return farthest
	}
	return max(1, int64(fill*float64(q.client.queryRows)*float64(seconds)/float64(n)))
}

// deliver hands over the events that are the window's and of the streams asked
// for, a page at a time.
func (q *querying) deliver(w LogSlice, events []Event) error {
	from, to := w.Start.UnixMicro(), w.End.UnixMicro()
	mine := slices.DeleteFunc(events, func(e Event) bool {
		return e.TS < from || e.TS >= to || !strings.HasPrefix(e.Stream, q.request.StreamPrefix)
	})
	for chunk := range slices.Chunk(mine, q.client.queryRows) {
		if err := q.page(LogPage{Events: chunk}); err != nil {
			return err
		}
		q.result.Events += int64(len(chunk))
	}
	return nil
}

// text is the query. It names every field that an event is made of.
func (q *querying) text(limit int) string {
	text := "fields @timestamp, @message, @logStream, @ingestionTime"
	if q.request.StreamPrefix != "" {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(q.request.StreamPrefix), "/", `\/`)
		text += " | filter @logStream like /^" + pattern + "/"
	}
	return text + fmt.Sprintf(" | sort @timestamp asc | limit %d", limit)
}

// ask runs one query over the seconds from to to, both included, and returns
// its rows ascending in time.
func (q *querying) ask(ctx context.Context, from, to int64, limit int) (answer, error) {
	run := &queryRun{client: q.client, usage: &q.result.Usage}
	if err := run.start(ctx, q.request.Group, q.text(limit), from, to, limit); beforeTheGroup(err) {
		return answer{}, nil
	} else if err != nil {
		return answer{}, err
	}
	rows, err := run.wait(ctx)
	if err != nil {
		return answer{}, err
	}
	events, err := eventsFromRows(rows)
	if err != nil {
		return answer{}, fmt.Errorf("query %s: %w", aws.ToString(run.id), err)
	}
	return answer{events, len(rows)}, nil
}

// beforeTheGroup says that err refuses a window that ends before the group
// began, or before what it keeps: it has no events.
func beforeTheGroup(err error) bool {
	var malformed *types.MalformedQueryException
	return errors.As(err, &malformed) && strings.Contains(malformed.ErrorMessage(), "creation time")
}
