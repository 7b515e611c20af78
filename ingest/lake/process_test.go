package lake

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childEnv makes the test binary be a writer of the lake that it names.
const childEnv = "SIZEWISE_TEST_LAKE"

func TestMain(m *testing.M) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		// Every check writes and syncs files; -rapid.checks asks for more.
		if err := flag.Set("rapid.checks", "40"); err != nil {
			panic(err)
		}
		os.Exit(m.Run())
	}
	run := writeForever
	switch {
	case os.Getenv(killEnv) != "":
		run = killMyself
	case os.Getenv(mergeEnv) != "":
		run = mergeMany
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// writeForever says when it holds the lock and then writes generation after
// generation: every row of a file carries the number of its generation.
func writeForever(dir string) error {
	ctx := context.Background()
	l, err := Create(ctx, Options{Dir: dir, Now: noon, Command: "child"})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for g := float64(0); ; g++ {
		if err := writeGeneration(ctx, l, g); err != nil {
			return err
		}
	}
}

const generationRows = 3000

func writeGeneration(ctx context.Context, l *Lake, g float64) error {
	points := make([]Point, generationRows)
	events := make([]Log, generationRows)
	for i := range points {
		points[i] = sum(at(0, 0)+int64(i), g, false)
		events[i] = Log{TS: at(0, 0) + int64(i), Message: fmt.Sprint(g)}
	}
	_, _, err := l.PutMetrics(ctx, "endpoint/x", series(points...))
	_, logErr := l.PutLogs(ctx, "group", events)
	return errors.Join(err, logErr)
}

// child starts a writer and waits until it writes.
func child(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	go io.Copy(io.Discard, out)
	return cmd
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // "signal: killed"
}

// TestKilledWriter kills a writer at random instants. Whatever is visible then
// is whole and of one generation.
func TestKilledWriter(t *testing.T) {
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 25 {
		cmd := child(t, dir)
		time.Sleep(time.Duration(rnd.IntN(40_000)) * time.Microsecond)
		kill(t, cmd)
		checkWhole(t, dir)
	}
	l := openAt(t, dir, noon)
	if left, err := os.ReadDir(filepath.Join(dir, tempDir)); err != nil || len(left) > 0 {
		t.Errorf("left in .tmp: %v, %v", left, err)
	}
	if err := writeGeneration(t.Context(), l, -1); err != nil {
		t.Error(err)
	}
	checkWhole(t, dir)
}

// checkWhole reads every visible file as a reader beside the writer would.
func checkWhole(t *testing.T, dir string) {
	t.Helper()
	l := &Lake{dir: dir}
	if _, err := os.Stat(l.dayPath("metrics", at(0, 0)/dayMicros, "endpoint/x")); err == nil {
		points := track1(t, l).points
		for _, p := range points {
			if p.Stats[Sum] != points[0].Stats[Sum] {
				t.Fatalf("rows of generations %v and %v in one file", p.Stats[Sum], points[0].Stats[Sum])
			}
		}
		if len(points) != generationRows {
			t.Fatalf("%d metric rows, want %d", len(points), generationRows)
		}
	}
	events := scanDay(t, l, logTable(), at(0, 0), "group")
	for _, e := range events {
		if e.Message != events[0].Message {
			t.Fatalf("rows of generations %s and %s in one file", e.Message, events[0].Message)
		}
	}
	if n := len(events); n != 0 && n != generationRows {
		t.Fatalf("%d log rows, want %d", n, generationRows)
	}
	for name := range files(t, dir) {
		top, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		if top != "metrics" && top != "logs" && top != tempDir && top != formatFile {
			t.Errorf("%s is outside .tmp", name)
		}
	}
}

func TestSecondWriterIsToldWho(t *testing.T) {
	dir := t.TempDir()
	cmd := child(t, dir)
	_, err := Create(t.Context(), Options{Dir: dir, Now: noon})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.PID != cmd.Process.Pid || locked.Command != "child" || !locked.Since.Equal(noon()) {
		t.Fatalf("error %v, want *LockedError by pid %d", err, cmd.Process.Pid)
	}
	want := fmt.Sprintf("lake %s is being written by pid %d (child) since 2026-11-20T12:00:00Z", dir, cmd.Process.Pid)
	if err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	_, err = Create(t.Context(), Options{Dir: dir, Now: noon, Wait: 60 * time.Millisecond})
	if !errors.As(err, &locked) {
		t.Errorf("after waiting in vain: %v", err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = cmd.Process.Kill() })
	l, err := Create(t.Context(), Options{Dir: dir, Now: noon, Wait: 30 * time.Second})
	if err != nil {
		t.Fatalf("waiting for a writer that ends: %v", err)
	}
	_ = cmd.Wait()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func TestWaitingIsInterrupted(t *testing.T) {
	l := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Create(ctx, Options{Dir: l.dir, Now: noon, Wait: time.Hour})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestClosedLakeIsFree(t *testing.T) {
	l := open(t)
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	openAt(t, l.dir, noon)
}
