package plot

import (
	"io"
	"math"
	"slices"
)

// Capacity is the figure of how busy the limiting resource was against the rate
// served, minute by minute, for one instance.
type Capacity struct {
	Title  string // of the y axis: "Busy GPUs of one instance"
	Points []Work
	Limit  float64 // vCPUs or GPUs of one instance; NaN when it is not known
	Fit    *Fit    // nil draws no line
	Answer *Answer // nil draws none
	Note   string  // a sentence above the figure: why there is no answer

	LimitName string // "limit: 1 GPU"
}

// Work is one minute: requests/s served by an instance, and busy units.
type Work struct {
	Rate, Busy float64
	Kind       WorkKind
}

// WorkKind says what part a minute has in the answer.
type WorkKind int

// Minutes in the fit, minutes left out of it, and minutes of the plateau.
const (
	Fitted WorkKind = iota
	LeftOut
	Plateau
)

// Fit is a line through the minutes of a fit, with the interval of its slope.
type Fit struct {
	Intercept, Slope float64 // busy units; busy units per request/s
	SlopeLo, SlopeHi float64
	MaxRate          float64 // highest rate that entered the fit
	Extend           bool    // draw the line on to the limit, dashed
}

// Answer is the capacity in requests/s of one instance. Lo and Hi are NaN where
// there is no interval.
type Answer struct {
	Value, Lo, Hi float64
	Label         string
	AtLeast       bool // a lower bound: an arrow shows where the truth may lie
}

// WritePNG draws the figure.
func (f Capacity) WritePNG(w io.Writer) error {
	maxX, ticksX := fromZero(f.right()*1.04, 8)
	x := quantity{"requests per second, served by one instance", axis{max: maxX, ticks: ticksX}}
	var heading []string
	if f.Note != "" {
		heading = newPage(1).wrap(lettering{size: labelSize}, f.Note, pageWidth-marginLeft-20, 3)
	}
	c := newChart(x, f.yAxis(), f.Title, heading, f.Answer != nil, 290)
	if f.Answer != nil {
		f.Answer.draw(c)
	}
	var points []tag
	if f.dense() {
		points = f.drawPoints(c)
	}
	fit := f.drawFit(c)
	limit := c.limits(f.limits(), 1)
	if !f.dense() {
		points = f.drawPoints(c)
	}
	c.tags(limit)
	c.legend(len(limit), append(points, fit...))
	return c.writePNG(w)
}

func (f Capacity) limits() []Limit {
	if !finite(f.Limit) || f.Limit <= 0 {
		return nil
	}
	return []Limit{{Name: f.LimitName, Y: f.Limit}}
}

// yAxis reaches a little above the limit and every point.
func (f Capacity) yAxis() axis {
	top := 0.0
	for _, q := range f.Points {
		if finite(q.Busy) {
			top = math.Max(top, q.Busy)
		}
	}
	if finite(f.Limit) {
		top = math.Max(top, f.Limit)
	}
	return linearAxis(top, 5)
}

// right is the greatest rate that must fit on the x axis.
func (f Capacity) right() float64 {
	right := 0.0
	grow := func(v float64) {
		if finite(v) {
			right = math.Max(right, v)
		}
	}
	for _, q := range f.Points {
		grow(q.Rate)
	}
	if f.Answer != nil {
		grow(f.Answer.Value)
		grow(f.Answer.Hi)
	}
	return right
}

