package capacity

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// bucket is one minute with what is derived from it. Rates are per second and
// instance; all floats are NaN when they cannot be known.
type bucket struct {
	k       float64 // live instances
	whole   bool    // k is a whole number: the count did not change inside the bucket
	stable  bool    // and not in the minutes around it either
	restart bool    // a container came or went near this bucket
	offered float64
	served  float64 // answered without 4xx or 5xx
	loss    float64 // 5xx over invocations
	client  float64 // 4xx over invocations
	mean    float64 // mean ModelLatency, seconds
	conc    float64 // mean concurrency, by Little's law
	trimmed bool    // first bucket of a step or off its level
}

// prepare fills in the derived values, the live instance count and the marks
// that depend on neighbours.
func (a *analysis) prepare() {
	a.spread = spreadUtilization(a.minutes)
	a.wide = len(a.minutes) > 0 && a.minutes[0].Seconds > firstDropSeconds
	a.buckets = make([]bucket, len(a.minutes))
	for i := range a.minutes {
		a.buckets[i] = a.derive(&a.minutes[i])
		a.minutes[i].Instances = a.buckets[i].k
		a.minutes[i].Step, a.minutes[i].Usable = 0, false
	}
	a.markStable()
	a.markRestarts()
}

func (a *analysis) derive(m *finding.Minute) bucket {
	b := bucket{mean: m.ModelMean}
	b.k, b.whole = a.liveInstances(m)
	offered := m.Invocations / m.Seconds
	if math.IsNaN(m.Invocations) && (known(m.CPU) || known(m.Memory)) {
		offered = 0 // the endpoint lived and nobody called it
	}
	b.offered = offered / b.k
	// Errors may be published a bucket later than their requests.
	b.loss = min(1, ratio(m.Errors5XX, m.Invocations))
	b.client = min(1-b.loss, ratio(m.Errors4XX, m.Invocations))
	b.served = b.offered * (1 - b.loss - b.client)
	// A queue without a bound refuses nothing: what is accepted may be far
	// from answered, and only what was answered has a latency.
	if done := m.ModelCount / m.Seconds / b.k; done < backlogged*b.served {
		b.served = done
	}
	answered := m.ModelCount
	if math.IsNaN(answered) {
		answered = m.Invocations - zeroIfNaN(m.Errors5XX)
	}
	b.conc = answered * m.ModelMean / m.Seconds / b.k
	return b
}

// spreadUtilization fills utilization that is published less often than
// requests into the buckets that each value covers, and returns how many
// buckets that is. A value covers the buckets from its own on.
func spreadUtilization(minutes []finding.Minute) int {
	last, gaps := -1, []float64(nil)
	for i := range minutes {
		if m := &minutes[i]; known(m.CPU) || known(m.GPU) || known(m.Memory) {
			if last >= 0 {
				gaps = append(gaps, float64(i-last))
			}
			last = i
		}
	}
	width := int(stat.Median(append(gaps, 1)))
	if width < 2 || width > MaxSpread {
		return 1
	}
	spreadRequests(minutes, width)
	from := -1
	for i := range minutes {
		m := &minutes[i]
		if known(m.CPU) || known(m.GPU) || known(m.Memory) {
			from = i
		} else if from >= 0 && i-from < width {
			copyUtilization(m, &minutes[from])
		}
	}
	return width
}

// liveInstances is Sum(Invocations) over Sum(InvocationsPerInstance): every
// request adds one to the first and 1/instances to the second. A bucket in
// which the count changed gives a fraction. Where the metric is missing it
// falls back to the instances that reported, then to what Describe said.
func (a *analysis) liveInstances(m *finding.Minute) (k float64, whole bool) {
	if m.Invocations > 0 && m.PerInstance > 0 {
		k = m.Invocations / m.PerInstance
		if r := math.Round(k); r >= 1 && math.Abs(k-r) <= wholeInstances*r {
			return r, true
		}
		return k, false
	}
	described := float64(a.in.Tested.DescribedCount)
	if factor := m.Reporting / described; described >= 1 && (factor == 2 || factor == 6) {
		// Without the load to tell, samples that come every 30 or 10 s look
		// like so many times the instances.
		return described, true
	}
	for _, k := range []float64{m.Reporting, m.Instances, described, float64(a.in.InstancesNow)} {
		if k >= 1 {
			return math.Round(k), true
		}
	}
	return 1, true
}

