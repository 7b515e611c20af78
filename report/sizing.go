package report

import (
	"fmt"
	"math"
	"strings"

	"sizewise/analyze/finding"
)

// ground is what the sizing arithmetic stands on: the rate that one instance may
// be given, and where it comes from.
type ground struct {
	each   float64 // requests/s per instance, lower end, without the reserve
	target float64 // utilization to plan for, 0 to 1
	growth float64
	bound  bool   // each is a lower bound: fewer instances may do
	name   string // what each is, in words
}

// ground finds the lower end of the rates that bound an instance. ok is false
// when the answers carry none, or when an SLO was given and no rate within it is
// known: capacity alone does not keep an SLO.
func (s *scribe) ground() (ground, bool) {
	a, o := s.set.Answers, s.set.Options
	g := ground{each: math.Inf(1), target: float64(o.TargetUtilization), growth: float64(o.Growth)}
	if !known(g.target) || g.target <= 0 || g.target > 1 || !known(g.growth) || g.growth < 0 {
		return ground{}, false
	}
	if slo := lowerEnd(a.SLORate); known(slo) {
		g.each, g.name, g.bound = slo, "the rate within the SLO", a.SLORate.Status == finding.AtLeast
	} else if o.SLO != "" {
		return ground{}, false
	}
	if c := lowerEnd(a.Capacity); known(c) && c < g.each {
		g.each, g.name, g.bound = c, "the capacity", a.Capacity.Status == finding.AtLeast
	}
	return g, known(g.each) && g.each > 0
}

// lowerEnd is the least that an estimate promises; NaN for none.
func lowerEnd(e finding.Estimate) float64 {
	switch {
	case e.Status == finding.Unanswerable || e.Status == "" || !e.Value.Known():
		return math.NaN()
	case e.Lo.Known():
		return float64(e.Lo)
	default:
		return float64(e.Value)
	}
}

// perInstance is the rate that one instance may be given, reserve taken off.
func (g ground) perInstance() float64 { return g.each * g.target }

// need is the number of instances for a peak.
func (g ground) need(peak float64) float64 {
	return math.Max(1, math.Ceil(peak*(1+g.growth)/g.perInstance()-1e-9))
}

// holds is the highest peak for which k instances are enough.
func (g ground) holds(k float64) float64 { return k * g.perInstance() / (1 + g.growth) }

// consistent reports whether the arithmetic here leads to the analysis's own
// recommendation. Where it does not, the analysis knows something that the set
// does not say, and nothing is extended from it.
func (s *scribe) consistent(g ground) bool {
	e, peak := s.set.Answers.Instances, float64(s.set.Options.PeakRPS)
	if !e.Value.Known() || e.Status == finding.Unanswerable || !known(peak) {
		return true
	}
	return g.need(peak) == float64(e.Value)
}

// flipSentence says which input would change the number of instances.
func (s *scribe) flipSentence() string {
	g, ok := s.ground()
	e, peak := s.set.Answers.Instances, float64(s.set.Options.PeakRPS)
	if !ok || !known(peak) || !e.Value.Known() || e.Status == finding.Unanswerable || !s.consistent(g) {
		return ""
	}
	k := float64(e.Value)
	top, bottom := g.holds(k), g.holds(k-1)
	over := "instances are"
	if k == 1 {
		over = "instance is"
	}
	more := fmt.Sprintf("above %s requests/s %s %s not enough", apartFrom(top, peak), whole(k), over)
	switch {
	case top < 1.005*peak:
		more = ""
	case k < 2:
		return fmt.Sprintf("What would change this answer: %s.", more)
	}
	if k < 2 {
		return ""
	}
	less := fmt.Sprintf("a peak below %s requests/s makes %s enough", apartFrom(bottom, peak), plain(k-1))
	return fmt.Sprintf("What would change this answer: %s.", strings.Join(nonEmpty([]string{less, more}), "; "))
}

// apartFrom writes v with as many digits as show that it is not the other value.
func apartFrom(v, other float64) string {
	for digits := 3; digits < 6; digits++ {
		text := fixed(v, decimalsFor(v, digits))
		if strings.ReplaceAll(text, ",", "") != strings.ReplaceAll(fixed(other, decimalsFor(v, digits)), ",", "") {
			return trimmed(text)
		}
	}
	return exact(v)
}

// sizingNotes are the sentences of the sizing section.
func (s *scribe) sizingNotes() []string {
	e := s.set.Answers.Instances
	var lines []string
	switch {
	case e.Status == "":
	case e.Status == finding.Unanswerable || !e.Value.Known():
		now := ""
		if e.Current.Known() {
			now = fmt.Sprintf(" Now: %s × %s.", whole(float64(e.Current)), s.instanceType())
		}
		lines = append(lines, "How many instances are needed cannot be answered"+because(e.Why)+now)
	default:
		lines = append(lines, s.arrow(e), s.fleetCost())
	}
	lines = append(lines, s.groundSentence(), s.changeSentence(), s.zoneSentence())
	return nonEmpty(append(lines, s.noCostSentence()))
}

