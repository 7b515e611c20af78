package report

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

func TestConfidence(t *testing.T) {
	with := func(change func(*finding.Set)) finding.Set {
		s := saturatedGPU()
		s.Answers.SLORate.Value, s.Answers.SLORate.Lo, s.Answers.SLORate.Hi = 100, 97, 102
		change(&s)
		return s
	}
	for name, tt := range map[string]struct {
		set  finding.Set
		want string
	}{
		"firm":         {with(func(*finding.Set) {}), "Confidence: high, because the rate within the SLO is measured to within 3 % and the data has no gaps."},
		"wide":         {with(func(s *finding.Set) { s.Answers.SLORate.Lo = 90 }), "Confidence: medium, because the rate within the SLO is measured to within 10 %."},
		"extrapolated": {with(func(s *finding.Set) { s.Answers.SLORate.Status = finding.Extrapolated }), "Confidence: medium, because the rate within the SLO is extrapolated to within 3 %."},
		"gaps":         {with(func(s *finding.Set) { s.Coverage.Present = 48 }), "Confidence: medium, because the rate within the SLO is measured to within 3 % and 2 of 50 minutes carry no data."},
		"one series":   {with(func(s *finding.Set) { s.Coverage.Series[6].Points = 10 }), "and 1 of 11 series has gaps."},
		"very wide":    {with(func(s *finding.Set) { s.Answers.SLORate.Hi = 140 }), "Confidence: low, because the rate within the SLO is measured to within 40 %."},
		"bound":        {neverSaturated(), "Confidence: low, because only a lower bound of the rate within the SLO is known."},
		"no SLO":       {noSLO(), "Confidence: high, because the capacity is measured to within 2.2 % and the data has no gaps."},
		"no answer":    {insufficient(), ""},
	} {
		got := newScribe(tt.set, Options{}).confidenceSentence()
		if !strings.HasSuffix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
