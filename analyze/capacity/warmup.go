package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// dropWarmup takes the leading buckets out of the fit in which requests cost
// more than they do later: caches fill, code is compiled. It looks at work per
// request in the first quarter of the window against the rest.
func (a *analysis) dropWarmup() {
	for _, r := range a.resources() {
		index, x, y := a.fitPoints(r)
		if len(index) < minFitBuckets {
			continue
		}
		line, ok := stat.TheilSen(x, y)
		if !ok {
			continue
		}
		rest := make([]float64, len(x))
		for j := range x {
			rest[j] = (y[j] - line.At(x[j])) / math.Max(line.At(x[j]), 0.02*r.limit)
		}
		noise := max(0.01, stat.MAD(rest))
		for j := 0; j < len(rest)/4 && rest[j] > 4*noise; j++ {
			a.minutes[index[j]].Usable = false
		}
	}
}

// findWarmup leaves the first buckets out of the steps while answers are
// clearly slower than they are later: at the same load, or at a higher one
// where the work per request fell as well. Slower at a lower load alone is no
// sign of it: a server that batches waits for company.
func (a *analysis) findWarmup() {
	first, lines := -1, a.laterLines()
	for i := range a.buckets {
		b := &a.buckets[i]
		if !(b.offered > 0) {
			continue
		}
		if first < 0 {
			first = i
		}
		if 4*(i-first) >= len(a.buckets)-first || !a.slowStart(i, lines) {
			a.warmUntil = i
			break
		}
	}
	if first < 0 || a.warmUntil-first < minWarm {
		a.warmUntil = 0
		return
	}
	a.warmFrom = first
	for i := range a.steps {
		a.leaveWarmOut(&a.steps[i])
	}
}

// slowStart reports whether bucket i is slower than its load explains.
func (a *analysis) slowStart(i int, lines []laterLine) bool {
	b := &a.buckets[i]
	var same, higher []float64
	for j := i + 1; j < len(a.buckets); j++ {
		o := &a.buckets[j]
		if !(o.mean > 0) || o.restart || a.minutes[j].Step == 0 || o.offered < b.offered/sameLoad {
			continue
		}
		if o.offered <= b.offered*sameLoad {
			same = append(same, o.mean)
		}
		higher = append(higher, o.mean)
	}
	slower := func(reference []float64, p float64) bool {
		if len(reference) < minStepBuckets {
			return false
		}
		return b.mean > warmSlow*stat.Quantile(reference, p)
	}
	costly := false
	for _, l := range lines {
		costly = costly || l.avg(&a.minutes[i]) > warmCost*max(l.line.At(b.served), 0.02*l.limit)
	}
	// Of the later buckets some are warm-up themselves: those must not hide the
	// rest.
	return slower(same, 0.5) || (costly && slower(higher, 0.1))
}

// laterLine is a resource's use by rate after the first quarter of the window.
type laterLine struct {
	resource
	line stat.Line
}

// laterLines fits what a request costs once things have settled.
func (a *analysis) laterLines() []laterLine {
	var out []laterLine
	for _, r := range a.resources() {
		index, x, y := a.fitPoints(r)
		from := 0
		for from < len(index) && 4*index[from] < len(a.buckets) {
			from++
		}
		if line, ok := stat.TheilSen(x[from:], y[from:]); ok && len(x)-from >= minStepBuckets {
			out = append(out, laterLine{r, line})
		}
	}
	return out
}

// leaveWarmOut drops warm-up from what the step is judged by; a step that holds
// nothing else is shown as it was and not judged.
func (a *analysis) leaveWarmOut(s *step) {
	if s.saturated || s.all[0] >= a.warmUntil {
		return
	}
	var kept []int
	for _, i := range s.used {
		if i >= a.warmUntil {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		s.warm = true
		return
	}
	if len(kept) < len(s.used) {
		s.used = kept
		a.summarise(s)
	}
}

// warmFinding says that the first minutes were left out, and why.
func (a *analysis) warmFinding() []finding.Finding {
	if a.warmUntil == 0 {
		return nil
	}
	n := a.warmUntil - a.warmFrom
	mean := func(index []int) float64 { return a.median(index, func(i int) float64 { return a.buckets[i].mean }) }
	var early, late []int
	for i := a.warmFrom; i < len(a.buckets) && i < a.warmUntil+n; i++ {
		if i < a.warmUntil {
			early = append(early, i)
		} else {
			late = append(late, i)
		}
	}
	return []finding.Finding{{
		Check: "warm_up", Severity: finding.Info, Query: "latency_breakdown",
		Title: sprintf("The first %d minutes were warm-up: answers took longer than they did later at the same load or above.", a.inMinutes(n)),
		Evidence: []string{
			sprintf("Mean latency %s, then %s.", milliseconds(mean(early)), milliseconds(mean(late))),
			"They do not count against the SLO in load steps, and those in which a request cost more do not enter the capacity fit.",
		},
	}}
}
