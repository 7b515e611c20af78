package report

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// recommendationFile is the figure of a job of Inference Recommender.
const recommendationFile = chartPrefix + "recommendations.png"

// tried is what the recommender measured of one fleet.
type tried struct {
	name          string
	seconds, cost float64
}

// trials are the recommendations that have a latency and a price.
func (s *scribe) trials() (out []tried, all int) {
	for i := range s.set.Parts {
		p := &s.set.Parts[i]
		if p.Kind != "recommendation" {
			continue
		}
		all++
		one := tried{visible(p.Name, maxCode), math.NaN(), math.NaN()}
		for j := range p.Measures {
			switch m := &p.Measures[j]; m.Name {
			case "model_latency_s":
				one.seconds = toldOf(m.Estimate)
			case "usd_per_million":
				one.cost = toldOf(m.Estimate)
			}
		}
		if one.seconds > 0 && one.cost >= 0 {
			out = append(out, one)
		}
	}
	return out, all
}

// toldOf is the value of an estimate, NaN when it has none.
func toldOf(e finding.Estimate) float64 {
	if e.Status == finding.Unanswerable || !e.Value.Known() {
		return math.NaN()
	}
	return float64(e.Value)
}

// recommendationFigure sets what was tried beside each other by price and latency.
// ok is false for a subject that is no recommender job, or one that tried nothing.
func (s *scribe) recommendationFigure() (f figure, ok bool) {
	list, all := s.trials()
	if all == 0 {
		return figure{}, false
	}
	f = figure{File: recommendationFile, Alt: "Cost of a million inferences against model latency, fleet by fleet"}
	if len(list) == 0 {
		f.Absent = "There is no figure of price and latency: the recommender told them of no fleet."
		return f, true
	}
	p := plot.Price{Axis: "model latency at the highest load", Limit: math.NaN(), Cost: "USD per million inferences, at the highest load"}
	if m, limit, given := s.limits.latency(); given {
		p.Limit, p.Name = limit, "SLO "+m.name+" < "+seconds(limit)
	}
	for _, one := range list {
		p.Runs = append(p.Runs, plot.PriceRun{Name: one.name, Seconds: []float64{one.seconds}, Cost: []float64{one.cost}, Saturate: []bool{false}})
	}
	f.Caption, f.Paint = recommendationCaption(list, all, p.Limit), p
	return f, true
}

// recommendationCaption says how to read the figure, and which fleet to look at.
func recommendationCaption(list []tried, all int, limit float64) string {
	text := "Each mark is a fleet that the recommender tried, at the highest load it took. Lower is cheaper, further left is faster."
	best, quick := -1, 0
	for i, one := range list {
		if one.seconds < list[quick].seconds {
			quick = i
		}
		if (math.IsNaN(limit) || one.seconds < limit) && (best < 0 || one.cost < list[best].cost) {
			best = i
		}
	}
	switch {
	case best < 0:
		text += " None keeps the limit, which a fleet with less load on each instance may."
	case math.IsNaN(limit) && best == quick:
		text += fmt.Sprintf(" %s is the cheapest and the fastest of them.", code(list[best].name))
	case math.IsNaN(limit):
		text += fmt.Sprintf(" %s is the cheapest, %s the fastest: %s times the price for %s of the latency.",
			code(list[best].name), code(list[quick].name), plain(list[quick].cost/list[best].cost), percent(list[quick].seconds/list[best].seconds))
	default:
		text += fmt.Sprintf(" %s is the cheapest that keeps the limit.", code(list[best].name))
	}
	if math.IsNaN(limit) {
		text += " No SLO on latency was given, so no limit is drawn."
	}
	if n := all - len(list); n > 0 {
		text += fmt.Sprintf(" Of %s no price or no latency is told.", plural(float64(n), "more fleet"))
	}
	return text
}
