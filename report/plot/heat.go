package plot

import (
	"io"
	"math"
)

// Heat is a table of coloured cells: rows are kinds of instance, columns levels
// of traffic. Every cell says its number in words too, so that the colour only
// repeats it.
type Heat struct {
	Title   string
	Columns string // what the columns are
	Heads   []string
	Rows    []HeatRow
	Legend  string // below the cells; "" for what frames and colours mean in a comparison
}

// HeatRow is one row.
type HeatRow struct {
	Name  string
	Cells []HeatCell
}

// HeatCell is one cell. Value orders the colours, light is little; NaN is a cell
// without a number, hatched.
type HeatCell struct {
	Value float64
	Lines []string // one or two short lines
	Best  bool     // framed
}

// Sizes of a heat map, in points.
const (
	heatLeft = 168.0
	heatCell = 46.0
)

// WritePNG draws the figure.
func (f Heat) WritePNG(w io.Writer) error {
	top := 8 + titleRow + 22
	p := newPage(top + heatCell*float64(len(f.Rows)) + 30)
	p.text(lettering{size: titleSize, bold: true}, point{8, 8 + 14}, f.Title)
	width := (pageWidth - heatLeft - 8) / float64(max(len(f.Heads), 1))
	head := lettering{size: tickSize, ink: faint, anchor: center}
	for i, h := range f.Heads {
		p.text(head, point{heatLeft + (float64(i)+.5)*width, top - 8}, p.cut(head, h, width-4))
	}
	p.text(lettering{size: tickSize, ink: faint}, point{8, top - 8}, f.Columns)
	least, most := f.span()
	for r, row := range f.Rows {
		y := top + float64(r)*heatCell
		name := lettering{size: labelSize}
		for k, line := range p.wrap(name, row.Name, heatLeft-16, 2) {
			p.text(name, point{8, y + 20 + float64(k)*15}, line)
		}
		for i, c := range row.Cells {
			box := rect{heatLeft + float64(i)*width + 1, y + 1, heatLeft + float64(i+1)*width - 1, y + heatCell - 1}
			p.heatCell(box, c, shareOf(c.Value, least, most))
		}
	}
	legend := f.Legend
	if legend == "" {
		legend = "framed: the best choice for that traffic; darker: more"
	}
	p.text(lettering{size: tickSize, ink: faint}, point{heatLeft, top + heatCell*float64(len(f.Rows)) + 18}, legend)
	return p.writePNG(w)
}

func (f Heat) span() (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, row := range f.Rows {
		for _, c := range row.Cells {
			if finite(c.Value) && c.Value > 0 {
				least, most = math.Min(least, math.Log(c.Value)), math.Max(most, math.Log(c.Value))
			}
		}
	}
	return least, most
}

// shareOf is where a value lies between the least and the most, by its
// logarithm; NaN where there is none.
func shareOf(v, least, most float64) float64 {
	switch {
	case !finite(v) || v <= 0:
		return math.NaN()
	case most <= least:
		return 0
	}
	return (math.Log(v) - least) / (most - least)
}

// heatCell draws one cell: light to half dark, so that black letters stay
// readable on all of them.
func (p *page) heatCell(box rect, c HeatCell, share float64) {
	letter := lettering{size: tickSize, anchor: center}
	if math.IsNaN(share) {
		p.fillRect(shade, box)
		for x := box.x0 + 6; x < box.x1; x += 9 {
			p.line(stroke{ink: hairline, width: 1}, point{x, box.y1}, point{math.Min(x+9, box.x1), box.y0})
		}
		letter.ink = faint
	} else {
		p.fillRect(orange.alpha(uint8(24+170*share)), box)
	}
	if c.Best {
		b := stroke{ink: text, width: 2.2}
		p.line(b, point{box.x0, box.y0}, point{box.x1, box.y0}, point{box.x1, box.y1}, point{box.x0, box.y1}, point{box.x0, box.y0})
		letter.bold = true
	}
	for k, line := range c.Lines[:min(len(c.Lines), 2)] {
		y := (box.y0+box.y1)/2 + middle(tickSize) + (float64(k)-float64(min(len(c.Lines), 2)-1)/2)*16
		p.text(letter, point{(box.x0 + box.x1) / 2, y}, p.cut(letter, line, box.width()-6))
	}
}
