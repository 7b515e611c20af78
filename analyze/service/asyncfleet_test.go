package service

import (
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// queued is an asynchronous endpoint of one instance that does 60 requests a
// minute: 100 a minute come for 40 minutes, 10 afterwards, and done says how many
// of them are worked off.
func queued(come func(i int) float64) *dossier.Dossier {
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	d := &dossier.Dossier{Kind: "endpoint", Name: "a", Window: finding.Window{Start: start, End: start.Add(2 * time.Hour)}}
	backlog := dossier.Series{Metric: "ApproximateBacklogSize", Unit: "Count", DimSet: "EndpointName", Endpoint: "a", Period: time.Minute}
	done := dossier.Series{Metric: "InvocationsProcesssed", Unit: "Count", DimSet: "EndpointName,VariantName", Endpoint: "a", Variant: "v", Period: time.Minute}
	cpu := dossier.Series{Metric: "CPUUtilization", Unit: "Percent", DimSet: "EndpointName,VariantName", Endpoint: "a", Variant: "v", Period: time.Minute}
	queue := 0.0
	for i := range 120 {
		at := start.Add(time.Duration(i) * time.Minute)
		backlog.Points = append(backlog.Points, dossier.Point{Time: at, Average: queue, Maximum: queue, Count: 1, Sum: queue})
		does := min(queue+come(i), 60)
		queue += come(i) - does
		done.Points = append(done.Points, dossier.Point{Time: at, Sum: does, Count: does, Average: 1, Maximum: 1})
		cpu.Points = append(cpu.Points, dossier.Point{Time: at, Count: 1, Sum: 90, Average: 90, Maximum: 90})
	}
	d.Series = append(d.Series, backlog, done, cpu)
	return d
}

// TestInstancesNeeded: of a fleet of n, the queue grows by 100 - 60 n a minute for
// 40 minutes: one lets the last of them wait 1600 requests long, 27 minutes; two
// keep up.
func TestInstancesNeeded(t *testing.T) {
	got := Async(queued(func(i int) float64 {
		if i >= 20 && i < 60 {
			return 100
		}
		return 10
	}))
	need := estimate(got.Measures, "instances_needed")
	if need.Status != finding.Extrapolated || need.Value != 2 || need.Lo != 2 || need.Hi != 2 || need.Current != 1 {
		t.Errorf("needed are %s %v (%v to %v), %v now, want 2 and 1: %s", need.Status, need.Value, need.Lo, need.Hi, need.Current, need.Why)
	}
	if len(got.Parts) != 3 {
		t.Fatalf("%d fleets side by side, want 1, 2 and 3", len(got.Parts))
	}
	one := estimate(got.Parts[0].Measures, "oldest_s")
	if math.Abs(float64(one.Value)-1600) > 5 {
		t.Errorf("with one instance the oldest waits %v s, want 1600", one.Value)
	}
	if !strings.Contains(got.Verdict.Summary, "2 instances would have kept that under 5 min") {
		t.Errorf("the verdict does not say so: %s", got.Verdict.Summary)
	}
}

// TestInstancesForAnAge: half an hour is enough for one instance, where the SLO
// allows that; the figures' limits are the SLO's too.
func TestInstancesForAnAge(t *testing.T) {
	d := queued(func(i int) float64 {
		if i >= 20 && i < 60 {
			return 100
		}
		return 10
	})
	d.MaxAge = 1800
	got := Async(d)
	if need := estimate(got.Measures, "instances_needed"); need.Value != 1 || !strings.Contains(got.Verdict.Summary, "1 instance would have kept that under 30 min") {
		t.Errorf("needed are %v: %s", need.Value, got.Verdict.Summary)
	}
	for _, c := range got.Charts {
		if c.Name == "age" && (len(c.Limits) != 1 || c.Limits[0].Y != 1800) {
			t.Errorf("limits %v", c.Limits)
		}
	}
}

func TestInstancesNeededRefused(t *testing.T) {
	for name, c := range map[string]struct {
		d   *dossier.Dossier
		why string
	}{
		"never backed up": {queued(func(int) float64 { return 10 }), "never backed up"},
		"done unknown": {func() *dossier.Dossier {
			d := queued(func(int) float64 { return 100 })
			d.Series = append(d.Series[:1:1], d.Series[2:]...)
			return d
		}(), "InvocationsProcessed was not published"},
	} {
		need := estimate(Async(c.d).Measures, "instances_needed")
		if need.Status != finding.Unanswerable || !strings.Contains(need.Why, c.why) {
			t.Errorf("%s: %s %v, %s", name, need.Status, need.Value, need.Why)
		}
	}
	need := estimate(Async(queued(func(int) float64 { return 100 })).Measures, "instances_needed")
	if need.Value != 2 {
		t.Errorf("of an overrun queue, %v are needed, want 2: %s", need.Value, need.Why)
	}
	if left := estimate(Async(queued(func(int) float64 { return 100 })).Measures, "drain_needed_s"); math.Abs(float64(left.Value)-40*119*3) > 60 {
		t.Errorf("what is left takes %v s, want about %v: %s", left.Value, 40*119*3, left.Why)
	}
}
