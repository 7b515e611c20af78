package stat

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// AR is an autoregression: a value is Const plus Phi[i] times the value i+1
// steps before, plus noise.
type AR struct {
	Const float64
	Phi   []float64
	Sigma float64 // standard deviation of the noise, degrees of freedom corrected
	N     int     // values the fit rests on
}

// FitAR fits an autoregression of the given order by least squares of every
// value on those before it. Steps with a value missing (NaN or infinite) are
// left out. ok is false for a negative order, when fewer than three usable steps
// per coefficient remain, or when the values do not determine the coefficients.
// O(n order^2).
func FitAR(x []float64, order int) (AR, bool) {
	return fitAR(x, order, order)
}

// SelectAR fits orders 0 to maxOrder to the same steps and takes the one with
// the least AIC (Akaike 1974, small-sample form of Hurvich and Tsai 1989).
// ok is false as in [FitAR], and for values that are all the same.
func SelectAR(x []float64, maxOrder int) (AR, bool) {
	if !varies(x) {
		return AR{}, false
	}
	best, least := AR{}, math.Inf(1)
	for order := range maxOrder + 1 {
		a, ok := fitAR(x, order, maxOrder)
		k := float64(order + 2)
		n := float64(a.N)
		if !ok || !(a.Sigma > 0) || n-k-1 <= 0 {
			continue
		}
		rss := sq(a.Sigma) * (n - float64(order) - 1)
		if aic := n*math.Log(rss/n) + 2*k*n/(n-k-1); aic < least {
			best, least = a, aic
		}
	}
	return best, !math.IsInf(least, 1)
}

// fitAR fits order to the steps from the skip-th on, so that orders compare.
func fitAR(x []float64, order, skip int) (AR, bool) {
	if order < 0 {
		return AR{}, false
	}
	var rows, y []float64
	for t := skip; t < len(x); t++ {
		if !allFinite(x[t-skip : t+1]) {
			continue
		}
		rows = append(rows, 1)
		for i := 1; i <= order; i++ {
			rows = append(rows, x[t-i])
		}
		y = append(y, x[t])
	}
	n := len(y)
	if n < 3*(order+1) {
		return AR{}, false
	}
	design, beta := mat.NewDense(n, order+1, rows), mat.VecDense{}
	if err := beta.SolveVec(design, mat.NewVecDense(n, y)); err != nil {
		return AR{}, false
	}
	a := AR{Const: beta.AtVec(0), Phi: make([]float64, order), N: n}
	for i := range a.Phi {
		a.Phi[i] = beta.AtVec(i + 1)
	}
	rss := 0.0
	for i := range n {
		fit := 0.0
		for j := range order + 1 {
			fit += rows[i*(order+1)+j] * beta.AtVec(j)
		}
		rss += sq(y[i] - fit)
	}
	a.Sigma = math.Sqrt(rss / float64(n-order-1))
	return a, true
}

// Residuals is what of x the autoregression does not foresee, aligned with x;
// NaN at the start and wherever one of the values it needs is not finite. It
// whitens the series it was fitted to.
func (a AR) Residuals(x []float64) []float64 {
	out := make([]float64, len(x))
	for t := range x {
		out[t] = math.NaN()
		if t < len(a.Phi) || !allFinite(x[t-len(a.Phi):t+1]) {
			continue
		}
		out[t] = x[t] - a.Const
		for i, phi := range a.Phi {
			out[t] -= phi * x[t-i-1]
		}
	}
	return out
}
