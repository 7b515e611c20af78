package analyze

import (
	"math"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// TestEndpointMeasures: the window's numbers are those of the minutes, the
// step's those of the highest step that was not saturated.
func TestEndpointMeasures(t *testing.T) {
	set := finding.Set{Tested: finding.Tested{VCPU: 4}}
	for i := range 40 {
		m := absent(time.Unix(int64(60*i), 0).UTC(), 60)
		m.Instances, m.Step = 2, 1+i/20
		m.Invocations, m.ModelP50, m.ModelP99, m.CPU, m.Errors5XX = 600, 0.1, 0.2, 1, 6
		if m.Step == 2 {
			m.Invocations, m.ModelP50, m.ModelP99, m.CPU, m.Errors5XX = 1800, 0.3, 0.9, 3, 0
		}
		set.Minutes = append(set.Minutes, m)
	}
	set.Steps = []finding.Step{{N: 1, OfferedRPS: 5}, {N: 2, OfferedRPS: 15, Saturated: true}}
	want := map[string]float64{
		"top_rps_per_instance": 5, "p50_s": 0.1, "p99_s": 0.2, "rps": 20, "window_p50_s": 0.2,
		"error_ratio": 120.0 / 48000, "cpu_ratio": 0.5, "instances": 2,
	}
	got := map[string]finding.Estimate{}
	for _, m := range endpointMeasures(&set) {
		if m.Label == "" || got[m.Name].Status != "" {
			t.Errorf("%s has no label, or is there twice", m.Name)
		}
		got[m.Name] = m.Estimate
	}
	for name, v := range want {
		if e := got[name]; math.Abs(float64(e.Value)-v) > 1e-9 || e.Lo > e.Value || e.Hi < e.Value || e.Unit == "" {
			t.Errorf("%s: %+v, want %v", name, e, v)
		}
	}
	if e := got["gpu_ratio"]; e.Status != finding.Unanswerable || e.Why == "" {
		t.Errorf("GPUs were not published: %+v", e)
	}
}
