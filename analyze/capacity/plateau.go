package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// idleCorrection scales a plateau that was only just reached: where few
// requests were lost the limiting resource still idled now and then, and the
// share of idle time is what is missing. Where many were lost it idled only if
// next to nothing may queue, and its use has to show that clearly.
func (a *analysis) idleCorrection(steps []*step, index []int) float64 {
	least := idleNoise
	for _, s := range steps {
		if s.full != steps[0].full {
			return 1
		}
		if s.loss >= idleLossFrom {
			least = idleClear
		}
	}
	if steps[0].full == "" {
		if least > idleNoise {
			return 1
		}
		return a.idleWorkers(index)
	}
	d := a.demandOf(steps[0].full)
	if d == nil || !d.matters() || d.concave {
		return 1 // what a batching GPU reads says nothing of how full it is
	}
	busy := a.median(index, func(i int) float64 { return d.avg(&a.minutes[i]) })
	up := (d.limit - d.line.Intercept) / (busy - d.line.Intercept)
	if !(up > least) {
		return 1
	}
	return min(up, 1/busyFull)
}

// idleWorkers is idleCorrection where workers are the limit and their number is
// known: they are busy for the time that a lone request takes.
func (a *analysis) idleWorkers(index []int) float64 {
	h := a.look()
	if a.in.Workers == 0 || !h.ok || a.hot.excess > 0 || a.closedLoop {
		return 1
	}
	busy := a.median(index, func(i int) float64 { return a.buckets[i].served }) * h.net.alone()
	up := float64(a.in.Workers) / busy
	if !(up > idleNoise) {
		return 1
	}
	return min(up, 1/busyFull)
}

// unequalCorrection turns the fleet's mean rate on the plateau c into the rate
// of an instance with the mean demand. Full instances of unequal speed answer
// at the mean of their speeds, while the excess is relative to the mean of
// their demands; the line knows the latter.
func (a *analysis) unequalCorrection(c float64) float64 {
	d := a.nearest()
	if a.hot.excess == 0 || d == nil || d.r2 < 0.9 || d.topBusy < 0.5 {
		return 1
	}
	r := d.capacity.Value / c
	if math.Abs(r-1) > flatGrowth {
		return 1
	}
	return r
}

func (a *analysis) demandOf(name string) *demand {
	for i := range a.demands {
		if a.demands[i].name == name {
			return &a.demands[i]
		}
	}
	return nil
}

// onlyBursts reports whether the plateau may be none: nothing was full, few
// requests were lost, and no lower step served as much; or of the known workers
// many were idle.
func (a *analysis) onlyBursts() bool {
	steps, index := a.plateau()
	taken := a.median(index, func(i int) float64 { return a.buckets[i].served * a.buckets[i].mean })
	if steps[0].full == "" && taken < idleShare*float64(a.in.Workers) {
		return true
	}
	for _, s := range steps {
		if s.full != "" || s.loss >= idleLossFrom || a.flat(s) || !a.losses(s) {
			return false
		}
	}
	return true
}

// coverLaw widens a measured capacity to the one that the line of the full
// resource leads to, where the two are apart: work that drifts has the plateau
// see one moment and the line the whole test.
func (a *analysis) coverLaw(e finding.Estimate) finding.Estimate {
	steps, _ := a.plateau()
	d := a.nearest()
	if d == nil || steps[0].full != d.name || d.refusal != "" || d.r2 < clearR2 {
		return e
	}
	law := finding.Number(a.hot.slower(d.capacity.Value))
	if math.Abs(float64(law/e.Value)-1) <= lawGap {
		return e
	}
	e.Lo, e.Hi = min(e.Lo, law), max(e.Hi, law)
	e.Why += sprintf(" The utilization line of the lower steps leads to %s, and the interval covers both: the work per request moved during the test.", figure(float64(law)))
	return e
}
