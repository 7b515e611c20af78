package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// quickening is the moment from which on answers took clearly less time, less than
// nine tenths before, although there was more load than in most minutes before, on
// as many instances: another service, where requests compute too little for a line
// to show it. The first quarter of the window is left to warm-up. Answers that become slower may be a queue, and
// are no such sign.
func (a *analysis) quickening() deploy {
	index := a.answering()
	best := deploy{}
	if len(index) > mostQuickening {
		return best // traffic of days, whose load comes and goes
	}
	for j := max(quickBefore, len(index)/4); j+quickAfter <= len(index); j++ {
		before, after := index[:j], index[j:j+quickAfter]
		if a.buckets[before[j-1]].k != a.buckets[after[0]].k || a.buckets[after[0]].k != a.buckets[after[quickAfter-1]].k {
			continue
		}
		load := a.values(before, func(i int) float64 { return a.buckets[i].offered })
		now := a.values(after, func(i int) float64 { return a.buckets[i].offered })
		slow := a.values(before, func(i int) float64 { return a.buckets[i].mean })
		quick := a.values(after, func(i int) float64 { return a.buckets[i].mean })
		if stat.Median(now) < stat.Quantile(load, .8) || stat.Median(quick) > stat.Quantile(slow, .1) {
			continue
		}
		change := stat.Median(quick)/stat.Median(slow[max(0, j-quickAfter):]) - 1
		if change < -leastDrop && change < best.change {
			best = deploy{from: after[0], change: change, by: "latency"}
		}
	}
	return best
}

// answering are the buckets with a latency, in order of time, in which nothing was
// amiss.
func (a *analysis) answering() []int {
	var out []int
	for i := range a.minutes {
		b := &a.buckets[i]
		if b.stable && !b.restart && b.mean > 0 && b.offered > 0 && b.loss < lossLimit && a.minutes[i].Invocations >= minRequests && !math.IsNaN(b.k) {
			out = append(out, i)
		}
	}
	return out
}
