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
	"syscall"
	"testing"
	"time"
)

// mergeEnv makes a child merge so many events, twice, and say how much memory it
// took. In the environment of the test it raises the number from its default.
const mergeEnv = "SIZEWISE_TEST_EVENTS"

// memoryBound is what the child may take as a whole.
const memoryBound = 512 << 20

// mergeMany merges events of one group and two days in no order, one in ten
// thousand of them a megabyte long.
func mergeMany(dir string) error {
	n, err := strconv.Atoi(os.Getenv(mergeEnv))
	if err != nil {
		return err
	}
	ctx := context.Background()
	for range 2 {
		l, err := Create(ctx, Options{Dir: dir, Now: noon})
		if err != nil {
			return err
		}
		start := time.Now()
		added, err := l.MergeLogs(ctx, "group", func(yield func([]Log) bool) {
			synthesize(n, yield)
		})
		if err = errors.Join(err, l.Close()); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "added %d of %d events in %v\n", added, n, time.Since(start))
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return err
	}
	fmt.Println(u.Maxrss)
	return nil
}

// synthesize hands out n events in pages of a thousand, as slices of a window
// that are read side by side.
func synthesize(n int, yield func([]Log) bool) {
	rnd := rand.New(rand.NewPCG(9, 9))
	filler := make([]byte, 1<<20)
	for i := range filler {
		filler[i] = byte('a' + rnd.IntN(26))
	}
	const page, slices = 1000, 8
	batch := make([]Log, page)
	for done := 0; done < n; done += page {
		slice, at := done/page%slices, done/slices
		for i := range batch {
			ts := at0() + int64(slice)*(dayMicros/4) + int64(at+i)*int64(dayMicros/4/max(n/slices+page, 1))
			length := 120 + rnd.IntN(60)
			if rnd.IntN(10_000) == 0 {
				length = len(filler) - 1
			}
			from := rnd.IntN(len(filler) - length)
			batch[i] = Log{
				TS: ts, IngestedAt: ts + 5, Account: "123456789012", Region: "us-east-1", Subject: "endpoint/x",
				LogStream: "AllTraffic/i-" + strconv.Itoa(i%16), EventID: fmt.Sprintf("%056d", done+i),
				Message: string(filler[from : from+length]), Level: "INFO", Logger: "worker",
				Skeleton: "Backend response time <n> of handler " + strconv.Itoa(i%300), Parser: "torchserve",
			}
		}
		if !yield(batch) {
			return
		}
	}
}

func at0() int64 { return at(0, 0) }

// TestMemoryIsBounded merges more than memory should hold in a process of its
// own, into an empty lake and again into a full one.
func TestMemoryIsBounded(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes several times the memory")
	}
	t.Parallel()
	events := os.Getenv(mergeEnv)
	if events == "" {
		events = "300000"
		if testing.Short() {
			t.Skip("merges several hundred megabytes")
		}
	}
	dir := filepath.Join(t.TempDir(), "lake")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+dir, mergeEnv+"="+events)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	kib, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s events, peak %d MiB", events, kib>>10)
	if kib<<10 > memoryBound {
		t.Errorf("peak %d MiB", kib>>10)
	}
}
