package capacity

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// queueModel extends a latency beyond the highest rate that was seen: it
// simulates a fleet with the cores, GPUs and workers that are known and with
// the work per request that the latencies at low load show, lays the rise of
// its latencies over those of all minutes, and reads off where the limit is
// reached. What is not known, such as the balancer, is taken for each that it
// may be, with the weight that the minutes give it.
func (a *analysis) queueModel(o slo.Objective, top float64) (finding.Estimate, bool) {
	q, ok := quantileOf(o.Metric)
	capacity, known := a.offeredCapacity()
	if !ok || !known {
		return finding.Estimate{}, false
	}
	m, ok := a.modelFor(q, capacity)
	if !ok {
		return finding.Estimate{}, false
	}
	rate := m.reaches(o.Limit)
	if !(rate.Value > 0) {
		return finding.Estimate{}, false
	}
	c := a.answers.Capacity
	value, least := rate.Value*capacity, 0.0
	if !a.workDrifts() {
		// What was kept in a step can be kept; where the work drifts, only with
		// the work that it then was.
		value, least = max(top, value), top*boundSafety
	}
	far := modelShape * max(0, value-top)
	down := math.Hypot(math.Hypot(value*(1-rate.Lo/rate.Value), leastModel*value), math.Hypot(far, value*float64(c.Value-c.Lo)/float64(c.Value)))
	up := math.Hypot(math.Hypot(value*(rate.Hi/rate.Value-1), leastModel*value), math.Hypot(far, value*float64(c.Hi-c.Value)/float64(c.Value)))
	if value >= shortQueue*capacity {
		up = max(up, capacity*float64(c.Hi/c.Value)-value)
	}
	return finding.Estimate{
		Status: finding.Extrapolated, Unit: perInstance, Confidence: confidence, N: len(m.own.y), Method: "queue_model", Query: "slo_crossing",
		Value: finding.Number(value), Lo: finding.Number(max(least, value-down)), Hi: finding.Number(value + up), Current: finding.Missing(),
		Why: sprintf("No step missed %s: a simulation of this fleet, laid over the latencies of %d minutes, reaches it at %s of the capacity; the highest rate seen is %s requests/s per instance.", o, len(m.own.y), percent(value/capacity), figure(top)),
	}, true
}

// workDrifts reports whether the work per request moved over the window as the
// latency did.
func (a *analysis) workDrifts() bool {
	d := a.nearest()
	return d != nil && d.drift.clocked
}

// driftedCrossing is the crossing where load steps cannot be compared: each saw
// other work per request. The simulated fleet is laid over all their minutes,
// the drift taken out, and stands for the mean work. ok is false where the work
// did not drift or no capacity was extrapolated.
func (a *analysis) driftedCrossing(o slo.Objective, levels []level, at int) (finding.Estimate, bool) {
	if !o.Metric.IsLatency() || a.closedLoop || !a.workDrifts() || a.answers.Capacity.Status != finding.Extrapolated {
		return finding.Estimate{}, false
	}
	e, ok := a.queueModel(o, levels[at-1].rate)
	e.Why = sprintf("The work per request moved during the window, so that load steps cannot be compared (%s): a simulation of this fleet, laid over the latencies of %d minutes, reaches the limit here with the mean work.",
		lowerFirst(strings.TrimSuffix(a.bracket(o, levels, at), ".")), e.N)
	return e, ok
}

// latencyModel is what a fleet's latency does with its load.
type latencyModel struct {
	q      int
	own    readings // of the latency that is asked for
	shapes []shape
	weight [][]float64 // per shape and gain, 1 in all
	base   [][]float64 // log latency without load
	err    float64     // standard error of base
}

// modelFor fits the rise of latency q.
func (a *analysis) modelFor(q int, capacity float64) (latencyModel, bool) {
	mean, own := a.readings(0, capacity), a.readings(q, capacity)
	if len(mean.y) < minModelReadings || len(own.y) < minOwnReadings {
		return latencyModel{}, false
	}
	terms := 0
	if len(own.y) >= minDriftPoints && trendShare(own.at, own.load) <= latencyTrend && trendShare(mean.at, mean.load) <= latencyTrend {
		terms = waveTerms
	}
	s, ok := a.service(capacity)
	if !ok {
		return latencyModel{}, false
	}
	shapes := a.shapes(s, roughRequests, 1)
	s = a.refined(s, &shapes[0], capacity, terms)
	m := latencyModel{q: q, own: own, shapes: a.shapes(s, shapeRequests, mostShapes)}
	m.weigh(mean, terms)
	return m, true
}

// weigh finds the weight of each shape and gain: first by the mean latency,
// whose rise is known best, then by the latency itself, whose gain is near that
// of the mean.
func (m *latencyModel) weigh(mean readings, terms int) {
	var means, owns []gainFit
	for i := range m.shapes {
		means = append(means, mean.fit(&m.shapes[i], terms))
		owns = append(owns, m.own.fit(&m.shapes[i], terms))
	}
	least := func(x, y gainFit) int { return cmp.Compare(x.rss[x.best], y.rss[y.best]) }
	leastMean, leastOwn := slices.MinFunc(means, least), slices.MinFunc(owns, least)
	total := 0.0
	for i := range m.shapes {
		w, evidence := product(means[i].likelihoods(leastMean), around(gainSpread))
		if m.q != 0 {
			var own float64
			w, own = product(owns[i].likelihoods(leastOwn), blurred(w, gainBlur))
			w = scaled(w, evidence)
			evidence *= own
		}
		scaled(w, m.shapes[i].prior)
		total += evidence * m.shapes[i].prior
		m.weight = append(m.weight, w)
		m.base = append(m.base, owns[i].base)
	}
	for _, w := range m.weight {
		scaled(w, 1/total)
	}
	m.err = leastOwn.err
}

