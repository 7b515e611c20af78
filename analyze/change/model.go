package change

import (
	"math"
	"time"
)

// model says what an hour would be, from the nights before; without leaves out
// the day of that number, -1 none. NaN: cannot be told.
type model interface {
	at(hour, without int) float64
}

// fit makes the model of the hours before end.
func (t *track) fit(y []float64, end int) model {
	switch t.Basis {
	case Season:
		return newSeason(t.start, y[:end])
	case Load:
		return newCurve(t.Series.Load, y[:end])
	case Level:
	}
	return newLevel(y[:end])
}

// season is the mean of the same hours of a week.
type season struct {
	start time.Time
	y     []float64
	slots [7 * Hours]sum // weekday and hour
	kinds [2 * Hours]sum // workday or weekend, and hour
}

// leastAlike is how many earlier hours a slot must have to be compared with.
const leastAlike = 2

func newSeason(start time.Time, y []float64) *season {
	s := &season{start: start, y: y}
	for h, v := range y {
		slot, kind := s.places(h)
		s.slots[slot].add(v)
		s.kinds[kind].add(v)
	}
	return s
}

// places are an hour's slots.
func (s *season) places(hour int) (slot, kind int) {
	at := s.start.Add(time.Duration(hour) * time.Hour)
	w := at.Weekday()
	if w == time.Saturday || w == time.Sunday {
		kind = Hours
	}
	return int(w)*Hours + at.Hour(), kind + at.Hour()
}

func (s *season) at(hour, without int) float64 {
	slot, kind := s.places(hour)
	same, like := s.slots[slot], s.kinds[kind]
	if without >= 0 && hour/Hours == without && hour < len(s.y) {
		// A day has each hour once.
		same.remove(s.y[hour])
		like.remove(s.y[hour])
	}
	switch {
	case same.n >= leastAlike:
		return same.mean()
	case like.n >= leastAlike:
		return like.mean()
	}
	return math.NaN()
}

// sum is a running mean that passes over what is missing.
type sum struct {
	n     int
	total float64
}

func (s *sum) add(v float64) {
	if v == v {
		s.n++
		s.total += v
	}
}

func (s *sum) remove(v float64) {
	if v == v {
		s.n--
		s.total -= v
	}
}

func (s *sum) mean() float64 { return s.total / float64(s.n) }

// level is the mean of all hours.
type level struct {
	all  sum
	days []sum
}

func newLevel(y []float64) *level {
	l := &level{days: make([]sum, (len(y)+Hours-1)/Hours)}
	for h, v := range y {
		l.all.add(v)
		l.days[h/Hours].add(v)
	}
	return l
}

func (l *level) at(_, without int) float64 {
	all := l.all
	if without >= 0 && without < len(l.days) {
		all.n -= l.days[without].n
		all.total -= l.days[without].total
	}
	if all.n < leastAlike*Hours/2 {
		return math.NaN()
	}
	return all.mean()
}

// curve is a parabola in the logarithm of the load.
type curve struct {
	load         []float64
	middle, unit float64 // of the logarithm
	lo, hi       float64 // of the loads seen, as logarithms
	all          normal
	days         []normal
	solved       map[int][3]float64 // by the day left out
}

const (
	leastCurve = 24  // hours that a curve is drawn through, at least
	beyond     = 0.1 // how far outside the loads seen it is believed: 10 %
)

func newCurve(load, y []float64) *curve {
	c := &curve{load: load, lo: math.Inf(1), hi: math.Inf(-1), solved: map[int][3]float64{}}
	var place, square sum
	for h, v := range y {
		x := math.Log(load[h])
		if v != v || x != x || math.IsInf(x, 0) {
			continue
		}
		c.lo, c.hi = min(c.lo, x), max(c.hi, x)
		place.add(x)
		square.add(x * x)
	}
	c.middle = place.mean()
	c.unit = max(1e-3, math.Sqrt(max(0, square.mean()-c.middle*c.middle)))
	c.days = make([]normal, (len(y)+Hours-1)/Hours)
	for h, v := range y {
		x := (math.Log(load[h]) - c.middle) / c.unit
		if v != v || x != x || math.IsInf(x, 0) {
			continue
		}
		c.all.add(x, v, 1)
		c.days[h/Hours].add(x, v, 1)
	}
	return c
}

func (c *curve) at(hour, without int) float64 {
	x := math.Log(c.load[hour])
	if !(x >= c.lo-beyond && x <= c.hi+beyond) {
		return math.NaN()
	}
	if without >= len(c.days) {
		without = -1
	}
	b, ok := c.solved[without]
	if !ok {
		n := c.all
		if without >= 0 {
			n.take(c.days[without])
		}
		b = n.solve()
		c.solved[without] = b
	}
	x = (x - c.middle) / c.unit
	return b[0] + x*(b[1]+x*b[2])
}

// normal are the normal equations of a parabola.
type normal struct {
	power  [5]float64 // sums of x^k
	moment [3]float64 // sums of y x^k
}

func (n *normal) add(x, y, weight float64) {
	p := weight
	for k := range n.power {
		n.power[k] += p
		if k < len(n.moment) {
			n.moment[k] += p * y
		}
		p *= x
	}
}

func (n *normal) take(m normal) {
	for k := range n.power {
		n.power[k] -= m.power[k]
	}
	for k := range n.moment {
		n.moment[k] -= m.moment[k]
	}
}

// solve returns the coefficients, NaN when there are too few points. A little
// ridge keeps a load that hardly varies from giving wild curves.
func (n *normal) solve() [3]float64 {
	if n.power[0] < leastCurve {
		return [3]float64{math.NaN(), math.NaN(), math.NaN()}
	}
	var a [3][4]float64
	for i := range a {
		for j := range 3 {
			a[i][j] = n.power[i+j]
		}
		a[i][3] = n.moment[i]
	}
	const ridge = 1e-3
	a[1][1] += ridge * n.power[0]
	a[2][2] += ridge * n.power[0]
	for i := range a {
		for j := i + 1; j < 3; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < 4; k++ {
				a[j][k] -= f * a[i][k]
			}
		}
	}
	var b [3]float64
	for i := 2; i >= 0; i-- {
		b[i] = a[i][3]
		for k := i + 1; k < 3; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}
