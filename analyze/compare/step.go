package compare

import (
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// step is one load step below saturation with its minutes.
type step struct {
	n       int
	rate    float64 // requests/s of one instance, mean over its minutes
	log50   sample  // of the logarithm of the minute's p50
	log99   sample
	failed  sample // of the minute's error ratio
	busy    float64
	minutes int
}

// sample is a mean with its variance: of the mean, not of one value.
type sample struct {
	mean, variance float64
	dof            float64 // 0: no variance is known
}

// leastMinutes is how many minutes a step must have for its spread to be known.
const leastMinutes = 3

// usableSteps are the steps that were not saturated, ascending by rate. Latency
// beyond saturation is that of a queue, which depends on how long one waits.
func usableSteps(set *finding.Set) []step {
	minutes := map[int][]*finding.Minute{}
	for i := range set.Minutes {
		if m := &set.Minutes[i]; m.Step > 0 {
			minutes[m.Step] = append(minutes[m.Step], m)
		}
	}
	var out []step
	for i := range set.Steps {
		st := &set.Steps[i]
		ms := minutes[i+1]
		if st.Saturated || len(ms) < leastMinutes {
			continue
		}
		s := stepOf(st, settled(ms))
		if s.rate > 0 && s.minutes >= leastMinutes && !math.IsNaN(s.log99.mean) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b step) int {
		switch {
		case a.rate < b.rate:
			return -1
		case a.rate > b.rate:
			return 1
		}
		return 0
	})
	return out
}

// settled drops the first minute of a step, in which the load of the step
// before may still be answered.
func settled(ms []*finding.Minute) []*finding.Minute {
	if len(ms) > leastMinutes {
		return ms[1:]
	}
	return ms
}

func stepOf(st *finding.Step, ms []*finding.Minute) step {
	var rates, p50, p99, failed []float64
	for _, m := range ms {
		if m.Instances > 0 && m.Invocations > 0 {
			rates = append(rates, m.Invocations/m.Seconds/m.Instances)
			failed = append(failed, (zero(m.Errors4XX)+zero(m.Errors5XX))/m.Invocations)
		}
		if m.ModelP50 > 0 && m.ModelP99 > 0 {
			p50, p99 = append(p50, math.Log(m.ModelP50)), append(p99, math.Log(m.ModelP99))
		}
	}
	busy := math.NaN()
	for _, u := range []finding.Number{st.CPU, st.GPU} {
		if u.Known() && !(float64(u) <= busy) {
			busy = float64(u)
		}
	}
	return step{
		n: st.N, rate: stat.Mean(rates), log50: sampleOf(p50), log99: sampleOf(p99), failed: sampleOf(failed), busy: busy, minutes: len(p99),
	}
}

func zero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// sampleOf is the mean of neighbouring minutes. Minutes that resemble their
// neighbours count for less: by (1+r)/(1-r) for an autocorrelation of r.
func sampleOf(x []float64) sample {
	s := sample{mean: stat.Mean(x), variance: math.NaN()}
	n := float64(len(x))
	if len(x) < leastMinutes {
		return s
	}
	r := min(max(stat.Autocorrelation(x), 0), 0.8)
	if math.IsNaN(r) {
		r = 0
	}
	s.variance = stat.Variance(x) / n * (1 + r) / (1 - r)
	s.dof = n - 1
	return s
}

// place is where a rate lies between the steps of a run: at its step i, or the
// share w of the way from step i-1 to step i. It is not ok outside the steps; a
// twentieth beyond an end counts as the end.
type place struct {
	i  int
	w  float64 // 1: at step i
	ok bool
}

func (r *run) place(rate float64) place {
	n := len(r.steps)
	if n == 0 || rate < r.steps[0].rate*0.95 || rate > r.steps[n-1].rate*1.05 {
		return place{}
	}
	rate = min(max(rate, r.steps[0].rate), r.steps[n-1].rate)
	i := slices.IndexFunc(r.steps, func(s step) bool { return s.rate >= rate })
	if i == 0 || r.steps[i].rate == rate {
		return place{i, 1, true}
	}
	a, b := &r.steps[i-1], &r.steps[i]
	return place{i, (rate - a.rate) / (b.rate - a.rate), true}
}

// at is the run at a place: the logarithm of its latency is taken as straight in
// the rate between two steps, and the errors and the utilization likewise.
func (r *run) at(p place) step {
	b := r.steps[p.i]
	if p.w == 1 {
		return b
	}
	a := &r.steps[p.i-1]
	return step{
		rate: a.rate + p.w*(b.rate-a.rate), minutes: a.minutes + b.minutes, busy: a.busy + p.w*(b.busy-a.busy),
		log50: blend(a.log50, b.log50, p.w), log99: blend(a.log99, b.log99, p.w), failed: blend(a.failed, b.failed, p.w),
	}
}

// blend is (1-w) of a and w of b.
func blend(a, b sample, w float64) sample { return sum([]sample{a, b}, []float64{1 - w, w}) }

// sum is the weighted sum of independent samples, with the degrees of freedom of
// its variance (Satterthwaite 1946).
func sum(samples []sample, weights []float64) sample {
	var out sample
	bottom := 0.0
	for i, s := range samples {
		out.mean += weights[i] * s.mean
		v := weights[i] * weights[i] * s.variance
		out.variance += v
		if s.dof > 0 {
			bottom += v * v / s.dof
		}
	}
	switch {
	case bottom > 0:
		out.dof = out.variance * out.variance / bottom
	case out.variance == 0:
		for _, s := range samples {
			out.dof += s.dof
		}
	}
	return out
}

// minus is b less a.
func minus(b, a sample) sample { return sum([]sample{b, a}, []float64{1, -1}) }

func (s sample) interval() stat.Interval {
	if !(s.dof > 0) || math.IsNaN(s.variance) {
		return stat.Interval{Value: s.mean, Lo: math.NaN(), Hi: math.NaN()}
	}
	h := stat.TQuantile(0.5+confidence/2, s.dof) * math.Sqrt(s.variance)
	return stat.Interval{Value: s.mean, Lo: s.mean - h, Hi: s.mean + h}
}
