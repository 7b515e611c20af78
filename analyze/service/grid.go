package service

import (
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// mostSlots bounds a grid: three months of minutes.
const mostSlots = 200_000

// grid lays the series of a dossier on slots of one width.
type grid struct {
	d     *dossier.Dossier
	start time.Time
	step  time.Duration
	n     int
}

// newGrid takes the width from the period of the first of the metrics that was
// published, and never under a minute.
func newGrid(d *dossier.Dossier, metrics ...string) grid {
	g := grid{d: d, step: time.Minute}
	for _, m := range metrics {
		if all := g.find(m, nil); len(all) > 0 {
			finest := all[0].Period
			for _, s := range all {
				finest = min(finest, s.Period)
			}
			g.step = max(g.step, finest)
			break
		}
	}
	g.start = d.Window.Start.Truncate(g.step)
	if span := d.Window.End.Sub(g.start); span > 0 {
		g.n = int(min((span+g.step-1)/g.step, mostSlots))
	}
	return g
}

// seconds is the width of a slot.
func (g grid) seconds() float64 { return g.step.Seconds() }

// at is the start of a slot.
func (g grid) at(i int) time.Time { return g.start.Add(time.Duration(i) * g.step) }

// times are the starts of all slots.
func (g grid) times() []time.Time {
	out := make([]time.Time, g.n)
	for i := range out {
		out[i] = g.at(i)
	}
	return out
}

// find are the series of a metric under its coarsest dimensions; of those
// dimensions every one that where, when there is one, lets through. The same data stands under finer
// ones once more, so they are never added up.
func (g grid) find(metric string, where func(*dossier.Series) bool) []*dossier.Series {
	var out []*dossier.Series
	coarsest := math.MaxInt
	for i := range g.d.Series {
		s := &g.d.Series[i]
		if s.Metric != metric || len(s.Points) == 0 || where != nil && !where(s) {
			continue
		}
		dims := 0
		if s.DimSet != "" {
			dims = 1 + strings.Count(s.DimSet, ",")
		}
		if dims > coarsest {
			continue
		}
		if dims < coarsest {
			coarsest, out = dims, out[:0]
		}
		out = append(out, s)
	}
	return out
}

// merge is how values that share a slot become one.
type merge func(a, b float64) float64

func add(a, b float64) float64 { return a + b }

func highest(a, b float64) float64 { return max(a, b) }

// column is one value a slot, NaN where nothing was published.
func (g grid) column(metric string, value func(*dossier.Point) float64, join merge, where func(*dossier.Series) bool) []float64 {
	out := slices.Repeat([]float64{math.NaN()}, g.n)
	taken := make([]time.Duration, g.n) // period of what stands there: coarser data of the same time is no more of it
	for _, s := range g.find(metric, where) {
		for i := range s.Points {
			p := &s.Points[i]
			slot, v := int(p.Time.Sub(g.start)/g.step), value(p)
			if p.Time.Before(g.start) || slot >= g.n || math.IsNaN(v) || taken[slot] != 0 && taken[slot] != s.Period {
				continue
			}
			taken[slot] = s.Period
			if math.IsNaN(out[slot]) {
				out[slot] = v
			} else {
				out[slot] = join(out[slot], v)
			}
		}
	}
	return out
}

func (g grid) sums(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 { return p.Sum }, add, nil)
}

func (g grid) counts(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 { return p.Count }, add, nil)
}

// averages are of gauges and latencies; where several share a slot, the higher.
func (g grid) averages(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 { return p.Average }, highest, nil)
}

// values are those of metrics that are put once a period: whichever statistic
// was fetched is the value.
func (g grid) values(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 {
		for _, v := range []float64{p.Average, p.Maximum, p.Minimum, p.Sum} {
			if !math.IsNaN(v) {
				return v
			}
		}
		return math.NaN()
	}, highest, nil)
}

// maxima are the highest values, the average where no maximum was fetched.
func (g grid) maxima(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 {
		if math.IsNaN(p.Maximum) {
			return p.Average
		}
		return p.Maximum
	}, highest, nil)
}

func (g grid) p50s(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 { return p.P50 }, highest, nil)
}

func (g grid) p99s(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 { return p.P99 }, highest, nil)
}

// totals are sums of a metric, or average times count where the sum was not
// fetched.
func (g grid) totals(metric string) []float64 {
	return g.column(metric, func(p *dossier.Point) float64 {
		if math.IsNaN(p.Sum) {
			return p.Average * p.Count
		}
		return p.Sum
	}, add, nil)
}

// has reports whether a metric was published at all.
func (g grid) has(metric string) bool { return len(g.find(metric, nil)) > 0 }

// line is a column as a line of a chart, with its values scaled.
func (g grid) line(name string, y []float64, scale float64, heavy bool) finding.ChartLine {
	return finding.ChartLine{Name: name, Heavy: heavy, Times: g.times(), Y: scaled(y, scale)}
}

func scaled(x []float64, by float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v * by
	}
	return out
}

// orZero takes what was not published for none: only for counts that are
// published when there is something to count.
func orZero(x []float64) []float64 {
	out := slices.Clone(x)
	for i, v := range out {
		if math.IsNaN(v) {
			out[i] = 0
		}
	}
	return out
}

// total is the sum of what was published, NaN when nothing was.
func total(x []float64) float64 {
	sum, seen := 0.0, false
	for _, v := range x {
		if !math.IsNaN(v) {
			sum, seen = sum+v, true
		}
	}
	if !seen {
		return math.NaN()
	}
	return sum
}

// top is the highest value and its slot; -1 when there is none.
func top(x []float64) (v float64, at int) {
	v, at = math.NaN(), -1
	for i, y := range x {
		if !math.IsNaN(y) && (at < 0 || y > v) {
			v, at = y, i
		}
	}
	return v, at
}

// published are the values that are there.
func published(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), math.IsNaN)
}
