package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"sizewise/analyze"
	"sizewise/analyze/slo"
	"sizewise/ingest/lake"
)

var speed = flag.Bool("speed", false, "run TestSpeed, which makes a month of a fleet of twenty and takes minutes")

// monthLake is where TestSpeed keeps its lake between runs. Empty: a temporary
// directory.
const monthLake = "SIZEWISE_MONTH_LAKE"

// mostSeconds is how long the analysis of a month of a fleet of twenty may take
// on two cores.
const mostSeconds = 3

// TestSpeed analyzes thirty days of minutes of twenty instances with enhanced
// metrics, where every metric stands in the lake once for the variant, once for
// each zone and once for each instance, with a log.
func TestSpeed(t *testing.T) {
	if !*speed {
		t.Skip("without -speed")
	}
	dir := os.Getenv(monthLake)
	if dir == "" {
		dir = filepath.Join(t.TempDir(), "lake")
	}
	m := month{start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), days: 30, instances: 20}
	if lake.Check(dir) != nil {
		points, events := m.write(t, dir)
		t.Logf("%d metric points and %d log events written", points, events)
	}
	limit, err := slo.Parse("p99<200ms")
	if err != nil {
		t.Fatal(err)
	}
	var took, worked []float64
	for range 3 {
		began, before := time.Now(), processorSeconds()
		set, err := analyze.Run(t.Context(), analyze.Options{
			Lake: dir, Kind: "endpoint", Name: monthEndpoint, InstanceType: "ml.g5.xlarge", SLO: limit, PeakRPS: 1000, Threads: 2,
		})
		if err != nil {
			t.Fatal(err)
		}
		took, worked = append(took, time.Since(began).Seconds()), append(worked, processorSeconds()-before)
		if set.Coverage.Buckets != m.days*24*60 || set.Coverage.LogEvents == 0 || !set.Answers.Capacity.Value.Known() {
			t.Fatalf("%d buckets and %d log events were analyzed, capacity %+v", set.Coverage.Buckets, set.Coverage.LogEvents, set.Answers.Capacity)
		}
	}
	slices.Sort(took)
	slices.Sort(worked)
	t.Logf("seconds an analysis: %.2f; of a processor: %.2f", took, worked)
	if median := took[len(took)/2]; median > mostSeconds {
		t.Errorf("the median of three analyses took %.2f s, more than %d", median, mostSeconds)
	}
}

// processorSeconds is what the process has used of the processors, which a busy
// machine stretches less than it does time.
func processorSeconds() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return math.NaN()
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}

const monthEndpoint = "fleet"

// month is a fleet with a daily rhythm whose first instance is a tenth slower than
// the others.
type month struct {
	start           time.Time
	days, instances int
}

