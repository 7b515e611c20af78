package capacity

import (
	"math"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

func curveOf(resource string, ms float64) *finding.Curve {
	s := finding.Number(ms / 1000)
	return &finding.Curve{Resource: resource, Slope: s, SlopeLo: .98 * s, SlopeHi: 1.02 * s}
}

// Rates are not carried over where a request costs 15 % more or less beyond the
// intervals, or on another type.
func TestTransfer(t *testing.T) {
	on := func(kind string, c *finding.Curve) *finding.Set {
		return &finding.Set{Tested: finding.Tested{InstanceType: kind}, Curve: c}
	}
	wide := curveOf("cpu", 125)
	wide.SlopeLo = .1
	for name, c := range map[string]struct {
		before, now *finding.Set
		want        string
	}{
		"the same":         {on("a", curveOf("cpu", 100)), on("a", curveOf("cpu", 103)), ""},
		"a tenth more":     {on("a", curveOf("cpu", 100)), on("a", curveOf("cpu", 110)), ""},
		"a quarter more":   {on("a", curveOf("cpu", 100)), on("a", curveOf("cpu", 125)), "costs 25 % more CPU time now"},
		"a quarter less":   {on("a", curveOf("gpu", 100)), on("a", curveOf("gpu", 75)), "costs 25 % less GPU time now"},
		"not known enough": {on("a", curveOf("cpu", 100)), on("a", wide), ""},
		"other resources":  {on("a", curveOf("cpu", 100)), on("a", curveOf("gpu", 200)), ""},
		"no line":          {on("a", curveOf("cpu", 100)), on("a", nil), ""},
		"another type":     {on("ml.a", nil), on("ml.b", nil), "it ran on ml.a, and ml.b runs now"},
		"a type unknown":   {on("", nil), on("ml.b", nil), ""},
	} {
		got := Transfer(c.before, c.now)
		if (len(got) == 0) != (c.want == "") || len(got) == 1 && !strings.Contains(got[0].Title, c.want) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// Two windows of one service, with the noise of both: no refusal where nothing
// changed, and one where a request costs a quarter more.
func TestTransferOfSimulatedTests(t *testing.T) {
	wrong, missed := 0, 0
	const runs = 40
	for seed := range uint64(runs) {
		l := cpuLab(below)
		l.seed = 300 + 2*seed
		before := setOf(l)
		l.seed++
		if len(Transfer(before, setOf(l))) > 0 {
			wrong++
		}
		l.cpu *= 1.25
		if len(Transfer(before, setOf(l))) == 0 {
			missed++
		}
	}
	t.Logf("%d of %d refused where nothing changed, %d of %d changes missed", wrong, runs, missed, runs)
	if wrong > 0 || missed > runs/20 {
		t.Errorf("%d of %d refused where nothing changed, %d of %d changes missed", wrong, runs, missed, runs)
	}
}

func setOf(l lab) *finding.Set {
	in := l.input(l.run())
	in.PeakRPS = math.NaN()
	r := Analyze(in)
	return &finding.Set{Tested: r.Tested, Curve: r.Curve}
}
