package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/workload"
	"sizewise/queries"
)

var (
	accuracyFile = flag.String("accuracy", "", "write the table of TestScenarios to this file")
	sloTruth     = flag.Bool("slo-truth", false, "also hold the SLO rates of TestScenarios against the truth, which takes a second more a seed")
)

// seedsPerScenario is how many different tests each scenario is judged on.
const seedsPerScenario = 40

// tally counts the outcomes of one scenario.
type tally struct {
	runs                              int
	measured, extrapolated            int
	atLeast, unanswerable             int
	errors                            []float64 // |relative error| of measured and extrapolated
	bound                             []float64 // at-least value over the truth
	covered                           int       // truth inside [lo, hi], of measured and extrapolated
	bottleneckRight, bottleneckSilent int
	sloErrors                         []float64
	sloSilent                         int
}

// TestScenarios takes every scenario through the whole pipeline, wire, lake,
// SQL and all, over many seeds, and holds the answers against what the
// simulator knows: capacity within 5 %, or a lower bound that is one, or a
// refusal; batching never extrapolated; the bottleneck right or not named.
func TestScenarios(t *testing.T) {
	seeds := seedsPerScenario
	if raceEnabled || testing.Short() {
		seeds = 1 // the answers do not depend on the detector; its time does
	}
	var mu sync.Mutex
	tallies := map[string]*tally{}
	t.Run("all", func(t *testing.T) {
		for _, cfg := range workload.Scenarios() {
			t.Run(cfg.Name, func(t *testing.T) {
				t.Parallel()
				sum := &tally{}
				for seed := range seeds {
					judge(t, cfg, uint64(seed)+1, sum)
				}
				mu.Lock()
				defer mu.Unlock()
				tallies[cfg.Name] = sum
			})
		}
	})
	if s := tallies["mixed-periods"]; s != nil && s.bottleneckSilent > seeds/20 {
		t.Errorf("utilization every five minutes named no bottleneck in %d of %d tests", s.bottleneckSilent, seeds)
	}
	table := accuracyTable(tallies, seeds)
	t.Log("\n" + table)
	if *accuracyFile != "" {
		if err := os.WriteFile(*accuracyFile, []byte(accuracyText+table+keptGates(*accuracyFile)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// judge runs one simulated test and compares.
func judge(t *testing.T, cfg workload.Config, seed uint64, sum *tally) {
	t.Helper()
	set, err := pipeline(t, cfg, seed)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	tell := workload.CapacityOf
	if *sloTruth {
		tell = workload.TruthOf
	}
	truth, err := tell(cfg, seed)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	sum.runs++
	checkQueries(t, set)
	c := set.Answers.Capacity
	value := float64(c.Value)
	off := value/truth.CapacityRPS - 1
	describe := func() string {
		return fmt.Sprintf("seed %d: capacity %s %.2f (%.2f to %.2f, %s), truth %.2f: %s", seed, c.Status, value, float64(c.Lo), float64(c.Hi), c.Method, truth.CapacityRPS, c.Why)
	}
	switch c.Status {
	case finding.Measured, finding.Extrapolated:
		sum.errors = append(sum.errors, math.Abs(off))
		if truth.CapacityRPS >= float64(c.Lo) && truth.CapacityRPS <= float64(c.Hi) {
			sum.covered++
		}
		if c.Status == finding.Measured {
			sum.measured++
		} else {
			sum.extrapolated++
		}
		if math.Abs(off) > 0.05 {
			t.Errorf("%s (%+.1f %%)", describe(), off*100)
		}
		if !c.Lo.Known() || !c.Hi.Known() {
			t.Errorf("%s: no interval", describe())
		}
	case finding.AtLeast:
		sum.atLeast++
		sum.bound = append(sum.bound, value/truth.CapacityRPS)
		// The truth is itself simulated, to 0.3 %.
		if value > truth.CapacityRPS*1.005 {
			t.Errorf("%s: not a lower bound", describe())
		}
	case finding.Unanswerable:
		sum.unanswerable++
	default:
		t.Errorf("%s: unknown status", describe())
	}
	if truth.Batching && c.Status == finding.Extrapolated {
		t.Errorf("%s: batching must not be extrapolated", describe())
	}
	judgeBottleneck(t, seed, set.Answers.Bottleneck, truth, sum)
	judgeSLO(set.Answers.SLORate, truth, sum)
}

// checkQueries holds every number's query to one that a user can run.
func checkQueries(t *testing.T, s finding.Set) {
	t.Helper()
	a := s.Answers
	names := []string{a.Saturated.Query, a.Bottleneck.Query}
	for _, e := range []finding.Estimate{a.Capacity, a.SLORate, a.ErrorOnset, a.Instances, a.AutoscalingTarget, a.Headroom} {
		names = append(names, e.Query)
	}
	for _, f := range s.Findings {
		names = append(names, f.Query)
	}
	for _, name := range names {
		if _, err := queries.Get(name); err != nil {
			t.Error(err)
		}
	}
}

func judgeBottleneck(t *testing.T, seed uint64, b finding.Bottleneck, truth workload.Truth, sum *tally) {
	t.Helper()
	switch {
	case b.Status == finding.Unanswerable:
		sum.bottleneckSilent++
	case b.Value == truth.Bottleneck:
		sum.bottleneckRight++
	default:
		t.Errorf("seed %d: bottleneck %s (%s), truth %s: %s", seed, b.Value, b.Status, truth.Bottleneck, b.Why)
	}
}

func judgeSLO(e finding.Estimate, truth workload.Truth, sum *tally) {
	if truth.SLORPS == 0 {
		return
	}
	if e.Status == finding.Measured || e.Status == finding.Extrapolated {
		sum.sloErrors = append(sum.sloErrors, math.Abs(float64(e.Value)/truth.SLORPS-1))
		return
	}
	sum.sloSilent++
}

// pipeline is the demo without the report.
func pipeline(t *testing.T, cfg workload.Config, seed uint64) (finding.Set, error) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{con: console{in: strings.NewReader(""), out: &out, err: &errs, getenv: func(string) string { return "" }, now: time.Now}}
	a.common.lake = t.TempDir() + "/lake"
	a.common.quiet = true
	return a.simulateAndAnalyze(context.Background(), cfg, seed)
}

const accuracyText = `# How good are the answers?

Every scenario of ` + "`sizewise demo --list`" + ` is simulated with forty seeds. A seed changes the service's
demand, its variation, the load steps and the fleet, not only the noise. Each test goes through the
whole pipeline: the loopback AWS, the SDK, the lake, SQL and the analysis. The truth comes from
separate simulations under permanent backlog (capacity) and from bisection (SLO rate), never from the
published metrics.

Written by ` + "`go test ./cmd/sizewise -run TestScenarios -accuracy ../../docs/accuracy.md`" + `, which fails when a
capacity is off by more than 5 %, a lower bound is above the truth, batching is extrapolated, or a
named bottleneck is wrong. With ` + "`-slo-truth`" + ` it also measures the SLO rates, against bisected truth.

`

// accuracyTable prints one row a scenario.
func accuracyTable(tallies map[string]*tally, seeds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d seeds each.\n\n", seeds)
	head := "| scenario | measured | extrapolated | at least | refused | capacity error, median | worst | truth in the 95 % interval | lower bound, median of truth | bottleneck right | not named |"
	rule := "|---|---|---|---|---|---|---|---|---|---|---|"
	if *sloTruth {
		head += " SLO rate error, median | worst | no SLO rate |"
		rule += "---|---|---|"
	}
	b.WriteString(head + "\n" + rule + "\n")
	for _, cfg := range workload.Scenarios() {
		s := tallies[cfg.Name]
		if s == nil {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %s | %s | %s | %s | %d | %d |", cfg.Name,
			s.measured, s.extrapolated, s.atLeast, s.unanswerable,
			percent(quantile(s.errors, 0.5)), percent(quantile(s.errors, 1)), share(s.covered, len(s.errors)),
			percent(quantile(s.bound, 0.5)),
			s.bottleneckRight, s.bottleneckSilent)
		if *sloTruth {
			fmt.Fprintf(&b, " %s | %s | %d |", percent(quantile(s.sloErrors, 0.5)), percent(quantile(s.sloErrors, 1)), s.sloSilent)
		}
		b.WriteString("\n")
	}
	return b.String()
}
