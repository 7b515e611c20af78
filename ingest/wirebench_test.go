package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// counted counts the points that a client brings: one value of one statistic at
// one timestamp.
type counted struct {
	ingest.MetricSource
	points atomic.Int64
}

func (c *counted) Fetch(ctx context.Context, r cloudwatch.MetricRequest) (cloudwatch.MetricData, error) {
	data, err := c.MetricSource.Fetch(ctx, r)
	for i := range data.Results {
		c.points.Add(int64(len(data.Results[i].Points)))
	}
	return data, err //nolint:wrapcheck // nothing to add
}

// processor is the time that this process, which is the client without the
// server, has had a processor for.
func processor(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWireToParquet pulls a day from a server in another process into an
// empty lake: HTTP, decoding, masking, parsing, merging, Parquet, syncing and
// all. Its figures are per second of this process's processor time, whatever
// the number of cores.
func BenchmarkWireToParquet(b *testing.B) {
	b.Run("events", func(b *testing.B) {
		const events = 1_000_000
		url := serveCanned(b, canned{Events: events, Endpoints: 1, Hosts: 1})
		pull(b, "events", func(l *lake.Lake) int64 {
			o, err := cannedOptions(b.Context(), url, l, 1)
			if err != nil {
				b.Fatal(err)
			}
			o.Metrics = noMetrics{}
			sum, err := ingest.Run(b.Context(), o)
			if err != nil || sum.Subjects[0].EventsAdded != events {
				b.Fatalf("%d events, error %v", sum.Subjects[0].EventsAdded, err)
			}
			return events
		})
	})
	b.Run("points", func(b *testing.B) {
		const endpoints = 8
		url := serveCanned(b, canned{Events: 1, Endpoints: endpoints, Hosts: 4})
		run := func(l *lake.Lake) int64 {
			o, err := cannedOptions(b.Context(), url, l, endpoints)
			if err != nil {
				b.Fatal(err)
			}
			source := &counted{MetricSource: o.Metrics}
			o.Metrics, o.Logs = source, noLogs{o.Logs}
			if _, err := ingest.Run(b.Context(), o); err != nil {
				b.Fatal(err)
			}
			return source.points.Load()
		}
		warm := newLake(b, b.TempDir())
		run(warm) // the server remembers its answers
		if err := warm.Close(); err != nil {
			b.Fatal(err)
		}
		pull(b, "points", run)
	})
}

// collectLess sets the collector as the command does, save what the environment
// says.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(600)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(400 << 20)
	}
}

// pull measures run into empty lakes. It says how many things it brought.
func pull(b *testing.B, unit string, run func(*lake.Lake) int64) {
	collectLess()
	dir := b.TempDir()
	b.ReportAllocs()
	var things int64
	before := processor(b)
	for i := 0; b.Loop(); i++ {
		l := newLake(b, filepath.Join(dir, strconv.Itoa(i)))
		things += run(l)
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	used := processor(b) - before
	b.ReportMetric(float64(things)/used.Seconds(), unit+"/core-s")
	b.ReportMetric(float64(things)/b.Elapsed().Seconds(), unit+"/s")
	b.ReportMetric(float64(things)/float64(b.N), unit+"/op")
}
