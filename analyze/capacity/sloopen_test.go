package capacity

import (
	"math"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// One worker with exponential service: independent users' p99 is 4.6 over what the
// worker has left, whatever number of clients who wait the test had. Percentiles up
// to the 99th know less than all of how much the work scatters.
func TestOpenModelOfOneWorker(t *testing.T) {
	const rate = 100.0 // of the worker, requests/s
	a := analysis{in: Input{Workers: 1, InstancesNow: 1}}
	for i := range 20 {
		m := blank()
		m.Start, m.Usable = time.Unix(int64(60*i), 0), true
		m.Invocations = 600
		m.ModelMean = 1 / rate
		m.ModelP50, m.ModelP90, m.ModelP95, m.ModelP99 = math.Ln2/rate, math.Log(10)/rate, math.Log(20)/rate, math.Log(100)/rate
		a.minutes, a.buckets = append(a.minutes, m), append(a.buckets, bucket{offered: 10, served: 10, k: 1})
	}
	a.answers.Capacity = finding.Estimate{Status: finding.Measured, Value: rate, Lo: rate * .99, Hi: rate * 1.01}
	for _, load := range []float64{.4, .6, .75} {
		limit := math.Log(100) / (rate * (1 - load))
		got, ok := a.openModel(mustSLO("p99<" + time.Duration(limit*1e9).String()).Objectives[0], rate)
		if !ok || math.Abs(got.Value/(load*rate)-1) > .12 || got.Lo > load*rate || got.Hi < load*rate {
			t.Errorf("p99 of %.0f ms is reached at %.1f (%.1f to %.1f) requests/s, want %.0f", 1000*limit, got.Value, got.Lo, got.Hi, load*rate)
		}
	}
}
