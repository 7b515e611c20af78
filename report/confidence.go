package report

import (
	"fmt"
	"math"

	"sizewise/analyze/finding"
)

// Interval half-widths, relative to the value, up to which an answer is firm or
// still usable.
const (
	narrow = 0.05
	usable = 0.15
)

// confidenceSentence says how far the rate that the verdict rests on can be
// trusted, and why: high is measured with a narrow interval and complete data,
// medium is extrapolated, or wider, or with gaps, low is everything else.
func (s *scribe) confidenceSentence() string {
	e, name := s.set.Answers.Capacity, "the capacity"
	if s.set.Answers.SLORate.SLO != "" || s.set.Options.SLO != "" {
		e, name = s.set.Answers.SLORate, "the rate within the SLO"
	}
	if e.Status == finding.Unanswerable || e.Status == "" || !e.Value.Known() || e.Value <= 0 {
		return ""
	}
	if e.Status == finding.AtLeast {
		return fmt.Sprintf("Confidence: low, because only a lower bound of %s is known.", name)
	}
	half := math.Max(float64(e.Hi-e.Value), float64(e.Value-e.Lo)) / float64(e.Value)
	if !known(half) {
		return fmt.Sprintf("Confidence: low, because %s has no interval.", name)
	}
	how := fmt.Sprintf("%s is %s to within %s", name, e.Status, percent(half))
	gaps := s.gapClause()
	switch {
	case half > usable:
		return "Confidence: low, because " + how + gaps + "."
	case e.Status != finding.Measured || half > narrow || gaps != "":
		return "Confidence: medium, because " + how + gaps + "."
	default:
		return "Confidence: high, because " + how + " and the data has no gaps."
	}
}

// gapClause names what is missing in the data; "" for nothing.
func (s *scribe) gapClause() string {
	c := s.set.Coverage
	switch {
	case c.Present < c.Buckets:
		return fmt.Sprintf(" and %s of %s carry no data", fixed(float64(c.Buckets-c.Present), 0), s.buckets(c.Buckets))
	case len(s.shortSeries()) == 1:
		return fmt.Sprintf(" and 1 of %d series has gaps", len(c.Series))
	case len(s.shortSeries()) > 1:
		return fmt.Sprintf(" and %d of %d series have gaps", len(s.shortSeries()), len(c.Series))
	case len(s.incomplete()) > 0:
		return " and not everything came that was asked for"
	default:
		return ""
	}
}
