package change

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/stat"
)

// Hours is the length of a night's window: a day.
const Hours = 24

// Basis is what a series is compared with.
type Basis int

// The bases.
const (
	Season Basis = iota // the same weekday and hour, else the same hour of workdays or of weekends
	Load                // the same load
	Level               // its level
)

// Scale is how a series is looked at: where its noise is about the same
// everywhere.
type Scale int

// The scales.
const (
	Ratio Scale = iota // logarithm; changes are relative
	Share              // square root, for shares near zero; changes are differences
	Plain              // as it is; changes are differences
)

// Series is one metric of one subject, an hour each.
type Series struct {
	Family string    // series of one family have like noise: the metric
	Values []float64 // NaN is missing
	Load   []float64 // for the basis Load; NaN is missing
	Noise  []float64 // least standard error of each hour on the scale, from counting; nil: none
	Basis  Basis
	Scale  Scale
	Floor  float64 // least change that matters: relative for Ratio, else a difference
}

// Options of [Detect].
type Options struct {
	Start     time.Time // of the first hour, UTC
	MinNights int       // nights to compare with, at least; 0 means 3
	Rate      float64   // false discoveries among the changes of a night; 0 means 0.01
}

// Shift is a change of one series. Hours are indices.
type Shift struct {
	Series  int // index
	Night   int // the night that shows it, from 0
	From    int // first hour that is different
	To      int // first hour that no longer is; the end of the night when it lasts
	Lasting bool

	Before, After float64 // expected and seen, in the unit of the series
	Effect        float64 // relative for Ratio, else the difference
	Lo, Hi        float64 // 95 % interval of Effect
	P, Q          float64 // chance; corrected for the other tests of the night
	N, Compared   int     // hours that differ, and hours that they are compared with
}

// Detect replays all nights of the series, which must be of one length, whole
// days, and returns the changes by night and series. A night that has too few
// before it shows none.
func Detect(series []Series, o Options) []Shift {
	if o.MinNights == 0 {
		o.MinNights = 3
	}
	if o.Rate == 0 {
		o.Rate = 0.01
	}
	tracks := make([]*track, len(series))
	nights := 0
	for i := range series {
		tracks[i] = newTrack(&series[i], o.Start)
		nights = max(nights, len(series[i].Values)/Hours)
	}
	var out []Shift
	for d := o.MinNights; d < nights; d++ {
		out = append(out, detectNight(tracks, d, o)...)
	}
	return out
}

// detectNight tests one night of every series and lets the tracks know what was
// found.
func detectNight(tracks []*track, d int, o Options) []Shift {
	views := make([]*view, len(tracks))
	for i, t := range tracks {
		views[i] = t.look(d, o.MinNights)
	}
	moderate(views)
	p := make([]float64, len(views))
	for i, v := range views {
		p[i] = v.test()
	}
	var out []Shift
	for i, q := range stat.BenjaminiHochberg(p) {
		if !(q <= o.Rate) {
			continue
		}
		s, ok := views[i].locate()
		if !ok {
			continue
		}
		s.Series, s.Night, s.P, s.Q = i, d, p[i], q
		tracks[i].learn(s)
		if s.large(tracks[i].Floor, tracks[i].Scale) {
			out = append(out, s)
		}
	}
	return out
}

// large says whether the change matters.
func (s Shift) large(floor float64, scale Scale) bool {
	if scale == Ratio {
		// As much up as down: a fall by a third undoes a rise by a half.
		return max(math.Abs(s.Effect), math.Abs(1/(1+s.Effect)-1)) >= floor
	}
	return math.Abs(s.Effect) >= floor
}

// track is a series and what earlier nights have shown of it.
type track struct {
	*Series
	start time.Time
	y     []float64 // on the scale
	steps []int     // hours at which the level moved, ascending
	out   []bool    // hours of a change that did not last
}

func newTrack(s *Series, start time.Time) *track {
	t := &track{Series: s, start: start, y: make([]float64, len(s.Values)), out: make([]bool, len(s.Values))}
	for i, v := range s.Values {
		t.y[i] = s.Scale.of(v)
	}
	return t
}

// learn makes later nights compare with the new level, or leave out what passed.
func (t *track) learn(s Shift) {
	if !s.Lasting {
		for h := s.From; h < s.To; h++ {
			t.out[h] = true
		}
		return
	}
	t.steps = append(t.steps, s.From)
	slices.Sort(t.steps)
	t.steps = slices.Compact(t.steps)
}

// of puts a value on the scale; NaN where it has no place.
func (s Scale) of(v float64) float64 {
	switch s {
	case Ratio:
		if v > 0 {
			return math.Log(v)
		}
		return math.NaN()
	case Share:
		return math.Sqrt(max(0, v)) // NaN stays
	case Plain:
	}
	return v
}

// back is the value at a place of the scale.
func (s Scale) back(y float64) float64 {
	switch s {
	case Ratio:
		return math.Exp(y)
	case Share:
		return max(0, y) * max(0, y)
	case Plain:
	}
	return y
}

// effect is the change from one place of the scale to another.
func (s Scale) effect(from, to float64) float64 {
	if s == Ratio {
		return math.Expm1(to - from)
	}
	return s.back(to) - s.back(from)
}
