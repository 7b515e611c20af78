package change

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// view is one night of a series: what it leaves over above what the nights
// before make one expect.
type view struct {
	*track
	night    int
	over     []float64 // up to the end of the night; NaN missing
	wild     []float64 // how much wider over spreads at an hour's load than it does on the whole; nil: alike
	fair     []float64 // over, made alike by that
	expected []float64
	compared int            // hours behind the expectation
	since    int            // hours since the level last moved, -1 never
	spreads  [len4]variance // by block length
}

const len4 = 4

// blocks are the lengths of the parts of a night that are tested, hours.
func blocks() [len4]int { return [len4]int{3, 6, 12, 24} }

// tests is how many parts of a night there are.
const tests = 8 + 4 + 2 + 1

// variance is that of the mean of a block and how well it is known.
type variance struct {
	v, df float64 // df 0: not known
}

// look makes the view of night d.
func (t *track) look(d, minNights int) *view {
	lo, hi := d*Hours, min((d+1)*Hours, len(t.y))
	v := &view{track: t, night: d, since: -1, over: make([]float64, hi), expected: make([]float64, hi)}
	y := t.align(lo, hi)
	m := t.fit(y, lo)
	now := m // what the night is compared with
	if n := len(t.steps); n > 0 && t.Basis == Load {
		// What changed need not have changed alike at every load.
		fresh := append([]float64(nil), y...)
		for h := range t.steps[n-1] {
			fresh[h] = math.NaN()
		}
		now = t.fit(fresh, lo)
	}
	days := 0
	for h := range hi {
		if h < lo {
			v.expected[h] = m.at(h, h/Hours)
		} else {
			v.expected[h] = now.at(h, -1)
		}
		v.over[h] = y[h] - v.expected[h]
		if h < lo && v.over[h] == v.over[h] {
			v.compared++
		}
	}
	v.fair = v.over
	if t.Basis == Load {
		v.even(lo)
	}
	for e := range d {
		if count(v.over[e*Hours:(e+1)*Hours]) >= Hours/2 {
			days++
		}
	}
	if n := len(t.steps); n > 0 {
		v.since = lo - t.steps[n-1]
	}
	if days < minNights {
		return v
	}
	for i, m := range blocks() {
		v.spreads[i] = spread(v.fair[:lo], m)
	}
	return v
}

// even makes loads alike: near saturation everything varies more, and where few
// hours have been less is known. Hours from lo on are not looked at.
func (v *view) even(lo int) {
	const prior = 10 // hours that the spread on the whole counts for
	bins := map[int]*sum{}
	var all sum
	places := &curve{load: v.Load}
	for h, x := range v.over[:lo] {
		i, _, ok := places.place(h)
		if x != x || !ok {
			continue
		}
		all.add(x * x)
		if bins[i] == nil {
			bins[i] = &sum{}
		}
		bins[i].add(x * x)
	}
	if all.n == 0 || all.total == 0 {
		return
	}
	v.wild, v.fair = make([]float64, len(v.over)), make([]float64, len(v.over))
	for h, x := range v.over {
		near := sum{prior, prior * all.mean()}
		if i, _, ok := places.place(h); ok {
			for k := -binsNear; k <= binsNear; k++ {
				if b := bins[i+k]; b != nil {
					near.n += b.n
					near.total += b.total
				}
			}
		}
		v.wild[h] = math.Sqrt(max(1, near.mean()/all.mean()) + 4/max(1, float64(near.n-prior)))
		v.fair[h] = x / v.wild[h]
	}
}

// align brings the hours before each step to the level behind it, and leaves
// out what passed. Steps within the night itself are not known yet.
func (t *track) align(lo, hi int) []float64 {
	y := make([]float64, hi)
	for h := range y {
		y[h] = t.y[h]
		if h < lo && t.out[h] {
			y[h] = math.NaN()
		}
	}
	for k, from := range t.steps {
		to := lo
		if k+1 < len(t.steps) {
			to = t.steps[k+1]
		}
		m := t.fit(y, from)
		var moved sum
		for h := from; h < to; h++ {
			moved.add(y[h] - m.at(h, -1))
		}
		by := math.NaN() // nothing to go by: the old level says nothing
		if moved.n > 0 {
			by = moved.mean()
		}
		for h := range from {
			y[h] += by
		}
	}
	return y
}

func count(x []float64) int {
	n := 0
	for _, v := range x {
		if v == v {
			n++
		}
	}
	return n
}

// mean of what is there; ok when it is two thirds.
func mean(x []float64) (m float64, n int, ok bool) {
	var s sum
	for _, v := range x {
		s.add(v)
	}
	return s.mean(), s.n, 3*s.n >= 2*len(x) && s.n > 0
}

