package ingest

import (
	"context"
	"fmt"
	"math"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// metrics pulls the subject's metrics day by day: all chunks of a day are
// fetched, then written together, then recorded.
func (p *pull) metrics(ctx context.Context) error {
	chunks := p.schedule.metrics(p.survey.publishers)
	p.summary.Chunks += len(chunks)
	f := &fetcher{pull: p}
	for _, c := range chunks {
		f.total += int64(len(c.requests))
	}
	for len(chunks) > 0 {
		n := 1
		for n < len(chunks) && floor(chunks[n].window.start, day).Equal(floor(chunks[0].window.start, day)) {
			n++
		}
		if err := p.metricDay(ctx, f, chunks[:n]); err != nil {
			return err
		}
		chunks = chunks[n:]
	}
	return nil
}

func (p *pull) metricDay(ctx context.Context, f *fetcher, chunks []chunk) error {
	answers, err := f.fetch(ctx, chunks)
	if err != nil {
		return err
	}
	var series []lake.SeriesPoints
	entries := make([]lake.Entry, 0, len(chunks))
	for i, c := range chunks {
		found := p.assemble(c, answers[i])
		series = append(series, found...)
		entries = append(entries, p.metricEntry(c, answers[i], found))
	}
	if err := p.putMetrics(ctx, series); err != nil {
		return err
	}
	for _, e := range entries {
		p.summary.Usage.Add(cloudwatch.Usage{Calls: e.Calls, Retries: e.Retries, CostLow: e.CostLow, CostHigh: e.CostHigh})
		p.summary.Points += e.Rows
	}
	return p.record(ctx, entries...)
}

func (p *pull) putMetrics(ctx context.Context, series []lake.SeriesPoints) error {
	if len(series) == 0 {
		return nil
	}
	if err := p.prove(ctx); err != nil {
		return err
	}
	added, changed, err := p.Lake.PutMetrics(ctx, p.survey.subject.Key(), series)
	p.summary.PointsAdded += added
	p.summary.PointsChanged += changed
	if err != nil {
		return fmt.Errorf("writing metrics: %w", err)
	}
	return nil
}

// assemble turns answers, which are one list of points per statistic, into
// series with the statistics of a timestamp side by side.
func (p *pull) assemble(c chunk, answers []answer) []lake.SeriesPoints {
	units := make(map[string]string, len(c.publisher.metrics))
	for _, m := range c.publisher.metrics {
		units[m.name] = m.unit
	}
	var out []lake.SeriesPoints
	at := make(map[string]*rows, len(c.publisher.metrics))
	var order []string
	for i, a := range answers {
		for k, q := range c.requests[i].Queries {
			if k >= len(a.data.Results) || len(a.data.Results[k].Points) == 0 {
				continue
			}
			name := q.Metric.Name
			if at[name] == nil {
				at[name] = &rows{index: make(map[int64]int), provisional: c.provisional}
				order = append(order, name)
			}
			at[name].add(q.Stat, a.data.Results[k].Points)
		}
	}
	dims := make([]lake.Dim, len(c.publisher.dims))
	for i, d := range c.publisher.dims {
		dims[i] = lake.Dim{Name: d.Name, Value: d.Value}
	}
	for _, name := range order {
		out = append(out, lake.SeriesPoints{Points: at[name].points, Series: lake.Series{
			Account: p.survey.account, Region: p.survey.region, Subject: p.survey.subject.Key(),
			Namespace: c.publisher.namespace, Metric: name, Unit: units[name], PeriodS: c.periodS, Dims: dims,
		}})
	}
	return out
}

// rows are the points of one series under construction.
type rows struct {
	points      []lake.Point
	index       map[int64]int // by timestamp
	provisional bool
}

func (r *rows) add(stat string, points []cloudwatch.Point) {
	column, ok := column(stat)
	for _, v := range points {
		i, seen := r.index[v.TS]
		if !seen {
			i = len(r.points)
			r.index[v.TS] = i
			r.points = append(r.points, lake.Point{TS: v.TS, Stats: missing(), Provisional: r.provisional})
		}
		if ok {
			r.points[i].Stats[column] = v.Value
			continue
		}
		if r.points[i].Other == nil {
			r.points[i].Other = make(map[string]float64)
		}
		r.points[i].Other[stat] = v.Value
	}
}

func missing() (stats [lake.NumStats]float64) {
	for i := range stats {
		stats[i] = math.NaN()
	}
	return stats
}

// column is the lake's column for one of CloudWatch's statistics.
func column(stat string) (lake.Stat, bool) {
	switch stat {
	case "SampleCount":
		return lake.SampleCount, true
	case "Sum":
		return lake.Sum, true
	case "Average":
		return lake.Average, true
	case "Minimum":
		return lake.Minimum, true
	case "Maximum":
		return lake.Maximum, true
	case "p50":
		return lake.P50, true
	case "p90":
		return lake.P90, true
	case "p95":
		return lake.P95, true
	case "p99":
		return lake.P99, true
	case "p99.9":
		return lake.P999, true
	}
	return 0, false
}

// metricEntry is the ledger row of a chunk.
func (p *pull) metricEntry(c chunk, answers []answer, found []lake.SeriesPoints) lake.Entry {
	e := p.entry(c)
	for _, s := range found {
		e.Rows += int64(len(s.Points))
	}
	var t tally
	for i, a := range answers {
		e.Calls += a.data.Usage.Calls
		e.Retries += a.data.Usage.Retries
		e.CostLow += a.data.Usage.CostLow
		e.CostHigh += a.data.Usage.CostHigh
		t.add(c.requests[i], a)
	}
	e.Status, e.Reason = t.verdict(e.Rows > 0)
	return seal(c, e)
}

// entry is a ledger row that says what was asked, not yet how it ended.
func (p *pull) entry(c chunk) lake.Entry {
	return lake.Entry{
		Chunk: c.key, Dataset: c.dataset, Subject: p.survey.subject.Key(), Scope: c.scope, Source: sourceName,
		Start: c.window.start, End: c.window.end, PeriodS: c.periodS, FetchedAt: p.Now(),
	}
}

// seal marks a row of data younger than the settle time: it is whole, or
// empty, only so far.
func seal(c chunk, e lake.Entry) lake.Entry {
	if c.provisional && sealed(e.Status) {
		if e.Status == lake.Empty && e.Reason == "" {
			e.Reason = "nothing there yet"
		}
		e.Status = lake.Provisional
	}
	return e
}

// tally counts how the queries of a chunk ended.
type tally struct {
	all, complete, forbidden int
	trouble                  int    // queries that are not complete
	first                    string // what happened to the first of them
}

func (t *tally) add(r cloudwatch.MetricRequest, a answer) {
	for k, q := range r.Queries {
		result := cloudwatch.MetricResult{State: cloudwatch.Failed, Reason: "not asked"}
		if a.err != nil {
			result.Reason = a.err.Error()
		}
		if k < len(a.data.Results) {
			result = a.data.Results[k]
		}
		t.all++
		if result.State == cloudwatch.Complete {
			t.complete++
			continue
		}
		if result.State == cloudwatch.Forbidden {
			t.forbidden++
		}
		if t.trouble == 0 {
			t.first = fmt.Sprintf("%s %s: %s", q.Metric.Name, q.Stat, result.Reason)
		}
		t.trouble++
	}
}

// verdict is the status of the chunk; came says whether any points did.
func (t *tally) verdict(came bool) (lake.Status, string) {
	switch {
	case t.trouble == 0 && came:
		return lake.Complete, ""
	case t.trouble == 0:
		return lake.Empty, ""
	case t.forbidden == t.all:
		return lake.Denied, t.first
	case t.complete == 0 && !came:
		return lake.Failed, t.first
	default:
		return lake.Partial, fmt.Sprintf("%d of %d statistics did not come whole; first: %s", t.trouble, t.all, t.first)
	}
}
