package capacity

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/stat"
)

// drift is work per request that moves with time, beside what the load does:
// busy = U0 + D(t) x rate, D a sum of a few cosines over the test. It can be
// told from the line only where the load goes up and down faster than the work.
type drift struct {
	factor []float64 // D(t) over its mean, per point; nil when there is none
	spread float64   // standard deviation of factor

	clocked bool // factor is that of the latency
}

// findDrift looks for drift in the points of a fit. at are their times.
func findDrift(at, x, y []float64) drift {
	n := len(x)
	if n < minDriftPoints {
		return drift{}
	}
	flat := leastSquares(columns(at, x, 0), x, y)
	moving := leastSquares(columns(at, x, driftTerms), x, y)
	if flat == nil || moving == nil || trendShare(at, x) > mostTrend {
		return drift{}
	}
	rss0, rss1 := flat.rss, moving.rss
	dof := float64(n - 2 - driftTerms)
	f := (rss0 - rss1) / driftTerms / (rss1 / dof)
	// Neighbouring minutes share their disturbances, so the bar is high.
	if !(distuv.F{D1: driftTerms, D2: dof}.CDF(f) > 1-driftChance) {
		return drift{}
	}
	d := drift{factor: make([]float64, n)}
	mean := 0.0
	for i := range x {
		d.factor[i] = moving.beta[1]
		for j := range driftTerms {
			d.factor[i] += moving.beta[2+j] * wave(at[i], j+1)
		}
		mean += d.factor[i] / float64(n)
	}
	if !(mean > 0) {
		return drift{}
	}
	for i := range d.factor {
		d.factor[i] /= mean
		d.spread += sq(d.factor[i]-1) / float64(n)
	}
	d.spread = math.Sqrt(d.spread)
	return d
}

// without is what would have been busy had the work stayed at its mean.
func (d drift) without(x, y []float64, line stat.Line) []float64 {
	if d.factor == nil {
		return y
	}
	out := make([]float64, len(y))
	for i := range y {
		out[i] = y[i] - line.Slope*x[i]*(d.factor[i]-1)
	}
	return out
}

// wave is the j-th cosine over the test, t from 0 to 1.
func wave(t float64, j int) float64 { return math.Cos(math.Pi * float64(j) * t) }

// columns are the regressors of U0, D and the cosines of D.
func columns(at, x []float64, terms int) *mat.Dense {
	a := mat.NewDense(len(x), 2+terms, nil)
	for i := range x {
		a.Set(i, 0, 1)
		a.Set(i, 1, x[i])
		for j := range terms {
			a.Set(i, 2+j, x[i]*wave(at[i], j+1))
		}
	}
	return a
}

// linearFit is a least-squares fit of several columns.
type linearFit struct {
	beta []float64
	rss  float64 // of the weighted residuals
}

// leastSquares fits y by the columns of a, each point weighted by one over its
// load, since sensors are off by a share of what they read. It is nil when the
// columns do not determine a fit.
func leastSquares(a *mat.Dense, x, y []float64) *linearFit {
	n, m := a.Dims()
	top := stat.Quantile(x, 1)
	w, b := mat.NewDense(n, m, nil), mat.NewVecDense(n, nil)
	for i := range n {
		weight := 1 / (x[i] + 0.2*top)
		for j := range m {
			w.Set(i, j, a.At(i, j)*weight)
		}
		b.SetVec(i, y[i]*weight)
	}
	var beta, fitted mat.VecDense
	if err := beta.SolveVec(w, b); err != nil {
		return nil
	}
	fitted.MulVec(w, &beta)
	f := &linearFit{beta: make([]float64, m)}
	for j := range m {
		f.beta[j] = beta.AtVec(j)
	}
	for i := range n {
		f.rss += sq(b.AtVec(i) - fitted.AtVec(i))
	}
	return f
}

// trendShare is the share of the load's variance that moves as slowly as a drift
// may: in a staircase nearly all of it.
func trendShare(at, x []float64) float64 {
	a := mat.NewDense(len(x), 1+driftTerms, nil)
	for i := range x {
		a.Set(i, 0, 1)
		for j := range driftTerms {
			a.Set(i, 1+j, wave(at[i], j+1))
		}
	}
	ones := make([]float64, len(x))
	for i := range ones {
		ones[i] = 1
	}
	f := leastSquares(a, ones, x)
	total := stat.Variance(x) * float64(len(x)-1)
	if f == nil || !(total > 0) {
		return 1
	}
	return 1 - f.rss*sq(1.2)/total
}
