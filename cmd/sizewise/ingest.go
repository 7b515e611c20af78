package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// pullFlags are the flags of every command that asks AWS.
type pullFlags struct {
	window   windowFlags
	refetch  bool
	noRedact bool
	wait     time.Duration
}

func (f *pullFlags) add(fs *pflag.FlagSet) {
	f.window.add(fs)
	fs.BoolVar(&f.refetch, "refetch", false, "ask again for what the lake already holds complete")
	fs.BoolVar(&f.noRedact, "no-redact", false, "keep secrets in log text as they are")
	fs.DurationVar(&f.wait, "wait", 0, "how long to wait for another writer of the lake")
}

func (a *app) newIngestCommand() *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use:   "ingest SUBJECT...",
		Short: "Pull metrics, logs and facts from AWS into the lake",
		Long: `Pulls what CloudWatch, CloudWatch Logs and SageMaker know of a subject in a
window into the lake. What the lake holds complete is not asked again, and no row
is stored twice. Credentials, profile and region are those of every AWS tool.

  $ sizewise ingest endpoint/resnet-g5 --start 2026-11-20T14:00 --end 2026-11-20T15:10
  $ sizewise ingest endpoint/resnet-g5 --last 2h --profile prod --region eu-west-1`,
		Args: atLeastOne("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			pull, err := a.newPull(cmd.Context(), args, &flags)
			if err != nil {
				return err
			}
			sum, err := a.ingest(cmd.Context(), pull, flags.wait)
			return errors.Join(err, a.printPull(sum))
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

// newPull resolves subjects, window and AWS client into what ingest needs, but
// for the lake.
func (a *app) newPull(ctx context.Context, args []string, f *pullFlags) (ingest.Options, error) {
	var subjects []subject.Subject
	for _, arg := range args {
		s, err := parseSubject(arg)
		if err != nil {
			return ingest.Options{}, err
		}
		subjects = append(subjects, s)
	}
	zone, err := a.location()
	if err != nil {
		return ingest.Options{}, err
	}
	window, err := f.window.resolve(a.con.now(), zone)
	if err != nil {
		return ingest.Options{}, err
	}
	if window.isZero() {
		return ingest.Options{}, usagef(windowHint, "an endpoint needs a window")
	}
	if u, err := url.Parse(a.common.endpointURL); a.common.endpointURL != "" && (err != nil || u.Host == "") {
		return ingest.Options{}, usagef("for example --endpoint-url http://127.0.0.1:4599", "--endpoint-url %q is not an address", a.common.endpointURL)
	}
	client, err := cloudwatch.New(ctx, cloudwatch.Options{
		Region: a.common.region, Profile: a.common.profile, EndpointURL: a.common.endpointURL,
		Logger: a.logger(),
	})
	if err != nil {
		return ingest.Options{}, err
	}
	return ingest.Options{
		Subjects: subjects, Start: window.start, End: window.end,
		Metrics: client, Logs: client, Describe: client, Region: client.Region(),
		Refetch: f.refetch, NoRedact: f.noRedact,
		Now: a.con.now, Logger: a.logger(),
	}, nil
}

// ingest opens the lake and pulls into it, with progress.
func (a *app) ingest(ctx context.Context, o ingest.Options, wait time.Duration) (ingest.Summary, error) {
	l, err := a.openLake(ctx, o.Now, wait)
	if err != nil {
		return ingest.Summary{}, err
	}
	p := newProgress(a.con, a.common.quiet)
	o.Lake = l
	o.Events = func(e ingest.Event) {
		p.stage(string(e.Stage)+" "+e.Subject, e.Done, e.Total, e.Unit)
	}
	sum, err := ingest.Run(ctx, o)
	p.clear()
	return sum, errors.Join(err, l.Close())
}

// printPull writes what came: JSON on stdout, or a line a subject on stderr.
func (a *app) printPull(s ingest.Summary) error {
	if a.common.json {
		return writeJSON(a.con.out, s)
	}
	for _, one := range s.Subjects {
		a.note("%s", pullText(one))
		for _, n := range one.Notes {
			a.note("%s: %s", one.Subject, n)
		}
	}
	return nil
}

// pullText is one subject's pull in one line.
func pullText(s ingest.SubjectSummary) string {
	if s.Chunks == 0 && len(s.Problems) == 0 {
		return fmt.Sprintf("%s: the lake already holds all of it (%s)", s.Subject, count(s.Usage.Calls, "call"))
	}
	return fmt.Sprintf("%s: %s and %s came, %s and %s of them new; %s, %s", s.Subject,
		count(s.Points, "point"), count(s.Events, "log event"), thousands(s.PointsAdded), thousands(s.EventsAdded),
		count(s.Usage.Calls, "call"), costText(s.Usage.CostLow, s.Usage.CostHigh))
}

// costText prints an estimate in US dollars, in cents as long as that is what
// it comes to.
func costText(low, high float64) string {
	if high < 0.005 {
		return "less than 0.01 USD"
	}
	return fmt.Sprintf("%.2f to %.2f USD", low, high)
}
