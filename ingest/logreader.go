package ingest

import (
	"hash/fnv"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/logline"
)

// logBatch is what one page of events becomes.
type logBatch struct {
	logs     []lake.Log
	requests []lake.Request // of access-log lines
	bytes    int            // of messages
}

// logQueue is batches between their reader and the lake.
type logQueue struct {
	feed  <-chan *logBatch
	free  chan<- *logBatch
	ahead []*logBatch
}

// readAhead waits until all batches are there, or many.
func (q *logQueue) readAhead() {
	events, bytes := 0, 0
	for events < aheadEvents && bytes < aheadBytes {
		b, more := <-q.feed
		if !more {
			return
		}
		q.ahead = append(q.ahead, b)
		events += len(b.logs)
		bytes += b.bytes
	}
}

// next is the next batch, nil at the end.
func (q *logQueue) next() *logBatch {
	if len(q.ahead) > 0 {
		b := q.ahead[0]
		q.ahead = q.ahead[1:]
		return b
	}
	return <-q.feed
}

// done gives a batch back to its reader.
func (q *logQueue) done(b *logBatch) {
	select {
	case q.free <- b:
	default:
	}
}

// logReader turns pages of one chunk into rows.
type logReader struct {
	group           logGroup
	account, region string
	subject         string // the owner's key
	redact          bool

	parser   logline.Parser
	order    map[int]*sequence // by slice
	mine     map[string]bool   // by stream: whether it is the owner's
	last     string            // stream of the event before
	lastMine bool
	events   int64         // that came and are the owner's
	lag      time.Duration // longest time from an event to its ingestion
}

// batch makes the rows of a page, in a batch that is free again if there is one.
func (r *logReader) batch(page cloudwatch.LogPage, free <-chan *logBatch) *logBatch {
	var b *logBatch
	select {
	case b = <-free:
		clear(b.logs) // lets go of the messages
		clear(b.requests)
		b.logs, b.requests, b.bytes = b.logs[:0], b.requests[:0], 0
	default:
		b = &logBatch{}
	}
	if r.order == nil {
		r.order = make(map[int]*sequence)
	}
	order := r.order[page.Slice]
	if order == nil {
		order = &sequence{}
		r.order[page.Slice] = order
	}
	for _, e := range page.Events {
		if !r.owns(e.Stream) {
			continue
		}
		seq, isNew := order.next(e)
		if !isNew {
			continue
		}
		r.add(b, e, seq)
	}
	return b
}

// owns is logGroup.owns, asked once for each stream.
func (r *logReader) owns(stream string) bool {
	if stream == r.last && r.mine != nil {
		return r.lastMine
	}
	mine, known := r.mine[stream]
	if !known {
		if r.mine == nil {
			r.mine = make(map[string]bool)
		}
		mine = r.group.owns(stream)
		r.mine[stream] = mine
	}
	r.last, r.lastMine = stream, mine
	return mine
}

func (r *logReader) add(b *logBatch, e cloudwatch.Event, seq int64) {
	r.events++
	if e.Ingested > 0 {
		r.lag = max(r.lag, time.Duration(e.Ingested-e.TS)*time.Microsecond)
	}
	row, line := r.row(e, seq)
	b.logs = append(b.logs, row)
	b.bytes += len(row.Message)
	if line.Access != nil {
		b.requests = append(b.requests, request(e, *line.Access))
	}
}

// row is an event as the lake keeps it: secrets masked first, so that nothing
// that is made of the text can hold one.
func (r *logReader) row(e cloudwatch.Event, seq int64) (lake.Log, logline.Line) {
	message := e.Message
	if r.redact {
		message = logline.Redact(message)
	}
	line := r.parser.Parse(message)
	return lake.Log{
		TS: e.TS, IngestedAt: e.Ingested,
		Account: r.account, Region: r.region, Subject: r.subject,
		LogGroup: r.group.name, LogStream: e.Stream, EventID: e.ID,
		Seq: seq, Message: message,
		Level: line.Level, Logger: line.Logger, Thread: line.Thread, Skeleton: line.Skeleton,
		Exception: line.Exception, RequestID: line.RequestID, Parser: line.Parser,
	}, line
}

// request is an access-log line as a request. The line is written when the
// answer is, so the request came its duration earlier; the event's id tells
// apart those that came at the same time.
func request(e cloudwatch.Event, a logline.Access) lake.Request {
	id := fnv.New64a()
	_, _ = id.Write([]byte(e.ID)) // never fails
	return lake.Request{
		TS: e.TS - max(0, a.DurationUS), Source: e.Stream, Origin: lake.OriginAccessLog, Seq: int64(id.Sum64() >> 1),
		DurationUS: a.DurationUS, Status: int32(a.Status), Route: a.Route, //nolint:gosec // three digits
		Weight: 1, TTFTUS: -1, TokensIn: -1, TokensOut: -1,
	}
}

// sequence numbers events of equal time within a stream, in the order in which
// CloudWatch Logs returns them, and knows those that it returns again.
type sequence struct {
	ts         int64
	events     int              // of ts
	id, stream string           // of the first of them; mostly there is no other
	count      map[string]int64 // by stream
	ids        map[string]bool
}

func (s *sequence) next(e cloudwatch.Event) (seq int64, isNew bool) {
	if e.TS != s.ts || s.events == 0 {
		s.ts, s.events, s.id, s.stream = e.TS, 1, e.ID, e.Stream
		return 0, true
	}
	if s.events == 1 {
		s.begin()
	}
	if e.ID != "" && s.ids[e.ID] {
		return 0, false
	}
	s.ids[e.ID] = true
	n := s.count[e.Stream]
	s.count[e.Stream] = n + 1
	s.events++
	return n, true
}

// begin notes the first event of ts.
func (s *sequence) begin() {
	if s.count == nil {
		s.count, s.ids = make(map[string]int64), make(map[string]bool)
	}
	clear(s.count)
	clear(s.ids)
	s.ids[s.id] = true
	s.count[s.stream] = 1
}
