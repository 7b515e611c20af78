package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.10g, want %.10g within %g", what, got, want, tolerance)
	}
}

// The values are R's quantile(c(15, 20, 35, 40, 50), type = 7).
func TestQuantile(t *testing.T) {
	x := []float64{50, 15, 35, 20, 40}
	near(t, "q.4", Quantile(x, 0.4), 29, 1e-12)
	near(t, "q.25", Quantile(x, 0.25), 20, 1e-12)
	near(t, "median", Median(x), 35, 0)
	near(t, "q1", Quantile(x, 1), 50, 0)
	if !slices.Equal(x, []float64{50, 15, 35, 20, 40}) {
		t.Error("Quantile sorted its argument")
	}
	if !math.IsNaN(Median(nil)) {
		t.Error("the median of nothing is a number")
	}
	near(t, "MAD", MAD([]float64{1, 1, 2, 2, 4, 6, 9}), 1.482602218505602, 1e-12)
}

// Tables of Student's t.
func TestTQuantile(t *testing.T) {
	near(t, "t(.975,3)", TQuantile(0.975, 3), 3.182446, 1e-6)
	near(t, "t(.975,11)", TQuantile(0.975, 11), 2.200985, 1e-6)
	near(t, "t(.975,5)", TQuantile(0.975, 5), 2.570582, 1e-6)
}

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

// The delete-one jackknife of a mean is the classical standard error exactly.
func TestJackknifeOfMean(t *testing.T) {
	x := []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}
	iv := Jackknife(len(x), len(x), 0.95, func(index []int) float64 {
		v := make([]float64, len(index))
		for j, i := range index {
			v[j] = x[i]
		}
		return Mean(v)
	})
	half := TQuantile(0.975, 11) * math.Sqrt(Variance(x)/12)
	near(t, "value", iv.Value, Mean(x), 1e-12)
	near(t, "half width", (iv.Hi-iv.Lo)/2, half, 1e-12)
}

// A 95 % interval from batch means of an AR(1) series has to cover about that,
// where the independent formula would cover half as often.
func TestBatchMeansCoverage(t *testing.T) {
	const runs = 600
	r := rand.New(rand.NewPCG(7, 7))
	covered := 0
	for range runs {
		x, v := make([]float64, 60), 0.0
		for i := range x {
			v = 0.5*v + r.NormFloat64()
			x[i] = v
		}
		if iv := BatchMeans(x, 6, 0.95); iv.Lo <= 0 && 0 <= iv.Hi {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.88 || share > 0.99 {
		t.Errorf("coverage %.3f, want .88 to .99", share)
	}
}

func TestBootstrapIsSeeded(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	draw := func(r *rand.Rand) float64 { return Mean(Resample(r, x)) }
	a, b := Bootstrap(500, 3, 0.95, draw), Bootstrap(500, 3, 0.95, draw)
	if a.Lo != b.Lo || a.Hi != b.Hi {
		t.Error("one seed gave two intervals")
	}
	se := math.Sqrt(Variance(x) * 9 / 10 / 10)
	near(t, "lo", a.Lo, 5.5-1.96*se, 0.35)
	near(t, "hi", a.Hi, 5.5+1.96*se, 0.35)
}

func TestIsotonic(t *testing.T) {
	got := Isotonic([]float64{1, 3, 2, 4, 3.5, 6}, nil)
	want := []float64{1, 2.5, 2.5, 3.75, 3.75, 6}
	if !slices.Equal(got, want) {
		t.Errorf("Isotonic = %v, want %v", got, want)
	}
	if got := Isotonic([]float64{3, 1}, []float64{1, 3}); !slices.Equal(got, []float64{1.5, 1.5}) {
		t.Errorf("weighted = %v, want 1.5 twice", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		y := rapid.SliceOf(rapid.Float64Range(-100, 100)).Draw(rt, "y")
		f := Isotonic(y, nil)
		if len(f) != len(y) || !slices.IsSorted(f) {
			rt.Fatalf("Isotonic(%v) = %v", y, f)
		}
		if len(y) > 0 && math.Abs(Mean(f)-Mean(y)) > 1e-9 {
			rt.Fatalf("mean moved from %v to %v", Mean(y), Mean(f))
		}
	})
}

// Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29 by the score method.
func TestWilsonNewcombe(t *testing.T) {
	for _, tt := range []struct{ hits, trials, lo, hi float64 }{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
	} {
		iv := Wilson(tt.hits, tt.trials, 0.95)
		near(t, "lo", iv.Lo, tt.lo, 5e-5)
		near(t, "hi", iv.Hi, tt.hi, 5e-5)
	}
	if !math.IsNaN(Wilson(0, 0, 0.95).Lo) {
		t.Error("an interval from no trials")
	}
}

func TestSegmented(t *testing.T) {
	var x, y, straight []float64
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 20 {
		v := float64(i)
		x = append(x, v)
		y = append(y, 1+0.1*v+2*math.Max(0, v-12)+0.01*r.NormFloat64())
		straight = append(straight, 1+0.1*v+0.01*r.NormFloat64())
	}
	b, ok := Segmented(x, y)
	if !ok || b.At != 12 || b.P > 1e-6 {
		t.Errorf("bend %+v, want one at 12", b)
	}
	near(t, "before", b.Before, 0.1, 0.01)
	near(t, "after", b.After, 2.1, 0.01)
	if b, ok := Segmented(x, straight); ok && b.P < 0.01 {
		t.Errorf("a straight line bends: %+v", b)
	}
}

// The tail of F has a closed form for 2 numerator degrees of freedom:
// (1 + 2F/d)^(-d/2).
func TestFTail(t *testing.T) {
	f, d := 3.5, 16.0
	near(t, "tail", 1-distuv.F{D1: 2, D2: d}.CDF(f), math.Pow(1+2*f/d, -d/2), 1e-12)
}

func TestChangePointsFindsSteps(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		var x []float64
		for _, level := range []float64{1, 1.2, 1.35, 1.1, 2} {
			for range 5 {
				x = append(x, level+0.02*r.NormFloat64())
			}
		}
		got := ChangePoints(x, ChangeOptions{MinSegment: 3, MinShift: 0.05})
		if !slices.Equal(got, []int{5, 10, 15, 20}) {
			t.Errorf("seed %d: %v", seed, got)
		}
	}
}

// Noise alone must not look like steps: the magnitude floor sees to it.
func TestChangePointsNull(t *testing.T) {
	found := 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		x := make([]float64, 240)
		for i := range x {
			x[i] = 0.03 * r.NormFloat64()
		}
		found += len(ChangePoints(x, ChangeOptions{MinSegment: 3, MinShift: 0.05}))
	}
	if found > 5 {
		t.Errorf("%d change points in 50 series of noise", found)
	}
}

