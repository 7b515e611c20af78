package capacity

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestShapeStaysOutOfAnswers holds that what describes the curve is read by
// nothing that answers: only shape.go fits it, and only the result and the list of
// findings ask for it.
func TestShapeStaysOutOfAnswers(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fits, asks := regexp.MustCompile(`stat\.(FitUSL|USL|Segmented|Bend|Knee)\b`), regexp.MustCompile(`\.(usl|knee|USL|Knee)\b`)
	allowed := map[string]string{
		"analyze.go":  "USL  *finding.USL|Knee *finding.Knee|r.USL, r.Knee = a.usl(), a.knee()",
		"findings.go": "",
	}
	for _, name := range files {
		if name == "shape.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			known := strings.TrimSpace(line) != "" && strings.Contains("|"+allowed[name]+"|", "|"+strings.TrimSpace(line)+"|")
			if fits.MatchString(line) || asks.MatchString(line) && !known {
				t.Errorf("%s:%d reads what only describes: %s", name, n+1, strings.TrimSpace(line))
			}
		}
	}
}

// TestShape fits the curve of a test that goes beyond the limit.
func TestShape(t *testing.T) {
	l := cpuLab([]float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, 1.1})
	r := l.analyze()
	if r.USL == nil || r.Knee == nil {
		t.Fatalf("USL %+v, knee %+v of ten steps to beyond the limit", r.USL, r.Knee)
	}
	top := 0.0
	for _, s := range r.Steps {
		top = max(top, float64(s.ServedRPS))
		if off := math.Abs(r.USL.At(float64(s.Concurrency))/float64(s.ServedRPS) - 1); s.N > 5 && off > 0.25 {
			t.Errorf("step %d: the law is off by %.0f %%", s.N, 100*off)
		}
	}
	if r.USL.N != len(r.Steps) || !(r.USL.RSS > 0) || !(r.USL.GammaLo < r.USL.Gamma && r.USL.Gamma < r.USL.GammaHi) {
		t.Errorf("USL %+v of %d steps", *r.USL, len(r.Steps))
	}
	if !(r.Knee.FromRPS < r.Knee.ToRPS) || float64(r.Knee.FromRPS) > top {
		t.Errorf("latency turns up between %v and %v, the limit is at %v", r.Knee.FromRPS, r.Knee.ToRPS, top)
	}
}

// TestShapeNeedsSixSteps holds the least that a shape is drawn from.
func TestShapeNeedsSixSteps(t *testing.T) {
	if r := cpuLab([]float64{.1, .3, .5, .7, .9}).analyze(); r.USL != nil || r.Knee != nil {
		t.Errorf("five steps have USL %+v and knee %+v", r.USL, r.Knee)
	}
	if n := distinct([]float64{1, 1.005, 2, 2.01, 3}); n != 3 {
		t.Errorf("%d loads, want 3", n)
	}
}
