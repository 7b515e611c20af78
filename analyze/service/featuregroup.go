package service

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

// tellingThrottles is the share of an operation's calls from which throttling is
// critical.
const tellingThrottles = 0.01

const (
	throttledLong  = 10   // minutes with a telling share of throttled calls: no accident
	throttledOften = 0.05 // of all minutes, ditto
)

// featureGroup is the evidence about a feature group.
type featureGroup struct {
	grid
	measures []finding.Measure
	parts    []finding.Part
	finds    finds
}

// FeatureGroup judges a feature group of Feature Store: what its operations were
// asked, how many were throttled or failed, and how long they took.
func FeatureGroup(d *dossier.Dossier) dossier.Result {
	f := &featureGroup{grid: newGrid(d, metricInvocations, "Latency")}
	operations := f.operations()
	if len(operations) == 0 {
		return dossier.Result{Verdict: insufficient("No operation of the feature group was counted in the window, so nothing can be said of it.")}
	}
	f.whole()
	f.units()
	for _, op := range operations {
		f.parts = append(f.parts, finding.Part{Kind: "operation", Name: op, Measures: f.numbers(ofOperation(op))})
	}
	return dossier.Result{Verdict: f.verdict(), Measures: f.measures, Parts: f.parts, Charts: f.charts(operations), Findings: f.finds}
}

// ofGroup are the series of one operation of a group.
func ofGroup(s *dossier.Series) bool {
	return strings.Contains(s.DimSet, "FeatureGroupName") && strings.Contains(s.DimSet, "OperationName")
}

func ofOperation(op string) func(*dossier.Series) bool {
	return func(s *dossier.Series) bool { return ofGroup(s) && operationOf(s) == op }
}

// operationOf reads the operation off the dimensions as text, for example
// {FeatureGroupName=g, OperationName=GetRecord}.
func operationOf(s *dossier.Series) string {
	_, rest, ok := strings.Cut(s.Dims, "OperationName=")
	if !ok {
		return ""
	}
	end := strings.IndexAny(rest, ",}")
	if end < 0 {
		end = len(rest)
	}
	return strings.Trim(rest[:end], "' ")
}

func (f *featureGroup) operations() []string {
	var out []string
	for i := range f.d.Series {
		s := &f.d.Series[i]
		if op := operationOf(s); s.Metric == metricInvocations && ofGroup(s) && op != "" && !slices.Contains(out, op) {
			out = append(out, op)
		}
	}
	slices.Sort(out)
	return out
}

func (f *featureGroup) whole() { f.measures = append(f.measures, f.numbers(ofGroup)...) }

// numbers are those of the series that where lets through.
func (f *featureGroup) numbers(where func(*dossier.Series) bool) []finding.Measure {
	sum := func(metric string) []float64 {
		return f.column(metric, func(p *dossier.Point) float64 { return p.Sum }, add, where)
	}
	calls, throttled := sum(metricInvocations), sum("ThrottledRequests")
	ratio := func(name, label, metric string) finding.Measure {
		return named(name, label, unitRatio, finding.Lower).Share(sum(metric), calls, metric+" over Invocations.")
	}
	busiest := named("rps_max", "busiest minute", unitRate, "")
	out := []finding.Measure{
		throttleOf(named("throttle_ratio", "throttled", unitRatio, finding.Lower), throttled, calls),
		ratio("error_ratio", "failed with 5xx", "Operation5XXErrors"),
		ratio("client_error_ratio", "refused with 4xx", "Operation4XXErrors"),
		named("rps", "traffic", unitRate, "").Mean(scaled(orZero(calls), 1/f.seconds()), "Invocations over the window."),
	}
	if v, at := top(calls); at >= 0 {
		out = append(out, busiest.Seen(v/f.seconds(), len(published(calls)), "The highest Invocations, at "+clock(f.at(at))+"."))
	}
	quantile := func(name, label string, value func(*dossier.Point) float64) {
		x := scaled(f.column("Latency", value, highest, where), microseconds)
		out = append(out, named(name, label, unitSeconds, finding.Lower).Typical(x, "The median over minutes of the minute's own; of several operations the slower."))
	}
	quantile("p50_s", "latency, median", func(p *dossier.Point) float64 { return p.P50 })
	quantile("p99_s", "latency, p99", func(p *dossier.Point) float64 { return p.P99 })
	return out
}

// throttleOf is the share of throttled calls. Throttled calls are counted among
// the calls or beside them, which the guide leaves open: where there are more of
// them in a minute than calls, they must be beside.
func throttleOf(n measure.Name, throttled, calls []float64) finding.Measure {
	beside := false
	for i := range throttled {
		beside = beside || throttled[i] > zeroIfNaN(calls[i])
	}
	all := orZero(calls)
	why := "ThrottledRequests over Invocations, which count them."
	if beside {
		why = "ThrottledRequests over Invocations and themselves: in some minutes there were more of them than Invocations."
		all = addColumns(all, orZero(throttled))
	}
	return n.Share(throttled, all, why)
}

