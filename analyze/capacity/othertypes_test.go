package capacity

import (
	"math"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// priced is a set whose tested type takes 20 requests/s an instance at 0.70 of
// them, at 0.2 USD an hour, with two candidates.
func priced() *finding.Set {
	each := finding.Estimate{Status: finding.Measured, Value: 20, Lo: 20, Hi: 20}
	s := &finding.Set{
		Tested:  finding.Tested{InstanceType: "ml.c5.xlarge"},
		Options: finding.Options{PeakRPS: 140, TargetUtilization: .7},
		Answers: finding.Answers{
			Capacity: each, SLORate: finding.Estimate{Status: finding.Unanswerable}, Bottleneck: finding.Bottleneck{Status: finding.Measured, Value: "cpu"},
			Instances: finding.Estimate{Status: finding.Extrapolated, Value: 10},
		},
		Candidates: []finding.Candidate{
			{InstanceType: "ml.c5.2xlarge", USDPerHour: .4},
			{InstanceType: "ml.c5.4xlarge", USDPerHour: finding.Missing()},
		},
	}
	for _, peak := range []float64{14, 140, 150} {
		n := math.Ceil(peak / 14)
		s.Traffic = append(s.Traffic, finding.Traffic{
			PeakRPS: finding.Number(peak), Instances: finding.Number(n), InstanceRPS: finding.Number(peak / n), CostPerHour: finding.Number(.2 * n),
		})
	}
	return s
}

// What another type takes is refused whatever is known of it, with the rates to
// test; from which rate on it costs less is arithmetic, and exact.
func TestOtherTypesAreRefused(t *testing.T) {
	s := priced()
	o := OtherTypes(s)
	if o.Status != finding.Unanswerable || !strings.Contains(o.Why, "ml.c5.2xlarge, ml.c5.4xlarge") || !strings.Contains(o.Why, "tested") {
		t.Errorf("%+v", o)
	}
	if len(o.Stages) < 5 || o.Stages[0].RPS != 10 || o.Stages[len(o.Stages)-1].RPS < 80 || o.Stages[len(o.Stages)-1].Minutes != nextPlateau {
		t.Errorf("stages %+v", o.Stages)
	}
	w := s.Candidates[0].Worth
	if len(w) != 3 || s.Candidates[1].Worth != nil {
		t.Fatalf("worth %+v, and %+v without a price", w, s.Candidates[1].Worth)
	}
	// One costs 0.4, one of the tested type 0.2; ten 2.0, as five: four must
	// carry 140 / 0.7; eleven 2.2, more than five, which must carry 150 / 0.7.
	if w[0].Instances != 0 || w[0].RPS.Known() {
		t.Errorf("at 14: %+v", w[0])
	}
	for i, want := range map[int][2]float64{1: {4, 50}, 2: {5, 150 / .7 / 5}} {
		if float64(w[i].Instances) != want[0] || math.Abs(float64(w[i].RPS)-want[1]) > 1e-9 {
			t.Errorf("at %v: %+v, want %v", s.Traffic[i].PeakRPS, w[i], want)
		}
	}
	for _, c := range s.Candidates {
		if c.Status != finding.Unanswerable {
			t.Errorf("%s is %q", c.InstanceType, c.Status)
		}
	}
}

// A fleet of which fewer may be enough is nothing to hold another type against.
func TestOtherTypesAreNotHeldAgainstABound(t *testing.T) {
	s := priced()
	s.Answers.Capacity.Status = finding.AtLeast
	OtherTypes(s)
	if s.Candidates[0].Worth != nil {
		t.Errorf("held against a lower bound: %+v", s.Candidates[0].Worth)
	}
	s = priced()
	s.Candidates, s.Answers.Bottleneck.Value = nil, "workers"
	if o := OtherTypes(s); o.Stages != nil || !strings.Contains(o.Why, "None is proposed") {
		t.Errorf("%+v", o)
	}
	s.Answers.Bottleneck.Status = finding.Unanswerable
	if o := OtherTypes(s); !strings.Contains(o.Why, "open as long as the bottleneck is") {
		t.Errorf("%+v", o)
	}
}

// More memory is no answer to a leak.
func TestNoTypeIsProposedAgainstALeak(t *testing.T) {
	s := priced()
	s.Answers.Bottleneck.Value, s.Findings = "memory", []finding.Finding{{Check: "memory_leak"}}
	if o := OtherTypes(s); o.Stages != nil || s.Candidates != nil || !strings.Contains(o.Why, "a leak fills") {
		t.Errorf("%+v, %+v", o, s.Candidates)
	}
}

// No fact of a type reaches what is said of what it serves: with every fact of
// the candidates changed, only the facts themselves change.
func TestFactsDoNotMoveOtherTypes(t *testing.T) {
	a, b := priced(), priced()
	for i := range b.Candidates {
		b.Candidates[i].VCPU, b.Candidates[i].GPUs, b.Candidates[i].MemoryGiB = 96, 8, 768
	}
	x, y := OtherTypes(a), OtherTypes(b)
	if x.Why != y.Why || len(x.Stages) != len(y.Stages) || x.Stages[5] != y.Stages[5] || a.Candidates[0].Worth[1] != b.Candidates[0].Worth[1] {
		t.Errorf("%+v\n%+v", x, y)
	}
}
