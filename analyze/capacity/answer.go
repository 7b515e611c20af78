package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

const perInstance = "requests/s/instance"

// capacityAnswer is the capacity and what limits it.
func (a *analysis) capacityAnswer() (finding.Estimate, finding.Bottleneck) {
	if len(a.steps) == 0 {
		why := "No requests were seen in the window."
		return refused(perInstance, why), finding.Bottleneck{Status: finding.Unanswerable, Why: why, Query: "utilization_by_minute"}
	}
	e, b := a.limit()
	if m, ok := a.memoryBottleneck(); ok {
		b = m
	}
	return e, b
}

// limit is the capacity and what limits it, memory that runs out apart.
func (a *analysis) limit() (finding.Estimate, finding.Bottleneck) {
	if e, b, ok := a.lossSystem(); ok {
		return e, b
	}
	if a.saturated {
		if a.partial {
			if e, ok := a.firstToFill(); ok {
				return e, a.measuredBottleneck()
			}
			return a.lowerBound("only some instances were full, and what a request costs there is not known"), a.measuredBottleneck()
		}
		if e, ok := a.measured(); ok {
			if law, b := a.extrapolate(); a.onlyBursts() && (law.Method == "utilization_law" || law.Method == "workers") && law.Value > burstGain*e.Value {
				law.Why += " Some requests were refused before: bursts that the queue could not hold, not the limit."
				return law, b
			}
			return a.coverLaw(e), a.measuredBottleneck()
		}
		if e, b := a.extrapolate(); e.Status == finding.Extrapolated {
			e.Why += sprintf(" The plateau is shorter than %d minutes, too short to read it off.", minPlateau)
			return e, b
		}
		return a.lowerBound(sprintf("the plateau is shorter than %d minutes", minPlateau)), a.measuredBottleneck()
	}
	return a.extrapolate()
}

// refused is an answer that the data does not carry.
func refused(unit, why string) finding.Estimate {
	return finding.Estimate{
		Status: finding.Unanswerable, Unit: unit, Why: why,
		Value: finding.Missing(), Lo: finding.Missing(), Hi: finding.Missing(), Current: finding.Missing(),
	}
}

// estimate scales a capacity of the average instance to the slowest one. To the
// interval is added, as errors add that know nothing of each other, what is not
// known of the skew and what no scatter of minutes shows.
func (h hotness) estimate(value, lo, hi float64) finding.Estimate {
	v := h.slower(value)
	down, up := math.Hypot(leastHalfWidth, (value-lo)/value), math.Hypot(leastHalfWidth, (hi-value)/value)
	skewDown, skewUp := (h.hi-h.excess)/(1+h.excess), (h.excess-h.lo)/(1+h.excess)
	if h.excess > 0 {
		skewDown, skewUp = max(skewDown, leastSkew), max(skewUp, leastSkew)
	}
	return finding.Estimate{
		Unit: perInstance, Confidence: confidence, Current: finding.Missing(),
		Value: finding.Number(v),
		Lo:    finding.Number(v * (1 - math.Hypot(down, skewDown))),
		Hi:    finding.Number(v * (1 + math.Hypot(up, skewUp))),
	}
}

// firstToFill is the capacity of the slowest instance when only it was full:
// its own line, read at its limit, which it reached.
func (a *analysis) firstToFill() (finding.Estimate, bool) {
	d := a.nearest()
	if d == nil || len(d.x) < minFitBuckets/2 || d.concave || d.convex || d.r2 < minR2 {
		return finding.Estimate{}, false
	}
	e := a.hot.estimate(d.capacity.Value, d.capacity.Lo, d.capacity.Hi)
	e.Status, e.Method, e.N, e.Query = finding.Measured, "utilization_law", len(d.x), "capacity_plateau"
	e.Window = a.window(d.index)
	e.Why = sprintf("The busiest instance was full while the others were not; at %s of %s a request, %s more than the average instance needs, it fills at this rate.",
		milliseconds(d.line.Slope*(1+a.hot.excess)), upper(d.name)+" time", percent(a.hot.excess))
	return e, true
}

// extrapolate applies the utilization law where it may be applied.
func (a *analysis) extrapolate() (finding.Estimate, finding.Bottleneck) {
	d, why := a.lawful()
	h := a.look()
	if why != "" && a.workersDecide(d, h) {
		return a.withWorkers(d, h)
	}
	if why != "" {
		return a.lowerBound(why), a.unknownBottleneck(why)
	}
	if !h.ok {
		why := "latency was not published, so that a limit on concurrency cannot be excluded"
		return a.lowerBound(why), a.unknownBottleneck(why)
	}
	if a.in.Workers > 0 {
		return a.withWorkers(d, h)
	}
	if h.least < tolerable*h.law {
		why := a.hiddenWhy(h)
		return a.lowerBound(why), a.unknownBottleneck(why)
	}
	e := a.lawEstimate(d)
	if h.workers > 0 {
		e.Lo = min(e.Lo, finding.Number(a.hot.slower(h.least*d.capacity.Value/h.law)))
		e.Why += sprintf(" The interval allows for as few as %d workers per instance.", h.workers)
	}
	return e, a.expectedBottleneck(d, math.Inf(1))
}

