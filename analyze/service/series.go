package service

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

const (
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
			fmt.Sprintf("The %s went %s; by chance this would be so in %s of series like it.", l.of, byFactor(s), share(s.p)))
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
// Student's t for as many independent values as both sides are worth, times the
// places at which the change could have been found.
func shiftsOf(series int, l *level) []shift {
	o := stat.QuietDivisive()
	o.MinMagnitude = leastChange
	changes := stat.EDivisive(l.y, o)
	var out []shift
	for k, c := range changes {
		from, to := 0, len(l.y)
		if k > 0 {
			from = changes[k-1].Index
		}
		if k+1 < len(changes) {
			to = changes[k+1].Index
		}
		a, b := l.y[from:c.Index], l.y[c.Index:to]
		p := min(1, chanceOf(a, b)*float64(len(l.y)))
		out = append(out, shift{series: series, at: l.at[c.Index], before: stat.Mean(a), after: stat.Mean(b), p: p})
	}
	return out
}

// chanceOf is the two-sided p-value of Welch's t for two stretches whose
// neighbours resemble each other.
func chanceOf(a, b []float64) float64 {
	worth := func(x []float64) float64 {
		phi := min(max(stat.Autocorrelation(x), 0), 0.95)
		return max(2, float64(len(x))*(1-phi)/(1+phi))
	}
	na, nb := worth(a), worth(b)
	va, vb := stat.Variance(a)/na, stat.Variance(b)/nb
	if va+vb == 0 {
		return 0
	}
	df := (va + vb) * (va + vb) / (va*va/max(na-1, 1) + vb*vb/max(nb-1, 1))
	t := math.Abs(stat.Mean(a)-stat.Mean(b)) / math.Sqrt(va+vb)
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(t)
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
	before := last.before
	iv := stat.BatchMeans(after, min(10, len(after)), measure.Confidence)
	return append(out,
		named(name+"_now", l.name+", since it last changed", strings.ToLower(plainUnit(l.unit)), "").Mean(after, "The mean since "+clock(last.at)+"."),
		named(name+"_change", l.name+", its last change", unitRatio, "").Within(stat.Interval{Value: iv.Value/before - 1, Lo: min(iv.Lo/before, iv.Hi/before) - 1, Hi: max(iv.Lo/before, iv.Hi/before) - 1},
			len(after), "formula", fmt.Sprintf("From %s before to %s since %s.", inUnitOf(before, l.unit), inUnitOf(iv.Value, l.unit), clock(last.at))))
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
			Name: fmt.Sprintf("series-%02d", len(out)+1), Title: l.name, Axis: strings.TrimSuffix(strings.ToLower(plainUnit(l.unit))+", "+l.of, ", "), Query: querySeries,
			Lines: []finding.ChartLine{{Name: l.name, Heavy: true, Times: l.at, Y: l.y}},
			Read:  "Its level did not change beyond noise.",
		}
		c.Axis = strings.TrimPrefix(c.Axis, ", ")
		from := l.at[0]
		for _, s := range told {
			if s.series == i {
				c.Bands = append(c.Bands, finding.Phase{Start: from, End: s.at})
				from = s.at
				c.Read = fmt.Sprintf("It %s at %s: a new shade begins where the level changed.", rose(s), clock(s.at))
			}
		}
		if len(c.Bands) > 0 {
			c.Bands = append(c.Bands, finding.Phase{Start: from, End: l.at[len(l.at)-1]})
		}
		out = append(out, c)
	}
	return out
}
