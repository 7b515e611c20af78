package capacity

import (
	"math"
	"math/rand/v2"
	"testing"

	"sizewise/analyze/finding"
)

// Ten readings of a line, as a metric that is published every five minutes gives:
// nineteen of twenty intervals hold the rate at which it reaches the limit.
func TestIntervalOfFewPoints(t *testing.T) {
	const slope, background, limit, runs = .04, .2, 4.0, 600
	truth := (limit - background) / slope
	held := 0
	for seed := range uint64(runs) {
		r := rand.New(rand.NewPCG(seed, 3))
		d := demand{resource: resource{name: "cpu", limit: limit}, needed: 8}
		for i := range 10 {
			x := float64(i+1) * .09 * truth
			d.x, d.y = append(d.x, x), append(d.y, background+slope*x+.03*r.NormFloat64())
			d.at, d.step = append(d.at, float64(i)/9), append(d.step, i+1)
		}
		d.fit(nil)
		if d.capacity.Lo <= truth && truth <= d.capacity.Hi {
			held++
		}
	}
	if share := float64(held) / runs; share < .94 || share > .99 {
		t.Errorf("%.1f %% of the intervals hold the truth", 100*share)
	}
}

// Errors that know nothing of each other add in squares, and an interval without
// any scatter is still as wide as minutes are rounded.
func TestEstimateAddsInSquares(t *testing.T) {
	for _, half := range []float64{0, .003, .02} {
		e := hotness{}.estimate(100, 100*(1-half), 100*(1+half))
		want := 100 * math.Hypot(half, leastHalfWidth)
		if math.Abs(float64(e.Hi-e.Value)-want) > 1e-9 || math.Abs(float64(e.Value-e.Lo)-want) > 1e-9 {
			t.Errorf("half interval %v: %v to %v, want 100 -+ %v", half, e.Lo, e.Hi, want)
		}
	}
}

// A GPU before which nothing queues idles between requests even where many are
// refused; one that queues does not, whatever its sensor makes of it.
func TestIdleTimeUnderHeavyLoss(t *testing.T) {
	for _, tt := range []struct{ loss, busy, want float64 }{
		{.02, .97, 1 / .97}, // few are refused: what idles is missing
		{.20, .98, 1},       // many are: a sensor may read so much less
		{.20, .94, 1 / .94}, // but not so much
	} {
		a := analysis{demands: []demand{{resource: resource{name: "gpu", limit: 1, avg: func(m *finding.Minute) float64 { return m.GPU }}}}}
		a.demands[0].line.Slope, a.demands[0].capacity.Value = .02, 50
		for range 4 {
			m := blank()
			m.GPU = tt.busy
			a.minutes = append(a.minutes, m)
		}
		if got := a.idleCorrection([]*step{{loss: tt.loss, full: "gpu"}}, upTo(4)); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%.0f %% refused, %.0f %% busy: the plateau counts %.4f times, want %.4f", 100*tt.loss, 100*tt.busy, got, tt.want)
		}
	}
}