// changeSentence says what one instance less would carry, and what would make
// another number right.
func (s *scribe) changeSentence() string {
	if s.set.Sizing == nil || s.set.Sizing.WouldChange == "" {
		return ""
	}
	return "With other inputs: " + sentence(s.set.Sizing.WouldChange)
}

// zoneSentence is the fleet that outlives the loss of a zone.
func (s *scribe) zoneSentence() string {
	if s.set.Sizing == nil {
		return ""
	}
	e := s.set.Sizing.ZoneLoss
	switch {
	case e.Status == finding.Unanswerable && s.set.Sizing.Zones == 1:
		return sentence(e.Why)
	case e.Status == finding.Unanswerable || !e.Value.Known():
		return ""
	}
	return fmt.Sprintf("To outlive the loss of a zone: **%s × %s** (%s). %s", whole(float64(e.Value)), s.instanceType(), prose(e.Formula), sentence(e.Why))
}

// safetySentence says what the target leaves free for, and how that is known.
func (s *scribe) safetySentence() string {
	if s.set.Sizing == nil || !s.set.Sizing.Safety.Value.Known() {
		return ""
	}
	e := s.set.Sizing.Safety
	text := fmt.Sprintf("It leaves free what traffic grows by while new instances start: the factor is %s.", fixed(float64(e.Value), 2))
	if e.Formula != "" {
		text = fmt.Sprintf("It leaves free what traffic grows by while new instances start: %s.", prose(e.Formula))
	}
	return text + " " + sentence(e.Why)
}

// arrow writes the recommendation as current -> recommended.
func (s *scribe) arrow(e finding.Estimate) string {
	need := fmt.Sprintf("**%s × %s**", whole(float64(e.Value)), s.instanceType())
	if e.Current.Known() {
		need = fmt.Sprintf("%s → %s", whole(float64(e.Current)), need)
	}
	o := s.set.Options
	load := "the highest rate that was served"
	if o.PeakRPS.Known() {
		load = fmt.Sprintf("a peak of %s requests/s", exact(float64(o.PeakRPS)))
	}
	switch {
	case known(o.Growth) && o.Growth > 0:
		load += fmt.Sprintf(" with %s growth", percent(o.Growth))
	default:
		load += " without growth"
	}
	return fmt.Sprintf("%s for %s, each instance loaded to %s.", need, load, percent(o.TargetUtilization))
}

func (s *scribe) groundSentence() string {
	g, ok := s.ground()
	switch {
	case !ok:
		return "No table of traffic is given: it needs a rate per instance with a lower end, and this analysis has none that keeps what was asked."
	case !s.consistent(g):
		return "No table of traffic is given: the recommendation rests on more than the formula for one rate per instance."
	case g.bound:
		return fmt.Sprintf("An instance is given %s requests/s: %s of %s, which is a lower bound of %s. As many instances are enough; fewer may be.", plain(g.perInstance()), percent(g.target), plain(g.each), g.name)
	default:
		return fmt.Sprintf("An instance is given %s requests/s: %s of %s, the lower end of %s.", plain(g.perInstance()), percent(g.target), plain(g.each), g.name)
	}
}

func currentOr(e finding.Estimate, otherwise finding.Number) float64 {
	if e.Current.Known() {
		return float64(e.Current)
	}
	if known(otherwise) {
		return float64(otherwise)
	}
	return 1
}

func (s *scribe) remark(peak, k float64) string {
	switch {
	case peak == float64(s.set.Options.PeakRPS):
		return "**the peak asked for**"
	case s.set.Answers.Instances.Current.Known() && k == float64(s.set.Answers.Instances.Current):
		return "as many as now"
	default:
		return ""
	}
}

// autoscalingNotes are the sentences about target tracking.
func (s *scribe) autoscalingNotes() []string {
	e := s.set.Answers.AutoscalingTarget
	if e.Status == "" {
		return nil
	}
	if e.Status == finding.Unanswerable || !e.Value.Known() {
		return nonEmpty([]string{"No autoscaling target can be given" + because(e.Why), s.noReplaySentence()})
	}
	value := whole(float64(e.Value))
	if e.Status == finding.AtLeast {
		value = "at least " + value
	}
	lines := []string{fmt.Sprintf("Target tracking on %s: **%s** invocations per instance and minute; the table at the top has the arithmetic.", code("SageMakerVariantInvocationsPerInstance"), value)}
	return nonEmpty(append(lines, s.safetySentence(), s.startSentence(), s.noReplaySentence()))
}
