package capacity

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
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
