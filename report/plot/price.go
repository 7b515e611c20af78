package plot

import (
	"cmp"
	"fmt"
	"io"
	"math"
)

// Price is the figure of what a million requests cost against how fast they
// were, load step by load step, run by run. Down and to the left is better.
type Price struct {
	Runs    []PriceRun
	Latency string  // what the x axis is of model latency, for example "p99"
	Axis    string  // title of the x axis without its unit, where Latency does not say it
	Cost    string  // title of the y axis with its unit
	Limit   float64 // seconds; beyond it the SLO is missed. NaN draws none
	Name    string  // of the limit
}

// PriceRun is one run's steps in the order of their load.
type PriceRun struct {
	Name     string
	Seconds  []float64 // latency of each step
	Cost     []float64
	Saturate []bool // beyond saturation: drawn hollow
}

// maxPriceRuns is how many runs can be told apart.
const maxPriceRuns = 6

// WritePNG draws the figure.
func (f Price) WritePNG(w io.Writer) error {
	runs := f.Runs[:min(len(f.Runs), maxPriceRuns)]
	xs, ys := make([][]float64, 0, len(runs)+1), make([][]float64, 0, len(runs))
	for _, r := range runs {
		xs, ys = append(xs, r.Seconds), append(ys, r.Cost)
	}
	if finite(f.Limit) {
		xs = append(xs, []float64{f.Limit})
	}
	scaleBy, unit := timeUnit(xs...)
	lo, hi, _ := extent(xs...)
	lo, hi = lo*scaleBy/1.25, hi*scaleBy*1.25
	x := axis{min: lo, max: hi, log: true, ticks: logTicks(lo, hi, 9)}
	_, top, _ := extent(ys...)
	title := cmp.Or(f.Axis, f.Latency+" of model latency")
	c := newChart(quantity{fmt.Sprintf("%s, %s, logarithmic", title, unit), x}, linearAxis(top, 6), f.Cost, nil, false, 300)
	var tags []tag
	if finite(f.Limit) {
		tags = append(tags, f.drawLimit(c, scaleBy))
	}
	for i, r := range runs {
		tags = append(tags, c.drawRun(r, seriesStyle(i), scaleBy))
	}
	if len(f.Runs) > maxPriceRuns {
		tags = append(tags, tag{text: fmt.Sprintf("%d more not drawn", len(f.Runs)-maxPriceRuns), at: c.box.y1, free: true})
	}
	c.tags(tags)
	return c.writePNG(w)
}

// drawLimit shades where the SLO is kept.
func (f Price) drawLimit(c *chart, scaleBy float64) tag {
	at := c.x.at(f.Limit * scaleBy)
	c.fillRect(green.alpha(0x1c), rect{c.box.x0, c.box.y0, at, c.box.y1})
	c.line(limitStroke(), point{at, c.box.y0}, point{at, c.box.y1})
	return tag{text: f.Name + ": kept left of the line", at: c.box.y0 + 8, style: style{stroke: limitStroke()}, free: true}
}

// drawRun joins the steps in the order of their load.
func (c *chart) drawRun(r PriceRun, s style, scaleBy float64) tag {
	var pts []point
	at := c.box.y1
	for i := range r.Seconds {
		if r.Seconds[i] > 0 && c.holds(r.Seconds[i]*scaleBy, r.Cost[i]) {
			pts = append(pts, c.to(r.Seconds[i]*scaleBy, r.Cost[i]))
			at = pts[len(pts)-1].y
		}
	}
	if len(pts) > 1 {
		c.line(s.stroke, pts...)
	}
	k := 0
	for i := range r.Seconds {
		if !(r.Seconds[i] > 0 && c.holds(r.Seconds[i]*scaleBy, r.Cost[i])) {
			continue
		}
		if r.Saturate[i] {
			c.mark(ring, s.ink, pts[k], 4.5)
		} else {
			c.mark(s.mark, s.ink, pts[k], 4.5)
		}
		k++
	}
	return tag{text: r.Name, at: math.Min(at, c.box.y1), style: s}
}
