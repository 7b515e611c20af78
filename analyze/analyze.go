package analyze

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
	"sizewise/analyze/slo"
)

// Options of Run.
type Options struct {
	Lake    string // directory
	Kind    string // of the subject, as on the command line: endpoint, training ...; "" is endpoint
	Name    string // of the subject
	Variant string // of an endpoint; "" when it has only one

	// Region and Account say which is meant when the lake holds an endpoint of
	// the name in several. "" takes the only one.
	Region, Account string

	Start, End time.Time // half-open window; both zero take all that the lake holds

	// Baseline is an earlier window that the log is compared with. Instead of its
	// ends it can be given by how long before the analyzed window it lies.
	Baseline       finding.Window
	BaselineBefore time.Duration

	SLO               slo.SLO // empty: none
	PeakRPS           float64 // whole fleet; NaN: the highest that was served
	Growth            float64 // 0.2 is 20 %
	TargetUtilization float64 // 0 means 0.7
	InstanceType      string  // "" takes Describe's
	Instances         int     // 0 takes what the metrics and Describe show
	Zones             int     // availability zones that the instances are spread over; 0 unknown

	InstanceTypes *capacity.InstanceTable // nil: the embedded one

	Prices *price.Book // of instances; nil: none, and nothing is said of cost
	Today  time.Time   // how old the prices are is reckoned from here

	Tool        string // name and version for the set
	Threads     int    // of the engine; 0 means all cores
	MemoryLimit string // of the engine; "" means its default
	TempDir     string // "" means the system's

	Logger *slog.Logger // nil discards
}

// NoDataError says that the lake cannot answer about the subject at all.
type NoDataError struct {
	Lake, Subject string
	Window        finding.Window // zero: no window was asked for
	Hint          string         // what is there instead, or what to do
}

// Error is one line.
func (e *NoDataError) Error() string {
	window := ""
	if !e.Window.Start.IsZero() {
		window = fmt.Sprintf(" from %s to %s", e.Window.Start.Format(time.RFC3339), e.Window.End.Format(time.RFC3339))
	}
	return fmt.Sprintf("no metrics of %s%s in the lake at %s: %s", e.Subject, window, e.Lake, e.Hint)
}

// AmbiguousError says that the endpoint has several variants, or stands in
// several places, and none was named.
type AmbiguousError struct {
	Endpoint string
	Variants []string
	Homes    []Home // when the one variant stands in several accounts or regions
}

// Home is an account and region.
type Home struct{ Account, Region string }

// Error is one line.
func (e *AmbiguousError) Error() string {
	if len(e.Homes) > 0 {
		places := make([]string, len(e.Homes))
		for i, h := range e.Homes {
			places[i] = h.Region + " of account " + h.Account
		}
		return fmt.Sprintf("the lake holds an endpoint %s in %s: give --region or --account", e.Endpoint, strings.Join(places, " and in "))
	}
	return fmt.Sprintf("endpoint %s has %d variants: name one, for example endpoint/%s/%s", e.Endpoint, len(e.Variants), e.Endpoint, e.Variants[0])
}

// Run analyzes one subject; of an endpoint one variant. Errors: *NoDataError,
// *AmbiguousError, and those of the engine; a set whose verdict is insufficient
// is not an error.
func Run(ctx context.Context, o Options) (finding.Set, error) {
	set, err := run(ctx, o)
	if err != nil {
		return set, err
	}
	return set, against(ctx, o, &set)
}

