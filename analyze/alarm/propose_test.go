package alarm

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// climb is an hour of minutes in which the load climbs; from minute 40 on the
// latency is beyond 200 ms and from 45 on a tenth is answered 5xx.
func climb() []finding.Minute {
	nan := math.NaN()
	var minutes []finding.Minute
	for i := range 60 {
		m := finding.Minute{
			Start: time.Date(2026, 11, 20, 14, i, 0, 0, time.UTC), Seconds: 60,
			Invocations: float64(100 * i), PerInstance: float64(50 * i), Errors4XX: 0, Errors5XX: 0,
			ModelP50: 0.05, ModelP90: 0.08, ModelP95: 0.09, ModelP99: 0.1, ModelMean: 0.06, ModelMax: 0.2, ModelCount: float64(100 * i),
			CPU: 0.06 * float64(i), CPUHot: 0.07 * float64(i), GPU: nan, GPUHot: nan, GPUMemory: nan, GPUMemoryHot: nan,
			Memory: 0.3, MemoryHot: 0.3 + 0.0125*float64(i), Disk: nan, DiskHot: nan,
		}
		if i >= 40 {
			m.ModelP99 = 0.5
		}
		if i >= 45 {
			m.Errors5XX = m.Invocations / 10
		}
		minutes = append(minutes, m)
	}
	return minutes
}

func climbed() finding.Set {
	return finding.Set{
		Subject: "endpoint/web", Minutes: climb(),
		Tested:  finding.Tested{Endpoint: "web", Variant: "main", VCPU: 4, PeriodS: 60, Region: "eu-west-1"},
		Options: finding.Options{TargetUtilization: 0.7},
		Answers: finding.Answers{
			Bottleneck:        finding.Bottleneck{Status: finding.Measured, Value: "cpu"},
			AutoscalingTarget: finding.Estimate{Value: 1500}, SLORate: finding.Estimate{Lo: 33}, Capacity: finding.Estimate{Lo: 40},
		},
		Curve:  &finding.Curve{Resource: "cpu", Limit: 4, Slope: 0.072, Intercept: 0},
		Replay: &finding.Replay{StartS: 150},
	}
}

