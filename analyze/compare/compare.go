// Package compare sets the results of several analyses side by side: what each
// run can take, how fast it is at the same load, what it costs, and which of
// the differences are beyond noise.
//
// [Runs] is a pure function of finding.Sets. A difference is told with its
// interval; where that holds no difference at all, the words are "no difference
// beyond noise". Numbers of the same name are compared, never of the same place.
package compare

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
)

// Options of Runs.
type Options struct {
	Labels        []string // of the runs; nil takes A, B, C ...
	MaxRegression float64  // 0.1: worse by more than 10 % and beyond noise is a regression; NaN: nothing is
	Tool          string
}

// confidence of every interval.
const confidence = 0.95

// Runs compares every run with the first. It asks for two sets or more.
func Runs(sets []finding.Set, o Options) finding.Comparison {
	c := finding.Comparison{
		Format: finding.Format, Tool: o.Tool,
		Options: finding.ComparisonOptions{MaxRegression: finding.Number(o.MaxRegression)},
	}
	runs := make([]*run, len(sets))
	for i := range sets {
		label := string(rune('A' + i%26))
		if i < len(o.Labels) {
			label = o.Labels[i]
		}
		runs[i] = newRun(label, &sets[i])
		c.Runs = append(c.Runs, runs[i].summary())
	}
	c.Options.SLO = sets[0].Options.SLO
	c.Options.Growth, c.Options.TargetUtilization = sets[0].Options.Growth, sets[0].Options.TargetUtilization
	c.Levels = levels(runs)
	for _, r := range runs[1:] {
		c.Contrasts = append(c.Contrasts, contrasts(runs[0], r, o.MaxRegression)...)
	}
	c.Fleets = fleets(runs)
	c.Verdict = judge(c, o.MaxRegression)
	return c
}

// run is one set with what is derived from it.
type run struct {
	label string
	set   *finding.Set
	steps []step // unsaturated, with minutes, by rate
}

func newRun(label string, set *finding.Set) *run {
	return &run{label: label, set: set, steps: usableSteps(set)}
}

// summary is the run as the result has it.
func (r *run) summary() finding.Run {
	out := finding.Run{
		Label: r.label, Subject: r.set.Subject, Kind: r.set.Kind, Window: r.set.Window,
		InstanceType: r.set.Tested.InstanceType, Verdict: r.set.Verdict, Price: finding.Missing(),
	}
	if r.set.Price != nil {
		out.Price = r.set.Price.USDPerHour
	}
	rate, why := r.usable()
	out.Usable, out.WhyUsable = finding.Number(rate), why
	out.Steps = r.priceSteps(float64(out.Price))
	return out
}

// usable is the rate that sizing counts on, requests/s of one instance, as the
// set's own table of traffic has it: the lower end of the capacity or of the
// rate within the SLO.
func (r *run) usable() (rate float64, why string) {
	for _, t := range r.set.Traffic {
		if t.Load > 0 && t.InstanceRPS > 0 {
			return float64(t.InstanceRPS / t.Load), "the lower end of the rate that one instance may serve"
		}
	}
	a := &r.set.Answers
	switch {
	case !r.set.HasAnswers():
		return math.NaN(), "rates per instance are answered for endpoints with instances"
	case a.Instances.Status == finding.Unanswerable && a.Instances.Why != "":
		return math.NaN(), a.Instances.Why
	}
	return math.NaN(), "no rate of one instance is known"
}

// judge is the verdict over all contrasts.
func judge(c finding.Comparison, limit float64) finding.Verdict {
	var worse, better, told int
	v := finding.Verdict{Status: finding.Pass}
	for i := range c.Contrasts {
		k := &c.Contrasts[i]
		switch k.Outcome {
		case finding.CannotTell:
			continue
		case finding.WorseOutcome:
			worse++
		case finding.BetterOutcome:
			better++
		case finding.Different, finding.NoDifference:
		}
		told++
		if k.Regression {
			v.Status = finding.Fail
			v.Reasons = append(v.Reasons, fmt.Sprintf("%s of %s: %s", k.Label, k.Run, change(k)))
		}
	}
	baseline := c.Runs[0].Label
	switch {
	case told == 0:
		return finding.Verdict{
			Status: finding.Insufficient, Summary: "Nothing can be compared: no number of " + baseline + " is known with its interval in another run too",
			Reasons: []string{"ask for an --slo, or for windows with a load test in them"},
		}
	case v.Status == finding.Fail:
		v.Summary = fmt.Sprintf("%s worse than %s by more than %s beyond noise", count(len(v.Reasons), "number is", "numbers are"), baseline, percent(limit))
	case worse == 0 && better == 0:
		v.Summary = "No difference beyond noise from " + baseline
	default:
		v.Summary = fmt.Sprintf("Against %s %s better and %s worse beyond noise", baseline, count(better, "number is", "numbers are"), count(worse, "number is", "numbers are"))
	}
	return v
}

// change is a change in words, in percent or in percentage points.
func change(k *finding.Contrast) string {
	unit := "%"
	if k.Base.Unit == "ratio" || k.Other.Unit == "ratio" {
		unit = "points"
	}
	part := func(n finding.Number) string { return fmt.Sprintf("%+.3g", 100*float64(n)) }
	switch {
	case k.Change.Known():
		return finding.Within(part(k.Change)+" "+unit, part(k.ChangeLo), part(k.ChangeHi))
	case k.ChangeLo.Known():
		return fmt.Sprintf("at least %s %s", part(k.ChangeLo), unit)
	}
	return fmt.Sprintf("at most %s %s", part(k.ChangeHi), unit)
}

func count(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + one
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func percent(x float64) string { return fmt.Sprintf("%.3g %%", 100*x) }
