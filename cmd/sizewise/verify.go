package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// flawedError ends verify when it found something. What it is has been printed.
type flawedError struct{ findings, differ int }

// Error counts the findings.
func (e *flawedError) Error() string {
	if e.differ > 0 {
		return fmt.Sprintf("the lake is not as it should be: %s, %s not what CloudWatch says", count(e.findings, "finding"), count(e.differ, "value"))
	}
	return fmt.Sprintf("the lake is not as it should be: %s", count(e.findings, "finding"))
}

// verified is what verify prints as JSON.
type verified struct {
	lake.Report
	Online *comparison `json:"online,omitempty"`
}

func (a *app) newVerifyCommand() *cobra.Command {
	var online bool
	var sample int
	var seed string
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read every file again; with --online ask CloudWatch for a sample",
		Long: `Reads every file to its end: whether it can be read, is sorted, holds no row twice,
and holds what the ledger vouches for. With --online it asks CloudWatch again for a
sample of settled points and compares them digit by digit.

  $ sizewise lake verify
  $ sizewise lake verify --online --sample 50`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			p := newProgress(a.con, a.common.quiet)
			report, err := lake.Verify(ctx, a.common.lake, lake.VerifyOptions{
				Progress: func(done, total int) { p.stage("verify", int64(done), int64(total), "files") },
			})
			p.clear()
			if err != nil {
				return err
			}
			out := verified{Report: report}
			if online {
				if out.Online, err = a.compareOnline(ctx, flags, sample, seed); err != nil {
					return err
				}
			}
			if err := a.printVerified(out); err != nil {
				return err
			}
			differ := 0
			if out.Online != nil {
				differ = len(out.Online.Different)
			}
			if len(report.Findings) > 0 || differ > 0 {
				return &flawedError{len(report.Findings), differ}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&online, "online", false, "also ask CloudWatch for a sample of points and compare")
	cmd.Flags().IntVar(&sample, "sample", 20, "points to ask for, each one call of GetMetricData")
	cmd.Flags().StringVar(&seed, "seed", "1", "another seed takes other points")
	flags.add(cmd.Flags())
	return cmd
}

func (a *app) printVerified(v verified) error {
	if a.common.json {
		return writeJSON(a.con.out, v)
	}
	w := a.con.out
	for _, f := range v.Findings {
		fmt.Fprintf(w, "%s  %s: %s\n", f.Kind, clean(f.Path), clean(f.Detail))
		if f.Repair != "" {
			fmt.Fprintf(w, "  to repair: %s\n", clean(f.Repair))
		}
	}
	for _, path := range v.SetAside {
		fmt.Fprintf(w, "set aside earlier, of no use to the lake: %s\n", clean(path))
	}
	fmt.Fprintf(w, "%s, %s, %s read; %s held against the data; %s\n",
		count(v.Files, "file"), count(v.Rows, "row"), size(v.Bytes), count(v.Entries, "ledger row"), count(len(v.Findings), "finding"))
	if v.Online != nil {
		return printComparison(w, *v.Online)
	}
	return nil
}

func printComparison(w io.Writer, c comparison) error {
	for _, d := range c.Different {
		fmt.Fprintf(w, "differs  %s %s %s %s: lake %s, CloudWatch %s\n", clean(d.Metric), clean(d.Dims), show(d.TS), d.Stat, d.Lake, d.CloudWatch)
	}
	_, err := fmt.Fprintf(w, "%s of %s asked of CloudWatch again: %d equal, %d different, %d not answered; %s\n",
		count(c.Values, "value"), count(c.Points, "point"), c.Equal, len(c.Different), c.Unanswered, costText(c.Usage.CostLow, c.Usage.CostHigh))
	return err
}

// compareOnline asks every target for its share of a sample.
func (a *app) compareOnline(ctx context.Context, flags targetFlags, size int, seed string) (_ *comparison, err error) {
	if size <= 0 {
		return nil, usagef("for example --sample 20", "--sample %d takes no points", size)
	}
	clients, err := a.clients(flags)
	if err != nil {
		return nil, err
	}
	e, err := a.openEngine(ctx, limitFlags{memory: "1GB"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	all := &comparison{Different: []difference{}}
	var places []string
	for _, o := range clients {
		client, err := cloudwatch.New(ctx, o)
		if err != nil {
			return nil, err
		}
		points, err := samplePoints(ctx, e, client, map[string]any{
			"now": a.con.now(), "seed": seed, "size": int64(size),
		})
		if err != nil {
			return nil, err
		}
		places = append(places, fmt.Sprintf("%s of the caller's account", client.Region()))
		for _, p := range points {
			if err := all.ask(ctx, client, p); err != nil {
				return nil, err
			}
		}
	}
	if all.Points == 0 {
		return nil, fmt.Errorf("the lake holds no settled point of %s that CloudWatch still has: see sizewise lake info, and choose with --region and --profile", strings.Join(places, " or "))
	}
	return all, nil
}
