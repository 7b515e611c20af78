package service

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

const (
	mostAlike     = 0.9  // that phi is taken for
	leastSegment  = 8    // values that a level has to last
	leastValues   = 40   // that changes are looked for in
	discoveryRate = 0.05 // share of the changes told that may be false
	leastChange   = 0.05 // of the lesser level
	mostCharts    = 8
)

// shift is a change of level of one series.
type shift struct {
	series        int
	at            time.Time
	before, after float64
	errBefore     float64 // standard errors of both
	errAfter      float64
	p             float64
}

// level is one series as it is judged.
type level struct {
	name string // of the metric, with its dimensions where several series have it
	unit string
	of   string // statistic
	at   []time.Time
	y    []float64
}

// CloudWatch judges any other series: what level each had, and when it changed.
// The changes told of all series together are at most one in twenty false, as
// far as their noise is what the tests take it for.
func CloudWatch(d *dossier.Dossier) dossier.Result {
	levels := levelsOf(d)
	if len(levels) == 0 {
		return dossier.Result{Verdict: insufficient("Nothing was published under these dimensions in the window.")}
	}
	var all []shift
	short := 0
	for i := range levels {
		if len(levels[i].y) < leastValues {
			short++
			continue
		}
		all = append(all, shiftsOf(i, &levels[i])...)
	}
	told := discovered(all)
	var out dossier.Result
	for i := range levels {
		out.Measures = append(out.Measures, levels[i].measures(i, told)...)
	}
	out.Charts = chartsOf(levels, told)
	var found finds
	for _, s := range told {
		l := &levels[s.series]
		found.add("level_changed", finding.Warning, querySeries,
			fmt.Sprintf("%s %s from %s to %s at %s.", l.name, rose(s), inUnitOf(s.before, l.unit), inUnitOf(s.after, l.unit), clock(s.at)),
			fmt.Sprintf("The %s went %s; noise alone would do that in %s series.", l.of, byFactor(s), oneIn(s.p)))
	}
	for i := range found {
		found[i].ID = fmt.Sprintf("level_changed_%d", i+1)
	}
	out.Findings = found
	out.Verdict = seriesVerdict(levels, told, short)
	if short > 0 {
		out.Notes = []string{fmt.Sprintf("%d of %d series have fewer than %d values: no change was looked for in them", short, len(levels), leastValues)}
	}
	return out
}

// levelsOf are the series at their finest period: sums of counts, averages of
// the rest.
func levelsOf(d *dossier.Dossier) []level {
	byName := map[string]*level{}
	var names []string
	for i := range d.Series {
		s := &d.Series[i]
		l := level{name: s.Metric, unit: s.Unit, of: "average"}
		if repeated(d, s) {
			l.name += " " + s.Dims
		}
		if s.Unit == "Count" {
			l.of = "sum"
		}
		for j := range s.Points {
			v := s.Points[j].Average
			if l.of == "sum" {
				v = s.Points[j].Sum
			}
			if !math.IsNaN(v) {
				l.at, l.y = append(l.at, s.Points[j].Time), append(l.y, v)
			}
		}
		if len(l.y) == 0 {
			continue
		}
		if old, ok := byName[l.name]; !ok {
			names = append(names, l.name)
		} else if len(old.y) >= len(l.y) {
			continue
		}
		byName[l.name] = &l
	}
	out := make([]level, 0, len(names))
	for _, n := range names {
		out = append(out, *byName[n])
	}
	return out
}

// repeated reports whether another series has the metric under other dimensions.
func repeated(d *dossier.Dossier, s *dossier.Series) bool {
	return slices.ContainsFunc(d.Series, func(o dossier.Series) bool { return o.Metric == s.Metric && o.Dims != s.Dims })
}

