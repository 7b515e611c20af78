package capacity

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A fleet that scaled out from one instance: what each may take within the SLO is
// said of one by itself, to which the count may go back, and the interval covers
// what each of four takes.
func TestRateOfTheFewestInstances(t *testing.T) {
	one := lab{seed: 5, vcpu: 4, k: 1, cpu: .02, wait: .06, workers: 2, background: .1, noise: .01, shares: []float64{.12, .2, .28, .36}, width: 5}
	four := one
	four.k, four.shares = 4, []float64{.4, .46, .52, .58}
	first, then := one.run(), four.run()
	for i := range then {
		then[i].Start = then[i].Start.Add(time.Duration(len(first)) * time.Minute)
	}
	in := four.input(slices.Concat(first, then))
	in.Workers, in.SLO = 2, mustSLO("p99<600ms")
	moved := Analyze(in).Answers.SLORate
	if moved.Method != "queue_model" || !strings.Contains(moved.Why, "That is with 1 instance;") {
		t.Fatalf("%s by %s: %s", moved.Status, moved.Method, moved.Why)
	}
	in.InstancesNow = 1
	alone := Analyze(in).Answers.SLORate
	in.Minutes, in.InstancesNow = then, 4
	whole := Analyze(in).Answers.SLORate
	if !(moved.Value < .97*whole.Value) || !(moved.Hi >= .97*whole.Value) {
		t.Errorf("%.1f (%.1f to %.1f) for a fleet that moved, each of four takes %.1f", moved.Value, moved.Lo, moved.Hi, whole.Value)
	}
	if d := moved.Value / alone.Value; d < .9 || d > 1.1 {
		t.Errorf("%.1f for a fleet that moved, one that is back at one takes %.1f", moved.Value, alone.Value)
	}
}
