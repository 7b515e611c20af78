package plot

import (
	"io"
	"math"
)

// Utilization is the figure of how full each resource was. Ratios are from 0 to
// 1, where 1 is the limit of one instance.
type Utilization struct {
	Frame
	Resources []Resource
	Limits    []Limit
}

// Resource is one line of the utilization figure.
type Resource struct {
	Name  string
	Kind  Kind
	Y     []float64
	Heavy bool // the bottleneck: drawn thicker, named in bold
	Thin  bool // context, for example the busiest instance
}

// Kind fixes the colour, dash and marker of a resource in all figures.
type Kind int

// The resources that CloudWatch publishes for an endpoint's instances.
const (
	CPU Kind = iota
	GPU
	GPUMemory
	Memory
	Disk
)

func (k Kind) style() style {
	switch k {
	case GPU:
		return style{stroke{ink: vermilion, width: 1.9}, square}
	case GPUMemory:
		return style{stroke{ink: orange, width: 1.9, dash: dashed}, triangle}
	case Memory:
		return style{stroke{ink: green, width: 1.9, dash: dashDot}, diamond}
	case Disk:
		return style{stroke{ink: purple, width: 1.9, dash: dotted}, cross}
	default:
		return style{stroke{ink: navy, width: 1.9}, disc}
	}
}

// WritePNG draws the figure.
func (f Utilization) WritePNG(w io.Writer) error {
	l := newLayout(f.Frame, 280)
	top := 0.0
	for _, r := range f.Resources {
		if _, y, ok := extent(r.Y); ok {
			top = math.Max(top, y)
		}
	}
	p := l.panel(0, "Utilization, % of one instance's limit", ratioAxis(top))
	tags := p.limits(f.Limits, 1)
	for _, r := range f.Resources {
		tags = append(tags, p.resource(l, r))
	}
	p.tags(tags)
	return l.writePNG(w)
}

// resource draws the line of one resource and returns its tag.
func (n *panel) resource(l *layout, r Resource) tag {
	s := r.Kind.style()
	switch {
	case r.Heavy:
		s.width = 2.8
	case r.Thin:
		s.width, s.dash, s.mark = 1, solid, noMark
	}
	n.series(l, r.Y, s)
	return tag{text: r.Name, at: n.lastOf(r.Y), style: s, bold: r.Heavy}
}
