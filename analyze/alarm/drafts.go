package alarm

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// errorRatio is an alarm on failed requests over all, in percent, by metric math.
// Periods with few requests count as good, so that one failure is no breach.
func (p *proposer) errorRatio(m slo.Metric, limit float64, orEqual bool, basis string) {
	var bad []string
	queries := []finding.MetricQuery{p.query("requests", Invocations, "Invocations", "Sum")}
	if m != slo.Errors5XX {
		bad = append(bad, "FILL(errors4xx, 0)")
		queries = append(queries, p.query("errors4xx", Invocations, "Invocation4XXErrors", "Sum"))
	}
	if m != slo.Errors4XX {
		bad = append(bad, "FILL(errors5xx, 0)")
		queries = append(queries, p.query("errors5xx", Invocations, "Invocation5XXErrors", "Sum"))
		p.errors = limit
	}
	floor := p.floor(limit)
	queries = append(queries, finding.MetricQuery{
		ID: "ratio", Label: "failed requests, percent",
		Expression: fmt.Sprintf("IF(requests >= %.0f, 100 * (%s) / requests, 0)", floor, strings.Join(bad, " + ")),
	})
	what := map[slo.Metric]string{slo.Errors: "4xx and 5xx", slo.Errors4XX: "4xx", slo.Errors5XX: "5xx"}[m]
	p.add(draft{alarm: finding.Alarm{
		Key: map[slo.Metric]string{slo.Errors: "Errors", slo.Errors4XX: "Errors4XX", slo.Errors5XX: "Errors5XX"}[m], Unit: "Percent",
		About:   fmt.Sprintf("Answers with %s reach %g %% of the requests in 3 of 5 periods (%s); periods with fewer than %.0f requests count as good.", what, rounded(limit*100, 4), basis, floor),
		Queries: queries, DatapointsToAlarm: 3, EvaluationPeriods: 5, OrEqual: !orEqual, Threshold: rounded(limit*100, 6),
	}, value: func(minute *finding.Minute) float64 { return errorPercent(minute, m, floor) }})
}

// floor is how many requests a period needs before its error ratio counts: as
// many as make one failure less than the limit, but no more than half of what the
// median period with traffic had.
func (p *proposer) floor(limit float64) float64 {
	var traffic []float64
	for i := range p.set.Minutes {
		if n := p.set.Minutes[i].Invocations; n > 0 {
			traffic = append(traffic, n)
		}
	}
	if len(traffic) == 0 || limit <= 0 {
		return 1
	}
	slices.Sort(traffic)
	return max(1, math.Floor(min(1/limit+1, traffic[len(traffic)/2]/2)))
}

func errorPercent(minute *finding.Minute, m slo.Metric, floor float64) float64 {
	if math.IsNaN(minute.Invocations) {
		return math.NaN()
	}
	if minute.Invocations < floor {
		return 0
	}
	bad := 0.0
	if m != slo.Errors5XX {
		bad += known(minute.Errors4XX)
	}
	if m != slo.Errors4XX {
		bad += known(minute.Errors5XX)
	}
	return 100 * bad / minute.Invocations
}

