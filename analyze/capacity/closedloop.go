package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// isClosedLoop recognises a fixed number of clients that wait for their
// answers: within a step a slower minute is then a minute with fewer requests
// (rate = clients / (latency + think time)), while under open arrivals more
// requests make a minute slower. It looks at the pooled slope and correlation of log
// latency over log rate within steps.
func (a *analysis) isClosedLoop() bool {
	sxx, sxy, syy, n := 0.0, 0.0, 0.0, 0
	for _, s := range a.steps {
		var x, y []float64
		for _, i := range s.used {
			if b := &a.buckets[i]; b.offered > 0 && b.mean > 0 && b.loss <= lossLimit {
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
	for _, i := range s.all {
		if !(a.buckets[i].conc > 0) {
			return [][]int{s.all}
		}
	}
	return a.cut(s.all, func(i int) float64 { return math.Log(a.buckets[i].conc) }, stallGrowth/2)
}
