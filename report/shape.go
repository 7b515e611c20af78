package report

import (
	"fmt"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// shapeFigure is the rate served against the concurrency, with what describes it.
// It is left out without a word where nothing does.
func (s *scribe) shapeFigure() figure {
	f := figure{File: "shape.png", Alt: "Rate served against requests in progress, by load step", Caption: s.shapeCaption()}
	u, k := s.set.USL, s.set.Knee
	if u == nil && k == nil {
		f.Absent = " "
		return f
	}
	p := plot.Shape{}
	for i := range s.set.Steps {
		if st := &s.set.Steps[i]; st.Concurrency.Known() && st.ServedRPS.Known() {
			p.Points = append(p.Points, plot.StepLoad{Concurrency: float64(st.Concurrency), Rate: float64(st.ServedRPS)})
		}
	}
	if u != nil {
		p.Law = u.At
	}
	if k != nil {
		p.Turn = plot.Bracket{From: float64(k.FromRPS), To: float64(k.ToRPS), Label: "latency turns up"}
	}
	f.Paint = p
	return f
}

// shapeCaption says what the figure shows, and that sizing does not use it.
func (s *scribe) shapeCaption() string {
	u, k := s.set.USL, s.set.Knee
	var law, turn string
	if u != nil {
		law = fmt.Sprintf("the dashed curve is the universal scalability law with contention %s (%s) and coherency %s (%s), 95 %% t intervals, residual %s requests/s over %d steps",
			coefficient(u.Alpha), coefficients(u.AlphaLo, u.AlphaHi), coefficient(u.Beta), coefficients(u.BetaLo, u.BetaHi), plain(u.Sigma), u.N)
	}
	if k != nil {
		turn = fmt.Sprintf("latency turns up between %s and %s requests/s offered", plain(k.FromRPS), plain(k.ToRPS))
	}
	const good, only = "Good is marks that keep rising to the right; here ", " what was seen, and no answer in this report rests on "
	switch {
	case law == "":
		return good + turn + ". This only describes" + only + "it."
	case turn == "":
		return good + law + ". This only describes" + only + "it."
	}
	return good + turn + ", and " + law + ". Both only describe" + only + "them."
}

// coefficient writes a coefficient with three significant digits.
func coefficient(n finding.Number) string {
	if !n.Known() {
		return "unknown"
	}
	return fmt.Sprintf("%.3g", float64(n))
}

func coefficients(lo, hi finding.Number) string { return coefficient(lo) + " to " + coefficient(hi) }
