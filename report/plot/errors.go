package plot

import (
	"io"
	"math"
)

// Errors is the figure of failed requests and log lines beneath the utilization
// of the bottleneck, on one time axis. A part whose series are all empty is left
// out.
type Errors struct {
	Frame
	Busy        Resource  // ratio from 0 to 1
	Errors4XX   []float64 // ratio of requests
	Errors5XX   []float64 // ratio of requests
	ErrorLimit  Limit     // ratio; a zero name draws none
	LogErrors   []float64 // lines a minute
	LogWarnings []float64 // lines a minute
}

// errorPart is one panel of the figure.
type errorPart struct {
	height float64
	draw   func(l *layout, i int)
}

// WritePNG draws the figure.
func (f Errors) WritePNG(w io.Writer) error {
	var parts []errorPart
	if present(f.Busy.Y) {
		parts = append(parts, errorPart{110, f.drawBusy})
	}
	if present(f.Errors4XX) || present(f.Errors5XX) {
		parts = append(parts, errorPart{110, f.drawErrors})
	}
	if present(f.LogErrors) || present(f.LogWarnings) {
		parts = append(parts, errorPart{110, f.drawLogs})
	}
	heights := make([]float64, 0, len(parts))
	for _, part := range parts {
		heights = append(heights, part.height)
	}
	l := newLayout(f.Frame, heights...)
	for i, part := range parts {
		part.draw(l, i)
	}
	return l.writePNG(w)
}

func (f Errors) drawBusy(l *layout, i int) {
	_, top, _ := extent(f.Busy.Y)
	a := ratioAxis(top)
	a.ticks = []float64{0, 0.5, 1}
	p := l.panel(i, "Utilization, % of one instance's limit", a)
	tags := p.limits([]Limit{{Name: "limit 100 %", Y: 1}}, 1)
	p.tags(append(tags, p.resource(l, f.Busy)))
}

func (f Errors) drawErrors(l *layout, i int) {
	_, top, _ := extent(f.Errors4XX, f.Errors5XX)
	limits := f.namedLimit()
	if len(limits) > 0 && limits[0].Y <= 10*top || top == 0 {
		for _, limit := range limits {
			top = math.Max(top, limit.Y*1.3)
		}
	}
	a := linearAxis(math.Max(top, 1e-4), 4)
	a.label = percent
	p := l.panel(i, "Failed requests, % of all", a)
	tags := p.limits(limits, 1)
	clients := style{stroke{ink: orange, width: 1.8, dash: dashed}, ring}
	server := style{stroke{ink: crimson, width: 2.2}, noMark}
	if present(f.Errors4XX) {
		p.series(l, f.Errors4XX, clients)
		tags = append(tags, tag{text: "4xx, the client", at: p.lastOf(f.Errors4XX), style: clients})
	}
	if present(f.Errors5XX) {
		p.series(l, f.Errors5XX, server)
		tags = append(tags, tag{text: "5xx, the server", at: p.lastOf(f.Errors5XX), style: server})
	}
	p.tags(tags)
}

func (f Errors) namedLimit() []Limit {
	if f.ErrorLimit.Name == "" {
		return nil
	}
	return []Limit{f.ErrorLimit}
}

func (f Errors) drawLogs(l *layout, i int) {
	_, top, _ := extent(f.LogErrors, f.LogWarnings)
	p := l.panel(i, "Log lines per minute", countAxis(top, 4))
	warnings := style{stroke{ink: sky, width: 1.6}, noMark}
	p.bars(l, f.LogErrors, crimson.alpha(0xd0))
	p.series(l, f.LogWarnings, warnings)
	name := "ERROR or worse"
	if _, most, ok := extent(f.LogErrors); ok && most == 0 {
		name = "no ERROR lines"
	}
	p.tags([]tag{
		{text: name, at: p.lastOf(f.LogErrors), style: style{stroke: stroke{ink: crimson}}, bar: true},
		{text: "WARN", at: p.lastOf(f.LogWarnings), style: warnings},
	})
}
