package capacity

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// latencyDrift is by how much the mean latency moved with time beside what the
// load did to it, per bucket over its mean; nil where it did not, or where the
// load moved as slowly. A clock is a better sensor than a utilization reading:
// the mean of a minute's requests is known to a per cent or two.
func (a *analysis) latencyDrift() []float64 {
	var index []int
	var x, y []float64
	for i := range a.minutes {
		if b := &a.buckets[i]; a.minutes[i].Usable && b.mean > 0 && b.served > 0 {
			index, x, y = append(index, i), append(x, b.served), append(y, math.Log(b.mean))
		}
	}
	at := a.times(index)
	if len(x) < minDriftPoints || trendShare(at, x) > latencyTrend {
		return nil
	}
	flat, moving := squares(latencyTerms(at, x, 0), y), squares(latencyTerms(at, x, waveTerms), y)
	if flat == nil || moving == nil {
		return nil
	}
	dof := float64(len(x) - loadTerms - waveTerms)
	f := (flat.rss - moving.rss) / waveTerms / (moving.rss / dof)
	if !(distuv.F{D1: waveTerms, D2: dof}.CDF(f) > 1-driftChance) {
		return nil
	}
	out := make([]float64, len(a.buckets))
	mean, n := 0.0, 0
	for i := range out {
		for n+1 < len(index) && index[n+1] <= i {
			n++
		}
		for j := range waveTerms {
			out[i] += moving.beta[loadTerms+j] * slowly(at[n], j+1)
		}
		out[i] = math.Exp(out[i])
	}
	for _, i := range index {
		mean += out[i] / float64(len(index))
	}
	return scaled(out, 1/mean)
}

// slowly is the j-th of the slow movements that a drift is made of: cosines,
// and for what still rises or falls when the window ends a line and a parabola.
func slowly(t float64, j int) float64 {
	if j > driftTerms {
		return math.Pow(t-.5, float64(j-driftTerms))
	}
	return wave(t, j)
}

// waveTerms are those of a drift that the latency shows.
const waveTerms = driftTerms + 2

// loadTerms are the columns for what the load does to the latency.
const loadTerms = 3

// latencyTerms are the regressors of the logarithm of the latency: powers of
// the load, which follow any queue far enough below its limit, and waves.
func latencyTerms(at, x []float64, terms int) *mat.Dense {
	top := 0.0
	for _, v := range x {
		top = max(top, v)
	}
	out := mat.NewDense(len(x), loadTerms+terms, nil)
	for i, v := range x {
		for j, p := range [loadTerms]float64{0, 2, 5} {
			out.Set(i, j, math.Pow(v/top, p))
		}
		for j := range terms {
			out.Set(i, loadTerms+j, slowly(at[i], j+1))
		}
	}
	return out
}

// squares is the least-squares fit of y, nil when the columns do not determine
// one.
func squares(a *mat.Dense, y []float64) *linearFit {
	ones := make([]float64, len(y))
	for i := range ones {
		ones[i] = 1
	}
	return leastSquares(a, ones, y)
}

// following is the drift that the latency shows, where the use of the resource
// follows it: busy = U0 + D x + E x (factor - 1), E near D. ok is false where it
// does not: then something else than this resource's work has become slower.
func (d *demand) following(factor []float64) (drift, bool) {
	if factor == nil || len(d.x) < minDriftPoints {
		return drift{}, false
	}
	out := drift{factor: make([]float64, len(d.x)), clocked: true}
	columns := mat.NewDense(len(d.x), 3, nil)
	mean := 0.0
	for j, i := range d.index {
		out.factor[j] = factor[i]
		mean += factor[i] / float64(len(d.index))
	}
	scaled(out.factor, 1/mean)
	for j, f := range out.factor {
		columns.SetRow(j, []float64{1, d.x[j], d.x[j] * (f - 1)})
		out.spread += sq(f-1) / float64(len(d.x))
	}
	out.spread = math.Sqrt(out.spread)
	fit := leastSquares(columns, d.x, d.y)
	flat := leastSquares(mat.DenseCopyOf(columns.Slice(0, len(d.x), 0, 2)), d.x, d.y)
	if fit == nil || flat == nil || !(fit.beta[1] > 0) {
		return drift{}, false
	}
	t := (flat.rss - fit.rss) / (fit.rss / float64(len(d.x)-3))
	share := fit.beta[2] / fit.beta[1]
	return out, t > followsClear && share > followsLeast && share < followsMost
}
