package plot

import "testing"

// TestShareAxis: what is seldom is shown on an axis that shows it; what has a
// limit, or is often, on one to 100 %.
func TestShareAxis(t *testing.T) {
	for _, one := range []struct {
		top     float64
		limited bool
		most    float64 // the axis ends below this
	}{{0.004, false, 0.006}, {0.004, true, 1.1}, {0.3, false, 1.1}, {0, false, 1.1}, {1.5, false, 2.1}} {
		a := shareAxis(one.top, one.limited)
		if a.max < one.top || a.max > one.most || len(a.ticks) < 3 {
			t.Errorf("up to %v, limited %v: the axis ends at %v with ticks %v", one.top, one.limited, a.max, a.ticks)
		}
		if got := a.label(0.01); got != "1 %" {
			t.Errorf("a hundredth is written %q", got)
		}
	}
}