// run analyzes without a look at the numbers of the baseline.
func run(ctx context.Context, o Options) (set finding.Set, err error) {
	o.Kind = cmp.Or(o.Kind, endpointKind)
	o.TargetUtilization = cmp.Or(o.TargetUtilization, 0.7)
	if o.InstanceTypes == nil {
		embedded := capacity.EmbeddedInstances()
		o.InstanceTypes = &embedded
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	e, err := engine.Open(ctx, engine.Options{Lake: o.Lake, Region: o.Region, Account: o.Account, Threads: o.Threads, MemoryLimit: o.MemoryLimit, TempDir: o.TempDir})
	if err != nil {
		return finding.Set{}, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	r := &reader{engine: e, options: o}
	kind := o.Kind
	if kind == endpointKind {
		if kind, err = r.endpointMake(ctx); err != nil {
			return finding.Set{}, err
		}
	}
	if kind != endpointKind {
		return r.other(ctx, kind)
	}
	ev, err := r.evidence(ctx)
	if err != nil {
		return finding.Set{}, err
	}
	var result capacity.Result
	err = atOnce(ctx,
		func(ctx context.Context) error { return r.readLogs(ctx, &ev) },
		func(context.Context) error {
			result = capacityOf(o, &ev)
			return nil
		},
	)
	if err != nil {
		return finding.Set{}, err
	}
	o.Logger.Info("evidence read", "minutes", len(ev.minutes), "variant", ev.variant)
	set = assemble(o, ev, result)
	if age, ok := o.SLO.Find(slo.Age); ok {
		set.Coverage.Notes = append(set.Coverage.Notes, fmt.Sprintf("the objective %s was not judged: only an asynchronous endpoint has a queue", age))
	}
	return set, r.models(ctx, &ev, &set)
}

// endpointKind is the kind whose answers are Answers.
const endpointKind = "endpoint"

// capacityOf judges the evidence apart from the logs, which it does not look at.
func capacityOf(o Options, ev *evidence) capacity.Result {
	return capacity.Analyze(capacity.Input{
		Minutes: ev.minutes, Tested: ev.tested,
		SLO: o.SLO.Without(slo.Age), PeakRPS: o.PeakRPS, Growth: o.Growth, TargetUtilization: o.TargetUtilization,
		InstancesNow: o.Instances, Zones: o.Zones, Workers: ev.workers, ByInstance: ev.byInstance,
		Price:   o.Prices.Quote(ev.tested.Region, ev.tested.InstanceType, price.Hosting, o.Today),
		Scaling: ev.scaling,
	})
}

// assemble puts everything into one set.
func assemble(o Options, ev evidence, result capacity.Result) finding.Set {
	set := finding.Set{
		Format: finding.Format, Tool: o.Tool,
		Subject: "endpoint/" + o.Name, Kind: endpointKind, Window: ev.window,
		Verdict: result.Verdict, Answers: result.Answers, Steps: result.Steps,
		Findings: append(result.Findings, ev.findings...),
		Tested:   result.Tested, Curve: result.Curve, ByInstance: result.Instances, USL: result.USL, Knee: result.Knee, Minutes: result.Minutes,
		Price: result.Price, Traffic: result.Traffic, Sizing: result.Sizing, Next: result.Next, Replay: result.Replay,
		Ledger: ev.ledger,
		Options: finding.Options{
			SLO: o.SLO.String(), PeakRPS: finding.Number(o.PeakRPS), Growth: finding.Number(o.Growth),
			TargetUtilization: finding.Number(o.TargetUtilization), InstanceType: o.InstanceType, Instances: o.Instances, Zones: o.Zones,
		},
	}
	set.Coverage = ev.coverage
	set.Coverage.Usable = result.Usable
	set.Candidates = candidates(o, result)
	set.OtherTypes = capacity.OtherTypes(&set)
	set.Logs = ev.logs(result.Minutes, len(result.Steps))
	set.Measures = endpointMeasures(&set)
	return set
}

// candidates are the types that may be worth a test, with what they cost.
func candidates(o Options, result capacity.Result) []finding.Candidate {
	tested, ok := o.InstanceTypes.Lookup(result.Tested.InstanceType)
	if !ok {
		return nil
	}
	memory := math.NaN()
	for i := range result.Minutes {
		for _, v := range []float64{result.Minutes[i].Memory, result.Minutes[i].MemoryHot} {
			if !math.IsNaN(v) && !(memory >= v) {
				memory = v
			}
		}
	}
	out := capacity.Candidates(o.InstanceTypes.All(), tested, result.Answers.Bottleneck.Value, memory, o.TargetUtilization)
	for i := range out {
		if q := o.Prices.Quote(result.Tested.Region, out[i].InstanceType, price.Hosting, o.Today); q.Known {
			out[i].USDPerHour = finding.Number(q.Price.USDPerHour)
		}
	}
	return out
}
