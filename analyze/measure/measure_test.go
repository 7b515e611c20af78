package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"sizewise/analyze/finding"
)

// TestIntervalsCover draws series of which the truth is known, with neighbours
// that resemble each other, and counts how often the interval holds it.
func TestIntervalsCover(t *testing.T) {
	const runs, minutes = 400, 90
	r := rand.New(rand.NewPCG(11, 4))
	held := map[string]int{}
	for range runs {
		level, swing := make([]float64, minutes), 0.0
		errors, calls := make([]float64, minutes), make([]float64, minutes)
		for i := range level {
			swing = 0.5*swing + r.NormFloat64()
			level[i] = 40 + 3*swing
			calls[i] = 200
			for range 200 {
				if r.Float64() < 0.03 {
					errors[i]++
				}
			}
		}
		level[7] = math.NaN()
		n := Name{Name: "x"}
		for name, c := range map[string]struct {
			m     finding.Measure
			truth float64
		}{
			"mean": {n.Mean(level, ""), 40}, "median": {n.Typical(level, ""), 40}, "share": {n.Share(errors, calls, ""), 0.03},
		} {
			if float64(c.m.Estimate.Lo) <= c.truth && c.truth <= float64(c.m.Estimate.Hi) {
				held[name]++
			}
		}
	}
	for _, name := range []string{"mean", "median", "share"} {
		if share := float64(held[name]) / runs; share < 0.90 {
			t.Errorf("%s: %.3f of the intervals hold the truth, want .90", name, share)
		}
	}
}

// TestSharesOfStretches: errors that come in one stretch are not as sure as
// errors spread evenly.
func TestSharesOfStretches(t *testing.T) {
	calls, even, lumped := make([]float64, 60), make([]float64, 60), make([]float64, 60)
	for i := range calls {
		calls[i], even[i] = 1000, 10
		if i >= 54 {
			lumped[i] = 100
		}
	}
	a, b := Name{}.Share(even, calls, "").Estimate, Name{}.Share(lumped, calls, "").Estimate
	if a.Value != 0.01 || b.Value != 0.01 || b.Hi-b.Lo < 3*(a.Hi-a.Lo) {
		t.Errorf("even %v (%v to %v), lumped %v (%v to %v)", a.Value, a.Lo, a.Hi, b.Value, b.Lo, b.Hi)
	}
}

func TestRefusals(t *testing.T) {
	nan := math.NaN()
	for name, m := range map[string]finding.Measure{
		"mean of few":      Name{}.Mean([]float64{1, 2, nan, 3}, ""),
		"median of none":   Name{}.Typical([]float64{nan, nan}, ""),
		"share of nothing": Name{}.Share([]float64{1}, []float64{0}, ""),
	} {
		if e := m.Estimate; e.Status != finding.Unanswerable || e.Value.Known() || e.Why == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := (Name{}).Share([]float64{0, 0}, []float64{30, 0}, "").Estimate; e.Status != finding.Measured || e.Value != 0 || !(e.Hi > 0.05) {
		t.Errorf("no error in thirty calls: %+v", e)
	}
}
