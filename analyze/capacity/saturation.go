package capacity

import (
	"math"
	"strings"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// findSaturation marks the steps in which the endpoint could not keep up.
// Failing requests alone do not show that: a model that is broken, a container
// that ran out of memory and a client that sends nonsense fail at any load.
func (a *analysis) findSaturation() {
	a.watchMemory()
	low := a.lowLatency()
	for i := range a.steps {
		s := &a.steps[i]
		if a.onlyRestarts(s) {
			continue // what fails then fails for lack of a process
		}
		if a.losing(s) {
			queued := s.mean >= queueGrowth*low && !a.leak.found
			s.saturated = s.full != "" || a.flat(s) || queued
		} else {
			s.saturated = a.stalled(s, low)
		}
		a.saturated = a.saturated || s.saturated
	}
	if steps, _ := a.plateau(); len(steps) == 0 {
		a.saturated = false // nothing was answered at all: an outage is no plateau
	}
	a.partial = a.saturated && a.isPartial()
}

// restarted reports whether a container came or went in the step.
func (a *analysis) restarted(s *step) bool {
	for _, i := range s.all {
		if a.buckets[i].restart {
			return true
		}
	}
	return false
}

// leastLoss is the 5xx ratio that comes at every load: the least of the
// steps' ratios, unless something was full even there. A model that fails a
// constant share of its requests has a line all the same, in successful
// answers.
func (a *analysis) leastLoss() float64 {
	least, full := math.Inf(1), false
	for _, s := range a.steps {
		if s.clean && s.loss < least {
			least, full = s.loss, s.full != ""
		}
	}
	if math.IsInf(least, 1) || full {
		return 0
	}
	return least
}

// losses reports whether the median minute of the step lost more requests to
// 5xx than come at every load.
func (a *analysis) losses(s *step) bool { return s.loss-a.baseLoss > lossLimit }

// lowLatency is the mean latency at low load: the least of the step medians.
func (a *analysis) lowLatency() float64 {
	low := math.Inf(1)
	for i := range a.steps {
		if s := &a.steps[i]; !a.losses(s) && s.mean < low {
			low = s.mean
		}
	}
	return low
}

// losing reports whether the median minute of the step lost requests to 5xx,
// and more of them than at the lowest rates.
func (a *analysis) losing(s *step) bool {
	least := s.loss
	for _, o := range a.steps {
		if o.offered < s.offered*(1-flatOffered) {
			least = min(least, o.loss)
		}
	}
	if s.loss-least > lossLimit {
		return true
	}
	// Without a lower step to compare with, a full resource has to vouch.
	return s.loss > lossLimit && s.full != "" && a.lowest(s)
}

func (a *analysis) lowest(s *step) bool {
	for _, o := range a.steps {
		if o.offered < s.offered*(1-flatOffered) {
			return false
		}
	}
	return true
}

// flat reports whether another step with clearly less offered served as much.
func (a *analysis) flat(s *step) bool {
	for _, o := range a.steps {
		less := o.offered <= s.offered*(1-flatOffered)
		// What was offered more must have been lost: in a step of a few minutes
		// two rates are equal by chance.
		lost := s.loss-o.loss >= flatLoss*(1-o.offered/s.offered) || s.conc > queueGrowth*o.conc
		if less && lost && math.Abs(o.served-s.served) <= flatGrowth*s.served {
			return true
		}
	}
	return false
}

// stalled reports whether more concurrency than in another step brought no
// more answers, without errors: closed-loop clients at the limit, or a queue
// that only grows.
func (a *analysis) stalled(s *step, low float64) bool {
	if a.closedLoop && s.full != "" && a.fullness(s) >= plateauBand && !a.fullAtLess(s) {
		return true
	}
	for _, o := range a.steps {
		same := math.Abs(s.served-o.served) <= stallRate*o.served
		if same && s.conc >= (1+stallGrowth)*o.conc {
			return a.closedLoop || (a.fullness(s) >= plateauBand && s.mean >= 1.5*queueGrowth*low)
		}
	}
	return false
}

// fullAtLess reports whether the resource that is full in the step was so at a
// clearly lower rate as well, or goes on answering more: a GPU with batches reads full
// long before it is.
func (a *analysis) fullAtLess(s *step) bool {
	for i := range a.steps {
		o := &a.steps[i]
		if o.full == s.full && o.clean && math.Abs(o.served/s.served-1) > flatOffered {
			return true
		}
	}
	return false
}

// fullness is the utilization of the step's fullest resource on its busiest
// instance.
func (a *analysis) fullness(s *step) float64 {
	most := math.NaN()
	for _, r := range a.resources() {
		u := a.median(s.used, func(i int) float64 { return r.hot(&a.minutes[i]) / r.limit })
		if math.IsNaN(most) || u > most {
			most = u
		}
	}
	return most
}

// isPartial reports whether only the busiest instances were full, so that the
// fleet's rate is no plateau.
func (a *analysis) isPartial() bool {
	for _, s := range a.steps {
		if !s.saturated || s.k < 2 || s.full == "" {
			if s.saturated {
				return false
			}
			continue
		}
		for _, r := range a.resources() {
			if r.name != s.full {
				continue
			}
			u := a.median(s.used, func(i int) float64 { return r.avg(&a.minutes[i]) / r.limit })
			if u >= busyFull {
				return false
			}
		}
	}
	return true
}

// plateau is the steps whose served rate is the most that was seen, and their
// buckets.
func (a *analysis) plateau() (steps []*step, index []int) {
	var top *step
	for i := range a.steps {
		if s := &a.steps[i]; s.saturated && s.served > 0 && (top == nil || s.served > top.served) {
			top = s
		}
	}
	if top == nil {
		return nil, nil
	}
	least, moving := plateauBand*top.served, a.movingPlateau(top)
	if moving {
		least = movingBand * top.served
	}
	for i := range a.steps {
		if s := &a.steps[i]; s.saturated && s.served >= least && (!moving || s.full == top.full) {
			steps = append(steps, s)
			index = append(index, s.used...)
		}
	}
	return steps, index
}

// movingPlateau reports whether a step with less load was full as well and
// answered less: then not the load but the work per request moved, and the best
// step is only the luckiest. Overload that costs answers does so at more load.
func (a *analysis) movingPlateau(top *step) bool {
	for i := range a.steps {
		s := &a.steps[i]
		if s.saturated && s.full != "" && s.full == top.full && s.offered < top.offered*(1-flatGrowth) && s.served < (1-flatGrowth)*top.served && a.losses(s) {
			return true
		}
	}
	return false
}

// saturatedAnswer says whether the test reached the limit, and by what.
func (a *analysis) saturatedAnswer() finding.Flag {
	f := finding.Flag{Status: finding.Measured, Query: "variant_minutes"}
	yes := a.saturated
	f.Value = &yes
	if len(a.steps) == 0 {
		return finding.Flag{Status: finding.Unanswerable, Why: "No requests were seen in the window.", Query: f.Query}
	}
	if !yes {
		f.Why = a.unsaturatedWhy()
		return f
	}
	steps, _ := a.plateau()
	s := steps[0]
	f.Why = sprintf("From %s requests/s per instance on, %s requests/s were answered.", figure(s.offered), figure(s.answered()))
	if !a.losses(s) {
		f.Why = sprintf("At %s requests/s per instance more concurrency brought no more answers.", figure(s.served))
	}
	return f
}

// unsaturatedWhy says that no step fell behind, and which were not looked at.
func (a *analysis) unsaturatedWhy() string {
	left := 0
	for i := range a.steps {
		if a.onlyRestarts(&a.steps[i]) {
			left++
		}
	}
	why := sprintf("In none of %d load steps did the endpoint fall behind the offered rate", len(a.steps)-left)
	if len(a.steps)-left == 1 {
		why = "In the one load step the endpoint did not fall behind the offered rate"
	}
	switch left {
	case 0:
		return why + "."
	case 1:
		return why + "; one more holds nothing but minutes around restarts and says nothing of the rate."
	}
	return why + sprintf("; %d more hold nothing but minutes around restarts and say nothing of the rate.", left)
}

// measured is the capacity read off the plateau: the median of its buckets,
// with an interval from batch means. ok is false when it is too short.
func (a *analysis) measured() (finding.Estimate, bool) {
	steps, index := a.plateau()
	served := a.values(index, func(i int) float64 { return a.buckets[i].served })
	if len(served) < minPlateau || !(stat.Median(served) > 0) {
		return finding.Estimate{}, false
	}
	c := stat.Median(served)
	half := halfWidth(stat.BatchMeans(served, batches, confidence))
	skew, up := a.hot, a.idleCorrection(steps, index)
	if steps[0].full != "" {
		up *= a.unequalCorrection(c)
	} else if h := a.look(); h.ok {
		skew = skew.partly(1 - h.waits)
	}
	moved, off := a.meanMix(index)
	up *= moved
	half = math.Hypot(half, off*c*up)
	e := skew.estimate(c*up, c*up-half, c*up+half)
	e.Status, e.Method, e.N, e.Query = finding.Measured, "plateau", len(served), "capacity_plateau"
	e.Window = a.window(index)
	e.Why = sprintf("Median of %d minutes in which more was offered than answered.", a.inMinutes(len(served)))
	if !a.losses(steps[0]) {
		e.Why = sprintf("Median of %d minutes in which more waiting clients brought no more answers.", a.inMinutes(len(served)))
	}
	if off > 0 {
		e.Why += sprintf(" They answered %s: a request cost %s of what it cost on average over the test, and the capacity is that at the average.", figure(c), percent(moved))
	}
	if skew.excess > 0 {
		e.Why += sprintf(" The average instance answered %s; the busiest needs %s more per request, which leaves %s.", figure(c*up), percent(skew.excess), figure(float64(e.Value)))
		e.Formula = strings.TrimPrefix(a.slowestTerm(c*up, float64(e.Value)), "; ")
	}
	return e, true
}
