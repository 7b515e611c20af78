package report

import (
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// markdownOf renders a set to text alone.
func markdownOf(t *testing.T, set finding.Set) string {
	t.Helper()
	s := newScribe(set, Options{})
	b, err := s.markdown(s.figures())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// refusing is a saturated test in which a tenth of the requests is malformed.
func refusing() finding.Set {
	s := neverSaturated()
	for i := range s.Minutes {
		m := &s.Minutes[i]
		m.Errors4XX, m.Errors5XX = 0.1*m.Invocations, 0
	}
	for i := range s.Steps {
		st := &s.Steps[i]
		st.Errors4XX, st.Errors5XX, st.ServedRPS = 0.1, 0, 0.9*st.OfferedRPS
	}
	return s
}

// peakAt is a saturated test sized for the given peak.
func peakAt(peak float64) finding.Set {
	s := saturatedGPU()
	s.Options.PeakRPS, s.Options.Growth = finding.Number(peak), 0
	g, _ := newScribe(s, Options{}).ground()
	n := finding.Number(g.need(peak))
	s.Answers.Instances.Value, s.Answers.Instances.Lo, s.Answers.Instances.Hi = n, n, n
	return s
}

// TestWording pins sentences that were once wrong, and that they are gone.
func TestWording(t *testing.T) {
	closed := neverSaturated()
	closed.Tested.ClosedLoop = true
	line := saturatedGPU()
	line.Curve.R2 = 0.99999
	quiet := saturatedGPU()
	quiet.Minutes[3].Errors5XX = 0.01 * quiet.Minutes[3].Invocations
	for name, tt := range map[string]struct {
		set        finding.Set
		want, none string
	}{
		"why there is no cost":  {saturatedGPU(), "No price list was given. None are built in: `sizewise prices refresh` asks AWS, and `--prices` takes any table.", "## Cost"},
		"what it costs":         {priced(), "That costs 5.00 → 17.50 USD an hour, **9,125 USD a month more** than now (730 hours).", "None are built in"},
		"an old price":          {priced(), "**That is more than 90 days old: it may have moved.**", "None are built in"},
		"no row of no cost":     {saturatedGPU(), "", "Cost per million"},
		"4xx is no overload":    {refusing(), "here the gap is requests refused as wrong (4xx), 10 % of all", "falls behind"},
		"overload is":           {saturatedGPU(), "here it falls behind in step 8", "refused as wrong"},
		"closed loop":           {closed, "offered cannot exceed served", "a gap would be what failed"},
		"one bottleneck reason": {saturatedGPU(), "> The **GPU** is what fills up.\n", ""},
		"memory has no article": {memoryLeak(), "**Memory** is what fills up", "The **memory**"},
		"no colours":            {saturatedGPU(), "", "Blue"},
		"a noisy minute":        {quiet, "Here 5xx first pass 0.1 % in step 8, with the GPU at 98 %.", "at 14:03, with"},
		"a flip at the peak":    {peakAt(154), "What would change this answer: a peak below 77 requests/s makes 1 enough.", "154 requests/s 2"},
		"a flip of one":         {peakAt(60), "What would change this answer: above 77 requests/s 1 instance is not enough.", "a peak above"},
		"explained":             {line, "explains more than 99.9 % of what varies", "R²"},
		"lake":                  {saturatedGPU(), "Run them with `--lake` set to the lake's directory, or with `SIZEWISE_LAKE`.", ""},
		"one level":             {neverSaturated(), "9,120 log lines, all INFO.", "9,120 INFO"},
		"no jargon":             {saturatedGPU(), "", "n = 12"},
	} {
		text := markdownOf(t, tt.set)
		if !strings.Contains(text, tt.want) {
			t.Errorf("%s: report lacks %q", name, tt.want)
		}
		if tt.none != "" && strings.Contains(text, tt.none) {
			t.Errorf("%s: report has %q", name, tt.none)
		}
	}
	for text, most := range map[string]int{"GPU 97 % at the plateau": 1, "ceil(400": 1} {
		if n := strings.Count(markdownOf(t, saturatedGPU()), text); n > most {
			t.Errorf("%q stands %d times", text, n)
		}
	}
}

func TestApartFrom(t *testing.T) {
	for _, tt := range []struct {
		v, other float64
		want     string
	}{
		{153.65, 150, "154"}, {120.4, 120, "120.4"}, {1204.2, 1000, "1,204"}, {76.8, 60, "76.8"}, {120, 120, "120"},
	} {
		if got := apartFrom(tt.v, tt.other); got != tt.want {
			t.Errorf("apartFrom(%g, %g) = %q, want %q", tt.v, tt.other, got, tt.want)
		}
	}
}
