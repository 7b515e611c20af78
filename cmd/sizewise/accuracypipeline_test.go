package main

import (
	"testing"

	"sizewise/analyze/finding"
)

// TestAccuracyThroughThePipeline takes a few of the trials of TestAccuracy over
// the wire and through the lake: the minutes that TestAccuracy hands to the
// analysis must be those that the pipeline reads.
func TestAccuracyThroughThePipeline(t *testing.T) {
	n := 3
	if raceEnabled {
		n = 1
	}
	for _, trial := range drawTrials("easy", n, 11) {
		trial.Config.Fleet.GPUs = min(trial.Config.Fleet.GPUs, 1)
		minutes, err := trial.observe()
		if err != nil {
			t.Fatal(err)
		}
		set, err := pipeline(t, trial.Config, trial.Seed)
		if err != nil {
			t.Fatal(err)
		}
		byStart := map[int64]finding.Minute{}
		for _, m := range set.Minutes {
			byStart[m.Start.Unix()] = m
		}
		for _, m := range minutes {
			w := byStart[m.Start.Unix()]
			for name, v := range map[string][2]float64{
				"invocations": {m.Invocations, w.Invocations}, "per instance": {m.PerInstance, w.PerInstance},
				"5xx": {m.Errors5XX, w.Errors5XX}, "p99": {m.ModelP99, w.ModelP99}, "mean": {m.ModelMean, w.ModelMean},
				"count": {m.ModelCount, w.ModelCount}, "cpu": {m.CPU, w.CPU}, "busiest cpu": {m.CPUHot, w.CPUHot},
				"gpu": {m.GPU, w.GPU}, "memory": {m.Memory, w.Memory}, "reporting": {m.Reporting, w.Reporting},
			} {
				same := v[0] == v[1] || (v[0] != v[0] && v[1] != v[1])
				if !same && (v[0] != v[0] || v[1] != v[1] || v[0]/v[1] > 1+1e-6 || v[0]/v[1] < 1-1e-6) {
					t.Errorf("%s, %v: %s is %v in the lake and %v here", trial.Config.Name, m.Start, name, v[1], v[0])
				}
			}
		}
	}
}