// pivot is the middle of the fitted points, where the interval of the slope
// leaves the line least room.
func (f Capacity) pivot() float64 {
	total, n := 0.0, 0.0
	for _, q := range f.Points {
		if q.Kind == Fitted && finite(q.Rate) && finite(q.Busy) {
			total, n = total+q.Rate, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return total / n
}

// drawFit draws the band of the slope's interval and the line: solid where it was
// measured, dashed beyond.
func (f Capacity) drawFit(c *chart) []tag {
	if f.Fit == nil {
		return nil
	}
	fit, end := *f.Fit, f.Fit.MaxRate
	if fit.Extend {
		end = c.x.max
	}
	mid := f.pivot()
	f.drawBand(c, mid, end)
	at := func(x float64) float64 { return fit.Intercept + fit.Slope*x }
	measured := stroke{ink: navy, width: 2}
	tags := []tag{{text: "fit, as measured", style: style{stroke: measured}}}
	a, b := c.clipped(point{0, at(0)}, point{fit.MaxRate, at(fit.MaxRate)})
	c.line(measured, c.to(a.x, a.y), c.to(b.x, b.y))
	if fit.Extend && fit.MaxRate < end {
		beyond := stroke{ink: navy, width: 1.6, dash: dashed}
		a, b = c.clipped(point{fit.MaxRate, at(fit.MaxRate)}, point{end, at(end)})
		c.line(beyond, c.to(a.x, a.y), c.to(b.x, b.y))
		tags = append(tags, tag{text: "fit, extended", style: style{stroke: beyond}})
	}
	if finite(fit.SlopeLo) && finite(fit.SlopeHi) {
		tags = append(tags, tag{text: "its 95 % interval", style: style{stroke: stroke{ink: sky.alpha(0x70)}}, bar: true})
	}
	return tags
}

// drawBand fills what the slope's interval allows, as a fan around the middle of
// the data.
func (f Capacity) drawBand(c *chart, mid, end float64) {
	fit := *f.Fit
	if !finite(fit.SlopeLo) || !finite(fit.SlopeHi) {
		return
	}
	base := fit.Intercept + fit.Slope*mid
	for _, side := range []float64{0, end} {
		var outline []point
		for _, slope := range []float64{fit.SlopeLo, fit.SlopeHi} {
			_, to := c.clipped(point{mid, base}, point{side, math.Max(0, base+slope*(side-mid))})
			outline = append(outline, c.to(to.x, to.y))
		}
		top := c.to(end, c.y.max)
		if side == end && outline[0].y == outline[1].y {
			top = outline[0]
		}
		corner := []point{c.to(mid, base), outline[0]}
		if outline[0].y > top.y && outline[1].y <= top.y {
			corner = append(corner, top)
		}
		c.fill(sky.alpha(0x70), append(corner, outline[1])...)
	}
}

// drawPoints draws the minutes and returns the tags of the kinds present.
func (f Capacity) drawPoints(c *chart) []tag {
	kinds := []struct {
		kind WorkKind
		name string
		mark shape
		ink  ink
	}{
		{LeftOut, "minute left out", cross, faint},
		{Fitted, "minute in the fit", ring, navy},
		{Plateau, "plateau minute", triangle, vermilion},
	}
	switch {
	case f.Fit == nil:
		kinds[1].name = "minute used"
	case !f.has(Fitted):
		kinds[0].name = "minute"
	}
	var tags []tag
	for _, k := range kinds {
		mark, colour, radius := k.mark, k.ink, 4.0
		if f.dense() {
			mark, colour, radius = disc, k.ink.alpha(0x40), 1.8
		}
		n := 0
		for _, q := range f.Points {
			if q.Kind == k.kind && c.holds(q.Rate, q.Busy) {
				c.mark(mark, colour, c.to(q.Rate, q.Busy), radius)
				n++
			}
		}
		if n > 0 {
			tags = append(tags, tag{text: k.name, style: style{stroke{ink: k.ink}, mark}})
		}
	}
	return tags
}

// has reports whether there is a minute of the kind.
func (f Capacity) has(kind WorkKind) bool {
	return slices.ContainsFunc(f.Points, func(q Work) bool { return q.Kind == kind })
}

// dense reports whether there are too many points for markers with shapes: they
// become small translucent dots beneath the line.
func (f Capacity) dense() bool { return len(f.Points) > 800 }

// legend lists tags from the top of the panel down, below the limit's own tag.
func (c *chart) legend(above int, tags []tag) {
	for i := range tags {
		tags[i].at, tags[i].free = c.box.y0+42+float64(above+i)*tagHeight*1.35, true
	}
	c.tags(tags)
}

// draw marks the answer in the strip above the panel: a diamond, its interval as
// a bar, a line down to the x axis.
func (a Answer) draw(c *chart) {
	y := c.box.y0 - titleRow - 12
	x := c.x.at(a.Value)
	drop := stroke{ink: green, width: 1.4, dash: dotted}
	lo, hi := x, x
	if finite(a.Lo) && finite(a.Hi) {
		lo, hi = c.x.at(a.Lo), c.x.at(a.Hi)
		c.fillRect(green.alpha(0x2c), rect{lo, c.box.y0, hi, c.box.y1})
	}
	c.line(drop, point{x, y}, point{x, c.box.y1})
	bar := stroke{ink: green, width: 2.2}
	c.line(bar, point{lo, y}, point{hi, y})
	if hi-lo > 14 {
		c.line(bar, point{lo, y - 5}, point{lo, y + 5})
		c.line(bar, point{hi, y - 5}, point{hi, y + 5})
	}
	if a.AtLeast {
		hi = x + 34
		c.line(bar, point{x, y}, point{hi, y})
		c.fill(green, point{hi + 8, y}, point{hi, y - 5}, point{hi, y + 5})
		hi += 8
	}
	c.mark(diamond, green, point{x, y}, 5)
	letter := lettering{size: labelSize, bold: true}
	if lo-9-c.textWidth(letter, a.Label) > c.box.x0 {
		letter.anchor = right
		c.text(letter, point{lo - 9, y + middle(labelSize)}, a.Label)
		return
	}
	c.text(letter, point{hi + 9, y + middle(labelSize)}, a.Label)
}
