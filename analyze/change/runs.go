package change

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// LeastRuns is how many earlier runs a run is compared with, at least.
const LeastRuns = 5

// Runs is one number of the runs of the same thing, such as how long a job that
// begins every night took, in the order in which they ended.
type Runs struct {
	Values []float64 // NaN is missing
	Night  []int     // the night that shows each, from 0, ascending
	Scale  Scale
	Floor  float64 // least change that matters: relative for Ratio, else a difference
	Noise  float64 // least standard deviation on the scale
}

// RunShift is a run that is not as those before it.
type RunShift struct {
	Runs, Run int // indices

	Before, After float64 // expected and seen, in the unit of the runs
	Effect        float64 // relative for Ratio, else the difference
	Lo, Hi        float64 // 95 % interval of Effect
	P, Q          float64 // chance; corrected for the other tests of the night
	Compared      int     // runs before it
}

func (s RunShift) shift() Shift { return Shift{Effect: s.Effect} }

// runTrack is a list of runs and what the earlier ones have shown.
type runTrack struct {
	*Runs
	y    []float64 // on the scale
	out  []bool    // runs that were off alone
	step int       // run at which the level moved last; 0: never
}

func newRunTrack(r *Runs) *runTrack {
	t := &runTrack{Runs: r, y: make([]float64, len(r.Values)), out: make([]bool, len(r.Values))}
	for i, v := range r.Values {
		t.y[i] = r.Scale.of(v)
	}
	return t
}

// of are the runs of a night.
func (t *runTrack) of(night int) []int {
	var out []int
	for i, n := range t.Night {
		if n == night && t.y[i] == t.y[i] {
			out = append(out, i)
		}
	}
	return out
}

// expectation is what a run is held against.
type expectation struct {
	mean, sd, df float64 // of one more run
	n            int     // runs behind it; 0: too few
}

func (e expectation) chance(y float64) float64 {
	if e.n == 0 {
		return math.NaN()
	}
	return chance(y-e.mean, e.sd, e.df)
}

// expect is what the runs before i make one expect at the level since the last
// step, and at the level before it.
func (t *runTrack) expect(i int) (now, before expectation) {
	var old, fresh sum
	for j := range i {
		switch {
		case t.out[j]:
		case j < t.step:
			old.add(t.y[j])
		default:
			fresh.add(t.y[j])
		}
	}
	squares, df := 0.0, float64(old.n+fresh.n-1)
	if t.step > 0 {
		df--
	}
	for j := range i {
		if t.out[j] || t.y[j] != t.y[j] {
			continue
		}
		m := fresh.mean()
		if j < t.step {
			m = old.mean()
		}
		squares += (t.y[j] - m) * (t.y[j] - m)
	}
	if old.n+fresh.n < LeastRuns || df < 1 || fresh.n == 0 {
		return expectation{}, expectation{}
	}
	sd := max(t.Noise, math.Sqrt(squares/df))
	at := func(s sum) expectation {
		if s.n == 0 {
			return expectation{}
		}
		return expectation{s.mean(), sd * math.Sqrt(1+1/float64(s.n)), df, old.n + fresh.n}
	}
	return at(fresh), at(old)
}

// test is the chance of a run; NaN when it cannot be told. Of a level that is
// new and known from few runs, a run that is as before it is nothing new either.
func (t *runTrack) test(i int) float64 {
	now, before := t.expect(i)
	p := now.chance(t.y[i])
	if before.n > 0 && i-t.step < LeastRuns {
		p = max(p, before.chance(t.y[i]))
	}
	return p
}

// learn makes later runs be compared with what this one showed.
func (t *runTrack) learn(i int, told bool) {
	now, before := t.expect(i)
	switch {
	case told:
		t.step = i
	case before.n > 0 && i-t.step < LeastRuns && before.chance(t.y[i]) > now.chance(t.y[i]):
		// Back again: what stood between was off alone.
		for j := t.step; j < i; j++ {
			t.out[j] = true
		}
		t.step = 0
	}
}

// measure fills in how far off a run is.
func (t *runTrack) measure(i int) RunShift {
	now, _ := t.expect(i)
	half := now.sd * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: now.df}.Quantile(0.975)
	return RunShift{
		Run: i, Before: t.Scale.back(now.mean), After: t.Values[i], Compared: now.n,
		Effect: t.Scale.effect(now.mean, t.y[i]), Lo: t.Scale.effect(now.mean, t.y[i]-half), Hi: t.Scale.effect(now.mean, t.y[i]+half),
	}
}
