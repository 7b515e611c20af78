package report

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sizewise/analyze/finding"
)

func TestWithSpan(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		value, lo, hi float64
		want          string
	}{
		{142.3, 139.1, 145.2, "142.3 x (139.1–145.2)"},
		{118, 110, 125, "118 x (110–125)"},
		{1490.7, 1200, 1800, "1,491 x (1,200–1,800)"},
		{0.01234, 0.011, 0.013, "0.0123 x (0.0110–0.0130)"},
		{87.2, nan, nan, "87.2 x"},
		{7, 7, 7, "7 x"},
		{1234567, 1234566.9, 1234567.1, "1,234,567 x (1,234,567–1,234,567)"},
	} {
		if got := withSpan(tt.value, tt.lo, tt.hi, "x"); got != tt.want {
			t.Errorf("withSpan(%v, %v, %v) = %q, want %q", tt.value, tt.lo, tt.hi, got, tt.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0 ms", 0.00687: "6.87 ms", 0.2: "200 ms", 1.49: "1,490 ms", 12.3: "12.3 s", 0.0000471: "47.1 µs", 900: "15 min", math.NaN(): unknownText,
	} {
		if got := seconds(s); got != want {
			t.Errorf("seconds(%v) = %q, want %q", s, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0 %", 0.7: "70 %", 0.974: "97 %", 0.0881: "8.8 %", 0.0002: "0.02 %", 0.001: "0.1 %", -0.82: "-82 %", math.Inf(1): unknownText,
	} {
		if got := percent(v); got != want {
			t.Errorf("percent(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestNumbersNeverShowNaN(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		any := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), math.MaxFloat64, math.SmallestNonzeroFloat64}))
		v, lo, hi := any.Draw(rt, "v"), any.Draw(rt, "lo"), any.Draw(rt, "hi")
		e := finding.Estimate{
			Status: rapid.SampledFrom([]finding.Status{"", finding.Measured, finding.AtLeast, finding.Extrapolated, finding.Unanswerable}).Draw(rt, "status"),
			Value:  finding.Number(v), Lo: finding.Number(lo), Hi: finding.Number(hi),
			Unit: rapid.SampledFrom([]string{"", "ratio", "instances", "USD", perInstance, perMinute}).Draw(rt, "unit"),
		}
		text := strings.Join([]string{withSpan(v, lo, hi, "u"), plain(v), exact(v), percent(v), seconds(v), whole(v), estimateText(e), costRange(lo, hi)}, " ")
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			rt.Fatalf("%s", text)
		}
	})
}

func TestGroundFollowsTheRecommendation(t *testing.T) {
	s := newScribe(saturatedGPU(), Options{})
	g, ok := s.ground()
	if !ok || g.each != 110 {
		t.Fatalf("ground %+v, %v; want the lower end of the SLO rate, 110", g, ok)
	}
	if k := g.need(400); k != 7 {
		t.Errorf("need(400) = %v, want 7", k)
	}
	if k := g.need(g.holds(6)); k != 6 {
		t.Errorf("the highest peak for 6 instances needs %v", k)
	}
	set := withTraffic(saturatedGPU())
	if newScribe(set, Options{}).traffic().Markdown() == "" {
		t.Error("no table of traffic")
	}
	set.Answers.Instances.Value = 9
	s = newScribe(set, Options{})
	if s.traffic().Markdown() != "" {
		t.Error("a table of traffic contradicts the recommendation")
	}
	set = saturatedGPU()
	set.Answers.SLORate = refused(perInstance, "no")
	if _, ok := newScribe(set, Options{}).ground(); ok {
		t.Error("capacity alone was taken to keep an SLO")
	}
}

func TestReadLimits(t *testing.T) {
	l := readLimits("p99<200ms, errors<=0.1%, cpu<70%, p50<1.5s, bad, p90<, max<xs")
	for name, want := range map[string]float64{"p99": 0.2, "errors": 0.001, "cpu": 0.7, "p50": 1.5} {
		if got := l[name]; math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if len(l) != 4 {
		t.Errorf("%d limits read, want 4", len(l))
	}
}

func TestPlainFragments(t *testing.T) {
	for _, test := range []struct{ template, example, want string }{
		{"java.util.concurrent.RejectedExecutionException: Task <*> rejected", "", "java.util.concurrent.RejectedExecutionException rejected"},
		{"<num> <num>", "", ""},
		{`quote " and \ slash out of memory "`, "", "slash out of memory"},
		{"queue of model <*> is full, capacity <*>", "queue of  model x is full, capacity 3", "capacity"},
	} {
		if got := strings.Join(plainFragments(test.template, test.example), " "); got != test.want {
			t.Errorf("plainFragments(%q) = %q, want %q", test.template, got, test.want)
		}
	}
}

func TestEstimateTextOfHeadroom(t *testing.T) {
	for _, tt := range []struct {
		status    finding.Status
		v, lo, hi finding.Number
		want      string
	}{
		{finding.Measured, 0.1, 0.05, 0.2, "10 % (5 % to 20 %)"},
		{finding.Extrapolated, -0.14, -0.2, -0.1, "none; the peak asks 14 % more than it holds"},
		{finding.AtLeast, 0.017, 0.017, 0.017, "at least 1.7 %"},
		{finding.AtLeast, -1.73, -1.73, -1.73, "unknown; by the lower bound the peak asks 173 % more than it holds"},
		{finding.Unanswerable, -1.73, -1.73, -1.73, "no answer"},
	} {
		e := finding.Estimate{Status: tt.status, Unit: "ratio", Value: tt.v, Lo: tt.lo, Hi: tt.hi}
		if got := estimateText(e); got != tt.want {
			t.Errorf("%s %v reads %q, want %q", tt.status, tt.v, got, tt.want)
		}
	}
}
