package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// withFewest is the rate by the queue model with the fewest instances that were
// seen. Where a balancer looks for a free one, each of more instances takes more
// within the SLO than each of fewer does, and the count may go back. e is the rate
// with as many as run now, which the interval covers as well.
func (a *analysis) withFewest(e finding.Estimate, o slo.Objective, levels []level) finding.Estimate {
	few := fewest(levels)
	k := math.Round(few[0].k)
	if k < 1 || k >= math.Round(a.now()) {
		return e
	}
	top := few[len(few)-1].rate
	out, ok := a.with(few[0].k).queueModel(o, top)
	if !ok {
		// Too few minutes: what all of them say, of a fleet of that size.
		other := *a
		other.in.InstancesNow = int(k)
		out, ok = other.queueModel(o, top)
	}
	if !ok || !(out.Value < e.Value) {
		return e
	}
	out.Hi = max(out.Hi, e.Value)
	out.Why += sprintf(" That is with %.0f %s; each of %.0f takes up to %s, since requests find one that is free more often.", k, plural("instance", k), a.now(), figure(float64(e.Value)))
	return out
}
