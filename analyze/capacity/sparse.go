package capacity

import (
	"slices"

	"sizewise/analyze/finding"
)

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
