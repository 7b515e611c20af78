package report

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

func recommendation(name string, latency, cost finding.Number) finding.Part {
	one := func(name string, v finding.Number) finding.Measure {
		return finding.Measure{Name: name, Estimate: finding.Estimate{Status: finding.Measured, Value: v}}
	}
	return finding.Part{Kind: "recommendation", Name: name, Measures: []finding.Measure{one("model_latency_s", latency), one("usd_per_million", cost)}}
}

// TestRecommendationFigure: the sentence names the fleet that the figure shows to
// be the one, within the limit where there is one, and the picture can be drawn.
func TestRecommendationFigure(t *testing.T) {
	small, large := recommendation("ml.c5.large x 1", 0.02, 0.10), recommendation("ml.g5.xlarge x 1", 0.002, 0.30)
	lost := recommendation("ml.m5.large x 1", finding.Missing(), 0.2)
	for _, c := range []struct {
		parts []finding.Part
		slo   string
		want  string
	}{
		{[]finding.Part{small, large, lost}, "", "`ml.c5.large x 1` is the cheapest, `ml.g5.xlarge x 1` the fastest: 3 times the price for 10 % of the latency. No SLO on latency was given, so no limit is drawn. Of 1 more fleet no price or no latency is told."},
		{[]finding.Part{small, large}, "p99<10ms", "`ml.g5.xlarge x 1` is the cheapest that keeps the limit."},
		{[]finding.Part{small, large}, "p99<1ms", "None keeps the limit"},
		{[]finding.Part{small}, "p99<1s", "`ml.c5.large x 1` is the cheapest that keeps the limit."},
	} {
		s := newScribe(finding.Set{Parts: c.parts, Options: finding.Options{SLO: c.slo}}, Options{})
		f, ok := s.recommendationFigure()
		if !ok || !strings.Contains(f.Caption, c.want) {
			t.Errorf("%q: caption %q, want %q", c.slo, f.Caption, c.want)
			continue
		}
		var b bytes.Buffer
		if err := f.Paint.WritePNG(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := png.DecodeConfig(&b); err != nil {
			t.Error(err)
		}
	}
	if f, ok := newScribe(finding.Set{Parts: []finding.Part{lost}}, Options{}).recommendationFigure(); !ok || f.Absent == "" || f.Paint != nil {
		t.Errorf("without a latency: %+v", f)
	}
	if _, ok := newScribe(finding.Set{}, Options{}).recommendationFigure(); ok {
		t.Error("a figure of nothing tried")
	}
}