// spread is the variance of the mean of m hours of another day: that between
// days and that of parts of a day about the day.
func spread(over []float64, m int) variance {
	var days, parts []float64
	for from := 0; from+Hours <= len(over); from += Hours {
		day, _, ok := mean(over[from : from+Hours])
		if !ok {
			continue
		}
		days = append(days, day)
		for at := from; m < Hours && at < from+Hours; at += m {
			if part, _, ok := mean(over[at : at+m]); ok {
				parts = append(parts, part-day)
			}
		}
	}
	if len(days) < 2 {
		return variance{}
	}
	between, bdf := 0.0, float64(len(days)) // residuals left their own day out: about zero
	for _, d := range days {
		between += d * d / bdf
	}
	bdf--
	if m == Hours || len(parts) <= len(days) {
		return variance{between, bdf}
	}
	within, wdf := 0.0, float64(len(parts)-len(days))
	for _, p := range parts {
		within += p * p / wdf
	}
	v := between + within
	return variance{v, v * v / (between*between/bdf + within*within/wdf)}
}

// of is the variance of the mean of n hours of the night, which has at least
// the error of counting.
func (v *view) of(i, from, to int) (sd, df float64) {
	s := v.spreads[i]
	all := s.v
	if v.since >= 0 && v.since < 3*Hours {
		// The level itself is known from few hours.
		last := len4 - 1
		for last > 0 && blocks()[last] > v.since {
			last--
		}
		all += v.spreads[last].v / max(1, float64(v.since)/Hours)
	}
	if v.Noise != nil {
		least, n := 0.0, 0
		for h := from; h < to; h++ {
			if v.over[h] == v.over[h] && v.Noise[h] == v.Noise[h] {
				least += v.Noise[h] * v.Noise[h]
				n++
			}
		}
		if n > 0 {
			all = max(all, least/float64(n*n))
		}
	}
	return math.Sqrt(all), s.df
}

// test is the chance that some part of the night is off as far as the farthest
// is; NaN when it cannot be told.
func (v *view) test() float64 {
	lo, least := v.night*Hours, math.NaN()
	for i, m := range blocks() {
		if v.spreads[i].df <= 0 {
			continue
		}
		for from := lo; from+m <= len(v.over); from += m {
			x, _, ok := mean(v.fair[from : from+m])
			if !ok {
				continue
			}
			sd, df := v.of(i, from, from+m)
			if p := chance(x, sd, df); !(p >= least) {
				least = p
			}
		}
	}
	return min(1, tests*least)
}

func chance(x, sd, df float64) float64 {
	if sd == 0 {
		if x == 0 {
			return 1
		}
		return 0
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}
	return 2 * t.Survival(math.Abs(x/sd))
}

// locate finds the hours that are off: the stretch that explains most, which
// may begin in the day before. ok is false when nothing is.
func (v *view) locate() (Shift, bool) {
	lo, hi := v.night*Hours, len(v.over)
	first := max(0, lo-Hours)
	if v.since >= 0 {
		first = max(first, min(lo, lo-v.since+1))
	}
	gain := func(from, to int) float64 {
		var s sum
		for h := from; h < to; h++ {
			s.add(v.fair[h])
		}
		if s.n < 2 {
			return 0
		}
		return s.total * s.total / float64(s.n)
	}
	best, from, to := 0.0, -1, -1
	lasting, since := 0.0, -1
	for a := first; a < hi; a++ {
		for b := max(a+2, lo+1); b <= hi; b++ {
			if g := gain(a, b); g > best {
				best, from, to = g, a, b
			}
		}
		if g := gain(a, hi); g > lasting {
			lasting, since = g, a
		}
	}
	if from < 0 {
		return Shift{}, false
	}
	s := Shift{From: from, To: to}
	// What is nearly as well explained by a change that lasts is one.
	const nearly = 0.85
	if lasting >= nearly*best || hi-to <= 2 {
		s.From, s.To, s.Lasting = since, hi, true
	}
	return v.measure(s), true
}

// measure fills in how large the change is.
func (v *view) measure(s Shift) Shift {
	var over, expected, wild sum
	for h := s.From; h < s.To; h++ {
		if v.over[h] == v.over[h] {
			over.add(v.over[h])
			expected.add(v.expected[h])
			if v.wild != nil {
				wild.add(v.wild[h])
			}
		}
	}
	s.N, s.Compared = over.n, v.compared
	i := len4 - 1
	for i > 0 && blocks()[i] > s.N {
		i--
	}
	sd, df := v.of(i, s.From, s.To)
	half := 0.0
	if sd > 0 && df > 0 {
		half = sd * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.975)
	}
	if wild.n > 0 {
		half *= wild.mean()
	}
	at, by := expected.mean(), over.mean()
	s.Before, s.After = v.Scale.back(at), v.Scale.back(at+by)
	s.Effect = v.Scale.effect(at, at+by)
	s.Lo, s.Hi = v.Scale.effect(at, at+by-half), v.Scale.effect(at, at+by+half)
	return s
}
