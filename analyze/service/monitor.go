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

// Notebook says what there is of a notebook instance: its state, and what its
// log complained of. It publishes no metrics.
func Notebook(d *dossier.Dossier) dossier.Result {
	var found finds
	of := func(attribute string) string { return d.Facts.Text("notebook_instance", attribute) }
	bad := int64(0)
	for i := range d.Messages {
		if m := &d.Messages[i]; m.Level == "ERROR" || m.Level == "FATAL" || m.Exception != "" {
			bad += m.Lines
		}
	}
	lines := named("log_error_lines", "log lines at ERROR or with an exception", "lines", finding.Lower)
	lines.Query = queryLines
	out := dossier.Result{Notes: []string{"A notebook instance publishes no metrics: what is known of it is its description and its log"}}
	if d.Lines == 0 {
		out.Measures = append(out.Measures, lines.Refused("No log was read."))
	} else {
		out.Measures = append(out.Measures, lines.Seen(float64(bad), int(d.Lines), fmt.Sprintf("Of %d lines.", d.Lines)))
	}
	status := of("status")
	switch {
	case status == "Failed":
		found.add("notebook_state", finding.Critical, queryFacts, "The notebook instance failed.", of("failure_reason"))
		out.Verdict = finding.Verdict{Status: finding.Fail, Summary: "The notebook instance failed."}
	case status == "" && d.Lines == 0:
		out.Verdict = insufficient("Nothing is known of the notebook instance: neither its description nor its log was read.")
	default:
		if bad > 0 {
			found.add("notebook_state", finding.Warning, queryLines, fmt.Sprintf("The log holds %s that name an error.", plural(float64(bad), "line", "lines")),
				"The messages are below, the most frequent first.")
		}
		out.Verdict = finding.Verdict{Status: finding.Pass, Summary: fmt.Sprintf("The notebook instance is %s on %s; %s.", orUnknown(status), orUnknown(of("instance_type")), problemsOf(bad, d.Lines))}
	}
	out.Verdict.Reasons = found.reasons()
	out.Findings = found
	return out
}

func orUnknown(s string) string {
	if s == "" {
		return "(not described)"
	}
	return s
}

func problemsOf(bad, lines int64) string {
	switch {
	case lines == 0:
		return "no log was read"
	case bad == 0:
		return "its log names no error"
	}
	return "its log names errors in " + plural(float64(bad), "line", "lines")
}
