package capacity

import (
	"math"
	"testing"

	"sizewise/analyze/finding"
)

// An endpoint that publishes everything every five minutes has the rate of one
// that publishes every minute; one that is called every five minutes has not.
func TestSpreadRequests(t *testing.T) {
	minutes := func(utilization func(i int) float64) []finding.Minute {
		out := make([]finding.Minute, 30)
		for i := range out {
			n := math.NaN()
			out[i] = finding.Minute{Seconds: 60, CPU: utilization(i), GPU: n, Memory: n, Invocations: n, ModelMean: n}
			if i%5 == 0 {
				out[i].Invocations, out[i].ModelMean = 3000, .1
			}
		}
		return out
	}
	seldom := minutes(func(i int) float64 {
		if i%5 == 0 {
			return 1
		}
		return math.NaN()
	})
	if width := spreadUtilization(seldom); width != 5 {
		t.Fatalf("width %d", width)
	}
	for i, m := range seldom {
		if m.Invocations != 600 || m.ModelMean != .1 || m.CPU != 1 {
			t.Fatalf("minute %d: %g requests, %g s, %g busy", i, m.Invocations, m.ModelMean, m.CPU)
		}
	}
	byClock := minutes(func(int) float64 { return 1 })
	spreadUtilization(byClock)
	if byClock[0].Invocations != 3000 || byClock[1].Invocations == byClock[1].Invocations {
		t.Errorf("requests by the clock were spread: %g, %g", byClock[0].Invocations, byClock[1].Invocations)
	}
}
