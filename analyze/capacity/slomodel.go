package capacity

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
	"sizewise/analyze/stat"
)

// beyond answers for an objective that no step missed: by the queue model where
// capacity is known, by the utilization line, or by a lower bound.
func (a *analysis) beyond(o slo.Objective, levels []level) finding.Estimate {
	top := levels[len(levels)-1]
	c := a.answers.Capacity
	if o.Metric.IsLatency() && c.Status == finding.Extrapolated && len(levels) >= minModelSteps {
		if e, ok := a.queueModel(o, top.rate); ok {
			return a.withFewest(e, o, levels)
		}
	}
	if d := a.demandOf(string(o.Metric)); d != nil && d.refusal == "" {
		return a.lineCrossing(o, d)
	}
	sure := surest(o, levels)
	if sure == nil {
		return refused(perInstance, sprintf("%s held in every load step, but in none beyond what its few readings may leave to chance.", o))
	}
	bound := sloSafety * min(sure.rate, sure.kept)
	if c.Status == finding.Measured || c.Status == finding.Extrapolated {
		bound = min(bound, float64(c.Lo))
	}
	which := "the highest had"
	if sure.rate < top.rate {
		which = "the highest that did so beyond doubt had"
	}
	return finding.Estimate{
		Status: finding.AtLeast, Value: finding.Number(bound), Lo: finding.Missing(), Hi: finding.Missing(), Current: finding.Missing(),
		Unit: perInstance, N: len(sure.values), Method: "sustained", Query: "slo_crossing",
		Why: sprintf("%s held in every load step; %s %s requests/s per instance (%s).", o, which, figure(sure.rate), show(o, sure.value)),
	}
}

// surest is the highest level whose readings keep the objective beyond doubt; nil
// where there is none.
func surest(o slo.Objective, levels []level) *level {
	for i := len(levels) - 1; i >= 0; i-- {
		if o.Met(levels[i].most(o)) {
			return &levels[i]
		}
	}
	return nil
}

// most is what the level's value may be but for chance: of a latency the mean of
// its readings, as ratios, and one standard error. The median of three hides one
// that was twice as slow.
func (l *level) most(o slo.Objective) float64 {
	if !o.Metric.IsLatency() || len(l.values) == 0 {
		return l.value
	}
	logs := make([]float64, len(l.values))
	for i, v := range l.values {
		logs[i] = math.Log(v)
	}
	scatter := levelNoise
	if len(logs) > 1 {
		scatter = max(scatter, math.Sqrt(stat.Variance(logs)/float64(len(logs))))
	}
	return max(l.value, math.Exp(stat.Mean(logs)+scatter))
}

// lineCrossing is the rate at which a utilization objective is reached, by the
// resource's own line.
func (a *analysis) lineCrossing(o slo.Objective, d *demand) finding.Estimate {
	at := func(c float64) float64 {
		return c * (o.Limit*d.limit - d.line.Intercept) / (d.limit - d.line.Intercept)
	}
	return finding.Estimate{
		Status: finding.Extrapolated, Unit: perInstance, Confidence: confidence, N: len(d.x), Method: "utilization_law", Query: "capacity_plateau",
		Value: finding.Number(at(d.capacity.Value)), Lo: finding.Number(at(d.capacity.Lo)), Hi: finding.Number(at(d.capacity.Hi)), Current: finding.Missing(),
		Why: sprintf("By the %s line; the test reached %s.", upper(d.name), percent(d.topBusy)),
	}
}

// bestQueue solves the queueing curve for the limit with each number of servers,
// and answers their mean by how well they fit the levels: where latency has
// hardly begun to rise, several do.
func bestQueue(levels []level, capacity, limit float64) (float64, bool) {
	sum, total := 0.0, 0.0
	for servers := 1.0; servers <= 64; servers *= 2 {
		m := math.Sqrt(2*(servers+1)) - 1
		c, ok := fitQueue(levels, m, capacity)
		if !ok || c.base >= limit {
			continue
		}
		w := math.Exp(-c.misfit / (2 * sq(levelNoise)))
		sum, total = sum+w*c.solve(limit), total+w
	}
	return sum / total, total > 0
}

// queueCurve is latency = base + gain x rho^m / (1 - rho), rho = rate over
// capacity.
type queueCurve struct {
	base, gain, m, capacity float64
	misfit                  float64 // sum of squared relative errors
}

func (c queueCurve) at(rho float64) float64 {
	return c.base + c.gain*math.Pow(rho, c.m)/(1-rho)
}

// solve is the rate at which the curve reaches the limit, at most
// maxModelLoad of the capacity.
func (c queueCurve) solve(limit float64) float64 {
	lo, hi := 0.0, maxModelLoad
	for range 60 {
		if mid := (lo + hi) / 2; c.at(mid) < limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo * c.capacity
}

// fitQueue fits base and gain by least squares of relative errors. ok is false
// when the curve does not rise.
func fitQueue(levels []level, m, capacity float64) (queueCurve, bool) {
	c := queueCurve{m: m, capacity: capacity}
	var sw, sx, sy, sxx, sxy float64
	for _, l := range levels {
		rho := l.rate / capacity
		if rho >= maxModelLoad || !(l.value > 0) {
			continue
		}
		w, x := 1/sq(l.value), math.Pow(rho, m)/(1-rho)
		sw, sx, sy, sxx, sxy = sw+w, sx+w*x, sy+w*l.value, sxx+w*x*x, sxy+w*x*l.value
	}
	det := sw*sxx - sx*sx
	if !(det > 0) {
		return c, false
	}
	c.gain = (sw*sxy - sx*sy) / det
	c.base = (sy - c.gain*sx) / sw
	for _, l := range levels {
		if rho := l.rate / capacity; rho < maxModelLoad && l.value > 0 {
			c.misfit += sq(c.at(rho)/l.value - 1)
		}
	}
	return c, c.gain > 0
}
