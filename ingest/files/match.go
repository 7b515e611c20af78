package files

import (
	"context"
	"fmt"
	"math"
	"path"

	"sizewise/ingest/lake"
)

// maxWaiting is how many points of results wait for their queries; then they
// must find them among the files that were read so far.
const maxWaiting = 4_000_000

// match joins the results of GetMetricData with the queries that say what they
// are of, whatever order and files they come in.
type match struct {
	queries map[string][]question // by Id
	count   int
	waiting []waiting
	points  int
}

// question is a query and where it stood.
type question struct {
	*Query
	file, dir string
}

// waiting is a result and the file that it is from.
type waiting struct {
	*Result
	t *tally
}

func dirOf(file string) string { return path.Dir(filepathSlash(file)) }

// addQuery remembers a query. One that was there already, defined alike in the
// same file, is the same.
func (im *importer) addQuery(t *tally, q *Query) {
	t.queries++
	im.sum.Queries++
	m := &im.match
	for _, known := range m.queries[q.ID] {
		if known.file == t.name && known.definition == q.definition {
			return
		}
	}
	if m.count >= mostQueries {
		im.addMalformed(t, &Malformed{File: t.name, Line: q.Line, Reason: fmt.Sprintf("more than %d queries in one import", mostQueries)})
		return
	}
	m.count++
	m.queries[q.ID] = append(m.queries[q.ID], question{Query: q, file: t.name, dir: dirOf(t.name)})
}

// addResult keeps a result until its query is known.
func (im *importer) addResult(ctx context.Context, t *tally, r *Result) error {
	im.match.waiting = append(im.match.waiting, waiting{r, t})
	im.match.points += len(r.TS) + 16
	if im.match.points < maxWaiting {
		return nil
	}
	return im.matchAll(ctx)
}

// matchAll turns the results that wait into points.
func (im *importer) matchAll(ctx context.Context) error {
	for _, w := range im.match.waiting {
		q, kind, reason := im.match.find(w.ID, w.t.name)
		if reason != "" {
			im.addNote(w.t, &Note{File: w.t.name, Line: w.Line, Skipped: true, Reason: reason, kind: kind})
			continue
		}
		if w.Status != "" && w.Status != "Complete" {
			im.addNote(w.t, &Note{
				File: w.t.name, Line: w.Line, kind: w.Status,
				Reason: fmt.Sprintf("result %.60s is %.40s: points are missing", w.ID, w.Status),
			})
		}
		if err := im.addResultPoints(ctx, w, q); err != nil {
			return err
		}
	}
	im.match.waiting, im.match.points = nil, 0
	return nil
}

func (im *importer) addResultPoints(ctx context.Context, w waiting, q *Query) error {
	column, ok := statOf(q.Stat)
	m := Metric{Series: q.Series}
	for i, ts := range w.TS {
		m.Point = lake.Point{TS: ts}
		clearPoint(&m.Point)
		if ok {
			m.Point.Stats[column] = w.Values[i]
		} else {
			m.Point.Other = map[string]float64{q.Stat: w.Values[i]}
		}
		im.addMetric(w.t, &m)
		if im.points >= im.o.BatchPoints {
			if err := im.flushMetrics(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// find is the query that a result of file is of: the one in the same file, else
// in the same folder, else in any file of the import. The reason says why there
// is none, and kind is the same for all that lack one for the same reason.
func (m *match) find(id, file string) (q *Query, kind, reason string) {
	all := m.queries[id]
	dir := dirOf(file)
	for _, near := range []func(question) bool{
		func(q question) bool { return q.file == file },
		func(q question) bool { return q.dir == dir },
		func(question) bool { return true },
	} {
		var found *question
		for i := range all {
			switch q := &all[i]; {
			case !near(*q):
			case found == nil:
				found = q
			case found.definition != q.definition:
				return nil, "ambiguous", fmt.Sprintf("result %.60s: %s and %s define this Id differently: import each with its own results", id, found.file, q.file)
			}
		}
		if found == nil {
			continue
		}
		if found.Series == nil {
			return nil, "expression", fmt.Sprintf("result %.60s is of an expression, not of a metric", id)
		}
		return found.Query, "", ""
	}
	return nil, "no query", fmt.Sprintf("result %.60s: no query with this Id: import the file of --cli-input-json or --metric-data-queries with it", id)
}

// mergePoint adds what came to old, statistic by statistic; what came wins.
func mergePoint(old, came lake.Point) lake.Point {
	for i, v := range came.Stats {
		if !math.IsNaN(v) {
			old.Stats[i] = v
		}
	}
	if len(came.Other) > 0 {
		other := make(map[string]float64, len(old.Other)+len(came.Other))
		for k, v := range old.Other {
			other[k] = v
		}
		for k, v := range came.Other {
			other[k] = v
		}
		old.Other = other
	}
	old.Provisional = came.Provisional
	return old
}