// shiftsOf are the changes that one series may have, with the p-value of each:
// normal, for noise that resembles its neighbour, times the places at which the
// change could have been found.
func shiftsOf(series int, l *level) []shift {
	n := noiseOf(l.y)
	if n.sd == 0 {
		n.sd = 1e-9 * (1 + math.Abs(stat.Median(l.y)))
	}
	points := stat.ChangePoints(l.y, stat.ChangeOptions{
		MinSegment: leastSegment, Sigma: n.sd, Phi: n.phi, MinShift: leastChange * math.Abs(stat.Median(l.y)),
	})
	var out []shift
	for k, at := range points {
		from, to := 0, len(l.y)
		if k > 0 {
			from = points[k-1]
		}
		if k+1 < len(points) {
			to = points[k+1]
		}
		s := shift{series: series, at: l.at[at], before: stat.Mean(l.y[from:at]), after: stat.Mean(l.y[at:to])}
		s.errBefore, s.errAfter = n.ofMean(at-from), n.ofMean(to-at)
		if math.Abs(s.after-s.before) < leastChange*min(math.Abs(s.before), math.Abs(s.after)) {
			continue
		}
		z := math.Abs(s.after-s.before) / math.Hypot(s.errBefore, s.errAfter)
		s.p = min(1, math.Erfc(z/math.Sqrt2)*float64(len(l.y)))
		out = append(out, s)
	}
	return out
}

// noise is that of a series about its level: its standard deviation, and how
// much a value resembles the one before.
type noise struct{ sd, phi float64 }

// noiseOf reads the noise off differences, which steps of the level hardly
// touch: those of neighbours spread by 2 (1 - phi) of the variance, those of
// every other value by 2 (1 - phi squared). Phi is taken at the upper end of what
// so many values leave open, since too small a one makes changes out of noise.
func noiseOf(y []float64) noise {
	near, far := meanSquare(y, 1), meanSquare(y, 2)
	if near == 0 {
		return noise{sd: math.Sqrt(far / 2)}
	}
	phi := min(max(far/near-1, 0), mostAlike)
	phi = min(phi+1.64*math.Sqrt((1-phi*phi)/float64(len(y))), mostAlike)
	return noise{sd: math.Sqrt(near / (2 * (1 - phi))), phi: phi}
}

// meanSquare is that of the differences over a lag.
func meanSquare(y []float64, lag int) float64 {
	sum := 0.0
	for i := lag; i < len(y); i++ {
		sum += (y[i] - y[i-lag]) * (y[i] - y[i-lag])
	}
	return sum / float64(max(1, len(y)-lag))
}

// ofMean is the standard error of the mean of so many values.
func (n noise) ofMean(values int) float64 {
	return n.sd * math.Sqrt((1+n.phi)/(1-n.phi)/float64(values))
}

// discovered are the changes that stand after control of the false discovery
// rate over all series, by time.
func discovered(all []shift) []shift {
	p := make([]float64, len(all))
	for i := range all {
		p[i] = all[i].p
	}
	var out []shift
	for i, q := range stat.BenjaminiHochberg(p) {
		if q <= discoveryRate {
			out = append(out, all[i])
		}
	}
	slices.SortStableFunc(out, func(a, b shift) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.series, b.series)) })
	return out
}

func (l *level) measures(series int, told []shift) []finding.Measure {
	name := snake(l.name)
	out := []finding.Measure{named(name, l.name, strings.ToLower(plainUnit(l.unit)), "").Typical(l.y, "The median over periods of the "+l.of+".")}
	var last *shift
	for i := range told {
		if told[i].series == series {
			last = &told[i]
		}
	}
	if last == nil {
		return out
	}
	var after []float64
	for i, at := range l.at {
		if !at.Before(last.at) {
			after = append(after, l.y[i])
		}
	}
	rel := last.after/last.before - 1
	half := 1.96 * math.Abs(last.after/last.before) * math.Hypot(last.errBefore/last.before, last.errAfter/last.after)
	return append(out,
		named(name+"_now", l.name+", since it last changed", strings.ToLower(plainUnit(l.unit)), "").Mean(after, "The mean since "+clock(last.at)+"."),
		named(name+"_change", l.name+", its last change", unitRatio, "").Within(stat.Interval{Value: rel, Lo: rel - half, Hi: rel + half},
			len(after), "formula", fmt.Sprintf("From %s before to %s since %s.", inUnitOf(last.before, l.unit), inUnitOf(last.after, l.unit), clock(last.at))))
}

// oneIn says how seldom something of a probability is.
func oneIn(p float64) string {
	if p < 1e-6 {
		return "fewer than one of a million"
	}
	return "one of " + amount(math.Floor(1/p))
}

// plainUnit is a unit as measures know it: "" for none.
func plainUnit(unit string) string {
	if unit == "None" {
		return ""
	}
	return unit
}

