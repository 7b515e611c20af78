package analyze

import (
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// TestSeldom: utilization is read from wider buckets only where none of it is as
// fine as the rest, and only as wide as a value can be told for.
func TestSeldom(t *testing.T) {
	of := func(cpu, gpu int) []published {
		return []published{
			{metric: "Invocations", periodS: 60},
			{metric: "ModelLatency", periodS: 60},
			{metric: "CPUUtilization", periodS: cpu},
			{metric: "GPUUtilization", periodS: gpu},
		}
	}
	for _, c := range []struct {
		cpu, gpu, want int
	}{
		{60, 60, 0}, {10, 10, 0}, {300, 300, 300}, {120, 300, 300}, {60, 300, 0}, {3600, 3600, 0}, {90, 90, 0},
	} {
		if got := seldom(of(c.cpu, c.gpu), 60); got != c.want {
			t.Errorf("CPU every %d s and GPU every %d s: read at %d s, want %d", c.cpu, c.gpu, got, c.want)
		}
	}
	both := append(of(300, 300), published{metric: "CPUUtilization", periodS: 60})
	if got := seldom(both, 60); got != 0 {
		t.Errorf("a metric that exists every minute as well: read at %d s", got)
	}
	if got := seldom(of(300, 300)[:2], 60); got != 0 {
		t.Errorf("no utilization: read at %d s", got)
	}
}

// TestTakeUtilization: a wide value stands once, in the bucket with which it
// begins, and nothing but utilization is taken.
func TestTakeUtilization(t *testing.T) {
	start := time.Date(2026, 11, 20, 13, 58, 0, 0, time.UTC)
	var minutes, wide []finding.Minute
	for i := range 12 {
		m := absent(start.Add(time.Duration(i)*time.Minute), 60)
		m.Invocations = 600
		minutes = append(minutes, m)
	}
	for i := range 4 {
		m := absent(start.Add(time.Duration(5*i-3)*time.Minute), 300) // 13:55, 14:00 ...
		m.CPU, m.GPU, m.Samples, m.Invocations = float64(i), 0.5, 5, 3000
		wide = append(wide, m)
	}
	takeUtilization(minutes, wide)
	for i, m := range minutes {
		if m.Invocations != 600 {
			t.Errorf("minute %d: %g requests", i, m.Invocations)
		}
		if begins := i == 2 || i == 7; begins != (m.CPU == m.CPU) || begins && (m.CPU != float64(1+i/5) || m.Samples != 5) {
			t.Errorf("minute %d: CPU %g of %g samples", i, m.CPU, m.Samples)
		}
	}
}
