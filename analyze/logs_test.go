package analyze

import (
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// TestLogsByStep: lines are counted in the step whose minutes they came in,
// lines outside any step only in the total, and the example is the first line.
func TestLogsByStep(t *testing.T) {
	at := func(m int) time.Time { return time.Date(2026, 11, 20, 14, m, 0, 0, time.UTC) }
	minutes := []finding.Minute{
		{Start: at(0), Step: 1},
		{Start: at(1), Step: 1},
		{Start: at(2)},
		{Start: at(3), Step: 2},
	}
	line := func(m int, skeleton string, n int64, example string) signal {
		return signal{level: "ERROR", skeleton: skeleton, bucket: at(m), lines: n, first: at(m), last: at(m).Add(time.Second), example: example}
	}
	ev := evidence{signals: []signal{
		line(3, "queue <*> full", 5, "queue 7 full"),
		line(0, "queue <*> full", 2, "queue 1 full"),
		line(2, "queue <*> full", 1, "queue 5 full"),
		line(1, "rare", 1, "rare"),
	}}
	logs := ev.logs(minutes, 2)
	if len(logs.Templates) != 2 {
		t.Fatalf("%d templates", len(logs.Templates))
	}
	got := logs.Templates[0]
	if got.Template != "queue <*> full" || got.Lines != 8 || got.ByStep[0] != 2 || got.ByStep[1] != 5 {
		t.Errorf("got %+v", got)
	}
	if got.Example != "queue 1 full" || !got.First.Equal(at(0)) || !got.Last.Equal(at(3).Add(time.Second)) {
		t.Errorf("first %v, last %v, example %q", got.First, got.Last, got.Example)
	}
}

// TestWindowOfAll: without a window the analysis takes whole minutes from the
// first to the last point.
func TestWindowOfAll(t *testing.T) {
	r := &reader{}
	v := variantSpan{
		first: time.Date(2026, 11, 20, 14, 0, 30, 0, time.UTC),
		last:  time.Date(2026, 11, 20, 15, 9, 50, 0, time.UTC),
	}
	w := r.window(v)
	if w.Start.Minute() != 0 || w.Start.Second() != 0 || w.End.Minute() != 10 || w.End.Second() != 0 {
		t.Errorf("got %v to %v", w.Start, w.End)
	}
}
