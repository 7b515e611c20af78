package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"sizewise/analyze/finding"
)

// printAnswers writes the answers for a terminal: the verdict, then one line
// an answer with its status, then the findings.
func printAnswers(w io.Writer, s finding.Set) error {
	fmt.Fprintf(w, "%s  %s to %s\n", clean(s.Subject), show(s.Window.Start), show(s.Window.End))
	fmt.Fprintf(w, "%s: %s\n\n", strings.ToUpper(string(s.Verdict.Status)), clean(s.Verdict.Summary))
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	a := s.Answers
	fmt.Fprintf(tw, "saturated\t%s\t%s\n", flagText(a.Saturated), clean(a.Saturated.Why))
	estimateLine(tw, "capacity", a.Capacity)
	estimateLine(tw, "rate within SLO", a.SLORate)
	bottleneck := a.Bottleneck.Value
	if a.Bottleneck.Status == finding.Unanswerable {
		bottleneck = "cannot tell"
	}
	fmt.Fprintf(tw, "bottleneck\t%s\t%s\n", bottleneck, clean(a.Bottleneck.Why))
	estimateLine(tw, "errors start at", a.ErrorOnset)
	estimateLine(tw, "instances", a.Instances)
	estimateLine(tw, "autoscaling target", a.AutoscalingTarget)
	estimateLine(tw, "headroom", a.Headroom)
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing answers: %w", err)
	}
	if len(s.Findings) > 0 {
		fmt.Fprintln(w)
	}
	for _, f := range s.Findings {
		fmt.Fprintf(w, "%s: %s\n", f.Severity, clean(f.Title))
	}
	return nil
}

func flagText(f finding.Flag) string {
	switch {
	case f.Value == nil:
		return "cannot tell"
	case *f.Value:
		return "yes"
	}
	return "no"
}

func estimateLine(w io.Writer, name string, e finding.Estimate) {
	text := "cannot tell"
	switch {
	case e.Status == finding.Unanswerable || !e.Value.Known():
	case e.Status == finding.AtLeast:
		text = "at least " + number(e.Value) + " " + e.Unit
	case e.Lo.Known() && e.Hi.Known() && e.Lo != e.Hi:
		text = fmt.Sprintf("%s (%s to %s) %s, %s", number(e.Value), number(e.Lo), number(e.Hi), e.Unit, e.Status)
	default:
		text = number(e.Value) + " " + e.Unit
	}
	if e.Current.Known() {
		text = "now " + number(e.Current) + ", " + text
	}
	why := e.Why
	if e.Formula != "" {
		why = e.Formula
	}
	fmt.Fprintf(w, "%s\t%s\t%s\n", name, text, clean(why))
}

// number prints three significant digits, and whole numbers whole.
func number(n finding.Number) string {
	x := float64(n)
	if x == math.Trunc(x) || math.Abs(x) >= 1000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// clean makes text from data safe for a terminal: control characters, which
// could move the cursor or change colours, become blanks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || (r >= 0x7f && r < 0xa0) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return ' '
		}
		return r
	}, s)
}
