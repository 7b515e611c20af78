package plot

import (
	"io"
	"math"
	"strconv"
)

// Breakdown is the figure of where the time of a request goes, step by step:
// mean model time and mean overhead stacked, the p99 of the model as a mark, and
// the overhead again on a scale of its own. All values are seconds.
type Breakdown struct {
	Steps  []StepTime
	Levels bool // the steps are levels of load, named by their rates alone
	Limits []Limit
}

// StepTime is one load step of the breakdown.
type StepTime struct {
	Number               int
	Rate                 string  // offered requests/s per instance, "" unknown
	Model, Overhead, P99 float64 // seconds
}

// band is where the i-th of n equal columns lies.
func (c *chart) band(i, n int) (x0, x1 float64) {
	width := c.box.width() / float64(n)
	gap := width * 0.22
	x0 = c.box.x0 + float64(i)*width
	return x0 + gap/2, x0 + width - gap/2
}

// WritePNG draws the figure.
func (f Breakdown) WritePNG(w io.Writer) error {
	model, overhead, p99 := f.columns()
	scaleBy, unit := timeUnit(model, overhead, p99)
	_, top, _ := extent(p99, added(model, overhead))
	for _, limit := range f.Limits {
		if limit.Y <= 1.5*top {
			top = math.Max(top, limit.Y)
		}
	}
	_, topOverhead, hasOverhead := extent(overhead)
	height := 250.0
	box := rect{marginLeft, 8 + titleRow, pageWidth - marginRight, 8 + titleRow + height}
	small := rect{box.x0, box.y1 + 12 + titleRow, box.x1, box.y1 + 12 + titleRow + 70}
	bottom := small
	if !hasOverhead {
		bottom = box
	}
	p := newPage(bottom.y1 + timeAxisRows + 20)
	main := &chart{panel: newPanel(p, box, "Mean time of one request, "+unit, linearAxis(top*scaleBy, 6))}
	f.drawStacks(main, scaleBy)
	if hasOverhead {
		c := &chart{panel: newPanel(p, small, "Overhead alone, "+unit, linearAxis(topOverhead*scaleBy, 3))}
		f.drawOverhead(c, scaleBy)
	}
	f.stepAxis(&chart{panel: &panel{page: p, box: bottom}})
	return p.writePNG(w)
}

func (f Breakdown) columns() (model, overhead, p99 []float64) {
	for _, s := range f.Steps {
		model, overhead, p99 = append(model, s.Model), append(overhead, s.Overhead), append(p99, s.P99)
	}
	return model, overhead, p99
}

// added sums two series; a missing part counts as nothing, since the other one
// still has a height.
func added(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i]
		if finite(b[i]) {
			out[i] += b[i]
		}
	}
	return out
}

func (f Breakdown) drawStacks(c *chart, scaleBy float64) {
	mark := style{stroke{ink: text}, diamond}
	for i, s := range f.Steps {
		x0, x1 := c.band(i, len(f.Steps))
		if !finite(s.Model) {
			continue
		}
		top := c.y.at(s.Model * scaleBy)
		c.fillRect(blue, rect{x0, top, x1, c.box.y1})
		if finite(s.Overhead) {
			c.fillRect(amber, rect{x0, c.y.at((s.Model + s.Overhead) * scaleBy), x1, top})
		}
	}
	for i, s := range f.Steps {
		x0, x1 := c.band(i, len(f.Steps))
		if finite(s.P99) {
			c.mark(mark.mark, mark.ink, point{(x0 + x1) / 2, c.y.at(s.P99 * scaleBy)}, math.Min(4.5, (x1-x0)/2))
		}
	}
	c.tags(append(c.limits(f.Limits, scaleBy),
		tag{text: "p99 of model time", at: c.box.y0 + 10, style: mark, free: true},
		tag{text: "overhead, mean", at: c.box.y0 + 32, style: style{stroke: stroke{ink: amber}}, bar: true},
		tag{text: "model, mean", at: c.box.y0 + 54, style: style{stroke: stroke{ink: blue}}, bar: true}))
}

func (f Breakdown) drawOverhead(c *chart, scaleBy float64) {
	for i, s := range f.Steps {
		x0, x1 := c.band(i, len(f.Steps))
		if finite(s.Overhead) {
			c.fillRect(amber, rect{x0, c.y.at(s.Overhead * scaleBy), x1, c.box.y1})
		}
	}
}

// stepAxis numbers as many steps as have room, with the rate below.
func (f Breakdown) stepAxis(c *chart) {
	digits := lettering{size: tickSize, anchor: center}
	width := c.box.width() / float64(len(f.Steps))
	every := 1
	for _, every = range []int{1, 2, 5, 10, 20, 50, 100} {
		if width*float64(every) >= 34 {
			break
		}
	}
	for i, s := range f.Steps {
		if every > 1 && s.Number%every != 0 {
			continue
		}
		x0, x1 := c.band(i, len(f.Steps))
		at := point{(x0 + x1) / 2, c.box.y1 + 17}
		if f.Levels {
			c.text(digits, at, s.Rate)
			continue
		}
		c.text(digits, at, strconv.Itoa(s.Number))
		c.text(lettering{size: tickSize, ink: faint, anchor: center}, point{at.x, at.y + 16}, s.Rate)
	}
	side := lettering{size: tickSize, anchor: right}
	if f.Levels {
		side.ink, side.anchor = faint, center
		c.text(side, point{(c.box.x0 + c.box.x1) / 2, c.box.y1 + 40}, "load steps put together by the requests per second offered to one instance")
		return
	}
	c.text(side, point{c.box.x0 - 8, c.box.y1 + 17}, "step")
	side.ink = faint
	c.text(side, point{c.box.x0 - 8, c.box.y1 + 33}, "offered")
	side.anchor = center
	c.text(side, point{(c.box.x0 + c.box.x1) / 2, c.box.y1 + 53}, "load step, with the requests per second offered to one instance")
}
