package capacity

import (
	"cmp"
	"math"
	"slices"

	"sizewise/analyze/stat"
)

// hidden is what the data says about a limit on concurrency.
type hidden struct {
	net     network
	law     float64 // what the stations allow, requests/s of the average instance
	least   float64 // capacity under the worst worker count that cannot be ruled out; law when none matters
	workers int     // that worker count; 0 when none matters
	waits   float64 // share of a lone request's time that is not CPU or GPU
	ok      bool    // false when latency is missing
}

// look builds the queueing network of one average instance from the demands
// and the latency at low load, and goes through the worker counts that a
// server may have been started with. A count is ruled out when the latency
// that it would cause at a rate that was tested did not appear.
func (a *analysis) look() hidden {
	low := a.lowestStep()
	if low == nil || !(low.mean > 0) {
		return hidden{}
	}
	low = a.perSuccess(low)
	h := hidden{net: a.network(low), ok: true}
	h.law = h.net.limit()
	if !known(h.law) || !(h.law > 0) || !known(h.net.alone()) {
		return hidden{}
	}
	h.waits = h.net.delay / h.net.alone()
	h.least = h.law
	population := a.population(h)
	x := h.net.throughput(population)
	ends := a.contrast()
	for w := 1; w <= population; w++ {
		c := h.with(x, w)
		if c >= enough*h.law {
			break
		}
		if !a.conventional(w) || a.ruledOut(x[:w], low) || a.ruledOutBy(ends, x[:w]) {
			continue
		}
		h.least, h.workers = c, w
		break
	}
	return h
}

// perSuccess is the step with the time that workers spend per successful
// answer, where their number is known: rates are counted in successes, and what
// 4xx take of the workers comes on top. Without that number the time of one
// request is asked for, which the 4xx of unknown length blur either way.
func (a *analysis) perSuccess(s *step) *step {
	out := *s
	if a.in.Workers > 0 && s.client > 0 && s.client < 1 {
		out.mean /= 1 - s.client
	}
	return &out
}

// with is the capacity under w workers: the throughputs x, where all stations are
// shared, and else halfway, in ratio, between them and the most.
func (h hidden) with(x []float64, w int) float64 { return math.Sqrt(x[w-1] * h.most(x, w)) }

// most is the capacity that w workers may have at most: that of the throughputs x
// where all stations are shared, for which they hold whatever the scatter of the
// work, and else the bound that work without any scatter would reach.
func (h hidden) most(x []float64, w int) float64 {
	if h.net.shared() {
		return x[w-1]
	}
	return min(h.law, float64(w)/h.net.alone())
}

// conventional reports whether a server may have w workers: servers are
// started with one, a few, as many as there are vCPUs, or more. Counts between
// half the vCPUs and all of them are left out, because low load cannot tell
// them from all.
func (a *analysis) conventional(w int) bool {
	return 2*w <= a.tested.VCPU || w >= a.tested.VCPU || w == a.tested.GPUs
}

// lowestStep is the unsaturated step with the lowest rate that has latency.
func (a *analysis) lowestStep() *step {
	for _, i := range a.byRate() {
		s := &a.steps[i]
		if !s.saturated && !s.warm && s.mean > 0 && !a.losses(s) && len(s.used) >= a.stepNeeds() {
			return s
		}
	}
	return nil
}

// network is one average instance: the stations that matter, their demand
// raised by what the background takes, and the delay that is left of the
// latency at low load. A request that finishes in less time than it computes
// spreads over several cores, and fills the station in units of those.
func (a *analysis) network(low *step) network {
	var w network
	for _, d := range a.demands {
		if d.matters() {
			free := d.limit - max(0, d.line.Intercept)
			w.stations = append(w.stations, station{demand: d.line.Slope * d.limit / free, servers: d.limit, inTurn: d.name == "gpu"})
		}
	}
	if work := w.alone(); work > low.mean {
		for i := range w.stations {
			w.stations[i].demand *= low.mean / work
			w.stations[i].servers *= low.mean / work
		}
		return w
	}
	w.delay = a.delay(w, low)
	return w
}

// delay is what the latency of the lowest step leaves after computing and
// queueing. The queue depends on the delay in turn where the number of workers
// is known, so the two are found together.
func (a *analysis) delay(w network, low *step) float64 {
	work := w.alone()
	population := a.in.Workers
	if population == 0 {
		population = freeWorkers
	}
	for range 8 {
		queue := residence(w.throughput(min(population, maxPopulation)), low.served) - w.alone()
		if math.IsInf(queue, 1) {
			queue = 0 // more than fits: the model is off, and the latency is taken whole
		}
		w.delay = max(0, low.mean-work-queueShare*queue)
	}
	if alone, ok := a.alone(w); ok {
		w.delay = max(0, alone-work)
	}
	if w.delay < waitSlack*work {
		return 0
	}
	return w.delay
}

// alone is the time of a request that meets no other: by the simulated fleets and
// by the line of the latencies, which are wrong for different reasons, each with the
// say of its precision. ok is false where neither tells.
func (a *analysis) alone(w network) (seconds float64, ok bool) {
	line, ok := a.aloneByLine(w)
	if !a.lone.ok {
		return line, ok
	}
	simulated := a.lone.seconds.Value / (1 - a.client.all)
	if !ok {
		return simulated, true
	}
	off := math.Hypot(leastLone, halfWidth(a.lone.seconds)/2/a.lone.seconds.Value)
	// The line knows the less of it the more of the latency is a wait in every step.
	lineOff := max(lineLone, waitBlur*(1-simulated/line))
	share := sq(lineOff) / (sq(lineOff) + sq(off))
	return share*simulated + (1-share)*line, true
}

