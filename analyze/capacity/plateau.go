package capacity

import (
	"math"
)

// idleCorrection scales a plateau that was only just reached: where few
// requests were lost the limiting resource still idled now and then, and the
// share of idle time is what is missing.
func (a *analysis) idleCorrection(steps []*step, index []int) float64 {
	for _, s := range steps {
		if s.loss >= idleLossFrom || s.full == "" || s.full != steps[0].full {
			return 1
		}
	}
	d := a.demandOf(steps[0].full)
	if d == nil || !d.matters() {
		return 1
	}
	busy := a.median(index, func(i int) float64 { return d.avg(&a.minutes[i]) })
	up := (d.limit - d.line.Intercept) / (busy - d.line.Intercept)
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
