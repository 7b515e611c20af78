package server

import (
	"time"

	"sizewise/ingest/simaws/server/statistic"
	"sizewise/ingest/simaws/server/wire"
)

// maxStatisticsPoints is how many points GetMetricStatistics returns.
const maxStatisticsPoints = 1440

// statisticsRequest is GetMetricStatistics' input.
type statisticsRequest struct {
	Metric     metric
	Start, End time.Time
	Period     time.Duration
	Basic      []string
	Extended   []string
	Unit       string
}

// getMetricStatistics answers GetMetricStatistics. AWS promises no order; this
// one comes in the order of time.
func (s *Server) getMetricStatistics(c *call) (wire.Object, error) {
	r, err := readStatisticsRequest(c.Params)
	if err != nil {
		return nil, err
	}
	series := s.metrics.find(r.Metric, r.Unit)
	points := []wire.Object{}
	for _, b := range keptBins(series, r.Start, r.End, r.Period, c.now) {
		set := series.set(b.span)
		if set.Empty() {
			continue
		}
		point := wire.Object{{Name: "Timestamp", Value: time.UnixMilli(b.start).UTC()}}
		if point, err = appendStatistics(point, set, r.Basic); err != nil {
			return nil, err
		}
		extended, err := appendStatistics(nil, set, r.Extended)
		if err != nil {
			return nil, err
		}
		if len(extended) > 0 {
			point = point.With("ExtendedStatistics", wire.Map(extended))
		}
		points = append(points, point.With("Unit", seriesUnit(series.Unit)))
	}
	return wire.Object{{Name: "Label", Value: r.Metric.Name}, {Name: "Datapoints", Value: points}}, nil
}

func appendStatistics(o wire.Object, set *statistic.Set, names []string) (wire.Object, error) {
	for _, name := range names {
		stat, err := statistic.Parse(name)
		if err != nil {
			return nil, invalidValue("The value %s for parameter Statistics is not supported.", name)
		}
		if v, ok := stat.Of(set); ok {
			o = o.With(name, v)
		}
	}
	return o, nil
}

// readStatisticsRequest reads and checks GetMetricStatistics' input.
func readStatisticsRequest(p wire.Params) (statisticsRequest, error) {
	r := statisticsRequest{
		Metric:   readMetric(p),
		Basic:    p.Strings("Statistics"),
		Extended: p.Strings("ExtendedStatistics"),
		Unit:     p.String("Unit"),
	}
	start, hasStart := p.Time("StartTime")
	end, hasEnd := p.Time("EndTime")
	period, hasPeriod := p.Int("Period")
	r.Start, r.End, r.Period = start, end, time.Duration(period)*time.Second
	if err := p.Err(); err != nil {
		return r, err
	}
	switch {
	case r.Metric.Namespace == "":
		return r, missing("Namespace")
	case r.Metric.Name == "":
		return r, missing("MetricName")
	case !hasStart:
		return r, missing("StartTime")
	case !hasEnd:
		return r, missing("EndTime")
	case !hasPeriod:
		return r, missing("Period")
	case !legalPeriod(period):
		return r, invalidValue("The parameter Period must be a value of 1, 5, 10, 20, 30 or a multiple of 60.")
	case !start.Before(end):
		return r, invalidCombination("The parameter StartTime must be less than the parameter EndTime.")
	case len(r.Basic)+len(r.Extended) == 0:
		return r, invalidCombination("Must specify either Statistics or ExtendedStatistics.")
	}
	if n := (end.Sub(start) + r.Period - 1) / r.Period; n > maxStatisticsPoints {
		return r, invalidCombination("You have requested up to %d datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n)
	}
	return r, checkStatistics(r)
}

// checkStatistics holds each statistic to the parameter that it belongs in.
func checkStatistics(r statisticsRequest) error {
	for _, name := range r.Basic {
		if stat, err := statistic.Parse(name); err != nil || stat.Extended() {
			return invalidValue("The value %s for parameter Statistics is not supported.", name)
		}
	}
	for _, name := range r.Extended {
		if stat, err := statistic.Parse(name); err != nil || !stat.Extended() {
			return invalidValue("The value %s for parameter ExtendedStatistics is not supported.", name)
		}
	}
	return nil
}
