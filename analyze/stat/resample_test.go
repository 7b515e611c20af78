package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

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

// The slope under residuals that remember: the delete-block jackknife has to
// cover about what it says, where the independent interval does not.
func TestJackknifeSlopeCoverage(t *testing.T) {
	const runs, n, blocks = 500, 120, 12
	r := rand.New(rand.NewPCG(9, 9))
	jackknife, independent := 0, 0
	for range runs {
		x, y := make([]float64, n), autoregressive(r, n, 0.5)
		for i := range x {
			x[i] = math.Floor(float64(i) / 12)
			y[i] += 2 * x[i]
		}
		iv := Jackknife(n, blocks, 0.95, func(index []int) float64 {
			u, v := make([]float64, len(index)), make([]float64, len(index))
			for j, i := range index {
				u[j], v[j] = x[i], y[i]
			}
			f, ok := OLS(u, v)
			if !ok {
				return math.NaN()
			}
			return f.Slope
		})
		if iv.Lo <= 2 && 2 <= iv.Hi {
			jackknife++
		}
		f, _ := OLS(x, y)
		if iv := f.SlopeInterval(0.95); iv.Lo <= 2 && 2 <= iv.Hi {
			independent++
		}
	}
	t.Logf("jackknife %.3f, independent %.3f", float64(jackknife)/runs, float64(independent)/runs)
	if share := float64(jackknife) / runs; share < 0.90 || share > 0.99 {
		t.Errorf("coverage %.3f, want .90 to .99", share)
	}
	if jackknife <= independent {
		t.Error("the jackknife covers no more than the independent interval")
	}
}

// Thirty minutes with a memory of .5: six batches cover about .91, and .88 of
// sixty minutes with a memory of .8.
func TestBatchMeansPublishedCoverage(t *testing.T) {
	for _, tt := range []struct {
		n         int
		phi, want float64
	}{{30, .5, .91}, {60, .8, .88}} {
		const runs = 2000
		r := rand.New(rand.NewPCG(10, uint64(tt.n)))
		covered := 0
		for range runs {
			if iv := BatchMeans(autoregressive(r, tt.n, tt.phi), 6, 0.95); iv.Lo <= 0 && 0 <= iv.Hi {
				covered++
			}
		}
		near(t, "coverage", float64(covered)/runs, tt.want, 0.02)
	}
}

// Blocks keep neighbours together: the spread of the mean over replicates must
// follow the autocorrelation, which single draws ignore.
func TestResampleBlocks(t *testing.T) {
	x := autoregressive(rand.New(rand.NewPCG(12, 1)), 2000, 0.8)
	spread := func(block int) float64 {
		r := rand.New(rand.NewPCG(13, 1))
		means := make([]float64, 400)
		for i := range means {
			means[i] = Mean(ResampleBlocks(r, x, block))
		}
		return math.Sqrt(Variance(means))
	}
	// The mean of AR(1) has (1+phi)/(1-phi) = 9 times the variance.
	near(t, "ratio", spread(60)/spread(1), 3, 0.6)
	r := rand.New(rand.NewPCG(14, 1))
	if got := ResampleBlocks(r, []float64{1, 2, 3}, 99); !slices.Equal(got, []float64{1, 2, 3}) {
		t.Errorf("one block: %v", got)
	}
	if len(ResampleBlocks(r, nil, 3)) != 0 || len(ResampleBlocks(r, x[:10], 0)) != 10 {
		t.Error("wrong length")
	}
}
