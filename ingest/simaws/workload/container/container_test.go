package container

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type printer interface {
	Start(at time.Time) []Event
	Access(at time.Time, status int, took time.Duration) []string
	Ping(at time.Time) []string
	ClientError(at time.Time) []string
	Fault(at time.Time) []string
	Overflow(at time.Time) []string
	OutOfMemory(at time.Time) []string
	WorkerDied(at time.Time) []string
	Metrics(at time.Time, u Usage) []string
}

func printers() map[string]printer {
	facts := func() Facts {
		return Facts{Model: "ranker", Workers: 4, QueueLimit: 100, VCPU: 8, GPUs: 1, MemoryMiB: 16384, Random: rand.New(rand.NewPCG(1, 2))}
	}
	return map[string]printer{
		"torchserve": &ModelServer{Facts: facts()},
		"mms":        &ModelServer{Facts: facts(), Multi: true},
		"gunicorn":   &Gunicorn{Facts: facts()},
		"triton":     &Triton{Facts: facts()},
		"vllm":       &VLLM{Facts: facts()},
	}
}

// transcript is one of each kind of line, with its time after the first.
func transcript(p printer) string {
	at := time.Date(2026, 11, 20, 14, 3, 5, 678e6, time.UTC)
	var b strings.Builder
	write := func(kind string, lines []string) {
		for _, l := range lines {
			fmt.Fprintf(&b, "%s: %s\n", kind, l)
		}
	}
	for _, e := range p.Start(at) {
		fmt.Fprintf(&b, "start +%v: %s\n", e.After, e.Text)
	}
	write("access", p.Access(at, 200, 87*time.Millisecond))
	write("access 503", p.Access(at, 503, 0))
	write("ping", p.Ping(at))
	for range 3 {
		write("client error", p.ClientError(at))
		write("fault", p.Fault(at))
	}
	write("overflow", p.Overflow(at))
	write("out of memory", p.OutOfMemory(at))
	write("worker died", p.WorkerDied(at))
	write("metrics", p.Metrics(at, Usage{CPUPercent: 61.5, GPUPercent: 33, MemoryMiB: 15500, Running: 3, Waiting: 2, RequestsPerSecond: 21}))
	return b.String()
}

func TestTranscripts(t *testing.T) {
	for name, p := range printers() {
		got := transcript(p)
		path := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s prints\n%s\nwant\n%s", name, got, want)
		}
	}
}

// Every kind of event leaves a line, and start-up tells the number of workers.
func TestEveryKindIsPrinted(t *testing.T) {
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for name, p := range printers() {
		for kind, lines := range map[string][]string{
			"access": p.Access(at, 200, time.Second), "ping": p.Ping(at), "client error": p.ClientError(at),
			"fault": p.Fault(at), "overflow": p.Overflow(at), "out of memory": p.OutOfMemory(at), "worker died": p.WorkerDied(at),
			"metrics near the memory limit": p.Metrics(at, Usage{MemoryMiB: 16000}),
		} {
			if len(lines) == 0 || strings.TrimSpace(strings.Join(lines, "")) == "" {
				t.Errorf("%s prints nothing for %s", name, kind)
			}
		}
		last := time.Duration(-1)
		for _, e := range p.Start(at) {
			if e.After < 0 || e.After > time.Minute {
				t.Errorf("%s: start-up line after %v", name, e.After)
			}
			last = max(last, e.After)
		}
		if last < 0 {
			t.Errorf("%s says nothing at start", name)
		}
	}
}
