package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// longestLate is how late CloudWatch Logs takes events at most. Source:
// PutLogEvents API reference.
const longestLate = 14 * day

// logs pulls the subject's log groups chunk by chunk.
func (p *pull) logs(ctx context.Context) error {
	var chunks []chunk
	for _, g := range p.survey.groups {
		chunks = append(chunks, p.schedule.of(g).logs(g)...)
	}
	p.count(func(s *SubjectSummary) { s.Chunks += len(chunks) })
	p.begins(StageLogs, len(chunks))
	stops := make(map[string]error) // by group: what every further call would meet
	for _, g := range p.survey.groups {
		if stops[g.name] = g.err; errors.Is(g.err, cloudwatch.ErrUnsupported) {
			p.cause(g.err)
		}
	}
	for i, c := range chunks {
		l := newLogPull(p, c, i, len(chunks))
		stop := stops[c.group.name]
		if stop == nil {
			if stop = l.run(ctx); l.writeErr != nil {
				return l.writeErr
			}
			if cancelled(stop) {
				return stop
			}
			if stop != nil {
				p.cause(stop)
			}
			if sticky(stop) || errors.Is(stop, cloudwatch.ErrNotFound) || errors.Is(stop, cloudwatch.ErrUnsupported) {
				stops[c.group.name] = stop
			}
		}
		if err := p.record(ctx, l.entry(stop)); err != nil {
			return err
		}
	}
	return nil
}

// logOutcome is the status of a chunk whose group gave err. A group that does
// not exist holds no events, and that is an answer.
func logOutcome(err error) (lake.Status, string) {
	if errors.Is(err, cloudwatch.ErrNotFound) {
		return lake.Empty, err.Error()
	}
	return outcome(err), err.Error()
}

// logPull is the pull of one chunk of log events. One goroutine reads pages and
// parses them, another merges them into the lake: what is held is two batches.
type logPull struct {
	*pull
	chunk    chunk
	done     int64 // chunks before this one
	total    int64
	reader   *logReader
	result   cloudwatch.LogResult
	writeErr error
}

func newLogPull(p *pull, c chunk, done, total int) *logPull {
	return &logPull{pull: p, chunk: c, done: int64(done), total: int64(total), reader: &logReader{
		group: c.group, account: p.survey.account, region: p.survey.region,
		subject: c.group.owner.Key(), redact: !p.NoRedact,
	}}
}

// run reads and writes the chunk. The error is that of reading; one of writing
// is in writeErr.
func (l *logPull) run(ctx context.Context) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	feed, free := make(chan *logBatch), make(chan *logBatch, 2)
	var readErr error
	l.report()
	go func() {
		defer close(feed)
		l.result, readErr = l.from.Logs.Events(reading, l.request(), func(page cloudwatch.LogPage) error {
			b := l.reader.batch(page, free)
			l.report()
			if len(b.logs) == 0 {
				return nil
			}
			select {
			case feed <- b:
				return nil
			case <-reading.Done():
				return reading.Err()
			}
		})
	}()
	l.writeErr = l.write(ctx, feed, free)
	stop()
	for range feed { // until the reader has ended
	}
	l.count(func(s *SubjectSummary) {
		s.Usage.Add(l.result.Usage)
		s.Events += l.reader.events
	})
	if l.writeErr != nil && cancelled(l.writeErr) && ctx.Err() != nil {
		l.writeErr = nil
		return ctx.Err()
	}
	return readErr
}

func (l *logPull) request() cloudwatch.LogRequest {
	return cloudwatch.LogRequest{
		Group: l.chunk.group.name, StreamPrefix: l.chunk.group.prefix, Class: l.chunk.group.class,
		Start: l.chunk.window.start, End: l.chunk.window.end,
	}
}

func (l *logPull) report() {
	l.Events(Event{
		Stage: StageLogs, Subject: l.survey.subject.Key(), Done: l.done, Total: l.total, Unit: "chunks",
		Note: fmt.Sprintf("%s, %d events", stamp(l.chunk.window.start)[:len("2006-01-02")], l.reader.events),
	})
}

const (
	// aheadEvents and aheadBytes bound what is read before the lake is asked to
	// merge. While it merges nobody else writes, so a small chunk is not begun
	// before it is there.
	aheadEvents = 40_000
	aheadBytes  = 16 << 20
)

// write merges what comes over feed, and beside the events the requests that
// lines of an access log are.
func (l *logPull) write(ctx context.Context, feed <-chan *logBatch, free chan<- *logBatch) error {
	q := &logQueue{feed: feed, free: free}
	q.readAhead()
	if len(q.ahead) == 0 {
		return nil
	}
	if err := l.prove(ctx); err != nil {
		return err
	}
	requests := &requestFeed{lake: l.Lake, owner: l.chunk.group.owner.Key()}
	added, err := l.Lake.MergeLogs(ctx, l.chunk.group.name, func(yield func([]lake.Log) bool) {
		for b := q.next(); b != nil; b = q.next() {
			if !requests.take(ctx, b) || !yield(b.logs) {
				return
			}
			q.done(b)
		}
	})
	requestErr := requests.end()
	l.count(func(s *SubjectSummary) {
		s.EventsAdded += added
		s.Requests += requests.count
	})
	if err != nil {
		return fmt.Errorf("writing log events: %w", err)
	}
	if requestErr != nil {
		return fmt.Errorf("writing requests of the access log: %w", requestErr)
	}
	return nil
}

// entry is the ledger row of the chunk, err why it did not come whole.
func (l *logPull) entry(err error) lake.Entry {
	e := l.pull.entry(l.chunk)
	e.Subject = l.chunk.group.owner.Key()
	e.Rows = l.reader.events
	took(&e, l.result.Usage)
	switch {
	case err != nil:
		e.Status, e.Reason = logOutcome(err)
	case l.result.Stopped != "":
		e.Status, e.Reason = lake.Failed, l.result.Stopped
	case e.Rows == 0:
		e.Status = lake.Empty
	default:
		e.Status = lake.Complete
	}
	if e.Rows > 0 && (e.Status == lake.Failed || e.Status == lake.Denied) {
		e.Status = lake.Partial
	}
	late := min(2*l.reader.lag, longestLate)
	if !l.chunk.provisional && sealed(e.Status) && l.Now().Sub(l.chunk.window.end) < late {
		e.Reason = fmt.Sprintf("events came up to %s late: asked again", l.reader.lag.Round(time.Second))
		return seal(true, e)
	}
	return seal(l.chunk.provisional, e)
}
