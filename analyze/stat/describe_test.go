package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
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

// What cannot be known is NaN, and nothing panics.
func TestDescribeRefuses(t *testing.T) {
	x := []float64{1, 2, 3}
	for i, v := range []float64{
		Mean(nil), Variance(x[:1]), Quantile(x, -0.1), Quantile(x, 1.1), Quantile(x, math.NaN()), Median([]float64{1, math.NaN()}),
		MAD(nil), MAD([]float64{math.NaN()}), TQuantile(1.5, 3), TQuantile(.9, 0), Autocorrelation([]float64{2, 2, 2}),
		VarianceUpper(1, 3, 7), Wilson(3, 2, 0.95).Lo, Wilson(-1, 2, 0.95).Hi, Wilson(1, 2, 3).Lo, BatchMeans(nil, 6, 0.95).Lo,
		BatchMeans(x, 3, 5).Hi, Jackknife(0, 5, 0.95, func([]int) float64 { return math.NaN() }).Lo,
	} {
		if !math.IsNaN(v) {
			t.Errorf("case %d: %v, want NaN", i, v)
		}
	}
}

// The score interval covers about what it says at any share, rare ones too.
func TestWilsonCoverage(t *testing.T) {
	for _, p := range []float64{0.02, 0.2, 0.5} {
		const runs, trials = 2000, 100
		r := rand.New(rand.NewPCG(15, uint64(100*p)))
		covered := 0
		for range runs {
			hits := 0.0
			for range trials {
				if r.Float64() < p {
					hits++
				}
			}
			if iv := Wilson(hits, trials, 0.95); iv.Lo <= p && p <= iv.Hi {
				covered++
			}
		}
		if share := float64(covered) / runs; share < 0.925 || share > 0.985 {
			t.Errorf("p %g: coverage %.3f", p, share)
		}
	}
}
