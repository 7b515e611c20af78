package plot

import (
	"fmt"
	"io"
	"math"
)

// Sizing is the figure of how many instances which traffic needs.
type Sizing struct {
	PerInstance float64 // requests/s that one instance may be given, reserve taken off
	Ceiling     float64 // requests/s that one instance holds without reserve
	Growth      float64 // 0.2 is 20 %
	Current     float64 // instances now; NaN when it is not known
	Recommended float64 // instances; NaN when there is no recommendation
	Peak        float64 // requests/s of the fleet; NaN when it was not given
}

// maxFleet bounds the staircase that is drawn, so that a tiny rate per instance
// cannot ask for millions of steps.
const maxFleet = 2000

// need is the least number of instances for a peak, at a rate per instance.
func (f Sizing) need(peak, each float64) float64 {
	return math.Max(1, math.Ceil(peak*(1+f.Growth)/each-1e-9))
}

// right is the traffic at the right end: well beyond the peak and beyond what
// the current fleet takes.
func (f Sizing) right() float64 {
	each := f.PerInstance / (1 + f.Growth)
	right := 4 * each
	if finite(f.Current) {
		right = math.Max(right, (f.Current+1.5)*each)
	}
	if finite(f.Peak) {
		right = math.Max(right, f.Peak*1.5)
	}
	return math.Min(right, maxFleet*each)
}

// WritePNG draws the figure.
func (f Sizing) WritePNG(w io.Writer) error {
	maxX, ticksX := fromZero(f.right(), 8)
	title := "peak traffic, requests per second, whole fleet"
	if f.Growth > 0 {
		title += fmt.Sprintf(" (before %s growth)", percent(f.Growth))
	}
	top := f.need(maxX, f.PerInstance)
	if finite(f.Current) {
		top = math.Max(top, f.Current)
	}
	maxY, ticksY := wholeFromZero(top, 7)
	y := axis{max: math.Max(maxY, top*1.06), ticks: ticksY}
	c := newChart(quantity{title, axis{max: maxX, ticks: ticksX}}, y, "Instances needed", nil, true, 270)
	needed := stroke{ink: navy, width: 2.2}
	least := stroke{ink: sky, width: 1.8, dash: dashed}
	tags := f.drawNow(c)
	c.staircase(least, func(x float64) float64 { return f.need(x, f.Ceiling) }, f.Ceiling/(1+f.Growth))
	c.staircase(needed, func(x float64) float64 { return f.need(x, f.PerInstance) }, f.PerInstance/(1+f.Growth))
	tags = append(tags,
		tag{text: "with reserve", at: c.y.at(f.need(maxX, f.PerInstance)), style: style{stroke: needed}},
		tag{text: "without reserve", at: c.y.at(f.need(maxX, f.Ceiling)), style: style{stroke: least}})
	f.drawPeak(c)
	c.tags(tags)
	return c.writePNG(w)
}

// staircase draws a rising count whose steps are each wide.
func (c *chart) staircase(s stroke, need func(float64) float64, each float64) {
	pts := []point{c.to(0, need(0))}
	for k := 1.0; k*each < c.x.max && k < 2*maxFleet; k++ {
		pts = append(pts, c.to(k*each, k), c.to(k*each, k+1))
	}
	last := pts[len(pts)-1]
	c.line(s, append(pts, point{c.box.x1, last.y})...)
}

func (f Sizing) drawNow(c *chart) []tag {
	if !finite(f.Current) {
		return nil
	}
	now := stroke{ink: purple, width: 1.6, dash: dashDot}
	c.level(now, f.Current)
	return []tag{{text: "now: " + number(math.Round(f.Current*10)/10), at: c.y.at(f.Current), style: style{stroke: now}}}
}

// drawPeak marks the asked traffic in the strip above and the recommendation on
// the staircase.
func (f Sizing) drawPeak(c *chart) {
	if !finite(f.Peak) || !c.x.holds(f.Peak) {
		return
	}
	y := c.box.y0 - titleRow - 12
	x := c.x.at(f.Peak)
	c.line(stroke{ink: green, width: 1.4, dash: dotted}, point{x, y}, point{x, c.box.y1})
	label := "peak " + number(f.Peak) + "/s"
	if finite(f.Recommended) {
		label += fmt.Sprintf(": %s instances", number(f.Recommended))
		if c.y.holds(f.Recommended) {
			c.mark(diamond, green, c.to(f.Peak, f.Recommended), 6)
		}
	}
	c.mark(diamond, green, point{x, y}, 5)
	letter := lettering{size: labelSize, bold: true}
	if x+10+c.textWidth(letter, label) > pageWidth-8 {
		letter.anchor = right
		c.text(letter, point{x - 10, y + middle(labelSize)}, label)
		return
	}
	c.text(letter, point{x + 10, y + middle(labelSize)}, label)
}
