package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/simaws/scene"
)

// killedNights runs nights from first to last over a configuration, whose lake
// and reports are relative, twice: once with nothing in the way, and once killed
// so many times a night at random moments before it may finish. Both must leave
// the same reports, the same rows and nothing else. It returns the index of the
// last night.
func killedNights(t *testing.T, w *nightWorld, start time.Time, config string, first, last, kills int) string {
	t.Helper()
	run := killer{env: append(os.Environ(), w.aws.Env()...)}
	killed := 0
	nights := func(dir string, lasts []time.Duration, r *rand.Rand) (took []time.Duration) {
		file := filepath.Join(dir, "sizewise.yaml")
		if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		for n := first; n <= last; n++ {
			w.night(start, n)
			args := []string{"nightly", "--config", file, "--at", show(w.now())}
			if lasts != nil {
				for range kills {
					killed += run.kill(t, dir+"/lake", args, time.Duration(0.9*r.Float64()*float64(lasts[n-first])))
				}
			}
			from := time.Now()
			run.finish(t, dir+"/lake", args)
			took = append(took, time.Since(from))
		}
		return took
	}
	calm, wild := t.TempDir(), t.TempDir()
	lasts := nights(calm, nil, nil)
	nights(wild, lasts, rand.New(rand.NewPCG(3, 4)))
	t.Logf("%d runs killed, of nights that take %v", killed, lasts)
	if killed == 0 {
		t.Error("no run was still at work when it was to be killed")
	}
	want := strings.ReplaceAll(snapshot(t, filepath.Join(calm, "reports")), calm, "")
	if got := strings.ReplaceAll(snapshot(t, filepath.Join(wild, "reports")), wild, ""); got != want {
		t.Errorf("after kills the reports have other bytes: %s", cmp.Diff(want, got))
	}
	rows := func(dir string) string {
		return run.finish(t, dir+"/lake", []string{"sql", "--format", "csv", killRows})
	}
	if got, want := rows(wild), rows(calm); got != want {
		t.Errorf("after kills the lake holds\n%swant\n%s", got, want)
	}
	noStrays(t, filepath.Join(wild, "lake"))
	left, err := filepath.Glob(filepath.Join(wild, "reports", ".*-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	w.night(start, last)
	index, err := os.ReadFile(filepath.Join(calm, "reports", cutOf(w.now()).Format(time.DateOnly), "index.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(index)
}

// nightKills is how many runs of a night are killed.
func nightKills() int {
	switch {
	case *nightlyWeeks:
		return 20
	case testing.Short() || raceEnabled:
		return 1
	}
	return 2
}

// TestNightlyKilled kills the real program at random moments of two nights; the
// next run completes them with no help, to the bytes of a run that nothing
// disturbed.
func TestNightlyKilled(t *testing.T) {
	w, start := smallWorld(t, 2)
	killedNights(t, w, start, "lake: lake\nreports: reports\nsubjects: [{match: endpoint/*}]\nbackfill: 1\n", 1, 2, nightKills())
}

// TestNightlyKindsKilled is the same over twelve subjects that are no endpoints
// with instances: jobs, whose windows are their own, a pipeline, an inference
// component, a feature group, a monitor, a notebook, a serverless and an
// asynchronous endpoint, and a namespace of somebody's own.
func TestNightlyKindsKilled(t *testing.T) {
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	drawn := scene.NewWeeks(7, start, 3, 0, 2)
	w := serveWorld(t, drawn.Account, start)
	config := strings.NewReplacer("./lake", "lake", "./reports", "reports", "pages: none", "pages: all").Replace(kindsConfig(".", drawn))
	index := killedNights(t, w, start, config, 1, 2, max(1, nightKills()-1)) // a night takes longer than of two endpoints
	if !strings.Contains(index, "168 of 168 hours of data") || !strings.Contains(index, "of 5 jobs and pipelines") {
		t.Errorf("the index is not of all twelve subjects:\n%s", index)
	}
}