// aloneByLine is the time of a request that meets no other, by a line of the latency of
// all steps over the wait that the model has at their rates: how much of that
// wait appears depends on the balancer and on how much requests scatter. ok is
// false where the steps do not tell.
func (a *analysis) aloneByLine(w network) (seconds float64, ok bool) {
	if a.in.Workers == 0 {
		return 0, false
	}
	x := w.throughput(min(a.in.Workers, maxPopulation))
	var sw, sx, sy, sxx, sxy float64
	n := 0
	for i := range a.steps {
		s := a.perSuccess(&a.steps[i])
		wait := residence(x, s.served) - w.alone()
		if s.saturated || s.warm || !s.clean || !(s.mean > 0) || a.losses(s) || !(wait < mostWait*w.alone()) {
			continue
		}
		weight := 1 / sq(s.mean)
		sw, sx, sy, sxx, sxy = sw+weight, sx+weight*wait, sy+weight*s.mean, sxx+weight*wait*wait, sxy+weight*wait*s.mean
		n++
	}
	det := sw*sxx - sx*sx
	if n < minModelSteps || !(det > 0) {
		return 0, false
	}
	share := (sw*sxy - sx*sy) / det
	share = min(1, max(0, share))
	return (sy - share*sx) / sw, true
}

// population is how many worker counts to look at: four times those that would
// suffice without any queueing.
func (a *analysis) population(h hidden) int {
	n := 4*h.law*h.net.alone() + 8
	return int(min(max(1, n), maxPopulation))
}

// ruledOut reports whether as many workers as x has entries would have made
// latency rise more, in some unsaturated step, than it did. The model's
// waiting time holds for exponential service and random arrivals; steadier
// ones wait less, so only waitShare of it is expected, and of arrivals that
// come like clockwork hardly any.
func (a *analysis) ruledOut(x []float64, low *step) bool {
	base := residence(x, rateSlack*low.served)
	if math.IsInf(base, 1) {
		return true
	}
	share := waitShare * a.arrivalScatter()
	for i := range a.steps {
		s := a.perSuccess(&a.steps[i])
		if s.saturated || !(s.mean > 0) || s.served <= low.served || a.losses(s) {
			continue
		}
		expected := share * (residence(x, rateSlack*s.served) - base)
		if expected > max(0, s.mean-low.mean)+waitSlack*low.mean {
			return true
		}
	}
	return false
}

// contrast is the latency at the lowest and at the highest rates of many
// minutes, drift taken out.
type contrast struct {
	lowRate, highRate float64
	low, high         float64 // mean latency, s
	err               float64 // two standard errors of their difference, s
	ok                bool
}

// contrast compares the ends of the usable minutes: where the load walks, many
// minutes tell a smaller rise of the latency than two steps do.
func (a *analysis) contrast() contrast {
	d := a.nearest()
	if d == nil || len(d.index) < contrastMinutes {
		return contrast{}
	}
	order := make([]int, len(d.index))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(d.x[i], d.x[j]) })
	n := int(contrastShare * float64(len(order)))
	end := func(part []int) (rate, mean, variance float64) {
		var x, y []float64
		for _, j := range part {
			v := a.buckets[d.index[j]].mean
			if d.drift.factor != nil {
				v /= d.drift.factor[j]
			}
			if known(v) {
				x, y = append(x, d.x[j]), append(y, v)
			}
		}
		return stat.Mean(x), stat.Mean(y), stat.Variance(y) / float64(len(y))
	}
	c := contrast{}
	var before, after float64
	c.lowRate, c.low, before = end(order[:n])
	c.highRate, c.high, after = end(order[len(order)-n:])
	c.err = 2 * math.Sqrt(before+after)
	c.ok = known(c.high-c.low) && known(c.err)
	return c
}

// ruledOutBy is ruledOut by the ends of many minutes.
func (a *analysis) ruledOutBy(c contrast, x []float64) bool {
	if !c.ok || a.closedLoop {
		return false
	}
	base := residence(x, rateSlack*c.lowRate)
	if math.IsInf(base, 1) {
		return true
	}
	expected := waitShare * a.arrivalScatter() * (residence(x, rateSlack*c.highRate) - base)
	return expected > max(0, c.high-c.low)+c.err+contrastSlack*c.low
}

// arrivalScatter is how random the arrivals were: the variance over the mean
// of the requests per bucket within steps, which is 1 for independent users and
// 0 for a generator that spaces its requests evenly. It is 1 unless the data
// shows that it is less. A load that moves within its steps shows more, which
// says nothing; waiting clients adapt to the service, so theirs is not looked at.
func (a *analysis) arrivalScatter() float64 {
	if a.closedLoop {
		return 1
	}
	squares, mean, dof := 0.0, 0.0, 0.0
	for _, s := range a.steps {
		if s.saturated || len(s.used) < minStepBuckets {
			continue
		}
		counts := a.values(s.used, func(i int) float64 { return a.minutes[i].Invocations })
		free := float64(len(counts) - 1)
		squares += stat.Variance(counts) * free
		mean += stat.Mean(counts) * free
		dof += free
	}
	if !(mean > 0) {
		return 1
	}
	return min(1, max(leastScatter, stat.VarianceUpper(squares/mean, dof, confidence)))
}
