package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// mostTransfer is by how much the work per request of two windows may differ for
// a rate of one to be carried over to the other.
const mostTransfer = 0.15

// Transfer refuses to carry the rates of an earlier window, a load test for
// instance, over to a later one, where another instance type ran or a request
// costs another amount of the same resource, beyond both intervals.
func Transfer(before, now *finding.Set) []finding.Finding {
	f := finding.Finding{ID: "transfer", Check: "transfer", Severity: finding.Warning, Query: "capacity_plateau"}
	if a, b := before.Tested.InstanceType, now.Tested.InstanceType; a != "" && b != "" && a != b {
		f.Title = sprintf("What the baseline took cannot be carried over: it ran on %s, and %s runs now.", a, b)
		f.Evidence = []string{"vCPUs, GPUs and memory do not tell how fast a model is on another type: only what was measured on each holds for it."}
		return []finding.Finding{f}
	}
	a, b := before.Curve, now.Curve
	if a == nil || b == nil || a.Resource != b.Resource || !(a.Slope > 0) || !(b.Slope > 0) {
		return nil
	}
	change := float64(b.Slope/a.Slope) - 1
	apart := b.SlopeLo > a.SlopeHi || b.SlopeHi < a.SlopeLo
	if !apart || math.Abs(change) <= mostTransfer {
		return nil
	}
	word := "more"
	if change < 0 {
		word = "less"
	}
	f.Title = sprintf("What the baseline took cannot be carried over: a request costs %s %s %s time now.", percent(math.Abs(change)), word, sentenceName(a.Resource))
	f.Evidence = []string{
		sprintf("%s per request in the baseline (%s to %s), %s now (%s to %s).",
			milliseconds(float64(a.Slope)), milliseconds(float64(a.SlopeLo)), milliseconds(float64(a.SlopeHi)), milliseconds(float64(b.Slope)), milliseconds(float64(b.SlopeLo)), milliseconds(float64(b.SlopeHi))),
		"Other requests, another model or other data: test with requests like those of now.",
	}
	return []finding.Finding{f}
}

func transferCheck() Check {
	return Check{
		Name: "transfer", Title: "From a baseline to now", Query: "capacity_plateau",
		Question:    "Do the rates of the baseline, a load test for instance, hold for what runs now?",
		Formula:     "work per request D of both windows, by busy = U0 + D × rate; they do not where D differs beyond the threshold and the intervals lie apart, or where another instance type ran",
		MinimumData: "--baseline, and a line in both windows",
		Refuses:     []string{"no line in one of the windows, or of different resources"},
		Thresholds:  []Threshold{{"difference of the work per request", mostTransfer, "ratio"}},
	}
}
