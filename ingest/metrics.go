package ingest

import (
	"context"
	"fmt"
	"slices"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// mostPoints bounds the points of which the answers are held before they are
// written: 16 bytes each.
const mostPoints = 2_000_000

// metrics pulls the subject's metrics day by day: all chunks of a day are
// fetched, then written together, then recorded. A day of very many series is
// done in several goes.
func (p *pull) metrics(ctx context.Context) error {
	chunks := p.schedule.metrics(p.survey.publishers)
	p.count(func(s *SubjectSummary) { s.Chunks += len(chunks) })
	p.begins(StageMetrics, len(chunks))
	f := &fetcher{pull: p}
	goes := batches(chunks)
	for _, g := range goes {
		f.total += int64(len(pack(g)))
	}
	for _, g := range goes {
		if err := p.metricBatch(ctx, f, g); err != nil {
			return err
		}
	}
	return nil
}

// batches cuts chunks where the day changes and where there would be too many
// points.
func batches(chunks []chunk) [][]chunk {
	var out [][]chunk
	start, points := 0, int64(0)
	for i, c := range chunks {
		n := c.points()
		another := i > start && (points+n > mostPoints || !floor(c.window.start, day).Equal(floor(chunks[start].window.start, day)))
		if another {
			out = append(out, chunks[start:i])
			start, points = i, 0
		}
		points += n
	}
	if start < len(chunks) {
		out = append(out, chunks[start:])
	}
	return out
}

// points is how many points a chunk of metrics can have at most.
func (c chunk) points() int64 {
	var r cloudwatch.MetricRequest
	r.PeriodS, r.Start, r.End = c.periodS, c.window.start, c.window.end
	r.Queries = make([]cloudwatch.Query, 1)
	var stats int64
	for _, m := range c.metrics {
		stats += int64(len(m.stats))
	}
	return stats * r.Datapoints()
}

func (p *pull) metricBatch(ctx context.Context, f *fetcher, chunks []chunk) error {
	calls := pack(chunks)
	answers, err := f.fetch(ctx, calls, stamp(chunks[0].window.start)[:len("2006-01-02")])
	if err != nil {
		return err
	}
	var series []lake.SeriesPoints
	var entries []lake.Entry
	for i, r := range unpack(chunks, calls, answers) {
		series = append(series, p.assemble(chunks[i], r)...)
		entries = append(entries, p.metricEntries(chunks[i], r)...)
	}
	if err := p.putMetrics(ctx, series); err != nil {
		return err
	}
	p.count(func(s *SubjectSummary) {
		for _, e := range entries {
			s.Usage.Add(cloudwatch.Usage{Calls: e.Calls, Retries: e.Retries, CostLow: e.CostLow, CostHigh: e.CostHigh})
			s.Points += e.Rows
		}
	})
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
	p.count(func(s *SubjectSummary) {
		s.PointsAdded += added
		s.PointsChanged += changed
	})
	if err != nil {
		return fmt.Errorf("writing metrics: %w", err)
	}
	return nil
}

// result is what came of one metric of a chunk.
type result struct {
	rows  rows
	tally tally
}

// outcomes are the results of a chunk by the index of its metrics, and what its
// share of the calls took.
type outcomes struct {
	results []result
	usage   cloudwatch.Usage
}

// unpack sorts the answers of calls by chunk and metric.
func unpack(chunks []chunk, calls []call, answers []answer) []outcomes {
	out := make([]outcomes, len(chunks))
	for i, c := range chunks {
		out[i].results = make([]result, len(c.metrics))
		for k := range out[i].results {
			out[i].results[k].rows = rows{index: make(map[int64]int), provisional: c.provisional}
		}
	}
	for i, c := range calls {
		for k, share := range c.shares(answers[i].data.Usage) {
			of := c.parts[k]
			out[of.chunk].usage.Add(share)
			for n := of.from; n < of.to; n++ {
				q := c.request.Queries[n]
				m := slices.IndexFunc(chunks[of.chunk].metrics, func(w wanted) bool { return w.name == q.Metric.Name })
				out[of.chunk].results[m].add(q, answers[i].result(n))
			}
		}
	}
	return out
}

// result is the answer to the nth query.
func (a answer) result(n int) cloudwatch.MetricResult {
	if n < len(a.data.Results) {
		return a.data.Results[n]
	}
	r := cloudwatch.MetricResult{State: cloudwatch.Failed, Reason: "not asked"}
	if a.err != nil {
		r.Reason = a.err.Error()
	}
	return r
}

func (r *result) add(q cloudwatch.Query, got cloudwatch.MetricResult) {
	r.tally.add(q, got)
	r.rows.add(q.Stat, got.Points)
}

// assemble turns results, which are one list of points per statistic, into
// series with the statistics of a timestamp side by side.
func (p *pull) assemble(c chunk, o outcomes) []lake.SeriesPoints {
	dims := make([]lake.Dim, len(c.publisher.dims))
	for i, d := range c.publisher.dims {
		dims[i] = lake.Dim{Name: d.Name, Value: d.Value}
	}
	var out []lake.SeriesPoints
	for i, m := range c.metrics {
		if len(o.results[i].rows.points) == 0 {
			continue
		}
		out = append(out, lake.SeriesPoints{Points: o.results[i].rows.points, Series: lake.Series{
			Account: p.survey.account, Region: p.survey.region, Subject: p.survey.subject.Key(),
			Namespace: c.publisher.namespace, Metric: m.name, Unit: m.unit, PeriodS: c.periodS, Dims: dims,
		}})
	}
	return out
}
