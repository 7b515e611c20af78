package plot

import (
	"image/png"
	"io"
	"math"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// page is a white sheet. Positions on it are points from its top left corner.
type page struct {
	canvas *vgimg.Canvas
	height float64
	fonts  *font.Cache
}

// point is a position in points from the top left.
type point struct{ x, y float64 }

// rect spans x0 to x1 and y0 (top) to y1 (bottom).
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) width() float64 { return r.x1 - r.x0 }

// anchor is the part of a text that its position names.
type anchor int

const (
	left anchor = iota
	center
	right
)

// lettering is how text looks. The zero ink is the text colour.
type lettering struct {
	size   float64
	bold   bool
	ink    ink
	anchor anchor
}

func newPage(height float64) *page {
	return &page{
		canvas: vgimg.NewWith(
			vgimg.UseWH(vg.Length(pageWidth), vg.Length(height)),
			vgimg.UseDPI(dpi),
			vgimg.UseBackgroundColor(paper),
		),
		height: height,
		fonts:  font.NewCache(liberation.Collection()),
	}
}

// writePNG encodes the page.
func (p *page) writePNG(w io.Writer) error {
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	return enc.Encode(w, p.canvas.Image())
}

// at turns a position on the page into one on the canvas, whose y grows upwards.
func (p *page) at(q point) vg.Point {
	return vg.Point{X: vg.Length(q.x), Y: vg.Length(p.height - q.y)}
}

func (p *page) path(pts []point, closed bool) vg.Path {
	path := make(vg.Path, 0, len(pts)+1)
	for i, q := range pts {
		if i == 0 {
			path.Move(p.at(q))
			continue
		}
		path.Line(p.at(q))
	}
	if closed {
		path.Close()
	}
	return path
}

// line strokes a polyline.
func (p *page) line(s stroke, pts ...point) {
	if len(pts) < 2 {
		return
	}
	p.setStroke(s)
	p.canvas.Stroke(p.path(pts, false))
}

func (p *page) setStroke(s stroke) {
	pattern := s.dash.pattern()
	lengths := make([]vg.Length, len(pattern))
	for i, d := range pattern {
		lengths[i] = vg.Length(d)
	}
	p.canvas.SetColor(s.ink)
	p.canvas.SetLineWidth(vg.Length(s.width))
	p.canvas.SetLineDash(lengths, 0)
}

// fill paints a polygon.
func (p *page) fill(i ink, pts ...point) {
	if len(pts) < 3 {
		return
	}
	p.canvas.SetColor(i)
	p.canvas.Fill(p.path(pts, true))
}

// fillRect paints a rectangle.
func (p *page) fillRect(i ink, r rect) {
	p.fill(i, point{r.x0, r.y0}, point{r.x1, r.y0}, point{r.x1, r.y1}, point{r.x0, r.y1})
}

func (p *page) face(l lettering) font.Face {
	f := font.Font{Typeface: "Liberation", Variant: "Sans"}
	if l.bold {
		f.Weight = stdfont.WeightBold
	}
	return p.fonts.Lookup(f, vg.Length(l.size))
}

// textWidth is the width of s in points.
func (p *page) textWidth(l lettering, s string) float64 {
	face := p.face(l)
	return float64(face.Width(s))
}

// text writes s with its baseline through at.
func (p *page) text(l lettering, at point, s string) {
	if s == "" {
		return
	}
	switch l.anchor {
	case left:
	case center:
		at.x -= p.textWidth(l, s) / 2
	case right:
		at.x -= p.textWidth(l, s)
	}
	colour := l.ink
	if colour == 0 {
		colour = text
	}
	p.canvas.SetColor(colour)
	p.canvas.FillString(p.face(l), p.at(at), s)
}

// middle is how far below the middle of a line of text its baseline lies.
func middle(size float64) float64 { return size * 0.35 }

// wrap breaks s into at most n lines of the given width; what does not fit ends
// in an ellipsis.
func (p *page) wrap(l lettering, s string, width float64, n int) []string {
	var lines []string
	current := ""
	words := strings.Fields(s)
	for i, w := range words {
		next := strings.TrimSpace(current + " " + w)
		if current == "" || p.textWidth(l, next) <= width {
			current = next
			continue
		}
		if len(lines) == n-1 {
			return append(lines, p.cut(l, strings.Join(append([]string{current}, words[i:]...), " "), width))
		}
		lines = append(lines, current)
		current = w
	}
	if current != "" {
		lines = append(lines, p.cut(l, current, width))
	}
	return lines
}

// cut shortens s with an ellipsis until it fits the width.
func (p *page) cut(l lettering, s string, width float64) string {
	if p.textWidth(l, s) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && p.textWidth(l, string(r)+"…") > width {
		r = r[:len(r)-1]
	}
	return strings.TrimRight(string(r), " ,;") + "…"
}

// mark draws a marker of the given radius. Open shapes are filled with white, so
// that a line does not run through them.
func (p *page) mark(s shape, i ink, at point, r float64) {
	switch s {
	case noMark:
	case disc:
		p.circle(i, at, r)
	case ring:
		p.circle(i, at, r)
		p.circle(paper, at, r-1.3)
	case square:
		p.fillRect(i, rect{at.x - r*0.85, at.y - r*0.85, at.x + r*0.85, at.y + r*0.85})
	case triangle:
		p.fill(i, point{at.x, at.y - r*1.15}, point{at.x + r, at.y + r*0.75}, point{at.x - r, at.y + r*0.75})
	case diamond:
		p.fill(i, point{at.x, at.y - r*1.2}, point{at.x + r*1.2, at.y}, point{at.x, at.y + r*1.2}, point{at.x - r*1.2, at.y})
	case cross:
		s := stroke{ink: i, width: 1.3}
		p.line(s, point{at.x - r*0.8, at.y - r*0.8}, point{at.x + r*0.8, at.y + r*0.8})
		p.line(s, point{at.x - r*0.8, at.y + r*0.8}, point{at.x + r*0.8, at.y - r*0.8})
	}
}

func (p *page) circle(i ink, at point, r float64) {
	c := p.at(at)
	path := make(vg.Path, 0, 3)
	path.Move(vg.Point{X: c.X + vg.Length(r), Y: c.Y})
	path.Arc(c, vg.Length(r), 0, 2*math.Pi)
	path.Close()
	p.canvas.SetColor(i)
	p.canvas.Fill(path)
}
