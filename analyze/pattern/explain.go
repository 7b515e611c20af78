package pattern

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/stat"
)

// Series is something counted or measured in buckets of equal width. NaN marks a
// bucket that nobody measured.
type Series struct {
	Name   string
	Values []float64
}

// Verdict says how far a template goes with a metric.
type Verdict string

// The verdicts. Precedence is not cause: even an explanation is a place to look
// first.
const (
	Explains   Verdict = "explains"    // significant after correction, at three episodes or more
	CoOccurred Verdict = "co-occurred" // together, but too seldom to tell from chance
	Unrelated  Verdict = "not distinguishable from chance"
)

// Relation is a template beside a metric.
type Relation struct {
	Template, Metric string
	Verdict          Verdict
	Lag              int           // buckets by which the template precedes the metric
	R                stat.Interval // of the whitened series at that lag
	Q                float64       // corrected for lags, templates and metrics
	Episodes         int           // times that both were raised together, within the largest lag
	Covered          float64       // of what the metric had above its median while raised, the share in those episodes
	Since            int           // first bucket of the first of those episodes
}

// ExplainOptions steer [Explain]. The zero value means lags to 5 buckets, a false
// discovery rate of 1 % and three episodes.
type ExplainOptions struct {
	MaxLag      int
	Rate        float64
	MinEpisodes int
	Floors      map[string][]float64 // by metric: what each bucket must exceed to be raised
}

func (o ExplainOptions) orDefault() ExplainOptions {
	if o.MaxLag <= 0 {
		o.MaxLag = 5
	}
	if o.Rate <= 0 {
		o.Rate = 0.01
	}
	if o.MinEpisodes <= 0 {
		o.MinEpisodes = 3
	}
	return o
}

// Explain looks for templates (lines per bucket) that go with metrics, the best
// explanation first. Counts and metrics are taken by their logarithm, so that one
// burst does not decide, whitened and correlated at every lag
// ([stat.CrossCorrelate]); the p-values are corrected for the lags and then for
// all templates and metrics (Benjamini and Hochberg). A template that was raised
// together with a metric fewer than three times co-occurred with it, however
// strong the correlation is: one coincidence explains nothing. Pairs that were
// never raised together are left out.
func Explain(templates, metrics []Series, o ExplainOptions) []Relation {
	o = o.orDefault()
	var out []Relation
	var p []float64
	for _, m := range metrics {
		raised := episodes(m.Values, o.Floors[m.Name])
		for _, t := range templates {
			r := Relation{Template: t.Name, Metric: m.Name, Verdict: Unrelated, Q: math.NaN()}
			r.Episodes, r.Covered, r.Since = meetings(episodes(t.Values, nil), raised, m.Values, o.MaxLag)
			value := math.NaN()
			c, ok := stat.CrossCorrelate(logs(t.Values), logs(m.Values), stat.CrossOptions{MaxLag: o.MaxLag})
			if ok {
				value, r.Lag, r.R = c.P, c.Best.Lag, c.R
			}
			out, p = append(out, r), append(p, value)
		}
	}
	for i, q := range stat.BenjaminiHochberg(p) {
		out[i].Q = q
		out[i].judge(o)
	}
	out = slices.DeleteFunc(out, func(r Relation) bool { return r.Episodes == 0 })
	slices.SortFunc(out, func(a, b Relation) int {
		return cmp.Or(
			cmp.Compare(rank(a.Verdict), rank(b.Verdict)), cmp.Compare(a.Q, b.Q), cmp.Compare(b.Episodes, a.Episodes),
			strings.Compare(a.Template, b.Template), strings.Compare(a.Metric, b.Metric),
		)
	})
	return out
}

// judge sets the verdict. A template that mostly follows the metric is its
// effect, and one that misses most of what was raised does not explain it.
func (r *Relation) judge(o ExplainOptions) {
	switch {
	case r.Episodes == 0:
	case r.Episodes < o.MinEpisodes:
		r.Verdict = CoOccurred
	case r.Q <= o.Rate && r.R.Lo > 0 && r.Lag >= 0 && r.Covered >= 0.5:
		r.Verdict = Explains
	}
}

func rank(v Verdict) int {
	switch v {
	case Explains:
		return 0
	case CoOccurred:
		return 1
	case Unrelated:
	}
	return 2
}

// logs is log(1+x), and NaN for what is missing or negative.
func logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.NaN()
		if v >= 0 && !math.IsInf(v, 1) {
			out[i] = math.Log1p(v)
		}
	}
	return out
}

// run is buckets from first to last.
type run struct{ first, last int }

// episodes are the runs in which a series is raised: above its median by more
// than three times the scaled median of the deviations, and above the floor, if any. One missing or
// ordinary bucket does not end a run.
func episodes(x, floor []float64) []run {
	var known []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return nil
	}
	limit := stat.Median(known) + 3*stat.MAD(known)
	var out []run
	for i, v := range x {
		if math.IsNaN(v) || v <= limit || (i < len(floor) && v <= floor[i]) {
			continue
		}
		if n := len(out); n > 0 && i-out[n-1].last <= 2 {
			out[n-1].last = i
		} else {
			out = append(out, run{i, i})
		}
	}
	return out
}

// meetings counts the runs of b, which are those of y, that a run of a overlaps
// or precedes or follows by at most lag buckets, and their share of what y has
// above its median in all runs. The first of them begins at bucket since.
func meetings(a, b []run, y []float64, lag int) (n int, covered float64, since int) {
	var known []float64
	for _, v := range y {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	middle, all := stat.Median(known), 0.0
	for _, r := range b {
		excess := 0.0
		for _, v := range y[r.first : r.last+1] {
			if v > middle {
				excess += v - middle
			}
		}
		all += excess
		if slices.ContainsFunc(a, func(x run) bool { return x.first <= r.last+lag && r.first <= x.last+lag }) {
			if n == 0 {
				since = r.first
			}
			n++
			covered += excess
		}
	}
	return n, covered / max(all, math.SmallestNonzeroFloat64), since
}
