package capacity

import (
	"math"
	"math/rand/v2"
	"testing"

	"sizewise/analyze/finding"
)

// walk is production traffic: a random walk of the load, one minute a share.
func walk(seed uint64, minutes int) lab {
	l := cpuLab(nil)
	l.width, l.seed = 1, seed
	r := rand.New(rand.NewPCG(seed, 6))
	share := .3
	for range minutes {
		share = min(.6, max(.12, share+.06*r.NormFloat64()))
		l.shares = append(l.shares, share)
	}
	return l
}

// Work per request that swings by 15 % over three hours is not taken for work
// that load adds, and its mean is what counts.
func TestDriftIsTakenOut(t *testing.T) {
	off, missed := 0, 0
	for seed := range uint64(20) {
		l := walk(seed, 180)
		minutes := l.run()
		for i := range minutes {
			m := &minutes[i]
			f := 1 + .15*math.Sin(float64(seed)+2*math.Pi*float64(i)/180)
			m.CPU = l.background + (m.CPU-l.background)*f
			m.CPUHot = l.background + (m.CPUHot-l.background)*f
		}
		in := l.input(minutes)
		in.Workers = 64
		r := Analyze(in)
		truth, _, _ := l.truth()
		c := r.Answers.Capacity
		if c.Status != finding.Extrapolated || math.Abs(float64(c.Value)/truth-1) > .1 {
			t.Errorf("seed %d: %s %.1f (%.1f-%.1f), truth %.1f: %s", seed, c.Status, c.Value, c.Lo, c.Hi, truth, c.Why)
		}
		if math.Abs(float64(c.Value)/truth-1) > .05 {
			off++
		}
		if float64(c.Lo) > truth || float64(c.Hi) < truth {
			missed++
		}
	}
	if off > 2 || missed > 2 {
		t.Errorf("of 20 answers %d are off by more than 5 %%, and %d intervals miss the truth", off, missed)
	}
}

func TestNoDriftWhereThereIsNone(t *testing.T) {
	seen := 0
	for seed := range uint64(20) {
		l := walk(seed, 180)
		minutes := l.run()
		var x, y, at []float64
		for i, m := range minutes {
			x, y, at = append(x, m.Invocations/60), append(y, m.CPU), append(at, float64(i)/179)
		}
		if findDrift(at, x, y).factor != nil {
			seen++
		}
	}
	if seen > 1 {
		t.Errorf("drift seen in %d of 20 steady tests", seen)
	}
}
