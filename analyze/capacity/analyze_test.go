package capacity

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

const seeds = 40

// within fails unless the capacity answer is within 5 % of the truth, or a
// bound that does not exceed it, or a refusal.
func within(t *testing.T, seed uint64, c finding.Estimate, truth float64) {
	t.Helper()
	switch c.Status {
	case finding.Measured, finding.Extrapolated:
		if math.Abs(float64(c.Value)/truth-1) > .05 {
			t.Errorf("seed %d: capacity %s %.1f, truth %.1f: %s", seed, c.Status, c.Value, truth, c.Why)
		}
		if !(c.Lo <= c.Value && c.Value <= c.Hi) {
			t.Errorf("seed %d: interval %v-%v does not hold %v", seed, c.Lo, c.Hi, c.Value)
		}
	case finding.AtLeast:
		if float64(c.Value) > truth {
			t.Errorf("seed %d: at least %.1f, truth %.1f", seed, c.Value, truth)
		}
	case finding.Unanswerable:
	}
}

func TestKnownSystems(t *testing.T) {
	workers := lab{vcpu: 4, k: 2, cpu: .02, wait: .1, workers: 4, background: .1, noise: .01, shares: beyond, width: 5}
	hot := cpuLab(beyond)
	hot.k, hot.slow = 4, []float64{.9, .95, 1, 1.15}
	hotBelow := hot
	hotBelow.shares = []float64{.12, .2, .28, .36, .44, .52, .6, .68, .74}
	batch := gpuLab(below)
	batch.batch, batch.shares = true, []float64{.05, .1, .15, .2, .25, .3, .35, .4, .45, .5}
	batchFull := batch
	batchFull.shares = beyond
	clients := cpuLab(below)
	clients.clients = .08
	faults := cpuLab(below)
	faults.faults = .02
	closed := gpuLab([]float64{.2, .4, .6, .8, 1.3, 1.9, 2.6, 3.4})
	closed.closed = true
	waiting := lab{vcpu: 4, k: 2, cpu: .02, wait: .2, workers: 8, background: .1, noise: .01, shares: below, width: 5}
	near := gpuLab(below)
	near.cpu = near.gpu * 4 * .98
	tests := []struct {
		name       string
		lab        lab
		status     finding.Status
		bottleneck string // "" when unanswerable
		saturated  bool
	}{
		{"cpu, below", cpuLab(below), finding.Extrapolated, "cpu", false},
		{"cpu, beyond", cpuLab(beyond), finding.Measured, "cpu", true},
		{"gpu, below", gpuLab(below), finding.Extrapolated, "gpu", false},
		{"gpu, beyond", gpuLab(beyond), finding.Measured, "gpu", true},
		{"workers, beyond", workers, finding.Measured, "workers", true},
		{"hidden workers, below", waiting, finding.AtLeast, "", false},
		{"hot, beyond", hot, finding.Measured, "cpu", true},
		{"hot, below", hotBelow, finding.Extrapolated, "cpu", false},
		{"batch, below", batch, finding.AtLeast, "", false},
		{"batch, beyond", batchFull, finding.Measured, "gpu", true},
		{"4xx at every load", clients, finding.Extrapolated, "cpu", false},
		{"5xx at every load", faults, finding.Extrapolated, "cpu", false},
		{"closed loop", closed, finding.Measured, "gpu", true},
		// Two resources that fill together need many requests at once to do so.
		{"two resources alike", near, finding.AtLeast, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(seeds) {
				tt.lab.seed = seed
				r := tt.lab.analyze()
				truth, _, _ := tt.lab.truth()
				within(t, seed, r.Answers.Capacity, truth)
				if r.Answers.Capacity.Status != tt.status {
					t.Errorf("seed %d: status %s, want %s: %s", seed, r.Answers.Capacity.Status, tt.status, r.Answers.Capacity.Why)
				}
				if r.Answers.Bottleneck.Value != tt.bottleneck {
					t.Errorf("seed %d: bottleneck %q, want %q: %s", seed, r.Answers.Bottleneck.Value, tt.bottleneck, r.Answers.Bottleneck.Why)
				}
				if got := *r.Answers.Saturated.Value; got != tt.saturated {
					t.Errorf("seed %d: saturated %v, want %v", seed, got, tt.saturated)
				}
			}
		})
	}
}

func TestBatchingIsSeen(t *testing.T) {
	for seed := range uint64(seeds) {
		l := gpuLab([]float64{.05, .1, .15, .2, .25, .3, .35, .4, .45, .5})
		l.batch, l.seed = true, seed
		if !l.analyze().Tested.Batching {
			t.Errorf("seed %d: batching not seen", seed)
		}
		l.batch = false
		if l.analyze().Tested.Batching {
			t.Errorf("seed %d: batching seen where there is none", seed)
		}
	}
}

func TestKnownWorkersAreUsed(t *testing.T) {
	l := lab{vcpu: 4, k: 2, cpu: .02, wait: .2, workers: 8, background: .1, noise: .01, shares: below, width: 5}
	for seed := range uint64(seeds) {
		l.seed = seed
		in := l.input(l.run())
		in.Workers = l.workers
		r := Analyze(in)
		truth, _, _ := l.truth()
		within(t, seed, r.Answers.Capacity, truth)
		if c := r.Answers.Capacity; c.Status != finding.Extrapolated || r.Answers.Bottleneck.Value != "workers" {
			t.Errorf("seed %d: %s by %q: %s", seed, c.Status, r.Answers.Bottleneck.Value, c.Why)
		}
	}
}

