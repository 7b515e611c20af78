package lake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// killEnv makes a child run the scenario and end itself before its n-th
// operation on the file system.
const killEnv = "SIZEWISE_TEST_KILL"

// tight makes merges spill, join runs and commit in stages over a few rows.
func tight() limits { return limits{gather: 8_000, stage: 30_000, fan: 2} }

// openTight opens a lake of small limits with an observer.
func openTight(ctx context.Context, dir string, observer func(op, string)) (*Lake, error) {
	l, err := create(ctx, Options{Dir: dir, Now: noon, Command: "child"}, observer)
	if err != nil {
		return nil, err
	}
	l.limits = tight()
	return l, nil
}

// scenario is what an ingest, an import, a compaction and a prune do to a lake,
// the same each time.
func scenario(ctx context.Context, l *Lake) error {
	rnd := rand.New(rand.NewPCG(11, 12))
	days := []int64{at(0, 0) - 40*dayMicros, at(0, 0) - dayMicros, at(0, 0)}
	for round := range 2 { // a live pull, then an import that overlaps
		for _, day := range days {
			if err := pullDay(ctx, l, rnd, day, round); err != nil {
				return err
			}
		}
	}
	if _, err := l.Compact(ctx); err != nil {
		return err
	}
	_, err := l.Prune(ctx, PruneOptions{Before: time.UnixMicro(at(0, 0) - 30*dayMicros)})
	return err
}

// pullDay writes some of everything of one day, and the ledger rows last.
func pullDay(ctx context.Context, l *Lake, rnd *rand.Rand, day int64, round int) error {
	const subject = "endpoint/x"
	events := randomLogs(rnd, day, 250)
	_, err := l.MergeLogs(ctx, "group", func(yield func([]Log) bool) {
		for len(events) > 0 {
			n := min(len(events), 1+rnd.IntN(60))
			if !yield(events[:n]) {
				return
			}
			events = events[n:]
		}
	})
	if err != nil {
		return err
	}
	points := make([]Point, 60)
	for i := range points {
		points[i] = sum(day+int64(i+30*round)*60_000_000, float64(i), false)
	}
	if _, _, err = l.PutMetrics(ctx, subject, series(points...)); err != nil {
		return err
	}
	var requests []Request
	for i := range 20 {
		requests = append(requests, Request{TS: day + int64(i), Source: "k6.json", Seq: int64(i), DurationUS: 1})
	}
	if err := l.PutRequests(ctx, subject, requests); err != nil {
		return err
	}
	start := time.UnixMicro(day).UTC()
	end := start.Add(24 * time.Hour)
	name := fmt.Sprint(start.Format(time.DateOnly), " ", round)
	return l.Record(ctx,
		Entry{Chunk: "logs " + name, Dataset: "logs", Subject: subject, Start: start, End: end, Rows: 250, Status: Complete},
		Entry{Chunk: "metrics " + name, Dataset: "metrics", Subject: subject, Start: start, End: end, Rows: 60, Status: Complete},
		Entry{Chunk: "requests " + name, Dataset: "requests", Subject: subject, Start: start, End: end, Rows: 20, Status: Complete})
}

// randomLogs is n events of a day, some of them twice.
func randomLogs(rnd *rand.Rand, day int64, n int) []Log {
	out := make([]Log, n)
	for i := range out {
		id := rnd.IntN(400)
		out[i] = Log{
			TS: day + int64(id%97)*1000, Subject: "endpoint/x", LogStream: fmt.Sprint("s/", id%3),
			EventID: fmt.Sprint(id), Message: fmt.Sprint("event ", id), Level: "INFO",
		}
	}
	return out
}

