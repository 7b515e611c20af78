package capacity

import (
	"math"
	"math/rand/v2"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// level is one load step as an objective sees it.
type level struct {
	rate   float64   // offered per instance
	values []float64 // of its buckets
	value  float64   // their median
	weight float64

	saturated bool
}

// sloAnswer is the highest rate per instance at which every objective is met:
// the least of the objectives' own rates.
func (a *analysis) sloAnswer() finding.Estimate {
	if a.in.SLO.Empty() {
		e := refused(perInstance, "No SLO was given.")
		return e
	}
	objectives := a.sizingObjectives()
	if len(objectives) == 0 {
		e := refused(perInstance, sprintf("%s does not depend on the load: 4xx come alike at every rate, so no rate and no number of instances changes them.", a.in.SLO))
		e.SLO = a.in.SLO.String()
		return e
	}
	var best finding.Estimate
	for i, o := range objectives {
		e := a.objectiveRate(o)
		if i == 0 || stricter(e, best) {
			best = e
		}
	}
	best.SLO = a.in.SLO.String()
	return best
}

// stricter reports whether e leaves less than b. An objective that cannot be
// answered leaves nothing.
func stricter(e, b finding.Estimate) bool {
	if b.Status == finding.Unanswerable || e.Status == finding.Unanswerable {
		return e.Status == finding.Unanswerable && b.Status != finding.Unanswerable
	}
	return e.Value < b.Value
}

// objectiveRate is the rate at which one objective is just met.
func (a *analysis) objectiveRate(o slo.Objective) finding.Estimate {
	levels := a.levels(o)
	if len(levels) == 0 {
		e := refused(perInstance, a.noLevels(o))
		return e
	}
	fitted := monotone(levels)
	at := 0
	for at < len(levels) && o.Met(math.Exp(fitted[at])) {
		at++
	}
	switch {
	case at == 0:
		e := refused(perInstance, sprintf("%s is missed even at %s requests/s per instance, the lowest rate seen (%s).", o, figure(levels[0].rate), show(o, levels[0].value)))
		return e
	case at == len(levels):
		return a.beyond(o, levels)
	}
	return a.crossing(o, levels, at)
}

// noLevels says why no step counts for o.
func (a *analysis) noLevels(o slo.Objective) string {
	if o.Metric.IsLatency() {
		return sprintf("No load step has %d minutes with %g requests each, which %s needs.", stepBuckets, minPerMinute(string(o.Metric)), o.Metric)
	}
	return sprintf("No load step has values of %s.", o.Metric)
}

// levels are the steps that say something about o, least rate first.
func (a *analysis) levels(o slo.Objective) []level {
	var out []level
	for _, i := range a.byRate() {
		s := &a.steps[i]
		if !s.clean || s.warm {
			continue
		}
		l := level{saturated: s.saturated, rate: a.capped(s), values: a.values(s.used, func(i int) float64 { return a.objectiveValue(o, i) })}
		if len(l.values) < a.stepNeeds() {
			continue
		}
		l.value, l.weight = stat.Median(l.values), float64(len(l.values))
		out = append(out, l)
	}
	return out
}

// capped is the step's rate, but not above a capacity that was measured: an
// overloaded step shows what happens from there on, not at its offered rate.
func (a *analysis) capped(s *step) float64 {
	c := a.answers.Capacity
	if s.saturated && c.Status == finding.Measured {
		return min(s.offered, float64(c.Value)*(1+a.hot.excess))
	}
	return s.offered
}

// objectiveValue is what bucket i says about o: seconds or a ratio, NaN when
// it holds too few requests to say. Of the 4xx only those count that come with
// the load: the rest is the client's doing, and no rate is low enough for it.
func (a *analysis) objectiveValue(o slo.Objective, i int) float64 {
	m := &a.minutes[i]
	if o.Metric.IsLatency() && !(m.Invocations >= minPerMinute(string(o.Metric))*m.Seconds/60) {
		return math.NaN()
	}
	switch o.Metric {
	case slo.P50:
		return m.ModelP50
	case slo.P90:
		return m.ModelP90
	case slo.P95:
		return m.ModelP95
	case slo.P99:
		return m.ModelP99
	case slo.Mean:
		return m.ModelMean
	case slo.Max:
		return m.ModelMax
	case slo.Errors4XX:
		return a.risen(i)
	case slo.Errors5XX:
		return a.buckets[i].loss
	case slo.Errors:
		return a.buckets[i].loss + a.risen(i)
	case slo.CPU:
		return over(m.CPU, a.tested.VCPU)
	case slo.GPU:
		return over(m.GPU, a.tested.GPUs)
	case slo.GPUMemory:
		return over(m.GPUMemory, a.tested.GPUs)
	case slo.Memory:
		return m.Memory
	case slo.Disk:
		return m.Disk
	}
	return math.NaN()
}

// monotone is the logarithm of the levels' values made non-decreasing: more
// load does not make an endpoint faster, and log latency is nearly straight
// between steps. Zero ratios count as one in a million.
func monotone(levels []level) []float64 {
	y, w := make([]float64, len(levels)), make([]float64, len(levels))
	for i, l := range levels {
		y[i], w[i] = math.Log(max(l.value, 1e-6)), l.weight
	}
	return stat.Isotonic(y, w)
}

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
	// The bootstrap knows the scatter of the minutes, not the shape between two
	// steps: a tenth of the bracket stands for that.
	lower, upper := levels[at-1].rate, levels[at].rate
	shape := (upper - lower) / 10
	e := finding.Estimate{
		Status: finding.Measured, Unit: perInstance, Confidence: confidence, Method: "isotonic", Query: "slo_crossing",
		Value: finding.Number(value), Current: finding.Missing(),
		Lo:  finding.Number(min(value, max(lower, iv.Lo-shape))),
		Hi:  finding.Number(max(value, min(upper, iv.Hi+shape))),
		Why: a.bracket(o, levels, at),
	}
	if !known(iv.Lo) {
		e.Lo, e.Hi = finding.Number(lower), finding.Number(upper)
	}
	if low, high := overlap(o, levels); low < high {
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

// between is the rate between levels at-1 and at at which the limit is
// reached. Where the upper step is overloaded its latency is that of a full
// queue and says nothing of the way up: then the queueing curve through the
// lower steps is asked, and kept inside the bracket.
func (a *analysis) between(levels []level, fitted []float64, o slo.Objective, at int) float64 {
	straight := interpolate(levels, fitted, o, at)
	c := a.answers.Capacity
	if !levels[at].saturated || !o.Metric.IsLatency() || c.Status != finding.Measured || at < minModelSteps {
		return straight
	}
	rate, ok := bestQueue(levels[:at], float64(c.Value)*(1+a.hot.excess), o.Limit)
	if !ok {
		return straight
	}
	return min(levels[at].rate, max(levels[at-1].rate, rate))
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

// show prints a value of o's metric in its unit.
func show(o slo.Objective, v float64) string {
	if o.Metric.IsLatency() {
		return sprintf("%s %s", o.Metric, milliseconds(v))
	}
	return sprintf("%s %s", o.Metric, percent(v))
}

// stepSLO says whether the step's median bucket met every objective.
func (a *analysis) stepSLO(s *step) string {
	if a.in.SLO.Empty() || a.onlyRestarts(s) || s.warm {
		return "unknown"
	}
	out := "met"
	for _, o := range a.in.SLO.Objectives {
		v := a.median(s.used, func(i int) float64 { return a.objectiveValue(o, i) })
		switch {
		case math.IsNaN(v):
			out = "unknown"
		case !o.Met(v):
			return "missed"
		}
	}
	return out
}
