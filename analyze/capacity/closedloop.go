package capacity

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"sizewise/analyze/stat"
)

// isClosedLoop recognises a fixed number of clients that wait for their
// answers, by any of four marks. Below the limit, a slower minute is one with
// fewer requests (rate = clients / (latency + think time)), while under open
// arrivals more requests make a minute slower. At the limit, concurrency goes
// up in stairs although the rate stays and nothing fails: under open arrivals
// a queue that grows at a constant rate does so without stairs. And where answers
// take their time, the clients' requests come more evenly than independent ones
// do, though not while answers are quick. Clients that think at random come
// more evenly at every load, and a stair of so many more of them brings the less
// in rate the more requests are under way (rate = (clients - under way) / think
// time).
func (a *analysis) isClosedLoop() bool {
	return a.slowerWithFewer() || a.stairs() >= 2 || a.evenedOut() || a.heldBack()
}

// evenedOut reports whether the requests of a minute scatter as independent ones
// do while answers are quick, and clearly less where they are slow: a generator
// that spaces its requests evenly does so at every load.
func (a *analysis) evenedOut() bool {
	low := a.lowLatency()
	quick, quickFree, slow, slowFree := 0.0, 0.0, 0.0, 0.0
	for i := range a.steps {
		s := &a.steps[i]
		if !s.clean || a.losses(s) || s.full != "" || len(s.used) < minStepBuckets {
			continue
		}
		counts := a.values(s.used, func(i int) float64 { return a.minutes[i].Invocations })
		free := float64(len(counts) - 1)
		squares := stat.Variance(counts) * free / stat.Mean(counts)
		if s.mean >= slowAnswers*low {
			slow, slowFree = slow+squares, slowFree+free
		} else {
			quick, quickFree = quick+squares, quickFree+free
		}
	}
	if slowFree < leastEven || quickFree < leastEven {
		return false
	}
	return quick/quickFree > clockwork && distuv.ChiSquared{K: slowFree}.CDF(slow) < evenChance
}

// heldBack reports whether requests come more evenly than independent ones do
// but not by the clock, beyond doubt, or probably so while equal stairs of clients
// bring the less in rate the more requests are under way.
func (a *analysis) heldBack() bool {
	squares, free := 0.0, 0.0
	var x, under []float64
	for i := range a.steps {
		s := &a.steps[i]
		if !s.clean || a.losses(s) || len(s.used) < minStepBuckets || s.k != a.steps[0].k {
			continue
		}
		counts := a.values(s.used, func(i int) float64 { return a.minutes[i].Invocations })
		n := float64(len(counts) - 1)
		squares, free = squares+stat.Variance(counts)*n/stat.Mean(counts), free+n
		x, under = append(x, s.offered), append(under, s.conc)
	}
	if free < leastEven {
		return false
	}
	even := distuv.ChiSquared{K: free}.CDF(squares)
	if even < evenSure && squares/free > byTheClock {
		return true
	}
	return even < evenWeak && stairChance(x, under) < stairSure || even < evenHint && stairChance(x, under) < stairHint
}

// stairChance is how likely rates fall short of a straight line in proportion to
// the requests under way, rate = a + b x stair - c x under way, by chance: 1 where
// they do not, or by too little to matter.
func stairChance(rate, under []float64) float64 {
	n := len(rate)
	if n < minStairs || stat.Quantile(rate, 1) != rate[n-1] {
		return 1
	}
	stairs := spaced(n)
	line := leastSquares(columns(nil, stairs, 0), rate, rate)
	full := leastSquares(withColumn(stairs, func(i int) float64 { return under[i] }), rate, rate)
	if line == nil || full == nil || !(-full.beta[2]*(under[n-1]-under[0]) > leastHeldBack*rate[n-1]) {
		return 1
	}
	free := float64(n - 3)
	f := (line.rss - full.rss) / (full.rss / free)
	return distuv.F{D1: 1, D2: free}.Survival(f)
}

// stairs counts the neighbouring steps with one rate, no losses, level
// concurrency within and clearly more of it in the second.
func (a *analysis) stairs() int {
	n, low := 0, a.lowLatency()
	for i := 1; i < len(a.steps); i++ {
		s, o := &a.steps[i-1], &a.steps[i]
		if s.k != o.k || a.losses(s) || a.losses(o) || o.mean < queueGrowth*low {
			continue
		}
		same := math.Abs(s.offered-o.offered) <= stallRate*s.offered
		if same && o.conc >= (1+stallGrowth)*s.conc && a.level(o) {
			n++
		}
	}
	return n
}

// level reports whether concurrency holds still within the step, against a
// drift of half of what makes a stair.
func (a *analysis) level(s *step) bool {
	half := len(s.used) / 2
	conc := func(i int) float64 { return a.buckets[i].conc }
	before, after := a.median(s.used[:half], conc), a.median(s.used[half:], conc)
	return math.Abs(after-before) <= stallGrowth/2*before
}

// slowerWithFewer looks at the pooled slope and correlation of log latency
// over log rate within steps.
func (a *analysis) slowerWithFewer() bool {
	sxx, sxy, syy, n := 0.0, 0.0, 0.0, 0
	for _, s := range a.steps {
		var x, y []float64
		for _, i := range s.used {
			if b := &a.buckets[i]; b.offered > 0 && b.mean > 0 && b.loss-a.baseLoss <= lossLimit {
				x, y = append(x, math.Log(b.offered)), append(y, math.Log(b.mean))
			}
		}
		if len(x) < minStepBuckets {
			continue
		}
		mx, my := stat.Mean(x), stat.Mean(y)
		for j := range x {
			sxx += sq(x[j] - mx)
			sxy += (x[j] - mx) * (y[j] - my)
			syy += sq(y[j] - my)
		}
		n += len(x)
	}
	if n < minClosed || sxx == 0 || syy == 0 {
		return false
	}
	return sxy/sxx < closedSlope && sxy/math.Sqrt(sxx*syy) < closedR
}

// splitByConcurrency cuts steps where the mean concurrency moves although the
// rate does not: once a closed loop has reached the limit, more clients change
// only the former.
func (a *analysis) splitByConcurrency() {
	var groups [][]int
	for _, s := range a.steps {
		groups = append(groups, a.cutConcurrency(s)...)
	}
	a.setSteps(groups)
}

func (a *analysis) cutConcurrency(s step) [][]int {
	if a.losses(&s) {
		return [][]int{s.all}
	}
	for _, i := range s.all {
		if !(a.buckets[i].conc > 0) {
			return [][]int{s.all}
		}
	}
	return a.cut(s.all, func(i int) float64 { return math.Log(a.buckets[i].conc) }, math.Log(1+stallGrowth))
}
