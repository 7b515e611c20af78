package report

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

func TestMoney(t *testing.T) {
	for usd, want := range map[finding.Number]string{
		0: "0.00", 0.0123456: "0.0123", 0.5: "0.500", 1: "1.00", 12.345: "12.35", 999.994: "999.99", 1000: "1,000", 1234567.8: "1,234,568",
		finding.Missing(): unknownText,
	} {
		if got := money(usd); got != want {
			t.Errorf("%v USD is %q, want %q", float64(usd), got, want)
		}
	}
}

func TestFleetCost(t *testing.T) {
	for now, want := range map[finding.Number]string{
		7:                 "That costs 17.50 → 17.50 USD an hour, the same as now (730 hours).",
		9:                 "That costs 22.50 → 17.50 USD an hour, **3,650 USD a month less** than now (730 hours).",
		finding.Missing(): "That costs 17.50 USD an hour, 12,775 USD a month of 730 hours.",
	} {
		s := priced()
		s.Answers.CostPerHour.Current = now * 2.5
		if got := newScribe(s, Options{}).fleetCost(); got != want {
			t.Errorf("now %v: %s", now, got)
		}
	}
	s := priced()
	s.Answers.CostPerHour = refused("USD/hour", "no")
	if got := newScribe(s, Options{}).fleetCost(); got != "" {
		t.Errorf("out of nothing: %s", got)
	}
}

// A price without a recommendation still says what the window cost.
func TestCostsWithoutARecommendation(t *testing.T) {
	s := priced()
	s.Answers.Instances = refused("instances", "the limit is not known")
	s.Answers.CostPerHour = refused("USD/hour", "There is no number of instances to price")
	s.Answers.CostPerMillion = refused("USD", "There is no number of instances to price")
	rows := newScribe(s, Options{}).costs().Rows
	if len(rows) != 3 || rows[0][3] != "7.40" || rows[1][1] != "" || rows[1][3] != "no answer" || !strings.Contains(rows[1][4], "no number of instances") {
		t.Errorf("%q", rows)
	}
	s.Price = nil
	if scribe := newScribe(s, Options{}); scribe.costs().Markdown() != "" || scribe.costNotes() != nil {
		t.Error("a section of costs without a price")
	}
}
