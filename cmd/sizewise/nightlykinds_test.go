package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/scene"
	"sizewise/ingest/simaws/server"
)

// kindsConfig means everything of the weeks.
func kindsConfig(dir string, w *scene.Weeks) string {
	var b strings.Builder
	fmt.Fprintf(&b, "lake: %[1]s/lake\nreports: %[1]s/reports\nbackfill: 1\nmax_attempts: 1\npages: none\nsubjects:\n", dir)
	for _, p := range w.Patterns {
		fmt.Fprintf(&b, "  - match: %s\n", p)
	}
	for _, n := range w.Names {
		fmt.Fprintf(&b, "  - name: %s\n", n)
	}
	return b.String()
}

// kindsTally holds what nights told against what was planted.
type kindsTally struct {
	planted []scene.Planted
	found   []int // nights after the change that has it, -1 never
	false   []string
}

func (k *kindsTally) add(night finding.Night) {
	for _, s := range night.Subjects {
		name := s.Subject
		if s.Run != nil && s.Run.Family != "" {
			name = s.Run.Family
		}
		for _, c := range s.Changes {
			told := false
			for i, p := range k.planted {
				if p.Subject != name || c.From.Before(p.At.Add(-6*time.Hour)) || c.From.After(p.At.Add(24*time.Hour)) {
					continue
				}
				told = told || slices.Contains(p.Metrics, c.Metric) || slices.Contains(p.Also, c.Metric)
				if slices.Contains(p.Metrics, c.Metric) && k.found[i] < 0 {
					k.found[i] = int(night.Window.End.Sub(p.At).Hours() / 24)
				}
			}
			if !told {
				k.false = append(k.false, fmt.Sprintf("%s %s: %s (from %s, q %.2g)", night.Window.End.Format("01-02"), s.Subject, c.Title, c.From.Format("01-02T15"), float64(c.Q)))
			}
		}
	}
}

// kindsWeeks runs the nights over one drawn account.
func kindsWeeks(t *testing.T, seed uint64, nights, changes, first int) *kindsTally {
	t.Helper()
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	drawn := scene.NewWeeks(seed, start, nights, changes, first)
	w := serveWorld(t, drawn.Account, start)
	config := w.write(t, "sizewise.yaml", kindsConfig(w.dir, drawn))
	tally := &kindsTally{planted: drawn.Planted, found: slices.Repeat([]int{-1}, len(drawn.Planted))}
	for n := 1; n <= nights; n++ {
		w.night(start, n)
		from := time.Now()
		want := []int{exitOK, exitVerdict}
		if n == first-1 { // AWS answers little: the next night asks again
			want = []int{exitFailure}
			for _, operation := range []string{"GetMetricData", "ListTrainingJobs", "FilterLogEvents"} {
				w.aws.Server.Inject(server.Outage(operation, w.now().Add(-time.Hour), w.now().Add(time.Hour)))
			}
		}
		got := w.sizewise("nightly", "--config", config)
		w.aws.Server.ClearFaults()
		headline, _, _ := strings.Cut(got.out, "\n")
		t.Logf("night %d: exit %d in %.1f s: %s", n, got.code, time.Since(from).Seconds(), headline)
		if !slices.Contains(want, got.code) {
			t.Fatalf("night %d: exit %d: %s", n, got.code, got.err)
		}
		tally.add(readNight(t, w.dir, w.now()))
	}
	before := snapshot(t, filepath.Join(w.dir, "reports"))
	w.clock.Add(600)
	w.sizewise("nightly", "--config", config)
	if snapshot(t, filepath.Join(w.dir, "reports")) != before {
		t.Error("the night repeated has other bytes")
	}
	soon, later := 0, 0
	for i, p := range tally.planted {
		t.Logf("planted %v on %s at %s: told after %d nights", p.Metrics, p.Subject, p.At.Format("01-02T15:04"), tally.found[i])
		switch tally.found[i] {
		case 0:
			soon++
		case 1:
			later++
		}
	}
	for _, f := range tally.false {
		t.Logf("false: %s", f)
	}
	t.Logf("seed %d: %d of %d changes told by the first night, %d a night later; %d false", seed, soon, len(tally.planted), later, len(tally.false))
	return tally
}

// TestNightlyKinds is a few nights of twelve subjects that are no endpoints with
// instances, two of which change in the last.
func TestNightlyKinds(t *testing.T) {
	const nights = 8
	tally := kindsWeeks(t, 3, nights, 3, nights-1)
	if slices.Contains(tally.found, -1) || len(tally.false) > 1 {
		t.Errorf("want all changes told, and at most one false one")
	}
}

// TestNightlyKindsWeeks is three weeks of them with five planted changes.
func TestNightlyKindsWeeks(t *testing.T) {
	if !*nightlyWeeks {
		t.Skip("run it with -nightly-weeks")
	}
	tally := kindsWeeks(t, *nightlySeed, 21, 5, 7)
	late := 0
	for _, n := range tally.found {
		if n < 0 || n > 1 {
			late++
		}
	}
	if late > 1 || len(tally.false) > 3 {
		t.Errorf("want all changes but one told within a night, and at most 3 false ones")
	}
}
