package report

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// capacityFigure is the scatter of busy units against the rate served, with the
// fit and the answer where there are any, and the reason where there are not.
func (s *scribe) capacityFigure() figure {
	f := figure{File: "capacity.png", Alt: "How busy an instance was against the rate it served", Caption: s.capacityCaption()}
	r, ok := s.curveResource()
	if !ok {
		f.Absent = "There is no figure of capacity: neither CPU nor GPU utilization was published in this window."
		return f
	}
	p := plot.Capacity{
		Title: "Busy " + unitPlural(r.name) + " of one instance, mean of the " + s.minuteWord(),
		Limit: r.limit(&s.set), LimitName: "limit: " + units(r.limit(&s.set), resourceName(r.name)), Points: s.work(r), Answer: s.plotAnswer(), Fit: s.plotFit(r),
	}
	if len(p.Points) == 0 {
		f.Absent = "There is no figure of capacity: no minute has both a rate per instance and utilization."
		return f
	}
	if p.Answer == nil {
		p.Note = "No capacity is given. " + visible(s.set.Answers.Capacity.Why, maxText)
	}
	f.Paint = p
	return f
}

func unitPlural(name string) string {
	if name == "cpu" {
		return "vCPUs"
	}
	return "GPUs"
}

// curveResource is the CPU or GPU that the scatter shows: the fit's, the
// bottleneck's, or the fuller one.
func (s *scribe) curveResource() (resource, bool) {
	var wanted []string
	if s.set.Curve != nil {
		wanted = append(wanted, s.set.Curve.Resource)
	}
	wanted = append(wanted, s.set.Answers.Bottleneck.Value)
	var fullest resource
	most := math.Inf(-1)
	for _, r := range resources() {
		if r.name != "cpu" && r.name != "gpu" || !anyKnown(s.series(r.busy)) {
			continue
		}
		top := greatest(s.ratios(r, r.busy))
		for i, name := range wanted {
			if r.name == name {
				top = 1e6 - float64(i)
			}
		}
		if top > most || fullest.busy == nil {
			fullest, most = r, top
		}
	}
	return fullest, fullest.busy != nil
}

// work is every minute that has a rate per instance and utilization.
func (s *scribe) work(r resource) []plot.Work {
	var out []plot.Work
	for i := range s.set.Minutes {
		m := &s.set.Minutes[i]
		w := plot.Work{Rate: m.Served() / m.Instances, Busy: r.busy(m), Kind: plot.LeftOut}
		if !known(w.Rate) || !known(w.Busy) {
			continue
		}
		switch {
		case s.onPlateau(m):
			w.Kind = plot.Plateau
		case m.Usable:
			w.Kind = plot.Fitted
		}
		out = append(out, w)
	}
	return out
}

// onPlateau reports whether the minute lies in the window of a capacity that was
// read off a plateau, and in a saturated step.
func (s *scribe) onPlateau(m *finding.Minute) bool {
	e := s.set.Answers.Capacity
	if e.Status != finding.Measured || e.Method != "plateau" || e.Window == nil || m.Usable {
		return false
	}
	if m.Start.Before(e.Window.Start) || !m.Start.Before(e.Window.End) {
		return false
	}
	if m.Step < 1 || m.Step > len(s.set.Steps) {
		return true
	}
	return s.set.Steps[m.Step-1].Saturated
}

func (s *scribe) plotAnswer() *plot.Answer {
	e := s.set.Answers.Capacity
	if e.Status == finding.Unanswerable || e.Status == "" || !e.Value.Known() || e.Value <= 0 {
		return nil
	}
	a := &plot.Answer{Value: float64(e.Value), Lo: float64(e.Lo), Hi: float64(e.Hi), AtLeast: e.Status == finding.AtLeast}
	value := rateText(a.Value, a.Lo, a.Hi)
	switch e.Status {
	case finding.AtLeast:
		a.Label = "at least " + value
	case finding.Extrapolated:
		a.Label = "extrapolated: " + value
	default:
		a.Label = "measured: " + value
	}
	return a
}

// rateText writes "142.3/s (139.1–145.2)".
func rateText(value, lo, hi float64) string {
	return valueOf(value, lo, hi) + "/s" + bracketed(span(value, lo, hi))
}

// plotFit is the line, drawn on to the limit only where the answer rests on it or
// agrees with it. Where requests are batched a line means nothing, and there is
// none.
func (s *scribe) plotFit(r resource) *plot.Fit {
	c := s.set.Curve
	if c == nil || s.set.Tested.Batching || c.Resource != r.name || !known(c.Slope) || !known(c.Intercept) || c.Slope <= 0 || !known(c.MaxRate) || c.MaxRate <= 0 {
		return nil
	}
	status := s.set.Answers.Capacity.Status
	return &plot.Fit{
		Intercept: float64(c.Intercept), Slope: float64(c.Slope), SlopeLo: float64(c.SlopeLo), SlopeHi: float64(c.SlopeHi),
		MaxRate: float64(c.MaxRate),
		Extend:  status == finding.Measured || status == finding.Extrapolated,
	}
}

// coarse reports whether there is a line but no minute in it: it was fitted to
// the longer periods of a utilization that is not published by the minute.
func (s *scribe) coarse(r resource) bool {
	return s.plotFit(r) != nil && !slices.ContainsFunc(s.work(r), func(w plot.Work) bool { return w.Kind == plot.Fitted })
}

// plateauRate is the middle of the rates served by an instance on the plateau;
// NaN without one.
func (s *scribe) plateauRate() float64 {
	r, ok := s.curveResource()
	if !ok {
		return math.NaN()
	}
	var rates []float64
	for _, w := range s.work(r) {
		if w.Kind == plot.Plateau {
			rates = append(rates, w.Rate)
		}
	}
	return float64(median(rates))
}

// capacityCaption says how to read the scatter.
func (s *scribe) capacityCaption() string {
	e := s.set.Answers.Capacity
	base := fmt.Sprintf("Each mark is one %s. ", s.minuteWord())
	if r, ok := s.curveResource(); ok && s.coarse(r) {
		base += "Utilization came in longer periods, which the line was fitted to. "
	}
	base += "Marks on a straight line mean that every request costs the same at any rate"
	switch {
	case s.set.Tested.Batching:
		return base + "; here they bend as the rate rises, which is what batching looks like, so no line is drawn through them."
	case e.Status == finding.Measured && s.plateauRate() > float64(e.Hi):
		return base + fmt.Sprintf("; here they stop at %s requests/s, the mean of the instances, where more requests no longer brought more answers. The diamond is the slowest instance, where trouble starts.", plain(s.plateauRate()))
	case e.Status == finding.Measured:
		return base + "; here they stop at the diamond, where more requests no longer brought more answers."
	case e.Status == finding.Extrapolated:
		return base + fmt.Sprintf("; here they end at %s requests/s, and the dashed line goes on to the limit, where the diamond and its shaded interval are read.", plain(s.highestServed()))
	case e.Status == finding.AtLeast:
		return base + "; the arrow starts at the highest rate that was sustained, and the truth lies somewhere to its right."
	default:
		return base + "; no capacity is drawn because the data does not carry one."
	}
}
