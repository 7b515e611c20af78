package capacity

import (
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// sized is an analysis of which only the rate of an instance is known.
func sized(rate, point, target float64, in Input) *analysis {
	in.TargetUtilization = target
	a := &analysis{in: in}
	a.answers.Capacity = finding.Estimate{
		Status: finding.Extrapolated, Confidence: .95, Value: finding.Number(point), Lo: finding.Number(rate), Hi: finding.Number(2*point - rate),
	}
	a.minutes = []finding.Minute{{Start: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Seconds: 60, Invocations: 60}}
	a.buckets = make([]bucket, 1)
	a.size()
	return a
}

// A fleet of n in z zones keeps n - ceil(n/z) when a zone is lost.
func TestZoneLoss(t *testing.T) {
	for _, c := range []struct {
		peak, rate, target float64
		zones              int
		count, afterLoss   int
	}{
		{peak: 400, rate: 100, target: .7, zones: 2, count: 6, afterLoss: 8}, // 8 lose 4, 4 × 100 = 400
		{peak: 400, rate: 100, target: .7, zones: 3, count: 6, afterLoss: 6}, // 6 lose 2
		{peak: 400, rate: 100, target: 1, zones: 3, count: 4, afterLoss: 6},  // 5 lose 2
		{peak: 60, rate: 100, target: .7, zones: 2, count: 1, afterLoss: 2},
		{peak: 400, rate: 100, target: .5, zones: 2, count: 8, afterLoss: 8},
		{peak: 401, rate: 100, target: .7, zones: 4, count: 6, afterLoss: 7}, // 6 lose 2, 7 lose 2
	} {
		s := sized(c.rate, c.rate, c.target, Input{PeakRPS: c.peak, Zones: c.zones}).sizing
		if got := int(s.ZoneLoss.Value); got != c.afterLoss || s.ZonesAssumed {
			t.Errorf("%+v: %d instances: %s", c, got, s.ZoneLoss.Formula)
		}
	}
	s := sized(100, 100, .7, Input{PeakRPS: 400}).sizing
	if s.Zones != 2 || !s.ZonesAssumed || !strings.Contains(s.ZoneLoss.Why, "--zones") {
		t.Errorf("zones not given: %+v", s)
	}
	if s := sized(100, 100, .7, Input{PeakRPS: 400, Zones: 1}).sizing; s.ZoneLoss.Status != finding.Unanswerable {
		t.Errorf("one zone: %+v", s.ZoneLoss)
	}
}

// On one side of a flip the formula gives the number before, on the other the
// one that the flip names.
func TestFlips(t *testing.T) {
	for _, peak := range []float64{60, 250, 400, 777} {
		in := Input{PeakRPS: peak, Growth: .2}
		count := func(peak, rate, target float64) float64 {
			i := in
			i.PeakRPS = peak
			return float64(sized(rate, rate, target, i).answers.Instances.Value)
		}
		a := sized(100, 100, .7, in)
		now := float64(a.answers.Instances.Value)
		seen := 0
		for _, f := range a.sizing.Flips {
			side := 1 - 1e-6
			if f.Above {
				side = 1 + 1e-6
			}
			with := func(at float64) float64 {
				switch f.Input {
				case "peak_rps":
					return count(at, 100, .7)
				case "rps_per_instance":
					return count(peak, at, .7)
				case "target_utilization":
					return count(peak, 100, at)
				}
				return count(peak, 100/at, .7)
			}
			if before, after := with(float64(f.At)/side), with(float64(f.At)*side); before != now || after != float64(f.Instances) {
				t.Errorf("peak %g: %+v: %g and %g, now %g", peak, f, before, after, now)
			}
			seen++
		}
		if seen < 3 {
			t.Errorf("peak %g: %d flips", peak, seen)
		}
		if one := float64(a.sizing.OneLess); now > 1 && math.Abs(one-peak*1.2/((now-1)*100)) > 1e-9 {
			t.Errorf("peak %g: one less is loaded to %g", peak, one)
		}
	}
}

func TestCountTooWide(t *testing.T) {
	// 10.2 instances by the point, 14.3 by the lower end.
	a := sized(70, 98, .7, Input{PeakRPS: 700})
	if e := a.answers.Instances; e.Status != finding.Unanswerable || e.Lo != 11 || e.Hi != 15 || !strings.HasPrefix(e.Why, "Between 11 and 15") {
		t.Errorf("%+v", e)
	}
	// As wide, but of so few that it hardly matters.
	if e := sized(70, 98, .7, Input{PeakRPS: 100}).answers.Instances; e.Status != finding.Extrapolated || e.Value != 3 {
		t.Errorf("%+v", e)
	}
}

// day is the traffic of one instance, requests/s in each minute, of a steady
// rate with one ramp.
func day(a *analysis, minutes int, base, ramp float64, over int) {
	start := a.minutes[0].Start
	a.minutes, a.buckets = nil, nil
	for i := range minutes {
		up := min(1, max(0, float64(i-600)/float64(over)))
		a.minutes = append(a.minutes, finding.Minute{Start: start.Add(time.Duration(i) * time.Minute), Seconds: 60, Invocations: 60 * (base + ramp*up), CPU: 1})
		a.buckets = append(a.buckets, bucket{k: 1, whole: true})
	}
}

// Nine minutes pass until a new instance serves: one until the point is
// published, three for the alarm and five, assumed, for the start.
func TestSafety(t *testing.T) {
	for _, c := range []struct {
		name    string
		minutes int
		ramp    float64
		over    int
		want    float64
	}{
		{"a ramp within the lag", 1440, 25, 5, .75},
		{"a ramp of three times the lag", 1440, 60, 27, .8},
		{"none", 1440, 0, 1, .9},
		{"a leap", 1440, 80, 1, .5},
		{"an hour only", 700, 25, 5, .5},
	} {
		a := sized(100, 100, .7, Input{PeakRPS: 400})
		day(a, c.minutes, 10, c.ramp, c.over)
		b := a.budget()
		e := a.safety(b)
		if math.Abs(float64(e.Value)-c.want) > .0101 || float64(e.Value) > c.want+1e-9 {
			t.Errorf("%s: %g, want %g: %s %s", c.name, e.Value, c.want, e.Formula, e.Why)
		}
		if measured := c.minutes >= leastTraffic; measured != (e.Status == finding.Extrapolated) {
			t.Errorf("%s: status %s", c.name, e.Status)
		}
		if got, want := float64(a.autoscaling(b, e).Value), math.Floor(100*float64(e.Value)*60+1e-9); got != want {
			t.Errorf("%s: target %g, want %g", c.name, got, want)
		}
	}
}
