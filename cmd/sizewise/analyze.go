package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sizewise/analyze"
	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/ingest/subject"
)

// analysisFlags say what to ask of the data.
type analysisFlags struct {
	slo          string
	baseline     string
	peakRPS      float64
	growth       string
	target       string
	instanceType string
	instances    int
	zones        int
	account      string
	threads      int
	memory       string
	prices       string
	facts        string
}

func (f *analysisFlags) add(fs *pflag.FlagSet, getenv func(string) string) {
	fs.StringVar(&f.slo, "slo", "", "what good is: 'p99<200ms, errors<0.1%'")
	fs.StringVar(&f.baseline, "baseline", "", "earlier window to compare: -7d, START/END")
	fs.Float64Var(&f.peakRPS, "peak-rps", 0, "requests/s to take; default the most served")
	fs.StringVar(&f.growth, "growth", "0%", "of the peak, to plan for")
	fs.StringVar(&f.target, "target-utilization", "70%", "of capacity, to plan with")
	fs.StringVar(&f.instanceType, "instance-type", "", "where Describe cannot tell: ml.g5.xlarge")
	fs.IntVar(&f.instances, "instances", 0, "how many, where Describe cannot tell")
	fs.IntVar(&f.zones, "zones", 0, "zones of the fleet; default 2, assumed")
	fs.StringVar(&f.account, "account", "", "of a name that several accounts have")
	fs.IntVar(&f.threads, "threads", 0, "of the query engine; default all cores")
	fs.StringVar(&f.memory, "memory-limit", "512MB", "of the query engine")
	addPrices(fs, &f.prices, getenv)
	addInstanceFacts(fs, &f.facts, getenv)
}

// options are the flags as an analysis reads them.
func (f *analysisFlags) options(a *app, sub subject.Subject, w span) (analyze.Options, error) {
	objective, err := slo.Parse(f.slo)
	if err != nil {
		return analyze.Options{}, usagef("", "--slo: %s", err)
	}
	growth, err := parseRatio("--growth", f.growth, 0, 10)
	if err != nil {
		return analyze.Options{}, err
	}
	target, err := parseRatio("--target-utilization", f.target, 0.05, 1)
	if err != nil {
		return analyze.Options{}, err
	}
	if f.peakRPS < 0 || math.IsNaN(f.peakRPS) || math.IsInf(f.peakRPS, 0) {
		return analyze.Options{}, usagef("for example --peak-rps 400", "--peak-rps %v is not a rate", f.peakRPS)
	}
	types, err := readInstances(f.facts)
	if err != nil {
		return analyze.Options{}, err
	}
	if _, ok := types.Lookup(f.instanceType); f.instanceType != "" && !ok {
		return analyze.Options{}, usagef("for example --instance-type ml.g5.xlarge", "--instance-type %q is not in the table of instance types", f.instanceType)
	}
	if err := checkMemory(f.memory); err != nil {
		return analyze.Options{}, err
	}
	if strings.Contains(a.common.region, ",") {
		return analyze.Options{}, usagef("name the one of the endpoint", "--region %q: an analysis is of one region", a.common.region)
	}
	if f.instances < 0 {
		return analyze.Options{}, usagef("", "--instances %d is negative", f.instances)
	}
	if f.zones < 0 {
		return analyze.Options{}, usagef("for example --zones 3", "--zones %d is negative", f.zones)
	}
	peak := math.NaN()
	if f.peakRPS > 0 {
		peak = f.peakRPS
	}
	prices, err := readPrices(f.prices)
	if err != nil {
		return analyze.Options{}, err
	}
	o := analyze.Options{
		Lake: a.common.lake, Kind: string(sub.Kind), Name: sub.Name, Variant: sub.Variant,
		Region: a.common.region, Account: f.account,
		Start: w.start, End: w.end,
		SLO: objective, PeakRPS: peak, Growth: growth, TargetUtilization: target,
		InstanceType: f.instanceType, Instances: f.instances, Zones: f.zones,
		Prices: prices, Today: a.con.now(), InstanceTypes: &types,
		Tool: "sizewise " + release, Threads: f.threads, MemoryLimit: f.memory,
	}
	return o, a.setBaseline(&o, f.baseline)
}

// parseRatio reads 20% or 0.2 and holds it to [lo, hi].
func parseRatio(flag, s string, lo, hi float64) (float64, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		x /= 100
	}
	if err != nil || math.IsNaN(x) || x < lo || x > hi {
		return 0, usagef(fmt.Sprintf("from %g%% to %g%%, for example 20%%", lo*100, hi*100), "%s %q is not a share", flag, s)
	}
	return x, nil
}

func (a *app) newAnalyzeCommand() *cobra.Command {
	var window windowFlags
	var flags analysisFlags
	cmd := &cobra.Command{
		Use:   "analyze SUBJECT",
		Short: "Answer from the lake what an endpoint can take",
		Long: `Answers from the lake what an endpoint can take, what stops it and how many
instances a peak needs. Without a window it takes all that the lake holds.

  $ sizewise analyze endpoint/resnet-g5 --slo 'p99<200ms' --peak-rps 400
  $ sizewise analyze endpoint/resnet-g5 --slo 'p99<200ms' --json > findings.json`,
		Args: exactly("a SUBJECT, for example endpoint/my-endpoint"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := a.analyze(cmd.Context(), args[0], &window, &flags)
			if err != nil {
				return err
			}
			if err := a.printFindings(set); err != nil {
				return err
			}
			return verdict(set)
		},
	}
	window.add(cmd.Flags())
	flags.add(cmd.Flags(), a.con.getenv)
	return cmd
}

// analyze resolves the command line and runs one analysis.
func (a *app) analyze(ctx context.Context, arg string, w *windowFlags, f *analysisFlags) (finding.Set, error) {
	sub, err := parseSubject(arg)
	if err != nil {
		return finding.Set{}, err
	}
	zone, err := a.location()
	if err != nil {
		return finding.Set{}, err
	}
	window, err := w.resolve(a.began, zone)
	if err != nil {
		return finding.Set{}, err
	}
	o, err := f.options(a, sub, window)
	if err != nil {
		return finding.Set{}, err
	}
	return a.analyzeWith(ctx, o)
}

// analyzeWith runs one analysis with progress.
func (a *app) analyzeWith(ctx context.Context, o analyze.Options) (finding.Set, error) {
	p := newProgress(a.con, a.common.quiet)
	defer p.clear()
	p.stage("analyzing "+cmp.Or(o.Kind, "endpoint")+"/"+o.Name, 0, 0, "")
	o.Logger = a.logger()
	return analyze.Run(ctx, o)
}

// printFindings writes the product of analyze: JSON, or the answers as text.
func (a *app) printFindings(set finding.Set) error {
	if a.common.json {
		return finding.Encode(a.con.out, set)
	}
	return printAnswers(a.con.out, set)
}
