package compare

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// contrasts are all numbers of a run against the baseline's.
func contrasts(base, other *run, limit float64) []finding.Contrast {
	var out []finding.Contrast
	if base.set.HasAnswers() && other.set.HasAnswers() {
		out = append(out, answerContrasts(base, other)...)
		out = append(out, loadContrasts(base, other)...)
	} else {
		out = append(out, measureContrasts(base, other)...)
	}
	for i := range out {
		c := &out[i]
		c.Run = other.label
		c.Outcome = outcome(c)
		c.Regression = c.Outcome == finding.WorseOutcome && worsening(c) > limit
		if c.Why == "" {
			c.Why = explain(c)
		}
	}
	return out
}

// answerContrasts compares the answers whose size does not depend on what was
// asked of the one run or the other.
func answerContrasts(base, other *run) []finding.Contrast {
	a, b := &base.set.Answers, &other.set.Answers
	sameSLO := base.set.Options.SLO == other.set.Options.SLO
	out := []finding.Contrast{
		estimates("capacity_rps_per_instance", "capacity of one instance", finding.Higher, a.Capacity, b.Capacity),
	}
	switch {
	case base.set.Options.SLO == "" && other.set.Options.SLO == "":
	case sameSLO:
		out = append(out, estimates("slo_rps_per_instance", "rate within the SLO of one instance", finding.Higher, a.SLORate, b.SLORate))
	default:
		out = append(out, refused("slo_rps_per_instance", "rate within the SLO of one instance", a.SLORate, b.SLORate, "the two were asked for different SLOs"))
	}
	if sameSLO && base.set.Price != nil && other.set.Price != nil {
		out = append(out, estimates("usd_per_million_at_slo", "cost of a million inferences at that rate", finding.Lower, a.CostPerMillionAtSLO, b.CostPerMillionAtSLO))
	}
	return out
}

// measureContrasts compares the named numbers that both runs have.
func measureContrasts(base, other *run) []finding.Contrast {
	var out []finding.Contrast
	for i := range base.set.Measures {
		a := &base.set.Measures[i]
		for k := range other.set.Measures {
			if b := &other.set.Measures[k]; b.Name == a.Name {
				out = append(out, estimates(a.Name, a.Label, a.Better, a.Estimate, b.Estimate))
				break
			}
		}
	}
	return out
}

