package capacity

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// Client errors that come at every load break an error objective at every rate;
// more instances do not help, and the latency alone must decide the size.
func TestFlatClientErrorsDoNotSize(t *testing.T) {
	for seed := range uint64(seeds) {
		l := cpuLab(beyond)
		l.seed = seed
		plain := l.input(l.run())
		plain.SLO = mustSLO("p99<900ms")
		want := Analyze(plain)
		l.clients = .004
		in := l.input(l.run())
		in.SLO, in.PeakRPS = mustSLO("p99<900ms, errors<0.1%, 4xx<0.1%"), 20
		got := Analyze(in)
		if a, b := got.Answers.SLORate, want.Answers.SLORate; a.Status != b.Status || math.Abs(float64(a.Value/b.Value)-1) > .02 {
			t.Errorf("seed %d: SLO rate %s %v, without client errors %s %v", seed, a.Status, a.Value, b.Status, b.Value)
		}
		if got.Verdict.Status != finding.Pass {
			t.Errorf("seed %d: %s: %s", seed, got.Verdict.Status, got.Verdict.Summary)
		}
		if !says(got.Findings, "client_errors", "more instances do not help") {
			t.Errorf("seed %d: no finding says so: %v", seed, got.Findings)
		}
	}
}

// Refusals that come with the load, such as throttling, do size.
func TestRisingClientErrorsSize(t *testing.T) {
	l := cpuLab(below)
	minutes := l.run()
	for i := range minutes {
		if i >= 5*l.width {
			minutes[i].Errors4XX = math.Round(minutes[i].Invocations * .03)
		}
	}
	in := l.input(minutes)
	in.SLO = mustSLO("errors<1%")
	r := Analyze(in)
	c, _, _ := l.truth()
	if e := r.Answers.SLORate; e.Status != finding.Measured || float64(e.Lo) < .43*c || float64(e.Hi) > .53*c {
		t.Errorf("%s %v-%v of %v: %s", e.Status, e.Lo, e.Hi, c, e.Why)
	}
	if !says(r.Findings, "client_errors", "rise with the load") {
		t.Errorf("findings %v", r.Findings)
	}
}

func says(all []finding.Finding, check, text string) bool {
	for _, f := range all {
		if f.Check == check && strings.Contains(f.Title+strings.Join(f.Evidence, " "), text) {
			return true
		}
	}
	return false
}

// Without the facts of the instance type the resource that was full is unseen.
func TestUnknownInstanceType(t *testing.T) {
	for name, l := range map[string]lab{"cpu": cpuLab(beyond), "gpu": gpuLab(beyond), "below": cpuLab(below)} {
		in := l.input(l.run())
		in.Tested.VCPU, in.Tested.GPUs = 0, 0
		if b := Analyze(in).Answers.Bottleneck; b.Status != finding.Unanswerable || b.Value != "" || !strings.Contains(b.Why, "not known") {
			t.Errorf("%s: %s %q: %s", name, b.Status, b.Value, b.Why)
		}
	}
}

// Nobody asked for a peak: an overload test must not fail for what it offered.
func TestVerdictWithoutAPeak(t *testing.T) {
	l := cpuLab(beyond)
	in := l.input(l.run())
	r := Analyze(in)
	if r.Verdict.Status != finding.Pass || !strings.HasPrefix(r.Verdict.Summary, "One instance takes 38.") || !strings.Contains(r.Verdict.Summary, "the CPU is what fills up") {
		t.Errorf("%s: %s", r.Verdict.Status, r.Verdict.Summary)
	}
	c, _, _ := l.truth()
	need := float64(l.k) * c / (float64(r.Answers.Capacity.Lo) * .7)
	if n := r.Answers.Instances; float64(n.Value) != math.Ceil(need) || !strings.Contains(n.Why, "highest rate that was served") {
		t.Errorf("instances %v, want %v: %s", n.Value, math.Ceil(need), n.Why)
	}
	in.SLO = mustSLO("p99<900ms")
	if v := Analyze(in).Verdict; v.Status != finding.Fail || !strings.Contains(v.Summary, "was missed in") || !strings.Contains(v.Summary, "within p99<900ms") {
		t.Errorf("%s: %s", v.Status, v.Summary)
	}
	l = cpuLab(below)
	if v := l.analyze().Verdict; v.Status != finding.Pass || !strings.HasPrefix(v.Summary, "One instance would take") {
		t.Errorf("%s: %s", v.Status, v.Summary)
	}
}

