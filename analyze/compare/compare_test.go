package compare

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// drawn is a load test of steps of five minutes whose latency is known: p99 is
// base x (1 + rate/100), the minutes vary by noise (of the logarithm).
func drawn(r *rand.Rand, base, noise, failed float64, rates ...float64) finding.Set {
	set := finding.Set{Kind: "endpoint", Subject: "endpoint/x"}
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	for i, rate := range rates {
		for range 5 {
			l := base * (1 + rate/100) * math.Exp(noise*r.NormFloat64())
			n := rate * 60 * 2
			set.Minutes = append(set.Minutes, finding.Minute{
				Start: start, Seconds: 60, Instances: 2, Invocations: n, Errors4XX: 0, Errors5XX: n * failed * (1 + .3*r.NormFloat64()),
				ModelP50: l / 3, ModelP99: l, Step: i + 1,
			})
			start = start.Add(time.Minute)
		}
		set.Steps = append(set.Steps, finding.Step{N: i + 1, ServedRPS: finding.Number(rate), CPU: .5, GPU: finding.Missing()})
	}
	return set
}

func contrast(t *testing.T, c finding.Comparison, measure string) finding.Contrast {
	t.Helper()
	for _, k := range c.Contrasts {
		if k.Measure == measure {
			return k
		}
	}
	t.Fatalf("no contrast %s in %v", measure, c.Contrasts)
	return finding.Contrast{}
}

func estimate(status finding.Status, v, lo, hi float64) finding.Estimate {
	return finding.Estimate{Status: status, Value: finding.Number(v), Lo: finding.Number(lo), Hi: finding.Number(hi), Unit: "requests/s/instance"}
}

// TestNoiseIsNoDifference compares runs of one truth: a difference may be told
// in about one comparison of twenty.
func TestNoiseIsNoDifference(t *testing.T) {
	told, covered, n := 0, 0, 400
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		a := drawn(r, .1, .08, .001, 10, 20, 30, 40, 50)
		b := drawn(r, .1*1.2, .08, .001, 12, 24, 36, 48)
		same := drawn(r, .1, .08, .001, 12, 24, 36, 48)
		k := contrast(t, Runs([]finding.Set{a, same}, Options{MaxRegression: math.NaN()}), "p99_at_matched_load")
		if k.Outcome != finding.NoDifference {
			told++
		}
		k = contrast(t, Runs([]finding.Set{a, b}, Options{MaxRegression: math.NaN()}), "p99_at_matched_load")
		if k.ChangeLo <= .2 && .2 <= k.ChangeHi {
			covered++
		}
	}
	if share := float64(told) / float64(n); share > .09 {
		t.Errorf("a difference between runs of one truth in %.1f %% of comparisons, want about 5", 100*share)
	}
	if share := float64(covered) / float64(n); share < .9 {
		t.Errorf("the true change of 20 %% lies in %.1f %% of the intervals, want about 95", 100*share)
	}
}

func TestOneTruthTwiceAsSlow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	a, b := drawn(r, .1, .05, .001, 10, 20, 30), drawn(r, .2, .05, .02, 10, 20, 30)
	c := Runs([]finding.Set{a, b}, Options{MaxRegression: .1})
	for _, name := range []string{"p50_at_matched_load", "p99_at_matched_load"} {
		k := contrast(t, c, name)
		if k.Outcome != finding.WorseOutcome || !k.Regression || math.Abs(float64(k.Change)-1) > .1 {
			t.Errorf("%s: %+v", name, k)
		}
	}
	if k := contrast(t, c, "errors_at_matched_load"); k.Outcome != finding.WorseOutcome || math.Abs(float64(k.Change)-.019) > .003 {
		t.Errorf("errors: %+v", k)
	}
	if c.Verdict.Status != finding.Fail || len(c.Levels) != 3 {
		t.Errorf("verdict %+v, %d levels", c.Verdict, len(c.Levels))
	}
	back := Runs([]finding.Set{b, a}, Options{MaxRegression: .1})
	if back.Verdict.Status != finding.Pass || contrast(t, back, "p99_at_matched_load").Outcome != finding.BetterOutcome {
		t.Errorf("the other way round: %+v", back.Verdict)
	}
}

func TestEstimates(t *testing.T) {
	unknown := estimate(finding.Unanswerable, math.NaN(), math.NaN(), math.NaN())
	bound := func(v float64) finding.Estimate { return estimate(finding.AtLeast, v, math.NaN(), math.NaN()) }
	for name, tt := range map[string]struct {
		a, b finding.Estimate
		want finding.Outcome
	}{
		"apart":                 {estimate(finding.Measured, 100, 97, 103), estimate(finding.Measured, 80, 78, 82), finding.WorseOutcome},
		"overlapping":           {estimate(finding.Measured, 100, 90, 110), estimate(finding.Extrapolated, 105, 95, 115), finding.NoDifference},
		"better":                {estimate(finding.Measured, 100, 97, 103), estimate(finding.Measured, 120, 116, 124), finding.BetterOutcome},
		"unknown":               {estimate(finding.Measured, 100, 97, 103), unknown, finding.CannotTell},
		"bound above":           {estimate(finding.Measured, 100, 97, 103), bound(110), finding.BetterOutcome},
		"bound below":           {estimate(finding.Measured, 100, 97, 103), bound(90), finding.CannotTell},
		"bound of the baseline": {bound(110), estimate(finding.Measured, 100, 97, 103), finding.WorseOutcome},
		"two bounds":            {bound(110), bound(90), finding.CannotTell},
		"exact and the same":    {estimate(finding.Measured, 5, 5, 5), estimate(finding.Measured, 5, 5, 5), finding.NoDifference},
	} {
		c := estimates("x", "x", finding.Higher, tt.a, tt.b)
		if got := outcome(&c); got != tt.want {
			t.Errorf("%s: %s, want %s (%+v)", name, got, tt.want, c)
		}
	}
}

func TestFleets(t *testing.T) {
	set := func(kind string, price, rate float64) finding.Set {
		s := finding.Set{Kind: "endpoint", Options: finding.Options{Growth: .2, TargetUtilization: .7}}
		s.Tested.InstanceType = kind
		if price > 0 {
			s.Price = &finding.Price{USDPerHour: finding.Number(price)}
		}
		if rate > 0 {
			s.Traffic = []finding.Traffic{{PeakRPS: 400, InstanceRPS: finding.Number(rate / 2), Load: .5}}
		}
		return s
	}
	c := Runs([]finding.Set{set("ml.g5.xlarge", 1.4, 110), set("ml.c5.xlarge", .2, 9), set("ml.m5.large", .1, 0)}, Options{MaxRegression: math.NaN()})
	f := c.Fleets[0]
	// ceil(400 x 1.2 / (110 x 0.7)) = 7 at 1.4; ceil(480 / 6.3) = 77 at 0.2.
	if f.Options[0].Instances != 7 || f.Options[1].Instances != 77 || f.Options[2].Instances.Known() || f.Options[2].Why == "" || f.Best != "A" {
		t.Errorf("%+v", f)
	}
	if c := Runs([]finding.Set{set("ml.g5.xlarge", 0, 110), set("ml.c5.xlarge", 0, 9)}, Options{}); c.Fleets[0].Best != "" {
		t.Errorf("types without prices were set against each other: %+v", c.Fleets[0])
	}
}
