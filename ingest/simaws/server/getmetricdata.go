package server

import (
	"math"
	"slices"
	"time"

	"sizewise/ingest/simaws/server/statistic"
	"sizewise/ingest/simaws/server/wire"
)

// column is one query on its way through the pages: the bins that are still to
// be returned, in the order of the scan.
type column struct {
	query  query
	index  int // its place in the request
	label  string
	stat   statistic.Stat
	series *series // nil when nothing is there
	bins   []bin
	from   int    // bins before this one are on earlier pages
	next   int    // bins before this one are on this page or earlier
	status string // "" unless scripted
}

// getMetricData answers GetMetricData. Pages follow time, in the direction of
// the scan, through all queries at once: a page that ends early leaves every
// query with PartialData whose points go on.
func (s *Server) getMetricData(c *call) (wire.Object, error) {
	r, err := readDataRequest(c.Params, s.opt)
	if err != nil {
		return nil, err
	}
	came := c.Params.String("NextToken")
	at, ok := c.resume(came, r)
	if !ok {
		return nil, invalidToken(c.Service)
	}
	if !s.quota.allowDatapoints(requested(r), c.now.Sub(r.Start) <= keepHighResolution, c.wall) {
		return nil, throttled(c.Service)
	}
	if next, ok := c.held(came, at); ok {
		return wire.Object{{Name: "MetricDataResults", Value: []wire.Object{}}, {Name: "NextToken", Value: next}}, nil
	}
	columns, err := s.columns(c, r)
	if err != nil {
		return nil, err
	}
	if came != "" {
		columns = unfinished(columns, at, r.Ascending)
	}
	limit := r.Max
	if _, ok := c.fault(Partial); ok {
		limit = max(1, min(limit, remaining(columns)/2))
	}
	fill(columns, limit, r.Ascending)
	out := wire.Object{{Name: "MetricDataResults", Value: results(columns)}}
	s.metrics.touched(columns)
	if start, first := head(columns, r.Ascending); first != nil {
		at.Position, at.Item = start, first.index
		out = out.With("NextToken", at.encode())
	}
	if _, ok := c.fault(Message); ok {
		out = out.With("Messages", []wire.Object{{
			{Name: "Code", Value: "MaxMetricsExceeded"},
			{Name: "Value", Value: "Maximum number of allowed metrics exceeded"},
		}})
	}
	return out, nil
}

// requested is how many data points a request asks for, as quotas count.
func requested(r dataRequest) int {
	total := 0.0
	for _, q := range r.Queries {
		total += math.Ceil(r.End.Sub(r.Start).Seconds() / float64(q.Period))
	}
	return int(min(total, math.MaxInt32))
}

// columns resolves the queries and cuts their points into bins.
func (s *Server) columns(c *call, r dataRequest) ([]*column, error) {
	var out []*column
	several := severalStats(r.Queries)
	omitted, omit := c.fault(Message)
	for i, q := range r.Queries {
		if q.Hidden || (omit && omitted.meant(q.ID, q.Metric.Namespace, q.Metric.Name)) {
			continue
		}
		stat, err := statistic.Parse(q.Stat)
		if err != nil {
			return nil, validation("The value %s for parameter Stat is not supported.", q.Stat)
		}
		col := &column{query: q, index: i, label: labelOf(q, several), stat: stat, status: c.queryStatus(q)}
		if col.status == "" {
			col.series = s.metrics.find(q.Metric, q.Unit)
			col.bins = keptBins(col.series, r.Start, r.End, time.Duration(q.Period)*time.Second, c.now)
		}
		if !r.Ascending {
			slices.Reverse(col.bins)
		}
		out = append(out, col)
	}
	return out, nil
}

// keptBins is the bins of a window, oldest first; none when the series does not
// exist or its points of that period are gone.
func keptBins(from *series, start, end time.Time, period time.Duration, now time.Time) []bin {
	begin := roundStart(start, now, period)
	if from == nil || !kept(begin, now, period) {
		return nil
	}
	if limit := oldest(now); begin.Before(limit) {
		periods := limit.Sub(begin)/period + 1
		begin = begin.Add(periods * period)
	}
	return from.bins(begin, end, period, now)
}

// queryStatus is the scripted StatusCode of a query, "" when there is none.
func (c *call) queryStatus(q query) string {
	for _, f := range c.faults {
		if !f.meant(q.ID, q.Metric.Namespace, q.Metric.Name) {
			continue
		}
		if f.Action == FailQuery {
			return "InternalError"
		}
		if f.Action == ForbidQuery {
			return "Forbidden"
		}
	}
	return ""
}

// severalStats reports whether queries differ in their statistic: then default
// labels name it.
func severalStats(queries []query) bool {
	for _, q := range queries {
		if q.Stat != queries[0].Stat {
			return true
		}
	}
	return false
}

func labelOf(q query, several bool) string {
	switch {
	case q.Label != "":
		return q.Label
	case several:
		return q.Metric.Name + " " + q.Stat
	}
	return q.Metric.Name
}
