package capacity

import (
	"math"
	"math/rand/v2"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// crossing interpolates between the last step that meets o and the first that
// does not.
func (a *analysis) crossing(o slo.Objective, levels []level, at int) finding.Estimate {
	value := a.between(levels, monotone(levels), o, at)
	iv := stat.Bootstrap(bootstrapRuns, bootstrapSeed, confidence, func(r *rand.Rand) float64 {
		again := make([]level, len(levels))
		for i, l := range levels {
			l.values = stat.Resample(r, l.values)
			l.value = stat.Median(l.values)
			again[i] = l
		}
		fitted, n := monotone(again), 0
		for n < len(again) && o.Met(math.Exp(fitted[n])) {
			n++
		}
		if n == 0 || n == len(again) {
			return math.NaN()
		}
		return a.between(again, fitted, o, n)
	})
	lower, upper := levels[at-1].rate, levels[at].rate
	half := crossingHalf(value, lower, upper, iv)
	e := finding.Estimate{
		Status: finding.Measured, Unit: perInstance, Confidence: confidence, Method: "isotonic", Query: "slo_crossing",
		Value: finding.Number(value), Current: finding.Missing(),
		Lo:  finding.Number(max(0, value-crossingDown*half)),
		Hi:  finding.Number(value + crossingUp*half),
		Why: a.bracket(o, levels, at),
	}
	if !o.Metric.IsLatency() {
		// An error ratio may jump anywhere between the two steps.
		e.Lo, e.Hi = finding.Number(min(lower, upper, value)), finding.Number(max(lower, upper, value))
	}
	if low, high := overlap(o, a.shownLike(o, levels)); low < high {
		e.Lo, e.Hi = min(e.Lo, finding.Number(low)), max(e.Hi, finding.Number(high))
		e.Why += sprintf(" Load steps disagree: one at %s requests/s missed it and one at %s kept it, and the interval covers both.", figure(low), figure(high))
	}
	if a.hot.excess > 0 {
		e.Why += " It is the fleet's rate over its instances, as observed: the slowest one's answers are among those judged."
	}
	if a.closedLoop {
		e.Lo = min(e.Lo, finding.Number(lower))
		e.Why += " Waiting clients queue less than independent users would: the lower end is the step that kept the SLO."
	}
	for _, l := range levels {
		e.N += len(l.values)
	}
	return e
}

// overloaded is the crossing where the level that missed was overloaded and its
// latency is that of a full queue: the simulated fleet says where between the two
// the limit is reached. ok is false where it does not apply.
func (a *analysis) overloaded(o slo.Objective, levels []level, at int) (finding.Estimate, bool) {
	if !a.isOverloaded(levels[at]) || a.closedLoop || a.batching() {
		return finding.Estimate{}, false
	}
	lower, upper := levels[at-1].rate, levels[at].rate
	e, ok := a.with(levels[at].k).queueModel(o, lower)
	if !ok {
		return e, false
	}
	e.Status, e.Value = finding.Measured, finding.Number(min(upper, float64(e.Value)))
	e.Hi = max(e.Hi, e.Value)
	if low, high := overlap(o, a.shownLike(o, levels)); low < high {
		e.Lo, e.Hi = min(e.Lo, finding.Number(low)), max(e.Hi, finding.Number(high))
	}
	e.Why = a.bracket(o, levels, at) + " The upper step was overloaded, and its latency is that of a full queue: the rate between them is read off a simulation of this fleet, laid over the latencies of all minutes."
	return e, true
}

// isOverloaded reports whether the queue grew in the level: it was saturated, or
// had the whole capacity offered to it for too few minutes to refuse any.
func (a *analysis) isOverloaded(l level) bool {
	capacity, ok := a.offeredCapacity()
	return l.saturated || ok && l.rate >= overloadedFrom*capacity
}

// with is the analysis with the minutes of so many instances alone.
func (a *analysis) with(instances float64) *analysis {
	out := *a
	out.minutes = slices.Clone(a.minutes)
	for i := range out.minutes {
		out.minutes[i].Usable = out.minutes[i].Usable && a.buckets[i].k == instances
	}
	out.in.InstancesNow = int(instances)
	return &out
}

// bracket names the two levels next to the crossing. Beyond the limit waiting
// clients change the latency and not the rate: then the mildest miss at that
// rate is the one next to it.
func (a *analysis) bracket(o slo.Objective, levels []level, at int) string {
	kept, missed := levels[at-1], levels[at]
	for _, l := range levels[at:] {
		if math.Abs(l.rate-missed.rate) <= stallRate*missed.rate && !o.Met(l.value) && (o.Met(missed.value) || l.value < missed.value) {
			missed = l
		}
	}
	return sprintf("Bracketed: %s at %s requests/s per instance, %s at %s.", show(o, kept.value), figure(kept.rate), show(o, missed.value), figure(missed.rate))
}

// shownLike are the shown levels, those with as many instances alone where only such
// are judged.
func (a *analysis) shownLike(o slo.Objective, levels []level) []level {
	var out []level
	least, most := levels[0].k, levels[0].k
	for _, l := range levels {
		least, most = min(least, l.k), max(most, l.k)
	}
	for _, l := range a.shown(o) {
		if least < most || l.k == least {
			out = append(out, l)
		}
	}
	return out
}

// overlap is the lowest rate that missed o and the highest that kept it: in
// order when more load was never faster. Overloaded steps all stand at the
// capacity and do not take part.
func overlap(o slo.Objective, levels []level) (missed, kept float64) {
	missed = math.Inf(1)
	for _, l := range levels {
		switch {
		case o.Met(l.value):
			kept = max(kept, l.rate)
		case !l.saturated:
			missed = min(missed, l.rate)
		}
	}
	return missed, kept
}

// crossingHalf is half the interval of a rate that was found between two
// steps: the scatter of their few minutes by the bootstrap, which knows too
// little of it; the shape of the curve between them; and what a minute's own
// percentile is off by. The rate may lie outside the bracket, since the steps
// that make it scatter too.
func crossingHalf(value, lower, upper float64, iv stat.Interval) float64 {
	scatter := upper - lower
	if known(iv.Lo) {
		scatter = scatterFactor * halfWidth(iv)
	}
	return math.Hypot(math.Hypot(scatter, bracketShape*(upper-lower)), leastCrossing*value)
}

// between is the rate between levels at-1 and at at which the limit is
// reached. Where the upper step is overloaded its latency is that of a full
// queue and says nothing of the way up: then the queueing curve through the
// lower steps is asked. Else the two share: the straight line knows the two
// steps, the curve all of them.
func (a *analysis) between(levels []level, fitted []float64, o slo.Objective, at int) float64 {
	straight := interpolate(levels, fitted, o, at)
	capacity, ok := a.offeredCapacity()
	if !o.Metric.IsLatency() {
		return straight
	}
	if !ok || at < minModelSteps && (!levels[at].saturated || at < minFewest) {
		if at >= 2 && a.isOverloaded(levels[at]) {
			return (straight + min(levels[at].rate, onward(levels, fitted, o, at))) / 2
		}
		return straight
	}
	through := levels[:at]
	if !levels[at].saturated {
		through = levels[:at+1]
	}
	rate, ok := bestQueue(through, capacity, o.Limit)
	if !ok {
		return straight
	}
	rate = min(levels[at].rate, max(levels[at-1].rate, rate))
	if levels[at].saturated {
		return rate
	}
	return (straight + rate) / 2
}

// onward is where the logarithm of the latency would reach the limit if it went on
// rising as between the two levels before at. It bends upwards, so that the limit
// is reached before; and after where the line to a level beyond reaches it.
func onward(levels []level, fitted []float64, o slo.Objective, at int) float64 {
	slope := (fitted[at-1] - fitted[at-2]) / (levels[at-1].rate - levels[at-2].rate)
	if !(slope > 0) {
		return math.Inf(1)
	}
	return levels[at-1].rate + (math.Log(o.Limit)-fitted[at-1])/slope
}

// offeredCapacity is the capacity of the average instance in offered requests,
// 4xx among them, as the rates of the levels are. ok is false when it is not
// known.
func (a *analysis) offeredCapacity() (float64, bool) {
	c := a.answers.Capacity
	if c.Status != finding.Measured && c.Status != finding.Extrapolated {
		return 0, false
	}
	offered := float64(c.Value) * (1 + a.hot.excess) / (1 - a.client.all)
	return offered, offered > 0 && known(offered)
}

// interpolate is the rate at which the fitted log value reaches the limit,
// between levels at-1 and at.
func interpolate(levels []level, fitted []float64, o slo.Objective, at int) float64 {
	x0, x1 := levels[at-1].rate, levels[at].rate
	y0, y1 := fitted[at-1], fitted[at]
	if !(y1 > y0) {
		return x0
	}
	t := (math.Log(o.Limit) - y0) / (y1 - y0)
	return x0 + min(1, max(0, t))*(x1-x0)
}
