package analyze

import (
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/finding"
)

// TestPoissonLimit: the limit is the smallest count that is exceeded once in ten
// thousand times at most; for large means it may be off by one or two.
func TestPoissonLimit(t *testing.T) {
	for _, mean := range []float64{0, 0.01, 0.5, 3, 20, 49.9, 50.1, 400, 1e4} {
		n := poissonLimit(mean)
		if mean == 0 {
			if n != 0 {
				t.Errorf("mean 0: %g", n)
			}
			continue
		}
		d := distuv.Poisson{Lambda: mean}
		slack := 0.0
		if mean > 50 {
			slack = 2
		}
		if above := d.Survival(n + slack); above > 1e-4 {
			t.Errorf("mean %g: %g is exceeded with probability %g", mean, n, above)
		}
		if n-1-slack >= 0 && d.Survival(n-1-slack) <= 1e-4 {
			t.Errorf("mean %g: %g is too high", mean, n)
		}
	}
}

// TestChance: minutes of a burst do not raise what is usual, and a minute of
// more requests may have more failures.
func TestChance(t *testing.T) {
	var minutes []finding.Minute
	for i := range 20 {
		m := finding.Minute{Invocations: 1000, Errors5XX: 1}
		if i == 7 {
			m.Errors5XX = 400
		}
		if i == 8 {
			m.Invocations = 30000
			m.Errors5XX = 30
		}
		minutes = append(minutes, m)
	}
	got := chance(minutes, func(m *finding.Minute) float64 { return m.Errors5XX })
	if got[0] != poissonLimit(1) || got[7] != got[0] || got[8] != poissonLimit(30) {
		t.Errorf("got %v, want %g and in the ninth minute %g", got, poissonLimit(1), poissonLimit(30))
	}
}
