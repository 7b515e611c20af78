package server

import (
	"slices"
	"sync"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/wire"
)

// row is one event that a query looks at.
type row struct {
	group  *logGroup
	stream *account.LogStream
	ref    eventRef
}

func (r row) event() account.LogEvent { return r.stream.Events[r.ref.event] }

// insightsQuery is one query, answered when it was started, and told as the
// client asks.
type insightsQuery struct {
	rows             []row
	fields           []string
	scanned, matched int
	bytes            int
	groups           int
	started          time.Time // by the wall
	polls            int
	status           string // Complete, Cancelled ... once it has ended
}

// queryList is the queries of an account. The zero value is empty.
type queryList struct {
	mu   sync.Mutex
	list map[string]*insightsQuery
}

// runQuery looks at the events between two times, both inclusive, in epoch
// milliseconds. Without a sort the rows come in no order at all.
func runQuery(p program, groups []*logGroup, start, end int64, limit int, v sight) *insightsQuery {
	q := &insightsQuery{fields: p.fields, groups: len(groups)}
	for _, g := range groups {
		for _, ref := range g.between(start, end) {
			r := row{g, g.streams[ref.stream], ref}
			if !v.sees(ref.ingested, int(ref.event)) {
				continue
			}
			q.scanned++
			q.bytes += len(r.event().Message)
			if p.matches(r) {
				q.rows = append(q.rows, r)
			}
		}
	}
	q.matched = len(q.rows)
	if len(p.sort) == 0 {
		p.sort = []sortKey{{field: ptrField}}
	}
	slices.SortStableFunc(q.rows, p.compare)
	q.rows = q.rows[:min(limit, len(q.rows))]
	return q
}

// start puts a query into a free slot; false when there is none.
func (l *queryList) start(id string, q *insightsQuery, o Options) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	running := 0
	for _, other := range l.list {
		if other.state(q.started, o) != "Complete" && other.status == "" {
			running++
		}
	}
	if running >= o.QuerySlots {
		return false
	}
	if l.list == nil {
		l.list = map[string]*insightsQuery{}
	}
	l.list[id] = q
	return true
}

// state is the status that the query has now: it is Scheduled, then Running,
// then Complete, by how often it was asked for or by how long ago it started.
func (q *insightsQuery) state(wall time.Time, o Options) string {
	switch {
	case q.status != "":
		return q.status
	case q.polls > o.QueryPolls || wall.Sub(q.started) >= o.QueryTime:
		return "Complete"
	case q.polls <= 1:
		return "Scheduled"
	}
	return "Running"
}

// page is the rows from where the token stands.
func (q *insightsQuery) page(at token, status string, items int) wire.Object {
	rows, whole := q.rows, status == "Complete"
	switch status {
	case "Complete":
		q.status = status
	case "Running":
		rows = rows[:len(rows)/2]
	default:
		rows = nil
	}
	from := min(int(at.Position), len(rows))
	to := min(from+items, len(rows))
	results := make(wire.List, 0, to-from)
	for _, r := range rows[from:to] {
		results = append(results, r.object(q.fields))
	}
	out := wire.Object{
		{Name: "queryLanguage", Value: "CWLI"},
		{Name: "results", Value: results},
		{Name: "statistics", Value: wire.Object{
			{Name: "recordsMatched", Value: float64(q.matched)},
			{Name: "recordsScanned", Value: float64(q.scanned)},
			{Name: "estimatedRecordsSkipped", Value: 0.0},
			{Name: "bytesScanned", Value: float64(q.bytes)},
			{Name: "estimatedBytesSkipped", Value: 0.0},
			{Name: "logGroupsScanned", Value: float64(q.groups)},
		}},
		{Name: "status", Value: status},
	}
	if whole && to < len(rows) {
		at.Position = int64(to)
		out = out.With("nextToken", at.encode())
	}
	return out
}

// object is the row's fields and its pointer. A field that the event does not
// have is left out.
func (r row) object(fields []string) []wire.Object {
	out := make([]wire.Object, 0, len(fields)+1)
	for _, f := range append(slices.Clone(fields), ptrField) {
		if v, ok := r.field(f); ok {
			out = append(out, wire.Object{{Name: "field", Value: f}, {Name: "value", Value: v}})
		}
	}
	return out
}
