package capacity

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// TestFewerInstancesAreNamed: where fewer are enough the verdict says how many.
func TestFewerInstancesAreNamed(t *testing.T) {
	var a analysis
	a.answers.Instances.Status = finding.Extrapolated
	for _, c := range []struct {
		now, count float64
		want       string
	}{{3, 2, "; 2 are enough"}, {3, 1, "; 1 is enough"}, {3, 3, ""}} {
		if got := a.fewer(c.now, c.count); got != c.want {
			t.Errorf("of %g %g: %q, want %q", c.now, c.count, got, c.want)
		}
	}
	a.answers.Instances.Status = finding.Unanswerable
	if got := a.fewer(3, 2); got != "" {
		t.Errorf("without an answer: %q", got)
	}
}

// TestFormulaOfANegativeIntercept: a line that meets the axis below zero adds.
func TestFormulaOfANegativeIntercept(t *testing.T) {
	var d demand
	d.limit = 4
	d.line = stat.Line{Intercept: -0.0074, Slope: 0.243}
	if got := d.formula(); !strings.HasPrefix(got, "(4 + 0.0074") || !strings.HasSuffix(got, " = 16.5 requests/s") {
		t.Error(got)
	}
}

// TestSizingNamesTheRowsOfItsRate: who looks the arithmetic up finds the rate in
// the rows that are named.
func TestSizingNamesTheRowsOfItsRate(t *testing.T) {
	var a analysis
	a.answers.Capacity = finding.Estimate{Status: finding.Measured, Value: 50, Lo: 49, Hi: 51, Query: "capacity_plateau"}
	if got := a.rowsOf(a.budget()); got != "capacity_plateau" {
		t.Errorf("without an SLO: %s", got)
	}
	limit, err := slo.Parse("p99<200ms")
	if err != nil {
		t.Fatal(err)
	}
	a.in.SLO = limit
	a.answers.SLORate = finding.Estimate{Status: finding.Measured, Value: 44, Lo: 42, Hi: 46, Query: "slo_crossing"}
	if got := a.rowsOf(a.budget()); got != "slo_crossing" {
		t.Errorf("with the SLO's rate the lower: %s", got)
	}
	a.answers.SLORate = finding.Estimate{Status: finding.Unanswerable, Query: "slo_crossing"}
	if got := a.rowsOf(a.budget()); got != "slo_crossing" {
		t.Errorf("with no rate within the SLO: %s", got)
	}
}

// TestNoOpenRateNamesWhatIsMissing: an answer that has a capacity beside it is
// not refused for want of one.
func TestNoOpenRateNamesWhatIsMissing(t *testing.T) {
	limit, err := slo.Parse("p99<200ms")
	if err != nil {
		t.Fatal(err)
	}
	var a analysis
	a.answers.Capacity.Status = finding.Unanswerable
	if got := a.noOpenRate(limit.Objectives[0]); !strings.Contains(got, "without a capacity") {
		t.Error(got)
	}
	a.answers.Capacity = finding.Estimate{Status: finding.Extrapolated, Value: 8, Lo: 7, Hi: 9}
	if got := a.noOpenRate(limit.Objectives[0]); strings.Contains(got, "without a capacity") {
		t.Error(got)
	}
}
