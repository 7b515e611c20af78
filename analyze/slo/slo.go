// Package slo reads and prints service level objectives such as
// "p99<200ms, errors<0.1%, cpu<70%".
//
// Latency objectives are about ModelLatency, the time that the container takes
// as SageMaker sees it: it has percentiles, overhead does not. Error objectives
// are ratios of invocations. Utilization objectives are ratios of one
// instance's limit, averaged over instances. The objective age is about the oldest
// request in the queue of an asynchronous endpoint.
package slo

import (
	"strconv"
	"strings"
)

// Metric names what an objective limits.
type Metric string

// The metrics an objective can limit. Errors counts 4xx and 5xx together.
const (
	P50       Metric = "p50"
	P90       Metric = "p90"
	P95       Metric = "p95"
	P99       Metric = "p99"
	Mean      Metric = "mean"
	Max       Metric = "max"
	Errors    Metric = "errors"
	Errors4XX Metric = "4xx"
	Errors5XX Metric = "5xx"
	CPU       Metric = "cpu"
	GPU       Metric = "gpu"
	GPUMemory Metric = "gpu_memory"
	Memory    Metric = "memory"
	Disk      Metric = "disk"
	Age       Metric = "age"
)

// IsLatency reports whether m is a statistic of ModelLatency.
func (m Metric) IsLatency() bool {
	switch m {
	case P50, P90, P95, P99, Mean, Max:
		return true
	default:
		return false
	}
}

// isTime reports whether m is limited in seconds.
func (m Metric) isTime() bool { return m.IsLatency() || m == Age }

// IsErrors reports whether m is an error ratio.
func (m Metric) IsErrors() bool { return m == Errors || m == Errors4XX || m == Errors5XX }

// Objective is one limit.
type Objective struct {
	Metric  Metric
	Limit   float64 // seconds for latency and age, a ratio from 0 to 1 for everything else
	OrEqual bool    // the limit itself is still good
}

// Met reports whether the value x, in the unit of Limit, keeps the objective.
// NaN keeps nothing.
func (o Objective) Met(x float64) bool {
	if o.OrEqual {
		return x <= o.Limit
	}
	return x < o.Limit
}

// String is the objective as Parse reads it, without spaces: p99<200ms.
func (o Objective) String() string {
	op := "<"
	if o.OrEqual {
		op = "<="
	}
	if !o.Metric.isTime() {
		return string(o.Metric) + op + number(o.Limit*100) + "%"
	}
	scale, unit := 1e3, "ms"
	switch {
	case o.Limit >= 1:
		scale, unit = 1, "s"
	case o.Limit < 1e-3:
		scale, unit = 1e6, "us"
	}
	return string(o.Metric) + op + number(o.Limit*scale) + unit
}

// number prints x with at most 12 significant digits, which hides the last
// bits that unit conversion leaves behind.
func number(x float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		short = x
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// SLO is a list of objectives that must all be met. The zero value asks for
// nothing.
type SLO struct {
	Objectives []Objective
}

// Empty reports whether the SLO asks for nothing.
func (s SLO) Empty() bool { return len(s.Objectives) == 0 }

// Find returns the first objective about m.
func (s SLO) Find(m Metric) (Objective, bool) {
	for _, o := range s.Objectives {
		if o.Metric == m {
			return o, true
		}
	}
	return Objective{}, false
}

// Without is the SLO without its objective about m.
func (s SLO) Without(m Metric) SLO {
	var out SLO
	for _, o := range s.Objectives {
		if o.Metric != m {
			out.Objectives = append(out.Objectives, o)
		}
	}
	return out
}

// String is the SLO in canonical form, in the order it was given:
// "p99<200ms, errors<0.1%".
func (s SLO) String() string {
	parts := make([]string, len(s.Objectives))
	for i, o := range s.Objectives {
		parts[i] = o.String()
	}
	return strings.Join(parts, ", ")
}
