package capacity

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/stat"
)

// mix is how the work per request moved from one load step to the next, beside
// what the load does: another mix of requests.
type mix struct {
	spread float64 // standard deviation over the steps, relative; 0 when it did not move
	steps  float64 // how many show it
}

// findMix compares what the work per request differs by between steps with what it
// scatters by within them.
func (d *demand) findMix() mix {
	var groups [][]float64
	last := 0
	for j, step := range d.step {
		if step != last || len(groups) == 0 {
			groups, last = append(groups, nil), step
		}
		if rest := d.y[j]/d.line.At(d.x[j]) - 1; known(rest) {
			groups[len(groups)-1] = append(groups[len(groups)-1], rest)
		}
	}
	between, within, free, n := 0.0, 0.0, 0.0, 0.0
	var means []float64
	for _, g := range groups {
		if len(g) < 2 {
			continue
		}
		m := float64(len(g))
		between, within = between+m*sq(stat.Mean(g)), within+stat.Variance(g)*(m-1)
		free, n, means = free+m-1, n+1, append(means, stat.Mean(g))
	}
	if n < minMixSteps || !(within > 0) {
		return mix{}
	}
	// Two of the differences went into the line.
	f := between / (n - 2) / (within / free)
	spread := math.Sqrt(stat.Variance(means))
	if !(distuv.F{D1: n - 2, D2: free}.Survival(f) < mixChance) || spread < leastMix {
		return mix{}
	}
	return mix{spread: spread, steps: n}
}

// averageMix puts the line at the mean work per request of all steps, full ones
// among them. What the work moves by disturbs a step in proportion to its load, so
// that every step has the same say, and not the highest the most.
func (a *analysis) averageMix(d *demand) {
	if d.mix.spread == 0 || d.drift.factor != nil || d.concave || d.convex {
		return
	}
	x, y := slices.Clone(d.x), slices.Clone(d.y)
	for i := range a.steps {
		if s := &a.steps[i]; s.saturated && s.clean {
			for _, j := range s.used {
				if u := d.avg(&a.minutes[j]); known(u) && a.buckets[j].served > 0 {
					x, y = append(x, a.buckets[j].served), append(y, u)
				}
			}
		}
	}
	fit := func(index []int) stat.Line {
		var px, py []float64
		for _, i := range index {
			px, py = append(px, x[i]), append(py, y[i])
		}
		f := leastSquares(columns(nil, px, 0), px, py)
		if f == nil || !(f.beta[1] > 0) {
			return stat.Line{Intercept: math.NaN(), Slope: math.NaN()}
		}
		return stat.Line{Intercept: f.beta[0], Slope: f.beta[1]}
	}
	capacity := stat.Jackknife(len(x), jackknifeParts, confidence, func(index []int) float64 {
		l := fit(index)
		return (d.limit - l.Intercept) / l.Slope
	})
	if !known(capacity.Value) || !known(capacity.Lo) {
		return
	}
	d.line = fit(upTo(len(x)))
	d.capacity = capacity
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// meanMix turns the rate on the plateau into the one at the mean work per request
// of the whole test, by what a request cost on the plateau. It also gives what the
// mean itself is off by, relative. factor is 1 when the work did not move.
func (a *analysis) meanMix(index []int) (factor, off float64) {
	d := a.steadiest()
	if d == nil || d.mix.spread == 0 || d.refusal != "" && !d.rough {
		return 1, 0
	}
	then := a.median(index, func(i int) float64 {
		return (d.avg(&a.minutes[i]) - d.line.Intercept) / a.buckets[i].served
	})
	f := then / d.line.Slope
	if !known(f) || math.Abs(f-1) > mostMix {
		return 1, 0
	}
	return f, d.mix.spread / math.Sqrt(d.mix.steps)
}
