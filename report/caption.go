package report

import (
	"fmt"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// banded explains the band of figures that show more minutes than they have
// columns.
func (s *scribe) banded() string {
	if !plot.Condensed(len(s.set.Minutes)) {
		return ""
	}
	return fmt.Sprintf(" Each point stands for several %ss: the line is their middle, the band their least and greatest.", s.minuteWord())
}

// behind is the first step in which the rate answered, right or as a wrong
// request (4xx), fell behind offered by 3 %; nil when none did.
func (s *scribe) behind() *finding.Step {
	for i := range s.set.Steps {
		st := &s.set.Steps[i]
		if !st.OfferedRPS.Known() || !st.ServedRPS.Known() {
			continue
		}
		answered := st.ServedRPS
		if st.Errors4XX.Known() {
			answered += st.Errors4XX * st.OfferedRPS
		}
		if answered < 0.97*st.OfferedRPS {
			return st
		}
	}
	return nil
}

func (s *scribe) loadCaption() string {
	offered, served, refused := 0.0, 0.0, 0.0
	for i := range s.set.Minutes {
		if m := &s.set.Minutes[i]; known(m.Invocations) && known(m.Served()) {
			offered, served = offered+m.Invocations, served+m.Served()*m.Seconds
			if known(m.Errors4XX) {
				refused += m.Errors4XX
			}
		}
	}
	text := "Good is served on top of offered"
	st := s.behind()
	switch {
	case st != nil:
		text += fmt.Sprintf("; here it falls behind in %s (%s offered and %s served per instance), and the gap is what failed.", s.stepName(st), plain(st.OfferedRPS), plain(st.ServedRPS))
	case offered > 0 && refused > 0.03*offered:
		text += fmt.Sprintf("; here the gap is requests refused as wrong (4xx), %s of all, and not a limit of the endpoint.", percent(refused/offered))
	case s.set.Tested.ClosedLoop:
		text += ", and so it is here: waiting clients send no more than is answered, so that offered cannot exceed served, and the limit shows in latency."
	case offered > 0 && served < 0.97*offered:
		text += fmt.Sprintf("; here %s of all requests were not answered well.", percent(1-served/offered))
	default:
		text += ", and so it is here throughout: a gap would be what failed."
	}
	return text + s.banded()
}

func (s *scribe) latencyCaption() string {
	m, limit, ok := s.limits.latency()
	if !ok {
		first, worst := s.latencyRange()
		if worst == nil {
			return "A flat line is good; a steep rise is where requests begin to wait. No SLO on latency was given, so no limit is drawn." + s.banded()
		}
		return fmt.Sprintf("A flat line is good; a steep rise is where requests begin to wait. Here p99 goes from %s in %s to %s in %s. No SLO on latency was given, so no limit is drawn.",
			seconds(first.P99), s.stepName(first), seconds(worst.P99), s.stepName(worst)) + s.banded()
	}
	text := fmt.Sprintf("Good is %s below the SLO's line of %s", m.name, seconds(limit))
	for i := range s.set.Steps {
		if st := &s.set.Steps[i]; float64(m.ofStep(st)) > limit {
			return text + fmt.Sprintf("; here it is first above in %s, at %s requests/s per instance (%s).", s.stepName(st), plain(st.OfferedRPS), seconds(m.ofStep(st))) + s.banded()
		}
	}
	if s.anyOver(m, limit) {
		return text + fmt.Sprintf("; here single %ss are above, and no load step is.", s.minuteWord()) + s.banded()
	}
	return text + fmt.Sprintf(", and so it is here in every %s.", s.minuteWord()) + s.banded()
}

// anyOver reports whether any minute has the statistic above the limit.
func (s *scribe) anyOver(m latencyMetric, limit float64) bool {
	return greatest(s.series(m.judged)) > limit
}

// latencyRange is the first step with a p99 and the one with the greatest.
func (s *scribe) latencyRange() (first, worst *finding.Step) {
	for i := range s.set.Steps {
		st := &s.set.Steps[i]
		if !st.P99.Known() {
			continue
		}
		if first == nil {
			first = st
		}
		if worst == nil || st.P99 > worst.P99 {
			worst = st
		}
	}
	return first, worst
}

func (s *scribe) utilizationCaption() string {
	r, ok := s.limitingResource()
	if !ok {
		return ""
	}
	top := greatest(s.ratios(r, r.busy))
	text := fmt.Sprintf("A line at 100 %% is full, and one that stays flat while the load rises is not used by it; here %s gets to %s", theResource(r.name), percent(top))
	return text + "." + s.banded()
}

func (s *scribe) breakdownCaption() string {
	over := greatest(values(s.set.Steps, overheadOf))
	model := greatest(values(s.set.Steps, modelOf))
	text := "The lower part of a bar is the model with its queue, the part on top SageMaker's overhead, the diamond the model's p99; the lower panel shows the overhead on a scale of its own."
	switch {
	case !known(over):
		text = "A bar is the model with its queue, the diamond its p99. Overhead was not published."
	case known(model) && model > 5*over && model > 1.5*least(values(s.set.Steps, modelOf)):
		text += fmt.Sprintf(" Good is bars of equal height; here overhead never averages more than %s, so what grows is the model's time.", seconds(over))
	default:
		text += fmt.Sprintf(" Good is bars of equal height with little on top; here overhead averages up to %s.", seconds(over))
	}
	return text
}

func (s *scribe) errorsCaption() string {
	text := "Errors that rise with utilization come from the load; errors that come at any utilization come from elsewhere."
	r, ok := s.limitingResource()
	if !ok {
		return text + s.banded()
	}
	e := s.set.Answers.ErrorOnset
	switch st := s.onsetStep(); {
	case st != nil && r.ofStep(st).Known():
		text += fmt.Sprintf(" Here 5xx first pass 0.1 %% in %s, with the %s at %s.", s.stepName(st), resourceName(r.name), wholePercent(r.ofStep(st)))
	case e.Status == finding.AtLeast:
		text += " Here 5xx pass 0.1 % beyond doubt in no load step."
	case len(s.set.Steps) > 0 && has(s.set.Steps, errors5Of) && !anyAbove(s.set.Steps, errors5Of, 0.001):
		text += " Here 5xx pass 0.1 % in no load step."
	}
	return text + s.banded()
}

// onsetStep is the step in which the analysis saw errors begin: the first whose
// rate is not below the middle of the bracket. Nil when it named none.
func (s *scribe) onsetStep() *finding.Step {
	e := s.set.Answers.ErrorOnset
	if e.Status != finding.Measured || !e.Value.Known() {
		return nil
	}
	for i := range s.set.Steps {
		if st := &s.set.Steps[i]; st.OfferedRPS >= e.Value && st.Errors5XX > 0.001 {
			return st
		}
	}
	return nil
}

func (s *scribe) sizingCaption() string {
	g, ok := s.ground()
	if !ok {
		return ""
	}
	text := "Go up from a peak to the solid line to read the instances it needs; the dashed line is the same with no reserve, where any surprise is an outage."
	if g.bound {
		text += " Both are what is enough: they stand on a lower bound, so fewer may be."
	}
	now := currentOr(s.set.Answers.Instances, s.set.Tested.InstancesLast)
	if now >= 1 {
		text += fmt.Sprintf(" Here %s would do up to a peak of %s requests/s.", plural(now, "instance"), plain(g.holds(now)))
	}
	return text
}
