package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sizewise/ingest"
)

func (a *app) newPlanCommand() *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use:   "plan SUBJECT...",
		Short: "What a pull would ask, how many calls, the cost and the IAM policy",
		Long: `Says what ingest would ask for now, without asking for data and without writing
anything: the calls, the points, what they cost, and the least IAM policy that they
need.

  $ sizewise plan endpoint/resnet-g5 --last 2h`,
		Args: atLeastOne("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			o, err := a.newPull(ctx, args, &flags)
			if err != nil {
				return err
			}
			l, err := a.openLake(ctx, o.Now, flags.wait)
			if err != nil {
				return err
			}
			o.Lake = l
			plan, err := ingest.NewPlan(ctx, o)
			if err := errors.Join(err, l.Close()); err != nil {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, plan)
			}
			return printPlan(a.con.out, plan)
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

func printPlan(w io.Writer, p *ingest.Plan) error {
	for _, s := range p.Subjects {
		if err := printSubjectPlan(w, s); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "Total: at least %s, at most %s, %s.\n", count(p.Calls, "call"), count(p.Datapoints, "point"), costText(p.CostLow, p.CostHigh))
	fmt.Fprintf(w, "\nThe least IAM policy that it needs:\n\n%s\n", p.Policy)
	return nil
}

func printSubjectPlan(w io.Writer, s ingest.SubjectPlan) error {
	fmt.Fprintf(w, "%s in %s\n", s.Subject, s.Region)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "  data\tfrom\tto\tperiod\tcalls\tof")
	provisional := false
	for _, c := range s.Chunks {
		period, calls := "-", fmt.Sprint(c.Calls)
		if c.PeriodS > 0 {
			period = fmt.Sprintf("%d s", c.PeriodS)
		} else {
			calls = fmt.Sprintf("at least %d", c.Calls)
		}
		data := c.Dataset
		if c.Provisional {
			data += "*"
			provisional = true
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\t%s\n", data, show(c.Start), show(c.End), period, calls, shorten(clean(c.Scope)))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if provisional {
		fmt.Fprintln(w, "  * not settled yet: asked again next time")
	}
	if len(s.Chunks) == 0 {
		fmt.Fprintln(w, "  nothing: the lake holds all of it")
	}
	fmt.Fprintf(w, "  %s metrics with all dimension sets, %s, at most %s\n", thousands(int64(len(s.Series))), count(s.Queries, "statistic"), count(s.Datapoints, "point"))
	for _, n := range s.Notes {
		fmt.Fprintf(w, "  note: %s\n", clean(n))
	}
	for _, p := range s.Problems {
		fmt.Fprintf(w, "  problem: %s %s: %s\n", clean(p.Scope), p.Status, clean(p.Reason))
	}
	return nil
}

// shorten keeps what a chunk is of to the rest of a line; the ledger has it whole.
func shorten(s string) string {
	const most = 48
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
