package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze/finding"
	"sizewise/report"
)

// reportFlags say where a report goes and in which forms.
type reportFlags struct {
	out  string
	html bool
}

func (f *reportFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.out, "out", "report", "directory of the report")
	fs.BoolVar(&f.html, "html", false, "also report.html, one file")
}

func (a *app) newReportCommand() *cobra.Command {
	var window windowFlags
	var analysis analysisFlags
	var flags reportFlags
	cmd := &cobra.Command{
		Use:   "report SUBJECT",
		Short: "Write the report of what the lake holds",
		Long: `Analyzes what the lake holds about a subject and writes report.md, its figures
and findings.json. Same lake, same options, same version: same bytes.

  $ sizewise report endpoint/resnet-g5 --slo 'p99<200ms' --out report --html`,
		Args: exactly("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := a.analyze(cmd.Context(), args[0], &window, &analysis)
			if err != nil {
				return err
			}
			if err := a.writeReport(cmd.Context(), set, flags); err != nil {
				return err
			}
			return verdict(set)
		},
	}
	window.add(cmd.Flags())
	analysis.add(cmd.Flags(), a.con.getenv)
	flags.add(cmd.Flags())
	return cmd
}

// writeReport writes the files and says on stdout what they say and where they
// are.
func (a *app) writeReport(ctx context.Context, set finding.Set, f reportFlags) error {
	zone, err := a.location()
	if err != nil {
		return err
	}
	p := newProgress(a.con, a.common.quiet)
	p.stage("writing the report", 0, 0, "")
	err = report.Write(ctx, set, report.Options{Dir: f.out, HTML: f.html, Zone: zone})
	p.clear()
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if a.common.json {
		return a.printFindings(set)
	}
	fmt.Fprintf(a.con.out, "%s.\n%s\n", strings.TrimSuffix(clean(set.Verdict.Summary), "."), filepath.Join(f.out, "report.md"))
	return nil
}

// checkOut says early whether a report could be written to dir, which need not
// be there yet.
func checkOut(dir string) error {
	place := filepath.Clean(dir)
	for {
		info, err := os.Stat(place)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("--out %s: %s is not a directory", dir, place)
		case err == nil:
			probe, err := os.CreateTemp(place, ".sizewise-*")
			if err != nil {
				return fmt.Errorf("--out %s: nothing can be written into %s", dir, place)
			}
			return errors.Join(probe.Close(), os.Remove(probe.Name()))
		case place == filepath.Dir(place):
			return fmt.Errorf("--out %s: %w", dir, err)
		}
		place = filepath.Dir(place)
	}
}