// snake is a metric's name as that of a measure.
func snake(s string) string {
	var b strings.Builder
	under := true
	for i, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			if !under && i > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r + 'a' - 'A')
			under = true // a run of capitals is one word
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
			under = false
		default:
			if !under {
				b.WriteByte('_')
			}
			under = true
		}
	}
	return strings.Trim(b.String(), "_")
}

func rose(s shift) string {
	if s.after > s.before {
		return "rose"
	}
	return "fell"
}

func byFactor(s shift) string {
	if s.before == 0 {
		return "up from nothing"
	}
	return fmt.Sprintf("%s by %s", map[bool]string{true: "up", false: "down"}[s.after > s.before], share(math.Abs(s.after/s.before-1)))
}

func inUnitOf(v float64, unit string) string {
	return strings.TrimSpace(amount(v) + " " + strings.ToLower(plainUnit(unit)))
}

func seriesVerdict(levels []level, told []shift, short int) finding.Verdict {
	if short == len(levels) {
		return insufficient(fmt.Sprintf("No series has the %d values that are wanted to tell whether it changed.", leastValues))
	}
	v := finding.Verdict{Status: finding.Pass}
	of := plural(float64(len(levels)), "series", "series")
	if len(told) == 0 {
		v.Summary = fmt.Sprintf("None of %s changed its level beyond noise.", of)
		return v
	}
	changed := map[int]bool{}
	for _, s := range told {
		changed[s.series] = true
	}
	first := told[0]
	v.Summary = fmt.Sprintf("%d of %s changed: %s %s from %s to %s at %s", len(changed), of,
		levels[first.series].name, rose(first), inUnitOf(first.before, levels[first.series].unit), inUnitOf(first.after, levels[first.series].unit), clock(first.at))
	if len(told) > 1 {
		v.Summary += fmt.Sprintf("; %s more", plural(float64(len(told)-1), "change", "changes"))
	}
	v.Summary += "."
	return v
}

// chartsOf are the figures of the series, those that changed first.
func chartsOf(levels []level, told []shift) []finding.Chart {
	order := make([]int, 0, len(levels))
	for _, s := range told {
		if !slices.Contains(order, s.series) {
			order = append(order, s.series)
		}
	}
	for i := range levels {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	var out []finding.Chart
	for _, i := range order[:min(len(order), mostCharts)] {
		l := &levels[i]
		c := finding.Chart{
			Name: fmt.Sprintf("series-%02d", len(out)+1), Title: l.name, Axis: axisOf(l), Query: querySeries,
			Lines: []finding.ChartLine{{Name: l.name, Heavy: true, Times: l.at, Y: l.y}},
			Read:  "Its level did not change beyond noise.",
		}
		from := l.at[0]
		for _, s := range told {
			if s.series == i {
				c.Bands = append(c.Bands, finding.Phase{Start: from, End: s.at})
				from = s.at
				c.Read = fmt.Sprintf("It %s at %s: a new shade begins where the level changed, and the heavy line is the mean before and after.", rose(s), clock(s.at))
			}
		}
		if len(c.Bands) > 0 {
			c.Lines[0].Heavy = false
			c.Lines = append(c.Lines, levelLine(l, i, told))
			c.Bands = append(c.Bands, finding.Phase{Start: from, End: l.at[len(l.at)-1]})
		}
		out = append(out, c)
	}
	return out
}

// axisOf names what is drawn, with its unit where CloudWatch told it: for metrics
// of a namespace that nobody documents it does not.
func axisOf(l *level) string {
	unit := strings.ToLower(plainUnit(l.unit))
	if unit == "" {
		return l.name + ", " + l.of + ", in the unit that it is published in"
	}
	return l.name + ", " + l.of + ", " + unit
}

// levelLine is the level of a series between its changes.
func levelLine(l *level, series int, told []shift) finding.ChartLine {
	out := finding.ChartLine{Name: "level", Heavy: true, Times: l.at, Y: make([]float64, len(l.at))}
	for i, at := range l.at {
		out.Y[i] = math.NaN()
		for _, s := range told {
			if s.series != series {
				continue
			}
			if !at.Before(s.at) {
				out.Y[i] = s.after
			} else if math.IsNaN(out.Y[i]) {
				out.Y[i] = s.before
			}
		}
	}
	return out
}
