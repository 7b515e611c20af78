package plot

import (
	"io"
	"math"
)

// Shape is the figure of the rate that an instance served against the requests
// that it had in progress, with the curve and the bracket that describe it. None
// of it is a capacity.
type Shape struct {
	Points []StepLoad
	Law    func(n float64) float64 // rate at a concurrency; nil draws no curve
	Turn   Bracket                 // rates between which latency turns up; zero draws none
}

// StepLoad is one load step of one instance.
type StepLoad struct{ Concurrency, Rate float64 }

// Bracket is a range of rates with a name.
type Bracket struct {
	From, To float64
	Label    string
}

// WritePNG draws the figure.
func (f Shape) WritePNG(w io.Writer) error {
	lo, hi, top := math.Inf(1), 0.0, f.Turn.To
	for _, q := range f.Points {
		if q.Concurrency > 0 && finite(q.Concurrency) && finite(q.Rate) {
			lo, hi, top = math.Min(lo, q.Concurrency), math.Max(hi, q.Concurrency), math.Max(top, q.Rate)
		}
	}
	if !(hi > 0) {
		lo, hi = 1, 10
	}
	law := f.law(lo, hi)
	for _, q := range law {
		top = math.Max(top, q.Rate)
	}
	left, right := logRange(lo, hi)
	x := quantity{"requests in progress at once in one instance, by Little's law (logarithmic)", axis{min: left, max: right, log: true, ticks: logTicks(left, right, 9)}}
	c := newChart(x, linearAxis(top, 5), "Requests per second, served by one instance", nil, false, 220)
	tags := f.drawTurn(c)
	tags = append(tags, drawLaw(c, law)...)
	for _, q := range f.Points {
		if c.holds(q.Concurrency, q.Rate) {
			c.mark(ring, navy, c.to(q.Concurrency, q.Rate), 4)
		}
	}
	c.legend(0, append(tags, tag{text: "load step", style: style{stroke{ink: navy}, ring}}))
	return c.writePNG(w)
}

// drawTurn shades the bracket.
func (f Shape) drawTurn(c *chart) []tag {
	if !(f.Turn.To > f.Turn.From) || !c.y.holds(f.Turn.From) {
		return nil
	}
	band, edge := sky.alpha(0x50), stroke{ink: faint, width: 1, dash: dotted}
	c.fillRect(band, rect{c.box.x0, c.y.at(math.Min(f.Turn.To, c.y.max)), c.box.x1, c.y.at(f.Turn.From)})
	c.level(edge, f.Turn.From)
	c.level(edge, math.Min(f.Turn.To, c.y.max))
	return []tag{{text: f.Turn.Label, style: style{stroke: stroke{ink: band}}, bar: true}}
}

// law is the curve over the concurrencies that were seen.
func (f Shape) law(lo, hi float64) []StepLoad {
	if f.Law == nil {
		return nil
	}
	const pieces = 120
	var out []StepLoad
	for i := range pieces + 1 {
		n := lo * math.Pow(hi/lo, float64(i)/pieces)
		if y := f.Law(n); finite(y) && y >= 0 {
			out = append(out, StepLoad{n, y})
		}
	}
	return out
}

func drawLaw(c *chart, law []StepLoad) []tag {
	if len(law) < 2 {
		return nil
	}
	thin := stroke{ink: vermilion, width: 1.2, dash: dashed}
	pts := make([]point, len(law))
	for i, q := range law {
		pts[i] = c.to(q.Concurrency, q.Rate)
	}
	c.line(thin, pts...)
	return []tag{{text: "USL fit", style: style{stroke: thin}}}
}
