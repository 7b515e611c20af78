package plot

import (
	"math"
	"time"
)

// axis is a value axis: its range, its ticks and how they are written.
type axis struct {
	min, max float64
	log      bool
	ticks    []float64
	label    func(float64) string // nil is tickNumber
}

// ratioAxis is an axis of percent from zero to at least 100.
func ratioAxis(top float64) axis {
	a := axis{max: 1.04, label: percent, ticks: []float64{0, 0.25, 0.5, 0.75, 1}}
	if top > 1.04 {
		a.max, a.ticks = fromZero(top, 5)
	}
	return a
}

// seldomTop is the share below which an axis to 100 % would lay a line flat.
const seldomTop = 0.20

// shareAxis is ratioAxis, or one to a little above the top for shares of what is
// seldom and has no limit: nobody can read 0.4 % on an axis that ends at 100.
func shareAxis(top float64, limited bool) axis {
	if limited || !(top > 0) || top >= seldomTop {
		return ratioAxis(top)
	}
	a := linearAxis(top, 4)
	a.label = percent
	return a
}

// linearAxis is an axis from zero to a little above the top, with about n ticks.
func linearAxis(top float64, n int) axis {
	if !(top > 0) || math.IsInf(top, 0) {
		top = 1
	}
	a := axis{max: top * 1.06}
	step := niceStep(top, n)
	for i := 0; float64(i)*step <= a.max; i++ {
		a.ticks = append(a.ticks, float64(i)*step)
	}
	return a
}

// countAxis is linearAxis for counts: its ticks are integers.
func countAxis(top float64, n int) axis {
	a := linearAxis(math.Max(top, 1), n)
	if len(a.ticks) > 1 && a.ticks[1] < 1 {
		a.ticks = []float64{0, 1}
	}
	return a
}

// percent writes a ratio as a percentage.
func percent(v float64) string { return number(math.Round(v*1e6)/1e4) + " %" }

// panel is one set of axes on a page.
type panel struct {
	*page
	box rect
	y   scale
}

func newPanel(p *page, box rect, title string, a axis) *panel {
	if a.label == nil {
		a.label = tickNumber
	}
	n := &panel{page: p, box: box, y: scale{min: a.min, max: a.max, log: a.log, lo: box.y1, hi: box.y0}}
	letter := lettering{size: tickSize, anchor: right}
	for _, v := range a.ticks {
		y := n.y.at(v)
		n.line(stroke{ink: hairline, width: 0.8}, point{box.x0, y}, point{box.x1, y})
		n.text(letter, point{box.x0 - 8, y + middle(tickSize)}, a.label(v))
	}
	n.line(stroke{ink: axisInk, width: 1}, point{box.x0, box.y1}, point{box.x1, box.y1})
	n.text(lettering{size: titleSize, bold: true}, point{box.x0, box.y0 - 8}, title)
	return n
}

// level draws a horizontal line at y across the panel, if the axis holds it.
func (n *panel) level(s stroke, y float64) {
	if !n.y.holds(y) {
		return
	}
	n.line(s, point{n.box.x0, n.y.at(y)}, point{n.box.x1, n.y.at(y)})
}

// runs splits a series into positions without gaps: at missing values, at values
// the axis cannot show, and where buckets are absent.
func (n *panel) runs(l *layout, ys []float64) [][]point {
	return n.runsWithin(l, ys, l.frame.Bucket)
}

// runsWithin is runs with neighbours that may lie up to one and a half times the
// given spacing apart; above one bucket, values may be missing between them.
func (n *panel) runsWithin(l *layout, ys []float64, spacing time.Duration) [][]point {
	var runs [][]point
	var run []point
	cut := func() {
		if len(run) > 0 {
			runs = append(runs, run)
		}
		run = nil
	}
	half := l.frame.Bucket / 2
	last := -1
	for i, y := range ys {
		if last >= 0 && l.frame.Times[i].Sub(l.frame.Times[last]) > spacing*3/2 {
			cut()
		}
		if !n.y.holds(y) {
			if spacing <= l.frame.Bucket || finite(y) {
				cut()
			}
			continue
		}
		last = i
		run = append(run, point{l.xOf(l.frame.Times[i].Add(half)), n.y.at(y)})
	}
	cut()
	return runs
}

