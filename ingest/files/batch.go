package files

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"sizewise/ingest/lake"
)

// importer holds a bounded batch of what files said until it is written.
type importer struct {
	w   Writer
	o   Options
	sum Summary

	series   *registry
	tracks   map[*lake.Series]*track
	points   int
	logs     map[string][]lake.Log // by log group
	events   int
	bytes    int // of messages in logs
	facts    []factsOf
	factRows int // in facts
	asked    []lake.Request
	match    match
	ids      *identity
	tallies  []*tally
	about    map[string]bool
	aiperf   map[string]map[Format]string // by folder: the files of AIPerf
}

// track is one series of the batch, and what is known of its period.
type track struct {
	series *lake.Series
	points []lake.Point
	first  int64 // timestamp of the first point ever, microseconds
	step   int64 // greatest common divisor of 60 and the distances from first, seconds
}

func (im *importer) start() {
	im.series = newRegistry()
	im.tracks = map[*lake.Series]*track{}
	im.logs = map[string][]lake.Log{}
	im.about = map[string]bool{}
	im.ids = newIdentity()
	im.match.queries = map[string][]question{}
}

// add puts a record into the batch, and writes the batch when it is full.
func (im *importer) add(ctx context.Context, t *tally, r Record) error {
	switch r := r.(type) {
	case *Metric:
		im.addMetric(t, r)
	case *Logs:
		im.addLogs(t, r)
	case *Facts:
		im.sum.Documents++
		im.facts = append(im.facts, factsOf{r, t})
		im.factRows += len(r.Rows)
	case *Query:
		im.addQuery(t, r)
	case *Result:
		if err := im.addResult(ctx, t, r); err != nil {
			return err
		}
	case *Requests:
		im.addRequests(t, r)
	case *Note:
		im.addNote(t, r)
	case *Malformed:
		im.addMalformed(t, r)
	}
	switch {
	case im.points >= im.o.BatchPoints:
		return im.flushMetrics(ctx)
	case im.events >= im.o.BatchEvents || im.bytes >= maxBatchBytes:
		return im.flushLogs(ctx)
	case im.factRows >= maxFactRows:
		return im.flushFacts(ctx)
	case len(im.asked) >= im.o.BatchEvents:
		return im.flushRequests(ctx)
	}
	return nil
}

func (im *importer) addRequests(t *tally, r *Requests) {
	im.asked = append(im.asked, r.Rows...)
	im.sum.RequestRows += int64(len(r.Rows))
	row := t.row("requests", im.o.Subject, "")
	for i := range r.Rows {
		im.sum.Requests += weightOf(&r.Rows[i])
		row.add(r.Rows[i].TS, r.Rows[i].TS)
	}
}

// flushRequests writes the requests of the batch.
func (im *importer) flushRequests(ctx context.Context) error {
	if len(im.asked) == 0 {
		return nil
	}
	added, changed, err := im.w.ImportRequests(ctx, im.o.Subject, im.asked)
	if err != nil {
		return fmt.Errorf("writing requests of %s: %w", im.o.Subject, err)
	}
	im.sum.Added += added
	im.sum.Changed += changed
	im.about[im.o.Subject] = true
	im.asked = im.asked[:0]
	return nil
}

func (im *importer) addMalformed(t *tally, m *Malformed) {
	im.sum.Malformed++
	t.skipped++
	t.malformed++
	if len(im.sum.Examples) < maxExamples {
		im.sum.Examples = append(im.sum.Examples, m)
	}
	if im.o.OnMalformed != nil {
		im.o.OnMalformed(m)
	}
}

func (im *importer) addMetric(t *tally, m *Metric) {
	tr := im.tracks[m.Series]
	if tr == nil {
		tr = &track{series: m.Series, first: m.Point.TS, step: 60}
		im.tracks[m.Series] = tr
	}
	if tr.step > 1 && m.Point.TS != tr.first {
		tr.step = common(tr.step, tr.first, m.Point.TS)
	}
	tr.points = append(tr.points, m.Point)
	im.points++
	im.sum.Points++
	row := t.row("metrics", m.Series.Subject, "")
	row.add(m.Point.TS, m.Point.TS)
	row.periodS = max(row.periodS, m.Series.PeriodS)
}

