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

// TestNextTest: the stages stand in a sentence, as k6 wants them, and as stairs
// whose users follow from the longest latency that was seen.
func TestNextTest(t *testing.T) {
	set := neverSaturated()
	set.Next = &finding.NextTest{
		Answers: []string{"capacity", "slo_rate"}, Instances: 2, Why: "the limit is not known",
		Stages: []finding.Stage{{Minutes: 5, RPS: 20}, {Minutes: 5, RPS: 40.5}, {Minutes: 12, RPS: 80}},
	}
	for i := range set.Steps {
		set.Steps[i].ModelMean, set.Steps[i].Overhead = 0.1, 0.025
	}
	s := newScribe(set, Options{})
	const sentence = "To measure the capacity and the rate within the SLO, offer 20, 40.5 and 80 requests/s to the 2 instances together, " +
		"5 minutes each and the last for 12. The limit is not known. Stop when answers fall behind requests."
	if got := s.higherTest(); got != sentence {
		t.Errorf("%s\nwant\n%s", got, sentence)
	}
	for _, want := range []string{
		"preAllocatedVUs: 40,", "startRate: 1200,", "{ target: 1200, duration: '5m' },\n    { target: 2430, duration: '0s' },\n    { target: 2430, duration: '5m' },",
		"{ target: 4800, duration: '12m' },\n  ],",
	} {
		if !strings.Contains(s.k6Stages(), want) {
			t.Errorf("the stages for k6 lack %q:\n%s", want, s.k6Stages())
		}
	}
	if want := `"DurationInSeconds": 300, "NumberOfSteps": 3, "UsersPerStep": 4`; !strings.Contains(s.stairs(), want) {
		t.Errorf("stairs %s lack %s", s.stairs(), want)
	}
	set.Next = nil
	if s := newScribe(set, Options{}); s.k6Stages() != "" || s.stairs() != "" || !strings.Contains(s.higherTest(), "five rising steps") {
		t.Error("stages without a next test")
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
