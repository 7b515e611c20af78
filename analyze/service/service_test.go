package service

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

var begin = time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)

// file is a dossier of so many minutes.
func file(minutes int) *dossier.Dossier {
	return &dossier.Dossier{Kind: "endpoint", Name: "x", Window: finding.Window{Start: begin, End: begin.Add(time.Duration(minutes) * time.Minute)}}
}

// put adds one series of one value a minute, NaN for none.
func put(d *dossier.Dossier, metric, dims string, values []float64) {
	s := dossier.Series{Namespace: "n", Metric: metric, DimSet: "A", Dims: dims, Period: time.Minute}
	if strings.Contains(dims, "OperationName") {
		s.DimSet = "FeatureGroupName,OperationName"
	}
	nan := math.NaN()
	for i, v := range values {
		if !math.IsNaN(v) {
			s.Points = append(s.Points, dossier.Point{
				Time: begin.Add(time.Duration(i) * time.Minute), Count: 1, Sum: v, Average: v, Minimum: v, Maximum: v, P50: v, P90: v, P99: nan,
			})
		}
	}
	d.Series = append(d.Series, s)
}

func column(n int, f func(i int) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// TestNothingIsRefused: without data no judge has an answer or a complaint.
func TestNothingIsRefused(t *testing.T) {
	for name, judge := range map[string]func(*dossier.Dossier) dossier.Result{
		"serverless": Serverless, "async": Async, "component": Component, "featuregroup": FeatureGroup,
		"labeling": Labeling, "monitor": Monitor, "notebook": Notebook, "cloudwatch": CloudWatch,
	} {
		r := judge(file(60))
		if r.Verdict.Status != finding.Insufficient || r.Verdict.Summary == "" || len(r.Findings) > 0 {
			t.Errorf("%s: %+v, %d findings", name, r.Verdict, len(r.Findings))
		}
		for _, m := range r.Measures {
			if m.Estimate.Status != finding.Unanswerable {
				t.Errorf("%s: %s is %v of nothing", name, m.Name, m.Estimate.Value)
			}
		}
	}
}

// TestBacklogs: one that shrinks evenly is forecast, one that grows is not.
func TestBacklogs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	queue := func(perMinute float64) *dossier.Dossier {
		d := file(60)
		put(d, metricBacklog, "q", column(60, func(i int) float64 {
			switch {
			case i < 10:
				return 3
			case i < 20:
				return 100 * float64(i-9)
			}
			return 1000 + perMinute*float64(i-19) + 2*r.NormFloat64()
		}))
		put(d, "InvocationsProcessed", "v", column(60, func(int) float64 { return 120 }))
		return d
	}
	e := estimate(Async(queue(-10)).Measures, "drain_s")
	if want := 600 * 6.0; e.Status != finding.Extrapolated || math.Abs(float64(e.Value)-want) > 0.05*want || e.Lo > e.Value || e.Hi < e.Value {
		t.Errorf("600 left at 10 a minute: %+v", e)
	}
	grows := Async(queue(5))
	if e := estimate(grows.Measures, "drain_s"); e.Status != finding.Unanswerable || grows.Verdict.Status != finding.Fail {
		t.Errorf("a growing queue: %+v, %+v", e, grows.Verdict)
	}
	if e := estimate(Async(queue(0)).Measures, "drain_s"); e.Status != finding.Unanswerable {
		t.Errorf("a queue that stays: %+v", e)
	}
}

// TestThrottledBeside: where more is throttled than was counted, the two are apart.
func TestThrottledBeside(t *testing.T) {
	d := file(30)
	dims := "{FeatureGroupName=g, OperationName=PutRecord}"
	put(d, metricInvocations, dims, column(30, func(int) float64 { return 10 }))
	put(d, "ThrottledRequests", dims, column(30, func(int) float64 { return 30 }))
	r := FeatureGroup(d)
	if e := estimate(r.Measures, "throttle_ratio"); e.Value != 0.75 {
		t.Errorf("30 throttled beside 10 calls: %+v", e)
	}
	if len(r.Parts) != 1 || r.Parts[0].Name != "PutRecord" {
		t.Errorf("parts %+v", r.Parts)
	}
}

// TestSpillMustAddUp: counts that are not those of requests are not read as such.
func TestSpillMustAddUp(t *testing.T) {
	d := file(30)
	put(d, metricInvocations, "v", column(30, func(int) float64 { return 100 }))
	put(d, metricProvisioned, "v", column(30, func(int) float64 { return 3 }))
	put(d, metricSpill, "v", column(30, func(int) float64 { return 1 }))
	if e := estimate(Serverless(d).Measures, "provisioned_spill_ratio"); e.Status != finding.Unanswerable || !strings.Contains(e.Why, "4 %") {
		t.Errorf("%+v", e)
	}
}

// TestNoiseIsNoChange: of forty subjects of twelve series of noise that
// resembles its neighbours, few are told to have changed.
func TestNoiseIsNoChange(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 8))
	false1 := 0
	for range 40 {
		d := file(180)
		for k := range 12 {
			swing := 0.0
			put(d, fmt.Sprintf("M%02d", k), "v", column(180, func(int) float64 {
				swing = 0.5*swing + r.NormFloat64()
				return 100 + 8*swing
			}))
		}
		if len(CloudWatch(d).Findings) > 0 {
			false1++
		}
	}
	if false1 > 4 {
		t.Errorf("%d of 40 subjects of noise changed", false1)
	}
}

func TestSmallWords(t *testing.T) {
	for in, want := range map[string]string{"QueueTime": "queue_time", "CPUUtilization": "cpuutilization", "read.ops-total": "read_ops_total"} {
		if got := snake(in); got != want {
			t.Errorf("snake(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[float64]string{4546: "4,546", 1234567: "1,234,567", 63: "63", 2.264: "2.26", 999: "999"} {
		if got := amount(in); got != want {
			t.Errorf("amount(%v) = %q, want %q", in, got, want)
		}
	}
	if got := spread(&dossier.Point{Count: 3, Minimum: 1, P50: 2, P90: 4, P99: 5, Maximum: 6}); len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != 6 {
		t.Errorf("spread %v", got)
	}
}

// TestChecksAreTold: every finding names a check that explain knows.
func TestChecksAreTold(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Checks() {
		if seen[c.Name] || c.Title == "" || !strings.HasSuffix(c.Question, "?") || c.Formula == "" || c.Query == "" || c.MinimumData == "" || len(c.Refuses) == 0 {
			t.Errorf("%s: %+v", c.Name, c)
		}
		seen[c.Name] = true
	}
}
