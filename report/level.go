package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"sizewise/analyze/finding"
)

// manySteps is how many load steps are shown one by one. More, as a month of
// production traffic has them, are put together by load.
const manySteps = 30

// maxLevels is about how many levels of load many steps are put into.
const maxLevels = 7

// level is the load steps with about the same rate offered to an instance: from
// lo up to hi requests/s, hi excluded. Steps without a known rate have a level
// of their own, whose bounds are NaN.
type level struct {
	lo, hi float64
	steps  []int // indices into Set.Steps, ascending
}

// levels puts the steps together by the rate offered, lowest first.
func (s *scribe) levels() []level {
	rates := values(s.set.Steps, offeredOf)
	width := levelWidth(least(rates), greatest(rates))
	byFloor := map[int][]int{}
	var unknown []int
	for i, r := range rates {
		if !known(r) {
			unknown = append(unknown, i)
			continue
		}
		k := int(math.Floor(r / width))
		byFloor[k] = append(byFloor[k], i)
	}
	var out []level
	for _, k := range slices.Sorted(maps.Keys(byFloor)) {
		out = append(out, level{float64(k) * width, float64(k+1) * width, byFloor[k]})
	}
	if len(unknown) > 0 {
		out = append(out, level{math.NaN(), math.NaN(), unknown})
	}
	return out
}

// levelWidth is a round width that cuts lo to hi into at most maxLevels levels
// and one more at the ends.
func levelWidth(lo, hi float64) float64 {
	raw := (hi - lo) / maxLevels
	if !known(raw) || raw <= 0 {
		raw = math.Max(math.Abs(hi), 1) / 10
	}
	if !known(raw) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*unit >= raw {
			return m * unit
		}
	}
	return 10 * unit
}

// rates writes a level's rates.
func (l level) rates() string {
	if !known(l.lo) {
		return unknownText
	}
	return plain(l.lo) + "–" + plain(l.hi) + "/s"
}

// merged is a level as one step, numbered n: latencies and the instance count
// are medians over its steps, utilization and rates are means, errors are the
// share of all requests, log lines are sums.
func (s *scribe) merged(l level, n int) finding.Step {
	steps := make([]finding.Step, len(l.steps))
	for i, k := range l.steps {
		steps[i] = s.set.Steps[k]
	}
	mid := func(of func(*finding.Step) finding.Number) finding.Number { return median(values(steps, of)) }
	mean := func(of func(*finding.Step) finding.Number) finding.Number {
		return weighted(values(steps, of), func(int) float64 { return 1 })
	}
	share := func(of func(*finding.Step) finding.Number) finding.Number {
		return weighted(values(steps, of), func(i int) float64 { return requests(&steps[i]) })
	}
	out := finding.Step{
		N: n, Start: steps[0].Start, End: steps[len(steps)-1].End,
		Instances:  mid(func(st *finding.Step) finding.Number { return st.Instances }),
		OfferedRPS: mean(offeredOf), ServedRPS: mean(servedOf),
		P50: mid(p50Of), P99: mid(p99Of), Overhead: mean(overheadOf), ModelMean: mean(modelOf),
		Errors4XX: share(errors4Of), Errors5XX: share(errors5Of),
		CPU:       mean(func(st *finding.Step) finding.Number { return st.CPU }),
		GPU:       mean(func(st *finding.Step) finding.Number { return st.GPU }),
		GPUMemory: mean(func(st *finding.Step) finding.Number { return st.GPUMemory }),
		Memory:    mean(func(st *finding.Step) finding.Number { return st.Memory }),
		Disk:      mean(func(st *finding.Step) finding.Number { return st.Disk }),
	}
	for i := range steps {
		out.Minutes += steps[i].Minutes
		out.LogErrors += steps[i].LogErrors
		out.LogWarnings += steps[i].LogWarnings
	}
	return out
}

// requests is about how many requests a step saw; one where that is not known.
func requests(st *finding.Step) float64 {
	n := float64(st.OfferedRPS*st.Instances) * st.End.Sub(st.Start).Seconds()
	if !known(n) || n <= 0 {
		return 1
	}
	return n
}

// weighted is the mean of the known values by weight; missing when none is.
func weighted(vs []float64, weight func(int) float64) finding.Number {
	total, weights := 0.0, 0.0
	for i, v := range vs {
		if known(v) {
			total, weights = total+v*weight(i), weights+weight(i)
		}
	}
	return finding.Number(total / weights)
}

// median is the middle of the known values; missing when none is.
func median(vs []float64) finding.Number {
	vs = slices.DeleteFunc(slices.Clone(vs), func(v float64) bool { return !known(v) })
	n := len(vs)
	if n == 0 {
		return finding.Missing()
	}
	slices.Sort(vs)
	return finding.Number((vs[(n-1)/2] + vs[n/2]) / 2)
}

// levelTable is the table of many load steps, put together by load.
func (s *scribe) levelTable() table {
	levels := s.levels()
	steps := make([]finding.Step, len(levels))
	for i, l := range levels {
		steps[i] = s.merged(l, i)
	}
	columns := []column{
		{"offered, each", func(st *finding.Step) string { return levels[st.N].rates() }, true, false},
		{"steps", func(st *finding.Step) string { return strconv.Itoa(len(levels[st.N].steps)) }, true, false},
		{"hours", func(st *finding.Step) string { return plain(s.hours(levels[st.N])) }, true, false},
	}
	columns = append(columns, s.measured(steps)[1:]...)
	columns = append(columns, column{"", func(st *finding.Step) string { return s.judgements(levels[st.N]) }, true, true})
	t := fillSteps(columns, steps)
	t.Note = fmt.Sprintf("These are %s steps, put together by the rate offered to an instance: latencies are medians over a row's steps, utilization is their mean, errors are a share of all requests. ",
		fixed(float64(len(s.set.Steps)), 0)) + s.telling() + "findings.json has every step."
	return t
}

// hours is how long a level's steps lasted together.
func (s *scribe) hours(l level) float64 {
	total := 0.0
	for _, i := range l.steps {
		total += s.set.Steps[i].End.Sub(s.set.Steps[i].Start).Hours()
	}
	return total
}

// judgements is the last cell of a level.
func (s *scribe) judgements(l level) string {
	met, missed, saturated := 0, 0, 0
	for _, i := range l.steps {
		st := &s.set.Steps[i]
		switch st.SLO {
		case "met":
			met++
		case "missed":
			missed++
		}
		if st.Saturated {
			saturated++
		}
	}
	var words []string
	switch {
	case missed > 0:
		words = append(words, fmt.Sprintf("**SLO missed in %d**", missed))
	case met > 0:
		words = append(words, "within SLO")
	}
	if saturated > 0 {
		words = append(words, fmt.Sprintf("saturated in %d", saturated))
	}
	return list(words)
}

// telling names the step with the greatest p99, which is where to look first.
func (s *scribe) telling() string {
	first, worst := s.latencyRange()
	if worst == nil || worst == first {
		return ""
	}
	return fmt.Sprintf("The slowest is %s with a p99 of %s at %s requests/s per instance; ", s.stepName(worst), seconds(worst.P99), plain(worst.OfferedRPS))
}

// stepName names a step, with its time where no table lists it.
func (s *scribe) stepName(st *finding.Step) string {
	if len(s.set.Steps) <= manySteps {
		return fmt.Sprintf("step %d", st.N)
	}
	return fmt.Sprintf("step %d at %s", st.N, s.clock(st.Start))
}
