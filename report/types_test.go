package report

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// typed is a set with a fleet that costs 0.4 USD an hour at 140 requests/s, and a
// candidate of which one costs less if it takes 200 requests/s.
func typed() finding.Set {
	set := samples()["priced"]()
	set.Options.PeakRPS = 140
	set.Traffic = []finding.Traffic{
		{PeakRPS: 70, Instances: 1, InstanceRPS: 70, CostPerHour: .2},
		{PeakRPS: 140, Instances: 2, InstanceRPS: 70, CostPerHour: .4},
	}
	set.Candidates = []finding.Candidate{{
		InstanceType: "ml.g5.2xlarge", Status: finding.Unanswerable, VCPU: 8, MemoryGiB: 32, GPUs: 1, Accelerator: "A10G", USDPerHour: .3, Why: "more",
		Worth: []finding.Worth{{PeakRPS: 70, RPS: finding.Missing()}, {PeakRPS: 140, Instances: 1, RPS: 200.01}},
	}}
	set.OtherTypes = &finding.OtherTypes{
		Status: finding.Unanswerable, Why: "Everything was measured on ml.g5.xlarge.", Query: "capacity_plateau",
		Stages: []finding.Stage{{Minutes: 5, RPS: 70}, {Minutes: 12, RPS: 280}},
	}
	set.Next = nil
	return set
}

// A type that was not tested has no number of its own anywhere: the table and
// the map say what its test would have to show, rounded up.
func TestTypesThatWereNotTested(t *testing.T) {
	set := typed()
	s := newScribe(set, Options{})
	f := s.typesFigure()
	h, ok := f.Paint.(plot.Heat)
	if !ok || len(h.Rows) != 2 || len(h.Heads) != 2 {
		t.Fatalf("%+v", f)
	}
	row := h.Rows[1]
	if row.Name != "ml.g5.2xlarge – not tested" || row.Cells[0].Value == row.Cells[0].Value || row.Cells[1].Lines[0] != "if ≥ 201" || row.Cells[0].Lines[0] != "never" {
		t.Errorf("%+v", row)
	}
	for _, c := range append(h.Rows[0].Cells, row.Cells...) {
		if c.Best {
			t.Error("a least cost among one type that was tested")
		}
	}
	text := s.candidates().Markdown()
	for _, want := range []string{"201 requests/s or more: 1 then do", "costs less if one may serve", "140 requests/s"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got := s.otherTest(); !strings.Contains(got, "70 and 280 requests/s") || !strings.Contains(got, "no prediction") {
		t.Error(got)
	}
	if k6 := s.k6Stages(); !strings.Contains(k6, "target: 16800, duration: '12m'") || !strings.Contains(s.k6Intro(), "another type") {
		t.Error(k6)
	}
	if row := s.answers().Rows; row[len(row)-1][1] != "no answer" {
		t.Errorf("%v", row[len(row)-1])
	}
}

// A baseline of another type was tested: its row has numbers, and least cost is
// framed in each column.
func TestTypesOfTheBaseline(t *testing.T) {
	set := typed()
	cell := func(n, usd finding.Number) finding.FleetCell {
		return finding.FleetCell{Instances: n, CostPerHour: usd}
	}
	set.Against = &finding.Comparison{
		Runs: []finding.Run{{Label: "the baseline", InstanceType: "ml.g4dn.xlarge"}, {Label: "now", InstanceType: "ml.g5.xlarge"}},
		Fleets: []finding.FleetChoice{
			{PeakRPS: 70, Options: []finding.FleetCell{cell(2, .3), cell(1, .2)}},
			{PeakRPS: 140, Options: []finding.FleetCell{cell(3, .35), cell(2, .4)}},
		},
	}
	h := newScribe(set, Options{}).typesFigure().Paint.(plot.Heat)
	if len(h.Rows) != 3 || h.Rows[1].Name != "ml.g4dn.xlarge (the baseline)" {
		t.Fatalf("%+v", h.Rows)
	}
	if h.Rows[0].Cells[0].Best != true || h.Rows[1].Cells[1].Best != true || h.Rows[0].Cells[1].Best || h.Rows[1].Cells[0].Best || h.Rows[2].Cells[1].Best {
		t.Errorf("%+v", h.Rows)
	}
}

// One type and nothing to hold another against is the table's own row: no
// picture of one row is drawn.
func TestNoMapOfOneType(t *testing.T) {
	set := typed()
	set.Candidates[0].Worth, set.Candidates[0].USDPerHour = nil, finding.Missing()
	f := newScribe(set, Options{}).typesFigure()
	if f.Paint != nil || !strings.Contains(f.Absent, "its row is the table above. With prices") {
		t.Errorf("%+v", f)
	}
}
