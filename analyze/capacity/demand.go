package capacity

import (
	"cmp"
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// resource is something with a limit that requests use up. Only CPU and GPU
// time are used in proportion to the rate.
type resource struct {
	name  string
	limit float64 // busy units of one instance
	avg   func(m *finding.Minute) float64
	hot   func(m *finding.Minute) float64 // the busiest instance, the average where that is not published
}

// resources are those whose limit is known.
func (a *analysis) resources() []resource {
	var out []resource
	if n := a.tested.VCPU; n > 0 {
		out = append(out, resource{
			"cpu", float64(n),
			func(m *finding.Minute) float64 { return m.CPU },
			func(m *finding.Minute) float64 { return highest(m.CPUHot, m.CPU) },
		})
	}
	if n := a.tested.GPUs; n > 0 {
		out = append(out, resource{
			"gpu", float64(n),
			func(m *finding.Minute) float64 { return m.GPU },
			func(m *finding.Minute) float64 { return highest(m.GPUHot, m.GPU) },
		})
	}
	return out
}

func highest(hot, avg float64) float64 {
	if math.IsNaN(hot) {
		return avg
	}
	return hot
}

// demand is busy = U0 + D x rate for one resource, and whether it can be
// believed.
type demand struct {
	resource
	index      []int     // buckets in the fit, by time
	at         []float64 // their times, from 0 to 1 over the fit
	step       []int     // their load steps
	x, y       []float64 // served rate and average busy
	byRate     []int     // the points, least rate first and then by time
	drift      drift     // of the work per request
	mix        mix       // of the requests, from step to step
	line       stat.Line
	slope      stat.Interval
	capacity   stat.Interval // (limit - U0)/D, per average instance
	r2         float64
	slopeRatio float64 // NaN when a half has too few points
	concave    bool    // work per request falls with load
	convex     bool
	topBusy    float64 // highest utilization in the fit, ratio, by the line
	minRate    float64
	maxRate    float64
	needed     int    // points that the fit needs
	rough      bool   // refused only because the resource was hardly used
	refusal    string // why the line must not be extrapolated; "" when it may
}

// fitDemand fits a line per resource and the skew between instances.
func (a *analysis) fitDemand() {
	slower := a.latencyDrift()
	for _, r := range a.resources() {
		d := demand{resource: r, needed: minFitBuckets}
		if a.spread > 1 || a.wide {
			d.needed = minSpreadPoints
		}
		d.index, d.x, d.y = a.fitPoints(r)
		d.at = a.times(d.index)
		for _, i := range d.index {
			d.step = append(d.step, a.minutes[i].Step)
		}
		d.fit(slower)
		a.averageMix(&d)
		a.demands = append(a.demands, d)
	}
	a.single = a.byInstance()
	a.hot = a.fitHot()
}

// fit estimates the line and its capacity. The capacity's interval comes from
// leaving out blocks of neighbouring buckets, because what disturbs one minute
// disturbs the next: least-squares intervals cover half of what they claim.
// slower is how the latency drifted, per bucket, nil when it did not.
func (d *demand) fit(slower []float64) {
	line, ok := stat.TheilSen(d.x, d.y)
	if !ok || len(d.x) < 3 {
		d.refusal = "no two buckets with different rates"
		return
	}
	d.drift = findDrift(d.at, d.x, d.y)
	if f, ok := d.following(slower); ok {
		d.drift = f
	}
	d.line = d.steadyLine(line)
	if len(d.x) < minDriftPoints {
		d.mix = d.findMix() // over more points drift is fitted itself
	}
	y := d.drift.without(d.x, d.y, d.line)
	d.r2 = d.line.RSquared(d.x, y)
	d.minRate, d.maxRate = slices.Min(d.x), slices.Max(d.x)
	d.byRate = ascending(d.x)
	d.topBusy = d.line.At(d.maxRate) / d.limit
	var lines []stat.Line // of the same parts, in the same order
	d.slope = stat.Jackknife(len(d.x), jackknifeParts, confidence, func(index []int) float64 {
		lines = append(lines, d.again(index))
		return lines[len(lines)-1].Slope
	})
	d.capacity = stat.Jackknife(len(d.x), jackknifeParts, confidence, func([]int) float64 {
		l := lines[0]
		lines = lines[1:]
		return (d.limit - l.Intercept) / l.Slope
	})
	d.widenWhereFew()
	d.widenByDrift()
	d.bendCheck()
	d.refusal = d.refuse()
	if d.refusal == "" {
		d.refusal = d.tooRough()
		d.rough = d.refusal != ""
	}
}

// steadyLine is the line at the mean work per request, given the one without
// regard to drift.
func (d *demand) steadyLine(line stat.Line) stat.Line {
	if d.drift.factor == nil {
		return line
	}
	x := make([]float64, len(d.x))
	for i := range x {
		x[i] = d.x[i] * d.drift.factor[i]
	}
	if l, ok := stat.TheilSen(x, d.y); ok && l.Slope > 0 {
		return l
	}
	return line
}

// sortedOnce is from how many points on they are sorted once for all parts.
const sortedOnce = 1000

// ascending are the indices of x, least value first and then as they come.
func ascending(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(x[i], x[j]), cmp.Compare(i, j)) })
	return order
}

