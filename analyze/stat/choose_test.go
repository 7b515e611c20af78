package stat

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// some are n values, few of which differ in every other draw.
func some(r *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		if out[i] = r.NormFloat64(); n%2 == 0 {
			out[i] = float64(r.IntN(5))
		}
	}
	return out
}

func TestNth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 300; n++ {
		x := some(r, n)
		k := r.IntN(n)
		want := slices.Sorted(slices.Values(x))[k]
		if got := nth(x, k); got != want {
			t.Fatalf("of %d values number %d is %v, want %v", n, k, got, want)
		}
		for i := range x {
			if i < k && x[i] > want || i > k && x[i] < want {
				t.Fatalf("of %d values number %d is on the wrong side of number %d", n, i, k)
			}
		}
	}
}

// TestWeightedMedian holds it to the definition, by sorting. Weights are whole, so
// that halves are met exactly.
func TestWeightedMedian(t *testing.T) {
	byOrder := func(v []weighted) float64 {
		v = slices.Clone(v)
		slices.SortFunc(v, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
		total, below := 0.0, 0.0
		for _, w := range v {
			total += w.weight
		}
		for i, w := range v {
			if below += w.weight; below > total/2 {
				return w.value
			} else if below == total/2 && i+1 < len(v) {
				return (w.value + v[i+1].value) / 2
			}
		}
		return v[len(v)-1].value
	}
	r := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 400; n++ {
		v := make([]weighted, n)
		for i, x := range some(r, n) {
			v[i] = weighted{x, float64(1 + r.IntN(3))}
		}
		want := byOrder(v)
		if got, ok := weightedMedian(v); !ok || got != want {
			t.Fatalf("of %d values it is %v, want %v", n, got, want)
		}
	}
	if _, ok := weightedMedian(nil); ok {
		t.Error("none have a median")
	}
}

// TestChangePointsOfAMonth looks at as many minutes as a month has: without a
// change, which PELT alone takes the square of their number for, and with two.
func TestChangePointsOfAMonth(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	x := make([]float64, 43_200)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	if got := ChangePoints(x, ChangeOptions{MinSegment: 3}); len(got) != 0 {
		t.Errorf("noise changes at %v", got)
	}
	for i := 10_000; i < 30_000; i++ {
		x[i] += 5
	}
	if got, want := ChangePoints(x, ChangeOptions{MinSegment: 3}), []int{10_000, 30_000}; !slices.Equal(got, want) {
		t.Errorf("changes at %v, want %v", got, want)
	}
}
