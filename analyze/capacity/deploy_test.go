package capacity

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sizewise/analyze/finding"
)

// A version that costs a third more, half way up the stairs: only what came
// after is judged, and it is said.
func TestDeployIsSegmented(t *testing.T) {
	for seed := range uint64(seeds) {
		before, after := cpuLab([]float64{.1, .2, .3, .4}), cpuLab([]float64{.3, .45, .55, .65, .75})
		before.cpu, before.seed, after.cpu, after.seed = .075, seed, .1, seed+50
		minutes := append(before.run(), after.run()...)
		for i := range minutes {
			minutes[i].Start = minutes[0].Start.Add(time.Duration(i) * time.Minute)
		}
		r := Analyze(after.input(minutes))
		truth, _, _ := after.truth()
		within(t, seed, r.Answers.Capacity, truth)
		if r.Answers.Capacity.Status != finding.Extrapolated || !has(r.Findings, "deploy") {
			t.Errorf("seed %d: %s, findings %v", seed, r.Answers.Capacity.Status, r.Findings)
		}
		if r.Minutes[10].Step != 0 || r.Minutes[30].Step == 0 {
			t.Errorf("seed %d: minute 10 is in step %d, minute 30 in %d", seed, r.Minutes[10].Step, r.Minutes[30].Step)
		}
	}
}

// Neither a straight line nor one that bends with the load is a deploy.
func TestNoDeployWhereThereIsNone(t *testing.T) {
	batch := gpuLab([]float64{.05, .1, .15, .2, .25, .3, .35, .4, .45, .5})
	batch.batch = true
	for name, l := range map[string]lab{"cpu": cpuLab(below), "beyond": cpuLab(beyond), "gpu": gpuLab(below), "batch": batch} {
		for seed := range uint64(seeds) {
			l.seed = seed
			if r := l.analyze(); has(r.Findings, "deploy") {
				t.Errorf("%s, seed %d: %v", name, seed, r.Findings)
			}
		}
	}
}

// Two minutes a step are enough where the points lie on the line.
func TestShortTest(t *testing.T) {
	for seed := range uint64(seeds) {
		l := cpuLab([]float64{.1, .2, .3, .4, .5, .6, .7})
		l.width, l.seed = 2, seed
		r := l.analyze()
		truth, _, _ := l.truth()
		within(t, seed, r.Answers.Capacity, truth)
		if r.Answers.Capacity.Status != finding.Extrapolated {
			t.Errorf("seed %d: %s: %s", seed, r.Answers.Capacity.Status, r.Answers.Capacity.Why)
		}
	}
}

// TestClearestJump holds the running sums to the fit at every place.
func TestClearestJump(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 20 + r.IntN(60)
		jump := r.IntN(2 * n)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = 5 + 40*r.Float64()
			if y[i] = 0.1 + 0.02*x[i]; i >= jump {
				y[i] = 0.1 + 0.025*x[i]
			}
			y[i] *= 1 + 0.01*r.NormFloat64()
		}
		best, want := math.Inf(1), 0
		for tau := minDeploySide; tau <= n-minDeploySide; tau++ {
			f := leastSquares(withColumn(x, func(i int) float64 {
				if i < tau {
					return 0
				}
				return x[i]
			}), x, y)
			if f != nil && f.rss < best && f.beta[1] > 0 {
				best, want = f.rss, tau
			}
		}
		if got := clearestJump(x, y); got != want {
			t.Errorf("seed %d: the clearest jump is at %d, want %d", seed, got, want)
		}
	}
}
