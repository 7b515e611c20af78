package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

// column is one column of the step table.
type column struct {
	head string
	of   func(*finding.Step) string
	when bool // whether the column has anything to say
	text bool // words rather than numbers
}

// stepTable is the table of load steps, without the columns that have no data;
// many steps are put together by load.
func (s *scribe) stepTable() table {
	steps := s.set.Steps
	if len(steps) > manySteps {
		return s.levelTable()
	}
	columns := []column{
		{"step", func(st *finding.Step) string { return fmt.Sprint(st.N) }, true, false},
		{"when", func(st *finding.Step) string { return s.between(st.Start, st.End) }, true, false},
		{"instances", func(st *finding.Step) string { return dashIfMissing(st.Instances, 0) }, instancesVary(steps), false},
	}
	columns = append(columns, s.measured(steps)...)
	t := fillSteps(append(columns, column{"", judgement, true, true}), steps)
	if len(steps) > 0 {
		t.Note = "Rates, latencies and utilization are medians over the step's minutes; its first, and those in which the fleet or the rate changed, are left out where others remain."
	}
	return t
}

// measured are the columns of what was measured in the given steps, the rate
// offered first.
func (s *scribe) measured(steps []finding.Step) []column {
	unit, factor, decimals := latencyScale(steps)
	latency := func(of func(*finding.Step) finding.Number) func(*finding.Step) string {
		return func(st *finding.Step) string { return dashIfMissing(float64(of(st))*factor, decimals) }
	}
	rate := func(of func(*finding.Step) finding.Number) func(*finding.Step) string {
		d := columnDecimals(values(steps, of))
		return func(st *finding.Step) string { return dashIfMissing(of(st), d) }
	}
	columns := []column{
		{"offered/s each", rate(offeredOf), has(steps, offeredOf), false},
		{"served/s each", rate(servedOf), has(steps, servedOf), false},
		{"p50 " + unit, latency(p50Of), has(steps, p50Of), false},
		{"p99 " + unit, latency(p99Of), has(steps, p99Of), false},
	}
	columns = append(columns, s.utilizationColumns(steps)...)
	return append(columns,
		column{"4xx", func(st *finding.Step) string { return ratioCell(st.Errors4XX) }, anyAbove(steps, errors4Of, 0), false},
		column{"5xx", func(st *finding.Step) string { return ratioCell(st.Errors5XX) }, has(steps, errors5Of), false},
		column{"error lines", func(st *finding.Step) string { return whole(float64(st.LogErrors)) }, s.hasLogs(), false})
}

