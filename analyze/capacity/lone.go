package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// lone is the time that a request takes when it meets no other, seconds per
// offered request, by a simulation of the fleet with its known workers.
type lone struct {
	seconds stat.Interval
	ok      bool
}

// findLone lays simulated fleets over the mean latencies of all minutes. The
// workers' rate is their number over the time of a lone request, so that one
// number says both where the latency begins and how steeply it rises, and every
// minute has a say in it. The balancer, and by how much a real queue is longer or
// shorter than the simulated one, are taken for all that they may be.
func (a *analysis) findLone() lone {
	w, low := a.in.Workers, a.lowestStep()
	if w == 0 || w > mostLone || low == nil || a.closedLoop {
		return lone{}
	}
	r := a.readings(0, 1)
	if len(r.y) < minModelReadings {
		return lone{}
	}
	r.load, r.y, r.weight = thinned(r.load, mostReadings), thinned(r.y, mostReadings), thinned(r.weight, mostReadings)
	s, ok := a.service(float64(w) / low.mean)
	if !ok || s.cpu+s.gpu > mostComputed {
		return lone{}
	}
	var all []weighed
	var logs []float64
	best := math.Inf(-1)
	for _, sh := range a.shapes(s, roughRequests, mostShapes) {
		for g := leastScale; g < mostScale; g += scaleStep {
			l := math.Log(sh.prior) + r.scaled(&sh, g, math.Log(s.at[0]))
			all, logs = append(all, weighed{value: s.at[0] * g}), append(logs, l)
			best = max(best, l)
		}
	}
	for i := range all {
		all[i].weight = math.Exp(logs[i] - best)
	}
	return lone{summary(all), true}
}

// scaled is the log likelihood of the readings where lone requests take g times
// as long as the shape's, whose logarithm is given: rates are then that much
// nearer to the limit.
func (r *readings) scaled(s *shape, g, base float64) float64 {
	prior := around(gainSpread)
	rss, least := make([]float64, len(prior)), math.Inf(1)
	for k, gain := range gains() {
		for i, rate := range r.load {
			rise := between(s.typical, r.q, rate*g/s.limit)
			rss[k] += sq((r.y[i] - base - math.Log(g) - math.Log1p(gain*(rise-1))) * r.weight[i])
		}
		least = min(least, rss[k])
	}
	n := loneTrust * float64(len(r.y))
	sum := 0.0
	for k := range rss {
		sum += prior[k] * math.Exp(-n/2*math.Log(rss[k]/least))
	}
	return math.Log(sum) - n/2*math.Log(least)
}

// thinned keeps so many of a list at most, evenly over it.
func thinned[T any](all []T, most int) []T {
	if len(all) <= most {
		return all
	}
	out := make([]T, most)
	for i := range out {
		out[i] = all[i*len(all)/most]
	}
	return out
}
