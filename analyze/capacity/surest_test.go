package capacity

import (
	"testing"

	"sizewise/analyze/slo"
)

// A step keeps an objective beyond doubt only when its readings do, and not the
// median of three of which one was twice as slow.
func TestSurest(t *testing.T) {
	limit, err := slo.Parse("p99<200ms")
	if err != nil {
		t.Fatal(err)
	}
	quick := level{rate: 5, value: 0.100, values: []float64{0.098, 0.102}}
	for name, c := range map[string]struct {
		top  level
		want float64
	}{
		"well within":         {level{rate: 10, value: 0.150, values: []float64{0.148, 0.150, 0.155}}, 10},
		"one reading beyond":  {level{rate: 10, value: 0.197, values: []float64{0.195, 0.197, 0.425}}, 5},
		"just below it":       {level{rate: 10, value: 0.199, values: []float64{0.198, 0.199, 0.199}}, 5},
		"many readings, calm": {level{rate: 10, value: 0.190, values: []float64{0.189, 0.190, 0.191, 0.190, 0.190}}, 10},
	} {
		got := surest(limit.Objectives[0], []level{quick, c.top})
		if got == nil || got.rate != c.want {
			t.Errorf("%s: %+v, want the level of %g requests/s", name, got, c.want)
		}
	}
	if got := surest(limit.Objectives[0], []level{{rate: 5, value: 0.199, values: []float64{0.1, 0.299}}}); got != nil {
		t.Errorf("a level in doubt is sure: %+v", got)
	}
}