// againByRate is again where nothing drifts, so that the order of the points in
// time does not matter: they are handed on sorted, which saves sorting them again
// for every part that is left out.
func (d *demand) againByRate(index []int) (stat.Line, bool) {
	in := make([]bool, len(d.x))
	for _, i := range index {
		in[i] = true
	}
	x, y := make([]float64, 0, len(index)), make([]float64, 0, len(index))
	for _, i := range d.byRate {
		if in[i] {
			x, y = append(x, d.x[i]), append(y, d.y[i])
		}
	}
	return stat.TheilSen(x, y)
}

// again is the line through some of the points, NaN when it does not rise.
func (d *demand) again(index []int) stat.Line {
	if d.drift.factor == nil && len(index) > sortedOnce {
		l, ok := d.againByRate(index)
		if !ok || l.Slope <= 0 {
			return stat.Line{Intercept: math.NaN(), Slope: math.NaN()}
		}
		return l
	}
	part := demand{}
	for _, i := range index {
		part.at, part.x, part.y = append(part.at, d.at[i]), append(part.x, d.x[i]), append(part.y, d.y[i])
		if d.drift.clocked {
			part.drift.factor = append(part.drift.factor, d.drift.factor[i])
		}
	}
	l, ok := stat.TheilSen(part.x, part.y)
	if d.drift.factor != nil {
		if !d.drift.clocked {
			part.drift = findDrift(part.at, part.x, part.y)
		}
		l = part.steadyLine(l)
	}
	if !ok || l.Slope <= 0 {
		return stat.Line{Intercept: math.NaN(), Slope: math.NaN()}
	}
	return l
}

// widenByDrift lets the interval cover what the work per request moved by: the
// test saw its mean, and the next hours may have another.
func (d *demand) widenByDrift() {
	c := &d.capacity
	if d.drift.factor == nil {
		return
	}
	more := math.Hypot(driftShare*d.drift.spread, leastDrift) * c.Value
	c.Lo, c.Hi = c.Value-math.Hypot(c.Value-c.Lo, more), c.Value+math.Hypot(c.Hi-c.Value, more)
}

// bendCheck compares the slope of the upper half of the rates with that of the
// lower half, and the work per request at the top with that at the bottom of a
// GPU, which has no background of its own.
func (d *demand) bendCheck() {
	all := make([]int, len(d.x))
	for i := range all {
		all[i] = i
	}
	steady := d.drift.without(d.x, d.y, d.line)
	d.slopeRatio = d.halves(steady, all)
	idle := d.line.Intercept / d.line.At(d.maxRate)
	d.concave = d.slopeRatio < minSlopeRatio || (d.name == "gpu" && idle > maxIdleShare)
	d.convex = d.slopeRatio > maxSlopeRatio
	if len(d.x) < minDriftPoints && d.mix.spread == 0 || d.name == "gpu" && d.concave && idle > maxIdleShare || !d.concave && !d.convex {
		return
	}
	// The work itself moves, and halves differ by chance.
	iv := stat.Jackknife(len(d.x), jackknifeParts, confidence, func(index []int) float64 { return d.halves(steady, index) })
	if iv.Lo < 1 && iv.Hi > 1 {
		d.concave, d.convex = false, false
	}
}

// halves is the slope of the points above the middle rate over that of those
// below, NaN when a half has too few of them.
func (d *demand) halves(y []float64, index []int) float64 {
	middle := (d.minRate + d.maxRate) / 2
	var xs, ys [2][]float64
	for _, i := range index {
		half := 0
		if d.x[i] > middle {
			half = 1
		}
		xs[half], ys[half] = append(xs[half], d.x[i]), append(ys[half], y[i])
	}
	lower, ok0 := stat.TheilSen(xs[0], ys[0])
	upper, ok1 := stat.TheilSen(xs[1], ys[1])
	if !ok0 || !ok1 || len(xs[0]) < 5 || len(xs[1]) < 5 || lower.Slope <= 0 {
		return math.NaN()
	}
	return upper.Slope / lower.Slope
}

