package capacity

import (
	"math"
	"testing"

	"sizewise/analyze/finding"
)

// TestEveryAnalysisReplaysOrSaysWhyNot: the three fleets with the numbers that
// the answers have, the recommended fleet over at no minute of a load that it is
// for, and a reason where there is no rate to hold it to.
func TestEveryAnalysisReplaysOrSaysWhyNot(t *testing.T) {
	l := cpuLab(below)
	in := l.input(l.run())
	in.Scaling = Scaling{Asked: true, Registered: true, Min: 1, Max: 3, Policies: []ScalingPolicy{
		{Name: "p", Type: "TargetTrackingScaling", Metric: invocationsMetric, Target: 300, ScaleInCooldownS: 60},
	}}
	result := Analyze(in)
	r := result.Replay
	if r == nil || r.Status != finding.Extrapolated || len(r.Fleets) != 3 || r.Minutes != len(in.Minutes) {
		t.Fatalf("replay %+v", r)
	}
	current, policy, fleet := r.Fleets[0], r.Fleets[1], r.Fleets[2]
	if current.Target != 300 || current.Max != 3 || policy.Target != result.Answers.AutoscalingTarget.Value || policy.Max < result.Answers.Instances.Value {
		t.Errorf("current %+v, recommended %+v", current, policy)
	}
	if fleet.MinutesOver != 0 || fleet.Min != result.Answers.Instances.Value {
		t.Errorf("recommended fleet %+v", fleet)
	}
	if want := float64(fleet.Min) * float64(r.Minutes) / 60; math.Abs(float64(fleet.InstanceHours)-want) > 1e-9 || policy.InstanceHours > fleet.InstanceHours {
		t.Errorf("%v instance hours, want %g and no fewer than the policy's %v", fleet.InstanceHours, want, policy.InstanceHours)
	}
	in.Scaling.Policies[0].Type = "StepScaling"
	if r := Analyze(in).Replay; r.Fleets[0].Why == "" || r.Fleets[0].InstanceHours.Known() || !r.Fleets[1].InstanceHours.Known() {
		t.Errorf("a step policy: %+v", r.Fleets)
	}
	in.Minutes = in.Minutes[:12]
	if r := Analyze(in).Replay; r == nil || r.Status != finding.Unanswerable || r.Why == "" || len(r.Fleets) != 0 {
		t.Errorf("twelve minutes: %+v", r)
	}
	if r := Analyze(Input{PeakRPS: math.NaN()}).Replay; r != nil {
		t.Errorf("without traffic: %+v", r)
	}
}
