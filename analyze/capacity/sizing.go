package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// What a budget comes from.
const (
	originCapacity = "capacity"
	originSLO      = "SLO rate"
)

// budget is the rate per instance that sizing may count on, with its origin.
type budget struct {
	rate       float64 // the lower end
	point      float64 // the point estimate it belongs to
	confidence finding.Number
	origin     string
	query      string // whose rows the rate rests on
	bound      bool   // a lower bound: more may be possible
	ok         bool
}

// budget is the lower end of capacity or of the SLO rate, whichever is less.
func (a *analysis) budget() budget {
	var b budget
	take := func(e finding.Estimate, origin string) {
		rate := float64(e.Lo)
		if e.Status == finding.AtLeast {
			rate = float64(e.Value)
		}
		if e.Status == finding.Unanswerable || !(rate > 0) || (b.ok && rate >= b.rate) {
			return
		}
		b = budget{rate: rate, point: float64(e.Value), confidence: e.Confidence, origin: origin, query: e.Query, bound: e.Status == finding.AtLeast, ok: true}
	}
	take(a.answers.Capacity, originCapacity)
	if len(a.sizingObjectives()) > 0 {
		if a.answers.SLORate.Status == finding.Unanswerable {
			return budget{}
		}
		take(a.answers.SLORate, originSLO)
		for _, e := range []finding.Estimate{a.answers.Capacity, a.answers.SLORate} {
			if !b.bound && e.Status != finding.AtLeast && e.Value.Known() {
				b.point = min(b.point, float64(e.Value))
			}
		}
	}
	return b
}

// rowsOf is the query with the rows that a number of instances rests on, or
// would rest on.
func (a *analysis) rowsOf(b budget) string {
	switch {
	case b.query != "":
		return b.query
	case len(a.sizingObjectives()) > 0:
		return "slo_crossing"
	}
	return "capacity_plateau"
}

// peak is the fleet's rate to size for: what was asked, else the highest that
// was served over a few buckets in a row, in the three or four digits that are
// printed. What was offered beyond that says how hard the test pushed, not what
// is needed.
func (a *analysis) peak() (rate float64, asked bool) {
	if known(a.in.PeakRPS) && a.in.PeakRPS > 0 {
		return a.in.PeakRPS, true
	}
	best, width := math.NaN(), a.sustainedWidth()
	var run []float64
	for i := range a.buckets {
		if !(a.buckets[i].offered > 0) {
			run = run[:0]
			continue
		}
		run = append(run, a.minutes[i].Served())
		if len(run) >= width {
			if v := stat.Mean(run[len(run)-width:]); !(v <= best) {
				best = v
			}
		}
	}
	if math.IsNaN(best) {
		for _, s := range a.steps {
			if v := s.served * s.k; !(v <= best) {
				best = v
			}
		}
	}
	return rounded(best, 4), false
}

// now is how many instances run today, 0 when that is not known.
func (a *analysis) now() float64 {
	if a.in.InstancesNow > 0 {
		return float64(a.in.InstancesNow)
	}
	for i := len(a.buckets) - 1; i >= 0; i-- {
		if b := &a.buckets[i]; b.whole && b.offered > 0 {
			return b.k
		}
	}
	return float64(a.in.Tested.DescribedCount)
}

// size fills in the answers that are arithmetic on the others.
func (a *analysis) size() {
	b := a.budget()
	peak, asked := a.peak()
	current := finding.Missing()
	if k := a.now(); k > 0 {
		current = finding.Number(k)
	}
	a.answers.Instances = a.instances(b, peak, asked, current)
	safety := a.safety(b)
	a.answers.AutoscalingTarget = a.autoscaling(b, safety)
	a.answers.Headroom = a.headroom(b, peak, current)
	a.costs(peak)
	a.fleets = a.traffic(b, peak)
	a.sizing = a.besides(b, peak, safety)
}

// noBudget says why there is no rate to size with.
func (a *analysis) noBudget() string {
	if len(a.sizingObjectives()) > 0 && a.answers.SLORate.Status == finding.Unanswerable {
		return "There is no rate within the SLO to size with: " + a.answers.SLORate.Why
	}
	return "There is no capacity to size with: " + a.answers.Capacity.Why
}

// load is the peak with the growth that is planned for.
func (a *analysis) load(peak float64) float64 { return peak * (1 + a.in.Growth) }

// loadTerm prints the load as the head of a formula, with n digits.
func (a *analysis) loadTerm(peak float64, n int) string {
	if a.in.Growth == 0 {
		return digits(peak, n)
	}
	return sprintf("%s × %s", digits(peak, n), exact(1+a.in.Growth))
}

