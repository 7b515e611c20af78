package report

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// priceFigure is what a million requests cost against how fast they were.
func (s *collator) priceFigure() figure {
	f := figure{File: priceFile, Alt: "Cost of a million requests against latency, step by step, run by run"}
	p := plot.Price{Latency: "p99", Limit: math.NaN(), Cost: "USD per million requests, fully loaded"}
	if m, limit, ok := readLimits(s.c.Options.SLO).latency(); ok {
		p.Latency, p.Limit, p.Name = m.name, limit, "SLO "+m.name+" < "+seconds(limit)
	}
	priced := true
	for _, r := range s.c.Runs {
		priced = priced && r.Price.Known()
	}
	if !priced {
		p.Cost = "instance hours per million requests, fully loaded"
	}
	for _, r := range s.c.Runs {
		name := r.Label
		if r.InstanceType != "" {
			name += " " + r.InstanceType
		}
		line := plot.PriceRun{Name: visible(name, maxCode)}
		for _, st := range r.Steps {
			cost := st.USDPerMillion
			if !priced {
				cost = st.InstanceHours
			}
			if !st.Latency.Known() || !cost.Known() {
				continue
			}
			line.Seconds, line.Cost, line.Saturate = append(line.Seconds, float64(st.Latency)), append(line.Cost, float64(cost)), append(line.Saturate, st.Saturated)
		}
		if len(line.Seconds) > 0 {
			p.Runs = append(p.Runs, line)
		}
	}
	if len(p.Runs) == 0 {
		f.Absent = "There is no figure of price and performance: no run has load steps with a latency."
		return f
	}
	f.Caption = s.priceCaption(p, priced)
	f.Paint = p
	return f
}

// priceCaption says where the cheapest step within the SLO lies.
func (s *collator) priceCaption(p plot.Price, priced bool) string {
	text := "Each mark is a load step, each line a run from light load (top left) to heavy load; hollow marks are saturated. Lower is cheaper, further left is faster."
	best, at, cost := -1, math.NaN(), math.Inf(1)
	for i, r := range p.Runs {
		for k := range r.Seconds {
			if !r.Saturate[k] && (math.IsNaN(p.Limit) || r.Seconds[k] < p.Limit) && r.Cost[k] < cost {
				best, at, cost = i, r.Seconds[k], r.Cost[k]
			}
		}
	}
	if best < 0 {
		return text + " No step kept the SLO."
	}
	unit := "USD"
	if !priced {
		unit = "instance hours"
	}
	within := "below saturation"
	if !math.IsNaN(p.Limit) {
		within = "within the SLO"
	}
	return text + fmt.Sprintf(" The cheapest step %s is one of %s: %s %s per million at %s %s.", within, prose(p.Runs[best].Name), plain(cost), unit, p.Latency, seconds(at))
}

// heatFigure is how many instances of each kind the traffic needs.
func (s *collator) heatFigure() figure {
	f := figure{File: heatFile, Alt: "Instances and cost of each run's kind of instance for levels of traffic, the best choice framed"}
	if len(s.c.Fleets) == 0 {
		f.Absent = "There is no table of fleets: no run has a rate that one instance may serve."
		return f
	}
	h := plot.Heat{Title: "Instances needed, and what they cost", Columns: "peak, requests/s"}
	for _, fleet := range s.c.Fleets {
		h.Heads = append(h.Heads, plain(fleet.PeakRPS))
	}
	for i, r := range s.c.Runs {
		row := plot.HeatRow{Name: visible(r.Label+" "+r.InstanceType, maxCode)}
		for _, fleet := range s.c.Fleets {
			row.Cells = append(row.Cells, heatCell(fleet.Options[i], fleet.Best == r.Label))
		}
		h.Rows = append(h.Rows, row)
	}
	f.Caption = "A column is a level of traffic, a row a run's kind of instance; the framed cell is the best choice there" + s.bestWord() + "."
	f.Paint = h
	return f
}

func heatCell(c finding.FleetCell, best bool) plot.HeatCell {
	cell := plot.HeatCell{Value: float64(c.Instances), Best: best}
	switch {
	case !c.Instances.Known():
		cell.Lines = []string{"none"}
	case c.CostPerHour.Known():
		cell.Value = float64(c.CostPerHour)
		cell.Lines = []string{"× " + plain(c.Instances), "$" + plain(c.CostPerHour) + "/h"}
	default:
		cell.Lines = []string{"× " + plain(c.Instances)}
	}
	return cell
}

func (s *collator) bestWord() string {
	if w := s.c.Fleets[0].WhyBest; w != "" {
		return " (" + prose(w) + ")"
	}
	return ""
}

// fleets is the same in words, with the reason of every run that carries none.
func (s *collator) fleets() table {
	if len(s.c.Fleets) == 0 {
		return table{}
	}
	t := table{Head: []string{"run", "one instance may serve", "what that is"}, Right: []bool{false, true}}
	for i, r := range s.c.Runs {
		rate, why := "none", s.c.Fleets[0].Options[i].Why
		if r.Usable.Known() {
			rate, why = plain(r.Usable)+" requests/s", r.WhyUsable
		}
		t.Rows = append(t.Rows, []string{prose(r.Label), rate, sentence(why)})
	}
	o := s.c.Options
	t.Note = fmt.Sprintf("instances = ceil(peak × %s / (that rate × %s)).", exact(1+float64(o.Growth)), percent(o.TargetUtilization))
	return t
}
