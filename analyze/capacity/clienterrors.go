package capacity

import (
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// clientShare is what the data says about 4xx: malformed requests come at
// every load and no number of instances helps, throttling and timeouts rise
// with it.
type clientShare struct {
	all        float64 // 4xx over requests, whole test
	hits, seen float64
	base, top  float64 // share at low load and in the step with the highest
	rises      bool    // beyond doubt
}

// findClientShare compares every step's share of 4xx with that of the lowest
// third of the steps, or as many as hold enough requests.
func (a *analysis) findClientShare() {
	c := &a.client
	order := a.byRate()
	low, lowSeen, n := 0.0, 0.0, 0
	for j, i := range order {
		hits, trials := a.clientErrorsOf(&a.steps[i])
		c.hits, c.seen = c.hits+hits, c.seen+trials
		if 3*j < len(order) || lowSeen < minOnset {
			low, lowSeen, n = low+hits, lowSeen+trials, j+1
		}
	}
	c.all = ratio(c.hits, c.seen)
	base := stat.Wilson(low, lowSeen, confidence)
	c.base, c.top = ratio(low, lowSeen), ratio(low, lowSeen)
	for _, i := range order[n:] {
		hits, trials := a.clientErrorsOf(&a.steps[i])
		w := stat.Wilson(hits, trials, confidence)
		if trials >= minOnset && w.Value > c.top {
			c.top = w.Value
		}
		c.rises = c.rises || (trials >= minOnset && w.Lo > clientGrowth*base.Hi+clientErrors/2)
	}
}

// clientErrorsOf counts 4xx and requests over all of the step's buckets.
func (a *analysis) clientErrorsOf(s *step) (hits, trials float64) {
	for _, i := range s.all {
		hits += zeroIfNaN(a.minutes[i].Errors4XX)
		trials += a.minutes[i].Invocations
	}
	return hits, trials
}

// risen is the part of bucket i's 4xx that comes with the load, the only part
// that an objective can be sized by.
func (a *analysis) risen(i int) float64 {
	if !a.client.rises {
		return 0
	}
	return max(0, a.buckets[i].client-a.client.base)
}

// idle reports whether the objective does not depend on the load, as 4xx that
// come at every load do not.
func (a *analysis) idle(o slo.Objective) bool {
	return o.Metric == slo.Errors4XX && !a.client.rises
}

// sizingObjectives are those of the SLO that depend on the load.
func (a *analysis) sizingObjectives() []slo.Objective {
	var out []slo.Objective
	for _, o := range a.in.SLO.Objectives {
		if !a.idle(o) {
			out = append(out, o)
		}
	}
	return out
}

// brokenByClients is the error objective that client errors alone break at
// every load, beyond doubt. ok is false when there is none.
func (a *analysis) brokenByClients() (o slo.Objective, ok bool) {
	share := stat.Wilson(a.client.hits, a.client.seen, confidence).Lo
	if a.client.rises {
		share = a.client.base
	}
	for _, o := range a.in.SLO.Objectives {
		counts := o.Metric == slo.Errors || o.Metric == slo.Errors4XX
		if counts && a.client.seen > 0 && !o.Met(share) {
			return o, true
		}
	}
	return slo.Objective{}, false
}
