package report

import (
	"fmt"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// drainedSet is a saturated test whose last minute saw the last requests only.
func drainedSet() finding.Set {
	s := saturatedGPU()
	m := &s.Minutes[len(s.Minutes)-1]
	m.Invocations, m.Errors4XX, m.Errors5XX, m.GPU, m.CPU = 400, 0, 0, 0.01, 0.02
	return s
}

func TestDrainIsLeftOut(t *testing.T) {
	set := drainedSet()
	s := newScribe(set, Options{})
	last := len(set.Minutes) - 1
	for name, ys := range map[string][]float64{
		"served":  s.series((*finding.Minute).Served),
		"gpu":     s.series(func(m *finding.Minute) float64 { return m.GPU }),
		"latency": s.series(func(m *finding.Minute) float64 { return m.ModelP99 }),
	} {
		if known(ys[last]) || !known(ys[last-1]) {
			t.Errorf("%s ends in %v, %v", name, ys[last-1], ys[last])
		}
	}
	if !known(set.Minutes[last].GPU) {
		t.Error("the caller's minutes were changed")
	}
	if _, judged, _ := s.missedMinutes(); judged != last {
		t.Errorf("%d minutes judged, want %d", judged, last)
	}
	text := markdownOf(t, set)
	if !strings.Contains(text, "The last minute, 14:49, in which the load ended, is left out of figures and counts.") {
		t.Error("the report does not say that the last minute is left out")
	}
	if strings.Contains(markdownOf(t, saturatedGPU()), "in which the load ended") {
		t.Error("a minute of full load is said to be left out")
	}
}

// TestOneCountOfMissedMinutes holds that the analysis's count is the only one.
func TestOneCountOfMissedMinutes(t *testing.T) {
	set := saturatedGPU()
	set.Findings = []finding.Finding{{ID: "slo_rate", Check: "slo_rate", Severity: finding.Warning, Title: "p99<200ms was missed in 17 of 45 minutes."}}
	text := markdownOf(t, set)
	if n := strings.Count(text, "17 of 45 minutes"); n != 2 {
		t.Errorf("the count stands %d times, want it in the box and in the finding", n)
	}
	if strings.Contains(text, "of 50 minutes, first") {
		t.Error("there is a second count")
	}
}

// TestNextTest holds that fleet rates are the rates of an instance times the
// instances, and that no rate is proposed that was served already.
func TestNextTest(t *testing.T) {
	for name, set := range map[string]finding.Set{"extrapolated": neverSaturated(), "lower bound": batching()} {
		s := newScribe(set, Options{})
		rates, line := s.proposed(), s.higherTest()
		if len(rates) < 5 {
			t.Errorf("%s: rates %v", name, rates)
		}
		var fleet []string
		for _, r := range rates {
			if r < s.highestServed() {
				t.Errorf("%s: %g is proposed, %g was served", name, r, s.highestServed())
			}
			fleet = append(fleet, exact(2*r))
		}
		if want := fmt.Sprintf("(%s for the 2 instances of now)", strings.Join(fleet, ", ")); !strings.Contains(line, want) {
			t.Errorf("%s: %q lacks %q", name, line, want)
		}
	}
}

// TestReadHereIsForPlateaus holds that only what was measured has a window in
// the figure of the load.
func TestReadHereIsForPlateaus(t *testing.T) {
	far := neverSaturated()
	far.Answers.Capacity.Window = &far.Window
	for name, tt := range map[string]struct {
		set  finding.Set
		want bool
	}{"measured": {saturatedGPU(), true}, "extrapolated": {far, false}} {
		f := newScribe(tt.set, Options{}).loadFigure()
		if got := strings.Contains(fmt.Sprintf("%+v", f.Paint), "capacity read here"); got != tt.want {
			t.Errorf("%s: a window is marked: %v", name, got)
		}
	}
}