func objectives(t *testing.T, s string) slo.SLO {
	t.Helper()
	o, err := slo.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func byKey(alarms []finding.Alarm) map[string]finding.Alarm {
	all := map[string]finding.Alarm{}
	for _, a := range alarms {
		all[a.Key] = a
	}
	return all
}

// TestPropose reckons thresholds and times in ALARM by hand.
func TestPropose(t *testing.T) {
	alarms := byKey(Propose(climbed(), nil, objectives(t, "p99<200ms, errors<=1%, cpu<80%")))
	at := func(minute int) time.Time { return time.Date(2026, 11, 20, 14, minute, 0, 0, time.UTC) }
	for key, want := range map[string]struct {
		threshold float64
		orEqual   bool
		m, n      int
		first     time.Time
		lead      finding.Number
	}{
		// Breaches from minute 40: the third is over at 43.
		"LatencyP99": {200000, true, 3, 5, at(43), -180},
		// A tenth fails from 45 on.
		"Errors": {1, false, 3, 5, at(48), -480},
		// 80 % of 4 cores is 320 %, reached at 54 (0.06 * 54 = 3.24).
		"CPUObjective": {320, true, 3, 5, at(57), -1020},
		// 25 requests/s at 0.072 s are 180 %, passed from 31 on (1.86).
		"CPU": {180, false, 5, 5, at(36), 240},
		// Above 1500 from 31 on; 3 + 3 + 1 periods.
		"Load": {1500, false, 7, 7, at(38), 120},
		// 0.3 + 0.0125 * 48 = 0.9.
		"Memory": {90, true, 3, 3, at(51), -660},
	} {
		a, ok := alarms[key]
		if !ok {
			t.Errorf("no alarm %s", key)
			continue
		}
		r := a.Replay
		if math.Abs(a.Threshold-want.threshold) > 1e-9 || a.OrEqual != want.orEqual || a.DatapointsToAlarm != want.m || a.EvaluationPeriods != want.n {
			t.Errorf("%s: %+v", key, a)
		}
		if len(r.Fired) != 1 || !r.Fired[0].Start.Equal(want.first) || r.LeadS != want.lead || !r.First.Equal(at(40)) || r.Trouble != 20 || r.Without != 0 {
			t.Errorf("%s: replay %+v", key, r)
		}
	}
	if len(alarms) != 6 {
		t.Errorf("%d alarms, want 6: nothing is known of GPUs and disks", len(alarms))
	}
}

// TestProposeWithout: no SLO, no answers: what can be watched is, and a set
// without minutes has nothing.
func TestProposeWithout(t *testing.T) {
	set := climbed()
	set.Answers = finding.Answers{AutoscalingTarget: finding.Estimate{Value: finding.Missing()}}
	var keys []string
	for _, a := range Propose(set, nil, slo.SLO{}) {
		keys = append(keys, a.Key)
		if a.Key == "Errors5XX" && (a.Replay.Trouble != 15 || !strings.Contains(a.About, "convention")) {
			t.Errorf("%+v", a)
		}
	}
	if diff := cmp.Diff([]string{"Errors5XX", "Memory"}, keys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	set.Minutes = nil
	if got := Propose(set, nil, slo.SLO{}); len(got) != 0 {
		t.Errorf("alarms of nothing: %v", got)
	}
}

// TestErrorFloor: the expression and the replay agree on what few requests are.
func TestErrorFloor(t *testing.T) {
	alarms := byKey(Propose(climbed(), nil, objectives(t, "5xx<0.1%")))
	a := alarms["Errors5XX"]
	last := a.Queries[len(a.Queries)-1]
	if want := "IF(requests >= 1001, 100 * (FILL(errors5xx, 0)) / requests, 0)"; last.Expression != want {
		t.Errorf("%s, want %s", last.Expression, want)
	}
	quiet := climbed()
	for i := range quiet.Minutes {
		quiet.Minutes[i].Invocations = 10
	}
	a = byKey(Propose(quiet, nil, objectives(t, "5xx<0.1%")))["Errors5XX"]
	if last := a.Queries[len(a.Queries)-1]; !strings.HasPrefix(last.Expression, "IF(requests >= 5,") {
		t.Errorf("a floor above half of the traffic would never fire: %s", last.Expression)
	}
}

// TestCoarse: what is published every five minutes is watched in five minutes.
func TestCoarse(t *testing.T) {
	set := climbed()
	var coarse []finding.Minute
	for i := range set.Minutes {
		if i%5 == 0 {
			coarse = append(coarse, set.Minutes[i])
		}
		set.Minutes[i].CPU, set.Minutes[i].MemoryHot = math.NaN(), math.NaN()
	}
	alarms := byKey(Propose(set, coarse, objectives(t, "p99<200ms")))
	if a := alarms["Memory"]; a.PeriodS != CoarseS || a.Replay.Periods != 12 || a.Replay.Known != 12 || a.Replay.Trouble != 4 {
		t.Errorf("%+v", a)
	}
	if a := alarms["LatencyP99"]; a.PeriodS != 60 || a.Replay.Periods != 60 {
		t.Errorf("%+v", a)
	}
}

// TestNames are bounded, of the characters that are safe everywhere, and the same
// every time.
func TestNames(t *testing.T) {
	set := climbed()
	set.Tested.Endpoint = strings.Repeat("x", 300) + "\x1b[2J"
	set.Tested.Variant = "a b/${AWS::Region}\"" + strings.Repeat("é", 200)
	first := Propose(set, nil, objectives(t, "p50<1s, p90<1s, p95<1s, p99<1s, mean<1s, max<9s, 4xx<5%"))
	if diff := cmp.Diff(first, Propose(set, nil, objectives(t, "p50<1s, p90<1s, p95<1s, p99<1s, mean<1s, max<9s, 4xx<5%")), cmp.Comparer(func(a, b finding.Number) bool {
		return a == b || !a.Known() && !b.Known()
	})); diff != "" {
		t.Errorf("not the same twice:\n%s", diff)
	}
	seen := map[string]bool{}
	for _, a := range first {
		if len(a.Name) > 255 || nameParts.MatchString(a.Name) || seen[a.Name] || seen[a.Key] {
			t.Errorf("name %q", a.Name)
		}
		seen[a.Name], seen[a.Key] = true, true
	}
	if len(first) < 10 {
		t.Errorf("only %d alarms", len(first))
	}
}