// A failed peak says how: beyond the capacity, or into the reserve.
func TestVerdictSaysHowItFails(t *testing.T) {
	l := cpuLab(beyond)
	in := l.input(l.run())
	c := Analyze(in).Answers.Capacity
	for _, tt := range []struct {
		peak float64 // share of what two instances take
		want string
	}{
		{1.3, "does not fit 2 instances"},
		{(float64(c.Lo+c.Value) / 2) / float64(c.Value), "may not fit 2 instances"},
		{.85, "without the 30 % reserve"},
	} {
		in.PeakRPS = tt.peak * 2 * float64(c.Value)
		v := Analyze(in).Verdict
		if v.Status != finding.Fail || !strings.Contains(v.Summary, tt.want) || !strings.Contains(v.Summary, "instead of 2") {
			t.Errorf("%v: %s: %s, want %q", tt.peak, v.Status, v.Summary, tt.want)
		}
	}
}

// Whoever works out a printed formula gets the printed result.
func TestFormulasReproduce(t *testing.T) {
	number := regexp.MustCompile(`[0-9][0-9,]*(\.[0-9]+)?`)
	numbers := func(s string) []float64 {
		var out []float64
		for _, f := range number.FindAllString(s, -1) {
			v, err := strconv.ParseFloat(strings.ReplaceAll(f, ",", ""), 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
		return out
	}
	for seed := range uint64(seeds) {
		l := cpuLab(beyond)
		l.seed = seed
		in := l.input(l.run())
		in.PeakRPS = 37 + 10*float64(seed)
		a := Analyze(in).Answers
		if f := numbers(a.AutoscalingTarget.Formula); math.Floor(f[0]*f[1]*f[2]+1e-9) != f[3] {
			t.Errorf("seed %d: %s", seed, a.AutoscalingTarget.Formula)
		}
		if f := numbers(a.Instances.Formula); math.Ceil(f[0]/(f[1]*f[2])-1e-9) != f[4] || figure(f[0]/(f[1]*f[2])) != figure(f[3]) {
			t.Errorf("seed %d: %s", seed, a.Instances.Formula)
		}
		if f := numbers(a.Headroom.Formula); percent(math.Abs(f[0]-f[1]/(f[2]*f[3]))) != percent(f[4]/100) {
			t.Errorf("seed %d: %s", seed, a.Headroom.Formula)
		}
		if strings.Contains(a.Instances.Formula, "× 1 ") {
			t.Errorf("no growth is printed: %s", a.Instances.Formula)
		}
	}
}

// A bound below the peak says nothing about headroom.
func TestHeadroomBelowABound(t *testing.T) {
	l := cpuLab([]float64{.3, .6})
	in := l.input(l.run())
	in.PeakRPS = 400
	if h := Analyze(in).Answers.Headroom; h.Status != finding.Unanswerable || !strings.Contains(h.Why, "does not cover the peak") {
		t.Errorf("%s %v: %s", h.Status, h.Value, h.Why)
	}
}

// Minutes are judged one by one, whatever their step says.
func TestMissedMinutesAreMinutes(t *testing.T) {
	l := cpuLab(below)
	minutes := l.run()
	minutes[7].ModelP99, minutes[23].ModelP99 = 5, 5
	in := l.input(minutes)
	in.SLO = mustSLO("p99<900ms")
	r := Analyze(in)
	if !says(r.Findings, "slo_rate", "missed in 2 of 40 minutes") || r.Verdict.Status != finding.Pass {
		t.Errorf("%s, %v", r.Verdict.Summary, r.Findings)
	}
}

// A leak that kills containers comes first, and says how long they live.
func TestLeakComesFirst(t *testing.T) {
	l := cpuLab([]float64{.3, .35, .4, .45, .5, .55})
	l.width, l.leak, l.k = 12, .022, 1
	v := l.analyze().Verdict
	if v.Status != finding.Fail || !strings.HasPrefix(v.Summary, "Memory runs full about every 3") || !strings.Contains(v.Summary, "fix the leak") {
		t.Errorf("%s: %s", v.Status, v.Summary)
	}
}