// seedLake makes the lake that the scenario starts from: with files that
// somebody else put there.
func seedLake(t *testing.T, dir string) {
	t.Helper()
	l := openAt(t, dir, noon)
	day := at(0, 0)
	strange := []Log{{TS: day + 5, Subject: "endpoint/x", EventID: "strange", Message: "m"}}
	mustPutLogs(t, l, strange)
	if _, err := l.PutLogs(t.Context(), "other", []Log{{TS: day, Subject: "endpoint/x", Message: "m"}}); err != nil {
		t.Fatal(err)
	}
	mustPutMetrics(t, l, series(sum(day+1, 1, false)))
	for _, move := range [][2]string{
		{l.dayPath("logs", day/dayMicros, "group"), "part-0.parquet"},
		{l.dayPath("metrics", day/dayMicros, "endpoint/x"), "part-1.parquet"},
	} {
		if err := os.Rename(move[0], filepath.Join(filepath.Dir(move[0]), move[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// killMyself runs the scenario in a child.
func killMyself(dir string) error {
	n, err := strconv.Atoi(os.Getenv(killEnv))
	if err != nil {
		return err
	}
	ctx := context.Background()
	l, err := openTight(ctx, dir, func(op, string) {
		if n--; n == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	if err != nil {
		return err
	}
	return errors.Join(scenario(ctx, l), l.Close())
}

// TestKilledAtEveryOperation ends a process right before each operation that it
// does to the file system, over ingest, import, compaction and prune. The next
// run of the same finds a lake that is whole, and leaves the rows that an
// uninterrupted run leaves.
func TestKilledAtEveryOperation(t *testing.T) {
	t.Parallel()
	seed, whole := t.TempDir(), t.TempDir()
	seedLake(t, seed)
	copyLake(t, seed, whole)
	operations := 0
	runScenario(t, whole, func(op, string) { operations++ })
	want := files(t, whole)
	if operations < 200 {
		t.Fatalf("the scenario has only %d operations", operations)
	}
	step := 1
	if testing.Short() {
		step = 9
	}
	scratch := scratchDir(t)
	points := make(chan int)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for n := range points {
				killAndRepeat(t, scratch, seed, n, want)
			}
		})
	}
	killed := 0
	for n := 1; n <= operations && !t.Failed(); n += step {
		points <- n
		killed++
	}
	close(points)
	workers.Wait()
	t.Logf("killed at %d of %d operations", killed, operations)
}

// scratchDir is a directory in memory where there is one: tests look at the
// order of operations and at what they leave, which a slow disk does not change.
func scratchDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "lake")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// killAndRepeat kills a run before operation n and runs it again.
func killAndRepeat(t *testing.T, scratch, seed string, n int, want map[string][]byte) {
	dir, err := os.MkdirTemp(scratch, "killed")
	if err != nil {
		t.Error(err)
		return
	}
	defer os.RemoveAll(dir)
	copyLake(t, seed, dir)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+dir, killEnv+"="+strconv.Itoa(n))
	if out, err := cmd.CombinedOutput(); cmd.ProcessState == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("operation %d: the child ended with %v: %s", n, err, out)
		return
	}
	if l, err := openTight(t.Context(), dir, nil); err != nil {
		t.Errorf("operation %d: opening again: %v", n, err)
		return
	} else if err := l.Close(); err != nil {
		t.Errorf("operation %d: closing: %v", n, err)
	}
	report, err := Verify(t.Context(), dir, VerifyOptions{})
	if err != nil {
		t.Errorf("operation %d: verifying: %v", n, err)
	}
	for _, f := range report.Findings {
		name := filepath.Base(f.Path)
		strange := f.Kind == Misplaced && (strings.HasPrefix(name, "part-") || strings.HasPrefix(name, "stray-"))
		if !strange {
			t.Errorf("operation %d: after the crash: %v", n, f)
		}
	}
	runScenario(t, dir, nil)
	sameFiles(t, files(t, dir), want)
	if t.Failed() {
		t.Errorf("operation %d", n)
	}
}

func runScenario(t *testing.T, dir string, observer func(op, string)) {
	l, err := openTight(t.Context(), dir, observer)
	if err != nil {
		t.Error(err)
		return
	}
	if err := errors.Join(scenario(t.Context(), l), l.Close()); err != nil {
		t.Error(err)
	}
}

func copyLake(t *testing.T, from, to string) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Error(err)
	}
}

// TestOrderOfOperations records what a put and the ledger row that vouches for
// it do: content is synced before it gets its name, the name before anything
// that relies on it.
func TestOrderOfOperations(t *testing.T) {
	type step struct {
		op   op
		path string
	}
	dir := t.TempDir()
	var steps []step
	l, err := openTight(t.Context(), dir, func(o op, path string) {
		rel, _ := filepath.Rel(dir, path)
		steps = append(steps, step{o, filepath.ToSlash(rel)})
	})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	day := at(0, 0)
	steps = nil
	if err := pullDay(t.Context(), l, rand.New(rand.NewPCG(1, 1)), day, 0); err != nil {
		t.Fatal(err)
	}
	synced, named := map[string]bool{}, map[string]int{} // files; directories with a name that is not durable
	for i, s := range steps {
		switch s.op {
		case opSync:
			synced[filepath.Base(s.path)] = true
		case opMkdir:
			named[filepath.ToSlash(filepath.Dir(s.path))]++
			named["."]++
		case opSyncDir:
			delete(named, s.path)
		case opRename:
			ok := false
			for temp := range synced {
				_, name, _ := strings.Cut(temp, "-")
				ok = ok || name == filepath.Base(s.path)
			}
			if !ok {
				t.Errorf("step %d: %s got its name before it was synced", i, s.path)
			}
			if len(named) > 0 {
				t.Errorf("step %d: %s got its name while %v were not durable", i, s.path, named)
			}
			named[filepath.ToSlash(filepath.Dir(s.path))]++
		default:
		}
	}
	if len(named) > 0 {
		t.Errorf("at the end %v are not durable", named)
	}
	if last := steps[len(steps)-1]; last.op != opSyncDir && last.op != opRemove || len(steps) < 20 {
		t.Errorf("the last of %d steps is %v", len(steps), last)
	}
}
