package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func within(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s = %.9g, want %.9g within %g", what, got, want, relative)
	}
}

// SPEC SDM 1991 and the ray tracer, data sets of R's package usl 3.0.3 (Gunther,
// Guerrilla Capacity Planning, 2007).
func specSDM91() (n, x []float64) {
	return []float64{1, 18, 36, 72, 108, 144, 216},
		[]float64{64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775, 1702.2}
}

func raytracer() (n, x []float64) {
	return []float64{1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64},
		[]float64{20, 78, 130, 170, 190, 200, 210, 230, 260, 280, 310}
}

// The Cisco benchmark of Baron Schwartz, Practical Scalability Analysis, as in
// the tests of github.com/codahale/usl.
func cisco() (n, x []float64) {
	x = []float64{
		955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71,
		8646.7, 9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63,
		11806, 12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
	}
	for i := range x {
		n = append(n, float64(i+1))
	}
	return n, x
}

// Published coefficients where the package's README, tests or vignette print
// them, and the refit of the same model by R's nls(algorithm = "port").
func TestUSLPublishedTables(t *testing.T) {
	sn, sx := specSDM91()
	rn, rx := raytracer()
	cn, cx := cisco()
	for _, tt := range []struct {
		name                                    string
		n, x                                    []float64
		alpha, beta, gamma                      float64
		alphaSE, betaSE, gammaSE, rss, sigma, p float64
	}{
		{"specsdm91", sn, sx, .0277285, 1.0436550e-4, 89.99523, .0091217, 1.98753e-5, 14.21349, 27453.72, 82.8458, 1e-5},
		{"raytracer[1:6]", rn[:6], rx[:6], .02444404, .00162681, 20.856045, .0083907, 2.614e-4, .788506, 10.09188, 1.83411, 1e-5},
		{"raytracer", rn, rx, .05777078, 0, 21.848843, .013293, 1.179e-4, 2.19616, 697.238, 9.33567, 1e-5},
		{"cisco", cn, cx, .02671595, 7.690939e-4, 995.64879, .0044938, 8.6454e-5, 28.698, 0, 0, 1e-6},
	} {
		f, ok := FitUSL(tt.n, tt.x)
		if !ok {
			t.Fatalf("%s: no fit", tt.name)
		}
		within(t, tt.name+" alpha", f.Alpha, tt.alpha, tt.p)
		within(t, tt.name+" gamma", f.Gamma, tt.gamma, tt.p)
		if tt.beta == 0 {
			near(t, tt.name+" beta", f.Beta, 0, 1e-9)
		} else {
			within(t, tt.name+" beta", f.Beta, tt.beta, tt.p)
		}
		within(t, tt.name+" alpha SE", f.AlphaSE, tt.alphaSE, 1e-3)
		within(t, tt.name+" beta SE", f.BetaSE, tt.betaSE, 1e-3)
		within(t, tt.name+" gamma SE", f.GammaSE, tt.gammaSE, 1e-3)
		if tt.rss > 0 {
			within(t, tt.name+" RSS", f.RSS, tt.rss, 1e-5)
			within(t, tt.name+" sigma", f.Sigma, tt.sigma, 1e-5)
		}
	}
}

func TestUSLPeaksAndPredictions(t *testing.T) {
	n, x := specSDM91()
	f, _ := FitUSL(n, x)
	peakN, peakX, ok := f.Peak()
	if !ok {
		t.Fatal("no peak")
	}
	within(t, "peak n", peakN, 96.51956, 1e-6)
	near(t, "peak x", peakX, 1884, 0.5)
	optimalN, optimalX := f.Optimal()
	within(t, "optimal n", optimalN, 36.06401, 1e-6)
	near(t, "optimal x", optimalX, 1542, 0.5)
	within(t, "limit", f.Limit(), 3245.589, 1e-6)
	for i, want := range []float64{90, 1078, 1541, 1850, 1879, 1822, 1646} {
		near(t, "prediction", f.At(n[i]), want, 0.5)
	}
	for i, want := range []float64{.7211, .6148, .5100, .2860, .1882, .1370, .0876} {
		near(t, "efficiency", x[i]/(n[i]*f.Gamma), want, 5e-5)
	}
	n, x = raytracer()
	all, _ := FitUSL(n, x)
	if _, _, ok := all.Peak(); ok {
		t.Error("the whole ray tracer series has a peak")
	}
	within(t, "ray tracer limit", all.Limit(), 378.199, 1e-5)
	six, _ := FitUSL(n[:6], x[:6])
	peakN, peakX, _ = six.Peak()
	within(t, "ray tracer peak n", peakN, 24.488, 1e-4)
	within(t, "ray tracer peak x", peakX, 203.488, 1e-5)
}

