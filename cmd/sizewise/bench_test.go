package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sizewise/analyze"
	"sizewise/ingest/catalog"
	"sizewise/ingest/lake"
)

// bigLake is where the benchmark keeps its lake between runs, so that a profile
// of the analysis is not one of the writer. Empty: a temporary directory.
const bigLake = "SIZEWISE_BENCH_LAKE"

// BenchmarkAnalyzeTenMillionRows analyzes one of ten endpoints over thirty days
// of minutes, in a lake of more than ten million metric rows.
func BenchmarkAnalyzeTenMillionRows(b *testing.B) {
	dir := os.Getenv(bigLake)
	if dir == "" {
		dir = filepath.Join(b.TempDir(), "lake")
	}
	const endpoints, days = 10, 30
	if lake.Check(dir) != nil {
		rows := writeBigLake(b, dir, endpoints, days)
		b.Logf("%d rows written", rows)
	}
	b.ReportAllocs()
	for b.Loop() {
		set, err := analyze.Run(context.Background(), analyze.Options{Lake: dir, Name: "endpoint-3", PeakRPS: math.NaN()})
		if err != nil {
			b.Fatal(err)
		}
		if set.Coverage.Buckets != days*24*60 {
			b.Fatalf("%d buckets analyzed", set.Coverage.Buckets)
		}
	}
}

// writeBigLake makes endpoints with a daily rhythm, two instances, and every
// metric of the catalogue that an endpoint always publishes, twice: under the
// plain dimension set and sliced by zone.
func writeBigLake(b *testing.B, dir string, endpoints, days int) int {
	b.Helper()
	ctx := context.Background()
	start := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	l, err := lake.Create(ctx, lake.Options{Dir: dir, Now: func() time.Time { return start.AddDate(0, 2, 0) }})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	rows := 0
	for e := range endpoints {
		name := fmt.Sprintf("endpoint-%d", e)
		for day := range days {
			data := bigDay(name, start.AddDate(0, 0, day))
			for _, s := range data {
				rows += len(s.Points)
			}
			if _, _, err := l.PutMetrics(ctx, "endpoint/"+name, data); err != nil {
				b.Fatal(err)
			}
		}
	}
	return rows
}

func bigDay(endpoint string, day time.Time) []lake.SeriesPoints {
	plain := []lake.Dim{{Name: "EndpointName", Value: endpoint}, {Name: "VariantName", Value: "AllTraffic"}}
	zone := append([]lake.Dim{{Name: "AvailabilityZone", Value: "eu-west-1a"}}, plain...)
	var data []lake.SeriesPoints
	for _, m := range catalog.All() {
		if m.Family != catalog.FamilyEndpoint {
			continue
		}
		for _, dims := range [][]lake.Dim{plain, zone} {
			s := lake.SeriesPoints{Series: lake.Series{
				Account: "111122223333", Region: "eu-west-1", Subject: "endpoint/" + endpoint,
				Namespace: m.Namespace, Metric: m.Name, Unit: m.Unit, PeriodS: 60, Dims: dims,
			}}
			for minute := range 24 * 60 {
				s.Points = append(s.Points, bigPoint(m.Name, day.Add(time.Duration(minute)*time.Minute)))
			}
			data = append(data, s)
		}
	}
	return data
}

// bigPoint is a value of a fleet of two that serves 10 to 60 requests/s over the
// day at 50 ms of one core each.
func bigPoint(metric string, at time.Time) lake.Point {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	rate := 35 + 25*math.Sin((hour-9)/24*2*math.Pi) + wiggle("rate", at)
	requests := math.Round(rate * 60)
	sum, samples := requests, requests
	switch metric {
	case "Invocations":
	case "InvocationsPerInstance":
		sum = requests / 2
	case "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors":
		sum = 0
	case "ModelLatency", "OverheadLatency":
		sum = requests * 60_000 * (1 + 0.02*wiggle("latency", at))
	case "CPUUtilization":
		samples = 2
		sum = samples * 100 * (0.2 + 0.05*rate/2)
	default:
		samples = 2
		sum = samples * 30
	}
	p := lake.Point{TS: at.UnixMicro()}
	mean := sum / samples
	p.Stats = [lake.NumStats]float64{samples, sum, mean, mean / 2, mean * 2, mean, mean * 1.3, mean * 1.5, mean * 1.9, mean * 2}
	return p
}
