package capacity

import (
	"slices"

	"sizewise/analyze/finding"
)

// MaxSpread is how many buckets one value of utilization may cover.
const MaxSpread = 5

// spreadRequests spreads requests over the buckets between two publications,
// where an endpoint publishes them as seldom as utilization: one bucket then holds
// the requests of width of them, and the others none. Buckets of requests that
// come by the clock are not meant: those have utilization in between.
func spreadRequests(minutes []finding.Minute, width int) {
	var at []int
	for i := range minutes {
		if m := &minutes[i]; m.Invocations > 0 {
			if !known(m.CPU) && !known(m.GPU) && !known(m.Memory) {
				return
			}
			at = append(at, i)
		}
	}
	if len(at) < 2 {
		return
	}
	for j := 1; j < len(at); j++ {
		if at[j]-at[j-1] < width {
			return
		}
	}
	for _, i := range slices.Backward(at) {
		m := &minutes[i]
		for _, count := range []*float64{&m.Invocations, &m.PerInstance, &m.Errors4XX, &m.Errors5XX, &m.ModelErrors, &m.ModelCount} {
			*count /= float64(width)
		}
		for k := i + 1; k < i+width && k < len(minutes); k++ {
			copyRequests(&minutes[k], m)
		}
	}
}

func copyRequests(to, from *finding.Minute) {
	to.Invocations, to.PerInstance = from.Invocations, from.PerInstance
	to.Errors4XX, to.Errors5XX, to.ModelErrors = from.Errors4XX, from.Errors5XX, from.ModelErrors
	to.ModelMean, to.ModelP50, to.ModelP90, to.ModelP95, to.ModelP99 = from.ModelMean, from.ModelP50, from.ModelP90, from.ModelP95, from.ModelP99
	to.ModelMax, to.ModelCount = from.ModelMax, from.ModelCount
	to.OverheadMean, to.OverheadMax, to.ConcurrencyMax = from.OverheadMean, from.OverheadMax, from.ConcurrencyMax
}

// wholly leaves of the buckets in some steps those whose utilization was measured
// in these steps alone, where a value covers several buckets. Where none was, it
// leaves all, and reports that they are blurred by what came before or after.
func (a *analysis) wholly(steps []*step, index []int) (within []int, blurred bool) {
	if a.spread == 1 {
		return index, false
	}
	in := map[int]bool{}
	for _, s := range steps {
		for _, i := range s.all {
			in[i] = true
		}
	}
	for _, i := range index {
		from := a.publishedAt(i)
		all := from >= 0
		for j := from; all && j < from+a.spread; j++ {
			all = in[j]
		}
		if all {
			within = append(within, i)
		}
	}
	if len(within) == 0 {
		return index, true
	}
	return within, false
}

// publishedAt is the bucket in which the utilization of bucket i was published, -1
// where no value covers it.
func (a *analysis) publishedAt(i int) int {
	for j := i; j >= 0 && j > i-a.spread; j-- {
		if m := &a.in.Minutes[j]; known(m.CPU) || known(m.GPU) || known(m.Memory) {
			return j
		}
	}
	return -1
}

// spreadSeconds is how long one value of utilization covers.
func (a *analysis) spreadSeconds() int {
	return int(a.minutes[0].Seconds) * a.spread
}

// everySpread says, as a clause, that utilization is published more seldom than
// the evidence is looked at; "" where it is not.
func (a *analysis) everySpread() string {
	if a.spread == 1 {
		return ""
	}
	return sprintf(", by utilization published every %d s", a.spreadSeconds())
}
