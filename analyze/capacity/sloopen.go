package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// openRate turns the rate at which waiting clients meet a latency objective
// into the one at which independent users would. Clients who wait hold back
// while a queue lasts, so that their latency at a rate is lower than that of
// users who come regardless. The queue of the latter is computed from the work
// per request and the workers, and how a percentile follows the mean is taken
// from the test. ok is false when the capacity is not
// known, or the test's latencies do not tell.
func (a *analysis) openRate(o slo.Objective, levels []level) (finding.Estimate, bool) {
	limit, known := a.offeredCapacity()
	low := a.lowestStep()
	if !known || low == nil || !o.Metric.IsLatency() {
		return finding.Estimate{}, false
	}
	base, steep := a.percentileByMean(o, low)
	if base >= o.Limit || !(steep > 0) {
		return finding.Estimate{}, false
	}
	open, simulated := a.openModel(o, limit)
	if !simulated {
		open = a.openByMean(o, low, limit, base, steep)
	}
	value := open.Value
	own := ""
	if closed, at := a.closedRate(o, levels); at > 0 {
		value, own = min(value, closed), " Its own clients: "+lowerFirst(a.bracket(o, levels, at))
	}
	if !(value > 0) {
		return finding.Estimate{}, false
	}
	return finding.Estimate{
		Status: finding.Extrapolated, Unit: perInstance, Confidence: confidence, N: len(levels), Method: "open_queue", Query: "slo_crossing",
		Value: finding.Number(value), Lo: finding.Number(max(0, min(value, open.Lo))), Hi: finding.Number(max(value, open.Hi)), Current: finding.Missing(),
		Why: sprintf("The load was a number of clients who wait for their answers. Independent users queue more at the same rate: this is where the queue of random arrivals reaches %s, from %s at low load.", o, milliseconds(base)) + own,
	}, true
}

// openModel is the rate at which fleets that random arrivals are offered to reach
// the limit. No minute of the test says by how much a real queue is longer or
// shorter than the simulated one, nor which balancer there is, so that each counts
// as likely as before. ok is false where too few minutes tell what a request takes
// alone.
func (a *analysis) openModel(o slo.Objective, limit float64) (rate stat.Interval, ok bool) {
	q, ok := quantileOf(o.Metric)
	if !ok {
		return rate, false
	}
	s, ok := a.service(limit)
	if !ok || !(s.at[q] > 0) {
		return rate, false
	}
	m := latencyModel{q: q, shapes: a.shapes(s, shapeRequests, mostShapes)}
	base, total := make([]float64, len(gains())), 0.0
	for k := range base {
		base[k] = math.Log(s.at[q])
	}
	for i := range m.shapes {
		total += m.shapes[i].prior
	}
	for i := range m.shapes {
		m.weight, m.base = append(m.weight, scaled(around(gainSpread), m.shapes[i].prior/total)), append(m.base, base)
	}
	load, c := m.reaches(o.Limit), a.answers.Capacity
	if !(load.Value > 0) {
		return rate, false
	}
	rate.Value = load.Value * limit
	down := math.Hypot(math.Hypot(1-load.Lo/load.Value, leastModel), float64((c.Value-c.Lo)/c.Value))
	up := math.Hypot(math.Hypot(load.Hi/load.Value-1, leastModel), float64((c.Hi-c.Value)/c.Value))
	rate.Lo, rate.Hi = rate.Value*(1-down), rate.Value*(1+up)
	if load.Value >= shortQueue {
		rate.Hi = max(rate.Hi, limit*float64(c.Hi/c.Value))
	}
	return rate, true
}

