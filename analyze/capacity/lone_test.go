package capacity

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// TestOneWorker holds the capacity of one worker against queues whose latency is
// known in closed form: M/M/1, whose answers take an exponential time of mean
// S / (1 - rho), and M/G/1 by Pollaczek and Khinchine.
func TestOneWorker(t *testing.T) {
	const service = 0.05 // seconds
	for _, tt := range []struct {
		name string
		cv   float64 // of the service time
	}{{"exponential", 1}, {"steady", .3}, {"half", .5}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			missed := 0
			for seed := range uint64(6) {
				r := rand.New(rand.NewPCG(seed, 12))
				var minutes []finding.Minute
				for _, rho := range []float64{.12, .2, .28, .36, .44, .52, .6, .68} {
					for range 5 {
						minutes = append(minutes, oneWorkerMinute(r, len(minutes), rho/service, service, tt.cv))
					}
				}
				got := Analyze(Input{Minutes: minutes, Tested: finding.Tested{VCPU: 4, DescribedCount: 1}, Workers: 1}).Answers.Capacity
				if got.Method != "workers" || math.Abs(float64(got.Value)*service-1) > .06 {
					t.Errorf("seed %d: capacity %v by %s, want %v by workers", seed, got.Value, got.Method, 1/service)
				}
				if float64(got.Lo)*service > 1 || float64(got.Hi)*service < 1 {
					missed++
				}
			}
			if missed > 1 { // one in twenty may
				t.Errorf("%d of 6 intervals miss the capacity", missed)
			}
		})
	}
}

// oneWorkerMinute is what one minute of the queue publishes.
func oneWorkerMinute(r *rand.Rand, i int, rate, service, cv float64) finding.Minute {
	n := math.NaN()
	count := math.Max(1, math.Round(60*rate+math.Sqrt(60*rate)*r.NormFloat64()))
	seen := count / 60
	rho := seen * service
	mean := service * (1 + rho/(1-rho)*(1+cv*cv)/2) * (1 + cv*r.NormFloat64()/math.Sqrt(count))
	at := func(p float64) float64 { return mean * (1 + cv*(-math.Log(1-p)-1)) } // exact for M/M/1
	return finding.Minute{
		Start: time.Date(2026, 11, 20, 14, i, 0, 0, time.UTC), Seconds: 60,
		Invocations: count, PerInstance: count, Errors4XX: 0, Errors5XX: 0, ModelErrors: 0,
		ModelMean: mean, ModelP50: at(.5), ModelP90: at(.9), ModelP95: at(.95), ModelP99: at(.99), ModelMax: at(1 - 1/count), ModelCount: count,
		OverheadMean: .004, OverheadMax: .008, Instances: n,
		CPU: .1 + .005*seen*(1+.02*r.NormFloat64()), CPUHot: n, GPU: n, GPUHot: n, GPUMemory: n, GPUMemoryHot: n,
		Memory: .3, MemoryHot: n, Disk: .1, DiskHot: n, Reporting: 1, Samples: 1, ConcurrencyMax: n,
	}
}
