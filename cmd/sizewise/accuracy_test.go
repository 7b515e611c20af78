package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest/simaws/workload"
)

var (
	accuracyRuns  = flag.Int("accuracy-runs", 0, "simulated load tests in each set of TestAccuracy; 0 takes a small sample")
	accuracySeed  = flag.Uint64("accuracy-seed", 1, "seed of the sets of TestAccuracy")
	accuracyCache = flag.String("accuracy-cache", "", "directory to keep the simulated load tests in, so that the analysis can be judged again without them")
	accuracyShow  = flag.String("accuracy-show", "", "print every trial of TestAccuracy that misses a gate whose name contains this")
	accuracySets  = flag.String("accuracy-sets", "easy,hard,production", "the sets of TestAccuracy to look at")
	accuracyTo    = flag.String("accuracy-gates", "", "write the table of gates into this file, docs/accuracy.md")
)

// unseen is the production set again, by an analysis whose logs begin after the
// containers started.
const unseen = "production, workers unknown"

// observed is one trial with what was published and what is true.
type observed struct {
	Trial   trial
	Minutes []finding.Minute
	Truth   workload.Truth
}

// TestAccuracy holds the analysis to its gates on load tests drawn at random:
// plain ones, hard ones and production traffic.
func TestAccuracy(t *testing.T) {
	n := *accuracyRuns
	switch {
	case n == 0 && raceEnabled:
		n = 1 // the answers do not depend on the detector; its time does
	case n == 0:
		n = 6
	}
	var all []verdictOfTrial
	for _, set := range strings.Split(*accuracySets, ",") {
		for _, o := range observeAll(t, set, n) {
			all = append(all, judgeTrial(o))
			if set == "production" {
				o.Trial.Set, o.Trial.Workers = unseen, 0
				all = append(all, judgeTrial(o))
			}
		}
	}
	counted := gates(all)
	table := gateTable(counted)
	t.Log("\n" + table)
	if *accuracyRuns == 0 {
		checkSample(t, all)
	}
	for _, v := range all {
		for gate, ok := range v.passes {
			if !ok && *accuracyShow != "" && strings.Contains(gate, *accuracyShow) {
				t.Logf("%s\n    %s", gate, v.describe())
			}
		}
	}
	if *accuracyTo != "" {
		if err := writeGates(*accuracyTo, fmt.Sprintf("%d tests in each set, seed %d.\n\n%s\n%s", n, *accuracySeed, table, methodsText+methodTable(methodRows(t, all)))); err != nil {
			t.Fatal(err)
		}
	}
}

// checkSample fails on what must not happen in a handful of tests either: the
// shares of the gates mean nothing there.
func checkSample(t *testing.T, all []verdictOfTrial) {
	t.Helper()
	for _, v := range all {
		for _, gate := range []string{"lower bound of capacity is one", "batching refused", "no batching where there is none"} {
			if ok, judged := v.passes[gate]; judged && !ok {
				t.Errorf("%s: %s", gate, v.describe())
			}
		}
		if c := v.result.Answers.Capacity; answered(c) && v.Trial.Set == "easy" && !within(c, v.Truth.CapacityRPS, .05) {
			t.Errorf("capacity off by more than 5 %%: %s", v.describe())
		}
	}
}

// verdictOfTrial is one trial's answers and which gates they pass. A gate that
// does not apply is not in the map.
type verdictOfTrial struct {
	observed
	result capacity.Result
	need   int
	passes map[string]bool
}

func (v *verdictOfTrial) describe() string {
	a, tr := v.result.Answers, v.Trial
	e := func(e finding.Estimate) string {
		return fmt.Sprintf("%s %s %.2f (%.2f-%.2f)", e.Status, e.Method, float64(e.Value), float64(e.Lo), float64(e.Hi))
	}
	return fmt.Sprintf("%s %s %v k=%d W=%d(%d) bal=%d q=%d drift=%g: capacity %s truth %.2f (%+.1f%%); slo %s truth %.2f (%+.1f%%); bottleneck %s truth %s; sat %v/%v closed=%v count %v need %d\n    C: %s\n    S: %s\n    B: %s",
		tr.Config.Name, tr.Kind, tr.Twists, tr.Config.Fleet.Instances, tr.Config.Container.Workers, tr.Workers, tr.Config.Fleet.Balancer, tr.Config.Container.QueueLimit, tr.Drift,
		e(a.Capacity), v.Truth.CapacityRPS, 100*(float64(a.Capacity.Value)/v.Truth.CapacityRPS-1),
		e(a.SLORate), v.Truth.SLORPS, 100*(float64(a.SLORate.Value)/v.Truth.SLORPS-1),
		a.Bottleneck.Value, v.Truth.Bottleneck, a.Saturated.Value != nil && *a.Saturated.Value, v.Truth.Saturated, v.result.Tested.ClosedLoop,
		float64(a.Instances.Value), v.need, a.Capacity.Why, a.SLORate.Why, a.Bottleneck.Why)
}

