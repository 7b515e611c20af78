package analyze

import (
	"fmt"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// keep holds the objectives of an SLO against the measures of a subject that is
// no endpoint with instances. An objective is missed when the whole interval
// misses it, and open when the interval lies across the limit or nothing
// measures it, which the notes then say.
func keep(set *finding.Set, objectives slo.SLO) {
	for _, o := range objectives.Objectives {
		m := measureOf(set.Measures, o.Metric)
		switch {
		case m == nil:
			set.Coverage.Notes = append(set.Coverage.Notes, fmt.Sprintf("the objective %s was not judged: nothing measures it of this kind of subject", o))
		case m.Estimate.Status == finding.Unanswerable:
			set.Coverage.Notes = append(set.Coverage.Notes, fmt.Sprintf("the objective %s was not judged: %s", o, m.Estimate.Why))
		case o.Met(float64(m.Estimate.Hi)):
		case o.Met(float64(m.Estimate.Lo)):
			set.Coverage.Notes = append(set.Coverage.Notes, fmt.Sprintf("whether the objective %s was met cannot be told: the limit lies within the interval of %s", o, m.Label))
		default:
			missed(set, o, m)
		}
	}
}

func missed(set *finding.Set, o slo.Objective, m *finding.Measure) {
	title := fmt.Sprintf("The objective %s was missed", o)
	set.Findings = append(set.Findings, finding.Finding{
		ID: "slo_" + string(o.Metric), Check: "slo_rate", Severity: finding.Critical, Title: title + ".",
		Evidence: []string{fmt.Sprintf("%s: %s %s.", m.Label, finding.Within(digits(m.Estimate.Value), digits(m.Estimate.Lo), digits(m.Estimate.Hi)), m.Estimate.Unit)},
		Query:    m.Estimate.Query,
	})
	// The verdict's sentence says what failed, and the reasons begin with it.
	set.Verdict.Status = finding.Fail
	set.Verdict.Summary = fmt.Sprintf("%s was missed. %s", o, set.Verdict.Summary)
	set.Verdict.Reasons = slices.Insert(set.Verdict.Reasons, 0, title)
}

func digits(v finding.Number) string { return fmt.Sprintf("%.4g", float64(v)) }

// measureOf is what an objective is about, nil when nothing is.
func measureOf(ms []finding.Measure, m slo.Metric) *finding.Measure {
	names := map[slo.Metric][]string{
		slo.P50: {"p50_s"}, slo.P99: {"p99_s"}, slo.Errors5XX: {"error_ratio", "failure_ratio"}, slo.Errors4XX: {"client_error_ratio"},
		slo.CPU: {"cpu_ratio"}, slo.GPU: {"gpu_ratio"}, slo.GPUMemory: {"gpu_memory_ratio"}, slo.Memory: {"memory_ratio", "memory_use"},
		slo.Age: {"backlog_age_s"},
	}[m]
	for _, name := range names {
		for i := range ms {
			if ms[i].Name == name {
				return &ms[i]
			}
		}
	}
	return nil
}
