package capacity

import (
	"testing"

	"sizewise/analyze/finding"
)

func TestNextTest(t *testing.T) {
	if r := cpuLab(beyond).analyze(); r.Next != nil {
		t.Errorf("a measured capacity asks for %+v", r.Next)
	}
	r := cpuLab(below).analyze()
	truth, _, _ := cpuLab(below).truth()
	if r.Next == nil || r.Next.Instances != 2 || len(r.Next.Answers) != 1 || r.Next.Answers[0] != "capacity" {
		t.Fatalf("an extrapolated capacity asks for %+v", r.Next)
	}
	last := r.Next.Stages[len(r.Next.Stages)-1]
	if float64(last.RPS) < 1.2*2*truth || last.Minutes < 10 {
		t.Errorf("the last stage is %+v, the fleet takes %.0f", last, 2*truth)
	}
	bound := cpuLab([]float64{.3, .6}).analyze()
	if bound.Answers.Capacity.Status != finding.AtLeast || bound.Next == nil {
		t.Fatalf("%s asks for %+v", bound.Answers.Capacity.Status, bound.Next)
	}
	for i, s := range bound.Next.Stages {
		if i > 0 && s.RPS <= bound.Next.Stages[i-1].RPS {
			t.Errorf("stages %+v do not rise", bound.Next.Stages)
		}
	}
}
