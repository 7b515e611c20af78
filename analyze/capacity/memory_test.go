package capacity

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"sizewise/analyze/finding"
)

// fleetMemory sets the memory of 20 instances, each with its own noise: their
// mean and the fullest. Where restarts is not 0, one instance more than the rest
// is nearly full until the middle of the test, and begins anew there.
func fleetMemory(l lab, noise float64, restarts int) []finding.Minute {
	r := rand.New(rand.NewPCG(l.seed, 77))
	minutes := l.run()
	for i := range minutes {
		total, most := 0.0, 0.0
		for k := range l.k {
			level := .5
			if k < restarts && i < len(minutes)/2 {
				level = .92
			} else if k < restarts {
				level = .3
			}
			x := level + noise*r.NormFloat64()
			total, most = total+x, math.Max(most, x)
		}
		minutes[i].Memory, minutes[i].MemoryHot = total/float64(l.k), most
	}
	return minutes
}

// TestMemoryNoiseIsNoRestart: the memory of many instances scatters, and their
// sum scatters the more. A null test: no instance restarts.
func TestMemoryNoiseIsNoRestart(t *testing.T) {
	for _, noise := range []float64{.002, .005, .01, .02, .03} {
		const runs = 200
		wrong := 0
		for seed := range uint64(runs) {
			l := cpuLab(below)
			l.k, l.seed = 20, 5000+seed
			if restartsOf(l, noise, 0) > 0 {
				wrong++
			}
		}
		t.Logf("noise %.3f: %d of %d read a restart", noise, wrong, runs)
		if wrong > runs/20 {
			t.Errorf("noise %.3f: %d of %d tests without a restart show one", noise, wrong, runs)
		}
	}
}

// TestOneRestartOfMany: one of twenty that was killed is seen all the same.
func TestOneRestartOfMany(t *testing.T) {
	for _, noise := range []float64{.002, .005, .01} {
		seen := 0
		for seed := range uint64(50) {
			l := cpuLab(below)
			l.k, l.seed = 20, 9000+seed
			if restartsOf(l, noise, 1) == 1 {
				seen++
			}
		}
		t.Logf("noise %.3f: seen in %d of 50", noise, seen)
		if seen < 48 {
			t.Errorf("noise %.3f: a restart is seen in %d of 50 tests", noise, seen)
		}
	}
}

// restartsOf is how many restarts are read out of the memory.
func restartsOf(l lab, noise float64, restarts int) int {
	a := &analysis{minutes: fleetMemory(l, noise, restarts)}
	a.prepare()
	return len(a.leak.restarts)
}

// A leak that has not killed anything yet is told with the time that is left:
// here memory climbs by half an instance per hour and ends at 0.7, which leaves
// 36 minutes. One that kills says how long a container lasts: .68 at .022 a
// minute are 31.
func TestLeakSaysHowLongMemoryLasts(t *testing.T) {
	l := cpuLab([]float64{.3, .35, .4, .45})
	l.width, l.leak, l.k = 12, .5/60, 1
	if text := leakText(l.analyze()); !strings.Contains(text, "full about 36 minutes after the window") {
		t.Error(text)
	}
	l = cpuLab([]float64{.3, .35, .4, .45, .5, .55})
	l.width, l.leak, l.k = 12, .022, 1
	if text := leakText(l.analyze()); !strings.Contains(text, "full takes about 31 minutes") && !strings.Contains(text, "full takes about 30 minutes") {
		t.Error(text)
	}
}

func leakText(r Result) string {
	for _, f := range r.Findings {
		if f.Check == "memory_leak" {
			return strings.Join(f.Evidence, " ")
		}
	}
	return "no leak"
}
