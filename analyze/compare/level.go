package compare

import (
	"math"

	"sizewise/analyze/finding"
)

// levels are the steps of the baseline that another run reached too.
func levels(runs []*run) []finding.Level {
	var out []finding.Level
	for i := range runs[0].steps {
		base := &runs[0].steps[i]
		level := finding.Level{RPS: finding.Number(base.rate)}
		shared := false
		for k, r := range runs {
			p := r.place(base.rate)
			if k == 0 {
				p = place{i, 1, true}
			}
			if !p.ok {
				level.Runs = append(level.Runs, absent())
				continue
			}
			level.Runs = append(level.Runs, atLevel(base, r.at(p), k > 0))
			shared = shared || k > 0
		}
		if shared {
			out = append(out, level)
		}
	}
	return out
}

// absent is a run that did not reach the level below saturation.
func absent() finding.AtLevel {
	none := finding.Missing()
	return finding.AtLevel{P50: none, P99: none, Errors: none, Busy: none, ChangeP99: none, ChangeP99Lo: none, ChangeP99Hi: none}
}

func atLevel(base *step, s step, compared bool) finding.AtLevel {
	out := absent()
	out.P50, out.P99 = finding.Number(math.Exp(s.log50.mean)), finding.Number(math.Exp(s.log99.mean))
	out.Errors, out.Busy = finding.Number(s.failed.mean), finding.Number(s.busy)
	if compared {
		d := minus(s.log99, base.log99).interval()
		out.ChangeP99, out.ChangeP99Lo, out.ChangeP99Hi = relative(d.Value), relative(d.Lo), relative(d.Hi)
	}
	return out
}

// relative is the change that a difference of logarithms is.
func relative(d float64) finding.Number { return finding.Number(math.Exp(d) - 1) }

// match is the mean difference of two runs over the levels that both have.
type match struct {
	sample
	levels int
	lo, hi float64 // least and greatest rate of them, requests/s of one instance
}

// matched weighs every level the same. The levels are taken as they are, not as
// a draw: the interval is that of the minutes' noise. A step of the other run
// that two levels lean on counts once, with both weights.
func matched(base, other *run, of func(*step) sample) match {
	var samples []sample
	var weights []float64
	onto := make([]float64, len(other.steps))
	m := match{lo: math.NaN(), hi: math.NaN()}
	total := 0.0
	for i := range base.steps {
		p := other.place(base.steps[i].rate)
		if !p.ok {
			continue
		}
		if m.levels == 0 {
			m.lo = base.steps[i].rate
		}
		m.hi = base.steps[i].rate
		m.levels++
		there := other.at(p)
		total += of(&there).mean - of(&base.steps[i]).mean
		samples, weights = append(samples, of(&base.steps[i])), append(weights, -1)
		onto[p.i] += p.w
		if p.w < 1 {
			onto[p.i-1] += 1 - p.w
		}
	}
	for i, w := range onto {
		if w > 0 {
			samples, weights = append(samples, of(&other.steps[i])), append(weights, w)
		}
	}
	for i := range weights {
		weights[i] /= float64(m.levels)
	}
	m.sample = sum(samples, weights)
	m.mean = total / float64(m.levels) // the same, and exactly none for a run against itself
	return m
}
