package main

import (
	"math"
	"slices"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/workload"
)

// TestInstancesByThemselves tests four instances of unequal speed with enhanced
// metrics, as far as to three quarters of the slowest: the pipeline must read each
// by itself, and find the slowest one's capacity.
func TestInstancesByThemselves(t *testing.T) {
	for seed := range uint64(2) {
		cfg, err := workload.Scenario("hot-instance")
		if err != nil {
			t.Fatal(err)
		}
		cfg.Publish.Enhanced, cfg.Publish.Period, cfg.Vary = true, time.Minute, workload.Variation{}
		parts := []float64{.15, .25, .35, .45, .55, .65, .7, .75}
		// The speeds that a seed draws depend on the number of steps.
		cfg.Arrivals.Steps = slices.Repeat([]workload.Step{{For: 5 * time.Minute, From: 1, To: 1}}, len(parts))
		truth, err := workload.CapacityOf(cfg, 70+seed)
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range parts {
			rate := 4 * truth.CapacityRPS * part
			cfg.Arrivals.Steps[i] = workload.Step{For: 5 * time.Minute, From: rate, To: rate}
		}
		set, err := pipeline(t, cfg, 70+seed)
		if err != nil {
			t.Fatal(err)
		}
		if len(set.ByInstance) != 4 {
			t.Fatalf("%d instances stand by themselves, want 4", len(set.ByInstance))
		}
		shares := 0.0
		for i, one := range set.ByInstance {
			shares += float64(one.Share)
			if !one.Capacity.Known() || one.Resource != "cpu" || i > 0 && one.Capacity < set.ByInstance[i-1].Capacity {
				t.Errorf("seed %d: instance %d is %+v", seed, i, one)
			}
		}
		if math.Abs(shares-1) > 1e-6 {
			t.Errorf("seed %d: the shares of the requests add up to %v", seed, shares)
		}
		slowest := set.ByInstance[0]
		if off := math.Abs(float64(slowest.Capacity)/truth.CapacityRPS - 1); off > 0.05 {
			t.Errorf("seed %d: the slowest instance's capacity is %v, in truth %v", seed, slowest.Capacity, truth.CapacityRPS)
		}
		c := set.Answers.Capacity
		if off := math.Abs(float64(c.Value)/truth.CapacityRPS - 1); c.Status == finding.Extrapolated && off > 0.05 {
			t.Errorf("seed %d: the capacity is %v, in truth %v", seed, c.Value, truth.CapacityRPS)
		}
		t.Logf("seed %d: truth %.1f, slowest %.1f (%.1f to %.1f), answer %s %.1f", seed, truth.CapacityRPS, slowest.Capacity, slowest.CapacityLo, slowest.CapacityHi, c.Status, c.Value)
		named := slices.ContainsFunc(set.Findings, func(f finding.Finding) bool { return f.Check == "hot_instance" && f.Query == "instance_minutes" })
		if apart := float64(slowest.Excess) > 0.05; apart && !named {
			t.Errorf("seed %d: no finding names an instance that works %v more", seed, slowest.Excess)
		}
	}
}
