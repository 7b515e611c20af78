package main

import (
	"flag"
	"math"
	"testing"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/compare"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest/simaws/workload"
)

// comparePairs is how many pairs of runs TestComparisons draws. A share of false
// differences can only be told over a hundred and more.
var comparePairs = flag.Int("compare-pairs", 8, "pairs of simulated runs in TestComparisons")

// comparedRun simulates the scenario without its variation between seeds, so
// that two seeds are two runs of one truth, with the work of every request times
// factor.
func comparedRun(t *testing.T, factor float64, seed uint64) finding.Set {
	t.Helper()
	cfg, err := workload.Scenario("gpu-bound")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Vary = workload.Variation{}
	for _, d := range []*workload.Demand{&cfg.Service.CPU, &cfg.Service.GPU} {
		d.Mean = time.Duration(float64(d.Mean) * factor)
	}
	minutes, err := minutesOf(cfg, seed)
	if err != nil {
		t.Fatal(err)
	}
	objective, err := slo.Parse(cfg.SLO.String())
	if err != nil {
		t.Fatal(err)
	}
	tested := finding.Tested{Endpoint: "x", VCPU: cfg.Fleet.VCPU, GPUs: cfg.Fleet.GPUs, PeriodS: 60}
	r := capacity.Analyze(capacity.Input{Minutes: minutes, Tested: tested, SLO: objective, PeakRPS: math.NaN(), TargetUtilization: .7, Workers: cfg.Container.Workers})
	return finding.Set{
		Subject: "endpoint/x", Kind: "endpoint", Answers: r.Answers, Steps: r.Steps, Minutes: r.Minutes, Traffic: r.Traffic,
		Options: finding.Options{SLO: objective.String(), TargetUtilization: .7}, Tested: r.Tested,
	}
}

// TestComparisons compares simulated runs: of one truth, where a difference is
// noise, and of one whose requests take a tenth more work, where the capacity is
// an eleventh less. Over 60 pairs, seeds 5001 to 5060, which the method was not
// worked out on, 3 of 240 comparisons of one truth told a difference, and none of
// the 60 regressions was missed.
func TestComparisons(t *testing.T) {
	told, asked, missed, covered := 0, 0, 0, 0
	pairs := *comparePairs
	if raceEnabled {
		pairs = min(pairs, 1)
	}
	for i := range pairs {
		seed := uint64(5001 + i)
		a, same, heavier := comparedRun(t, 1, seed), comparedRun(t, 1, seed+100_000), comparedRun(t, 1.1, seed+200_000)
		for _, k := range compare.Runs([]finding.Set{a, same}, compare.Options{MaxRegression: .05}).Contrasts {
			if k.Measure == "errors_at_matched_load" {
				continue
			}
			asked++
			if k.Outcome != finding.NoDifference {
				told++
				t.Logf("seed %d: %s of one truth: %s %.3g (%.3g to %.3g)", seed, k.Measure, k.Outcome, float64(k.Change), float64(k.ChangeLo), float64(k.ChangeHi))
			}
		}
		c := compare.Runs([]finding.Set{a, heavier}, compare.Options{MaxRegression: .05})
		k := c.Contrasts[0]
		if k.Measure != "capacity_rps_per_instance" || !k.Regression || c.Verdict.Status != finding.Fail {
			missed++
			t.Logf("seed %d: a tenth more work: %+v", seed, k)
		}
		if want := 1/1.1 - 1; float64(k.ChangeLo) <= want && want <= float64(k.ChangeHi) {
			covered++
		}
	}
	n := float64(pairs)
	t.Logf("%d of %d comparisons of one truth told a difference; %d of %.0f regressions missed; %d of %.0f intervals hold the truth", told, asked, missed, n, covered, n)
	if float64(told) > .05*float64(asked)+3*math.Sqrt(.05*.95*float64(asked)) {
		t.Errorf("%d of %d comparisons of one truth told a difference, want about 5 %%", told, asked)
	}
	if float64(missed) > .1*n {
		t.Errorf("%d of %.0f regressions missed", missed, n)
	}
	if float64(covered) < .75*n {
		t.Errorf("%d of %.0f intervals hold the truth", covered, n)
	}
}
