package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the data holds, nothing may panic or hang, and arguments stay as they
// were.
func TestHostileData(t *testing.T) {
	value := rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64}),
		rapid.Float64(), rapid.Float64Range(-10, 10),
	)
	extreme := rapid.OneOf(rapid.SampledFrom([]float64{0, 1, 2, 1e308, -1e308, 1e-300}), rapid.Float64Range(0, 10))
	rapid.Check(t, func(rt *rapid.T) {
		element := rapid.SampledFrom([]*rapid.Generator[float64]{value, extreme, rapid.Float64Range(1, 4)}).Draw(rt, "kind")
		x := rapid.SliceOfN(element, 0, 60).Draw(rt, "x")
		y := rapid.SliceOfN(element, 0, 60).Draw(rt, "y")
		if rapid.Bool().Draw(rt, "same length") {
			n := min(len(x), len(y))
			x, y = x[:n], y[:n]
		}
		p := value.Draw(rt, "p")
		n := rapid.IntRange(-2, 70).Draw(rt, "n")
		before := append(append([]float64(nil), x...), y...)
		series(x, y, p, n)
		pairs(x, y, p, n)
		for i, v := range append(append([]float64(nil), x...), y...) {
			if math.Float64bits(v) != math.Float64bits(before[i]) {
				rt.Fatalf("value %d became %v", i, v)
			}
		}
	})
}

// series calls what takes one series.
func series(x, y []float64, p float64, n int) {
	r := rand.New(rand.NewPCG(1, 1))
	Quantile(x, p)
	MAD(x)
	Variance(x)
	Autocorrelation(x)
	TQuantile(p, 3)
	TQuantile(0.9, p)
	VarianceUpper(p, 3, 0.9)
	Wilson(p, 3, 0.9)
	BatchMeans(x, n, p)
	Resample(r, x)
	ResampleBlocks(r, x, n)
	MSER(x)
	MSERBatch(x, n)
	Isotonic(x, nil)
	ChangePoints(x, ChangeOptions{MinSegment: n, Sigma: p, MinShift: p, Phi: p})
	EDivisive(x, DivisiveOptions{Window: n, MinSegment: n, P: p, MinMagnitude: p})
	FitAR(x, min(n, 5))
	SelectAR(x, min(n, 5))
	BenjaminiHochberg(x)
	BenjaminiYekutieli(x)
	ErlangC(n, p)
	q := Queue{Servers: n, Rate: p, Service: p, ArrivalCV2: p, ServiceCV2: 1}
	q.Wait()
	q.SakasegawaWait()
	q.WaitTail(p)
	q.WaitQuantile(p)
	ResidenceBound(p, p, y)
}

// pairs calls what takes two.
func pairs(x, y []float64, p float64, n int) {
	TheilSen(x, y)
	SenSlope(x, y, p)
	if f, ok := OLS(x, y); ok {
		f.SlopeInterval(p)
		f.MeanAt(p, 0.9)
		f.PredictAt(p, 0.9)
	}
	Segmented(x, y)
	Isotonic(x, y)
	Knee(x, y, Shape{Convex: n > 3, Decreasing: n > 9}, p)
	Correlation(x, y)
	CrossCorrelate(x, y, CrossOptions{MaxLag: n, MaxOrder: min(n, 5), MinPairs: n})
	MannWhitney(x, y)
	WeightedQuantile(x, y, p)
	WeightedMean(x, y)
	if f, ok := FitUSL(x, y); ok {
		f.AlphaInterval(p)
		f.Peak()
		f.Concurrency(p)
	}
}