// common is the greatest common divisor of step and the distance of two
// timestamps in seconds; 1 when the distance is no whole second.
func common(step, a, b int64) int64 {
	d := max(a, b) - min(a, b)
	if d%1_000_000 != 0 {
		return 1
	}
	for d /= 1_000_000; d != 0; {
		step, d = d, step%d
	}
	return step
}

// period is the publish period that a series shows: the largest that divides
// all distances between its timestamps.
func (tr *track) period() int32 {
	for _, p := range [...]int32{60, 30, 20, 10, 5} {
		if tr.step%int64(p) == 0 {
			return p
		}
	}
	return 1
}

func (im *importer) addLogs(t *tally, r *Logs) {
	if len(r.Events) == 0 {
		return
	}
	im.logs[r.Group] = append(im.logs[r.Group], r.Events...)
	im.events += len(r.Events)
	im.sum.Events += int64(len(r.Events))
	im.about[r.Events[0].Subject] = true
	row := t.row("logs", r.Events[0].Subject, r.Group)
	for i := range r.Events {
		im.bytes += len(r.Events[i].Message)
		row.add(r.Events[i].TS, r.Events[i].TS)
	}
}

// flushMetrics writes the points of the batch, subject by subject. What is
// known of the series' periods stays.
func (im *importer) flushMetrics(ctx context.Context) error {
	bySubject := map[string][]lake.SeriesPoints{}
	for _, tr := range im.tracks {
		if len(tr.points) == 0 {
			continue
		}
		s := *tr.series
		if s.PeriodS == 0 {
			s.PeriodS = tr.period()
		}
		bySubject[s.Subject] = append(bySubject[s.Subject], lake.SeriesPoints{Series: s, Points: inOrder(tr.points)})
		tr.points = nil
	}
	im.points = 0
	if len(im.tracks) > maxSeries {
		clear(im.tracks)
		clear(im.series.raw)
		clear(im.series.byKey)
	}
	for _, subject := range slices.Sorted(maps.Keys(bySubject)) {
		data := bySubject[subject]
		slices.SortFunc(data, func(a, b lake.SeriesPoints) int {
			return cmp.Compare(seriesKey(&a.Series), seriesKey(&b.Series))
		})
		added, changed, err := im.w.PutMetrics(ctx, subject, data)
		if err != nil {
			return fmt.Errorf("writing metrics of %s: %w", subject, err)
		}
		im.sum.Added += added
		im.sum.Changed += changed
		im.about[subject] = true
	}
	return nil
}

// inOrder sorts points by time and makes one of several for one time: what came
// last counts, since a stream sends a point again when its value has changed,
// and other files bring one statistic at a time.
func inOrder(points []lake.Point) []lake.Point {
	slices.SortStableFunc(points, func(a, b lake.Point) int { return cmp.Compare(a.TS, b.TS) })
	out := points[:0]
	for _, p := range points {
		if n := len(out); n > 0 && out[n-1].TS == p.TS {
			out[n-1] = mergePoint(out[n-1], p)
			continue
		}
		out = append(out, p)
	}
	return out
}

// flushLogs writes the events of the batch, group by group.
func (im *importer) flushLogs(ctx context.Context) error {
	for _, group := range slices.Sorted(maps.Keys(im.logs)) {
		events := im.logs[group]
		added, err := im.w.PutLogs(ctx, group, events)
		if err != nil {
			return fmt.Errorf("writing logs of %s: %w", group, err)
		}
		im.sum.Added += added
	}
	clear(im.logs)
	im.events, im.bytes = 0, 0
	return nil
}

// finish writes what is left: points, events, facts, and then the ledger, so
// that it never speaks of rows that are not there.
func (im *importer) finish(ctx context.Context) error {
	for _, write := range []func(context.Context) error{
		im.matchAll, im.flushMetrics, im.flushLogs, im.flushRequests, im.flushFacts,
	} {
		if err := write(ctx); err != nil {
			return err
		}
	}
	im.tellNotes()
	im.sum.Subjects = slices.Sorted(maps.Keys(im.about))
	entries, err := im.ledger(ctx)
	if err != nil {
		return err
	}
	if err := im.w.Record(ctx, entries...); err != nil {
		return fmt.Errorf("writing ledger: %w", err)
	}
	return nil
}
