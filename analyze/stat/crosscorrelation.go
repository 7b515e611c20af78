package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// CrossOptions steer [CrossCorrelate]. The zero value means lags to 10 steps,
// autoregressions to order 3 and 30 pairs.
type CrossOptions struct {
	MaxLag   int // largest lag looked at in either direction, in steps
	MaxOrder int // largest order of the autoregressions that whiten the series
	MinPairs int // lags with fewer complete pairs are not looked at
}

// LagCorrelation is the correlation of x at a step with y Lag steps later: at a
// positive lag x precedes y.
type LagCorrelation struct {
	Lag int
	R   float64 // Pearson's, of the whitened series
	P   float64 // two-sided, of this lag alone
	N   int     // complete pairs
}

// CrossCorrelation is what [CrossCorrelate] found.
type CrossCorrelation struct {
	Best   LagCorrelation
	P      float64 // of the best lag, corrected for the number of lags looked at
	R      Interval
	Lags   []LagCorrelation // ascending
	OrderX int              // autoregression that whitened x
	OrderY int
}

// CrossCorrelate looks for the lag at which two series move together. Each is
// first whitened by its own autoregression (Haugh 1976): without that, series
// that merely drift correlate at some lag in two of three cases by chance. P
// multiplies the best lag's p-value by the number of lags (Bonferroni). R is
// Fisher's 95 % interval at the best lag and not corrected for the choice. A
// step whose value is missing (NaN or infinite) takes no part. Precedence is not
// cause. ok is false when the series differ in length, one cannot be whitened or
// does not vary, or no lag has enough pairs. O(n (lags + order^2)).
func CrossCorrelate(x, y []float64, o CrossOptions) (CrossCorrelation, bool) {
	o = o.orDefault()
	if len(x) != len(y) {
		return CrossCorrelation{}, false
	}
	ax, okX := SelectAR(x, o.MaxOrder)
	ay, okY := SelectAR(y, o.MaxOrder)
	if !okX || !okY {
		return CrossCorrelation{}, false
	}
	out := CrossCorrelation{OrderX: len(ax.Phi), OrderY: len(ay.Phi), Best: LagCorrelation{P: math.Inf(1)}}
	u, v := ax.Residuals(x), ay.Residuals(y)
	for lag := -o.MaxLag; lag <= o.MaxLag; lag++ {
		c, ok := correlateAt(u, v, lag, o.MinPairs)
		if !ok {
			continue
		}
		out.Lags = append(out.Lags, c)
		if c.P < out.Best.P {
			out.Best = c
		}
	}
	if len(out.Lags) == 0 {
		return CrossCorrelation{}, false
	}
	out.P = min(1, out.Best.P*float64(len(out.Lags)))
	out.R = fisherInterval(out.Best.R, out.Best.N, 0.95)
	return out, true
}

func (o CrossOptions) orDefault() CrossOptions {
	if o.MaxLag <= 0 {
		o.MaxLag = 10
	}
	if o.MaxOrder <= 0 {
		o.MaxOrder = 3
	}
	if o.MinPairs <= 0 {
		o.MinPairs = 30
	}
	return o
}

// correlateAt is the correlation of u with v lag steps later.
func correlateAt(u, v []float64, lag, minPairs int) (LagCorrelation, bool) {
	var a, b []float64
	for t := max(0, -lag); t < len(u) && t+lag < len(v); t++ {
		if finite(u[t]) && finite(v[t+lag]) {
			a, b = append(a, u[t]), append(b, v[t+lag])
		}
	}
	r, p := Correlation(a, b)
	if len(a) < minPairs || math.IsNaN(r) {
		return LagCorrelation{}, false
	}
	return LagCorrelation{Lag: lag, R: r, P: p, N: len(a)}, true
}

// Correlation is Pearson's correlation of independent pairs and its two-sided
// p-value from t with n-2 degrees of freedom. Both are NaN when the slices
// differ in length, below three pairs, or when either does not vary.
func Correlation(x, y []float64) (r, p float64) {
	n := float64(len(x))
	if len(x) != len(y) || len(x) < 3 {
		return math.NaN(), math.NaN()
	}
	mx, my, sxx, syy, sxy := Mean(x), Mean(y), 0.0, 0.0, 0.0
	for i := range x {
		sxx += sq(x[i] - mx)
		syy += sq(y[i] - my)
		sxy += (x[i] - mx) * (y[i] - my)
	}
	if !(sxx > 0) || !(syy > 0) || !finite(sxy) {
		return math.NaN(), math.NaN()
	}
	r = max(-1, min(1, sxy/math.Sqrt(sxx)/math.Sqrt(syy)))
	return r, tTailBoth(r*math.Sqrt((n-2)/(1-r*r)), n-2)
}

// tTailBoth is the chance that Student's t lies further from 0 than t.
func tTailBoth(t, df float64) float64 {
	if math.IsInf(t, 0) {
		return 0
	}
	return min(1, 2*distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t)))
}

// fisherInterval is the interval of a correlation by Fisher's z (1921).
func fisherInterval(r float64, n int, confidence float64) Interval {
	h := normalQuantile(0.5+confidence/2) / math.Sqrt(float64(n-3))
	z := math.Atanh(r)
	return Interval{Value: r, Lo: math.Tanh(z - h), Hi: math.Tanh(z + h)}
}
