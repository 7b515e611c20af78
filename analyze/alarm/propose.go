package alarm

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// Namespaces of an endpoint's metrics.
const (
	Invocations = "AWS/SageMaker"
	Utilization = "/aws/sagemaker/Endpoints"
)

const (
	assumedErrors = 0.01 // 5xx ratio that is trouble where the SLO does not say
	fullMemory    = 0.90 // of the fullest instance
	fullDisk      = 0.85
	mostPeriods   = 15 // of a load alarm, however slowly instances start
	seesIn        = 3  // periods in which target tracking decides
)

// draft is an alarm with the value that it compares, minute by minute.
type draft struct {
	alarm finding.Alarm
	value func(*finding.Minute) float64
	slow  bool // may be published less often than the buckets are wide

	minutes []finding.Minute // that it is put to, as wide as its period
}

// Propose gives the alarms that the analysis supports, in a stable order, each
// put to the minutes of the set. The objectives are those of the analysis. Coarse
// are the same minutes in buckets of [CoarseS], for what is published less often;
// nil where the set's are as wide. A set without minutes has no alarms.
func Propose(set finding.Set, coarse []finding.Minute, objectives slo.SLO) []finding.Alarm {
	if len(set.Minutes) == 0 {
		return nil
	}
	p := &proposer{set: set, coarse: coarse, errors: assumedErrors}
	for _, o := range objectives.Objectives {
		switch {
		case o.Metric.IsLatency():
			p.latency(o)
		case o.Metric.IsErrors():
			p.errorRatio(o.Metric, o.Limit, o.OrEqual, "the SLO "+o.String())
		case o.Metric == slo.Age: // of a queue, which these minutes have not
		default:
			p.objective(o)
		}
	}
	if !p.has("Errors") && !p.has("Errors5XX") {
		p.errorRatio(slo.Errors5XX, assumedErrors, false, "no objective for errors was given: one in a hundred is a convention")
	}
	p.bottleneck()
	p.load()
	p.full("Memory", "MemoryUtilization", fullMemory, func(m *finding.Minute) float64 { return m.MemoryHot })
	p.full("Disk", "DiskUtilization", fullDisk, func(m *finding.Minute) float64 { return m.DiskHot })
	return p.replayed(objectives)
}

type proposer struct {
	set    finding.Set
	coarse []finding.Minute
	drafts []draft
	errors float64 // 5xx ratio that is trouble
}

func (p *proposer) has(key string) bool {
	for _, d := range p.drafts {
		if d.alarm.Key == key {
			return true
		}
	}
	return false
}

// add gives a draft its name and period, unless there is one of its key or
// nothing was published.
func (p *proposer) add(d draft) {
	d.minutes, d.alarm.PeriodS = p.set.Minutes, p.set.Tested.PeriodS
	if d.slow && len(p.coarse) > 0 && !regular(d.minutes, d.value) {
		d.minutes, d.alarm.PeriodS = p.coarse, CoarseS
	}
	seen := slices.ContainsFunc(d.minutes, func(m finding.Minute) bool { return !math.IsNaN(d.value(&m)) })
	if p.has(d.alarm.Key) || !seen {
		return
	}
	d.alarm.Name = name(p.set.Tested.Endpoint, p.set.Tested.Variant, d.alarm.Key)
	d.alarm.Missing = NotBreaching
	p.drafts = append(p.drafts, d)
}

// nameParts are what a name may have; anything else becomes a hyphen.
var nameParts = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// longest is how much of an endpoint's or a variant's name an alarm's has. AWS
// allows them 63 characters.
const longest = 100

func name(endpoint, variant, key string) string {
	parts := []string{"sizewise"}
	for _, s := range []string{endpoint, variant} {
		s = nameParts.ReplaceAllString(s, "-")
		parts = append(parts, s[:min(len(s), longest)])
	}
	return strings.Join(append(parts, key), "-")
}

// query is one metric of the variant.
func (p *proposer) query(id, namespace, metric, stat string) finding.MetricQuery {
	return finding.MetricQuery{
		ID: id, Label: metric + " " + stat, Namespace: namespace, Metric: metric, Stat: stat,
		Dimensions: []finding.Dimension{{Name: "EndpointName", Value: p.set.Tested.Endpoint}, {Name: "VariantName", Value: p.set.Tested.Variant}},
	}
}

// latency is an objective about ModelLatency, which CloudWatch has in microseconds.
func (p *proposer) latency(o slo.Objective) {
	stat, value := string(o.Metric), latencyOf(o.Metric)
	switch o.Metric {
	case slo.Mean:
		stat = "Average"
	case slo.Max:
		stat = "Maximum"
	default:
	}
	p.add(draft{alarm: finding.Alarm{
		Key: "Latency" + strings.ToUpper(string(o.Metric[:1])) + string(o.Metric[1:]), Unit: "Microseconds",
		About:             fmt.Sprintf("The %s of ModelLatency misses the SLO %s in 3 of 5 periods.", o.Metric, o),
		Queries:           []finding.MetricQuery{p.query("latency", Invocations, "ModelLatency", stat)},
		DatapointsToAlarm: 3, EvaluationPeriods: 5, OrEqual: !o.OrEqual, Threshold: rounded(o.Limit*1e6, 3),
	}, value: func(m *finding.Minute) float64 { return value(m) * 1e6 }})
}

func latencyOf(m slo.Metric) func(*finding.Minute) float64 {
	switch m {
	case slo.P50:
		return func(m *finding.Minute) float64 { return m.ModelP50 }
	case slo.P90:
		return func(m *finding.Minute) float64 { return m.ModelP90 }
	case slo.P95:
		return func(m *finding.Minute) float64 { return m.ModelP95 }
	case slo.P99:
		return func(m *finding.Minute) float64 { return m.ModelP99 }
	case slo.Mean:
		return func(m *finding.Minute) float64 { return m.ModelMean }
	default:
		return func(m *finding.Minute) float64 { return m.ModelMax }
	}
}
