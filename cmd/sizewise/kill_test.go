package main

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/server"
)

// killRows says what a lake holds, whenever and in how many runs it came.
const killRows = `
SELECT 'metrics' AS dataset, count(*) AS n, bit_xor(hash(subject, namespace, metric, dim_set, CAST(dims AS VARCHAR), period_s, ts, sample_count, sum, average, minimum, maximum, p50, p99)) AS h FROM metrics
UNION ALL
SELECT 'logs', count(*), bit_xor(hash(log_group, log_stream, ts, event_id, seq, message, level, skeleton)) FROM logs
UNION ALL
SELECT 'resources', count(*), bit_xor(hash(kind, name, attribute, as_of, value)) FROM resources
UNION ALL
SELECT 'requests', count(*), bit_xor(hash(source, ts, seq, duration_us, status)) FROM requests
UNION ALL
SELECT 'open', count(*), NULL FROM ledger WHERE status NOT IN ('complete', 'empty')
ORDER BY dataset`

// TestKilled kills the real program with SIGKILL at random moments of pulls,
// imports and compactions, several times in a row on one lake, and then lets it
// finish: the rows are those of a run that nothing disturbed, and no file is
// left that does not belong there. 200 kills, a handful with -short.
func TestKilled(t *testing.T) {
	chains, kills := 20, 10
	if testing.Short() || raceEnabled {
		chains, kills = 2, 5
	}
	test, err := recentTest("cpu-bound", "web", 1, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	aws, err := simaws.Start(context.Background(), test.Account, simaws.Options{Server: server.Options{Now: time.Now}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { aws.Close() })
	export, err := filepath.Abs("../../testdata/export")
	if err != nil {
		t.Fatal(err)
	}
	pull := []string{"ingest", "endpoint/web", "--start", show(test.Start), "--end", show(test.End)}
	work := [][]string{pull, {"import", export}, {"lake", "compact"}}

	run := killer{env: append(os.Environ(), aws.Env()...)}
	whole := filepath.Join(t.TempDir(), "lake")
	lasts := make([]time.Duration, len(work))
	for i, args := range work {
		if args[0] == "lake" {
			plantForeign(t, whole)
		}
		from := time.Now()
		run.finish(t, whole, args)
		lasts[i] = time.Since(from)
	}
	want := run.finish(t, whole, []string{"sql", "--format", "csv", killRows})

	random := rand.New(rand.NewPCG(1, 2))
	killed := 0
	for range chains {
		lake := filepath.Join(t.TempDir(), "lake")
		for i, args := range work {
			if args[0] == "lake" {
				plantForeign(t, lake)
			}
			for range kills/len(work) + 1 {
				killed += run.kill(t, lake, args, time.Duration(random.Float64()*float64(lasts[i])))
			}
			run.finish(t, lake, args)
		}
		if got := run.finish(t, lake, []string{"sql", "--format", "csv", killRows}); got != want {
			t.Fatalf("after kills the lake holds\n%s\nwant\n%s", got, want)
		}
		run.finish(t, lake, []string{"lake", "verify"})
		noStrays(t, lake)
	}
	t.Logf("%d processes killed", killed)
	if least := chains * kills / 2; killed < least {
		t.Errorf("only %d processes were still running when they were to be killed, want %d", killed, least)
	}
}

// plantForeign copies every data file of a lake beside itself, as another tool
// might, so that compaction has something to do.
func plantForeign(t *testing.T, lake string) {
	t.Helper()
	for _, dataset := range []string{"metrics", "logs"} {
		files, err := filepath.Glob(filepath.Join(lake, dataset, "dt=*", "*.parquet"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s files: %v", dataset, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(strings.TrimSuffix(file, ".parquet")+"-copy.parquet", data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// killer runs sizewise as a process of its own; the test's main puts it in the
// PATH.
type killer struct{ env []string }

func (k killer) command(lake string, args []string) *exec.Cmd {
	cmd := exec.Command("sizewise", append([]string{"--lake", lake, "--quiet"}, args...)...)
	cmd.Env = k.env
	return cmd
}

func (k killer) finish(t *testing.T, lake string, args []string) string {
	t.Helper()
	cmd := k.command(lake, args)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v: %s", args, err, errs.String())
	}
	return string(out)
}

// kill starts a run and kills it after a while; 1 when it was still running.
func (k killer) kill(t *testing.T, lake string, args []string, after time.Duration) int {
	t.Helper()
	cmd := k.command(lake, args)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // it may be done already
	var exit *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &exit) && exit.ExitCode() == -1 {
		return 1
	}
	return 0
}

// noStrays wants nothing in the lake that a reader or the next writer would
// stumble over.
func noStrays(t *testing.T, lake string) {
	t.Helper()
	err := filepath.WalkDir(lake, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(lake, path)
		if err != nil {
			return err
		}
		partition := strings.Count(name, string(filepath.Separator)) == 2 && strings.Contains(name, "dt=")
		switch {
		case name == "lake.json", name == ".lock", name == "catalog.parquet":
		case partition && strings.HasSuffix(name, ".parquet") && !strings.HasPrefix(d.Name(), "."):
		default:
			t.Errorf("stray file %s", name)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
