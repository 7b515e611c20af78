package ingest

import (
	"time"

	"sizewise/ingest/cloudwatch"
)

// call is one request of GetMetricData. It carries queries of one or more
// chunks that share period and window.
type call struct {
	request cloudwatch.MetricRequest
	parts   []part
}

// part is a run of a call's queries that belongs to one chunk.
type part struct {
	chunk    int // index
	from, to int // of the queries, half-open
}

// pack puts the queries of chunks into as few calls as CloudWatch allows: at
// most 500 queries and 100,800 points each. The statistics of one metric stay in
// one call.
func pack(chunks []chunk) []call {
	type same struct {
		periodS    int32
		start, end int64
	}
	open := make(map[same]*packer)
	var order []*packer
	for i, c := range chunks {
		key := same{c.periodS, c.window.start.Unix(), c.window.end.Unix()}
		p := open[key]
		if p == nil {
			p = newPacker(c)
			open[key] = p
			order = append(order, p)
		}
		p.add(i, c)
	}
	var out []call
	for _, p := range order {
		p.flush()
		out = append(out, p.calls...)
	}
	return out
}

// packer fills calls of one period and window.
type packer struct {
	limit int // queries in one call
	empty cloudwatch.MetricRequest
	now   call
	calls []call
}

func newPacker(c chunk) *packer {
	points := max(1, int(c.window.end.Sub(c.window.start)/time.Second)/int(c.periodS))
	empty := cloudwatch.MetricRequest{PeriodS: c.periodS, Start: c.window.start, End: c.window.end}
	return &packer{
		limit: max(1, min(cloudwatch.MaxQueries, cloudwatch.MaxDatapoints/points)),
		empty: empty, now: call{request: empty},
	}
}

func (p *packer) flush() {
	if len(p.now.request.Queries) > 0 {
		p.calls = append(p.calls, p.now)
		p.now = call{request: p.empty}
	}
}

func (p *packer) add(index int, c chunk) {
	for _, m := range c.metrics {
		if len(p.now.request.Queries)+len(m.stats) > p.limit {
			p.flush()
		}
		for _, stat := range m.stats {
			if len(p.now.request.Queries) == p.limit {
				p.flush()
			}
			p.query(index, cloudwatch.Query{Metric: c.publisher.metric(m.name), Stat: stat})
		}
	}
}

func (p *packer) query(index int, q cloudwatch.Query) {
	n := len(p.now.request.Queries)
	p.now.request.Queries = append(p.now.request.Queries, q)
	if last := len(p.now.parts) - 1; last >= 0 && p.now.parts[last].chunk == index {
		p.now.parts[last].to = n + 1
		return
	}
	p.now.parts = append(p.now.parts, part{chunk: index, from: n, to: n + 1})
}

// shares splits what a call took over its parts: the call and its retries are
// the first part's, the price goes by what each would cost alone.
func (c call) shares(u cloudwatch.Usage) []cloudwatch.Usage {
	out := make([]cloudwatch.Usage, len(c.parts))
	var low, high float64
	for i, p := range c.parts {
		out[i].CostLow, out[i].CostHigh = cloudwatch.MetricCost(c.request.Queries[p.from:p.to])
		low += out[i].CostLow
		high += out[i].CostHigh
	}
	for i := range out {
		out[i].CostLow *= ratio(u.CostLow, low)
		out[i].CostHigh *= ratio(u.CostHigh, high)
	}
	if len(out) > 0 {
		out[0].Calls, out[0].Retries = u.Calls, u.Retries
	}
	return out
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
