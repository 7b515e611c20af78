package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze"
	"sizewise/analyze/alarm"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest/subject"
	"sizewise/report/aws"
)

// awsFlags are those of what goes back to AWS.
type awsFlags struct {
	window   windowFlags
	analysis analysisFlags
	out      string
	cross    bool
}

func (f *awsFlags) add(fs *pflag.FlagSet, getenv func(string) string, what string) {
	f.window.add(fs)
	f.analysis.add(fs, getenv)
	fs.StringVar(&f.out, "out", "", "write "+what+" to this file; - is stdout")
	fs.BoolVar(&f.cross, "cross-account", false, "for use from a monitoring account")
}

// proposal is an analysis with the alarms that it supports.
type proposal struct {
	set    finding.Set
	alarms []finding.Alarm
	where  aws.Options
}

// propose analyzes an endpoint and proposes its alarms.
func (a *app) propose(ctx context.Context, arg string, f *awsFlags) (proposal, error) {
	sub, err := parseSubject(arg)
	if err != nil {
		return proposal{}, err
	}
	if sub.Kind != subject.Endpoint {
		return proposal{}, usagef("sizewise report tells of "+sub.String(), "dashboards and alarms are offered for endpoints, not for %s", sub)
	}
	set, err := a.analyze(ctx, arg, &f.window, &f.analysis)
	if err != nil {
		return proposal{}, err
	}
	objectives, err := slo.Parse(f.analysis.slo)
	if err != nil {
		return proposal{}, usagef("", "--slo: %s", err)
	}
	if len(set.Minutes) == 0 {
		return proposal{}, usagef("sizewise report tells of it", "dashboards and alarms are offered for endpoints with instances, and %s shows none", sub)
	}
	coarse, err := analyze.Minutes(ctx, analyze.Options{Lake: a.common.lake, Threads: f.analysis.threads, MemoryLimit: f.analysis.memory}, set, alarm.CoarseS)
	if err != nil {
		return proposal{}, err
	}
	p := proposal{set: set, alarms: alarm.Propose(set, coarse, objectives), where: aws.Options{Region: set.Tested.Region, Coarse: coarse}}
	if p.where.Region == "" {
		p.where.Region = a.common.region
	}
	if p.where.Region == "" {
		return proposal{}, usagef("give --region", "the lake does not say in which region %s is", sub)
	}
	if f.cross {
		p.where.Account = set.Tested.Account
	}
	if f.cross && p.where.Account == "" {
		return proposal{}, usagef("leave --cross-account out", "the lake does not say in which account %s is", sub)
	}
	return p, nil
}

func (a *app) newAlarmsCommand() *cobra.Command {
	var flags awsFlags
	cmd := &cobra.Command{
		Use:   "alarms SUBJECT",
		Short: "Propose CloudWatch alarms, and say when each would have fired",
		Long: `Proposes alarms for an endpoint, with thresholds from its analysis, and replays
each over the lake as CloudWatch would have evaluated it: when it would have
fired, how often, how early. --out writes them as a CloudFormation template.
Nothing is sent to AWS.

  $ sizewise alarms endpoint/resnet-g5 --slo 'p99<200ms' --out alarms.json
  $ aws cloudformation deploy --stack-name resnet --template-file alarms.json

The template's parameter Topic is the ARN of an SNS topic to tell.`,
		Args: exactly("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.propose(cmd.Context(), args[0], &flags)
			if err != nil {
				return err
			}
			text, err := aws.Template(p.set.Subject, p.alarms, p.where)
			if err != nil {
				return err
			}
			if err := a.writeText(flags.out, text); err != nil || flags.out == "-" {
				return err
			}
			if a.common.json {
				return writeJSON(a.con.out, p.alarms)
			}
			return a.printAlarms(p, flags.out)
		},
	}
	flags.add(cmd.Flags(), a.con.getenv, "the CloudFormation template")
	return cmd
}

