package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestWeightedQuantileIsThatOfTheWrittenOutSample(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 20).Draw(rt, "x")
		w, long := make([]float64, len(x)), []float64{}
		for i, v := range x {
			n := rapid.IntRange(0, 5).Draw(rt, "n")
			w[i] = float64(n)
			for range n {
				long = append(long, v)
			}
		}
		p := rapid.Float64Range(0, 1).Draw(rt, "p")
		got := WeightedQuantile(x, w, p)
		if len(long) == 0 {
			if !math.IsNaN(got) {
				rt.Fatalf("quantile %v of nothing", got)
			}
			return
		}
		if want := Quantile(long, p); math.Abs(got-want) > 1e-9 {
			rt.Fatalf("quantile %v, want %v", got, want)
		}
		if got, want := WeightedMean(x, w), Mean(long); math.Abs(got-want) > 1e-9 {
			rt.Fatalf("mean %v, want %v", got, want)
		}
	})
}

func TestWeightedRefuses(t *testing.T) {
	one := []float64{1}
	for i, v := range []float64{
		WeightedQuantile(nil, nil, .5), WeightedQuantile(one, nil, .5), WeightedQuantile(one, one, 2),
		WeightedQuantile(one, one, math.NaN()), WeightedQuantile(one, []float64{-1}, .5),
		WeightedQuantile(one, []float64{math.Inf(1)}, .5), WeightedQuantile([]float64{math.NaN()}, one, .5),
		WeightedMean(one, nil), WeightedMean(one, []float64{-1}), WeightedMean(nil, nil),
	} {
		if !math.IsNaN(v) {
			t.Errorf("case %d: %v, want NaN", i, v)
		}
	}
	near(t, "fractional", WeightedQuantile([]float64{1, 2}, []float64{.2, .3}, .9), 2, 0)
}