// A leak that ends in restarts is told for what it is, whatever it does to the
// error metrics.
func TestLeakIsNotSaturation(t *testing.T) {
	for seed := range uint64(seeds) {
		l := cpuLab([]float64{.3, .35, .4, .45, .5, .55})
		l.width, l.leak, l.seed, l.k = 12, .022, seed, 1
		r := l.analyze()
		truth, _, _ := l.truth()
		within(t, seed, r.Answers.Capacity, truth)
		if *r.Answers.Saturated.Value {
			t.Errorf("seed %d: a leak was taken for saturation", seed)
		}
		if r.Answers.Bottleneck.Value != "memory" || !has(r.Findings, "memory_leak") {
			t.Errorf("seed %d: bottleneck %q, findings %v", seed, r.Answers.Bottleneck.Value, r.Findings)
		}
	}
}

func has(all []finding.Finding, check string) bool {
	for _, f := range all {
		if f.Check == check {
			return true
		}
	}
	return false
}

// Instances that come and go move the load per instance, not the answer.
func TestInstanceCountChanges(t *testing.T) {
	for seed := range uint64(seeds) {
		one, two := cpuLab([]float64{.2, .35, .5, .65}), cpuLab([]float64{.2, .35, .5, .65})
		one.k, one.seed, two.k, two.seed = 1, seed, 3, seed+100
		minutes := append(one.run(), two.run()...)
		for i := range minutes {
			minutes[i].Start = minutes[0].Start.Add(time.Duration(i) * time.Minute)
		}
		// The count changes inside one bucket.
		change := len(one.shares) * one.width
		minutes[change].PerInstance = minutes[change].Invocations / 2.3
		r := Analyze(one.input(minutes))
		truth, _, _ := one.truth()
		within(t, seed, r.Answers.Capacity, truth)
		if r.Tested.InstancesMin != 1 || r.Tested.InstancesMax != 3 || r.Tested.InstancesLast != 3 {
			t.Errorf("seed %d: instances %v to %v, last %v", seed, r.Tested.InstancesMin, r.Tested.InstancesMax, r.Tested.InstancesLast)
		}
		if r.Minutes[change].Usable || r.Minutes[change+1].Usable || r.Minutes[change-1].Usable {
			t.Errorf("seed %d: minutes around a change of the count are used", seed)
		}
	}
}

func TestTooLittleData(t *testing.T) {
	short := cpuLab([]float64{.3, .6})
	short.width = 4
	constant := cpuLab([]float64{.5, .5, .5, .5, .5, .5})
	idle := cpuLab([]float64{.02, .03, .04, .05, .06, .07})
	for _, tt := range []struct {
		name, why string
		lab       lab
	}{
		{"short", "usable", short},
		{"one rate", "range", constant},
		{"hardly any load", "busy", idle},
	} {
		c := tt.lab.analyze().Answers.Capacity
		truth, _, _ := tt.lab.truth()
		if c.Status != finding.AtLeast || float64(c.Value) > truth || !strings.Contains(c.Why, tt.why) {
			t.Errorf("%s: %s %v: %q does not say %q", tt.name, c.Status, c.Value, c.Why, tt.why)
		}
	}
	r := Analyze(Input{PeakRPS: math.NaN()})
	if r.Verdict.Status != finding.Insufficient || r.Answers.Capacity.Status != finding.Unanswerable {
		t.Errorf("nothing at all gave %+v", r.Verdict)
	}
}

// What was not published is not zero: a GPU without utilization stops the
// extrapolation.
func TestMissingIsNotZero(t *testing.T) {
	l := gpuLab(below)
	minutes := l.run()
	for i := range minutes {
		minutes[i].GPU, minutes[i].GPUHot = math.NaN(), math.NaN()
	}
	if c := Analyze(l.input(minutes)).Answers.Capacity; c.Status != finding.AtLeast || !strings.Contains(c.Why, "GPU utilization was not published") {
		t.Errorf("%s: %s", c.Status, c.Why)
	}
}

func TestResultIsValidJSON(t *testing.T) {
	r := cpuLab(beyond).analyze()
	for _, v := range []any{r.Answers, r.Steps, r.Findings, r.Verdict, r.Tested, Checks()} {
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("%T: %v", v, err)
		}
	}
}

func TestInputIsNotModified(t *testing.T) {
	l := cpuLab(beyond)
	minutes := l.run()
	Analyze(l.input(minutes))
	for i, m := range minutes {
		if m.Usable || m.Step != 0 || !math.IsNaN(m.Instances) {
			t.Fatalf("minute %d was written to", i)
		}
	}
}

func BenchmarkAnalyzeMonth(b *testing.B) {
	l := cpuLab(nil)
	l.width = 20
	for i := range 30 * 24 * 3 {
		l.shares = append(l.shares, .35+.25*math.Sin(float64(i)/11)+.05*math.Sin(float64(i)*1.7))
	}
	minutes := l.run()
	in := l.input(minutes)
	in.SLO = mustSLO("p99<900ms")
	b.ReportAllocs()
	for b.Loop() {
		Analyze(in)
	}
}
