package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sizewise/analyze/compare"
	"sizewise/analyze/finding"
	"sizewise/report"
)

// compareFlags say what of a comparison fails and where it is written.
type compareFlags struct {
	regression string
	out        string
	html       bool
}

func (a *app) newCompareCommand() *cobra.Command {
	var analysis analysisFlags
	var flags compareFlags
	cmd := &cobra.Command{
		Use:   "compare SUBJECT[@START/END] SUBJECT[@START/END]...",
		Short: "Runs side by side: capacity, latency at the same load, cost",
		Long: `Compares runs that the lake holds with the first of them: other endpoints, other
windows, other instance types. A difference is told with its interval, and as
"no difference beyond noise" where that is so.

  $ sizewise compare endpoint/ranker@2026-11-19T14:00/2026-11-19T15:00 \
      endpoint/ranker@2026-11-20T14:00/2026-11-20T15:00 --max-regression 10%
  $ sizewise compare endpoint/ranker-g5 endpoint/ranker-c6i --out side-by-side`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usagef("see "+cmd.CommandPath()+" --help", "%s needs two runs or more", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.compare(cmd.Context(), args, &analysis, &flags)
		},
	}
	analysis.add(cmd.Flags(), a.con.getenv)
	fs := cmd.Flags()
	fs.StringVar(&flags.regression, "max-regression", "", "status 3 when worse by more, as 10%")
	fs.StringVar(&flags.out, "out", "", "directory of the page; default none")
	fs.BoolVar(&flags.html, "html", false, "also comparison.html, one file")
	return cmd
}

// mostRuns is how many runs one comparison takes: a table has no room for more.
const mostRuns = 12

func (a *app) compare(ctx context.Context, args []string, analysis *analysisFlags, flags *compareFlags) error {
	limit := math.NaN()
	if flags.regression != "" {
		var err error
		if limit, err = parseRatio("--max-regression", flags.regression, 0, 10); err != nil {
			return err
		}
	}
	if len(args) > mostRuns {
		return usagef("compare them in groups", "%d runs are more than the %d that one comparison takes", len(args), mostRuns)
	}
	sets := make([]finding.Set, 0, len(args))
	for _, arg := range args {
		set, err := a.analyzeRun(ctx, arg, analysis)
		if err != nil {
			return fmt.Errorf("%s: %w", clean(arg), err)
		}
		sets = append(sets, set)
	}
	c := compare.Runs(sets, compare.Options{MaxRegression: limit, Tool: "sizewise " + release})
	if err := a.writeComparison(ctx, c, flags); err != nil {
		return err
	}
	if c.Verdict.Status == finding.Pass {
		return nil
	}
	return &verdictError{c.Verdict}
}

// analyzeRun analyzes SUBJECT or SUBJECT@START/END.
func (a *app) analyzeRun(ctx context.Context, arg string, f *analysisFlags) (finding.Set, error) {
	name, window, err := a.splitRun(arg)
	if err != nil {
		return finding.Set{}, err
	}
	sub, err := parseSubject(name)
	if err != nil {
		return finding.Set{}, err
	}
	o, err := f.options(a, sub, window)
	if err != nil {
		return finding.Set{}, err
	}
	return a.analyzeWith(ctx, o)
}

// splitRun takes the window off a run. A run without one is all that the lake
// holds.
func (a *app) splitRun(arg string) (subject string, window span, err error) {
	at := strings.LastIndex(arg, "@")
	if at < 0 {
		return arg, span{}, nil
	}
	const hint = "for example endpoint/ranker@2026-11-20T14:00/2026-11-20T15:00"
	from, to, ok := strings.Cut(arg[at+1:], "/")
	if !ok || from == "" || to == "" {
		return "", span{}, usagef(hint, "no window START/END behind the @: %q", clean(arg[at+1:]))
	}
	zone, err := a.location()
	if err != nil {
		return "", span{}, err
	}
	w := windowFlags{start: from, end: to}
	window, err = w.resolve(a.began, zone)
	return arg[:at], window, err
}

// writeComparison prints the comparison and, when asked, writes its page.
func (a *app) writeComparison(ctx context.Context, c finding.Comparison, f *compareFlags) error {
	if f.out != "" {
		zone, err := a.location()
		if err != nil {
			return err
		}
		if err := report.WriteComparison(ctx, c, report.Options{Dir: f.out, HTML: f.html, Zone: zone}); err != nil {
			return fmt.Errorf("writing the comparison: %w", err)
		}
	}
	if a.common.json {
		data, err := report.EncodeComparison(c)
		if err != nil {
			return err
		}
		_, err = a.con.out.Write(data)
		return err
	}
	if err := printContrasts(a.con.out, c); err != nil {
		return err
	}
	if f.out != "" {
		fmt.Fprintln(a.con.out, filepath.Join(f.out, report.ComparisonFile))
	}
	return nil
}

// printContrasts writes the verdict, the runs and every change.
func printContrasts(w io.Writer, c finding.Comparison) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n\n", wrap(strings.ToUpper(string(c.Verdict.Status))+": "+clean(c.Verdict.Summary), ""))
	for _, r := range c.Runs {
		fmt.Fprintf(out, "%s  %s  %s to %s  %s\n", clean(r.Label), clean(r.Subject), show(r.Window.Start), show(r.Window.End), clean(r.InstanceType))
	}
	fmt.Fprintln(out)
	for i := range c.Contrasts {
		k := &c.Contrasts[i]
		fmt.Fprintf(out, "%s, %s: %s\n", clean(k.Label), clean(k.Run), changeWords(k))
		if k.Why != "" && k.Outcome != finding.NoDifference {
			fmt.Fprintln(out, wrap(clean(k.Why), "    "))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the comparison: %w", err)
	}
	return nil
}

// changeWords is one change on a line.
func changeWords(k *finding.Contrast) string {
	unit := " %"
	if k.Base.Unit == "ratio" || k.Other.Unit == "ratio" {
		unit = " points"
	}
	percent := func(n finding.Number) string { return fmt.Sprintf("%+.3g", 100*float64(n)) }
	change := ""
	switch {
	case k.Change.Known() && k.ChangeLo.Known() && k.ChangeHi.Known():
		change = fmt.Sprintf("%s%s (%s to %s), ", percent(k.Change), unit, percent(k.ChangeLo), percent(k.ChangeHi))
	case k.ChangeLo.Known():
		change = "at least " + percent(k.ChangeLo) + unit + ", "
	case k.ChangeHi.Known():
		change = "at most " + percent(k.ChangeHi) + unit + ", "
	}
	switch k.Outcome {
	case finding.NoDifference:
		return change + "no difference beyond noise"
	case finding.CannotTell:
		return cannotTell
	case finding.WorseOutcome:
		if k.Regression {
			return change + "worse, beyond the limit"
		}
	case finding.BetterOutcome, finding.Different:
	}
	return change + string(k.Outcome)
}