// loadContrasts compares latency and errors at the same load.
func loadContrasts(base, other *run) []finding.Contrast {
	none := finding.Estimate{Status: finding.Unanswerable, Value: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing(), Current: finding.Missing()}
	make := func(name, label, unit string, of func(*step) sample, relativeTo func(float64) finding.Number) finding.Contrast {
		m := matched(base, other, of)
		c := refused(name, label, none, none, "")
		c.Better, c.Base.Unit, c.Other.Unit = finding.Lower, unit, unit
		if m.levels == 0 {
			c.Why = "no load level below saturation that both runs reached"
			return c
		}
		d := m.interval()
		c.Change, c.ChangeLo, c.ChangeHi = relativeTo(d.Value), relativeTo(d.Lo), relativeTo(d.Hi)
		c.Why = fmt.Sprintf("mean over %d load %s of %.4g to %.4g requests/s of one instance", m.levels, plural(m.levels, "level", "levels"), m.lo, m.hi)
		return c
	}
	return []finding.Contrast{
		make("p50_at_matched_load", "p50 at the same load", "s", func(s *step) sample { return s.log50 }, relative),
		make("p99_at_matched_load", "p99 at the same load", "s", func(s *step) sample { return s.log99 }, relative),
		make("errors_at_matched_load", "error ratio at the same load", "ratio", func(s *step) sample { return s.failed },
			func(d float64) finding.Number { return finding.Number(d) }),
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// refused is a contrast that cannot be told.
func refused(name, label string, a, b finding.Estimate, why string) finding.Contrast {
	return finding.Contrast{
		Measure: name, Label: label, Base: a, Other: b, Why: why,
		Change: finding.Missing(), ChangeLo: finding.Missing(), ChangeHi: finding.Missing(),
	}
}

// estimates compares two estimates of one number. Numbers above zero are
// compared by their logarithms, ratios by their difference.
func estimates(name, label string, better finding.Direction, a, b finding.Estimate) finding.Contrast {
	c := refused(name, label, a, b, "")
	c.Better = better
	if !answered(a) || !answered(b) {
		bounded(&c)
		return c
	}
	scale, back := math.Log, relative
	if a.Unit == "ratio" || a.Value <= 0 || b.Value <= 0 {
		scale, back = func(x float64) float64 { return x }, func(x float64) finding.Number { return finding.Number(x) }
	}
	d := scale(float64(b.Value)) - scale(float64(a.Value))
	h := math.Hypot(half(a, scale), half(b, scale))
	c.Change, c.ChangeLo, c.ChangeHi = back(d), back(d-h), back(d+h)
	return c
}

// answered reports whether an estimate has a value and an interval.
func answered(e finding.Estimate) bool {
	return (e.Status == finding.Measured || e.Status == finding.Extrapolated) && e.Value.Known() && e.Lo.Known() && e.Hi.Known()
}

// half is half the width of an interval on a scale; at least the wider side, so
// that a lopsided interval is not taken for a narrow one.
func half(e finding.Estimate, scale func(float64) float64) float64 {
	v, lo, hi := scale(float64(e.Value)), scale(float64(e.Lo)), scale(float64(e.Hi))
	h := math.Max(v-lo, hi-v)
	if math.IsNaN(h) || math.IsInf(h, 0) {
		return math.Inf(1)
	}
	return h
}

// bounded compares where one of the two is only a lower bound: it may still be
// beyond the other's interval.
func bounded(c *finding.Contrast) {
	a, b := c.Base, c.Other
	switch {
	case b.Status == finding.AtLeast && answered(a) && b.Value > a.Hi:
		c.ChangeLo = relative(math.Log(float64(b.Value / a.Hi)))
		c.Why = "only a lower bound is known, and it is above the baseline's interval"
	case a.Status == finding.AtLeast && answered(b) && a.Value > b.Hi:
		c.ChangeHi = relative(math.Log(float64(b.Hi / a.Value)))
		c.Why = "of the baseline only a lower bound is known, and it is above the interval"
	case a.Status == finding.AtLeast || b.Status == finding.AtLeast:
		c.Why = "only a lower bound is known, and the other may be on either side of it"
	case a.Status == finding.Unanswerable || a.Status == "":
		c.Why = "not known of the baseline"
	case b.Status == finding.Unanswerable || b.Status == "":
		c.Why = "not known of this run"
	default:
		c.Why = "known without an interval"
	}
}

// outcome reads the interval of the change.
func outcome(c *finding.Contrast) finding.Outcome {
	up, down := c.ChangeLo > 0, c.ChangeHi < 0
	known := c.ChangeLo.Known() && c.ChangeHi.Known()
	switch {
	case !up && !down && !known:
		return finding.CannotTell
	case !up && !down:
		return finding.NoDifference
	case c.Better == "":
		return finding.Different
	case up == (c.Better == finding.Higher):
		return finding.BetterOutcome
	}
	return finding.WorseOutcome
}

// worsening is by how much the change is one for the worse: the value of the
// change, or the end of it that is known.
func worsening(c *finding.Contrast) float64 {
	change := c.Change
	if !change.Known() {
		change = c.ChangeHi
		if c.Better == finding.Lower {
			change = c.ChangeLo
		}
	}
	if c.Better == finding.Higher {
		return -float64(change)
	}
	return float64(change)
}

// explain says what the interval means.
func explain(c *finding.Contrast) string {
	exact := c.Base.Lo == c.Base.Hi && c.Other.Lo == c.Other.Hi
	switch {
	case c.Outcome == finding.NoDifference && !exact:
		return "no difference beyond noise"
	case c.Outcome == finding.NoDifference:
		return "the same"
	case exact:
		return "read off one run each: how much it varies from run to run is not in it"
	}
	return "beyond the noise of both intervals"
}

// priceSteps are the steps of a run for the figure of price and performance.
func (r *run) priceSteps(price float64) []finding.PriceStep {
	of := latencyOf(r.set.Options.SLO)
	var out []finding.PriceStep
	for i := range r.set.Steps {
		st := &r.set.Steps[i]
		served := float64(st.ServedRPS)
		if !(served > 0) {
			continue
		}
		hours := 1e6 / (3600 * served)
		out = append(out, finding.PriceStep{
			N: st.N, RPS: st.ServedRPS, Latency: of(st), InstanceHours: finding.Number(hours), USDPerMillion: finding.Number(hours * price),
			SLO: st.SLO, Saturated: st.Saturated,
		})
	}
	return out
}

// latencyOf is the statistic of a step that the SLO is about, p99 when it is
// about none.
func latencyOf(objective string) func(*finding.Step) finding.Number {
	parsed, err := slo.Parse(objective)
	if err == nil {
		for _, o := range parsed.Objectives {
			switch o.Metric {
			case slo.P50:
				return func(s *finding.Step) finding.Number { return s.P50 }
			case slo.P90:
				return func(s *finding.Step) finding.Number { return s.P90 }
			case slo.P95:
				return func(s *finding.Step) finding.Number { return s.P95 }
			case slo.Mean:
				return func(s *finding.Step) finding.Number { return s.ModelMean }
			default:
			}
		}
	}
	return func(s *finding.Step) finding.Number { return s.P99 }
}
