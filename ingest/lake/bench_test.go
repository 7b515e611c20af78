package lake

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// benchMetrics is a day of one endpoint: series of realistic labels, the nine
// statistics that a live pull asks for, step seconds apart.
func benchMetrics(series int, step int32) []SeriesPoints {
	rnd := rand.New(rand.NewPCG(1, 2))
	names := []string{
		"Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors",
		"ModelLatency", "OverheadLatency", "CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization",
		"GPUMemoryUtilization", "ConcurrentRequestsPerModel",
	}
	start := at(0, 0)
	n := int(24 * 60 * 60 / step)
	var out []SeriesPoints
	for i := range series {
		s := Series{
			Account: "123456789012", Region: "us-east-1", Subject: "endpoint/resnet-g5",
			Namespace: "AWS/SageMaker", Metric: names[i%len(names)], Unit: "Microseconds", PeriodS: step,
			Dims: []Dim{{"EndpointName", "resnet-g5"}, {"VariantName", "AllTraffic"}},
		}
		if i >= len(names) {
			s.Dims = append([]Dim{s.Dims[0], {"InstanceId", fmt.Sprintf("i-%08x", i/len(names))}}, s.Dims[1:]...)
		}
		points := make([]Point, n)
		for j := range points {
			p := &points[j]
			*p = Point{TS: start + int64(j)*int64(step)*1_000_000, Stats: none()}
			count := float64(100 + rnd.IntN(200))
			mean := 20_000 + 5_000*rnd.NormFloat64()
			p.Stats[SampleCount], p.Stats[Sum], p.Stats[Average] = count, count*mean, mean
			p.Stats[Minimum], p.Stats[Maximum] = mean*0.3, mean*4
			p.Stats[P50], p.Stats[P90], p.Stats[P95], p.Stats[P99] = mean*0.95, mean*1.7, mean*2.1, mean*3
		}
		out = append(out, SeriesPoints{Series: s, Points: points})
	}
	return out
}

// BenchmarkPutMetrics writes a day of 25 series every ten seconds.
func BenchmarkPutMetrics(b *testing.B) {
	data := benchMetrics(25, 10)
	benchPut(b, 25*8640, func(l *Lake) error {
		_, _, err := l.PutMetrics(b.Context(), "endpoint/resnet-g5", data)
		return err
	})
}

// BenchmarkPutMetricsAgain merges a day that is already there.
func BenchmarkPutMetricsAgain(b *testing.B) {
	data := benchMetrics(25, 10)
	benchAgain(b, 25*8640, func(l *Lake) error {
		_, _, err := l.PutMetrics(b.Context(), "endpoint/resnet-g5", data)
		return err
	})
}

// benchLogs is n events of a day with nearly every column filled and messages
// of about 150 bytes.
func benchLogs(n int) []Log {
	rnd := rand.New(rand.NewPCG(3, 4))
	out := make([]Log, n)
	for i := range out {
		ts := at(0, 0) + int64(i)*(dayMicros/int64(n))/1000*1000
		id := fmt.Sprintf("%08x-%04x-%04x", rnd.Uint32(), rnd.IntN(1<<16), rnd.IntN(1<<16))
		kind := i % 12
		out[i] = Log{
			TS: ts, IngestedAt: ts + 812_000, Account: "123456789012", Region: "us-east-1",
			Subject: "endpoint/resnet-g5", LogGroup: "/aws/sagemaker/Endpoints/resnet-g5",
			LogStream: fmt.Sprintf("AllTraffic/i-%016x", i%4), EventID: fmt.Sprintf("%056d", ts*1_000_000+int64(i)),
			Seq: int64(i), Level: "INFO", Logger: "org.pytorch.serve.wlm.WorkerThread",
			Thread:   fmt.Sprintf("W-90%02d-model_1.0", i%8),
			Skeleton: fmt.Sprintf("<ts> [INFO ] <*> handler.%d - Backend response time: <n> ms for request <uuid> of batch <n>", kind),
			Message: fmt.Sprintf("2026-11-20T10:%02d:%02d,%03d [INFO ] W-90%02d-model_1.0 handler.%d - Backend response time: %d ms for request %s of batch %d, bytes %d",
				i/60%60, i%60, i%1000, i%8, kind, rnd.IntN(500), id, rnd.IntN(32), rnd.IntN(100_000)),
			RequestID: id, Parser: "torchserve",
		}
		if kind == 11 {
			out[i].Level, out[i].Exception = "ERROR", "RuntimeError"
		}
	}
	return out
}

// BenchmarkPutLogs writes a day of a quarter million events.
func BenchmarkPutLogs(b *testing.B) {
	events := benchLogs(250_000)
	benchPut(b, len(events), func(l *Lake) error {
		_, err := l.PutLogs(b.Context(), events[0].LogGroup, events)
		return err
	})
}

// BenchmarkPutLogsAgain merges events that are already there.
func BenchmarkPutLogsAgain(b *testing.B) {
	events := benchLogs(250_000)
	benchAgain(b, len(events), func(l *Lake) error {
		_, err := l.PutLogs(b.Context(), events[0].LogGroup, events)
		return err
	})
}

// benchPut measures put into an empty lake.
func benchPut(b *testing.B, rows int, put func(*Lake) error) {
	dir := b.TempDir()
	b.ReportAllocs()
	i := 0
	before := cpu(b)
	for b.Loop() {
		i++
		l, err := Create(b.Context(), Options{Dir: filepath.Join(dir, fmt.Sprint(i)), Now: noon})
		if err != nil {
			b.Fatal(err)
		}
		if err := put(l); err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	report(b, rows, cpu(b)-before)
	b.ReportMetric(float64(bytesOf(b, filepath.Join(dir, "1")))/float64(rows), "B/row")
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report gives rows by the clock and rows by a core's time, which tells more on
// a machine that does other work too.
func report(b *testing.B, rows int, used time.Duration) {
	total := float64(rows) * float64(b.N)
	b.ReportMetric(total/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(total/used.Seconds(), "rows/core-s")
}

// bytesOf is the size of all Parquet files below dir.
func bytesOf(b *testing.B, dir string) (total int) {
	for name, data := range files(b, dir) {
		if filepath.Ext(name) == extension {
			total += len(data)
		}
	}
	return total
}

// benchAgain measures put into a lake that has it all.
func benchAgain(b *testing.B, rows int, put func(*Lake) error) {
	l := open(b)
	if err := put(l); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		if err := put(l); err != nil {
			b.Fatal(err)
		}
	}
	report(b, rows, cpu(b)-before)
}

// BenchmarkMergeLogs merges a day of a quarter million events in pages of a
// thousand, as a live pull brings them.
func BenchmarkMergeLogs(b *testing.B) {
	events := benchLogs(250_000)
	benchPut(b, len(events), func(l *Lake) error {
		_, err := l.MergeLogs(b.Context(), events[0].LogGroup, slices.Chunk(events, 1000))
		return err
	})
}
