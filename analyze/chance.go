package analyze

import (
	"math"
	"slices"

	"sizewise/analyze/finding"
)

// chance is how many requests of each minute may fail without anything having
// happened: what the usual share of failures gives by chance in one minute of
// ten thousand. The usual share is that of the minutes but the worst quarter.
func chance(minutes []finding.Minute, failed func(*finding.Minute) float64) []float64 {
	type part struct{ failed, all float64 }
	var parts []part
	for i := range minutes {
		if p := (part{failed(&minutes[i]), minutes[i].Invocations}); p.failed >= 0 && p.all > 0 {
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		switch x, y := a.failed/a.all, b.failed/b.all; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	usual := part{}
	for _, p := range parts[:len(parts)-len(parts)/4] {
		usual.failed, usual.all = usual.failed+p.failed, usual.all+p.all
	}
	out := make([]float64, len(minutes))
	for i := range minutes {
		if n := minutes[i].Invocations; n > 0 && usual.all > 0 {
			out[i] = poissonLimit(n * usual.failed / usual.all)
		}
	}
	return out
}

// poissonLimit is the count that a Poisson variable exceeds once in ten thousand
// times: summed up for small means, by Anscombe's root for large ones.
func poissonLimit(mean float64) float64 {
	const rare, deviations = 1e-4, 3.72
	if mean > 50 {
		root := math.Sqrt(mean+0.375) + deviations/2
		return math.Ceil(root*root - 0.375)
	}
	p := math.Exp(-mean)
	n := 0.0
	for below := p; 1-below > rare; below += p {
		n++
		p *= mean / n
	}
	return n
}
