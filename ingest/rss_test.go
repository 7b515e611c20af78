package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/lake"
)

const (
	// hugeEnv makes TestHugePull pull what it describes.
	hugeEnv = "SIZEWISE_TEST_HUGE"
	// hugeEvents replaces the number of events of TestMemoryOfAPull.
	hugeEvents = "SIZEWISE_TEST_EVENTS"
	// memoryBound is what a pull may take as a whole.
	memoryBound = 512 << 20
)

// huge is a pull in a process of its own.
type huge struct {
	URL, Dir string
	Events   int64
}

// TestHugePull is the client whose memory TestMemoryOfAPull measures.
func TestHugePull(t *testing.T) {
	text := os.Getenv(hugeEnv)
	if text == "" {
		t.Skip("runs in a process of its own")
	}
	var h huge
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		t.Fatal(err)
	}
	collectLess()
	start, before := time.Now(), processor(t)
	if err := h.pull(t.Context()); err != nil {
		t.Fatal(err)
	}
	wall, used := time.Since(start), processor(t)-before
	fmt.Printf("%d events in %.1f s (%.0f/s), %.0f a core-second\npeak %d\n",
		h.Events, wall.Seconds(), float64(h.Events)/wall.Seconds(), float64(h.Events)/used.Seconds(), peak(t))
}

func (h huge) pull(ctx context.Context) (err error) {
	l, err := lake.Create(ctx, lake.Options{Dir: h.Dir, Now: afterwards})
	if err != nil {
		return fmt.Errorf("making the lake: %w", err)
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	o, err := cannedOptions(ctx, h.URL, l, 1)
	if err != nil {
		return err
	}
	o.Metrics = noMetrics{}
	sum, err := ingest.Run(ctx, o)
	if err == nil && sum.Subjects[0].EventsAdded != h.Events {
		err = fmt.Errorf("%d of %d events", sum.Subjects[0].EventsAdded, h.Events)
	}
	return err
}

// peak is the most memory that this process has held, in bytes. Linux tells
// that of the program itself; what getrusage tells begins with its parent's.
func peak(tb testing.TB) int64 {
	tb.Helper()
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); m != nil {
			kib, err := strconv.ParseInt(string(m[1]), 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return kib << 10
		}
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return u.Maxrss << 10
}

// TestMemoryOfAPull pulls more than memory should hold, from the socket to the
// lake: many small events, and messages as long as CloudWatch Logs takes them.
func TestMemoryOfAPull(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("pulls several hundred megabytes, of which the race detector makes more")
	}
	events := int64(600_000)
	if text := os.Getenv(hugeEvents); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		events = n
	}
	for name, c := range map[string]canned{
		"many": {Events: events, Endpoints: 1, Hosts: 1},
		"long": {Events: 300, Size: 1_000_000, Endpoints: 1, Hosts: 1},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(huge{URL: serveCanned(t, c), Dir: filepath.Join(t.TempDir(), "lake"), Events: c.Events})
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHugePull$")
			cmd.Env = append(os.Environ(), hugeEnv+"="+string(text))
			out, err := cmd.CombinedOutput()
			t.Logf("%s", bytes.TrimSpace(out))
			m := regexp.MustCompile(`(?m)^peak (\d+)$`).FindSubmatch(out)
			if err != nil || m == nil {
				t.Fatalf("the pull ended with %v", err)
			}
			if n, err := strconv.ParseInt(string(m[1]), 10, 64); err != nil || n > memoryBound {
				t.Errorf("peak %d MiB", n>>20)
			}
		})
	}
}
