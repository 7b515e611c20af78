package plot

import (
	"io"
	"math"
)

// Latency is the figure of latency quantiles against their limit. All values are
// seconds; the figure chooses milliseconds or seconds.
type Latency struct {
	Frame
	Lines  []Line // lowest statistic first; at most three
	Limits []Limit
}

// Line is one named series.
type Line struct {
	Name string
	Y    []float64
}

// Limit is a level that must not be passed.
type Limit struct {
	Name string
	Soft bool // a target rather than a limit
	Y    float64
}

// logFrom is the ratio of greatest to least value from which an axis of latency
// becomes logarithmic.
const logFrom = 12

// WritePNG draws the figure.
func (f Latency) WritePNG(w io.Writer) error {
	l := newLayout(f.Frame, 270)
	var series [][]float64
	for _, line := range f.Lines {
		series = append(series, line.Y)
	}
	scaleBy, unit := timeUnit(series...)
	for i := range series {
		series[i] = times(series[i], scaleBy)
	}
	a := latencyAxis(f.Limits, scaleBy, series...)
	title := "Model latency of the minute, " + unit
	if a.log {
		title += ", logarithmic"
	}
	p := l.panel(0, title, a)
	tags := p.limits(f.Limits, scaleBy)
	for i, line := range f.Lines {
		if present(series[i]) {
			p.series(l, series[i], quantileStyle(i))
			tags = append(tags, tag{text: line.Name, at: p.lastOf(series[i]), style: quantileStyle(i)})
		}
	}
	p.tags(tags)
	return l.writePNG(w)
}

// quantileStyle darkens and thickens towards the tail, which is what counts.
func quantileStyle(i int) style {
	switch i {
	case 0:
		return style{stroke: stroke{ink: sky, width: 2, dash: dotted}}
	case 1:
		return style{stroke: stroke{ink: blue, width: 2, dash: dashed}}
	default:
		return style{stroke: stroke{ink: navy, width: 2.4}}
	}
}

// limits draws levels and returns their tags.
func (n *panel) limits(limits []Limit, scaleBy float64) []tag {
	var tags []tag
	for _, limit := range limits {
		s := limitStroke()
		if limit.Soft {
			s = targetStroke()
		}
		y := limit.Y * scaleBy
		t := tag{text: limit.Name, at: n.box.y0, style: style{stroke: s}}
		if n.y.holds(y) {
			n.level(s, y)
			t.at = n.y.at(y)
		} else {
			t.text += " (above the axis)"
		}
		tags = append(tags, t)
	}
	return tags
}

// timeUnit is milliseconds below ten seconds and seconds from there on.
func timeUnit(series ...[]float64) (scaleBy float64, unit string) {
	if _, top, _ := extent(series...); top >= 10 {
		return 1, "seconds"
	}
	return 1000, "milliseconds"
}

func times(ys []float64, by float64) []float64 {
	out := make([]float64, len(ys))
	for i, y := range ys {
		out[i] = y * by
	}
	return out
}

// latencyAxis is logarithmic where the values span more than logFrom.
func latencyAxis(limits []Limit, scaleBy float64, series ...[]float64) axis {
	lo, hi, ok := extent(positive(series)...)
	if !ok {
		return linearAxis(1, 5)
	}
	for _, limit := range limits {
		if y := limit.Y * scaleBy; y > 0 && y < 100*hi {
			lo, hi = math.Min(lo, y), math.Max(hi, y)
		}
	}
	if hi/lo < logFrom {
		return linearAxis(hi, 6)
	}
	min, max := logRange(lo*0.95, hi*1.05)
	return axis{min: min, max: max, log: true, ticks: logTicks(min, max, 9)}
}

// positive drops what a logarithmic axis cannot show.
func positive(series [][]float64) [][]float64 {
	out := make([][]float64, len(series))
	for i, ys := range series {
		for _, y := range ys {
			if y > 0 {
				out[i] = append(out[i], y)
			}
		}
	}
	return out
}
