package capacity

import (
	"math/rand/v2"
	"testing"

	"sizewise/analyze/finding"
)

// TestQuickening puts another service behind one worker half way through, whose
// requests compute too little for a line to show it.
func TestQuickening(t *testing.T) {
	shares := []float64{.1, .18, .26, .34, .42, .5, .58, .66, .72, .78}
	run := func(seed uint64, before float64) Result {
		r := rand.New(rand.NewPCG(seed, 13))
		const after = .05
		var minutes []finding.Minute
		for s, share := range shares {
			service := before
			if s >= 5 {
				service = after
			}
			for range 5 {
				minutes = append(minutes, oneWorkerMinute(r, len(minutes), share/after, service, .5))
			}
		}
		return Analyze(Input{Minutes: minutes, Tested: finding.Tested{VCPU: 4, DescribedCount: 1}, Workers: 1})
	}
	missed := 0
	for seed := range uint64(8) {
		got := run(seed, .08)
		if c := got.Answers.Capacity; c.Status == finding.Extrapolated && (c.Lo > 20 || c.Hi < 20) {
			missed++ // without low load of the later service alone, its time is known badly
		}
		if !hasCheck(got.Findings, "deploy") {
			t.Errorf("seed %d: no word of the change", seed)
		}
		if same := run(seed, .05); hasCheck(same.Findings, "deploy") {
			t.Errorf("seed %d: a change where there is none", seed)
		}
	}
	if missed > 2 {
		t.Errorf("%d of 8 intervals miss the later service's capacity", missed)
	}
}

func hasCheck(all []finding.Finding, check string) bool {
	for i := range all {
		if all[i].Check == check {
			return true
		}
	}
	return false
}