// The pruned search must agree with looking at every segmentation.
func TestPeltIsExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 10), 2, 30).Draw(rt, "x")
		minSeg := rapid.IntRange(1, 5).Draw(rt, "min")
		penalty := rapid.Float64Range(0.1, 20).Draw(rt, "penalty")
		if len(x) < 2*minSeg {
			return
		}
		got, want := segmentCost(x, pelt(x, minSeg, penalty), penalty), exhaustive(x, minSeg, penalty)
		if math.Abs(got-want) > 1e-6 {
			rt.Fatalf("cost %v, best is %v", got, want)
		}
	})
}

func segmentCost(x []float64, points []int, penalty float64) float64 {
	total, from := -penalty, 0
	for _, to := range append(slices.Clone(points), len(x)) {
		m := Mean(x[from:to])
		for _, v := range x[from:to] {
			total += (v - m) * (v - m)
		}
		total += penalty
		from = to
	}
	return total
}

func exhaustive(x []float64, minSeg int, penalty float64) float64 {
	best := make([]float64, len(x)+1)
	best[0] = -penalty
	for to := 1; to <= len(x); to++ {
		best[to] = math.Inf(1)
		for from := 0; to-from >= minSeg; from++ {
			if c := best[from] + segmentCost(x[from:to], nil, penalty) + penalty; c < best[to] {
				best[to] = c
			}
		}
	}
	return best[len(x)]
}

func TestMSER(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = 10 + math.Sin(float64(i))
		if i < 8 {
			x[i] += 20 - 2*float64(i)
		}
	}
	if d := MSER(x); d < 6 || d > 12 {
		t.Errorf("dropped %d of a warm-up of 8", d)
	}
	if d := MSER(x[:9]); d != 0 {
		t.Errorf("dropped %d of 9 values", d)
	}
}

func TestAutocorrelation(t *testing.T) {
	near(t, "alternating", Autocorrelation([]float64{1, -1, 1, -1, 1, -1}), -5.0/6, 1e-12)
}

// TestVarianceUpper holds the bound to published quantiles of chi-squared: 3.940
// for 10 degrees of freedom and 10.851 for 20, both at 5 %.
func TestVarianceUpper(t *testing.T) {
	for dof, quantile := range map[float64]float64{10: 3.940, 20: 10.851} {
		if got, want := VarianceUpper(2, dof, 0.95), 2*dof/quantile; math.Abs(got/want-1) > 1e-3 {
			t.Errorf("%g degrees of freedom: got %g, want %g", dof, got, want)
		}
	}
	if !math.IsNaN(VarianceUpper(1, 0, 0.95)) {
		t.Error("a bound without data")
	}
}
