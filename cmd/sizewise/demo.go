package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sizewise/analyze"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/scene"
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
		Short: "A simulated load test through the whole pipeline, no AWS account",
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
			if cmd.Flags().Changed("lake") {
				return usagef("ask it afterwards with sizewise --lake OUT/lake", "demo makes its lake in --out and takes no --lake")
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
		for _, s := range scenarioList() {
			rows = append(rows, row{s[0], s[1]})
		}
		return writeJSON(a.con.out, rows)
	}
	return a.list(scenarioList())
}

func scenarioNames() []string {
	var names []string
	for _, s := range scenarioList() {
		names = append(names, s[0])
	}
	return names
}

// scenarioList is the name and the purpose of every scenario.
func scenarioList() [][2]string {
	var out [][2]string
	for _, s := range workload.Scenarios() {
		out = append(out, [2]string{s.Name, s.About})
	}
	for _, s := range scene.Scenarios() {
		about := strings.TrimSuffix(s.About, ".")
		out = append(out, [2]string{s.Name, strings.ToUpper(about[:1]) + about[1:] + "."})
	}
	return out
}

func (a *app) demo(ctx context.Context, f demoFlags) error {
	if s, ok := scene.Named(f.scenario); ok {
		return a.demoScene(ctx, s, f)
	}
	cfg, err := workload.Scenario(f.scenario)
	if err != nil {
		return usagef(meant(f.scenario, scenarioNames(), "", "see sizewise demo --list"), "no scenario is called %q", f.scenario)
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
	sub := subject.Subject{Kind: subject.Endpoint, Name: test.Endpoint}
	err = a.pullSimulated(ctx, test.Account, sub, test.Start.Add(-lead), test.End, test.End.Add(settled))
	if err != nil {
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
		Lake: a.common.lake, Name: test.Endpoint, Variant: test.Variant,
		Start: test.Start, End: test.End,
		SLO: objective, PeakRPS: peak, TargetUtilization: 0.7,
		Tool: "sizewise " + release, MemoryLimit: "512MB",
	})
}

// demoScene takes one drawn subject through the whole pipeline.
func (a *app) demoScene(ctx context.Context, s scene.Scenario, f demoFlags) error {
	a.common.lake = filepath.Join(f.report.out, "lake")
	set, _, err := a.analyzeScene(ctx, s, f.seed)
	if err != nil {
		return err
	}
	return a.writeReport(ctx, set, f.report)
}

// analyzeScene draws one subject, pulls it on the wire and analyzes it.
func (a *app) analyzeScene(ctx context.Context, s scene.Scenario, seed uint64) (finding.Set, scene.Truth, error) {
	test, err := s.Draw(seed)
	if err != nil {
		return finding.Set{}, scene.Truth{}, fmt.Errorf("simulating %s: %w", s.Name, err)
	}
	sub := subject.Subject{Kind: subject.Kind(test.Kind), Name: test.Name}
	if err := a.pullSimulated(ctx, test.Account, sub, test.Start, test.End, test.Now); err != nil {
		return finding.Set{}, scene.Truth{}, err
	}
	set, err := a.analyzeWith(ctx, analyze.Options{
		Lake: a.common.lake, Kind: test.Kind, Name: test.Name, Start: test.Start, End: test.End,
		PeakRPS: math.NaN(), Today: test.Now, Tool: "sizewise " + release, MemoryLimit: "512MB",
	})
	return set, test.Truth, err
}

// pullSimulated serves an account on loopback and pulls one subject of it as if
// it were AWS, at a clock that stands at now. A window of zero is the job's own.
func (a *app) pullSimulated(ctx context.Context, acct *account.Account, sub subject.Subject, start, end, now time.Time) (err error) {
	clock := func() time.Time { return now }
	aws, err := simaws.Start(ctx, acct, simaws.Options{Server: server.Options{Now: clock}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, aws.Close()) }()
	client, err := cloudwatch.New(ctx, cloudwatch.Options{
		Region: acct.Region, EndpointURL: aws.URL,
		Keys:   cloudwatch.Keys{AccessKeyID: "simulated", SecretAccessKey: "simulated"},
		Limits: unlimited(),
		Logger: a.logger(), Now: clock,
	})
	if err != nil {
		return err
	}
	sum, err := a.ingest(ctx, ingest.Options{
		Subjects: []subject.Subject{sub}, Start: start, End: end,
		Metrics: client, Logs: client, Describe: client, Region: client.Region(),
		Now: clock, Logger: a.logger(),
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
