package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

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
				err = writeJSON(a.con.out, plan)
			} else {
				err = printPlan(a.con.out, plan)
			}
			return errors.Join(err, unanswered(plan))
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

// unanswered is an error when AWS would not say what the plan rests on.
func unanswered(p *ingest.Plan) error {
	n, first := 0, ""
	for _, s := range p.Subjects {
		for _, e := range s.Problems {
			if n++; first == "" {
				first = fmt.Sprintf("%s %s: %s", e.Scope, e.Status, e.Reason)
			}
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%s that the plan rests on came to nothing, so it is a guess; first: %s", count(n, "call"), oneLine(first))
}

// printPlan writes the sum first: a long window has a long table.
func printPlan(w io.Writer, p *ingest.Plan) error {
	least, further := "", ""
	if logCalls(p.ByOperation) > 0 {
		least = "at least "
		further = " Log events that fill more than a page, or lie hours apart, take more calls."
	}
	total := fmt.Sprintf("%s%s, at most %s, %s", least, count(p.Calls, "call"), count(p.Datapoints, "point"), costText(p.CostLow, p.CostHigh))
	if p.LeastSeconds >= 1 {
		total += fmt.Sprintf("; the quotas of AWS allow it in %s at best", time.Duration(math.Ceil(p.LeastSeconds))*time.Second)
	}
	fmt.Fprintf(w, "%s\n", wrap("Total: "+total+"."+further, ""))
	fmt.Fprintf(w, "%s\n\n", wrap("Calls: "+byOperation(p.ByOperation)+".", ""))
	for _, s := range p.Subjects {
		if err := printSubjectPlan(w, s); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nThe least IAM policy that it needs:\n\n%s\n", p.Policy)
	return err
}

// logCalls are the calls whose number depends on how much was logged.
func logCalls(by map[string]int64) int64 {
	return by["FilterLogEvents"] + by["StartQuery"] + by["GetQueryResults"]
}

// byOperation lists operations with their calls, the most first.
func byOperation(by map[string]int64) string {
	names := slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range names {
		if by[name] > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", name, thousands(by[name])))
		}
	}
	return strings.Join(parts, ", ")
}

func printSubjectPlan(w io.Writer, s ingest.SubjectPlan) error {
	fmt.Fprintf(w, "%s in %s", s.Subject, s.Region)
	if s.Target != "" {
		fmt.Fprintf(w, " (%s)", clean(s.Target))
	}
	fmt.Fprintf(w, ", %s to %s\n", show(s.Start), show(s.End))
	if err := printChunks(w, s.Chunks, s.Subject.Name); err != nil {
		return err
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

func printChunks(w io.Writer, chunks []ingest.PlannedChunk, subject string) error {
	if len(chunks) == 0 {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "  data\tfrom\tto\tperiod\tstatistics\tof")
	provisional := false
	for _, c := range joined(chunks) {
		period, queries, data := "-", "-", c.Dataset
		if c.PeriodS > 0 {
			period, queries = fmt.Sprintf("%d s", c.PeriodS), thousands(c.Queries)
		}
		if c.Provisional {
			data += "*"
			provisional = true
		}
		fmt.Fprintf(tw, "  %s\t%s\t%s\t%s\t%s\t%s\n", data, brief(c.Start), brief(c.End), period, queries, shorten(clean(publisherText(c.Scope, subject)), 44))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if provisional {
		fmt.Fprintln(w, "  * not settled yet: asked again next time")
	}
	return nil
}

// joined makes one of the chunks of one publisher and period that follow each
// other: a plan of months has one for each day.
func joined(chunks []ingest.PlannedChunk) []ingest.PlannedChunk {
	type series struct {
		dataset, scope string
		periodS        int32
		provisional    bool
	}
	at := map[series]int{}
	var out []ingest.PlannedChunk
	for _, c := range chunks {
		key := series{c.Dataset, c.Scope, c.PeriodS, c.Provisional}
		i, ok := at[key]
		if !ok || !out[i].End.Equal(c.Start) {
			at[key] = len(out)
			out = append(out, c)
			continue
		}
		out[i].End = c.End
		out[i].Calls += c.Calls
		out[i].Queries += c.Queries
		out[i].Datapoints += c.Datapoints
	}
	return out
}

// brief is a time in a narrow column; the heading of a plan says that it is UTC.
func brief(t time.Time) string { return t.UTC().Format("01-02T15:04") }

// publisherText is a publisher of metrics without what every line of the plan
// has: NAMESPACE Dim=Value,Dim=Value.
func publisherText(scope, subject string) string {
	namespace, query, ok := strings.Cut(scope, "?")
	values, err := url.ParseQuery(query)
	if !ok || err != nil || strings.HasPrefix(query, "prefix=") {
		return scope
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if value := values.Get(name); value != subject {
			parts = append(parts, name+"="+value)
		}
	}
	return strings.TrimSpace(namespace + " " + strings.Join(parts, ","))
}

// shorten keeps what a chunk is of to the rest of a line; the ledger has it whole.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