func TestUSLCisco(t *testing.T) {
	f, _ := FitUSL(cisco())
	n, _, _ := f.Peak()
	near(t, "peak n", math.Floor(n), 35, 0)
	within(t, "peak x", f.At(35), 12341.745, 1e-6)
	within(t, "residence 1", f.Residence(1), .00100437, 1e-5)
	within(t, "residence 20", f.Residence(20), .00180772, 1e-5)
	within(t, "residence 35", f.Residence(35), .00283590, 1e-5)
	got, ok := f.Concurrency(955)
	if !ok {
		t.Fatal("955 a second is out of reach")
	}
	within(t, "concurrency", got, .9580999, 1e-4)
	if _, ok := f.Concurrency(20000); ok {
		t.Error("reached more than the peak")
	}
}

// The test of coef in package usl prints .02, .02 and 1.00.
func TestUSLCoef(t *testing.T) {
	f, ok := FitUSL([]float64{1, 2, 4, 6, 8, 10}, []float64{1, 1.8868, 3.0769, 3.5294, 3.5398, 3.3557})
	if !ok {
		t.Fatal("no fit")
	}
	near(t, "alpha", f.Alpha, 0.02, 5e-5)
	near(t, "beta", f.Beta, 0.02, 5e-5)
	near(t, "gamma", f.Gamma, 1, 5e-4)
	n, _, _ := f.Peak()
	near(t, "peak", n, 7, 0.005)
}

// The interval takes t with n-3 degrees of freedom at both tails. Package usl
// prints (.00754, .04135) here, from a one-sided quantile with n-1.
func TestUSLInterval(t *testing.T) {
	n, x := raytracer()
	f, _ := FitUSL(n[:6], x[:6])
	iv := f.AlphaInterval(0.95)
	near(t, "lo", iv.Lo, -.0023, 5e-5)
	near(t, "hi", iv.Hi, .0511, 5e-5)
	b, g := f.BetaInterval(0.95), f.GammaInterval(0.95)
	within(t, "beta half width", b.Hi-b.Value, 3.182446*2.614e-4, 1e-3)
	within(t, "gamma half width", g.Value-g.Lo, 3.182446*.788506, 1e-4)
}

// Exact data give their parameters back, at any scale and in any order.
func TestUSLRecovers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		u := USL{
			Alpha: rapid.Float64Range(0, 0.8).Draw(rt, "alpha"),
			Beta:  rapid.Float64Range(0, 0.05).Draw(rt, "beta"),
			Gamma: rapid.Float64Range(1e-3, 1e5).Draw(rt, "gamma"),
		}
		n := []float64{1, 2, 3, 5, 8, 13, 21, 34}
		rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1)).Shuffle(len(n), func(i, j int) { n[i], n[j] = n[j], n[i] })
		x := make([]float64, len(n))
		for i, v := range n {
			x[i] = u.At(v)
		}
		f, ok := FitUSL(n, x)
		if !ok || math.Abs(f.Alpha-u.Alpha) > 1e-5 || math.Abs(f.Beta-u.Beta) > 1e-5 || math.Abs(f.Gamma/u.Gamma-1) > 1e-5 {
			rt.Fatalf("fit %+v, want %+v", f, u)
		}
	})
}

func TestUSLIntervalCoverage(t *testing.T) {
	const runs = 400
	u := USL{Alpha: 0.05, Beta: 0.001, Gamma: 100}
	r := rand.New(rand.NewPCG(11, 3))
	covered := 0
	for range runs {
		var n, x []float64
		for i := 1; i <= 40; i += 3 {
			n = append(n, float64(i))
			x = append(x, u.At(float64(i))+15*r.NormFloat64())
		}
		f, ok := FitUSL(n, x)
		if iv := f.AlphaInterval(0.95); ok && iv.Lo <= u.Alpha && u.Alpha <= iv.Hi {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.92 || share > 0.98 {
		t.Errorf("coverage %.3f, want .92 to .98", share)
	}
}

func TestUSLRefuses(t *testing.T) {
	four := []float64{1, 2, 3, 4}
	for name, d := range map[string][2][]float64{
		"empty": {nil, nil}, "three": {four[:3], four[:3]}, "lengths": {four, four[:3]},
		"one concurrency": {{2, 2, 2, 2}, four}, "NaN": {four, {1, math.NaN(), 3, 4}},
		"infinite": {four, {1, math.Inf(1), 3, 4}}, "zero load": {{0, 1, 2, 3}, four},
		"negative": {four, {1, 2, -3, 4}}, "nothing served": {four, {0, 0, 0, 0}},
	} {
		if f, ok := FitUSL(d[0], d[1]); ok {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
