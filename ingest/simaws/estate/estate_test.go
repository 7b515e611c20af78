package estate_test

import (
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
)

var t0 = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func draw(t testing.TB, c estate.Config) *estate.Estate {
	t.Helper()
	if c.Start.IsZero() {
		c.Start, c.End = t0, t0.Add(2*time.Hour)
	}
	e, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// find is the series of a metric with exactly these dimension values.
func find(t testing.TB, e *estate.Estate, space, name string, values ...string) account.Series {
	t.Helper()
	for _, s := range e.Account.Metrics {
		var have []string
		for _, d := range s.Dims {
			have = append(have, d.Value)
		}
		if s.Namespace == space && s.Name == name && slices.Equal(have, values) {
			return s
		}
	}
	t.Fatalf("no series %s %s %v", space, name, values)
	return account.Series{}
}

// mean is the mean of a point's raw values, and how many there are.
func mean(p account.Point) (average, n float64) {
	sum := 0.0
	for i, v := range p.Values {
		c := 1.0
		if p.Counts != nil {
			c = float64(p.Counts[i])
		}
		sum += c * float64(v)
		n += c
	}
	return sum / n, n
}

func TestSameSeedSameEstate(t *testing.T) {
	c := estate.Config{Seed: 3, LogEvents: 40}
	a, b := draw(t, c), draw(t, c)
	if !reflect.DeepEqual(a, b) {
		t.Error("two draws of one seed differ")
	}
	c.Seed = 4
	if reflect.DeepEqual(a.Account.Metrics, draw(t, c).Account.Metrics) {
		t.Error("another seed gave the same metrics")
	}
}

func TestRefuses(t *testing.T) {
	for name, c := range map[string]estate.Config{
		"no window":     {},
		"unknown kind":  {Start: t0, End: t0.Add(time.Hour), Kinds: []string{"bucket"}},
		"change astray": {Start: t0, End: t0.Add(time.Hour), Changes: []estate.Change{{Effect: estate.Latency, Endpoint: "nobody", At: t0, Factor: 2}}},
	} {
		if _, err := estate.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestSeriesAreWellFormed holds every series to what CloudWatch accepts.
func TestSeriesAreWellFormed(t *testing.T) {
	e := draw(t, estate.Config{Seed: 1, LogEvents: 20, Detail: true, Plain: 2})
	seen := map[string]bool{}
	points := int64(0)
	for _, s := range e.Account.Metrics {
		key := s.Namespace + " " + s.Name
		for _, d := range s.Dims {
			key += " " + d.Name + "=" + d.Value
		}
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key] = true
		last := time.Time{}
		for _, p := range s.Points {
			if !p.Time.After(last) || p.Time.Truncate(s.Resolution) != p.Time || len(p.Values) == 0 || p.Counts != nil && len(p.Counts) != len(p.Values) {
				t.Fatalf("%s: bad point at %s: %d values, %d counts", key, p.Time, len(p.Values), len(p.Counts))
			}
			for _, v := range p.Values {
				if math.IsNaN(float64(v)) || v < 0 {
					t.Fatalf("%s: value %g", key, v)
				}
			}
			last = p.Time
			points++
		}
	}
	if points != e.Truth.Points {
		t.Errorf("%d points, truth says %d", points, e.Truth.Points)
	}
	for _, g := range e.Account.LogGroups {
		n := int64(0)
		for _, s := range g.Streams {
			n += int64(len(s.Events))
			if !slices.IsSortedFunc(s.Events, func(a, b account.LogEvent) int { return a.Time.Compare(b.Time) }) {
				t.Errorf("%s %s: events out of order", g.Name, s.Name)
			}
		}
		if n != e.Truth.Events[g.Name] {
			t.Errorf("%s: %d events, truth says %d", g.Name, n, e.Truth.Events[g.Name])
		}
	}
}

func TestOneOfEachKind(t *testing.T) {
	e := draw(t, estate.Config{Seed: 1, LogEvents: 5})
	kinds := map[string]bool{}
	for _, s := range e.Subjects {
		kinds[s.Kind] = true
	}
	for _, k := range strings.Fields("endpoint component training processing transform recommender pipeline featuregroup labeling monitor notebook") {
		if !kinds[k] {
			t.Errorf("no subject of kind %s", k)
		}
	}
	for _, want := range [][]string{
		{"AWS/SageMaker", "ApproximateBacklogSize", "estate-async"},
		{"AWS/SageMaker", "ModelSetupTime", "estate-serverless", "AllTraffic"},
		{"/aws/sagemaker/TrainingJobs", "GPUUtilization", "estate-training/algo-2"},
		{"AWS/Sagemaker/ModelBuildingPipeline", "ExecutionStarted"},
		{"AWS/Sagemaker/ModelBuildingPipeline", "StepDuration", "estate-pipeline", "train"},
		{"aws/sagemaker/Endpoints/data-metrics", "feature_data_age", "estate-000", "estate-monitor"},
		{"AWS/SageMaker", "Latency", "estate-featuregroup", "PutRecord"},
	} {
		find(t, e, want[0], want[1], want[2:]...)
	}
	for _, s := range e.Account.Metrics {
		for _, d := range s.Dims {
			if d.Value == "estate-async" && (s.Name == "Invocations" || s.Name == "OverheadLatency") || d.Value == "estate-serverless" && s.Name == "CPUUtilization" {
				t.Errorf("%s publishes %s", d.Value, s.Name)
			}
		}
	}
}

// TestPlantedChanges reads the changes back from the series.
func TestPlantedChanges(t *testing.T) {
	at := t0.Add(time.Hour)
	name := estate.PlainName(0)
	calm := draw(t, estate.Config{Seed: 9, Kinds: []string{"endpoint"}, Hosts: 1})
	ratio := func(c estate.Change, space, metric string, count bool) float64 {
		c.Endpoint, c.At = name, at
		e := draw(t, estate.Config{Seed: 9, Kinds: []string{"endpoint"}, Hosts: 1, Changes: []estate.Change{c}})
		a := find(t, calm, space, metric, name, "AllTraffic").Points[90]
		b := find(t, e, space, metric, name, "AllTraffic").Points[90]
		if before := find(t, e, space, metric, name, "AllTraffic").Points[30]; !cmp.Equal(before, find(t, calm, space, metric, name, "AllTraffic").Points[30]) {
			t.Errorf("%s: %s differs before the change", c.Effect, metric)
		}
		ma, na := mean(a)
		mb, nb := mean(b)
		if count {
			return nb / na
		}
		return mb / ma
	}
	near := func(what string, got, want, within float64) {
		t.Helper()
		if math.Abs(got-want) > within {
			t.Errorf("%s: ratio %.3f, want %.3f", what, got, want)
		}
	}
	near("latency", ratio(estate.Change{Effect: estate.Latency, Factor: 1.5}, "AWS/SageMaker", "ModelLatency", false), 1.5, 0.001)
	near("traffic", ratio(estate.Change{Effect: estate.Traffic, Factor: 2}, "AWS/SageMaker", "Invocations", true), 2, 0.02)
	near("type", ratio(estate.Change{Effect: estate.InstanceType, Factor: 0.5, Type: "ml.c5.4xlarge"}, "/aws/sagemaker/Endpoints", "CPUUtilization", false), 0.5, 0.001)
	if r := ratio(estate.Change{Effect: estate.Memory, Factor: 10}, "/aws/sagemaker/Endpoints", "MemoryUtilization", false); r < 1.04 || r > 1.2 {
		t.Errorf("memory: ratio %.3f after half an hour of 10 points an hour", r)
	}
	if r := ratio(estate.Change{Effect: estate.Errors, Factor: 0.2}, "AWS/SageMaker", "Invocation5XXErrors", false); r < 20 {
		t.Errorf("errors: ratio %.1f", r)
	}
	silent := draw(t, estate.Config{Seed: 9, Kinds: []string{"endpoint"}, Changes: []estate.Change{{Effect: estate.Silence, Endpoint: name, At: at, Until: at.Add(10 * time.Minute)}}})
	if n := len(find(t, silent, "AWS/SageMaker", "ModelLatency", name, "AllTraffic").Points); n != 110 {
		t.Errorf("%d points with ten minutes of silence, want 110", n)
	}
}

// TestTypeChange: new instances under a new type, and two configurations.
func TestTypeChange(t *testing.T) {
	at := t0.Add(time.Hour)
	e := draw(t, estate.Config{
		Seed: 2, Kinds: []string{"endpoint"}, Hosts: 1, Detail: true, LogEvents: 60,
		Changes: []estate.Change{{Effect: estate.InstanceType, Endpoint: estate.PlainName(0), At: at, Factor: 0.5, Type: "ml.c5.4xlarge"}},
	})
	old := find(t, e, "AWS/SageMaker", "ModelLatency", "estate-000", "AllTraffic", "us-east-1", "us-east-1a", "ml.c5.2xlarge")
	fresh := find(t, e, "AWS/SageMaker", "ModelLatency", "estate-000", "AllTraffic", "us-east-1", "us-east-1a", "ml.c5.4xlarge")
	if last := old.Points[len(old.Points)-1].Time; last != at.Add(-time.Minute) || fresh.Points[0].Time != at {
		t.Errorf("old type until %s, new one from %s, changed at %s", last, fresh.Points[0].Time, at)
	}
	if n := len(e.Account.LogGroups[0].Streams); n != 2 || len(e.Account.Configs) != 2 || e.Account.Endpoints[0].ConfigName != e.Account.Configs[1].Name {
		t.Errorf("%d streams, %d configurations, current %s", n, len(e.Account.Configs), e.Account.Endpoints[0].ConfigName)
	}
}

// TestLateEvents: about as many late ones as asked for.
func TestLateEvents(t *testing.T) {
	e := draw(t, estate.Config{Seed: 2, Kinds: []string{"training"}, LogEvents: 5000, LogLatePPM: 100_000})
	late, all := 0, 0
	for _, s := range e.Account.LogGroups[0].Streams {
		for _, ev := range s.Events {
			all++
			if ev.Ingested.Sub(ev.Time) >= time.Second {
				late++
			}
		}
	}
	if share := float64(late) / float64(all); share < 0.08 || share > 0.12 {
		t.Errorf("%.3f of %d events are late, want 0.1", share, all)
	}
}

// BenchmarkDay draws a day of fifty endpoints and says how much memory stays.
func BenchmarkDay(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		e := draw(b, estate.Config{Seed: 1, Start: t0, End: t0.Add(24 * time.Hour), Kinds: []string{"endpoint"}, Plain: 50})
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		b.ReportMetric(float64(e.Truth.Points), "points")
	}
}

// TestCopiesOfAComponent: what one copy is asked, times the copies that are
// described, is what the component is asked.
func TestCopiesOfAComponent(t *testing.T) {
	e := draw(t, estate.Config{Seed: 2, Kinds: []string{"component"}})
	all, each := find(t, e, "AWS/SageMaker", "Invocations", "estate-component"), find(t, e, "AWS/SageMaker", "InvocationsPerCopy", "estate-component")
	if len(all.Points) != len(each.Points) || len(all.Points) < 100 {
		t.Fatalf("%d and %d points", len(all.Points), len(each.Points))
	}
	for i := range all.Points {
		a, n := mean(all.Points[i])
		b, m := mean(each.Points[i])
		if a*n != 2*b*m {
			t.Fatalf("minute %d: %g requests, %g of each of two copies", i, a*n, b*m)
		}
	}
}
