package stat

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

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

// The example of R's isoreg.
func TestIsotonicPublished(t *testing.T) {
	got := Isotonic([]float64{1, 0, 4, 3, 3, 5, 4, 2, 0}, nil)
	if want := []float64{.5, .5, 3, 3, 3, 3, 3, 3, 3}; !slices.Equal(got, want) {
		t.Errorf("Isotonic = %v, want %v", got, want)
	}
	if Isotonic([]float64{1, 2}, []float64{1}) != nil {
		t.Error("fewer weights than values")
	}
	if got := Isotonic([]float64{2, 1}, []float64{0, 0}); !slices.Equal(got, []float64{1.5, 1.5}) {
		t.Errorf("weights of 0: %v", got)
	}
}

// The least-squares fit is the greatest over starts of the least over ends of
// the mean between (Barlow et al. 1972).
func TestIsotonicMinMax(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 12).Draw(rt, "y")
		w := rapid.SliceOfN(rapid.Float64Range(0.1, 10), len(y), len(y)).Draw(rt, "w")
		for i, got := range Isotonic(y, w) {
			want := math.Inf(-1)
			for from := 0; from <= i; from++ {
				least := math.Inf(1)
				for to := i; to < len(y); to++ {
					least = min(least, WeightedMean(y[from:to+1], w[from:to+1]))
				}
				want = max(want, least)
			}
			if math.Abs(got-want) > 1e-9 {
				rt.Fatalf("value %d is %v, want %v", i, got, want)
			}
		}
	})
}
