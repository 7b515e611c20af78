package ingest

import (
	"context"
	"errors"
	"fmt"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/logline"
)

// flushEvents and flushBytes bound the events that are held before they are
// written. Writing merges into a day's file, so it is done seldom.
const (
	flushEvents = 200_000
	flushBytes  = 128 << 20 // of messages; one can have a megabyte
)

// logs pulls the subject's log group chunk by chunk.
func (p *pull) logs(ctx context.Context) error {
	chunks := p.schedule.logs(p.survey.group.Name, p.survey.streamPrefix())
	p.summary.Chunks += len(chunks)
	stop := p.survey.groupErr // what every further call would meet
	if errors.Is(stop, cloudwatch.ErrUnsupported) {
		p.causes = append(p.causes, stop)
	}
	for i, c := range chunks {
		l := &logPull{pull: p, chunk: c, done: int64(i), total: int64(len(chunks))}
		var result cloudwatch.LogResult
		err := stop
		if stop == nil {
			if result, err = l.run(ctx); l.writeErr != nil {
				return l.writeErr
			}
			if cancelled(err) {
				return err
			}
			if err != nil {
				p.causes = append(p.causes, err)
			}
			if sticky(err) || errors.Is(err, cloudwatch.ErrNotFound) || errors.Is(err, cloudwatch.ErrUnsupported) {
				stop = err
			}
		}
		if err := p.record(ctx, seal(c, l.entry(p.entry(c), result, err))); err != nil {
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

// logPull is the pull of one chunk of log events.
type logPull struct {
	*pull
	chunk       chunk
	done, total int64 // chunks
	batch       []lake.Log
	bytes       int // of messages in batch
	events      int64
	order       sequence
	parser      logline.Parser
	writeErr    error
}

func (l *logPull) run(ctx context.Context) (cloudwatch.LogResult, error) {
	request := cloudwatch.LogRequest{
		Group: l.chunk.group, StreamPrefix: l.chunk.prefix,
		Start: l.chunk.window.start, End: l.chunk.window.end,
	}
	l.report()
	result, err := l.Logs.Events(ctx, request, func(page cloudwatch.LogPage) error {
		for _, e := range page.Events {
			l.batch = append(l.batch, l.row(e))
			l.bytes += len(e.Message)
		}
		l.events += int64(len(page.Events))
		l.report()
		if len(l.batch) >= flushEvents || l.bytes >= flushBytes {
			return l.flush(ctx)
		}
		return nil
	})
	l.summary.Usage.Add(result.Usage)
	l.summary.Events += l.events
	if l.writeErr == nil && !cancelled(err) {
		// What came before a failure is kept.
		_ = l.flush(ctx) // the error is in writeErr
	}
	return result, err
}

func (l *logPull) report() {
	l.Events(Event{
		Stage: StageLogs, Subject: l.survey.subject.Key(), Done: l.done, Total: l.total, Unit: "chunks",
		Note: fmt.Sprintf("%s, %d events", stamp(l.chunk.window.start)[:len("2006-01-02")], l.events),
	})
}

func (l *logPull) flush(ctx context.Context) error {
	if len(l.batch) == 0 {
		return nil
	}
	if l.writeErr = l.prove(ctx); l.writeErr != nil {
		return l.writeErr
	}
	added, err := l.Lake.PutLogs(ctx, l.chunk.group, l.batch)
	l.summary.EventsAdded += added
	if err != nil {
		l.writeErr = fmt.Errorf("writing log events: %w", err)
		return l.writeErr
	}
	clear(l.batch) // lets go of the messages
	l.batch, l.bytes = l.batch[:0], 0
	return nil
}

// row is an event as the lake keeps it: secrets masked first, so that nothing
// that is made of the text can hold one.
func (l *logPull) row(e cloudwatch.Event) lake.Log {
	message := e.Message
	if !l.NoRedact {
		message = logline.Redact(message)
	}
	line := l.parser.Parse(message)
	return lake.Log{
		TS: e.TS, IngestedAt: e.Ingested,
		Account: l.survey.account, Region: l.survey.region, Subject: l.survey.subject.Key(),
		LogGroup: l.chunk.group, LogStream: e.Stream, EventID: e.ID,
		Seq: l.order.next(e), Message: message,
		Level: line.Level, Logger: line.Logger, Thread: line.Thread, Skeleton: line.Skeleton,
		Exception: line.Exception, RequestID: line.RequestID, Parser: line.Parser,
	}
}

// entry completes the ledger row of the chunk.
func (l *logPull) entry(e lake.Entry, result cloudwatch.LogResult, err error) lake.Entry {
	e.Rows = l.events
	e.Calls, e.Retries = result.Usage.Calls, result.Usage.Retries
	e.CostLow, e.CostHigh = result.Usage.CostLow, result.Usage.CostHigh
	switch {
	case err != nil:
		e.Status, e.Reason = logOutcome(err)
	case result.Stopped != "":
		e.Status, e.Reason = lake.Failed, result.Stopped
	case l.events == 0:
		e.Status = lake.Empty
	default:
		e.Status = lake.Complete
	}
	if l.events > 0 && (e.Status == lake.Failed || e.Status == lake.Denied) {
		e.Status = lake.Partial
	}
	return e
}

// sequence numbers events of equal time within a stream, in the order in which
// CloudWatch Logs returns them.
type sequence struct {
	ts    int64
	count map[string]int64 // by stream
}

func (s *sequence) next(e cloudwatch.Event) int64 {
	if s.count == nil || e.TS != s.ts {
		s.ts = e.TS
		s.count = make(map[string]int64)
	}
	n := s.count[e.Stream]
	s.count[e.Stream] = n + 1
	return n
}
