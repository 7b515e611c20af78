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
	shifts, _ := DetectAll(series, nil, o)
	return shifts
}

// DetectAll is Detect with the runs of jobs beside the series: all tests of a
// night are corrected for each other.
func DetectAll(series []Series, runs []Runs, o Options) ([]Shift, []RunShift) {
	if o.MinNights == 0 {
		o.MinNights = 3
	}
	if o.Rate == 0 {
		o.Rate = 0.01
	}
	all := estate{tracks: make([]*track, len(series)), runs: make([]*runTrack, len(runs)), o: o}
	nights := 0
	for i := range series {
		all.tracks[i] = newTrack(&series[i], o.Start)
		nights = max(nights, len(series[i].Values)/Hours)
	}
	for i := range runs {
		all.runs[i] = newRunTrack(&runs[i])
		for _, n := range runs[i].Night {
			nights = max(nights, n+1)
		}
	}
	for d := range nights {
		all.night(d)
	}
	return all.shifts, all.off
}

// estate is everything that is followed, and what was found so far.
type estate struct {
	tracks []*track
	runs   []*runTrack
	o      Options
	shifts []Shift
	off    []RunShift
}

// night tests one night of every series and every run, and lets them know what
// was found.
func (e *estate) night(d int) {
	var views []*view
	if d >= e.o.MinNights {
		views = make([]*view, len(e.tracks))
		for i, t := range e.tracks {
			views[i] = t.look(d, e.o.MinNights)
		}
		moderate(views)
	}
	var p []float64
	for _, v := range views {
		p = append(p, v.test())
	}
	type one struct{ list, run int }
	var ended []one
	for i, t := range e.runs {
		for _, k := range t.of(d) {
			ended = append(ended, one{i, k})
			p = append(p, t.test(k))
		}
	}
	q := stat.BenjaminiHochberg(p)
	for i := range views {
		if !(q[i] <= e.o.Rate) {
			continue
		}
		s, ok := views[i].locate()
		if !ok {
			continue
		}
		s.Series, s.Night, s.P, s.Q = i, d, p[i], q[i]
		e.tracks[i].learn(s)
		if s.large(e.tracks[i].Floor, e.tracks[i].Scale) {
			e.shifts = append(e.shifts, s)
		}
	}
	for i, k := range ended {
		t, at := e.runs[k.list], len(views)+i
		told := q[at] <= e.o.Rate
		if told {
			s := t.measure(k.run)
			s.Runs, s.P, s.Q = k.list, p[at], q[at]
			if s.shift().large(t.Floor, t.Scale) {
				e.off = append(e.off, s)
			}
		}
		t.learn(k.run, told)
	}
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
