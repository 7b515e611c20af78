package capacity

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// quoteOf is a price of a made-up table.
func quoteOf(usd float64) price.Quote {
	return price.Quote{Known: true, Price: price.Price{
		Region: "us-east-1", InstanceType: "ml.c5.xlarge", Use: price.Hosting, USDPerHour: usd,
		AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Source: "a table",
	}}
}

// costed is an analysis of a test that passed its limit, with a price.
func costed(usd float64, change func(*Input)) (Input, Result) {
	l := cpuLab(beyond)
	in := l.input(l.run())
	in.SLO, in.PeakRPS, in.Growth, in.InstancesNow = mustSLO("p99<500ms"), 300, .2, 2
	in.Price = quoteOf(usd)
	if change != nil {
		change(&in)
	}
	return in, Analyze(in)
}

func costIs(t *testing.T, what string, got finding.Number, want float64) {
	t.Helper()
	if math.Abs(float64(got)/want-1) > 1e-9 || !got.Known() {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// An instance at 3.6 USD an hour costs a thousandth of a dollar a second.
func TestCosts(t *testing.T) {
	in, r := costed(3.6, nil)
	a := r.Answers
	k := float64(a.Instances.Value)
	costIs(t, "the fleet's hour", a.CostPerHour.Value, 3.6*k)
	costIs(t, "the fleet's hour at best", a.CostPerHour.Lo, 3.6*float64(a.Instances.Lo))
	costIs(t, "the fleet's hour now", a.CostPerHour.Current, 7.2)
	costIs(t, "a million at the peak", a.CostPerMillion.Value, 1000*k/(300*1.2))
	costIs(t, "a million at the peak at best", a.CostPerMillion.Lo, 1000*float64(a.Instances.Lo)/(300*1.2))
	costIs(t, "a million at the SLO rate", a.CostPerMillionAtSLO.Value, 1000/float64(a.SLORate.Value))
	costIs(t, "its cheap end", a.CostPerMillionAtSLO.Lo, 1000/float64(a.SLORate.Hi))
	costIs(t, "its dear end", a.CostPerMillionAtSLO.Hi, 1000/float64(a.SLORate.Lo))
	answers := 0.0
	for _, m := range in.Minutes {
		answers += m.Invocations - m.Errors4XX - m.Errors5XX
	}
	costIs(t, "a million as it ran", a.CostPerMillionActual.Value, 3.6*2*float64(len(in.Minutes))/60*1e6/answers)
	for name, e := range costAnswers(a) {
		if e.Status == finding.Unanswerable || !(e.Lo <= e.Value && e.Value <= e.Hi) || e.Formula == "" || e.Why == "" || e.Query == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if p := r.Price; p == nil || p.USDPerHour != 3.6 || p.InstanceType != "ml.c5.xlarge" || p.Old {
		t.Errorf("price %+v", r.Price)
	}
}

func costAnswers(a finding.Answers) map[string]finding.Estimate {
	return map[string]finding.Estimate{
		"per hour": a.CostPerHour, "per million": a.CostPerMillion, "actual": a.CostPerMillionActual, "at the SLO rate": a.CostPerMillionAtSLO,
	}
}

// Twice the price is twice every cost, and nothing else moves.
func TestPriceDoubled(t *testing.T) {
	_, once := costed(1.25, nil)
	_, twice := costed(2.5, nil)
	other := costAnswers(twice.Answers)
	for name, e := range costAnswers(once.Answers) {
		costIs(t, name, other[name].Value, 2*float64(e.Value))
	}
	if once.Answers.Instances != twice.Answers.Instances || once.Verdict.Summary != twice.Verdict.Summary {
		t.Error("the price moved the size")
	}
}

// Idle minutes cost and answer nothing; minutes without data are left out.
func TestCostOfIdleTime(t *testing.T) {
	_, busy := costed(3.6, nil)
	_, half := costed(3.6, func(in *Input) {
		n := len(in.Minutes)
		for i := range n {
			m := blank()
			m.Start = in.Minutes[n-1].Start.Add(time.Duration(i+1) * time.Minute)
			m.CPU, m.Reporting, m.Invocations = .15, 2, 0
			in.Minutes = append(in.Minutes, m)
		}
	})
	costIs(t, "with as much idle time", half.Answers.CostPerMillionActual.Value, 2*float64(busy.Answers.CostPerMillionActual.Value))
	_, gap := costed(3.6, func(in *Input) {
		m := blank()
		m.Start = in.Minutes[len(in.Minutes)-1].Start.Add(time.Minute)
		in.Minutes = append(in.Minutes, m)
	})
	costIs(t, "with a gap", gap.Answers.CostPerMillionActual.Value, float64(busy.Answers.CostPerMillionActual.Value))
}

func TestCostRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Input)
		want   map[string]string // by answer
	}{
		"no price": {func(in *Input) { in.Price = price.Quote{} }, map[string]string{
			"per hour": "No prices: none were given.", "per million": "No prices: none were given.",
			"actual": "No prices: none were given.", "at the SLO rate": "No prices: none were given.",
		}},
		"too old": {func(in *Input) { in.Price = price.Quote{Why: "that of x is of 2025-01-01, more than 365 days ago"} }, map[string]string{
			"per million": "No prices: that of x is of 2025-01-01, more than 365 days ago.",
		}},
		"no rate within the SLO": {func(in *Input) { in.SLO = mustSLO("p99<1ms") }, map[string]string{
			"per hour": "There is no number of instances to price: ", "per million": "There is no number of instances to price: ",
			"at the SLO rate": "There is no rate within the SLO to price: ",
		}},
		"no count": {func(in *Input) {
			in.InstancesNow = 0
			for i := range in.Minutes {
				in.Minutes[i].PerInstance, in.Minutes[i].Reporting = math.NaN(), math.NaN()
			}
		}, map[string]string{"actual": "How many instances ran is not known"}},
	} {
		_, r := costed(1, c.change)
		for answer, want := range c.want {
			e := costAnswers(r.Answers)[answer]
			if e.Status != finding.Unanswerable || e.Value.Known() || !strings.HasPrefix(e.Why, want) || strings.Contains(e.Why, "\n") {
				t.Errorf("%s, %s: %s %v: %s", name, answer, e.Status, e.Value, e.Why)
			}
		}
	}
	_, r := costed(1, func(in *Input) { in.Price = price.Quote{} })
	if r.Price != nil || len(r.Traffic) == 0 || r.Traffic[0].CostPerHour.Known() {
		t.Error("a price out of nothing")
	}
}

