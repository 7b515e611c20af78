package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sizewise/ingest/lake"
)

// newLakeCommand is the lake's own house-keeping.
func (a *app) newLakeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lake",
		Short: "What the lake holds, whether it is whole, and tidying it",
		Long: `House-keeping of the lake of --lake.

  $ sizewise lake info
  $ sizewise lake verify --online
  $ sizewise lake prune --before 2026-01-01
  $ sizewise lake attach lake.duckdb`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("info, verify, compact, prune or attach", "sizewise lake does not know %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []*cobra.Command{a.newInfoCommand(), a.newVerifyCommand(), a.newCompactCommand(), a.newPruneCommand(), a.newAttachCommand()} {
		c.Long += "\n\n" + exitHelpOf("lake "+c.Name())
		cmd.AddCommand(c)
	}
	return cmd
}

func (a *app) newInfoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "info",
		Short: "Datasets, rows, days, subjects and size",
		Long: `Says what the lake holds, from the footers of its files.

  $ sizewise lake info
  $ sizewise lake info --json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, err := lake.ReadInfo(cmd.Context(), a.common.lake)
			if err != nil {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, info)
			}
			return a.printInfo(info)
		},
	}
}

func (a *app) printInfo(info lake.Info) error {
	tw := tabwriter.NewWriter(a.con.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "dataset\tfiles\tdays\trows\tsize\tfirst\tlast\tof\t")
	for _, d := range info.Datasets {
		of := "subject"
		if d.Name == "logs" {
			of = "log group"
		}
		fmt.Fprintf(tw, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t\n", d.Name, d.Files, d.Days, thousands(d.Rows), size(d.Bytes),
			moment(d.First), moment(d.Last), count(len(d.Keys), of))
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing what the lake holds: %w", err)
	}
	for _, d := range info.Datasets {
		for _, path := range d.Unreadable {
			fmt.Fprintf(a.con.out, "unreadable: %s (sizewise lake verify says more)\n", clean(path))
		}
	}
	_, err := fmt.Fprintf(a.con.out, "%s, format %d, %s\n", clean(info.Dir), info.Format, size(info.Bytes))
	return err
}

// size prints bytes in the unit that suits them.
func size(n int64) string {
	switch {
	case n < 1e6:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	default:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
}

func moment(t time.Time) string {
	if t.IsZero() || t.Unix() == 0 { // 1970 stands for rows without a window
		return "-"
	}
	return show(t)
}

func (a *app) newCompactCommand() *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Bring every file into today's form: one a subject and day, sorted",
		Long: `Brings every file into the form in which this version writes it: one file for a
subject and day, sorted, no row twice. A lake that sizewise alone wrote is that way;
files that something else put there, or an older version, are taken in.

  $ sizewise lake compact

It can be interrupted at any time; the next writer finishes what was begun.`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var done lake.Compaction
			err := a.keep(cmd.Context(), wait, func(ctx context.Context, l *lake.Lake) (err error) {
				done, err = l.Compact(ctx)
				return err
			})
			if err != nil {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, done)
			}
			for _, path := range done.Skipped {
				a.note("%s cannot be read and was left alone", path)
			}
			a.note("%s looked at, %d rewritten, %d taken into others", count(done.Files, "file"), done.Rewritten, done.Removed)
			return nil
		},
	}
	cmd.Flags().DurationVar(&wait, "wait", 0, "for another writer of the lake to end")
	return cmd
}

func (a *app) newPruneCommand() *cobra.Command {
	var before, only string
	var subjects []string
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "prune --before TIME",
		Short: "Remove whole days for good",
		Long: `Removes whole UTC days that end by a time, for good: CloudWatch may no longer have
them. The ledger forgets them too, so that a later ingest of such a window asks again.

  $ sizewise lake prune --before 2026-01-01
  $ sizewise lake prune --before -720h --subject endpoint/resnet-g5`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			zone, err := a.location()
			if err != nil {
				return err
			}
			end, err := parseTime("--before", before, a.con.now(), zone)
			if err != nil {
				return err
			}
			if end.IsZero() {
				return usagef("for example --before 2026-01-01", "prune needs --before")
			}
			if end.After(a.began.Add(24 * time.Hour)) { // a slip of the year would take all there is
				return usagef("for all that there is, remove the directory", "--before %s is in the future", clean(before))
			}
			options := lake.PruneOptions{Before: end.UTC(), Subjects: subjects}
			if only != "" {
				options.Datasets = list(only)
			}
			for _, d := range options.Datasets {
				if !slices.Contains([]string{"metrics", "logs", "requests", "resources"}, d) {
					return usagef("metrics, logs, requests or resources", "--dataset %q is none", d)
				}
			}
			var done lake.Pruned
			err = a.keep(cmd.Context(), wait, func(ctx context.Context, l *lake.Lake) (err error) {
				done, err = l.Prune(ctx, options)
				return err
			})
			if err != nil {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, done)
			}
			a.note("%s and %s removed, %s freed", count(done.Rows, "row"), count(done.Files, "file"), size(done.Bytes))
			return nil
		},
	}
	cmd.Flags().StringVar(&before, "before", "", "remove days that end by this time: 2026-01-01, RFC 3339, or -720h before now")
	cmd.Flags().StringVar(&only, "dataset", "", "of these datasets only: metrics,logs,requests,resources")
	cmd.Flags().StringArrayVar(&subjects, "subject", nil, "of this subject only, kind/name; may be given several times")
	cmd.Flags().DurationVar(&wait, "wait", 0, "for another writer of the lake to end")
	return cmd
}

// keep opens a lake that is there for writing and closes it again.
func (a *app) keep(ctx context.Context, wait time.Duration, do func(context.Context, *lake.Lake) error) (err error) {
	if err := lake.Check(a.common.lake); err != nil {
		return err
	}
	l, err := a.createLake(ctx, a.con.now, wait)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	return do(ctx, l)
}

// examineLake is doctor's look at the lake: what is there and can be read.
func (a *app) examineLake(ctx context.Context) ([]diagnosis, error) {
	d := diagnosis{Status: healthy, What: "lake at " + a.common.lake}
	info, err := lake.ReadInfo(ctx, a.common.lake)
	var missing *lake.MissingError
	switch {
	case ctx.Err() != nil:
		return nil, err
	case errors.As(err, &missing):
		d.Found = "not there yet"
		d.Do = "the first ingest, import or demo makes it"
		return []diagnosis{d}, nil
	case err != nil:
		d.Status, d.Found = broken, oneLine(err.Error())
		return []diagnosis{d}, nil
	}
	var parts, bad []string
	for _, set := range info.Datasets {
		if set.Rows > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s", count(set.Rows, "row"), set.Name))
		}
		bad = append(bad, set.Unreadable...)
	}
	d.Found = fmt.Sprintf("%s; %s", strings.Join(parts, ", "), size(info.Bytes))
	if len(bad) > 0 {
		d.Status = broken
		d.Found += fmt.Sprintf("; %s cannot be read, the first is %s", count(len(bad), "file"), bad[0])
		d.Do = "sizewise lake verify says more"
	}
	return []diagnosis{d}, nil
}
