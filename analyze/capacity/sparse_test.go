package capacity

import (
	"math"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// An endpoint that publishes everything every five minutes has the rate of one
// that publishes every minute; one that is called every five minutes has not.
func TestSpreadRequests(t *testing.T) {
	minutes := func(utilization func(i int) float64) []finding.Minute {
		out := make([]finding.Minute, 30)
		for i := range out {
			n := math.NaN()
			out[i] = finding.Minute{Seconds: 60, CPU: utilization(i), GPU: n, Memory: n, Invocations: n, ModelMean: n}
			if i%5 == 0 {
				out[i].Invocations, out[i].ModelMean = 3000, .1
			}
		}
		return out
	}
	seldom := minutes(func(i int) float64 {
		if i%5 == 0 {
			return 1
		}
		return math.NaN()
	})
	if width := spreadUtilization(seldom); width != 5 {
		t.Fatalf("width %d", width)
	}
	for i, m := range seldom {
		if m.Invocations != 600 || m.ModelMean != .1 || m.CPU != 1 {
			t.Fatalf("minute %d: %g requests, %g s, %g busy", i, m.Invocations, m.ModelMean, m.CPU)
		}
	}
	byClock := minutes(func(int) float64 { return 1 })
	spreadUtilization(byClock)
	if byClock[0].Invocations != 3000 || byClock[1].Invocations == byClock[1].Invocations {
		t.Errorf("requests by the clock were spread: %g, %g", byClock[0].Invocations, byClock[1].Invocations)
	}
}

// seldomBusy leaves of a test's utilization every fifth minute, the mean of the
// five from there on, as an endpoint publishes it that does so every five minutes.
// The first value comes at minute first.
func seldomBusy(minutes []finding.Minute, first int) {
	fields := func(m *finding.Minute) []*float64 {
		return []*float64{&m.CPU, &m.CPUHot, &m.GPU, &m.GPUHot, &m.GPUMemory, &m.GPUMemoryHot, &m.Memory, &m.MemoryHot, &m.Disk, &m.DiskHot, &m.Reporting, &m.Samples}
	}
	for i := range minutes {
		for f, to := range fields(&minutes[i]) {
			if (i-first)%5 != 0 || i+5 > len(minutes) {
				*to = math.NaN()
				continue
			}
			sum := *to
			for k := i + 1; k < i+5; k++ {
				sum += *fields(&minutes[k])[f]
			}
			*to = sum / 5
		}
	}
}

// What fills up is named from utilization of five minutes, whatever of a step a
// value covers, and it is said that it is of five minutes.
func TestBottleneckOfSeldomUtilization(t *testing.T) {
	for first := range 5 {
		l := cpuLab([]float64{.15, .3, .45, .6, .75, .88, 1.2, 1.35})
		l.width, l.seed = 7, uint64(first)
		minutes := l.run()
		seldomBusy(minutes, first)
		r := Analyze(l.input(minutes))
		if b := r.Answers.Bottleneck; b.Value != "cpu" || !strings.Contains(b.Why, "published every 300 s") {
			t.Errorf("values from minute %d on: %s %q: %s", first, b.Status, b.Value, b.Why)
		}
		truth, _, _ := l.truth()
		within(t, uint64(first), r.Answers.Capacity, truth)
	}
}

// A plateau that is shorter than the values of utilization says nothing of what
// filled up, least of all that nothing did.
func TestBottleneckOfBlurredPlateau(t *testing.T) {
	l := cpuLab([]float64{.15, .3, .45, .6, .2, 1.4, .2})
	l.width = 5
	minutes := l.run()
	seldomBusy(minutes, 3)
	r := Analyze(l.input(minutes))
	if b := r.Answers.Bottleneck; r.Answers.Capacity.Status != finding.Measured || b.Status != finding.Unanswerable || !strings.Contains(b.Why, "also covers minutes before or after") {
		t.Errorf("%s %q: %s (capacity %s)", b.Status, b.Value, b.Why, r.Answers.Capacity.Status)
	}
}
