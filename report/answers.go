package report

import (
	"strings"

	"sizewise/analyze/finding"
)

// statusWord is how a status reads in a table.
func statusWord(st finding.Status) string {
	switch st {
	case finding.Measured:
		return "**measured**"
	case finding.AtLeast:
		return "**lower bound**"
	case finding.Extrapolated:
		return "**extrapolated**"
	default:
		return ""
	}
}

// answers is the table that follows the verdict.
func (s *scribe) answers() table {
	a := s.set.Answers
	t := table{Head: []string{"", "value", "how we know"}}
	add := func(name, value, how string) { t.Rows = append(t.Rows, []string{name, value, how}) }
	row := func(name string, e finding.Estimate) {
		if e.Status != "" {
			add(name, s.answerValue(e), s.how(e))
		}
	}
	if a.Saturated.Status != "" {
		add("Did the test saturate it?", flagWord(a.Saturated), s.because(a.Saturated.Status, nil, a.Saturated.Why, a.Saturated.Query))
	}
	row("Sustained capacity per instance", a.Capacity)
	row(s.sloRowName(), a.SLORate)
	if a.Bottleneck.Status != "" {
		add("Bottleneck", bottleneckValue(a.Bottleneck), s.because(a.Bottleneck.Status, nil, "See Bottleneck", a.Bottleneck.Query))
	}
	row("Errors begin, per instance", a.ErrorOnset)
	row("Instances, now → needed", a.Instances)
	if a.CostPerHour.Status != finding.Unanswerable {
		row("Cost of the fleet, now → needed", a.CostPerHour)
	}
	row("Free at the peak, as it runs now", a.Headroom)
	row("Autoscaling target", a.AutoscalingTarget)
	if a.CostPerMillion.Status != finding.Unanswerable {
		row("Cost per million requests", a.CostPerMillion)
	}
	if o := s.set.OtherTypes; o != nil {
		add("What another instance type takes", "no answer", s.because(o.Status, nil, o.Why, ""))
	}
	return t
}

func (s *scribe) sloRowName() string {
	if slo := s.set.Answers.SLORate.SLO; slo != "" {
		return "Rate within " + cellCode(slo) + " per instance"
	}
	if slo := s.set.Options.SLO; slo != "" {
		return "Rate within " + cellCode(slo) + " per instance"
	}
	return "Rate within the SLO, per instance"
}

// answerValue is the value cell; what runs now stands before an arrow.
func (s *scribe) answerValue(e finding.Estimate) string {
	v := estimateText(e)
	if e.Unit == "USD/hour" && e.Current.Known() {
		return money(e.Current) + " → **" + v + "**"
	}
	if e.Unit != "instances" || !e.Current.Known() {
		return v
	}
	if !e.Value.Known() || e.Status == finding.Unanswerable {
		return whole(float64(e.Current)) + " → no answer"
	}
	return whole(float64(e.Current)) + " → **" + v + "**"
}

func flagWord(f finding.Flag) string {
	switch {
	case f.Value == nil || f.Status == finding.Unanswerable:
		return "unclear"
	case *f.Value:
		return "yes"
	default:
		return "no"
	}
}

func bottleneckValue(b finding.Bottleneck) string {
	if b.Value == "" || b.Status == finding.Unanswerable {
		return "no answer"
	}
	return resourceName(b.Value)
}

// how words everything that an estimate rests on.
func (s *scribe) how(e finding.Estimate) string {
	var facts []string
	if m := methodWord(e.Method); m != "" {
		facts = append(facts, m)
	}
	if e.Window != nil && !e.Window.Start.IsZero() {
		facts = append(facts, s.between(e.Window.Start, e.Window.End))
	}
	if e.N > 0 && e.Method != "formula" && e.Status != finding.Unanswerable {
		facts = append(facts, s.behindIt(e))
	}
	if e.Formula != "" {
		facts = append(facts, cellCode(e.Formula))
	}
	if !e.Value.Known() || e.Status == finding.Unanswerable {
		return s.because(finding.Unanswerable, nil, e.Why, e.Query)
	}
	return s.because(e.Status, facts, e.Why, e.Query)
}

// behindIt says how much data an estimate rests on: load steps or minutes.
func (s *scribe) behindIt(e finding.Estimate) string {
	if e.Method == "wilson" {
		return "95 % interval over " + plural(float64(e.N), "step")
	}
	return "over " + s.buckets(e.N)
}

// because joins status, facts, reason and query.
func (s *scribe) because(st finding.Status, facts []string, why, query string) string {
	known := strings.Join(append([]string{statusWord(st)}, facts...), ", ")
	if known != "" {
		known += "."
	}
	parts := []string{known, sentence(why)}
	if query != "" {
		parts = append(parts, cellCode(query))
	}
	if out := strings.Join(nonEmpty(parts), " "); out != "" {
		return out
	}
	return "No reason was given."
}

// methodWord says a method in plain words.
func methodWord(method string) string {
	switch method {
	case "":
		return ""
	case "plateau":
		return "plateau"
	case "utilization_law":
		return "utilization law"
	case "isotonic":
		return "step by step"
	case "queue_model":
		return "queueing model"
	case "wilson":
		return "" // see behindIt
	case "formula":
		return ""
	default:
		return prose(strings.ReplaceAll(method, "_", " "))
	}
}
