package analyze

import (
	"testing"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// TestObjectives: missed by the whole interval, open within it, kept below it.
func TestObjectives(t *testing.T) {
	for text, want := range map[string]struct {
		status finding.VerdictStatus
		notes  int
	}{
		"p99<1s": {finding.Pass, 0}, "p99<200ms": {finding.Fail, 0}, "p99<500ms": {finding.Pass, 1}, "disk<80%": {finding.Pass, 1}, "gpu<50%": {finding.Pass, 1},
		"age<600s": {finding.Pass, 0}, "age<60s": {finding.Fail, 0},
	} {
		objectives, err := slo.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		set := finding.Set{Verdict: finding.Verdict{Status: finding.Pass, Summary: "All is well.", Reasons: []string{"a warning"}}, Measures: []finding.Measure{
			{Name: "p99_s", Label: "latency", Estimate: finding.Estimate{Status: finding.Measured, Value: 0.5, Lo: 0.4, Hi: 0.6, Unit: "s"}},
			{Name: "backlog_age_s", Label: "oldest", Estimate: finding.Estimate{Status: finding.Measured, Value: 90, Lo: 90, Hi: 90, Unit: "s"}},
			{Name: "gpu_ratio", Label: "GPU", Estimate: finding.Estimate{Status: finding.Unanswerable, Why: "nothing"}},
		}}
		keep(&set, objectives)
		if set.Verdict.Status != want.status || len(set.Coverage.Notes) != want.notes || (want.status == finding.Fail) != (len(set.Findings) == 1) {
			t.Errorf("%s: %s, notes %v, findings %v", text, set.Verdict.Status, set.Coverage.Notes, set.Findings)
		}
		if v := set.Verdict; v.Status == finding.Fail && (v.Summary != text+" was missed. All is well." || v.Reasons[0] != "The objective "+text+" was missed") {
			t.Errorf("%s: a failed verdict that does not say first what failed: %+v", text, v)
		}
	}
}
