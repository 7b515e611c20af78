package report

import (
	"fmt"
	"math"
	"sort"

	"sizewise/analyze/finding"
)

// capacityNotes are the sentences of the capacity section: what a request costs,
// what that allows, whether the plateau agrees, and what forbids the line.
func (s *scribe) capacityNotes() []string {
	lines := []string{s.capacitySentence(s.set.Answers.Capacity)}
	if f := s.set.Answers.Capacity.Formula; f != "" {
		lines = append(lines, "The arithmetic: "+code(f)+".")
	}
	return nonEmpty(append(lines, s.demandSentence(), s.batchingSentence(), s.fitSentence()))
}

// demandSentence says what one request costs and what the limit allows by it.
// Where requests are batched there is no one cost.
func (s *scribe) demandSentence() string {
	c := s.set.Curve
	if c == nil || !known(c.Slope) || c.Slope <= 0 || s.set.Tested.Batching {
		return ""
	}
	name := resourceName(c.Resource)
	out := fmt.Sprintf("Each request costs %s of %s time", seconds(c.Slope), name)
	if known(c.SlopeLo) && known(c.SlopeHi) && c.SlopeLo < c.SlopeHi {
		out += " (" + secondsSpan(c.SlopeLo, c.SlopeHi) + ")"
	}
	if known(c.Intercept) && math.Abs(float64(c.Intercept)) >= 0.01*float64(c.Limit) {
		out += fmt.Sprintf(", on top of %s busy without load", units(c.Intercept, name))
	}
	lo, hi, ok := lawInterval(c)
	if !ok {
		return out + "."
	}
	return out + fmt.Sprintf("; the whole of %s is therefore %s requests/s per instance%s.", units(c.Limit, name), span((lo+hi)/2, lo, hi), s.agreement(lo, hi))
}

// units writes busy or available CPUs and GPUs.
func units[N number](n N, name string) string {
	if name == "CPU" {
		name = "vCPU"
	}
	if n == 1 {
		return "1 " + name
	}
	return plain(n) + " " + name + "s"
}

// lawInterval is what the limit allows by the interval of the slope alone.
func lawInterval(c *finding.Curve) (lo, hi float64, ok bool) {
	room := c.Limit - c.Intercept
	lo, hi = float64(room/c.SlopeHi), float64(room/c.SlopeLo)
	return lo, hi, known(lo) && known(hi) && lo > 0 && lo < hi
}

// agreement compares the line with a plateau that was measured.
func (s *scribe) agreement(lo, hi float64) string {
	e := s.set.Answers.Capacity
	if e.Status != finding.Measured || e.Method != "plateau" || !e.Lo.Known() || !e.Hi.Known() {
		return ""
	}
	switch mean := s.plateauRate(); {
	case float64(e.Hi) < lo && mean >= .98*lo && mean <= 1.02*hi:
		return fmt.Sprintf(" of average speed, and the plateau, %s as their mean, agrees; the slowest one takes less", plain(mean))
	case float64(e.Hi) < lo:
		return ", but the plateau, measured directly, is lower: something else limits it"
	case float64(e.Lo) > hi:
		return ", but the plateau, measured directly, is higher: the line does not hold up there"
	default:
		return ", and the plateau, measured directly, agrees"
	}
}

// minSlopeRatio is where the analysis stops trusting the line.
const minSlopeRatio = 0.80

func (s *scribe) batchingSentence() string {
	c := s.set.Curve
	switch {
	case s.set.Tested.Batching && c != nil && c.SlopeRatio.Known():
		return fmt.Sprintf("The GPU batches: a request costs less of its time as the load rises (slope ratio %s, the line is refused below %s). Its utilization therefore says nothing about how much more it can take, and no line is drawn.",
			plain(float64(c.SlopeRatio)), fixed(minSlopeRatio, 2))
	case s.set.Tested.Batching:
		return "The GPU batches: a request costs less of its time as the load rises, so its utilization says nothing about how much more it can take."
	case c != nil && c.SlopeRatio.Known() && float64(c.SlopeRatio) >= minSlopeRatio:
		return fmt.Sprintf("No sign of batching (slope ratio %s, the line is refused below %s).", plain(float64(c.SlopeRatio)), fixed(minSlopeRatio, 2))
	default:
		return ""
	}
}