func (a *analysis) instances(b budget, peak float64, asked bool, current finding.Number) finding.Estimate {
	e := refused("instances", "")
	e.Current, e.Query = current, a.rowsOf(b)
	if !b.ok || !known(peak) {
		e.Why = a.noBudget()
		return e
	}
	needs := func(peak, rate float64) float64 { return a.load(peak) / (rate * a.in.TargetUtilization) }
	atLeastOne := func(need float64) float64 { return math.Max(1, math.Ceil(need-1e-9)) }
	need := needs(peak, b.rate)
	count := atLeastOne(need)
	n := enoughDigits(func(round func(float64) float64) bool {
		again := needs(round(peak), round(b.rate))
		return atLeastOne(again) == count && figure(again) == figure(need)
	})
	e.Formula = sprintf("ceil(%s / (%s × %s)) = ceil(%s) = %.0f", a.loadTerm(peak, n), digits(b.rate, n), twoDigits(a.in.TargetUtilization), figure(need), count)
	e.Why = a.instancesWhy(b, peak, asked)
	if b.bound && count > 1 {
		e.Why = sprintf("%.0f are enough, fewer may be: the limit of one instance is not known. ", count) + e.Why
		return e
	}
	if e.Lo, e.Hi = finding.Number(atLeastOne(needs(peak, b.point))), finding.Number(count); !b.bound && tooWide(b, float64(e.Lo), count) {
		e.Why = a.betweenCounts(b, e)
		return e
	}
	e.Status, e.Method, e.N, e.Confidence = finding.Extrapolated, "formula", 1, b.confidence
	e.Value, e.Lo, e.Hi = finding.Number(count), finding.Number(count), finding.Number(count)
	if best := a.bestRate(); best > b.rate {
		e.Lo = finding.Number(atLeastOne(needs(peak, best)))
	}
	return e
}

// instancesWhy says what the number of instances rests on.
func (a *analysis) instancesWhy(b budget, peak float64, asked bool) string {
	origin := sprintf("the lower end of the %s", b.origin)
	if b.bound {
		origin = sprintf("the lower bound of the %s", b.origin)
	}
	why := sprintf("From %s, %s requests/s", origin, exact(peak))
	if asked {
		why += " asked for"
	} else {
		why += sprintf(" (the highest rate that was served over %d minutes)", a.inMinutes(a.sustainedWidth()))
	}
	if a.in.Growth != 0 {
		why += sprintf(", %s growth", percent(a.in.Growth))
	}
	why += sprintf(", and %s target utilization.", percent(a.in.TargetUtilization))
	switch {
	case a.leakCritical():
		why += " That holds between restarts: no number of instances mends a leak."
	case a.answers.Bottleneck.Value == "workers":
		why += " That counts on what the workers wait for to grow with the instances: a downstream that all share does not."
	}
	return why
}

// bestRate is the upper end that belongs to the budget, 0 when there is none.
func (a *analysis) bestRate() float64 {
	hi := math.Inf(1)
	for _, e := range []finding.Estimate{a.answers.Capacity, a.answers.SLORate} {
		if e.Status != finding.Unanswerable && e.Hi.Known() {
			hi = math.Min(hi, float64(e.Hi))
		}
	}
	if math.IsInf(hi, 1) {
		return 0
	}
	return hi
}

// autoscaling is the target for SageMakerVariantInvocationsPerInstance, which
// counts invocations per minute and instance. The target follows AWS's own
// formula, rate x safety factor x 60, rounded down.
func (a *analysis) autoscaling(b budget, safety finding.Estimate) finding.Estimate {
	e := refused("invocations/instance/minute", "")
	e.Query = a.rowsOf(b)
	if !b.ok {
		e.Why = a.noBudget()
		return e
	}
	share := float64(safety.Value)
	target := func(rate float64) float64 { return math.Floor(rate*share*60 + 1e-9) }
	e.Status, e.Method, e.N, e.Confidence = finding.Extrapolated, "formula", 1, b.confidence
	e.Value = finding.Number(target(b.rate))
	n := enoughDigits(func(round func(float64) float64) bool { return target(round(b.rate)) == target(b.rate) })
	e.Formula = sprintf("floor(%s × %s × 60) = %s", digits(b.rate, n), twoDigits(share), whole(float64(e.Value)))
	e.Why = sprintf("The lower end of the %s, scaled to %s of it, per minute. %s", b.origin, percent(share), safety.Why)
	if b.bound {
		e.Status = finding.AtLeast
		e.Why = sprintf("From the lower bound of the %s: safe, and it may scale out earlier than needed. %s", b.origin, safety.Why)
		return e
	}
	e.Lo, e.Hi = e.Value, e.Value
	if hi := a.bestRate(); hi > b.rate {
		e.Hi = finding.Number(target(hi))
	}
	return e
}

// headroom is the share of what runs now that the peak leaves free.
func (a *analysis) headroom(b budget, peak float64, current finding.Number) finding.Estimate {
	e := refused("ratio", "")
	e.Query = a.rowsOf(b)
	if !b.ok || !known(peak) {
		e.Why = a.noBudget()
		return e
	}
	if !current.Known() {
		e.Why = "How many instances run now is not known (--instances says it)."
		return e
	}
	free := func(peak, rate float64) float64 { return 1 - a.load(peak)/(float64(current)*rate) }
	left := free(peak, b.rate)
	n := enoughDigits(func(round func(float64) float64) bool {
		return percent(free(round(peak), round(b.rate))) == percent(left)
	})
	if b.bound && left < 0 {
		e.Why = sprintf("The known bound, %s requests/s of one instance, does not cover the peak, and the limit is not known.", figure(b.rate))
		return e
	}
	e.Formula = sprintf("1 - %s / (%.0f × %s) = %s", a.loadTerm(peak, n), float64(current), digits(b.rate, n), percent(left))
	e.Value, e.Method, e.N, e.Confidence = finding.Number(left), "formula", 1, b.confidence
	e.Why = sprintf("What %.0f %s can take by the lower end of the %s, less the peak.", float64(current), plural("instance", float64(current)), b.origin)
	if b.bound {
		e.Status = finding.AtLeast
		return e
	}
	e.Status, e.Lo, e.Hi = finding.Extrapolated, e.Value, e.Value
	if hi := a.bestRate(); hi > b.rate {
		e.Hi = finding.Number(free(peak, hi))
	}
	return e
}
