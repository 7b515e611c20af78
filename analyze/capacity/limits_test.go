package capacity

import (
	"slices"
	"testing"

	"sizewise/analyze/finding"
)

// TestWrongInstanceType says four vCPUs of what has sixteen: no answer may rest on
// them, and it is said.
func TestWrongInstanceType(t *testing.T) {
	l := cpuLab([]float64{.1, .2, .3, .4, .5, .6, .7})
	l.vcpu, l.cpu = 16, .1
	in := l.input(l.run())
	in.Tested.VCPU = 4
	r := Analyze(in)
	told := slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Check == "instance_limits" })
	if !told || r.Answers.Bottleneck.Value == "cpu" || r.Answers.Capacity.Status == finding.Extrapolated {
		t.Errorf("told: %v; bottleneck %+v, capacity %+v", told, r.Answers.Bottleneck, r.Answers.Capacity)
	}
	in.Tested.VCPU = 16
	if r := Analyze(in); slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Check == "instance_limits" }) {
		t.Error("the right type is distrusted")
	}
}
