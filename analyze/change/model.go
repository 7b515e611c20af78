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
		return newCurve(t.Load, y[:end])
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

// curve is what was seen at about the same load: a line through the hours whose
// load is near, which is believed only where other days have been there, at
// both more and less load.
type curve struct {
	load  []float64
	first int    // number of the first bin
	days  int    // of the data
	bins  []line // all days of a bin, a bin behind the other
	cells []line // day by day, days of a bin behind each other
}

const (
	binWidth   = 0.05 // of the logarithm of the load
	binsNear   = 3    // to each side: 15 %
	leastHours = 8    // near by, of other days
	leastSide  = 2    // of them at as much load or more, and at as much or less
	leastDays  = 2    // that they are of
)

// line is what a line is drawn from; x is from the middle of the bin.
type line struct{ n, x, y, xx, xy float64 }

// add adds m, seen from a place that lies shift before it, sign times.
func (l *line) add(m line, sign, shift float64) {
	l.n += sign * m.n
	l.x += sign * (m.x + shift*m.n)
	l.y += sign * m.y
	l.xx += sign * (m.xx + 2*shift*m.x + shift*shift*m.n)
	l.xy += sign * (m.xy + shift*m.y)
}

func newCurve(load, y []float64) *curve {
	c := &curve{load: load, days: (len(y) + Hours - 1) / Hours}
	last, some := 0, false
	for h, v := range y {
		i, _, ok := c.place(h)
		if v != v || !ok {
			continue
		}
		if !some {
			c.first, last, some = i, i, true
		}
		c.first, last = min(c.first, i), max(last, i)
	}
	if !some {
		return c
	}
	c.bins, c.cells = make([]line, last-c.first+1), make([]line, (last-c.first+1)*c.days)
	for h, v := range y {
		i, x, ok := c.place(h)
		if v != v || !ok {
			continue
		}
		one := line{1, x, v, x * x, x * v}
		c.bins[i-c.first].add(one, 1, 0)
		c.cells[(i-c.first)*c.days+h/Hours].add(one, 1, 0)
	}
	return c
}

// place is the bin of an hour's load and where in it the load is.
func (c *curve) place(hour int) (i int, x float64, ok bool) {
	l := math.Log(c.load[hour])
	if l != l || math.Abs(l) > 100 {
		return 0, 0, false
	}
	i = int(math.Round(l / binWidth))
	return i, l - float64(i)*binWidth, true
}

func (c *curve) at(hour, without int) float64 {
	i, x, ok := c.place(hour)
	if !ok {
		return math.NaN()
	}
	var near line
	var less, more float64
	for k := -binsNear; k <= binsNear; k++ {
		at := i + k - c.first
		if at < 0 || at >= len(c.bins) || c.bins[at].n == 0 {
			continue
		}
		shift, before := float64(k)*binWidth-x, near.n // from the hour's own load
		near.add(c.bins[at], 1, shift)
		if without >= 0 && without < c.days {
			near.add(c.cells[at*c.days+without], -1, shift)
		}
		if k <= 0 {
			less += near.n - before
		}
		if k >= 0 {
			more += near.n - before
		}
	}
	if near.n < leastHours-0.5 || less < leastSide-0.5 || more < leastSide-0.5 || !c.several(i, without) {
		return math.NaN()
	}
	// A little ridge keeps loads that hardly vary from giving wild lines.
	const ridge = 1e-4
	mx, my := near.x/near.n, near.y/near.n
	slope := (near.xy - near.n*mx*my) / (near.xx - near.n*mx*mx + ridge*near.n)
	return my - slope*mx
}

// several says whether enough days but one have been near a bin.
func (c *curve) several(i, without int) bool {
	days := 0
	for d := range c.days {
		if d == without {
			continue
		}
		for k := -binsNear; k <= binsNear; k++ {
			if at := i + k - c.first; at >= 0 && at < len(c.bins) && c.cells[at*c.days+d].n > 0 {
				days++
				break
			}
		}
		if days >= leastDays {
			return true
		}
	}
	return false
}