func (s *scribe) fitSentence() string {
	c := s.set.Curve
	if c == nil || c.N == 0 || !known(c.R2) || s.set.Tested.Batching {
		return ""
	}
	points := s.buckets(c.N)
	if r, ok := s.curveResource(); ok && s.coarse(r) {
		points = fmt.Sprintf("%s values of utilization, each of several %ss,", whole(float64(c.N)), s.minuteWord())
	}
	return fmt.Sprintf("The line rests on %s up to %s requests/s per instance and explains %s of what varies.", points, plain(c.MaxRate), explained(c.R2))
}

// explained writes a coefficient of determination as a share, never rounded up
// to all of it.
func explained(r2 finding.Number) string {
	if r2 > 0.999 {
		return "more than 99.9 %"
	}
	return trimmed(fixed(math.Floor(float64(r2)*1000)/10, 1)) + " %"
}

// whereNotes are the sentences about model time and overhead.
func (s *scribe) whereNotes() []string {
	steps := s.set.Steps
	var lines []string
	if has(steps, overheadOf) {
		over := values(steps, overheadOf)
		lo, hi := least(over), greatest(over)
		text := "Overhead, SageMaker's own time around the model, averages " + seconds(lo)
		if hi > lo*1.05 {
			text = "Overhead, SageMaker's own time around the model, averages " + secondsSpan(lo, hi)
		}
		lines = append(lines, text+" over the steps.")
	}
	lines = append(lines, s.growthSentence(), s.concurrencySentence())
	return append(nonEmpty(lines), "The time between the client and the endpoint is not in CloudWatch: callers see more than this.")
}

// growthSentence says which part grew from the first step to the slowest one.
func (s *scribe) growthSentence() string {
	var first, worst *finding.Step
	for i := range s.set.Steps {
		st := &s.set.Steps[i]
		if !st.ModelMean.Known() || !st.Overhead.Known() {
			continue
		}
		if first == nil {
			first = st
		}
		if worst == nil || st.ModelMean > worst.ModelMean {
			worst = st
		}
	}
	if first == nil || worst == first || worst.ModelMean < 1.2*first.ModelMean {
		return ""
	}
	model := float64(worst.ModelMean - first.ModelMean)
	over := math.Max(0, float64(worst.Overhead-first.Overhead))
	share := "all of the growth"
	if over > 0.005*model {
		share = percent(model/(model+over)) + " of the growth"
	}
	return fmt.Sprintf("From %s to %s the mean model time grows from %s to %s; %s is model time, which includes waiting inside the container.",
		s.stepName(first), s.stepName(worst), seconds(first.ModelMean), seconds(worst.ModelMean), share)
}

func (s *scribe) concurrencySentence() string {
	of := func(st *finding.Step) finding.Number { return st.Concurrency }
	all := values(s.set.Steps, of)
	lo, hi := least(all), greatest(all)
	if !known(lo) || !known(hi) {
		return ""
	}
	if len(all) == 1 || lo == hi {
		return fmt.Sprintf("By Little's law an instance held %s requests at once.", plain(hi))
	}
	return fmt.Sprintf("By Little's law an instance held between %s and %s requests at once.", plain(lo), plain(hi))
}

// margins is the table of candidate resources.
func (s *scribe) margins() table {
	b := s.set.Answers.Bottleneck
	head, write := "utilization at the limit", func(n finding.Number) string { return ratioCell(n) }
	ascending := false
	switch b.Status {
	case finding.Measured:
	case finding.Extrapolated:
		head, ascending = "capacity it alone would allow, relative to the answer", true
		write = func(n finding.Number) string {
			if !n.Known() {
				return "–"
			}
			return "× " + plain(float64(n))
		}
	default:
		head = "highest utilization seen"
	}
	names := make([]string, 0, len(b.Margins))
	for name := range b.Margins {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		x, y := float64(b.Margins[names[i]]), float64(b.Margins[names[j]])
		switch {
		case known(x) != known(y):
			return known(x)
		case !known(x) || x == y:
			return names[i] < names[j]
		default:
			return (x < y) == ascending
		}
	})
	t := table{Head: []string{"resource", head}, Right: []bool{false, true}}
	for _, name := range names {
		t.Rows = append(t.Rows, []string{resourceName(name), write(b.Margins[name])})
	}
	return t
}