// openByMean is the rate by a queue that is computed from the work per request and
// the workers, with how the percentile follows the mean taken from the test.
func (a *analysis) openByMean(o slo.Objective, low *step, limit, base, steep float64) stat.Interval {
	h := a.look()
	solve := func(pooled float64) float64 {
		x := a.answersOpen(h, low, limit, pooled)
		if x == nil {
			return 0
		}
		share := steep * a.waitScatter()
		quick := residence(x, min(low.offered*pooled, 0.5*x[len(x)-1]))
		from, to := 0.0, maxModelLoad*x[len(x)-1]
		for range 60 {
			if mid := (from + to) / 2; base+share*(residence(x, mid)-quick) < o.Limit {
				from = mid
			} else {
				to = mid
			}
		}
		return from / pooled
	}
	// A balancer that looks where requests are outstanding has the instances
	// share one queue, one that does not gives each its own.
	apart, together := solve(1), solve(max(1, math.Round(low.k)))
	value := (apart + together) / 2
	spread := openSpread * max(limit-value, leastOpen*value)
	return stat.Interval{Value: value, Lo: min(value, apart) - spread, Hi: max(value, together) + spread}
}

// noOpenRate says why openRate has no answer.
func (a *analysis) noOpenRate(o slo.Objective) string {
	if _, known := a.offeredCapacity(); known {
		return sprintf("The load was a number of clients who wait for their answers, and their latencies do not tell how those of independent users would grow on the way to %s.", o)
	}
	return sprintf("The load was a number of clients who wait for their answers, and without a capacity it cannot be said where independent users would miss %s.", o)
}

// closedRate is the rate at which the test's own clients missed the objective:
// independent users do not get further. at is the level that missed, 0 when
// they kept it.
func (a *analysis) closedRate(o slo.Objective, levels []level) (rate float64, at int) {
	fitted := monotone(levels)
	for i := range fitted {
		if i > 0 && !o.Met(math.Exp(fitted[i])) {
			return a.between(levels, fitted, o, i), i
		}
	}
	return 0, 0
}

// waitScatter is the share of the exponential model's wait that is expected:
// all of it on shared cores, less in front of a GPU or workers, whose service
// times scatter less.
func (a *analysis) waitScatter() float64 {
	if a.answers.Bottleneck.Value == "cpu" {
		return 1
	}
	return queueShare
}

// answersOpen are the rates at which n requests together are answered, with the
// capacity that was found, by so many instances as one; nil when latency does
// not tell.
func (a *analysis) answersOpen(h hidden, low *step, limit, pooled float64) []float64 {
	workers := a.in.Workers
	var net network
	switch {
	case h.ok:
		net = h.net
	case low.mean > 0:
		net = network{delay: low.mean}
	default:
		return nil
	}
	if workers == 0 && a.answers.Bottleneck.Value == "workers" {
		workers = max(1, int(math.Round(limit*net.alone())))
	}
	if workers == 0 {
		workers = 4*int(math.Ceil(limit*net.alone())) + freeWorkers
	}
	if pooled > 1 {
		stations := make([]station, len(net.stations))
		for i, s := range net.stations {
			stations[i] = station{demand: s.demand, servers: s.servers * pooled, inTurn: s.inTurn}
		}
		net.stations = stations
	}
	x := net.throughput(min(int(float64(workers)*pooled), maxPopulation))
	scale := limit * pooled / x[len(x)-1]
	for i := range x {
		// Only where the limit is near does the network's own one matter.
		x[i] *= 1 + (scale-1)*x[i]/x[len(x)-1]
	}
	return x
}

// percentileByMean is the objective's percentile at low load and by how much it
// rises with the mean: as the steps of the test show, and not less than for an
// exponential wait.
func (a *analysis) percentileByMean(o slo.Objective, low *step) (base, steep float64) {
	value := func(s *step) float64 {
		return a.median(s.used, func(i int) float64 { return a.objectiveValue(o, i) })
	}
	base = value(low)
	var x, y []float64
	for i := range a.steps {
		s := &a.steps[i]
		if s.clean && !s.warm && s.mean > 0 && known(value(s)) && value(s) <= openReach*o.Limit {
			x, y = append(x, s.mean), append(y, value(s))
		}
	}
	if line, ok := stat.TheilSen(x, y); ok {
		steep = line.Slope
	}
	share, ok := map[slo.Metric]float64{slo.P50: 0.5, slo.P90: 0.1, slo.P95: 0.05, slo.Mean: math.Exp(-1)}[o.Metric]
	if !ok {
		share = 0.01
	}
	return base, max(steep, -math.Log(share))
}