// series draws a line with gaps where values are missing. A value without
// neighbours becomes a dot. Where there are more values than the width can show,
// the line is the middle of each column and a band spans its least and greatest.
func (n *panel) series(l *layout, ys []float64, s style) {
	markGap := 74.0
	nextMark := n.box.x0 + markGap/2
	for _, run := range n.runsWithin(l, ys, l.frame.spacing(ys)) {
		if len(run) == 1 {
			n.alone(run[0], s)
			continue
		}
		line, upper, lower := condense(run, columnWidth)
		n.fill(s.ink.alpha(0x3c), append(steps(upper), reversed(steps(lower))...)...)
		n.line(s.stroke, line...)
		for _, q := range line {
			if s.mark != noMark && q.x >= nextMark {
				n.mark(s.mark, s.ink, q, 4)
				nextMark = q.x + markGap
			}
		}
	}
}

// alone draws a value that has no neighbours.
func (n *panel) alone(at point, s style) {
	if s.mark == noMark {
		n.mark(disc, s.ink, at, s.width+0.8)
		return
	}
	n.mark(s.mark, s.ink, at, 4)
}

// stairs draws a series that holds its value through the bucket.
func (n *panel) stairs(l *layout, ys []float64, s stroke) {
	for _, run := range n.treads(l, ys) {
		n.line(s, run...)
	}
}

// levels draws stairs without their risers, which would hatch the panel where
// the value changes often.
func (n *panel) levels(l *layout, ys []float64, s stroke) {
	for _, run := range n.treads(l, ys) {
		for i := 0; i < len(run); {
			k := i
			for k+1 < len(run) && run[k+1].y == run[i].y {
				k++
			}
			n.line(s, run[i], run[k])
			i = k + 1
		}
	}
}

// treads are the corners of stairs, run by run.
func (n *panel) treads(l *layout, ys []float64) [][]point {
	var out [][]point
	half := (l.xOf(l.frame.Start.Add(l.frame.Bucket)) - l.x.lo) / 2
	for _, run := range n.runs(l, ys) {
		var pts []point
		for i, q := range run {
			if i > 0 && i < len(run)-1 && run[i-1].y == q.y && run[i+1].y == q.y {
				continue
			}
			pts = append(pts, point{q.x - half, q.y}, point{q.x + half, q.y})
		}
		out = append(out, pts)
	}
	return out
}

// bars draws a bar from zero for every value.
func (n *panel) bars(l *layout, ys []float64, i ink) {
	width := l.xOf(l.frame.Start.Add(l.frame.Bucket)) - l.x.lo
	gap := math.Min(1, width*0.15)
	for _, q := range widest(n.runs(l, ys), width) {
		half := math.Max(width-gap, 1.2) / 2
		n.fillRect(i, rect{math.Max(n.box.x0, q.x-half), q.y, math.Min(n.box.x1, q.x+half), n.y.at(0)})
	}
}

// steps turns positions into a staircase with one tread for each.
func steps(pts []point) []point {
	var out []point
	for i, q := range pts {
		from, to := q.x, q.x
		if i > 0 {
			from = (pts[i-1].x + q.x) / 2
		}
		if i < len(pts)-1 {
			to = (q.x + pts[i+1].x) / 2
		}
		out = append(out, point{from, q.y}, point{to, q.y})
	}
	return out
}

func reversed(pts []point) []point {
	out := make([]point, len(pts))
	for i, q := range pts {
		out[len(pts)-1-i] = q
	}
	return out
}