// throttledMinutes are those in which a telling share of an operation's calls was
// throttled for certain, of all in which there were calls. A share over the window
// hides bursts, and its interval is wide just because they come and go.
func (f *featureGroup) throttledMinutes(op string) (bad, of int) {
	where := func(s *dossier.Series) bool { return ofGroup(s) && operationOf(s) == op }
	sum := func(metric string) []float64 {
		return f.column(metric, func(p *dossier.Point) float64 { return p.Sum }, add, where)
	}
	calls, throttled := orZero(sum(metricInvocations)), orZero(sum("ThrottledRequests"))
	for i := range calls {
		tried := max(calls[i], throttled[i]) // see throttleOf: the lesser share of both readings
		if tried == 0 {
			continue
		}
		of++
		if stat.Wilson(throttled[i], tried, measure.Confidence).Lo > tellingThrottles {
			bad++
		}
	}
	minutes := int(math.Round(f.seconds() / 60))
	return bad * minutes, of * minutes
}

// units are the capacity units used, beside those that are provisioned.
func (f *featureGroup) units() {
	for _, way := range []struct{ name, label, metric, fact string }{
		{"read_units", "read units consumed", "ConsumedReadCapacityUnits", "provisioned_read_capacity_units"},
		{"write_units", "write units consumed", "ConsumedWriteCapacityUnits", "provisioned_write_capacity_units"},
	} {
		x := scaled(f.column(way.metric, func(p *dossier.Point) float64 { return p.Sum }, add, ofGroup), 1/f.seconds())
		if len(published(x)) == 0 {
			continue
		}
		f.measures = append(f.measures, named(way.name+"_per_s", way.label, "units/s", "").Mean(x, way.metric+" over the window."))
		have, err := strconv.ParseFloat(f.d.Facts.Text("feature_group", way.fact), 64)
		v, at := top(x)
		if err == nil && have > 0 && at >= 0 {
			f.measures = append(f.measures, named(way.name+"_use_max", way.label+" in the busiest minute, of those provisioned", unitRatio, finding.Lower).Seen(
				v/have, len(published(x)), fmt.Sprintf("%s units/s at %s, of %s provisioned.", amount(v), clock(f.at(at)), amount(have))))
		}
	}
}

func (f *featureGroup) verdict() finding.Verdict {
	throttled, failed := estimate(f.measures, "throttle_ratio"), estimate(f.measures, "error_ratio")
	if above(throttled, 0) && throttled.Value > 1e-4 {
		severity := finding.Warning
		evidence := []string{throttled.Why}
		for i := range f.parts {
			if e := estimate(f.parts[i].Measures, "throttle_ratio"); known(e) && e.Value > 0 {
				bad, of := f.throttledMinutes(f.parts[i].Name)
				if above(e, tellingThrottles) || bad >= throttledLong && float64(bad) >= throttledOften*float64(of) {
					severity = finding.Critical
				}
				evidence = append(evidence, fmt.Sprintf("%s: %s of the calls; in %d of %d minutes more than %s, beyond what chance makes of it.", f.parts[i].Name, ranged(e, share), bad, of, share(tellingThrottles)))
			}
		}
		for _, name := range []string{"write_units_use_max", "read_units_use_max"} {
			if e := estimate(f.measures, name); known(e) && e.Value > 0.9 {
				evidence = append(evidence, e.Why)
			}
		}
		evidence = append(evidence, "Provision more units, go over to on-demand throughput, or spread the calls: single records that are asked for often are throttled before the table is.")
		f.finds.add("feature_throttles", severity, querySeries, fmt.Sprintf("%s of the calls were throttled.", ranged(throttled, share)), evidence...)
	}
	if above(failed, 0) && failed.Value > 1e-3 {
		severity := finding.Warning
		if above(failed, tellingServerErrors) {
			severity = finding.Critical
		}
		f.finds.add("answers_5xx", severity, querySeries, fmt.Sprintf("%s of the calls failed with 5xx.", ranged(failed, share)), failed.Why)
	}
	rate, slow := estimate(f.measures, "rps"), estimate(f.measures, "p99_s")
	summary := fmt.Sprintf("The feature group took %s calls/s", ranged(rate, amount))
	if known(slow) {
		summary += fmt.Sprintf(", 99 %% of them within %s", took(float64(slow.Value)))
	}
	if known(throttled) {
		summary += fmt.Sprintf("; %s were throttled", ranged(throttled, share))
	}
	return finding.Verdict{Status: f.finds.judged(), Summary: summary + ".", Reasons: f.finds.reasons()}
}

func (f *featureGroup) charts(operations []string) []finding.Chart {
	calls := finding.Chart{
		Name: "calls", Title: "Calls by operation", Axis: "calls/s", Query: querySeries,
		Read: "Throttling starts where a line bends below what callers wanted; the next figure shows when.",
	}
	throttled := finding.Chart{
		Name: "throttles", Title: "Throttled calls", Axis: "throttled calls/s", Query: querySeries,
		Read: "The line should lie at zero: every throttled call waits for its retry, or is lost.",
	}
	seen := false
	for _, op := range operations {
		sum := func(metric string) []float64 {
			return f.column(metric, func(p *dossier.Point) float64 { return p.Sum }, add, ofOperation(op))
		}
		calls.Lines = append(calls.Lines, f.line(op, sum(metricInvocations), 1/f.seconds(), false))
		y := sum("ThrottledRequests")
		seen = seen || total(y) > 0
		throttled.Lines = append(throttled.Lines, f.line(op, orZero(y), 1/f.seconds(), false))
	}
	if !seen {
		throttled.Absent = "No call was throttled."
	}
	return []finding.Chart{calls, throttled}
}
