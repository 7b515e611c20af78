package main

import (
	"context"
	"errors"
	"fmt"
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
	target   targetFlags
	refetch  bool
	noRedact bool
	wait     time.Duration
}

func (f *pullFlags) add(fs *pflag.FlagSet) {
	f.window.add(fs)
	f.target.add(fs)
	fs.BoolVar(&f.refetch, "refetch", false, "ask again for what is there complete")
	fs.BoolVar(&f.noRedact, "no-redact", false, "keep secrets in log text as they are")
	fs.DurationVar(&f.wait, "wait", 0, "for another writer of the lake to end")
}

func (a *app) newIngestCommand() *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use:   "ingest SUBJECT...",
		Short: "Pull metrics, logs and facts from AWS into the lake",
		Long: `Pulls what CloudWatch, CloudWatch Logs and SageMaker know of a subject in a
window into the lake. What the lake holds complete is not asked again, and no row
is stored twice. Credentials, profile and region are those of every AWS tool;
several profiles or regions, separated by commas, are asked in one run.

  $ sizewise ingest endpoint/resnet-g5 \
      --start 2026-11-20T14:00 --end 2026-11-20T15:10
  $ sizewise ingest endpoint/resnet-g5 --last 2h --region eu-west-1,us-east-1
  $ sizewise ingest training/bert-2026-11-20       (a job's window is its own)

SUBJECT is endpoint/NAME[/VARIANT], component/, training/, processing/, transform/,
recommender/, pipeline/, featuregroup/, labeling/, monitor/ or notebook/NAME, or
'cloudwatch/NAMESPACE?Dim=Value&Dim=Value' for anything else.`,
		Args: atLeastOne("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			pull, err := a.newPull(cmd.Context(), args, &flags)
			if err != nil {
				return err
			}
			a.collectLess()
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
	window, err := f.window.resolve(a.began, zone)
	if err != nil {
		return ingest.Options{}, err
	}
	for _, sub := range subjects {
		if window.isZero() && !sub.Kind.Job() {
			return ingest.Options{}, usagef(windowHint, "%s needs a window", sub)
		}
	}
	clients, err := a.clients(f.target)
	if err != nil {
		return ingest.Options{}, err
	}
	targets, err := connect(ctx, clients)
	if err != nil {
		return ingest.Options{}, err
	}
	return ingest.Options{
		Subjects: subjects, Start: window.start, End: window.end,
		Targets: targets,
		Refetch: f.refetch, NoRedact: f.noRedact,
		Now: a.con.now, Logger: a.logger(),
	}, nil
}

// connect makes the targets of a run. One of several that cannot be asked does
// not stop the others: the error is that none can.
func connect(ctx context.Context, clients []cloudwatch.Options) ([]ingest.Target, error) {
	targets := make([]ingest.Target, len(clients))
	var errs []error
	for i, o := range clients {
		client, err := cloudwatch.New(ctx, o)
		if len(clients) > 1 {
			targets[i].Name = targetName(o)
		}
		if err != nil {
			targets[i].Err = err
			errs = append(errs, targetError(clients, o, err))
			continue
		}
		targets[i].Region, targets[i].Metrics, targets[i].Logs, targets[i].Describe = client.Region(), client, client, client
	}
	if len(errs) == len(clients) {
		return nil, errors.Join(errs...)
	}
	return targets, nil
}

// targetError says of which of several targets an error is.
func targetError(all []cloudwatch.Options, o cloudwatch.Options, err error) error {
	if len(all) < 2 {
		return err
	}
	return fmt.Errorf("%s: %w", targetName(o), err)
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
			a.note("%s: %s", pulledName(one), n)
		}
	}
	return nil
}

// pulledName is a subject and, of several targets, where it was found.
func pulledName(s ingest.SubjectSummary) string {
	if s.Target == "" {
		return s.Subject.String()
	}
	return fmt.Sprintf("%s in %s", s.Subject, s.Target)
}

// pullText is one subject's pull in one line.
func pullText(s ingest.SubjectSummary) string {
	name := pulledName(s)
	if s.Chunks == 0 && len(s.Problems) == 0 {
		return fmt.Sprintf("%s: the lake already holds all of it (%s)", name, count(s.Usage.Calls, "call"))
	}
	return fmt.Sprintf("%s: %s and %s came, %s and %s of them new; %s, %s", name,
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
