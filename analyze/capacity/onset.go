package capacity

import (
	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// onsetAnswer is the rate from which 5xx errors come with the load: between
// the last clean step and the first in which more than onsetRatio is beyond
// doubt.
func (a *analysis) onsetAnswer() finding.Estimate {
	order, left := a.soundByRate()
	first := -1
	for j, i := range order {
		if a.failing(&a.steps[i]) {
			first = j
			break
		}
	}
	if len(order) == 0 {
		return refused(perInstance, "No requests were seen outside the minutes around restarts.")
	}
	if first < 0 {
		top := a.steps[order[len(order)-1]]
		return finding.Estimate{
			Status: finding.AtLeast, Value: finding.Number(boundSafety * top.offered), Lo: finding.Missing(), Hi: finding.Missing(), Current: finding.Missing(),
			Unit: perInstance, N: len(order), Method: "wilson", Query: "error_onset",
			Why: sprintf("No load step had more than %s of 5xx beyond doubt%s.", percent(onsetRatio), left),
		}
	}
	if first == 0 {
		return refused(perInstance, "5xx errors came even at the lowest rate: they do not begin with the load.")
	}
	for _, i := range order[first:] {
		if s := &a.steps[i]; !a.failing(s) && s.loss == 0 {
			return refused(perInstance, "5xx errors came at some rates and not at higher ones: they do not follow the load.")
		}
	}
	s := &a.steps[order[first]]
	hits, trials := a.failures(s)
	lo, hi := a.steps[order[first-1]].offered, s.offered
	return finding.Estimate{
		Status: finding.Measured, Value: finding.Number((lo + hi) / 2), Lo: finding.Number(lo), Hi: finding.Number(hi), Current: finding.Missing(),
		Confidence: confidence, Unit: perInstance, N: len(s.used), Method: "wilson", Query: "error_onset",
		Why: sprintf("Step %d is the first with more than %s of 5xx: %s of %s requests, at least %s.", order[first]+1, percent(onsetRatio),
			whole(hits), whole(trials), percent(stat.Wilson(hits, trials, confidence).Lo)),
	}
}

// soundByRate are the steps, least rate first, in which errors can be told from
// those of a restart, and a clause about what was left out.
func (a *analysis) soundByRate() (order []int, left string) {
	for _, i := range a.byRate() {
		if !a.onlyRestarts(&a.steps[i]) {
			order = append(order, i)
		}
	}
	failed, ok := a.failedInRestarts()
	if failed == 0 || !ok {
		return order, ""
	}
	return order, sprintf(": the %s that failed did so around restarts, which are left out", whole(failed))
}

// failedInRestarts counts the 5xx in the minutes around restarts. ok is false
// when there were no such minutes.
func (a *analysis) failedInRestarts() (failed float64, ok bool) {
	for i := range a.buckets {
		if a.buckets[i].restart {
			failed += zeroIfNaN(a.minutes[i].Errors5XX)
			ok = true
		}
	}
	return failed, ok
}

// onlyRestarts reports whether nothing of the step is left but minutes around
// restarts, so that its errors and latencies say nothing of the load.
func (a *analysis) onlyRestarts(s *step) bool { return !s.clean && a.restarted(s) }

// failing reports whether the step's share of 5xx is above onsetRatio beyond
// doubt, and not from a single bad minute.
func (a *analysis) failing(s *step) bool {
	hits, trials := a.failures(s)
	return trials >= minOnset && s.loss > 0 && stat.Wilson(hits, trials, confidence).Lo > onsetRatio
}

// failures counts 5xx and requests over the step's used buckets.
func (a *analysis) failures(s *step) (hits, trials float64) {
	for _, i := range s.used {
		m := &a.minutes[i]
		hits += zeroIfNaN(m.Errors5XX)
		trials += m.Invocations
	}
	return hits, trials
}
