package service

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

const driftPrefix = "feature_baseline_drift_"

// Monitor says what there is of a monitoring schedule: how its last execution
// ended and which features have drifted furthest from their baseline.
func Monitor(d *dossier.Dossier) dossier.Result {
	g := newGrid(d, firstMetric(d))
	out := dossier.Result{}
	var found finds
	drifts := map[string]float64{}
	chart := finding.Chart{
		Name: "drift", Title: "Drift from the baseline", Axis: "distance from the baseline", Query: querySeries,
		Read: "The line of a feature should lie low and level; a climb means that what comes is no longer like what the model was trained on.",
	}
	for _, name := range metricNames(d, driftPrefix) {
		y := g.values(name)
		feature := strings.TrimPrefix(name, driftPrefix)
		drifts[feature] = lastOf(y)
		out.Parts = append(out.Parts, finding.Part{Kind: "feature", Name: feature, Measures: []finding.Measure{
			named("drift", "drift, last", "", finding.Lower).Seen(lastOf(y), 1, "The last value."),
			named("drift_typical", "drift, typical", "", finding.Lower).Typical(y, "The median over executions."),
			named("non_null", "values present, last", unitRatio, finding.Higher).Seen(lastOf(g.values("feature_non_null_"+feature)), 1, "The last value."),
		}})
		chart.Lines = append(chart.Lines, g.line(feature, y, 1, false))
	}
	if len(drifts) == 0 {
		chart.Absent = "No drift was published."
	}
	out.Charts = []finding.Chart{chart}
	worst, at := "", math.Inf(-1)
	for _, p := range out.Parts {
		if v := drifts[p.Name]; v > at {
			worst, at = p.Name, v
		}
	}
	most := named("drift_max", "largest drift of a feature, last execution", "", finding.Lower)
	if worst == "" {
		out.Measures = append(out.Measures, most.Refused("No metric of drift was published: only schedules of data quality with EmitMetrics do."))
	} else {
		out.Measures = append(out.Measures, most.Seen(at, len(drifts), "Of "+worst+", the furthest of "+plural(float64(len(drifts)), "feature", "features")+"."))
	}
	status := d.Facts.Text("monitoring_schedule", "last_execution_status")
	verdict := finding.Verdict{Status: finding.Insufficient, Summary: "How the last execution ended is not known"}
	switch status {
	case "":
	case "Completed":
		verdict = finding.Verdict{Status: finding.Pass, Summary: "The last execution completed without violations"}
	case "CompletedWithViolations":
		found.add("monitor_execution", finding.Critical, queryFacts, "The last execution found violations of the baseline's constraints.",
			"The report constraint_violations.json in the schedule's output lists them by feature.")
		verdict = finding.Verdict{Status: finding.Fail, Summary: "The last execution found violations"}
	case "Failed", "Stopped":
		found.add("monitor_execution", finding.Critical, queryFacts, "The last execution did not complete: "+strings.ToLower(status)+".",
			"Its processing job is "+d.Facts.Text("monitoring_schedule", "last_processing_job_arn")+"; sizewise run processing/NAME says why.")
		verdict = finding.Verdict{Status: finding.Fail, Summary: "The last execution did not complete"}
	default:
		verdict.Summary = "The last execution is " + status
	}
	if worst != "" {
		verdict.Summary += fmt.Sprintf("; %s drifted furthest, %s from its baseline", worst, amount(at))
	}
	verdict.Summary += "."
	verdict.Reasons = found.reasons()
	out.Verdict, out.Findings = verdict, found
	return out
}

func firstMetric(d *dossier.Dossier) string {
	if len(d.Series) == 0 {
		return ""
	}
	return d.Series[0].Metric
}

// metricNames are the metrics with a prefix, sorted.
func metricNames(d *dossier.Dossier, prefix string) []string {
	var out []string
	for i := range d.Series {
		if m := d.Series[i].Metric; strings.HasPrefix(m, prefix) && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}
