package plot

import (
	"io"
	"math"
)

// Series is the figure of any named lines over time with their limits.
type Series struct {
	Frame
	Title  string // of the panel, with the unit
	Ratio  bool   // values are from 0 to 1 and shown as percentages
	Lines  []Line // at most six; every one on the frame's times
	Heavy  string // name of the line that the sentence below is about
	Limits []Limit
}

// WritePNG draws the figure.
func (f Series) WritePNG(w io.Writer) error {
	l := newLayout(f.Frame, 250)
	top := 0.0
	for _, line := range f.Lines {
		if _, y, ok := extent(line.Y); ok {
			top = math.Max(top, y)
		}
	}
	a := shareAxis(top, len(f.Limits) > 0)
	if !f.Ratio {
		for _, limit := range f.Limits {
			if limit.Y <= 3*top || top == 0 {
				top = math.Max(top, limit.Y)
			}
		}
		a = linearAxis(top, 5)
	}
	p := l.panel(0, f.Title, a)
	tags := p.limits(f.Limits, 1)
	for i, line := range f.Lines {
		if !present(line.Y) {
			continue
		}
		s := seriesStyle(i)
		if line.Name == f.Heavy {
			s.width = 2.8
		}
		p.series(l, line.Y, s)
		tags = append(tags, tag{text: line.Name, at: p.lastOf(line.Y), style: s, bold: line.Name == f.Heavy})
	}
	p.tags(tags)
	return l.writePNG(w)
}

// seriesStyle tells up to six lines apart by ink, dash and marker, so that they
// differ in grey too.
func seriesStyle(i int) style {
	styles := []style{
		{stroke{ink: navy, width: 1.9}, disc},
		{stroke{ink: vermilion, width: 1.9}, square},
		{stroke{ink: green, width: 1.9, dash: dashDot}, diamond},
		{stroke{ink: orange, width: 1.9, dash: dashed}, triangle},
		{stroke{ink: purple, width: 1.9, dash: dotted}, cross},
		{stroke{ink: sky, width: 1.9}, ring},
	}
	return styles[i%len(styles)]
}