// known is x, or 0 where nothing was published: what FILL(x, 0) is.
func known(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// resource is a utilization as CloudWatch publishes it, and how many percent
// are all of it.
type resource struct {
	key, metric string
	full        float64
	value       func(*finding.Minute) float64 // 1 is one core, one GPU or all of the memory
}

func (p *proposer) resource(name string) (resource, bool) {
	cores, gpus := float64(p.set.Tested.VCPU), float64(p.set.Tested.GPUs)
	switch name {
	case "cpu":
		return resource{"CPU", "CPUUtilization", 100 * cores, func(m *finding.Minute) float64 { return m.CPU }}, cores > 0
	case "gpu":
		return resource{"GPU", "GPUUtilization", 100 * gpus, func(m *finding.Minute) float64 { return m.GPU }}, gpus > 0
	case "gpu_memory":
		return resource{"GPUMemory", "GPUMemoryUtilization", 100 * gpus, func(m *finding.Minute) float64 { return m.GPUMemory }}, gpus > 0
	case "memory":
		return resource{"Memory", "MemoryUtilization", 100, func(m *finding.Minute) float64 { return m.Memory }}, true
	case "disk":
		return resource{"Disk", "DiskUtilization", 100, func(m *finding.Minute) float64 { return m.Disk }}, true
	}
	return resource{}, false
}

// objective is an objective about a utilization: the mean of the instances.
func (p *proposer) objective(o slo.Objective) {
	r, ok := p.resource(string(o.Metric))
	if !ok {
		return
	}
	p.add(draft{alarm: finding.Alarm{
		Key: r.key + "Objective", Unit: "Percent",
		About:             fmt.Sprintf("%s misses the SLO %s in 3 of 5 periods; 100 %% of it are %g.", r.metric, o, r.full),
		Queries:           []finding.MetricQuery{p.query("busy", Utilization, r.metric, "Average")},
		DatapointsToAlarm: 3, EvaluationPeriods: 5, OrEqual: !o.OrEqual, Threshold: rounded(o.Limit*r.full, 3),
	}, value: func(m *finding.Minute) float64 { return 100 * r.value(m) }, slow: true})
}

// bottleneck is an early warning: the limiting resource is busier than it is at
// the load that an instance is planned for.
func (p *proposer) bottleneck() {
	name := p.set.Answers.Bottleneck.Value
	if name != "cpu" && name != "gpu" {
		return
	}
	r, ok := p.resource(name)
	if !ok {
		return
	}
	share := float64(p.set.Options.TargetUtilization)
	threshold, basis := share*r.full, fmt.Sprintf("the target utilization of %g %%", rounded(share*100, 1))
	rate, curve := p.set.Answers.AutoscalingTarget.Value/60, p.set.Curve
	if curve != nil && curve.Resource == name && rate.Known() {
		threshold = 100 * float64(curve.Intercept+curve.Slope*rate)
		basis = fmt.Sprintf("what %g requests/s keep busy", rounded(float64(rate), 1))
	}
	if !(threshold > 0 && threshold < r.full) {
		return
	}
	p.add(draft{alarm: finding.Alarm{
		Key: r.key, Unit: "Percent",
		About:             fmt.Sprintf("%s, which limits, is above %s for an instance in 5 of 5 periods; full is %g.", r.metric, basis, r.full),
		Queries:           []finding.MetricQuery{p.query("busy", Utilization, r.metric, "Average")},
		DatapointsToAlarm: 5, EvaluationPeriods: 5, Threshold: rounded(threshold, 1),
	}, value: func(m *finding.Minute) float64 { return 100 * r.value(m) }, slow: true})
}

// load is an alarm on traffic that autoscaling does not follow: above its target
// for longer than it needs to see that and to start an instance.
func (p *proposer) load() {
	target := p.set.Answers.AutoscalingTarget.Value
	if !target.Known() || target <= 0 {
		return
	}
	n, basis := 5, "longer than a peak"
	if r := p.set.Replay; r != nil && r.StartS.Known() {
		n = min(mostPeriods, max(n, seesIn+int(math.Ceil(float64(r.StartS)/float64(p.set.Tested.PeriodS)))+1))
		basis = "longer than target tracking and a new instance need"
	}
	per := float64(target) * float64(p.set.Tested.PeriodS) / 60
	p.add(draft{alarm: finding.Alarm{
		Key: "Load", Unit: "Count",
		About:             fmt.Sprintf("InvocationsPerInstance is above the autoscaling target in %d of %d periods, %s.", n, n, basis),
		Queries:           []finding.MetricQuery{p.query("load", Invocations, "InvocationsPerInstance", "Sum")},
		DatapointsToAlarm: n, EvaluationPeriods: n, Threshold: rounded(per, 0),
	}, value: func(m *finding.Minute) float64 { return m.PerInstance }})
}

// full is an alarm on the fullest instance.
func (p *proposer) full(key, metric string, share float64, value func(*finding.Minute) float64) {
	p.add(draft{alarm: finding.Alarm{
		Key: key, Unit: "Percent",
		About:             fmt.Sprintf("%s of the fullest instance reaches %g %% in 3 of 3 periods: what is left is for what cannot be foreseen.", metric, rounded(share*100, 1)),
		Queries:           []finding.MetricQuery{p.query("used", Utilization, metric, "Maximum")},
		DatapointsToAlarm: 3, EvaluationPeriods: 3, OrEqual: true, Threshold: rounded(share*100, 1),
	}, value: func(m *finding.Minute) float64 { return 100 * value(m) }, slow: true})
}

// rounded is x with at most n decimals.
func rounded(x float64, n int) float64 {
	scale := math.Pow(10, float64(n))
	return math.Round(x*scale) / scale
}
