package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"sizewise/ingest"
)

// lead is how much before the window run pulls too: there the endpoint idles,
// and there its containers may have said how many workers they start. Points
// cost nothing; metrics asked for do, and they are the same.
const lead = 15 * time.Minute

func (a *app) newRunCommand() *cobra.Command {
	var pulling pullFlags
	var analysis analysisFlags
	var flags reportFlags
	cmd := &cobra.Command{
		Use:   "run SUBJECT",
		Short: "Pull, analyze and report in one go",
		Long: `Pulls a window from AWS, and the quarter of an hour before it, into the lake,
analyzes the window and writes the report. A pull that could not be completed still leads to
a report, which says what is missing; the exit status is then 1.

  $ sizewise run endpoint/resnet-g5 --last 90m \
      --slo 'p99<200ms' --peak-rps 400 --out report`,
		Args: exactly("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			sub, err := parseSubject(args[0])
			if err != nil {
				return err
			}
			// A bad flag must show before the pull, not after it.
			if _, err := analysis.options(a, sub, span{}); err != nil {
				return err
			}
			if err := checkOut(flags.out); err != nil {
				return err
			}
			pull, err := a.newPull(ctx, args, &pulling)
			if err != nil {
				return err
			}
			if !pull.Start.IsZero() { // a job's own window is known only once it is described
				pull.Start = pull.Start.Add(-lead)
			}
			sum, pullErr := a.ingest(ctx, pull, pulling.wait)
			var partial *ingest.PartialError
			var target *ingest.TargetError
			if pullErr != nil && !errors.As(pullErr, &partial) && !errors.As(pullErr, &target) {
				return pullErr
			}
			if !a.common.json {
				if err := a.printPull(sum); err != nil {
					return err
				}
			}
			set, err := a.analyze(ctx, args[0], &pulling.window, &analysis)
			if pullErr != nil && err != nil {
				return pullErr // nothing came that could be analyzed
			}
			if err != nil {
				return err
			}
			if err := a.writeReport(ctx, set, flags); err != nil {
				return errors.Join(pullErr, err)
			}
			if pullErr != nil {
				return pullErr
			}
			return verdict(set)
		},
	}
	pulling.add(cmd.Flags())
	analysis.add(cmd.Flags(), a.con.getenv)
	flags.add(cmd.Flags())
	return cmd
}
