package capacity

import (
	"math"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// step is a span of constant offered rate and instance count.
type step struct {
	all       []int // indices of its buckets
	used      []int // those that are left after trimming; all when none is
	saturated bool
	clean     bool // used holds only sound buckets
	warm      bool // all of it is warm-up

	// Medians over the used buckets.
	k, offered, served, loss, client, mean, conc float64
	full                                         string // the fullest resource, "" when none reaches busyFull
}

// answered is the rate of requests that were not lost, be the answer a 4xx.
func (s *step) answered() float64 { return s.offered * (1 - s.loss) }

// findSteps cuts the buckets with requests at gaps, at changes of the instance
// count and at change points of the logarithm of the fleet's rate.
func (a *analysis) findSteps() {
	var cuts []cutRun
	for _, run := range a.runs() {
		cuts = append(cuts, a.cutAt(run, a.logRate, minStepShift))
	}
	var steps [][]int
	for shift := minStepShift; ; shift *= 2 {
		steps = steps[:0]
		for i := range cuts {
			c := &cuts[i]
			c.points = stat.JoinSmall(c.x, c.points, shift)
			steps = append(steps, c.pieces()...)
		}
		if len(steps) <= maxSteps || shift > 1 {
			break
		}
	}
	a.setSteps(steps)
}

func (a *analysis) setSteps(groups [][]int) {
	a.steps = a.steps[:0]
	for _, all := range groups {
		s := step{all: all}
		a.trim(&s)
		a.summarise(&s)
		a.steps = append(a.steps, s)
		for _, i := range all {
			a.minutes[i].Step = len(a.steps)
		}
	}
}

// runs are the maximal spans of buckets with requests, without a gap and with
// one instance count.
func (a *analysis) runs() [][]int {
	var out [][]int
	var run []int
	flush := func() {
		if len(run) > 0 {
			out = append(out, run)
		}
		run = nil
	}
	for i := range a.buckets {
		b := &a.buckets[i]
		if i < a.deploy.from || !(b.offered > 0) || !b.whole {
			continue
		}
		if n := len(run); n > 0 {
			last := run[n-1]
			gap := a.minutes[i].Start.Sub(a.minutes[last].Start)
			width := time.Duration(a.minutes[last].Seconds * float64(time.Second))
			if gap > max(maxGap, 3*width) || a.buckets[last].k != b.k {
				flush()
			}
		}
		run = append(run, i)
	}
	flush()
	return out
}

func (a *analysis) logRate(i int) float64 {
	return math.Log(a.minutes[i].Invocations / a.minutes[i].Seconds)
}

// cutRun is a run of buckets with a series over them and its change points.
type cutRun struct {
	run    []int
	x      []float64
	points []int
}

// pieces are the buckets between the change points.
func (c *cutRun) pieces() [][]int {
	var out [][]int
	from := 0
	for _, p := range append(slices.Clone(c.points), len(c.run)) {
		out = append(out, c.run[from:p])
		from = p
	}
	return out
}

// cut splits one run at the change points of a series of logarithms.
func (a *analysis) cut(run []int, series func(int) float64, shift float64) [][]int {
	c := a.cutAt(run, series, shift)
	return c.pieces()
}

// cutAt finds the change points of a series of logarithms over a run.
func (a *analysis) cutAt(run []int, series func(int) float64, shift float64) cutRun {
	x := make([]float64, len(run))
	counts := make([]float64, len(run))
	for j, i := range run {
		x[j], counts[j] = series(i), a.minutes[i].Invocations
	}
	poisson := 0.7 / math.Sqrt(max(1, stat.Median(counts)))
	o := stat.ChangeOptions{MinSegment: minStepBuckets, MinSigma: max(minRateNoise, poisson), MinShift: shift}
	if a.wide {
		// A bucket may be a whole step: differences between buckets are not noise.
		o.MinSegment, o.Sigma = 1, o.MinSigma
	}
	return cutRun{run: run, x: x, points: stat.ChangePoints(x, o)}
}

// trim leaves out the first bucket of the step, buckets around changes of the
// instance count and restarts, and buckets off the level of the rest, such as
// a last one that was cut short.
func (a *analysis) trim(s *step) {
	level := make([]float64, len(s.all))
	for j, i := range s.all {
		level[j] = a.logRate(i)
	}
	middle := stat.Median(level)
	off := max(0.10, 4*stat.MAD(level))
	for j, i := range s.all {
		b := &a.buckets[i]
		first := j == 0 && !a.wide
		b.trimmed = first || math.Abs(level[j]-middle) > off
		if !b.trimmed && b.stable && !b.restart {
			s.used = append(s.used, i)
		}
	}
	s.clean = len(s.used) > 0
	if !s.clean {
		s.used = s.all
	}
}

// stepNeeds is how many buckets a step must keep to count.
func (a *analysis) stepNeeds() int {
	if a.wide {
		return 1
	}
	return stepBuckets
}

func (a *analysis) summarise(s *step) {
	over := func(f func(b *bucket) float64) float64 {
		return a.median(s.used, func(i int) float64 { return f(&a.buckets[i]) })
	}
	s.k = over(func(b *bucket) float64 { return b.k })
	s.offered = over(func(b *bucket) float64 { return b.offered })
	s.served = over(func(b *bucket) float64 { return b.served })
	s.loss = over(func(b *bucket) float64 { return b.loss })
	s.client = over(func(b *bucket) float64 { return b.client })
	s.mean = over(func(b *bucket) float64 { return b.mean })
	s.conc = over(func(b *bucket) float64 { return b.conc })
	most := busyFull
	for _, r := range a.resources() {
		u := a.median(s.used, func(i int) float64 { return r.hot(&a.minutes[i]) / r.limit })
		if u >= most {
			s.full, most = r.name, u
		}
	}
}

// median is the median of f over the buckets where it is known, else NaN.
func (a *analysis) median(index []int, f func(i int) float64) float64 {
	return stat.Median(a.values(index, f))
}

func (a *analysis) values(index []int, f func(i int) float64) []float64 {
	var v []float64
	for _, i := range index {
		if x := f(i); known(x) {
			v = append(v, x)
		}
	}
	return v
}

// stepResult is step i as the report shows it.
func (a *analysis) stepResult(i int) finding.Step {
	s := &a.steps[i]
	med := func(f func(m *finding.Minute) float64) finding.Number {
		return finding.Number(a.median(s.used, func(i int) float64 { return f(&a.minutes[i]) }))
	}
	last := &a.minutes[s.all[len(s.all)-1]]
	out := finding.Step{
		N: i + 1, Minutes: len(s.used), Instances: finding.Number(s.k), Saturated: s.saturated, SLO: a.stepSLO(s),
		Start:       a.minutes[s.all[0]].Start,
		End:         last.Start.Add(time.Duration(last.Seconds * float64(time.Second))),
		OfferedRPS:  finding.Number(s.offered),
		ServedRPS:   finding.Number(s.served),
		Concurrency: finding.Number(s.conc),
		Errors4XX:   finding.Number(s.client),
		Errors5XX:   finding.Number(s.loss),
		P50:         med(func(m *finding.Minute) float64 { return m.ModelP50 }),
		P90:         med(func(m *finding.Minute) float64 { return m.ModelP90 }),
		P95:         med(func(m *finding.Minute) float64 { return m.ModelP95 }),
		P99:         med(func(m *finding.Minute) float64 { return m.ModelP99 }),
		ModelMean:   med(func(m *finding.Minute) float64 { return m.ModelMean }),
		Overhead:    med(func(m *finding.Minute) float64 { return m.OverheadMean }),
		CPU:         med(func(m *finding.Minute) float64 { return over(m.CPU, a.tested.VCPU) }),
		GPU:         med(func(m *finding.Minute) float64 { return over(m.GPU, a.tested.GPUs) }),
		GPUMemory:   med(func(m *finding.Minute) float64 { return over(m.GPUMemory, a.tested.GPUs) }),
		Memory:      med(func(m *finding.Minute) float64 { return m.Memory }),
		Disk:        med(func(m *finding.Minute) float64 { return m.Disk }),
	}
	if a.onlyRestarts(s) {
		out.Errors5XX = finding.Missing() // they tell of the restart, not of the load
	}
	for _, j := range s.all {
		out.LogErrors += int(a.minutes[j].LogErrors)
		out.LogWarnings += int(a.minutes[j].LogWarnings)
	}
	return out
}

// over is busy as a ratio of the limit, NaN when the limit is not known.
func over(busy float64, limit int) float64 {
	if limit <= 0 {
		return math.NaN()
	}
	return busy / float64(limit)
}

// byRate are the step indices, least offered rate first.
func (a *analysis) byRate() []int {
	order := make([]int, len(a.steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch x, y := a.steps[i].offered, a.steps[j].offered; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return order
}
