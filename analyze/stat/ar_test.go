package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// autoregressive draws n values of a stationary AR(1) with unit innovations.
func autoregressive(r *rand.Rand, n int, phi float64) []float64 {
	x := make([]float64, n)
	v := r.NormFloat64() / math.Sqrt(1-phi*phi)
	for i := range x {
		x[i] = v
		v = phi*v + r.NormFloat64()
	}
	return x
}

// Luteinizing hormone, data set lh of R (Diggle 1990, table A.1). R's
// ar(lh, method = "ols") prints order 1, coefficient 0.586, variance 0.2016.
func lh() []float64 {
	return []float64{
		2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2, 2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0,
		2.3, 2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3, 2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9,
	}
}

func TestFitARPublished(t *testing.T) {
	a, ok := FitAR(lh(), 1)
	if !ok || a.N != 47 {
		t.Fatalf("%+v", a)
	}
	near(t, "phi", a.Phi[0], 0.586, 5e-4)
	// R divides the sum of squares by the number of values.
	near(t, "variance", sq(a.Sigma)*45/47, 0.2016, 5e-5)
	if s, ok := SelectAR(lh(), 3); !ok || len(s.Phi) != 1 {
		t.Errorf("selected %+v", s)
	}
}

func TestARResidualsAreWhite(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	for _, phi := range []float64{0, .5, .9, .97} {
		x := autoregressive(r, 2000, phi)
		a, ok := SelectAR(x, 3)
		if !ok {
			t.Fatalf("phi %v: no fit", phi)
		}
		if len(a.Phi) > 0 {
			near(t, "first coefficient", a.Phi[0], phi, 0.07)
		}
		near(t, "sigma", a.Sigma, 1, 0.06)
		e := a.Residuals(x)[3:]
		near(t, "autocorrelation left", Autocorrelation(e), 0, 0.05)
	}
}

func TestARLeavesGapsOut(t *testing.T) {
	x := autoregressive(rand.New(rand.NewPCG(1, 1)), 400, .8)
	whole, _ := FitAR(x, 1)
	x[100], x[200], x[300] = math.NaN(), math.Inf(1), math.NaN()
	a, ok := FitAR(x, 1)
	if !ok || a.N != 399-6 || math.Abs(a.Phi[0]-whole.Phi[0]) > 0.02 {
		t.Errorf("%+v, without gaps %+v", a, whole)
	}
	e := a.Residuals(x)
	for _, i := range []int{0, 100, 101, 200, 201, 300, 301} {
		if !math.IsNaN(e[i]) {
			t.Errorf("residual %d is %v", i, e[i])
		}
	}
	for _, bad := range [][]float64{nil, {1, 2, 3, 4}, {5, 5, 5, 5, 5, 5, 5, 5}} {
		if a, ok := SelectAR(bad, 1); ok {
			t.Errorf("%v: %+v", bad, a)
		}
	}
	if _, ok := FitAR(x, -1); ok {
		t.Error("a negative order")
	}
}