func (a *app) newDashboardCommand() *cobra.Command {
	var flags awsFlags
	cmd := &cobra.Command{
		Use:   "dashboard SUBJECT",
		Short: "Write the body of a CloudWatch dashboard with the limits drawn in",
		Long: `Writes the body of a CloudWatch dashboard of an endpoint: the report's metrics,
with the limits of its analysis and the thresholds of its alarms drawn in.
Nothing is sent to AWS.

  $ sizewise dashboard endpoint/resnet-g5 --slo 'p99<200ms' --out board.json
  $ aws cloudwatch put-dashboard --dashboard-name resnet \
      --dashboard-body file://board.json`,
		Args: exactly("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.propose(cmd.Context(), args[0], &flags)
			if err != nil {
				return err
			}
			text, err := aws.Dashboard(p.set, p.alarms, p.where)
			if err != nil {
				return err
			}
			if flags.out == "" {
				flags.out = "-"
			}
			if err := a.writeText(flags.out, text); err != nil || flags.out == "-" {
				return err
			}
			_, err = fmt.Fprintln(a.con.out, flags.out)
			return err
		},
	}
	flags.add(cmd.Flags(), a.con.getenv, "the body")
	return cmd
}

// writeText writes a file whole, stdout for "-" and nothing for "".
func (a *app) writeText(path string, text []byte) error {
	switch path {
	case "":
		return nil
	case "-":
		_, err := a.con.out.Write(text)
		return err
	}
	return writeWhole(path, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
}

// printAlarms says of each alarm what it compares and what it would have done.
func (a *app) printAlarms(p proposal, path string) error {
	zone, err := a.location()
	if err != nil {
		return err
	}
	w := a.con.out
	fmt.Fprintf(w, "%s  %s to %s\n", clean(p.set.Subject), show(p.set.Window.Start), show(p.set.Window.End))
	fmt.Fprintln(w, troubleText(p.alarms, zone))
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "alarm\tthreshold\tperiods\tfired\tfirst\tagainst trouble\twithout trouble")
	for i := range p.alarms {
		al := &p.alarms[i]
		fmt.Fprintf(tw, "%s\t%s %s\t%d of %d x %d s\t%s\t%s\t%s\t%d\n", al.Key, comma(al.Threshold), al.Unit,
			al.DatapointsToAlarm, al.EvaluationPeriods, al.PeriodS,
			firedText(al.Replay), firstText(al.Replay, zone), leadText(al.Replay), al.Replay.Without)
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing the alarms: %w", err)
	}
	fmt.Fprintln(w)
	for i := range p.alarms {
		fmt.Fprintln(w, wrap(clean(p.alarms[i].Key+": "+p.alarms[i].About), ""))
	}
	if path != "" {
		fmt.Fprintf(w, "\n%s\n", path)
	}
	return nil
}

// troubleText is what the alarms are judged by.
func troubleText(alarms []finding.Alarm, zone *time.Location) string {
	if len(alarms) == 0 {
		return "no alarm can be proposed: nothing was published that one could watch"
	}
	r := alarms[0].Replay
	text := fmt.Sprintf("trouble, that is the SLO missed or too many 5xx, in %d of %d periods", r.Trouble, r.Periods)
	switch {
	case r.Trouble == 0:
		return "no trouble in the window: an alarm that fires is one too many, or an early one"
	case r.Stretches == 0:
		return text + ", never for long, first at " + r.First.In(zone).Format("2006-01-02 15:04 MST")
	}
	return text + ", lasting from " + r.First.In(zone).Format("2006-01-02 15:04 MST")
}

func firedText(r finding.AlarmReplay) string {
	switch len(r.Fired) {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", len(r.Fired))
}

func firstText(r finding.AlarmReplay, zone *time.Location) string {
	if len(r.Fired) == 0 {
		return "-"
	}
	return r.Fired[0].Start.In(zone).Format("01-02 15:04")
}

// leadText says how early the alarm was for the first trouble that lasted.
func leadText(r finding.AlarmReplay) string {
	switch {
	case r.First.IsZero():
		return "-"
	case !r.LeadS.Known():
		return "did not fire"
	case r.LeadS > 0:
		return fmt.Sprintf("%g min before", float64(r.LeadS)/60)
	case r.LeadS < 0:
		return fmt.Sprintf("%g min after", -float64(r.LeadS)/60)
	}
	return "as it began"
}

// comma prints a threshold with a comma between thousands.
func comma(x float64) string {
	whole, rest, ok := strings.Cut(fmt.Sprintf("%.6f", x), ".")
	var n int64
	if _, err := fmt.Sscan(whole, &n); err != nil {
		return whole
	}
	if rest = strings.TrimRight(rest, "0"); !ok || rest == "" {
		return thousands(n)
	}
	return thousands(n) + "." + rest
}
