package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Anscombe's first quartet: published slope 0.5001, intercept 3.0001, R2
// 0.6665, slope SE 0.1179, intercept SE 1.1247, sigma 1.2366.
func TestOLSAnscombe(t *testing.T) {
	x := []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	y := []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
	f, ok := OLS(x, y)
	if !ok {
		t.Fatal("no fit")
	}
	near(t, "slope", f.Slope, 0.50009, 1e-5)
	near(t, "intercept", f.Intercept, 3.00009, 1e-5)
	near(t, "R2", f.R2, 0.66654, 1e-5)
	near(t, "slope SE", f.SlopeSE, 0.11791, 1e-5)
	near(t, "intercept SE", f.InterceptSE, 1.12475, 1e-5)
	near(t, "sigma", f.Sigma, 1.23660, 1e-5)
	iv := f.SlopeInterval(0.95)
	near(t, "slope lo", iv.Lo, 0.50009-2.262157*0.11791, 1e-4)
	at := f.MeanAt(9, 0.95) // at the mean of x the error is sigma/sqrt(n)
	near(t, "mean hi", at.Hi-at.Value, 2.262157*1.23660/math.Sqrt(11), 1e-4)
	if _, ok := OLS([]float64{1, 1, 1}, []float64{1, 2, 3}); ok {
		t.Error("fitted a line to one x")
	}
}

func TestTheilSenShrugsOffOutliers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		slope := rapid.Float64Range(-5, 5).Draw(rt, "slope")
		base := rapid.Float64Range(-10, 10).Draw(rt, "base")
		n := rapid.SampledFrom([]int{20, 60, 500}).Draw(rt, "n")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = float64(i) / float64(n)
			y[i] = base + slope*x[i]
			if r.Float64() < 0.1 {
				y[i] += 100 * r.NormFloat64()
			}
		}
		l, ok := TheilSen(x, y)
		if !ok || math.Abs(l.Slope-slope) > 1e-6+0.02*math.Abs(slope)+0.05 || math.Abs(l.At(0.5)-(base+slope/2)) > 0.1 {
			rt.Fatalf("line %+v, want %g + %g x", l, base, slope)
		}
	})
	if _, ok := TheilSen([]float64{2, 2, 2}, []float64{1, 2, 3}); ok {
		t.Error("a slope without a range of x")
	}
}

// Norris, of NIST's statistical reference data sets, with its certified values.
func TestOLSNorris(t *testing.T) {
	y := []float64{
		0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8,
		557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2,
	}
	x := []float64{
		0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5, 11.6,
		556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5,
	}
	f, ok := OLS(x, y)
	if !ok || f.N != 36 {
		t.Fatal("no fit")
	}
	within(t, "slope", f.Slope, 1.00211681802045, 1e-12)
	within(t, "intercept", f.Intercept, -0.262323073774029, 1e-10)
	within(t, "slope SE", f.SlopeSE, 0.429796848199937e-3, 1e-10)
	within(t, "intercept SE", f.InterceptSE, 0.232818234301152, 1e-10)
	within(t, "sigma", f.Sigma, 0.884796396144373, 1e-10)
	within(t, "R2", f.R2, 0.999993745883712, 1e-12)
	a := f.InterceptInterval(0.95)
	within(t, "intercept half width", a.Hi-a.Value, 2.032244509*f.InterceptSE, 1e-8)
	p, m := f.PredictAt(500, 0.9), f.MeanAt(500, 0.9)
	k := 1.690924255 * f.Sigma
	within(t, "prediction", sq((p.Hi-p.Lo)/2/k), 1+sq((m.Hi-m.Lo)/2/k), 1e-8)
}

// The example of Sen 1968: slope 4, 93 % interval 3.71 to 4.38.
func TestSenSlopePublished(t *testing.T) {
	x, y := []float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78}
	iv, ok := SenSlope(x, y, 0.93)
	if !ok {
		t.Fatal("no slope")
	}
	near(t, "slope", iv.Value, 4, 1e-12)
	near(t, "lo", iv.Lo, 3.71, 0.005)
	near(t, "hi", iv.Hi, 4.38, 0.005)
}

func TestSenSlopeCoverage(t *testing.T) {
	const runs = 1000
	r := rand.New(rand.NewPCG(31, 1))
	covered := 0
	for range runs {
		x, y := make([]float64, 30), make([]float64, 30)
		for i := range x {
			x[i] = r.Float64()
			y[i] = 3*x[i] + math.Tan(math.Pi*(r.Float64()-.5)) // Cauchy: least squares has no interval here
		}
		if iv, ok := SenSlope(x, y, 0.95); ok && iv.Lo <= 3 && 3 <= iv.Hi {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.93 || share > 0.975 {
		t.Errorf("coverage %.3f, want .93 to .975", share)
	}
}

// A line moves with its points: shift and scale of either axis, any order.
func TestLinesAreEquivariant(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		a, b := rapid.Float64Range(0.1, 10).Draw(rt, "x scale"), rapid.Float64Range(-10, 10).Draw(rt, "y scale")
		c := rapid.Float64Range(-50, 50).Draw(rt, "shift")
		x, y := autoregressive(r, 40, .5), autoregressive(r, 40, .5)
		u, v := make([]float64, 40), make([]float64, 40)
		for i, j := range r.Perm(40) {
			u[i], v[i] = c+a*x[j], c+b*y[j]
		}
		sen, _ := SenSlope(x, y, 0.9)
		senMoved, _ := SenSlope(u, v, 0.9)
		ols, _ := OLS(x, y)
		olsMoved, _ := OLS(u, v)
		robust, _ := TheilSen(x, y)
		robustMoved, _ := TheilSen(u, v)
		for _, pair := range [][2]float64{
			{sen.Value, senMoved.Value}, {ols.Slope, olsMoved.Slope}, {robust.Slope, robustMoved.Slope},
		} {
			if math.Abs(pair[0]*b/a-pair[1]) > 1e-8*(1+math.Abs(pair[1])) {
				rt.Fatalf("slope %v became %v, scales %v and %v", pair[0], pair[1], a, b)
			}
		}
	})
}

func TestLinesRefuse(t *testing.T) {
	three, bad := []float64{1, 2, 3}, []float64{1, math.NaN(), 3}
	for name, d := range map[string][2][]float64{
		"empty": {nil, nil}, "lengths": {three, three[:2]}, "NaN": {three, bad},
		"infinite": {{1, 2, math.Inf(1)}, three}, "one x": {{2, 2, 2}, three},
	} {
		_, a := OLS(d[0], d[1])
		_, b := TheilSen(d[0], d[1])
		_, c := SenSlope(d[0], d[1], 0.95)
		_, e := Segmented(d[0], d[1])
		if a || b || c || e {
			t.Errorf("%s: fitted %v %v %v %v", name, a, b, c, e)
		}
	}
	if iv, ok := SenSlope(three, three, 2); ok {
		t.Errorf("200 %% confidence: %+v", iv)
	}
}
