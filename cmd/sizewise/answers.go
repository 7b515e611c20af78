package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"sizewise/analyze/finding"
)

// printAnswers writes the answers for a terminal: the verdict, then each answer
// with its status and below it how it is known, then the findings.
func printAnswers(w io.Writer, s finding.Set) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s  %s to %s\n", clean(s.Subject), show(s.Window.Start), show(s.Window.End))
	fmt.Fprintf(out, "%s\n\n", wrap(strings.ToUpper(string(s.Verdict.Status))+": "+clean(s.Verdict.Summary), ""))
	if !s.HasAnswers() {
		printMeasures(out, s)
		return flushed(out)
	}
	a := s.Answers
	answer(out, "saturated", flagText(a.Saturated), a.Saturated.Why)
	answer(out, "capacity", estimateText(a.Capacity), a.Capacity.Why)
	answer(out, "rate within SLO", estimateText(a.SLORate), a.SLORate.Why)
	bottleneck := a.Bottleneck.Value
	if a.Bottleneck.Status == finding.Unanswerable {
		bottleneck = cannotTell
	}
	answer(out, "bottleneck", bottleneck, a.Bottleneck.Why)
	answer(out, "errors start at", estimateText(a.ErrorOnset), a.ErrorOnset.Why)
	answer(out, "instances", estimateText(a.Instances), formulaOrWhy(a.Instances))
	sizingAnswers(out, s.Sizing)
	answer(out, "autoscaling target", estimateText(a.AutoscalingTarget), formulaOrWhy(a.AutoscalingTarget))
	if s.Sizing != nil && a.AutoscalingTarget.Formula != "" {
		safety := strings.TrimPrefix(s.Sizing.Safety.Formula+". "+s.Sizing.Safety.Why, ". ")
		fmt.Fprintln(out, wrap(clean(safety), "                      "))
	}
	answer(out, "free at the peak", estimateText(a.Headroom), formulaOrWhy(a.Headroom))
	costAnswers(out, s)
	printProblems(out, s)
	return flushed(out)
}

// sizingAnswers writes what else the number of instances depends on.
func sizingAnswers(w io.Writer, s *finding.Sizing) {
	if s == nil {
		return
	}
	if s.WouldChange != "" {
		fmt.Fprintln(w, wrap(clean(s.WouldChange), "                      "))
	}
	why := formulaOrWhy(s.ZoneLoss)
	if s.ZonesAssumed && s.ZoneLoss.Formula != "" {
		why += " (the zones are assumed, --zones says how many)"
	}
	answer(w, "if a zone is lost", estimateText(s.ZoneLoss), why)
}

// printMeasures writes what is known of a subject that is no endpoint with
// instances.
func printMeasures(w io.Writer, s finding.Set) {
	for _, m := range s.Measures {
		answer(w, m.Label, estimateText(m.Estimate), formulaOrWhy(m.Estimate))
	}
	printProblems(w, s)
}

func printProblems(w io.Writer, s finding.Set) {
	if len(s.Findings) > 0 {
		fmt.Fprintln(w)
	}
	for _, f := range s.Findings {
		fmt.Fprintln(w, wrap(string(f.Severity)+": "+clean(f.Title), ""))
	}
}

func flushed(out *bufio.Writer) error {
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing answers: %w", err)
	}
	return nil
}

const cannotTell = "cannot tell"

func answer(w io.Writer, name, value, why string) {
	fmt.Fprintf(w, "%-19s %s\n", name, clean(value))
	if why != "" {
		fmt.Fprintln(w, wrap(clean(why), "                      "))
	}
}

func formulaOrWhy(e finding.Estimate) string {
	if e.Formula != "" && e.Status != finding.Unanswerable {
		return e.Formula
	}
	return e.Why
}

func flagText(f finding.Flag) string {
	switch {
	case f.Value == nil:
		return cannotTell
	case *f.Value:
		return "yes"
	}
	return "no"
}

// estimateText prints an estimate with its interval and how it is known.
func estimateText(e finding.Estimate) string {
	text := cannotTell
	switch {
	case e.Status == finding.Unanswerable || !e.Value.Known():
	case e.Status == finding.AtLeast:
		text = "at least " + quantity(e.Value, e.Unit) + unitText(e.Unit)
	case e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi:
		text = fmt.Sprintf("%s (%s to %s)%s, %s", quantity(e.Value, e.Unit), quantity(e.Lo, e.Unit), quantity(e.Hi, e.Unit), unitText(e.Unit), e.Status)
	default:
		text = quantity(e.Value, e.Unit) + unitText(e.Unit)
	}
	if e.Current.Known() {
		text = "now " + number(e.Current) + "; " + text
	}
	return text
}

// quantity prints a number in its unit; ratios as percentages.
func quantity(n finding.Number, unit string) string {
	if unit == "ratio" {
		return number(n*100) + " %"
	}
	return number(n)
}

func unitText(unit string) string {
	if unit == "ratio" || unit == "" {
		return ""
	}
	return " " + unit
}

// number prints three significant digits, and whole numbers whole.
func number(n finding.Number) string {
	x := float64(n)
	if x == math.Trunc(x) || math.Abs(x) >= 1000 {
		return thousands(int64(math.Round(x)))
	}
	return fmt.Sprintf("%.3g", x)
}