// judgeTrial analyzes a trial and compares.
func judgeTrial(o observed) verdictOfTrial {
	v := verdictOfTrial{observed: o, passes: map[string]bool{}}
	objective, err := slo.Parse(o.Truth.SLO)
	if err != nil {
		panic(err)
	}
	carries := o.Truth.CapacityRPS
	if o.Truth.SLORPS > 0 {
		carries = min(carries, o.Truth.SLORPS)
	}
	r := rand.New(rand.NewPCG(o.Trial.Seed, 79))
	peak := carries * o.Trial.Target * between(r, .4, 10)
	v.need = int(math.Ceil(peak / (carries * o.Trial.Target)))
	v.result = capacity.Analyze(capacity.Input{
		Minutes: o.Minutes, Tested: o.Trial.asTested(), SLO: objective, PeakRPS: peak, TargetUtilization: o.Trial.Target, Workers: o.Trial.Workers,
	})
	v.judgeCapacity()
	v.judgeRate()
	v.judgeCount()
	v.judgeBottleneck()
	return v
}

func answered(e finding.Estimate) bool {
	return e.Status == finding.Measured || e.Status == finding.Extrapolated
}

func within(e finding.Estimate, truth, tolerance float64) bool {
	return math.Abs(float64(e.Value)/truth-1) <= tolerance
}

func holds(e finding.Estimate, truth float64) bool {
	return float64(e.Lo) <= truth && truth <= float64(e.Hi)
}

func (v *verdictOfTrial) judgeCapacity() {
	c, truth, set := v.result.Answers.Capacity, v.Truth.CapacityRPS, v.Trial.Set
	if c.Status == finding.AtLeast {
		v.passes["lower bound of capacity is one"] = float64(c.Value) <= 1.03*truth
	}
	if v.Truth.Batching && !v.Truth.Saturated {
		// A GPU may be full of batches while workers are left.
		v.passes["batching refused"] = c.Status != finding.Extrapolated && (!answered(c) || within(c, truth, .05))
	}
	if !v.Truth.Batching && !v.Truth.Saturated {
		v.passes["no batching where there is none"] = !v.result.Tested.Batching
	}
	if v.answerable() {
		v.passes[set+": capacity answered"] = answered(c)
	}
	if !answered(c) {
		return
	}
	v.passes[set+": capacity in its interval"] = holds(c, truth)
	switch {
	case set == "production" || set == unseen:
		v.passes[set+": capacity within 10 %"] = within(c, truth, .1)
	case v.Truth.Saturated:
		v.passes[set+", saturated: capacity within 5 %"] = within(c, truth, .05)
		v.passes[set+", saturated: capacity within 2 %"] = within(c, truth, .02)
	default:
		v.passes[set+", not saturated: capacity within 5 %"] = within(c, truth, .05)
	}
}

// answerable reports whether the data carries a capacity: the limit was
// reached, or a law leads to it.
func (v *verdictOfTrial) answerable() bool {
	if v.Truth.Saturated {
		return true
	}
	known := v.Trial.Workers > 0 || v.Truth.Bottleneck != "workers"
	return known && !v.Truth.Batching
}

func (v *verdictOfTrial) judgeRate() {
	e, truth, set := v.result.Answers.SLORate, v.Truth.SLORPS, v.Trial.Set
	if truth == 0 {
		if answered(e) {
			v.passes[set+": no SLO rate where there is none"] = false
		}
		return
	}
	if e.Status == finding.AtLeast {
		v.passes["lower bound of the SLO rate is one"] = float64(e.Value) <= 1.03*truth
	}
	if !answered(e) {
		return
	}
	v.passes[set+": SLO rate in its interval"] = holds(e, truth)
	if e.Status == finding.Measured {
		v.passes[set+": SLO rate, bracketed, within 10 %"] = within(e, truth, .1)
	} else {
		v.passes[set+": SLO rate, by a model, within 15 %"] = within(e, truth, .15)
	}
}

func (v *verdictOfTrial) judgeCount() {
	n := v.result.Answers.Instances
	if !answered(n) || v.Truth.SLORPS == 0 {
		return
	}
	got := int(n.Value)
	v.passes[v.Trial.Set+": count not below need"] = got >= v.need
	v.passes[v.Trial.Set+": count exact or one above"] = got == v.need || got == v.need+1
}

func (v *verdictOfTrial) judgeBottleneck() {
	b := v.result.Answers.Bottleneck
	if b.Status == finding.Unanswerable && (!answered(v.result.Answers.Capacity) || v.Trial.Kind == "near") {
		return
	}
	v.passes[v.Trial.Set+": bottleneck"] = b.Value == v.Truth.Bottleneck
}