// markStable sets stable where the instance count neither changed in the
// bucket nor within settleInstances of it. Only buckets with requests say what
// the count is.
func (a *analysis) markStable() {
	var changes []time.Time
	last := math.NaN()
	for i := range a.buckets {
		b := &a.buckets[i]
		if !(b.offered > 0) {
			continue
		}
		if !b.whole || (!math.IsNaN(last) && b.k != last) {
			changes = append(changes, a.minutes[i].Start)
		}
		last = b.k
	}
	for i := range a.buckets {
		a.buckets[i].stable = a.buckets[i].whole && !near(a.minutes[i].Start, changes, settleInstances)
	}
}

// markRestarts sets restart around every sudden fall of the fleet's memory, or
// of the fullest instance's: what fails then fails for lack of a process, not of
// capacity. The memory of many instances scatters in their sum, so a fall must
// also stand out from what the memory goes up and down by anyway.
func (a *analysis) markRestarts() {
	at, fleet, hot := a.memoryFalls()
	leastFleet, leastHot := fallThreshold(fleet), fallThreshold(hot)
	var falls []time.Time
	for n, i := range at {
		if fleet[n] > leastFleet || hot[n] > leastHot {
			falls = append(falls, a.minutes[i].Start)
		}
	}
	for i := range a.minutes {
		a.buckets[i].restart = near(a.minutes[i].Start, falls, settleRestart)
	}
	a.leak.restarts = falls
}

// memoryFalls are by how much memory fell from a bucket with memory to the next,
// at those where the number of instances stayed: that of the whole fleet and that
// of the fullest instance, both in instances' worth. A rise is negative.
func (a *analysis) memoryFalls() (at []int, fleet, hot []float64) {
	last := -1
	for i := range a.minutes {
		m, b := &a.minutes[i], &a.buckets[i]
		if !known(m.Memory) {
			continue
		}
		if last >= 0 && a.buckets[last].k == b.k {
			before := &a.minutes[last]
			at, fleet, hot = append(at, i), append(fleet, (before.Memory-m.Memory)*b.k), append(hot, before.MemoryHot-m.MemoryHot)
		}
		last = i
	}
	return at, fleet, hot
}

// fallThreshold is the least fall that means a restart among these. Buckets that
// repeat a value which covers several say nothing of the noise.
func fallThreshold(falls []float64) float64 {
	moved := slices.DeleteFunc(slices.Clone(falls), func(x float64) bool { return !known(x) || x == 0 })
	if noise := stat.MAD(moved); known(noise) {
		return max(memoryDrop, noiseDrop*noise)
	}
	return memoryDrop
}

// near reports whether any of the ascending times lies within d of t.
func near(t time.Time, times []time.Time, d time.Duration) bool {
	i, _ := slices.BinarySearchFunc(times, t.Add(-d), time.Time.Compare)
	return i < len(times) && !times[i].After(t.Add(d))
}

func copyUtilization(to, from *finding.Minute) {
	to.CPU, to.CPUHot, to.GPU, to.GPUHot = from.CPU, from.CPUHot, from.GPU, from.GPUHot
	to.GPUMemory, to.GPUMemoryHot = from.GPUMemory, from.GPUMemoryHot
	to.Memory, to.MemoryHot, to.Disk, to.DiskHot = from.Memory, from.MemoryHot, from.Disk, from.DiskHot
	to.Reporting, to.Samples = from.Reporting, from.Samples
}

func known(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func zeroIfNaN(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// ratio is part over whole where a part that was not published is none, since
// SageMaker publishes the error metrics with every invocation.
func ratio(part, whole float64) float64 {
	if !(whole > 0) {
		return 0
	}
	return zeroIfNaN(part) / whole
}