// fillSteps sets the columns that have something to say, one row for each step.
func fillSteps(columns []column, steps []finding.Step) table {
	columns = slices.DeleteFunc(columns, func(c column) bool { return !c.when })
	var t table
	for _, c := range columns {
		t.Head, t.Right = append(t.Head, c.head), append(t.Right, !c.text)
	}
	for i := range steps {
		row := make([]string, 0, len(columns))
		for _, c := range columns {
			row = append(row, c.of(&steps[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// utilizationColumns are the resources that were published; memory and disk only
// where they came near trouble.
func (s *scribe) utilizationColumns(steps []finding.Step) []column {
	limiting := s.set.Answers.Bottleneck.Value
	var out []column
	for _, r := range resources() {
		of := r.ofStep
		show := has(steps, of)
		if r.name == "memory" || r.name == "disk" || r.name == "gpu_memory" {
			show = anyAbove(steps, of, 0.5) || show && limiting == r.name
		}
		name := resourceName(r.name)
		out = append(out, column{name, func(st *finding.Step) string { return wholePercent(of(st)) }, show, false})
	}
	return out
}

// judgement is the last cell of a step.
func judgement(st *finding.Step) string {
	var words []string
	switch st.SLO {
	case "met":
		words = append(words, "within SLO")
	case "missed":
		words = append(words, "**SLO missed**")
	}
	if st.Saturated {
		words = append(words, "saturated")
	}
	return strings.Join(words, ", ")
}

// latencyScale is one unit and one number of decimals for all latency columns.
func latencyScale(steps []finding.Step) (unit string, factor float64, decimals int) {
	all := append(values(steps, p50Of), values(steps, p99Of)...)
	top := 0.0
	for _, v := range all {
		if known(v) {
			top = math.Max(top, v)
		}
	}
	unit, factor = "ms", 1000
	if top >= 10 {
		unit, factor = "s", 1
	}
	for i := range all {
		all[i] *= factor
	}
	return unit, factor, columnDecimals(all)
}

// columnDecimals is the number of decimals that shows the smallest value of a
// column with two digits and the greatest with three.
func columnDecimals(vs []float64) int {
	lo, hi := math.Inf(1), 0.0
	for _, v := range vs {
		if known(v) && v != 0 {
			lo, hi = math.Min(lo, math.Abs(v)), math.Max(hi, math.Abs(v))
		}
	}
	if hi == 0 {
		return 0
	}
	return min(max(decimalsFor(lo, 2), decimalsFor(hi, 3)), 3)
}

// dashIfMissing writes a number, or a dash where there is none.
func dashIfMissing[N number](v N, decimals int) string {
	if !known(v) {
		return "–"
	}
	return fixed(v, decimals)
}

func ratioCell(n finding.Number) string {
	if !n.Known() {
		return "–"
	}
	return percent(float64(n))
}

// wholePercent writes a utilization.
func wholePercent(n finding.Number) string {
	if !n.Known() {
		return "–"
	}
	return fixed(float64(n)*100, 0) + " %"
}

func values(steps []finding.Step, of func(*finding.Step) finding.Number) []float64 {
	out := make([]float64, len(steps))
	for i := range steps {
		out[i] = float64(of(&steps[i]))
	}
	return out
}

// has reports whether any step has the value.
func has(steps []finding.Step, of func(*finding.Step) finding.Number) bool {
	for i := range steps {
		if of(&steps[i]).Known() {
			return true
		}
	}
	return false
}

func anyAbove(steps []finding.Step, of func(*finding.Step) finding.Number, level float64) bool {
	for i := range steps {
		if float64(of(&steps[i])) > level {
			return true
		}
	}
	return false
}

func instancesVary(steps []finding.Step) bool {
	for i := range steps {
		if steps[i].Instances != steps[0].Instances && known(steps[i].Instances) {
			return true
		}
	}
	return false
}

func offeredOf(st *finding.Step) finding.Number  { return st.OfferedRPS }
func servedOf(st *finding.Step) finding.Number   { return st.ServedRPS }
func p50Of(st *finding.Step) finding.Number      { return st.P50 }
func p99Of(st *finding.Step) finding.Number      { return st.P99 }
func modelOf(st *finding.Step) finding.Number    { return st.ModelMean }
func overheadOf(st *finding.Step) finding.Number { return st.Overhead }
func errors4Of(st *finding.Step) finding.Number  { return st.Errors4XX }
func errors5Of(st *finding.Step) finding.Number  { return st.Errors5XX }

// highestServed is the highest rate per instance that a step served, or that a
// minute did where no steps were found; NaN when neither is known.
func (s *scribe) highestServed() float64 {
	top := math.NaN()
	for _, v := range values(s.set.Steps, servedOf) {
		if known(v) && !(top >= v) {
			top = v
		}
	}
	if known(top) {
		return top
	}
	for i := range s.set.Minutes {
		m := &s.set.Minutes[i]
		if v := m.Served() / m.Instances; known(v) && !(top >= v) {
			top = v
		}
	}
	return top
}

// hasLogs reports whether any log line was read.
func (s *scribe) hasLogs() bool { return s.set.Coverage.LogEvents > 0 || s.set.Logs.Lines > 0 }
