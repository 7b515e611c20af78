package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// lowerBound is the rate per instance that was sustained, with why there is no
// more to say.
func (a *analysis) lowerBound(why string) finding.Estimate {
	rate, index := a.sustained()
	if !(rate > 0) {
		return refused(perInstance, sentence(why)+" No rate was sustained long enough for a lower bound either.")
	}
	skew, spared := a.hot.excess, a.mayBeSpared(index)
	if spared {
		skew = max(skew, unseenSkew)
	}
	rate = boundSafety * rate / (1 + skew)
	e := finding.Estimate{
		Status: finding.AtLeast, Value: finding.Number(rate), Lo: finding.Missing(), Hi: finding.Missing(),
		Current: finding.Missing(), Unit: perInstance, N: len(index), Method: "sustained", Query: "variant_minutes",
		Window: a.window(index),
		Why:    sprintf("Sustained for %d minutes; the limit is not known: %s.", a.inMinutes(len(index)), why),
	}
	if spared && skew == unseenSkew {
		e.Why += sprintf(" The average over instances counts %s less: a balancer may have spared a slower one.", percent(unseenSkew))
	}
	return e
}

// mayBeSpared reports whether an instance that is slower than the others may have
// answered less than the average in the given buckets: a balancer that looks for a
// free one keeps it as busy as the rest, and nothing tells it from them but series of
// its own.
func (a *analysis) mayBeSpared(index []int) bool {
	_, lines := a.slowestApart()
	return lines < 2 && a.median(index, func(i int) float64 { return a.buckets[i].k }) > 1
}

// sustained is the highest rate that every one of a few buckets in a row
// served, and those buckets.
func (a *analysis) sustained() (float64, []int) {
	best, at, width := 0.0, []int(nil), a.sustainedWidth()
	var run []int
	for i := range a.buckets {
		b := &a.buckets[i]
		if !(b.served > 0) || !b.stable || b.restart {
			run = run[:0]
			continue
		}
		run = append(run, i)
		if len(run) < width {
			continue
		}
		last := run[len(run)-width:]
		least := math.Inf(1)
		for _, j := range last {
			least = min(least, a.buckets[j].served)
		}
		if least > best {
			best, at = least, append([]int(nil), last...)
		}
	}
	return best, at
}

// sustainedWidth is how many buckets in a row make a rate sustained.
func (a *analysis) sustainedWidth() int {
	if a.wide {
		return sustainedWide
	}
	return sustainedBuckets
}
