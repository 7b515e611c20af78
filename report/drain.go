package report

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/finding"
)

// drained is the rate, relative to the bucket before, below which the last
// bucket of a window was only partly covered by load.
const drained = 0.2

// drains reports whether the load ended within the last bucket: what it says is
// no state of the endpoint.
func drains(minutes []finding.Minute) bool {
	n := len(minutes)
	return n > 2 && minutes[n-1].Offered() < drained*minutes[n-2].Offered()
}

// withoutDrain blanks the measurements of a last bucket in which the load ended.
// Log lines and the instance count stay: they are counted, not averaged. The
// caller's minutes are left alone.
func withoutDrain(minutes []finding.Minute) []finding.Minute {
	if !drains(minutes) {
		return minutes
	}
	out := slices.Clone(minutes)
	m := &out[len(out)-1]
	nan := math.NaN()
	*m = finding.Minute{
		Start: m.Start, Seconds: m.Seconds, Instances: m.Instances, Step: m.Step, Provisional: m.Provisional,
		LogLines: m.LogLines, LogWarnings: m.LogWarnings, LogErrors: m.LogErrors,
		Invocations: nan, PerInstance: nan, Errors4XX: nan, Errors5XX: nan, ModelErrors: nan,
		ModelMean: nan, ModelP50: nan, ModelP90: nan, ModelP95: nan, ModelP99: nan, ModelMax: nan, ModelCount: nan,
		OverheadMean: nan, OverheadMax: nan,
		CPU: nan, CPUHot: nan, GPU: nan, GPUHot: nan, GPUMemory: nan, GPUMemoryHot: nan,
		Memory: nan, MemoryHot: nan, Disk: nan, DiskHot: nan, Reporting: nan, ConcurrencyMax: nan,
	}
	return out
}

// drainSentence says what figures and counts leave out.
func (s *scribe) drainSentence() string {
	n := len(s.set.Minutes)
	if !s.drained {
		return ""
	}
	return fmt.Sprintf("The last %s, %s, in which the load ended, is left out of figures and counts.", s.minuteWord(), s.clock(s.set.Minutes[n-1].Start))
}