// A rate that is only known from below bounds the cost from above, which no
// status says: the bound is in words.
func TestCostOfALowerBound(t *testing.T) {
	_, r := costed(3.6, func(in *Input) {
		l := gpuLab(below)
		l.batch = true
		in.Minutes, in.Tested.GPUs = l.run(), 1
		in.SLO = mustSLO("p99<60s")
	})
	if r.Answers.SLORate.Status != finding.AtLeast {
		t.Fatalf("the rate is %s", r.Answers.SLORate.Status)
	}
	want := "At most " + dollars(1000/float64(r.Answers.SLORate.Value)) + " USD"
	if e := r.Answers.CostPerMillionAtSLO; e.Status != finding.Unanswerable || e.Value.Known() || !strings.HasPrefix(e.Why, want) {
		t.Errorf("%s: %s, want %q", e.Status, e.Why, want)
	}
}

func TestOldPriceWarns(t *testing.T) {
	_, r := costed(1, func(in *Input) { in.Price.Old = true })
	var found []finding.Finding
	for _, f := range r.Findings {
		if f.Check == "cost_per_million" {
			found = append(found, f)
		}
	}
	want := "The price of ml.c5.xlarge is of 2026-11-01, more than 90 days ago: it may have moved."
	if len(found) != 1 || found[0].Severity != finding.Warning || found[0].Title != want || !r.Price.Old {
		t.Errorf("%+v", found)
	}
	for _, f := range mustCost(1).Findings {
		if f.Check == "cost_per_million" {
			t.Errorf("a new price warns: %s", f.Title)
		}
	}
}

func mustCost(usd float64) Result {
	_, r := costed(usd, nil)
	return r
}

// TestTraffic holds that each row is the least fleet that keeps the target.
func TestTraffic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := &analysis{in: Input{
			TargetUtilization: rapid.Float64Range(.05, 1).Draw(rt, "target"),
			Growth:            rapid.Float64Range(0, 3).Draw(rt, "growth"), Price: quoteOf(2),
		}}
		b := budget{rate: rapid.Float64Range(1e-3, 1e4).Draw(rt, "rate"), ok: true}
		peak := rapid.Float64Range(1e-2, 1e5).Draw(rt, "peak")
		a.answers.Instances = a.instances(b, peak, true, finding.Missing())
		rows := a.traffic(b, peak)
		if len(rows) < 5 {
			rt.Fatalf("%d rows", len(rows))
		}
		asked := false
		for i, r := range rows {
			k, load := float64(r.Instances), float64(r.PeakRPS)*(1+a.in.Growth)
			fits := b.rate * a.in.TargetUtilization
			if k < 1 || load > k*fits*(1+1e-6) || k > 1 && load < (k-1)*fits*(1-1e-6) {
				rt.Fatalf("%v instances for %v requests/s", k, r.PeakRPS)
			}
			if i > 0 && (r.PeakRPS <= rows[i-1].PeakRPS || r.Instances < rows[i-1].Instances) {
				rt.Fatalf("row %d does not ascend: %+v", i, rows)
			}
			if r.CostPerHour != 2*r.Instances || math.Abs(float64(r.InstanceRPS)*k/load-1) > 1e-9 || float64(r.Load) > a.in.TargetUtilization*(1+1e-6) {
				rt.Fatalf("%+v", r)
			}
			asked = asked || float64(r.PeakRPS) == peak
		}
		if !asked {
			rt.Fatalf("the peak %v is not in %+v", peak, rows)
		}
	})
}

// Where the answer for the peak rests on something else, no table contradicts it.
func TestTrafficAgreesWithTheAnswer(t *testing.T) {
	a := &analysis{in: Input{TargetUtilization: .7}}
	b := budget{rate: 10, ok: true}
	a.answers.Instances = finding.Estimate{Status: finding.Extrapolated, Value: 99}
	if rows := a.traffic(b, 100); rows != nil {
		t.Errorf("%+v", rows)
	}
	if rows := a.traffic(budget{}, 100); rows != nil {
		t.Errorf("out of nothing: %+v", rows)
	}
}
