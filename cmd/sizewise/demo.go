package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"sizewise/analyze"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/simaws/workload"
	"sizewise/ingest/subject"
)

// demoFlags choose the simulated test.
type demoFlags struct {
	scenario string
	seed     uint64
	list     bool
	report   reportFlags
}

// settled is how long after the test's end the demo looks at it: long enough
// that no point is provisional.
const settled = 30 * time.Minute

func (a *app) newDemoCommand() *cobra.Command {
	var flags demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "A simulated load test through the whole pipeline, no AWS account needed",
		Long: `Simulates a load test, serves it on loopback as CloudWatch, CloudWatch Logs and
SageMaker, pulls it with the AWS SDK, and leaves the lake and the report in --out.
Same scenario, same seed: same bytes.

  $ sizewise demo --out demo
  $ sizewise demo --scenario memory-leak --seed 7 --out leak
  $ sizewise demo --list`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if flags.list {
				return a.listScenarios()
			}
			return a.demo(cmd.Context(), flags)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&flags.scenario, "scenario", defaultScenario, "which test to simulate, see --list")
	fs.Uint64Var(&flags.seed, "seed", 1, "seed of the simulation")
	fs.BoolVar(&flags.list, "list", false, "list the scenarios")
	fs.StringVar(&flags.report.out, "out", "demo", "directory for the lake and the report")
	fs.BoolVar(&flags.report.html, "html", false, "also write report.html")
	return cmd
}

const defaultScenario = "gpu-bound"

func (a *app) listScenarios() error {
	if a.common.json {
		type row struct {
			Name  string `json:"name"`
			About string `json:"about"`
		}
		var rows []row
		for _, s := range workload.Scenarios() {
			rows = append(rows, row{s.Name, s.About})
		}
		return writeJSON(a.con.out, rows)
	}
	tw := tabwriter.NewWriter(a.con.out, 0, 0, 2, ' ', 0)
	for _, s := range workload.Scenarios() {
		fmt.Fprintf(tw, "%s\t%s\n", s.Name, s.About)
	}
	return tw.Flush()
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	cfg, err := workload.Scenario(f.scenario)
	if err != nil {
		return usagef("see sizewise demo --list", "no scenario is called %q", f.scenario)
	}
	a.common.lake = filepath.Join(f.report.out, "lake")
	set, err := a.simulateAndAnalyze(ctx, cfg, f.seed)
	if err != nil {
		return err
	}
	return a.writeReport(ctx, set, f.report)
}

// simulateAndAnalyze takes one simulated test through the whole pipeline, on
// the wire, with a clock that stands shortly after the test's end.
func (a *app) simulateAndAnalyze(ctx context.Context, cfg workload.Config, seed uint64) (finding.Set, error) {
	p := newProgress(a.con, a.common.quiet)
	p.stage("simulating "+cfg.Name, 0, 0, "")
	test, err := workload.Run(cfg, seed)
	p.clear()
	if err != nil {
		return finding.Set{}, fmt.Errorf("simulating %s: %w", cfg.Name, err)
	}
	now := func() time.Time { return test.End.Add(settled) }
	if err := a.pullSimulated(ctx, test, now); err != nil {
		return finding.Set{}, err
	}
	objective, err := slo.Parse(cfg.SLO.String())
	if err != nil {
		return finding.Set{}, fmt.Errorf("reading the SLO of %s: %w", cfg.Name, err)
	}
	peak := cfg.PeakRPS
	if peak == 0 {
		peak = math.NaN()
	}
	return a.analyzeWith(ctx, analyze.Options{
		Lake: a.common.lake, Endpoint: test.Endpoint, Variant: test.Variant,
		Start: test.Start, End: test.End,
		SLO: objective, PeakRPS: peak, TargetUtilization: 0.7,
		Tool: "sizewise " + release, MemoryLimit: "512MB",
	})
}

// pullSimulated serves the account on loopback and pulls it as if it were AWS.
func (a *app) pullSimulated(ctx context.Context, test *workload.Result, now func() time.Time) (err error) {
	aws, err := simaws.Start(ctx, test.Account, simaws.Options{Server: server.Options{Now: now}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, aws.Close()) }()
	client, err := cloudwatch.New(ctx, cloudwatch.Options{
		Region: test.Account.Region, EndpointURL: aws.URL,
		Keys:   cloudwatch.Keys{AccessKeyID: "simulated", SecretAccessKey: "simulated"},
		Limits: unlimited(),
		Logger: a.logger(), Now: now,
	})
	if err != nil {
		return err
	}
	sum, err := a.ingest(ctx, ingest.Options{
		Subjects: []subject.Subject{{Kind: subject.Endpoint, Name: test.Endpoint}},
		Start:    test.Start.Add(-lead), End: test.End,
		Metrics: client, Logs: client, Describe: client, Region: client.Region(),
		Now: now, Logger: a.logger(),
	}, 0)
	if err != nil || a.common.json {
		return err
	}
	return a.printPull(sum)
}

// unlimited lifts the limits that protect a real account's quotas.
func unlimited() cloudwatch.Limits {
	return cloudwatch.Limits{
		GetMetricData: -1, Datapoints: -1, OlderDatapoints: -1, ListMetrics: -1,
		FilterLogEvents: -1, DescribeLogGroups: -1, DescribeLogStreams: -1, Queries: -1, Describe: -1,
	}
}
