package report

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

const typesFile = "types.png"

// sizedFor is the peak that the fleet is sized for: what was asked for, else the
// level of the table of traffic that the recommendation is for. NaN for none.
func (s *scribe) sizedFor() float64 {
	if p := s.set.Options.PeakRPS; p.Known() {
		return float64(p)
	}
	for _, t := range s.set.Traffic {
		if t.Instances == s.set.Answers.Instances.Value {
			return float64(t.PeakRPS)
		}
	}
	return math.NaN()
}

// anyWorth reports whether a candidate can be held against what the tested type
// costs.
func (s *scribe) anyWorth() bool {
	if !known(s.sizedFor()) {
		return false
	}
	for i := range s.set.Candidates {
		if len(s.set.Candidates[i].Worth) > 0 {
			return true
		}
	}
	return false
}

// worthAt says what a candidate's instance has to serve at the peak to cost less.
func (s *scribe) worthAt(c *finding.Candidate) string {
	for _, w := range c.Worth {
		switch {
		case float64(w.PeakRPS) != s.sizedFor():
		case !w.RPS.Known():
			return "never: one costs as much as the fleet that is needed"
		default:
			return fmt.Sprintf("%s requests/s or more: %s then do", atLeastText(w.RPS), whole(float64(w.Instances)))
		}
	}
	return "–"
}

// atLeastText writes a rate that must be reached, rounded up.
func atLeastText(rps finding.Number) string {
	v := float64(rps)
	unit := math.Pow(10, float64(-decimalsFor(v, 3)))
	return plain(math.Ceil(v/unit-1e-9) * unit)
}

// typesFigure is instances and cost by instance type and traffic. A type that was
// not tested has no number: its cells say from which rate on it costs less.
func (s *scribe) typesFigure() figure {
	f := figure{File: typesFile, Alt: "Instances and cost by instance type for levels of traffic; types that were not tested only with what they would have to serve"}
	measured := s.measuredRows()
	switch {
	case len(measured) == 0:
		return f // the figure before says why
	case len(measured) == 1 && !s.anyWorth():
		f.Absent = fmt.Sprintf("There is no map of instance types against traffic: only %s was tested, and its row is the table above. %s", s.instanceType(), s.noWorthSentence())
		return f
	}
	h := plot.Heat{Title: "Instance type against traffic", Columns: "peak, requests/s", Legend: "hatched: not tested"}
	if s.anyWorth() {
		h.Legend += ", costs less if each of so many takes that rate"
	}
	for _, t := range s.set.Traffic {
		h.Heads = append(h.Heads, plain(t.PeakRPS))
	}
	h.Rows = measured
	if len(measured) > 1 {
		h.Legend += "; darker: more"
		if frameLeast(h.Rows) {
			h.Legend += "; framed: least cost"
		}
	}
	for i := range s.set.Candidates {
		if c := &s.set.Candidates[i]; len(c.Worth) == len(h.Heads) {
			h.Rows = append(h.Rows, candidateRow(c))
		}
	}
	f.Paint, f.Caption = h, s.typesCaption(len(measured))
	return f
}

// noWorthSentence says why untested types are not held against the tested one.
func (s *scribe) noWorthSentence() string {
	priced := 0
	for i := range s.set.Candidates {
		if s.set.Candidates[i].USDPerHour.Known() {
			priced++
		}
	}
	switch {
	case len(s.set.Candidates) == 0:
		return ""
	case s.set.Price == nil || priced == 0:
		return "With prices, it would show from which rate on another type costs less."
	default:
		return "From which rate on another type costs less is not said: how many of the tested type are needed is not known well enough."
	}
}

func (s *scribe) typesCaption(measured int) string {
	text := fmt.Sprintf("A column is a level of traffic. The row of %s holds what its load test says", s.instanceType())
	if measured > 1 {
		text = "A column is a level of traffic. A row of a type that was tested holds what its load test says"
	}
	text += ": instances, and what they cost an hour where a price is known."
	if !s.anyWorth() {
		return text
	}
	return text + " Hatched rows are types that were not tested: what they take is not known, and their cells only say which rate one instance would have to be able to take, by the lower end of its own test, for that type to cost less. Good is a cell with a rate well below what its test shows."
}

// measuredRows are the rows of types with a load test: the tested one, and the
// baseline's where that was of another type.
func (s *scribe) measuredRows() []plot.HeatRow {
	if len(s.set.Traffic) == 0 {
		return nil
	}
	row := plot.HeatRow{Name: visible(s.set.Tested.InstanceType, maxCode)}
	if row.Name == "" {
		row.Name = "the tested type"
	}
	for _, t := range s.set.Traffic {
		row.Cells = append(row.Cells, heatCell(finding.FleetCell{Instances: t.Instances, CostPerHour: t.CostPerHour}, false))
	}
	rows := []plot.HeatRow{row}
	c := s.set.Against
	if c == nil || len(c.Fleets) != len(s.set.Traffic) || len(c.Runs) == 0 || c.Runs[0].InstanceType == "" || c.Runs[0].InstanceType == s.set.Tested.InstanceType {
		return rows
	}
	other := plot.HeatRow{Name: visible(c.Runs[0].InstanceType+" (the baseline)", maxCode)}
	for i, fleet := range c.Fleets {
		if fleet.PeakRPS != s.set.Traffic[i].PeakRPS || len(fleet.Options) == 0 {
			return rows
		}
		other.Cells = append(other.Cells, heatCell(fleet.Options[0], false))
	}
	return append(rows, other)
}

// frameLeast frames the cells of least cost, column by column. It reports false
// where a cell has no price: instances of two types are not counted against each
// other.
func frameLeast(rows []plot.HeatRow) bool {
	for _, r := range rows {
		for _, c := range r.Cells {
			if len(c.Lines) != 2 {
				return false
			}
		}
	}
	for i := range rows[0].Cells {
		best := 0
		for r := range rows {
			if rows[r].Cells[i].Value < rows[best].Cells[i].Value {
				best = r
			}
		}
		rows[best].Cells[i].Best = true
	}
	return true
}

// candidateRow is a row without numbers of its own.
func candidateRow(c *finding.Candidate) plot.HeatRow {
	row := plot.HeatRow{Name: visible(c.InstanceType+" – not tested", maxCode)}
	for _, w := range c.Worth {
		cell := plot.HeatCell{Value: math.NaN(), Lines: []string{"never", "less"}}
		if w.RPS.Known() {
			cell.Lines = []string{"if ≥ " + atLeastText(w.RPS), "× " + whole(float64(w.Instances))}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}
