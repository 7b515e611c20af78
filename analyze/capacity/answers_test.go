package capacity

import (
	"math"
	"strings"
	"testing"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// sloTruth is where the lab's own p99 reaches the limit.
func sloTruth(l lab, limit float64) float64 {
	lo, hi := 0.0, .999
	m := math.Sqrt(2*(float64(l.vcpu)+1)) - 1
	for range 60 {
		mid := (lo + hi) / 2
		grow := math.Pow(mid, m) / (float64(l.vcpu) * (1 - mid)) * .6
		if 3*(l.alone()+l.cpu*min(20, grow)) < limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	c, _, _ := l.truth()
	return lo * c
}

func TestSLORate(t *testing.T) {
	for _, tt := range []struct {
		name      string
		shares    []float64
		status    finding.Status
		limit     float64
		tolerance float64
	}{
		{"bracketed", beyond, finding.Measured, .5, .05},
		{"bracketed near the limit", beyond, finding.Measured, 1.2, .05},
		{"beyond what was seen", below, finding.Extrapolated, .6, .1},
	} {
		l := cpuLab(tt.shares)
		truth := sloTruth(l, tt.limit)
		n := uint64(seeds)
		if tt.status == finding.Extrapolated {
			n = 6 // each simulates six fleets
		}
		for seed := range n {
			l.seed = seed
			in := l.input(l.run())
			in.SLO = mustSLO(sprintf("p99<%.0fms", tt.limit*1000))
			r := Analyze(in)
			e := r.Answers.SLORate
			if e.Status != tt.status || math.Abs(float64(e.Value)/truth-1) > tt.tolerance || !(e.Lo <= e.Value && e.Value <= e.Hi) {
				t.Errorf("%s, seed %d: %s %.1f (%.1f-%.1f), truth %.1f: %s", tt.name, seed, e.Status, e.Value, e.Lo, e.Hi, truth, e.Why)
			}
			if e.SLO != in.SLO.String() {
				t.Errorf("SLO %q, want %q", e.SLO, in.SLO)
			}
		}
	}
}

func TestSLORefusals(t *testing.T) {
	l := cpuLab(beyond)
	in := l.input(l.run())
	in.SLO = mustSLO("p99<100ms")
	r := Analyze(in)
	if r.Answers.SLORate.Status != finding.Unanswerable || r.Verdict.Status != finding.Fail || r.Answers.Instances.Status != finding.Unanswerable {
		t.Errorf("an SLO below the latency at no load gave %+v, verdict %s", r.Answers.SLORate, r.Verdict.Status)
	}
	for i := range in.Minutes {
		m := &in.Minutes[i]
		m.Invocations, m.PerInstance, m.ModelCount, m.Errors5XX = m.Invocations/40, m.PerInstance/40, m.ModelCount/40, m.Errors5XX/40
	}
	in.SLO = mustSLO("p99<900ms")
	if e := Analyze(in).Answers.SLORate; e.Status != finding.Unanswerable || !strings.Contains(e.Why, "300 requests") {
		t.Errorf("too few requests gave %s: %s", e.Status, e.Why)
	}
	in.SLO = mustSLO("cpu<70%")
	l = cpuLab(below)
	in.Minutes = l.run()
	truth, _, _ := l.truth()
	want := truth * (.7*4 - l.background) / (4 - l.background)
	if e := Analyze(in).Answers.SLORate; e.Status != finding.Extrapolated || math.Abs(float64(e.Value)/want-1) > .05 {
		t.Errorf("cpu<70%% gave %s %.1f, want %.1f", e.Status, e.Value, want)
	}
}

func TestErrorOnset(t *testing.T) {
	l := cpuLab(beyond)
	e := l.analyze().Answers.ErrorOnset
	c, _, _ := l.truth()
	if e.Status != finding.Measured || float64(e.Lo) > c || float64(e.Hi) < c || math.Abs(float64(e.Lo)/(.88*c)-1) > .05 {
		t.Errorf("onset %s %.1f-%.1f, capacity %.1f: %s", e.Status, e.Lo, e.Hi, c, e.Why)
	}
	l = cpuLab(below)
	if e := l.analyze().Answers.ErrorOnset; e.Status != finding.AtLeast {
		t.Errorf("no errors gave %s", e.Status)
	}
	l.faults = .02
	if e := l.analyze().Answers.ErrorOnset; e.Status != finding.Unanswerable {
		t.Errorf("errors at every load gave %s", e.Status)
	}
}

func TestSizingArithmetic(t *testing.T) {
	l := cpuLab(beyond)
	in := l.input(l.run())
	in.PeakRPS, in.Growth = 400, .2
	r := Analyze(in)
	c := r.Answers.Capacity
	want := math.Ceil(400 * 1.2 / (float64(c.Lo) * .7))
	n := r.Answers.Instances
	if float64(n.Value) != want || n.Current != 2 || !strings.HasPrefix(n.Formula, "ceil(400 × 1.2 / (") || !strings.HasSuffix(n.Formula, sprintf("= %.0f", want)) {
		t.Errorf("instances %v of %v: %s", n.Value, want, n.Formula)
	}
	if target := r.Answers.AutoscalingTarget; float64(target.Value) != math.Floor(float64(c.Lo)*startSafety*60) {
		t.Errorf("target %v: %s", target.Value, target.Formula)
	}
	if r.Verdict.Status != finding.Fail || !strings.Contains(r.Verdict.Summary, "instead of 2") {
		t.Errorf("verdict %s: %s", r.Verdict.Status, r.Verdict.Summary)
	}
	in.PeakRPS = 20
	if v := Analyze(in).Verdict; v.Status != finding.Pass {
		t.Errorf("20 requests/s gave %s: %s", v.Status, v.Summary)
	}
}

// A lower bound never becomes a recommendation, but it can show that what runs
// is enough.
func TestSizingFromABound(t *testing.T) {
	l := cpuLab([]float64{.3, .6})
	in := l.input(l.run())
	in.PeakRPS = 400
	r := Analyze(in)
	if r.Answers.Instances.Status != finding.Unanswerable || r.Verdict.Status != finding.Insufficient {
		t.Errorf("%s, %s: %s", r.Answers.Instances.Status, r.Verdict.Status, r.Verdict.Summary)
	}
	if r.Answers.AutoscalingTarget.Status != finding.AtLeast {
		t.Errorf("target %s", r.Answers.AutoscalingTarget.Status)
	}
	in.PeakRPS = 10
	if v := Analyze(in).Verdict; v.Status != finding.Pass {
		t.Errorf("10 requests/s gave %s: %s", v.Status, v.Summary)
	}
}

func TestPeakFromTheWindow(t *testing.T) {
	l := cpuLab(below)
	r := l.analyze()
	c, _, _ := l.truth()
	peak := below[len(below)-1] * c * float64(l.k)
	free := 1 - peak/(float64(l.k)*float64(r.Answers.Capacity.Lo))
	if h := r.Answers.Headroom; math.Abs(float64(h.Value)-free) > .03 || !strings.Contains(r.Answers.Instances.Why, "highest rate that was served") {
		t.Errorf("headroom %v, want about %v; %s", h.Value, free, r.Answers.Instances.Why)
	}
}

func TestClosedLoopIsSeen(t *testing.T) {
	for seed := range uint64(seeds) {
		l := gpuLab([]float64{.2, .4, .6, .8, 1.3, 1.9, 2.6, 3.4})
		l.closed, l.seed = true, seed
		if !l.analyze().Tested.ClosedLoop {
			t.Errorf("seed %d: not seen", seed)
		}
		l = gpuLab(beyond)
		l.seed = seed
		if l.analyze().Tested.ClosedLoop {
			t.Errorf("seed %d: seen in an open loop", seed)
		}
	}
}

func TestClientErrorsAreNotCapacity(t *testing.T) {
	l := cpuLab(below)
	l.clients = .08
	r := l.analyze()
	if !has(r.Findings, "client_errors") || *r.Answers.Saturated.Value {
		t.Errorf("saturated %v, findings %v", *r.Answers.Saturated.Value, r.Findings)
	}
}

// TestPercentileNotPublished: a stream without p99 is told from a test with too
// few requests.
func TestPercentileNotPublished(t *testing.T) {
	l := cpuLab(beyond)
	minutes := l.run()
	for i := range minutes {
		minutes[i].ModelP99 = math.NaN()
	}
	objective, err := slo.Parse("p99<200ms")
	if err != nil {
		t.Fatal(err)
	}
	in := l.input(minutes)
	in.SLO = objective
	got := Analyze(in).Answers.SLORate
	if got.Status != finding.Unanswerable || !strings.Contains(got.Why, "was not published") {
		t.Errorf("%s: %s", got.Status, got.Why)
	}
}
