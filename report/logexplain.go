package report

import (
	"fmt"
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

// explanationNotes say of each metric which messages go with it.
func (s *scribe) explanationNotes() []string {
	var lines []string
	all := s.set.Logs.Explanations
	explained := false
	for i := range all {
		if i > 0 && all[i].Metric == all[i-1].Metric {
			continue
		}
		also := slices.DeleteFunc(slices.Clone(all[i+1:]), func(e finding.LogExplanation) bool {
			return e.Metric != all[i].Metric || e.Relation != all[i].Relation
		})
		lines = append(lines, s.explanationSentence(&all[i], also))
		explained = explained || all[i].Relation == finding.Explains
	}
	if explained {
		lines = append(lines, "What comes together need not be the cause: it is the place to look first.")
	}
	return lines
}

// explanationSentence words the best explanation of a metric and names the
// messages that go with it just as well.
func (s *scribe) explanationSentence(e *finding.LogExplanation, also []finding.LogExplanation) string {
	message := s.explained(e)
	subject := "The " + prose(e.Metric) + " burst"
	if strings.HasSuffix(e.Metric, "latency") {
		subject = "The rise of the " + prose(e.Metric)
	}
	if e.Relation != finding.Explains {
		return fmt.Sprintf("%s from %s on co-occurred %s with %s (%s): too seldom to call it an explanation%s.",
			subject, s.clock(e.Since), times(e.Episodes), message, s.occasion(e), s.beforehand(e))
	}
	out := fmt.Sprintf("%s from %s on is explained by %s (%s): both were raised together %s%s",
		subject, s.clock(e.Since), message, s.occasion(e), times(e.Episodes), s.precedence(e.LagS))
	if e.Covered.Known() {
		out += fmt.Sprintf(", which covers %s of it", percent(e.Covered))
	}
	if len(also) > 0 {
		var names []string
		for i := range also {
			names = append(names, s.explained(&also[i]))
		}
		out += "; with it came " + list(names)
	}
	return out + s.beforehand(e) + "."
}

// beforehand says whether the baseline had the message too.
func (s *scribe) beforehand(e *finding.LogExplanation) string {
	b := s.set.Logs.Baseline
	switch {
	case b == nil || b.Why != "" || !e.Before.Known():
		return ""
	case e.Before == 0:
		return "; the baseline has none of it"
	}
	return "; the baseline has it too, in " + plural(float64(e.Before), "line")
}

// explained names a message or an exception type.
func (s *scribe) explained(e *finding.LogExplanation) string {
	if e.Exception {
		return "the exception " + code(e.Template)
	}
	return code(e.Template)
}

// occasion is when a message was first seen, where, and at what load.
func (s *scribe) occasion(e *finding.LogExplanation) string {
	parts := []string{"first seen " + s.clockSeconds(e.First)}
	if e.Streams > 0 && e.OfStreams >= e.Streams {
		where := fmt.Sprintf("on %d of %s", e.Streams, plural(float64(e.OfStreams), "instance"))
		if e.Streams < e.OfStreams && len(e.Where) > 0 {
			names := make([]string, len(e.Where))
			for i, name := range e.Where {
				names[i] = code(name)
			}
			where += " (" + list(names) + ")"
		}
		parts = append(parts, where)
	}
	if e.LoadRPS.Known() {
		parts = append(parts, "at "+plain(float64(e.LoadRPS))+" requests/s")
	}
	return strings.Join(parts, ", ")
}

// precedence says how long the message came before the metric rose.
func (s *scribe) precedence(lag int) string {
	if lag <= 0 {
		return " in the same " + s.minuteWord()
	}
	return ", the message " + seconds(float64(lag)) + " before"
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
