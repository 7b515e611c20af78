package finding

import (
	"encoding/json"
	"math"
)

// Status says how an answer is known.
type Status string

// The four kinds of knowledge. Measured: the system was there. AtLeast: the
// truth is not below the value. Extrapolated: a model says so, beyond what was
// seen. Unanswerable: the data does not suffice, and Why says what is missing.
const (
	Measured     Status = "measured"
	AtLeast      Status = "at_least"
	Extrapolated Status = "extrapolated"
	Unanswerable Status = "unanswerable"
)

// Number is a float64 that is absent in JSON terms (null) when it is NaN or
// infinite. The zero value is a measured zero; use [Missing] for no value.
type Number float64

// Missing is the number that is not there.
func Missing() Number { return Number(math.NaN()) }

// Known reports whether n holds a finite value.
func (n Number) Known() bool { return !math.IsNaN(float64(n)) && !math.IsInf(float64(n), 0) }

// MarshalJSON writes null for a number that is not known.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads null as a number that is not known.
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Missing()
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

// Estimate is a numeric answer with how it is known. Value, Lo and Hi are
// missing when Status is Unanswerable; Measured and Extrapolated always have
// Lo and Hi; AtLeast has a Value that must not exceed the truth.
type Estimate struct {
	Status     Status  `json:"status"`
	Value      Number  `json:"value"`
	Lo         Number  `json:"lo"`
	Hi         Number  `json:"hi"`
	Unit       string  `json:"unit"`       // "requests/s/instance", "instances", "invocations/instance/minute", "USD", "USD/hour", "ratio"
	Confidence Number  `json:"confidence"` // 0.95; 0 when there is no interval
	N          int     `json:"n"`          // buckets behind the number
	Method     string  `json:"method"`     // plateau, utilization_law, isotonic, queue_model, wilson, formula
	Window     *Window `json:"window,omitempty"`
	Why        string  `json:"why"`               // one sentence: what it rests on, or why there is none
	Formula    string  `json:"formula,omitempty"` // the arithmetic, filled in
	Query      string  `json:"query"`             // named query with the rows
	SLO        string  `json:"slo,omitempty"`
	Current    Number  `json:"current"` // what runs now, where that makes sense; else missing
}

// Flag is a yes-or-no answer. Value is nil when Status is Unanswerable.
type Flag struct {
	Status Status `json:"status"`
	Value  *bool  `json:"value"`
	Why    string `json:"why"`
	Query  string `json:"query"`
}

// Bottleneck names the resource that limits, or would limit first.
type Bottleneck struct {
	Status Status `json:"status"`
	Value  string `json:"value"` // cpu, gpu, gpu_memory, memory, disk, workers, client, none; "" when unanswerable
	// Margins is, per candidate resource, utilization at the limit that was
	// seen (measured) or the capacity in requests/s/instance that the resource
	// alone would allow relative to the answer (extrapolated).
	Margins map[string]Number `json:"margins"`
	Why     string            `json:"why"`
	Query   string            `json:"query"`
}

// Answers are the questions that every analysis answers or refuses.
type Answers struct {
	Saturated         Flag       `json:"saturated"`
	Capacity          Estimate   `json:"capacity_rps_per_instance"`
	SLORate           Estimate   `json:"slo_rps_per_instance"`
	Bottleneck        Bottleneck `json:"bottleneck"`
	ErrorOnset        Estimate   `json:"error_onset_rps_per_instance"`
	Instances         Estimate   `json:"instances"`
	AutoscalingTarget Estimate   `json:"autoscaling_target"`
	// CostPerHour is that of the fleet: Value of the recommended one, Current of
	// the one that runs now, USD/hour.
	CostPerHour Estimate `json:"cost_per_hour"`
	// CostPerMillion is what a million inferences cost with the recommended
	// fleet at the peak, growth included. The other two are what they cost as the
	// window ran, idle time included, and with each instance at the SLO rate.
	CostPerMillion       Estimate `json:"cost_per_million"`
	CostPerMillionActual Estimate `json:"cost_per_million_actual"`
	CostPerMillionAtSLO  Estimate `json:"cost_per_million_at_slo"`
	Headroom             Estimate `json:"headroom"`
}

// Curve is busy = Intercept + Slope x rate for the limiting resource, in busy
// cores or GPUs against served requests per second and instance.
type Curve struct {
	Resource   string `json:"resource"` // cpu or gpu
	Limit      Number `json:"limit"`    // vCPUs or GPUs of one instance
	Slope      Number `json:"slope_s"`  // service demand, resource-seconds per request
	SlopeLo    Number `json:"slope_lo_s"`
	SlopeHi    Number `json:"slope_hi_s"`
	Intercept  Number `json:"intercept"` // background load, busy units
	MaxRate    Number `json:"max_rate"`  // highest rate that entered the fit
	R2         Number `json:"r2"`
	SlopeRatio Number `json:"slope_ratio"` // upper-half slope over lower-half slope; batching pulls it under 0.8
	N          int    `json:"n"`
}
