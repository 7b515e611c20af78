package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// budget is the rate per instance that sizing may count on, with its origin.
type budget struct {
	rate   float64
	origin string
	bound  bool // a lower bound: more may be possible
	ok     bool
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
		b = budget{rate: rate, origin: origin, bound: e.Status == finding.AtLeast, ok: true}
	}
	take(a.answers.Capacity, "capacity")
	if !a.in.SLO.Empty() {
		if a.answers.SLORate.Status == finding.Unanswerable {
			return budget{}
		}
		take(a.answers.SLORate, "SLO rate")
	}
	return b
}

// peak is the fleet's rate to size for: what was asked, else the highest that
// was offered for a few buckets in a row.
func (a *analysis) peak() (rate float64, asked bool) {
	if known(a.in.PeakRPS) && a.in.PeakRPS > 0 {
		return a.in.PeakRPS, true
	}
	best, width := math.NaN(), a.sustainedWidth()
	for _, s := range a.steps {
		for j := 0; j+width <= len(s.all); j++ {
			v := a.median(s.all[j:j+width], func(i int) float64 { return a.minutes[i].Offered() })
			if !(v <= best) {
				best = v
			}
		}
	}
	if math.IsNaN(best) {
		for _, s := range a.steps {
			if v := s.offered * s.k; !(v <= best) {
				best = v
			}
		}
	}
	return best, false
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
	a.answers.AutoscalingTarget = a.autoscaling(b)
	a.answers.Headroom = a.headroom(b, peak, current)
	a.answers.CostPerMillion = refused("USD", "No prices were given.")
}

// noBudget says why there is no rate to size with.
func (a *analysis) noBudget() string {
	if !a.in.SLO.Empty() && a.answers.SLORate.Status == finding.Unanswerable {
		return "There is no rate within the SLO to size with: " + a.answers.SLORate.Why
	}
	return "There is no capacity to size with: " + a.answers.Capacity.Why
}

func (a *analysis) instances(b budget, peak float64, asked bool, current finding.Number) finding.Estimate {
	e := refused("instances", "")
	e.Current, e.Query = current, "capacity_plateau"
	if !b.ok || !known(peak) {
		e.Why = a.noBudget()
		return e
	}
	need := peak * (1 + a.in.Growth) / (b.rate * a.in.TargetUtilization)
	count := math.Max(1, math.Ceil(need-1e-9))
	e.Formula = sprintf("ceil(%s × %s / (%s × %.2f)) = ceil(%s) = %.0f", figure(peak), figure(1+a.in.Growth), figure(b.rate), a.in.TargetUtilization, figure(need), count)
	origin := sprintf("the lower end of the %s", b.origin)
	if b.bound {
		origin = sprintf("the lower bound of the %s", b.origin)
	}
	e.Why = sprintf("From %s, %s requests/s", origin, figure(peak))
	if asked {
		e.Why += " asked for"
	} else {
		e.Why += ", the highest rate that was sustained in the window"
	}
	e.Why += sprintf(", and %s target utilization.", percent(a.in.TargetUtilization))
	if b.bound && count > 1 {
		e.Why = sprintf("%.0f are enough, fewer may be: the limit of one instance is not known. ", count) + e.Why
		return e
	}
	e.Status, e.Method, e.N = finding.Extrapolated, "formula", 1
	e.Value, e.Lo, e.Hi = finding.Number(count), finding.Number(count), finding.Number(count)
	if best := a.bestRate(); best > b.rate {
		e.Lo = finding.Number(math.Max(1, math.Ceil(peak*(1+a.in.Growth)/(best*a.in.TargetUtilization)-1e-9)))
	}
	return e
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
func (a *analysis) autoscaling(b budget) finding.Estimate {
	e := refused("invocations/instance/minute", "")
	e.Query = "capacity_plateau"
	if !b.ok {
		e.Why = a.noBudget()
		return e
	}
	target := func(rate float64) float64 { return math.Floor(rate*a.in.TargetUtilization*60 + 1e-9) }
	e.Status, e.Method, e.N = finding.Extrapolated, "formula", 1
	e.Value = finding.Number(target(b.rate))
	e.Formula = sprintf("%s × %.2f × 60 = %s", figure(b.rate), a.in.TargetUtilization, whole(float64(e.Value)))
	e.Why = sprintf("The lower end of the %s, scaled to %s of it, per minute.", b.origin, percent(a.in.TargetUtilization))
	if b.bound {
		e.Status = finding.AtLeast
		e.Why = sprintf("From the lower bound of the %s: safe, and it may scale out earlier than needed.", b.origin)
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
	e.Query = "capacity_plateau"
	if !b.ok || !known(peak) {
		e.Why = a.noBudget()
		return e
	}
	if !current.Known() {
		e.Why = "How many instances run now is not known (--instances says it)."
		return e
	}
	free := func(rate float64) float64 { return 1 - peak*(1+a.in.Growth)/(float64(current)*rate) }
	e.Value, e.Method, e.N = finding.Number(free(b.rate)), "formula", 1
	e.Formula = sprintf("1 - %s × %s / (%.0f × %s) = %s", figure(peak), figure(1+a.in.Growth), float64(current), figure(b.rate), percent(float64(e.Value)))
	e.Why = sprintf("What %.0f instances can take by the lower end of the %s, less the peak.", float64(current), b.origin)
	if b.bound {
		e.Status = finding.AtLeast
		return e
	}
	e.Status, e.Lo, e.Hi = finding.Extrapolated, e.Value, e.Value
	if hi := a.bestRate(); hi > b.rate {
		e.Hi = finding.Number(free(hi))
	}
	return e
}
