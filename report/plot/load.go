package plot

import (
	"io"
	"math"
)

// Load is the figure of what was offered and what was served, with the number of
// instances below. Rates are requests per second of the whole fleet.
type Load struct {
	Frame
	Offered   []float64
	Served    []float64
	Instances []float64
	Limits    []Track
}

// Track is a limit that moves with time, for example with the instance count.
type Track struct {
	Name string
	Kind TrackKind
	Y    []float64
}

// TrackKind says what a moving limit means.
type TrackKind int

// A limit that was seen or computed, a level within which an objective is kept,
// and bounds that the truth of either may lie above.
const (
	Ceiling TrackKind = iota
	Objective
	CeilingBound
	ObjectiveBound
)

func (k TrackKind) stroke() stroke {
	switch k {
	case Objective:
		return stroke{ink: green, width: 1.6, dash: dashDot}
	case CeilingBound:
		return stroke{ink: crimson, width: 1.3, dash: dotted}
	case ObjectiveBound:
		return stroke{ink: green, width: 1.3, dash: dotted}
	default:
		return limitStroke()
	}
}

// WritePNG draws the figure.
func (f Load) WritePNG(w io.Writer) error {
	l := newLayout(f.Frame, 250, 46)
	_, top, _ := extent(f.Offered, f.Served)
	limitTop := top
	for _, t := range f.Limits {
		if _, y, ok := extent(t.Y); ok && y <= 3*top {
			limitTop = math.Max(limitTop, y)
		}
	}
	p := l.panel(0, "Requests per second, whole fleet", linearAxis(limitTop, 6))
	offered := style{stroke: stroke{ink: amber, width: 6}}
	served := style{stroke: stroke{ink: navy, width: 2}}
	p.series(l, f.Offered, offered)
	tags := []tag{
		{text: "offered", at: p.lastOf(f.Offered), style: offered},
		{text: "served", at: p.lastOf(f.Served), style: served},
	}
	for _, t := range f.Limits {
		tags = append(tags, p.track(l, t))
	}
	p.series(l, f.Served, served)
	p.tags(tags)
	f.strip(l)
	return l.writePNG(w)
}

// track draws a moving limit, or says that it lies above the axis.
func (n *panel) track(l *layout, t Track) tag {
	s := t.Kind.stroke()
	draw := n.stairs
	if changes(t.Y) > restless {
		s.width, s.dash, draw = 1.2, solid, n.levels
	}
	if _, y, ok := extent(t.Y); ok && y > n.y.max {
		return tag{text: t.Name + " (above the axis)", at: n.box.y0, style: style{stroke: s}}
	}
	draw(l, t.Y, s)
	return tag{text: t.Name, at: n.lastOf(t.Y), style: style{stroke: s}}
}

// restless is how often a limit may move before its dashes are unreadable.
const restless = 24

// changes counts how often a series changes its value.
func changes(ys []float64) int {
	n := 0
	for i := 1; i < len(ys); i++ {
		if finite(ys[i]) && finite(ys[i-1]) && ys[i] != ys[i-1] {
			n++
		}
	}
	return n
}

// strip draws the instance count.
func (f Load) strip(l *layout) {
	_, top, ok := extent(f.Instances)
	max, ticks := wholeFromZero(top, 2)
	p := l.panel(1, "Instances", axis{max: max * 1.1, ticks: ticks})
	s := stroke{ink: purple, width: 1.8}
	p.stairs(l, f.Instances, s)
	name := "live instances"
	if !ok {
		name = "not known"
	}
	p.tags([]tag{{text: name, at: p.lastOf(f.Instances), style: style{stroke: s}}})
}
