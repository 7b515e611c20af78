package queue

import (
	"math"
	"testing"
)

// exponential are works of an exponential time, by their quantiles.
func exponential(mean float64, as func(x float64) Work) []Work {
	const n = 4096
	out := make([]Work, n)
	for i := range out {
		out[i] = as(-mean * math.Log1p(-(float64(i)+.5)/n))
	}
	return out
}

// TestMinutesAgainstClosedForms compares with what queueing theory knows
// exactly. The p99 is asked where the queue is short against a minute: beyond,
// the median minute has less than all minutes together. Sources: Kleinrock, Queueing Systems I (M/M/c, M/D/1); the mean of
// processor sharing does not depend on the distribution of the work.
func TestMinutesAgainstClosedForms(t *testing.T) {
	onCPU := func(x float64) Work { return Work{CPU: x} }
	onDevice := func(x float64) Work { return Work{Device: x} }
	for _, c := range []struct {
		name  string
		fleet Fleet
		rate  float64 // mean work is 10 ms
		mean  float64 // over the work
		p99   float64 // over the work, 0 when not known
	}{
		{"M/M/1 first come first served", Fleet{Devices: 1, Works: exponential(.01, onDevice)}, 50, 2, 2 * math.Log(100)},
		{"M/M/1 by workers", Fleet{Workers: 1, Works: exponential(.01, onCPU)}, 50, 2, 2 * math.Log(100)},
		{"M/M/1 shared", Fleet{Cores: 1, Works: exponential(.01, onCPU)}, 80, 5, 0},
		{"M/D/1", Fleet{Devices: 1, Works: []Work{{Device: .01}}}, 80, 1 + .8/(2*.2), 0},
		{"M/D/1 shared", Fleet{Cores: 1, Works: []Work{{CPU: .01}}}, 80, 5, 0},
		{"M/M/4 shared", Fleet{Cores: 4, Works: exponential(.01, onCPU)}, 320, 1.745541, 0},
		{"M/M/4 by workers", Fleet{Workers: 4, Works: exponential(.01, onCPU)}, 320, 1.745541, 0},
		{"M/M/inf", Fleet{Works: exponential(.01, func(x float64) Work { return Work{Wait: x} })}, 300, 1, math.Log(100)},
		{"4 x M/M/1 at random", Fleet{Instances: 4, Devices: 1, Works: exponential(.01, onDevice)}, 50, 2, 2 * math.Log(100)},
	} {
		got, _ := c.fleet.Minutes(c.rate, 400_000, 120, 1)
		if got := got.Mean / .01; math.Abs(got/c.mean-1) > .04 {
			t.Errorf("%s: mean is %.3f times the work, %.3f by theory", c.name, got, c.mean)
		}
		if got := got.P99 / .01; c.p99 > 0 && math.Abs(got/c.p99-1) > .06 {
			t.Errorf("%s: p99 is %.3f times the work, %.3f by theory", c.name, got, c.p99)
		}
	}
}

// TestBalancersKeepTheirOrder holds that the less a balancer leaves to chance
// the shorter the queue.
func TestBalancersKeepTheirOrder(t *testing.T) {
	mean := func(b Balancer) float64 {
		f := Fleet{Instances: 4, Devices: 1, Balancer: b, Works: exponential(.01, func(x float64) Work { return Work{Device: x} })}
		got, _ := f.Minutes(80, 200_000, 60, 2)
		return got.Mean
	}
	if r, rr, l := mean(Random), mean(RoundRobin), mean(LeastOutstanding); !(r > 1.2*rr && rr > 1.2*l) {
		t.Errorf("mean latency at random %g, in turn %g, to the least loaded %g", r, rr, l)
	}
}

func TestLimit(t *testing.T) {
	f := Fleet{Cores: 4, Devices: 2, Workers: 16, Works: []Work{{CPU: .1, Device: .06, Wait: .24}, {CPU: .3, Device: .02, Wait: .08}}}
	if got := f.Limit(); math.Abs(got-20) > 1e-9 {
		t.Errorf("limit is %g, want 4 / 0.2", got)
	}
	f.Workers = 4
	if got := f.Limit(); math.Abs(got-10) > 1e-9 {
		t.Errorf("limit is %g, want 4 / 0.4", got)
	}
}

// TestRise holds that requests which never meet take what they take alone, and
// that few of them show lower percentiles: of n exponential times the largest
// but one in a hundred is expected at the logarithm of a little less than 100.
func TestRise(t *testing.T) {
	f := Fleet{Works: exponential(1, func(x float64) Work { return Work{CPU: x} })}
	if _, got := f.Minutes(10, 20_000, 30, 1); math.Abs(got.Median.P99-1)+math.Abs(got.Typical.Mean-1) > 1e-9 {
		t.Errorf("rise %+v, want 1", got)
	}
	for _, n := range []float64{101, 301, 3001} {
		want := -math.Log(1-((n-1)*.99+1)/(n+1)) / math.Log(100)
		if got := f.Scarce(n).P99; math.Abs(got/want-1) > .01 {
			t.Errorf("p99 of %g requests is %.4f of all requests', want %.4f", n, got, want)
		}
	}
	one := Fleet{Devices: 1, Works: exponential(.01, func(x float64) Work { return Work{Device: x} })}
	if _, got := one.Minutes(50, 200_000, 100, 1); math.Abs(got.Median.Mean-2) > .06 || math.Abs(got.Typical.Mean-2) > .06 {
		t.Errorf("M/M/1 at half its capacity rises by %+v, want 2", got)
	}
}

func BenchmarkMinutes(b *testing.B) {
	f := Fleet{Cores: 4, Works: exponential(.01, func(x float64) Work { return Work{CPU: x} })}
	for b.Loop() {
		f.Minutes(320, 40_000, 10, 1)
	}
}
