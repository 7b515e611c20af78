package plot

// chart is a page with one panel whose x axis is a quantity rather than time,
// and an optional heading and a strip above it.
type chart struct {
	*panel
	x scale
}

// quantity is a labelled x axis.
type quantity struct {
	title string
	axis  axis
}

// newChart makes a page with room for the given heading lines and a strip above
// a panel of the given height.
func newChart(x quantity, y axis, title string, heading []string, strip bool, height float64) *chart {
	top := 8 + float64(len(heading))*18
	if len(heading) > 0 {
		top += 6
	}
	if strip {
		top += 26
	}
	top += titleRow
	box := rect{marginLeft, top, pageWidth - marginRight, top + height}
	p := newPage(box.y1 + timeAxisRows + 6)
	for i, line := range heading {
		p.text(lettering{size: labelSize}, point{marginLeft, 8 + float64(i)*18 + 13}, line)
	}
	c := &chart{
		panel: newPanel(p, box, title, y),
		x:     scale{min: x.axis.min, max: x.axis.max, lo: box.x0, hi: box.x1, log: x.axis.log},
	}
	c.xAxis(x)
	return c
}

func (c *chart) xAxis(x quantity) {
	letter := lettering{size: tickSize, anchor: center}
	for _, v := range x.axis.ticks {
		at := c.x.at(v)
		c.line(stroke{ink: hairline, width: 0.8}, point{at, c.box.y0}, point{at, c.box.y1})
		c.line(stroke{ink: axisInk, width: 1}, point{at, c.box.y1}, point{at, c.box.y1 + 4})
		c.text(letter, point{at, c.box.y1 + 18}, tickNumber(v))
	}
	c.text(lettering{size: tickSize, ink: faint, anchor: center}, point{(c.box.x0 + c.box.x1) / 2, c.box.y1 + 36}, x.title)
}

// to is the position of (x, y).
func (c *chart) to(x, y float64) point { return point{c.x.at(x), c.y.at(y)} }

// holds reports whether (x, y) lies on both axes.
func (c *chart) holds(x, y float64) bool { return c.x.holds(x) && c.y.holds(y) }

// clipped is the piece of the line from a to b, in values, below the top of the
// y axis. The line must ascend.
func (c *chart) clipped(a, b point) (point, point) {
	if b.y > c.y.max {
		b.x = a.x + (b.x-a.x)*(c.y.max-a.y)/(b.y-a.y)
		b.y = c.y.max
	}
	return a, b
}
