package report

import (
	"math"
	"strconv"
	"strings"

	"sizewise/analyze/finding"
)

// limits are the objectives of an SLO that figures draw and sentences compare
// with, by metric: seconds for latency, ratios for everything else. The set
// carries the SLO as text only; objectives that this reading does not know are
// left out, since they were judged by the analysis and not here.
type limits map[string]float64

// readLimits reads "p99<200ms, errors<0.1%".
func readLimits(slo string) limits {
	out := limits{}
	for part := range strings.SplitSeq(slo, ",") {
		metric, limit, ok := strings.Cut(part, "<")
		if !ok {
			continue
		}
		limit = strings.TrimSpace(strings.TrimPrefix(limit, "="))
		if v, ok := readLimit(limit); ok {
			out[strings.ToLower(strings.TrimSpace(metric))] = v
		}
	}
	return out
}

func readLimit(s string) (float64, bool) {
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"%", 1e-2}} {
		if digits, ok := strings.CutSuffix(s, u.suffix); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
			return v * u.scale, err == nil && v > 0 && known(v)
		}
	}
	return 0, false
}

// latencyMetrics are the statistics of model latency that a limit can be about,
// with the minute's own value.
func latencyMetrics() []latencyMetric {
	return []latencyMetric{
		{"p99", func(m *finding.Minute) float64 { return m.ModelP99 }},
		{"p95", func(m *finding.Minute) float64 { return m.ModelP95 }},
		{"p90", func(m *finding.Minute) float64 { return m.ModelP90 }},
		{"p50", func(m *finding.Minute) float64 { return m.ModelP50 }},
		{"mean", func(m *finding.Minute) float64 { return m.ModelMean }},
		{"max", func(m *finding.Minute) float64 { return m.ModelMax }},
	}
}

type latencyMetric struct {
	name string
	of   func(*finding.Minute) float64
}

// judged is the minute's value, NaN where fewer requests came than the statistic
// needs to mean anything.
func (l latencyMetric) judged(m *finding.Minute) float64 {
	least := 10.0
	switch l.name {
	case "p99", "max":
		least = 300
	case "p95":
		least = 100
	case "p90":
		least = 30
	}
	if m.Invocations < least*m.Seconds/60 {
		return math.NaN()
	}
	return l.of(m)
}

// ofStep is the statistic's median over a step's minutes.
func (l latencyMetric) ofStep(st *finding.Step) finding.Number {
	switch l.name {
	case "p99":
		return st.P99
	case "p95":
		return st.P95
	case "p90":
		return st.P90
	case "p50":
		return st.P50
	case "mean":
		return st.ModelMean
	default:
		return finding.Missing()
	}
}

// latency is the latency objective that is drawn: the one about the highest
// statistic. ok is false when the SLO has none.
func (l limits) latency() (m latencyMetric, limit float64, ok bool) {
	for _, m := range latencyMetrics() {
		if v, ok := l[m.name]; ok {
			return m, v, true
		}
	}
	return latencyMetric{}, 0, false
}

// errors is the objective about failed requests that is drawn.
func (l limits) errors() (name string, limit float64, ok bool) {
	for _, name := range []string{"errors", "5xx", "4xx"} {
		if v, ok := l[name]; ok {
			return name, v, true
		}
	}
	return "", 0, false
}