// lawful is the resource that would fill first, and why its line must not be
// used, "" when it may.
func (a *analysis) lawful() (*demand, string) {
	if a.tested.VCPU == 0 || a.tested.GPUs == 0 && a.publishedGPU() {
		return nil, "the number of vCPUs and GPUs of an instance is not known (--instance-type says it)"
	}
	for i := range a.demands {
		d := &a.demands[i]
		if len(d.x) == 0 {
			if n := a.fitCount(); n < minFitBuckets {
				return nil, sprintf("%d usable minutes, %d needed", n, minFitBuckets)
			}
			return nil, upper(d.name) + " utilization was not published"
		}
		if d.name == "gpu" && d.concave {
			return nil, d.refusal
		}
	}
	d := a.nearest()
	if d == nil {
		return nil, "no utilization rises with the rate"
	}
	return d, d.refusal
}

func (a *analysis) fitCount() int {
	n := 0
	for i := range a.minutes {
		if a.minutes[i].Usable {
			n++
		}
	}
	return n
}

func (a *analysis) lawEstimate(d *demand) finding.Estimate {
	far := lawShape * max(0, d.capacity.Value-d.maxRate)
	e := a.hot.estimate(d.capacity.Value,
		d.capacity.Value-math.Hypot(far, d.capacity.Value-d.capacity.Lo), d.capacity.Value+math.Hypot(far, d.capacity.Hi-d.capacity.Value))
	e.Status, e.Method, e.N, e.Query = finding.Extrapolated, "utilization_law", len(d.x), "capacity_plateau"
	e.Window = a.window(d.index)
	e.Formula = d.formula() + a.slowestTerm(d.capacity.Value, float64(e.Value))
	e.Why = sprintf("Each request costs %s of %s time; the test reached %s of the limit.", milliseconds(d.line.Slope), upper(d.name), percent(d.topBusy))
	return e
}

// workersDecide reports whether a known number of workers is the limit beyond
// doubt although the line of CPU or GPU is too rough to publish: the requests
// wait for something else, and so the resource is hardly used.
func (a *analysis) workersDecide(d *demand, h hidden) bool {
	if d == nil || !h.ok || a.in.Workers == 0 || !d.rough || len(d.x) < d.pointsNeeded() {
		return false
	}
	limit := float64(a.in.Workers) / h.net.alone()
	return workersClear*limit < d.capacity.Value && limit <= maxStretch*d.maxRate
}

// withWorkers is the extrapolation when the number of workers is known.
func (a *analysis) withWorkers(d *demand, h hidden) (finding.Estimate, finding.Bottleneck) {
	w := a.in.Workers
	x := h.net.throughput(min(w, 4*maxPopulation))
	model := x[len(x)-1]
	value := h.with(x, len(x))
	e := a.lawEstimate(d)
	limit := a.hot.partly(1 - h.waits).slower(float64(w) / h.net.alone())
	if value >= enough*h.law {
		return e, a.expectedBottleneck(d, limit)
	}
	// A line that hardly matters must not widen the interval either.
	spread := min(workersSpread, max(workersLeast, d.capacity.Hi/d.capacity.Value-1))
	if low := a.lowestStep(); low != nil && a.lone.ok {
		// The more of the least latency is a wait, the worse the time alone is known.
		spread = max(spread, waitUnsure*(1-h.net.alone()/a.perSuccess(low).mean))
	}
	skew := a.hot.partly(1 - h.waits)
	out := skew.estimate(value, model*(1-spread), h.most(x, len(x))*(1+spread))
	out.Status, out.Method, out.N, out.Query, out.Window = finding.Extrapolated, "workers", e.N, e.Query, e.Window
	out.Formula = sprintf("%d / %s = %s requests/s", w, milliseconds(h.net.alone()), figure(float64(w)/h.net.alone()))
	out.Why = sprintf("%s busy for %s a request, of which %s is not CPU or GPU time.", workersAre(w), milliseconds(h.net.alone()), percent(h.waits))
	return out, a.expectedBottleneck(d, limit)
}

// hiddenWhy explains why the law would be a guess.
func (a *analysis) hiddenWhy(h hidden) string {
	if h.waits > 0 {
		return sprintf("a request spends %s of its time without using CPU or GPU, and the number of workers is not known; with %d of them an instance would stop at %s requests/s",
			percent(h.waits), h.workers, figure(h.least))
	}
	return sprintf("the number of workers is not known, and the test does not rule out %d, with which an instance would stop at %s requests/s", h.workers, figure(h.least))
}

// inMinutes is how long n buckets are, in whole minutes.
func (a *analysis) inMinutes(n int) int {
	return int(math.Round(float64(n) * a.minutes[0].Seconds / 60))
}

// window spans the given buckets.
func (a *analysis) window(index []int) *finding.Window {
	if len(index) == 0 {
		return nil
	}
	lo, hi := index[0], index[0]
	for _, i := range index {
		lo, hi = min(lo, i), max(hi, i)
	}
	last := &a.minutes[hi]
	return &finding.Window{Start: a.minutes[lo].Start, End: last.Start.Add(seconds(last.Seconds))}
}

// halfWidth is half of an interval's width.
func halfWidth(iv stat.Interval) float64 { return (iv.Hi - iv.Lo) / 2 }

// nameQueries gives answers that were refused the query with the rows that
// they would rest on, so that a reader can look at what is missing.
func nameQueries(a *finding.Answers) {
	for query, answers := range map[string][]*finding.Estimate{
		"capacity_plateau": {&a.Capacity},
		"slo_crossing":     {&a.SLORate, &a.Instances, &a.AutoscalingTarget, &a.Headroom},
		"error_onset":      {&a.ErrorOnset},
		"instance_count":   {&a.CostPerMillion, &a.CostPerHour},
	} {
		for _, e := range answers {
			if e.Query == "" {
				e.Query = query
			}
		}
	}
}
