package report

import (
	"fmt"
	"strings"

	"sizewise/analyze/finding"
)

// title is the report's heading: what was looked at, and when.
func (s *scribe) title() string {
	subject := s.set.Subject
	if subject == "" {
		subject = "unknown subject"
	}
	return prose(subject) + " · " + s.window()
}

// verdictWord is the verdict in a word or two.
func (s *scribe) verdictWord() string {
	switch s.set.Verdict.Status {
	case finding.Pass:
		return "Pass"
	case finding.Fail:
		return "Fail"
	default:
		return "Not enough data"
	}
}

// verdictSummary is the one sentence that the reader came for, after the word.
func (s *scribe) verdictSummary() string {
	t := sentence(s.set.Verdict.Summary)
	switch {
	case t == "":
		return s.verdictWord() + ". The analysis gave no summary."
	case strings.HasPrefix(t, "Not enough"):
		return t
	default:
		return s.verdictWord() + ". " + t
	}
}

// verdictLines are the sentences under the summary: capacity, SLO rate,
// bottleneck, minutes missed, and what would change the answer.
func (s *scribe) verdictLines() []string {
	a := s.set.Answers
	lines := []string{
		s.capacitySentence(a.Capacity),
		s.sloSentence(a.SLORate),
		s.bottleneckName(a.Bottleneck),
		s.missedSentence(),
		s.flipSentence(),
		s.confidenceSentence(),
	}
	return nonEmpty(lines)
}

// reasons are what the analysis rests its verdict on. With load steps these are
// the answers themselves, which the lines above word already.
func (s *scribe) reasons() []string {
	var out []string
	if len(s.set.Steps) > 0 {
		return nil
	}
	for _, r := range s.set.Verdict.Reasons {
		out = append(out, sentence(r))
	}
	return nonEmpty(out)
}

func nonEmpty(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}

// bold writes an estimate's value in bold with its unit.
func bold(e finding.Estimate) string {
	return "**" + valueOf(float64(e.Value), float64(e.Lo), float64(e.Hi)) + " " + unitText(e.Unit) + "**"
}

// interval writes "95 % interval 139.1–145.2", or nothing.
func interval(e finding.Estimate) string {
	i := span(float64(e.Value), float64(e.Lo), float64(e.Hi))
	if i == "" {
		return ""
	}
	if e.Confidence > 0 && e.Confidence < 1 {
		return percent(e.Confidence) + " interval " + i
	}
	return "interval " + i
}

func (s *scribe) capacitySentence(e finding.Estimate) string {
	if !e.Value.Known() {
		if e.Status == "" {
			return ""
		}
		return "The capacity of one instance cannot be answered" + because(e.Why)
	}
	switch e.Status {
	case finding.Measured:
		how := "measured"
		if e.N > 0 {
			how += " over " + s.buckets(e.N)
		}
		return fmt.Sprintf("One instance saturates at %s (%s).", bold(e), strings.Join(nonEmpty([]string{interval(e), how}), ", "))
	case finding.AtLeast:
		return fmt.Sprintf("At least %s per instance%s", bold(e), s.boundReason(e))
	case finding.Extrapolated:
		return fmt.Sprintf("One instance would saturate at about %s (%s), extrapolated%s.", bold(e), interval(e), s.beyond())
	default:
		return "The capacity of one instance cannot be answered" + because(e.Why)
	}
}

// boundReason says in a few words why there is only a lower bound; the answers'
// table has the whole reason.
func (s *scribe) boundReason(e finding.Estimate) string {
	switch sat := s.set.Answers.Saturated; {
	case sat.Value == nil || *sat.Value:
		return because(e.Why)
	case s.set.Tested.Batching:
		return ": the test never reached the limit, and a GPU that batches does not show where it is."
	default:
		return ": the test never reached the limit."
	}
}

// beyond says how far the test went, for an extrapolated answer.
func (s *scribe) beyond() string {
	top := s.highestServed()
	if !known(top) {
		return ""
	}
	return " beyond the " + plain(top) + " requests/s per instance that the test served"
}

func (s *scribe) sloSentence(e finding.Estimate) string {
	slo := e.SLO
	if slo == "" {
		slo = s.set.Options.SLO
	}
	if slo == "" {
		return ""
	}
	if !e.Value.Known() {
		return fmt.Sprintf("The rate within %s cannot be answered%s", code(slo), because(e.Why))
	}
	switch e.Status {
	case finding.AtLeast:
		return fmt.Sprintf("Within %s it serves at least %s per instance%s", code(slo), bold(e), because(e.Why))
	case finding.Extrapolated:
		return fmt.Sprintf("Within %s it would serve about %s per instance (%s), by a model beyond what was tested.", code(slo), bold(e), interval(e))
	case finding.Measured:
		return fmt.Sprintf("Within %s it serves %s per instance%s.", code(slo), bold(e), bracketed(interval(e)))
	default:
		return fmt.Sprintf("The rate within %s cannot be answered%s", code(slo), because(e.Why))
	}
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// bottleneckSentence is the whole answer; the box has its first sentence.
func (s *scribe) bottleneckSentence(b finding.Bottleneck) string {
	short := s.bottleneckName(b)
	if short == "" {
		return ""
	}
	return strings.TrimSuffix(short, ".") + because(unlessSaid(b.Why, s.set.Answers.Capacity.Why))
}

// bottleneckName names what fills up, without the reason.
func (s *scribe) bottleneckName(b finding.Bottleneck) string {
	switch {
	case b.Status == "":
		return ""
	case b.Status == finding.Unanswerable || b.Value == "":
		return "What fills up first cannot be answered."
	case b.Value == "none":
		return "No resource limits it."
	case b.Status == finding.Measured:
		return fmt.Sprintf("%s is what fills up.", boldResource(b.Value))
	default:
		return fmt.Sprintf("%s would fill up first.", boldResource(b.Value))
	}
}

// theResource is a resource as the subject inside a sentence.
func theResource(name string) string {
	switch name {
	case "memory", "gpu_memory":
		return resourceName(name)
	default:
		return "the " + resourceName(name)
	}
}

// boldResource is a resource as the subject that opens a sentence.
func boldResource(name string) string {
	switch name {
	case "memory":
		return "**Memory**"
	case "gpu_memory":
		return "**GPU memory**"
	default:
		return "The **" + resourceName(name) + "**"
	}
}

// unlessSaid leaves out the part of a reason after its first colon where another
// answer's reason holds the same.
func unlessSaid(why, said string) string {
	head, tail, ok := strings.Cut(why, ": ")
	if ok && len(tail) > 40 && strings.Contains(said, tail) {
		return head + "; see Capacity."
	}
	return why
}
