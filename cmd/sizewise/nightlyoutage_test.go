package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws/scene"
	"sizewise/ingest/simaws/server"
)

// TestNightlyInAFullOutage is a night in which AWS answers every call of every
// service with an error, with the attempts that a configuration has by default:
// it gives up when its patience ends, says so, and is written from the lake all
// the same.
func TestNightlyInAFullOutage(t *testing.T) {
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	drawn := scene.NewWeeks(7, start, 3, 0, 2)
	w := serveWorld(t, drawn.Account, start)
	run := killer{env: append(os.Environ(), w.aws.Env()...)}
	config := w.write(t, "sizewise.yaml", strings.Replace(kindsConfig(w.dir, drawn), "max_attempts: 1\n", "max_silence: 2s\n", 1))
	w.night(start, 1)
	run.finish(t, filepath.Join(w.dir, "lake"), []string{"nightly", "--config", config, "--at", show(w.now())})
	w.night(start, 2)
	w.aws.Server.Inject(server.Outage("", start, w.now().Add(time.Hour)))
	cmd := run.command(filepath.Join(w.dir, "lake"), []string{"nightly", "--config", config, "--at", show(w.now())})
	var errs strings.Builder
	cmd.Stderr = &errs
	from := time.Now()
	out, err := cmd.Output()
	took := time.Since(from)
	t.Logf("%.1f s, %v\n%s%s", took.Seconds(), err, out, errs.String())
	if code := cmd.ProcessState.ExitCode(); code != exitFailure {
		t.Errorf("exit %d", code)
	}
	if took > 45*time.Second { // without patience it is minutes: ten attempts of a call are one
		t.Errorf("the night took %s", took)
	}
	index := w.index(t)
	if !strings.Contains(index, "AWS does not answer: not asked again in this run") || strings.Count(index, "could not be listed") > 2 {
		t.Errorf("the index does not say in a line or two that AWS is down:\n%s", index)
	}
	if got := readNight(t, w.dir, w.now()); len(got.Subjects) < 8 {
		t.Errorf("the night has %d subjects, want all eight lasting ones of the lake", len(got.Subjects))
	}
}

// index is that of the night of now.
func (w *nightWorld) index(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "reports", cutOf(w.now()).Format(time.DateOnly), "index.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestNightlyThatCannotList is a night in which SageMaker does not list training
// jobs, one in which the network asks for no region, and the one after both. Of
// the jobs that the lake has, those are not asked about that are over and there.
func TestNightlyThatCannotList(t *testing.T) {
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	drawn := scene.NewWeeks(7, start, 6, 0, 2)
	w := serveWorld(t, drawn.Account, start)
	config := w.write(t, "sizewise.yaml", kindsConfig(w.dir, drawn))
	night := func(n, code int) (asked int, index, errs string) {
		w.night(start, n)
		before := w.aws.Server.Calls("DescribeTrainingJob")
		got := w.sizewise("nightly", "--config", config)
		if got.code != code {
			t.Errorf("night %d: exit %d, want %d: %s", n, got.code, code, got.err)
		}
		return w.aws.Server.Calls("DescribeTrainingJob") - before, w.index(t), got.err
	}
	night(1, exitOK)
	night(2, exitOK)
	w.aws.Server.Inject(server.Outage("ListTrainingJobs", start, start.Add(200*time.Hour)))
	asked, index, errs := night(3, exitFailure)
	w.aws.Server.ClearFaults()
	if asked != 0 {
		t.Errorf("%d training jobs were asked about that are over and in the lake", asked)
	}
	const want = "subjects[0] (training/*) could not be listed, those in the lake are taken instead: ListTrainingJobs"
	if !strings.Contains(errs, want) || !strings.Contains(strings.ReplaceAll(index, "\\", ""), strings.ToUpper(want[:1])+want[1:]) && !strings.Contains(strings.ReplaceAll(index, "\\", ""), want) {
		t.Errorf("not said: %q in\n%s\nnor in\n%s", want, errs, index)
	}
	region := os.Getenv("AWS_REGION")
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	_, index, errs = night(4, exitFailure)
	if !strings.Contains(errs, "no AWS region: give --region") || !strings.Contains(index, " (incomplete) in the day to 9 Oct") || !strings.Contains(index, "no AWS region") {
		t.Errorf("that there is no region is not said in\n%s\nor in\n%s", errs, index)
	}
	t.Setenv("AWS_REGION", region)
	asked, index, _ = night(5, exitOK)
	if asked != 6 || strings.Contains(index, "incomplete") { // two jobs a night
		t.Errorf("%d training jobs were asked about, want those of three nights; the index is\n%s", asked, index)
	}
}
