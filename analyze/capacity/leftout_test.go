package capacity

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// The first minutes compile and fill caches; no step is judged by them.
func TestWarmUp(t *testing.T) {
	for seed := range uint64(seeds) {
		l := cpuLab(beyond)
		l.seed = seed
		minutes := l.run()
		for i := range 7 {
			m, f := &minutes[i], 1+.8*(1-float64(i)/9)
			m.CPU, m.CPUHot = m.CPU*f, m.CPUHot*f
			m.ModelMean, m.ModelP50, m.ModelP99 = m.ModelMean*f, m.ModelP50*f, m.ModelP99*f
		}
		in := l.input(minutes)
		in.SLO = mustSLO("p99<400ms")
		r := Analyze(in)
		if e := r.Answers.SLORate; e.Status != finding.Measured {
			t.Errorf("seed %d: %s: %s", seed, e.Status, e.Why)
		}
		// The seventh minute is 27 % slower, at the edge of what counts.
		if !says(r.Findings, "warm_up", "The first 7 minutes") && !says(r.Findings, "warm_up", "The first 6 minutes") || r.Steps[0].SLO != "unknown" {
			t.Errorf("seed %d: step 1 %s, findings %v", seed, r.Steps[0].SLO, r.Findings)
		}
		truth, _, _ := l.truth()
		within(t, seed, r.Answers.Capacity, truth)
		for name, l := range labs() {
			l.seed = seed
			if seed < 10 && has(l.analyze().Findings, "warm_up") {
				t.Errorf("seed %d: %s: warm-up where there is none", seed, name)
			}
		}
	}
}

// What fails around restarts is neither an onset nor a miss.
func TestRestartsLeaveNoMark(t *testing.T) {
	for seed := range uint64(seeds) {
		l := cpuLab([]float64{.3, .35, .4, .45, .5, .55})
		l.width, l.leak, l.seed, l.k = 12, .022, seed, 1
		in := l.input(l.run())
		in.SLO = mustSLO("errors<0.1%")
		r := Analyze(in)
		if e := r.Answers.ErrorOnset; e.Status != finding.AtLeast || !strings.Contains(e.Why, "around restarts") {
			t.Errorf("seed %d: onset %s: %s", seed, e.Status, e.Why)
		}
		for _, s := range r.Steps {
			if s.SLO == "missed" {
				t.Errorf("seed %d: step %d missed: %v", seed, s.N, s.Errors5XX)
			}
		}
	}
}

// Where steps disagree about the SLO, the interval covers what they disagree on.
func TestSLOIntervalCoversDisagreement(t *testing.T) {
	l := cpuLab([]float64{.15, .3, .45, .6, .5, .7, .88, 1.2})
	minutes := l.run()
	slow := func(step int) {
		for i := step * l.width; i < (step+1)*l.width; i++ {
			minutes[i].ModelP99 = .8
		}
	}
	slow(4) // at half the capacity, above what the step at six tenths shows
	in := l.input(minutes)
	in.SLO = mustSLO("p99<600ms")
	r := Analyze(in)
	e := r.Answers.SLORate
	if e.Status != finding.Measured || e.Lo > r.Steps[4].OfferedRPS || e.Hi < r.Steps[5].OfferedRPS && r.Steps[5].SLO == "met" || !strings.Contains(e.Why, "disagree") {
		t.Errorf("%s %v (%v-%v): %s", e.Status, e.Value, e.Lo, e.Hi, e.Why)
	}
}

// Beyond the limit waiting clients only add latency: the quoted miss is the
// first one.
func TestBracketQuotesTheFirstMiss(t *testing.T) {
	for seed := range uint64(seeds) {
		l := gpuLab([]float64{.2, .4, .6, .8, 6, 9, 13, 18})
		l.closed, l.seed = true, seed
		in := l.input(l.run())
		in.SLO = mustSLO("p99<250ms")
		r := Analyze(in)
		for _, s := range r.Steps {
			if s.SLO == "missed" {
				if want := milliseconds(float64(s.P99)); !strings.Contains(r.Answers.SLORate.Why, want) {
					t.Errorf("seed %d: %s does not quote %s", seed, r.Answers.SLORate.Why, want)
				}
				break
			}
		}
	}
}

// Workers that are the limit while the processor idles: the answer says what to
// do and how far that goes.
func TestWorkersAdvice(t *testing.T) {
	l := lab{vcpu: 4, k: 2, cpu: .02, wait: .1, workers: 4, background: .1, noise: .01, shares: beyond, width: 5}
	b := l.analyze().Answers.Bottleneck
	for _, want := range []string{"Raise workers or threads first", "CPU alone would allow about 19", "shared downstream"} {
		if !strings.Contains(b.Why, want) {
			t.Errorf("%s does not say %q", b.Why, want)
		}
	}
}

// What is as full at low load is not what fills up next, and nothing is fuller
// than full.
func TestBottleneckMargins(t *testing.T) {
	l := gpuLab(beyond)
	minutes := l.run()
	for i := range minutes {
		minutes[i].Memory, minutes[i].MemoryHot = .6, .6
	}
	if b := Analyze(l.input(minutes)).Answers.Bottleneck; strings.Contains(b.Why, "memory") || !strings.Contains(b.Why, "next: CPU") {
		t.Error(b.Why)
	}
	l = gpuLab([]float64{.05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .6, .7})
	l.batch = true
	for name, m := range l.analyze().Answers.Bottleneck.Margins {
		if m > 1 {
			t.Errorf("%s %v", name, m)
		}
	}
}

// A derived capacity says from what.
func TestSlowestInstanceIsDerived(t *testing.T) {
	l := cpuLab(beyond)
	l.k, l.slow = 4, []float64{.9, .95, 1, 1.15}
	c := l.analyze().Answers.Capacity
	if !strings.Contains(c.Why, "The average instance answered") || !strings.Contains(c.Formula, "for the slowest instance = "+figure(float64(c.Value))) {
		t.Errorf("%s; %s", c.Why, c.Formula)
	}
}
