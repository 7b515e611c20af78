package finding

import "time"

// Alarm is a CloudWatch alarm that the analysis proposes, and what it would have
// done in the window.
type Alarm struct {
	Key   string `json:"key"`   // stable within an endpoint, letters only: Latency, Errors ...
	Name  string `json:"name"`  // of at most 255 characters, the same for the same endpoint and variant
	About string `json:"about"` // one sentence: what it tells, and what its threshold rests on
	Unit  string `json:"unit"`  // of Threshold: that of the metric as CloudWatch has it

	Queries []MetricQuery `json:"queries"` // in order; the last one is what is compared

	PeriodS           int     `json:"period_s"`
	EvaluationPeriods int     `json:"evaluation_periods"`  // N
	DatapointsToAlarm int     `json:"datapoints_to_alarm"` // M
	OrEqual           bool    `json:"or_equal"`            // the threshold itself is breaching
	Threshold         float64 `json:"threshold"`
	Missing           string  `json:"treat_missing_data"` // missing, notBreaching, breaching or ignore

	Replay AlarmReplay `json:"replay"`
}

// MetricQuery is one metric of an alarm, or an expression over others by ID.
type MetricQuery struct {
	ID         string      `json:"id"`
	Label      string      `json:"label"`
	Expression string      `json:"expression,omitempty"`
	Namespace  string      `json:"namespace,omitempty"`
	Metric     string      `json:"metric,omitempty"`
	Stat       string      `json:"stat,omitempty"`
	Dimensions []Dimension `json:"dimensions,omitempty"`
}

// Dimension is a name and a value.
type Dimension struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AlarmReplay is an alarm put to the window. Trouble is a period in which an
// objective was missed, or in which the endpoint answered 5xx at the ratio of the
// errors alarm or more.
type AlarmReplay struct {
	Periods int         `json:"periods"` // in the window
	Known   int         `json:"known"`   // with a value
	Fired   []AlarmSpan `json:"fired"`   // the times that it was in ALARM
	Trouble int         `json:"trouble"` // periods with trouble
	// First is the start of the first trouble that lasted, or of the first at all
	// where none did, and LeadS by how many seconds the alarm was there before:
	// negative is after. Missing where there was none, or the alarm did not fire
	// for it.
	First time.Time `json:"first_trouble,omitzero"`
	LeadS Number    `json:"lead_s"`
	// Stretches counts trouble that lasted, Caught those of them with the alarm on.
	Stretches int `json:"stretches"`
	Caught    int `json:"caught"`
	Without   int `json:"without_trouble"` // times that it fired with none near
}

// AlarmSpan is a time in ALARM. End is zero when the window ended before.
type AlarmSpan struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end,omitzero"`
}