// write makes the lake, a day at a time.
func (m month) write(t *testing.T, dir string) (points, events int) {
	t.Helper()
	ctx := context.Background()
	l, err := lake.Create(ctx, lake.Options{Dir: dir, Now: func() time.Time { return m.start.AddDate(0, 2, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.PutResources(ctx, "endpoint/"+monthEndpoint, []lake.Resource{{
		AsOf: m.start, Account: "111122223333", Region: "eu-west-1", Subject: "endpoint/" + monthEndpoint,
		Kind: "variant", Name: "AllTraffic", Attribute: "instance_type", Value: "ml.g5.xlarge",
	}}); err != nil {
		t.Fatal(err)
	}
	for day := range m.days {
		data := m.metrics(day)
		for _, s := range data {
			points += len(s.Points)
		}
		if _, _, err := l.PutMetrics(ctx, "endpoint/"+monthEndpoint, data); err != nil {
			t.Fatal(err)
		}
		logs := m.logs(day)
		events += len(logs)
		if _, err := l.PutLogs(ctx, monthGroup, logs); err != nil {
			t.Fatal(err)
		}
	}
	return points, events
}

// monthMetrics are those of an endpoint on GPUs with enhanced metrics.
func monthMetrics() []lake.Series {
	var out []lake.Series
	for _, name := range []string{
		"Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors",
		"ModelLatency", "OverheadLatency", "ConcurrentRequestsPerModel",
	} {
		unit := "None"
		if name == "ModelLatency" || name == "OverheadLatency" {
			unit = "Microseconds"
		}
		out = append(out, lake.Series{Namespace: "AWS/SageMaker", Metric: name, Unit: unit})
	}
	for _, name := range []string{"CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization"} {
		out = append(out, lake.Series{Namespace: "/aws/sagemaker/Endpoints", Metric: name, Unit: "Percent"})
	}
	return out
}

func (m month) id(instance int) string { return fmt.Sprintf("i-0%016x", 0xabc0+instance) }

// metrics is one day of every series.
func (m month) metrics(day int) []lake.SeriesPoints {
	plain := []lake.Dim{{Name: "EndpointName", Value: monthEndpoint}, {Name: "VariantName", Value: "AllTraffic"}}
	sets := []struct {
		dims []lake.Dim
		of   []int // instances
	}{{dims: plain}}
	for i := range m.instances {
		sets[0].of = append(sets[0].of, i)
	}
	for i := range m.instances {
		sets = append(sets, struct {
			dims []lake.Dim
			of   []int
		}{append([]lake.Dim{{Name: "InstanceId", Value: m.id(i)}}, plain...), []int{i}})
	}
	var data []lake.SeriesPoints
	for n, set := range sets {
		for _, s := range monthMetrics() {
			if n > 0 && s.Metric == "InvocationsPerInstance" {
				continue
			}
			s.Account, s.Region, s.Subject = "111122223333", "eu-west-1", "endpoint/"+monthEndpoint
			s.PeriodS, s.Dims = 60, set.dims
			r := rand.New(rand.NewPCG(uint64(day), uint64(n*100+len(s.Metric))))
			p := lake.SeriesPoints{Series: s}
			for minute := range 24 * 60 {
				p.Points = append(p.Points, m.point(r, s.Metric, day, minute, set.of))
			}
			data = append(data, p)
		}
	}
	return data
}

// point is a value of some instances: each serves 10 to 30 requests/s at 20 ms of
// its GPU.
func (m month) point(r *rand.Rand, metric string, day, minute int, of []int) lake.Point {
	at := m.start.AddDate(0, 0, day).Add(time.Duration(minute) * time.Minute)
	rate := 20 + 10*math.Sin((float64(minute)/60-9)/24*2*math.Pi) + wiggle("rate", at)
	k := float64(len(of))
	requests := math.Round(rate * 60 * k)
	slow := 1.0
	if of[0] == 0 {
		slow += 0.1 / k
	}
	sum, samples := requests, requests
	switch metric {
	case "Invocations":
	case "InvocationsPerInstance":
		sum = requests / k
	case "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors":
		sum = 0
	case "ModelLatency", "OverheadLatency":
		sum = requests * 30_000 * slow / (1 - rate/50) * (1 + 0.02*r.Float64())
	case "GPUUtilization":
		samples = k
		sum = k * 100 * 0.02 * rate * slow * (1 + 0.02*r.Float64())
	default:
		samples = k
		sum = k * (30 + r.Float64()/math.Sqrt(k))
	}
	p := lake.Point{TS: at.UnixMicro()}
	mean := sum / samples
	p.Stats = [lake.NumStats]float64{samples, sum, mean, mean / 2, mean * 1.1, mean, mean * 1.3, mean * 1.5, mean * 1.9, mean * 2}
	return p
}

const monthGroup = "/aws/sagemaker/Endpoints/" + monthEndpoint

// logs is one day of an event a minute and instance, one in fifty of which fails.
func (m month) logs(day int) []lake.Log {
	var out []lake.Log
	for minute := range 24 * 60 {
		at := m.start.AddDate(0, 0, day).Add(time.Duration(minute) * time.Minute)
		for i := range m.instances {
			e := lake.Log{
				TS: at.Add(time.Duration(i) * time.Second).UnixMicro(), Account: "111122223333", Region: "eu-west-1",
				Subject: "endpoint/" + monthEndpoint, LogGroup: monthGroup, LogStream: "AllTraffic/" + m.id(i),
				EventID: fmt.Sprintf("%056d", (day*24*60+minute)*m.instances+i),
				Message: fmt.Sprintf("served request %d in %d ms", minute, 20+i), Level: "INFO", Skeleton: "served request <*> in <*> ms", Parser: "python",
			}
			if (minute+i)%50 == 0 {
				e.Message, e.Level, e.Skeleton = fmt.Sprintf("request %d failed: bad input", minute), "ERROR", "request <*> failed: bad input"
			}
			out = append(out, e)
		}
	}
	return out
}
