package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// level is one load step as an objective sees it.
type level struct {
	k      float64   // instances
	rate   float64   // offered per instance
	kept   float64   // of those, answered
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
	if a.closedLoop && o.Met(levels[0].value) {
		if e, ok := a.openRate(o, levels); ok {
			return e
		}
		if o.Metric.IsLatency() {
			return refused(perInstance, a.noOpenRate(o))
		}
	}
	at := a.firstMissed(o, levels)
	if few := fewest(levels); len(few) < len(levels) && len(few) >= minFewest {
		if n := a.firstMissed(o, few); n > 0 && n < len(few) {
			e, ok := a.overloaded(o, few, n)
			if !ok {
				e = a.crossing(o, few, n)
			}
			e.Why += sprintf(" That is with %.0f %s: where more share the load, requests find one that is free more often.", few[0].k, plural("instance", few[0].k))
			return e
		}
	}
	switch {
	case at == 0:
		e := refused(perInstance, sprintf("%s is missed even at %s requests/s per instance, the lowest rate seen (%s).", o, figure(levels[0].rate), show(o, levels[0].value)))
		return e
	case at == len(levels):
		return a.beyond(o, levels)
	}
	if e, ok := a.driftedCrossing(o, levels, at); ok {
		return e
	}
	return a.crossing(o, levels, at)
}

// firstMissed is the first level that misses o, as many as there are when none
// does.
func (a *analysis) firstMissed(o slo.Objective, levels []level) int {
	fitted, at := monotone(levels), 0
	for at < len(levels) && o.Met(math.Exp(fitted[at])) {
		at++
	}
	return at
}

// fewest are the levels with the least instances: a balancer that looks for a free
// one makes more of them take more each, and the count may go back.
func fewest(levels []level) []level {
	least := levels[0].k
	for _, l := range levels {
		least = min(least, l.k)
	}
	var out []level
	for _, l := range levels {
		if l.k == least {
			out = append(out, l)
		}
	}
	return out
}

// noLevels says why no step counts for o.
func (a *analysis) noLevels(o slo.Objective) string {
	enough, published := 0, 0
	for i := range a.minutes {
		if m := &a.minutes[i]; m.Invocations >= minPerMinute(string(o.Metric))*m.Seconds/60 {
			enough++
			if known(a.objectiveValue(o, i)) {
				published++
			}
		}
	}
	switch {
	case o.Metric.IsLatency() && enough >= stepBuckets && published == 0:
		return sprintf("%s of ModelLatency was not published: a metric stream sends it when it is among the stream's additional statistics.", o.Metric)
	case o.Metric.IsLatency():
		return sprintf("No load step has %d minutes with %g requests each, which %s needs.", stepBuckets, minPerMinute(string(o.Metric)), o.Metric)
	default:
		return sprintf("No load step has values of %s.", o.Metric)
	}
}

// levels are the steps that say something about o, least rate first.
func (a *analysis) levels(o slo.Objective) []level {
	return a.levelsOf(o, func(s *step) bool { return s.clean && !s.warm })
}

// shown are the levels with those of steps in which the instance count moved:
// no curve goes through them, but their misses are there for all to see.
func (a *analysis) shown(o slo.Objective) []level {
	return a.levelsOf(o, func(s *step) bool { return !a.onlyRestarts(s) && !s.warm })
}

func (a *analysis) levelsOf(o slo.Objective, counts func(s *step) bool) []level {
	return a.levelsAs(counts, func(i int) float64 { return a.objectiveValue(o, i) })
}

// levelsAs are the steps that count, with what value says of their buckets.
func (a *analysis) levelsAs(counts func(s *step) bool, value func(i int) float64) []level {
	var out []level
	for _, i := range a.byRate() {
		s := &a.steps[i]
		if !counts(s) {
			continue
		}
		l := level{k: s.k, saturated: s.saturated, rate: a.capped(s), kept: s.answered(), values: a.values(s.used, value)}
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
	if c, ok := a.offeredCapacity(); ok && s.saturated && a.answers.Capacity.Status == finding.Measured {
		return min(s.offered, c)
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
	case slo.Age: // of a queue, which only an asynchronous endpoint has
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
