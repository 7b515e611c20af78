package server

import (
	"regexp"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/statistic"
	"sizewise/ingest/simaws/server/wire"
)

// metric names one series.
type metric struct {
	Namespace string
	Name      string
	Dims      []account.Dim
}

// query is one MetricDataQuery.
type query struct {
	ID     string
	Label  string
	Metric metric
	Unit   string
	Stat   string
	Period int64 // seconds
	Hidden bool  // ReturnData is false
}

// dataRequest is GetMetricData's input.
type dataRequest struct {
	Start, End time.Time
	Queries    []query
	Ascending  bool
	Max        int
}

// queryID is the form that GetMetricData asks of an Id.
var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

func readMetric(p wire.Params) metric {
	m := metric{Namespace: p.String("Namespace"), Name: p.String("MetricName")}
	for _, d := range p.Structs("Dimensions") {
		m.Dims = append(m.Dims, account.Dim{Name: d.String("Name"), Value: d.String("Value")})
	}
	return m
}

// readDataRequest reads and checks GetMetricData's input, all but NextToken.
func readDataRequest(p wire.Params, o Options) (dataRequest, error) {
	r := dataRequest{Max: o.MaxDatapoints}
	var hasStart, hasEnd bool
	r.Start, hasStart = p.Time("StartTime")
	r.End, hasEnd = p.Time("EndTime")
	queries := p.Structs("MetricDataQueries")
	scanBy := p.String("ScanBy")
	limit, limited := p.Int("MaxDatapoints")
	if err := p.Err(); err != nil {
		return r, err
	}
	switch {
	case !hasStart:
		return r, missing("StartTime")
	case !hasEnd:
		return r, missing("EndTime")
	case len(queries) == 0:
		return r, missing("MetricDataQueries")
	case len(queries) > o.MaxQueries:
		return r, validation("The collection MetricDataQueries must not have a size greater than %d.", o.MaxQueries)
	case !r.Start.Before(r.End):
		return r, validation("The parameter StartTime must be less than the parameter EndTime.")
	case scanBy != "" && scanBy != "TimestampAscending" && scanBy != "TimestampDescending":
		return r, validation("The value %s for parameter ScanBy is invalid.", scanBy)
	case limited && (limit < 1 || limit > 100_800):
		return r, validation("The value %d for parameter MaxDatapoints is not between 1 and 100800.", limit)
	}
	r.Ascending = scanBy == "TimestampAscending"
	if limited {
		r.Max = min(r.Max, int(limit))
	}
	for _, q := range queries {
		one, err := readQuery(q)
		if err != nil {
			return r, err
		}
		if slices.ContainsFunc(r.Queries, func(other query) bool { return other.ID == one.ID }) {
			return r, validation("The values for parameter id in MetricDataQueries must be unique; %s is not.", one.ID)
		}
		r.Queries = append(r.Queries, one)
	}
	return r, nil
}

// readQuery reads and checks one MetricDataQuery.
func readQuery(p wire.Params) (query, error) {
	q := query{ID: p.String("Id"), Label: p.String("Label")}
	if returned, set := p.Bool("ReturnData"); set && !returned {
		q.Hidden = true
	}
	if !queryID.MatchString(q.ID) {
		return q, validation("The value %q for parameter %s is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.", q.ID, p.Path("Id"))
	}
	if p.Has("Expression") == p.Has("MetricStat") {
		return q, validation("%s must have exactly one of Expression and MetricStat.", p.Path("Id"))
	}
	if p.Has("Expression") {
		return q, validation("%s: the simulated AWS does not evaluate expressions; ask for the metrics by MetricStat.", p.Path("Expression"))
	}
	stat := p.Struct("MetricStat")
	q.Metric = readMetric(stat.Struct("Metric"))
	q.Unit = stat.String("Unit")
	q.Stat = stat.String("Stat")
	period, ok := stat.Int("Period")
	q.Period = period
	if err := p.Err(); err != nil {
		return q, err
	}
	switch {
	case q.Metric.Namespace == "" || q.Metric.Name == "":
		return q, validation("%s must have a Namespace and a MetricName.", stat.Path("Metric"))
	case len(q.Metric.Dims) > 30:
		return q, validation("The collection %s must not have a size greater than 30.", stat.Path("Metric.Dimensions"))
	case !ok || !legalPeriod(q.Period):
		return q, validation("The value %d for parameter %s is not one of 1, 5, 10, 20, 30 or a multiple of 60.", q.Period, stat.Path("Period"))
	}
	if _, err := statistic.Parse(q.Stat); err != nil {
		return q, validation("The value %s for parameter %s is not supported.", q.Stat, stat.Path("Stat"))
	}
	return q, nil
}