// refuse says why the line must not be extrapolated, "" when it may.
func (d *demand) refuse() string {
	switch {
	case len(d.x) < d.pointsNeeded():
		return sprintf("%d usable values of %s utilization, %d needed", len(d.x), upper(d.name), d.pointsNeeded())
	case d.concave && d.name == "gpu":
		return sprintf("GPU time per request falls with load (slope ratio %s, refused below %.2f): requests are batched, and GPU utilization overstates how full the GPU is", figure(d.slopeRatio), minSlopeRatio)
	case d.concave:
		return sprintf("CPU time per request falls with load (slope ratio %s, refused below %.2f)", figure(d.slopeRatio), minSlopeRatio)
	case d.convex:
		return sprintf("%s time per request rises with load (slope ratio %s, refused above %.2f)", upper(d.name), figure(d.slopeRatio), maxSlopeRatio)
	case d.maxRate < d.rangeNeeded()*d.minRate:
		return sprintf("rates from %s to %s requests/s per instance are too narrow a range, a factor of %g is needed", figure(d.minRate), figure(d.maxRate), d.rangeNeeded())
	case !(d.line.Slope > 0):
		return sprintf("%s use does not rise with the rate", upper(d.name))
	}
	return ""
}

// pointsNeeded is how many values the fit must have: half of them do where they
// lie on the line.
func (d *demand) pointsNeeded() int {
	if d.r2 >= shortR2 {
		return min(d.needed, shortFitBuckets)
	}
	return d.needed
}

// rangeNeeded is how far the rates must reach: less where the line is clear.
func (d *demand) rangeNeeded() float64 {
	if d.r2 >= clearR2 && halfWidth(d.capacity) <= clearWidth*d.capacity.Value {
		return clearRateRange
	}
	return minRateRange
}

// tooRough says why a line of the right shape must not be extrapolated as far
// as to its limit, "" when it may.
func (d *demand) tooRough() string {
	half := halfWidth(d.capacity) / d.capacity.Value
	switch {
	case d.topBusy < minBusy:
		return sprintf("%s was at most %s busy, %s needed", upper(d.name), percent(d.topBusy), percent(minBusy))
	case d.r2 < minR2:
		return sprintf("the rate explains %s of the %s use, %s needed", percent(d.r2), upper(d.name), percent(minR2))
	case !(half <= maxHalfWidth):
		return sprintf("the interval is %s wide on each side, %s allowed", percent(half), percent(maxHalfWidth))
	case d.capacity.Value > maxStretch*d.maxRate:
		return sprintf("the limit would be at %s times the highest rate seen, %g allowed", figure(d.capacity.Value/d.maxRate), maxStretch)
	}
	return ""
}

// highest is the highest utilization seen, a ratio: the line may pass 1, what
// was busy does not.
func (d *demand) highest() float64 {
	if len(d.y) == 0 {
		return math.NaN()
	}
	return min(1, slices.Max(d.y)/d.limit)
}

// matters reports whether the resource could be the first to fill up: its line
// rises, so that a capacity can be named even where it is too rough to publish.
func (d *demand) matters() bool { return d.line.Slope > 0 && d.capacity.Value > 0 }

// curve is the line of the resource that is nearest to its limit.
func (a *analysis) curve() *finding.Curve {
	d := a.nearest()
	if d == nil {
		return nil
	}
	return &finding.Curve{
		Resource: d.name, Limit: finding.Number(d.limit), MaxRate: finding.Number(d.maxRate), N: len(d.x),
		Slope: finding.Number(d.line.Slope), SlopeLo: finding.Number(d.slope.Lo), SlopeHi: finding.Number(d.slope.Hi),
		Intercept: finding.Number(d.line.Intercept), R2: finding.Number(d.r2), SlopeRatio: finding.Number(d.slopeRatio),
	}
}

// nearest is the resource with the least capacity by its line, nil when no
// line rises.
func (a *analysis) nearest() *demand {
	var best *demand
	for i := range a.demands {
		d := &a.demands[i]
		if d.matters() && (best == nil || d.capacity.Value < best.capacity.Value) {
			best = d
		}
	}
	return best
}