// reaches is the load, over the capacity, at which the latency reaches a limit.
func (m *latencyModel) reaches(limit float64) stat.Interval {
	var all []weighed
	for i := range m.shapes {
		for k, gain := range gains() {
			if w := m.weight[i][k]; w > 1e-6 {
				for _, side := range []float64{-1.2, 0, 1.2} { // of equal weight they have the variance of 1
					all = append(all, weighed{m.solve(i, limit/math.Exp(m.base[i][k]+side*m.err), gain), w / 3})
				}
			}
		}
	}
	return summary(all)
}

// solve is the load at which shape i, by that gain, has risen by a factor.
func (m *latencyModel) solve(i int, factor, gain float64) float64 {
	lo, hi := 0.0, maxModelLoad
	for range 40 {
		if mid := (lo + hi) / 2; 1+gain*(between(m.shapes[i].median, m.q, mid)-1) < factor {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// readings are the minutes in which latency q means something.
func (a *analysis) readings(q int, capacity float64) readings {
	r := readings{q: q}
	metric := []slo.Metric{slo.Mean, slo.P50, slo.P90, slo.P95, slo.P99}[q]
	factor := a.workFactors()
	var index []int
	for i := range a.minutes {
		m := &a.minutes[i]
		v := a.objectiveValue(slo.Objective{Metric: metric}, i)
		if !m.Usable || !(v > 0) || !(a.buckets[i].offered > 0) {
			continue
		}
		index = append(index, i)
		r.load = append(r.load, a.buckets[i].offered*factor[i]/capacity)
		r.y = append(r.y, math.Log(v))
		r.weight = append(r.weight, math.Sqrt(m.Invocations))
	}
	r.at = a.times(index)
	return r
}

// workFactors are the work per request of each bucket over its mean.
func (a *analysis) workFactors() []float64 {
	out := make([]float64, len(a.buckets))
	d, n := a.nearest(), 0
	for i := range out {
		out[i] = 1
		if d != nil && d.drift.factor != nil {
			for n+1 < len(d.index) && d.index[n+1] <= i {
				n++
			}
			out[i] = d.drift.factor[n]
		}
	}
	return out
}

// service is what a request takes alone, by the minutes with least load.
func (a *analysis) service(capacity float64) (alone, bool) {
	var s alone
	for q := range s.at {
		r := a.readings(q, capacity)
		if len(r.y) < minOwnReadings || q == 0 && len(r.y) < minModelReadings {
			s.at[q] = math.NaN()
			continue
		}
		order := slices.Clone(r.load)
		slices.Sort(order)
		quick := order[len(order)/4]
		var low []float64
		for i, v := range r.y {
			if r.load[i] <= quick {
				low = append(low, v)
			}
		}
		s.at[q] = math.Exp(stat.Median(low))
	}
	if !(s.at[0] > 0) {
		return s, false
	}
	a.spend(&s)
	return s, true
}

// spend splits the time of a request alone by the lines of CPU and GPU. One
// that finishes in less time than it computes spreads over several cores.
func (a *analysis) spend(s *alone) {
	s.cpu, s.gpu, s.workers = 0, 0, a.workersAtLimit(s.at[0])
	for _, d := range a.demands {
		if !d.matters() {
			continue
		}
		share := d.line.Slope / s.at[0]
		switch d.name {
		case "cpu":
			s.cpu, s.cores = share, d.limit-max(0, d.line.Intercept)
		case "gpu":
			s.gpu, s.devices = share, int(d.limit)
		}
	}
	if work := s.cpu + s.gpu; work > 1 {
		s.cpu, s.gpu, s.cores = s.cpu/work, s.gpu/work, s.cores/work
	}
	s.wait = 1 - s.cpu - s.gpu
	if s.wait < waitSlack {
		s.cpu, s.gpu, s.wait = s.cpu/(1-s.wait), s.gpu/(1-s.wait), 0
	}
}

// workersAtLimit is the number of workers: as the container says, or by Little's
// law where they are what was full on the plateau. 0 is without limit.
func (a *analysis) workersAtLimit(aloneSeconds float64) int {
	b, c := a.answers.Bottleneck, a.answers.Capacity
	if a.in.Workers > 0 || b.Status != finding.Measured || b.Value != "workers" || c.Status != finding.Measured {
		return a.in.Workers
	}
	return max(1, int(math.Round(float64(c.Value)*aloneSeconds)))
}

// refined is the service without what a first shape takes for queueing.
func (a *analysis) refined(s alone, first *shape, capacity float64, terms int) alone {
	for q := range s.at {
		if !(s.at[q] > 0) {
			continue
		}
		r := a.readings(q, capacity)
		f := r.fit(first, terms)
		w, sum := product(f.likelihoods(f), around(gainSpread))
		base := 0.0
		for k := range w {
			base += w[k] / sum * f.base[k]
		}
		s.at[q] = math.Exp(base)
	}
	a.spend(&s)
	return s
}
