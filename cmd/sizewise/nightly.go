package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sizewise/analyze/capacity"
	"sizewise/analyze/slo"
	"sizewise/cmd/sizewise/config"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// nightlyFlags are the few things that a night may be told beside its
// configuration.
type nightlyFlags struct {
	config  string
	lake    string // "" for the configuration's
	check   bool
	ask     bool // with check: AWS's lists too
	policy  bool
	at      string
	maxCost float64
	maxTime time.Duration
	wait    time.Duration
}

const nightlyHelp = `  $ sizewise nightly --check --config sizewise.yaml
  $ sizewise nightly --config sizewise.yaml
  15 2 * * *  sizewise nightly --config /etc/sizewise.yaml --quiet   (a crontab)

Pulls what is new of many subjects, compares their last day with the nights
before, and writes REPORTS/DATE/index.md with what changed first and a page a
subject. Made for cron: what an outage or a kill left open, the next night does.

The day ends an hour ago, at the full hour: what is younger may still change.
docs/nightly.md has a commented sizewise.yaml, a systemd timer and a CI job.`

func (a *app) newNightlyCommand() *cobra.Command {
	var flags nightlyFlags
	cmd := &cobra.Command{
		Use:   "nightly",
		Short: "Many subjects every night: pull, compare with before, report",
		Long:  nightlyHelp,
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("lake") {
				flags.lake = a.common.lake
			}
			return a.nightly(cmd.Context(), flags)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&flags.config, "config", "sizewise.yaml", "the configuration")
	fs.BoolVar(&flags.check, "check", false, "only check the configuration and what the lake has of it")
	fs.BoolVar(&flags.ask, "ask", false, "with --check: ask AWS's lists what each line finds")
	fs.BoolVar(&flags.policy, "policy", false, "only print the least IAM policy that the configuration needs")
	fs.StringVar(&flags.at, "at", "", "take this for now: a night that is over, from a lake that is there")
	fs.Float64Var(&flags.maxCost, "max-cost", 0, "US dollars for asking CloudWatch, instead of max_cost")
	fs.DurationVar(&flags.maxTime, "max-time", 0, "time for asking, instead of max_time")
	fs.DurationVar(&flags.wait, "wait", 0, "for another writer of the lake to end")
	return cmd
}

// nightly is one night.
func (a *app) nightly(ctx context.Context, f nightlyFlags) error {
	c, err := readNightlyConfig(f)
	var wrong config.Errors
	if errors.As(err, &wrong) {
		for _, one := range wrong {
			a.con.notef("%s", clean(one.Error()))
		}
		return usagef("docs/nightly.md has a commented example", "%s: %s", f.config, count(len(wrong), "mistake"))
	}
	if err != nil {
		return err
	}
	switch {
	case f.ask && !f.check:
		return usagef("for example sizewise nightly --check --ask", "--ask goes with --check")
	case f.check:
		return a.checkNightly(ctx, f, c)
	case f.policy:
		_, err := fmt.Fprintln(a.con.out, nightlyPolicy(c))
		return err
	}
	now, err := a.nightlyNow(f.at)
	if err != nil {
		return err
	}
	wall := a.con.now
	a.con.now, a.common.lake = now, c.Lake
	a.collectLess()
	lock, err := lockReports(c.Reports, a.command, now())
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }() // the lock goes with the process anyway
	n := &night{app: a, config: c, flags: f, wall: wall, end: cutOf(now())}
	return n.run(ctx)
}

// nightSettled is how old data must be at the night's end: metrics change for some
// minutes, and log events arrive late.
const nightSettled = time.Hour

// cutOf is the end of the day that a night judges.
func cutOf(now time.Time) time.Time { return now.UTC().Add(-nightSettled).Truncate(time.Hour) }

// nightlyNow is the clock, or the time of --at standing still.
func (a *app) nightlyNow(at string) (func() time.Time, error) {
	zone, err := a.location()
	if err != nil {
		return nil, err
	}
	if at == "" {
		return a.con.now, nil
	}
	t, err := parseTime("--at", at, a.con.now(), zone)
	if err != nil {
		return nil, err
	}
	if t.After(a.con.now()) {
		return nil, usagef("--at takes a night that is over", "--at %s is in the future", clean(at))
	}
	return func() time.Time { return t }, nil
}

// readNightlyConfig reads the file; flags win over it.
func readNightlyConfig(f nightlyFlags) (config.Nightly, error) {
	types := capacity.EmbeddedInstances()
	c, err := config.Read(f.config, config.Checks{
		Subject: func(s string) error { _, err := subject.Parse(s); return err },
		Pattern: func(s string) error { _, err := patternKind(s); return err },
		SLO:     func(s string) error { _, err := slo.Parse(s); return err },
		Type: func(s string) error {
			if _, ok := types.Lookup(s); !ok {
				return fmt.Errorf("%q is not in the table of instance types", s)
			}
			return nil
		},
	})
	var wrong config.Errors
	if errors.As(err, &wrong) {
		return c, wrong
	}
	if err != nil {
		return c, usagef("docs/nightly.md has an example", "%s", err)
	}
	if f.maxCost < 0 || f.maxTime < 0 {
		return c, usagef("", "--max-cost and --max-time cannot be negative")
	}
	c.Lake = cmp.Or(f.lake, c.Lake)
	if f.maxCost > 0 {
		c.MaxCost = f.maxCost
	}
	if f.maxTime > 0 {
		c.MaxTime = f.maxTime
	}
	return c, nil
}

// nightlyPolicy is the least policy for what the configuration names.
func nightlyPolicy(c config.Nightly) string {
	var kinds, listed []cloudwatch.ResourceKind
	tags := false
	for _, s := range c.Subjects {
		kind, _ := patternKind(s.Pattern())
		if sub, err := subject.Parse(s.Name); err == nil {
			kind = sub.Kind
		}
		if resource, ok := describedBy(kind); ok {
			kinds = append(kinds, resource)
			if s.Name == "" {
				listed, tags = append(listed, resource), tags || s.Tag != nil
			}
		}
	}
	if len(listed) > 0 {
		return cloudwatch.DiscoveryPolicy(tags, listed, kinds)
	}
	return cloudwatch.Policy(kinds...)
}

// describedBy is the kind of resource that a kind of subject is described as.
func describedBy(k subject.Kind) (cloudwatch.ResourceKind, bool) {
	kinds := map[subject.Kind]cloudwatch.ResourceKind{
		subject.Endpoint: cloudwatch.KindEndpoint, subject.Component: cloudwatch.KindInferenceComponent,
		subject.Training: cloudwatch.KindTrainingJob, subject.Processing: cloudwatch.KindProcessingJob,
		subject.Transform: cloudwatch.KindTransformJob, subject.Recommender: cloudwatch.KindRecommendationsJob,
		subject.Pipeline: cloudwatch.KindPipeline, subject.FeatureGroup: cloudwatch.KindFeatureGroup,
		subject.Labeling: cloudwatch.KindLabelingJob, subject.Monitor: cloudwatch.KindMonitoringSchedule,
		subject.Notebook: cloudwatch.KindNotebookInstance,
	}
	kind, ok := kinds[k]
	return kind, ok
}

// date is the name of the night's directory.
func (n *night) date() string { return n.end.Format("2006-01-02") }

// joinNames lists at most a few names.
func joinNames(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
