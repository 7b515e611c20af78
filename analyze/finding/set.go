package finding

import "time"

// Format is the version of the JSON layout that this package writes.
const Format = 1

// Set is the result of one analysis: what findings.json holds.
type Set struct {
	Format   int       `json:"format"`
	Tool     string    `json:"tool"`
	Subject  string    `json:"subject"`
	Kind     string    `json:"kind"` // what it was judged as: endpoint (with instances), serverless, training ...
	Window   Window    `json:"window"`
	Verdict  Verdict   `json:"verdict"`
	Answers  Answers   `json:"answers,omitzero"` // of endpoints with instances; other kinds have Measures
	Steps    []Step    `json:"steps"`
	Findings []Finding `json:"findings"`
	Coverage Coverage  `json:"coverage"`
	Logs     Logs      `json:"logs"`
	Ledger   Ledger    `json:"ledger"`
	Options  Options   `json:"options"`

	// Measures are the named numbers of the subject, the most telling first.
	Measures []Measure `json:"measures"`

	// Phases are what a job or a run of a pipeline spent its time on, in the order
	// of their starts; phases may overlap. Empty for other kinds.
	Phases []Phase `json:"phases"`

	// Parts are the hosts, models, copies or recommendations that the subject is
	// made of. Empty when it has none.
	Parts []Part `json:"parts"`

	// Tested says what ran: the endpoint as Describe and the metrics show it.
	Tested Tested `json:"tested"`

	// Curve is the fit behind an extrapolated or checked capacity, for the
	// capacity figure. Nil when no line could be fitted.
	Curve *Curve `json:"curve,omitempty"`

	// Candidates are other instance types that may be worth a test, in the order to
	// try. Empty where the bottleneck is none that a type has more of.
	Candidates []Candidate `json:"candidates,omitempty"`
	// OtherTypes refuses to say what instance types take that were not tested, and
	// says which test would. Nil where no question of it was asked.
	OtherTypes *OtherTypes `json:"other_types,omitempty"`

	// ByInstance is every instance by itself, slowest first. Empty where enhanced
	// metrics are off.
	ByInstance []Instance `json:"by_instance,omitempty"`

	// USL and Knee describe the curve of the load steps. Nil where there are too
	// few. No answer rests on them.
	USL  *USL  `json:"usl,omitempty"`
	Knee *Knee `json:"knee,omitempty"`

	// Price is what one instance costs. Nil when that is not known, which the cost
	// answers then say.
	Price *Price `json:"price,omitempty"`

	// Traffic is how many instances other peaks would need, ascending, by the
	// same arithmetic as the answer for the peak. Empty when there is none.
	Traffic []Traffic `json:"traffic"`
	// Sizing is what else a fleet's size depends on; nil where there is no rate
	// to size with.
	Sizing *Sizing `json:"sizing,omitempty"`

	// Next is the load test to run next. Nil when this one measured all that was
	// asked.
	Next *NextTest `json:"next_test,omitempty"`

	// Replay is what other fleets would have done with the window's traffic. Nil
	// when there was none.
	Replay *Replay `json:"replay,omitempty"`

	// Against sets the numbers of the baseline, run A, beside those of the window,
	// run B. Nil when no baseline was asked for.
	Against *Comparison `json:"against,omitempty"`

	// Minutes is the evidence, bucket by bucket, that the figures are drawn
	// from. It is not part of findings.json: the lake holds it.
	Minutes []Minute `json:"-"`

	// Charts are the figures of subjects that have no Minutes.
	Charts []Chart `json:"-"`
}

// HasAnswers reports whether the subject is an endpoint with instances, of which
// [Answers] are asked: each is then answered or refused.
func (s *Set) HasAnswers() bool { return s.Kind == "" || s.Kind == "endpoint" }

// Window is a half-open span of time, [Start, End), in UTC.
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// VerdictStatus is the one word of a verdict.
type VerdictStatus string

// The three verdicts: the SLO and the peak are met, they are not, or the data
// does not suffice to say.
const (
	Pass         VerdictStatus = "pass"
	Fail         VerdictStatus = "fail"
	Insufficient VerdictStatus = "insufficient"
)

// Verdict is the first thing that a reader sees.
type Verdict struct {
	Status  VerdictStatus `json:"status"`
	Summary string        `json:"summary"` // one sentence, plain text
	Reasons []string      `json:"reasons"` // what the summary rests on, most important first
}

// Tested describes the subject during the window.
type Tested struct {
	Endpoint     string `json:"endpoint"`
	Variant      string `json:"variant"`
	InstanceType string `json:"instance_type,omitempty"` // "" when Describe was not available
	// AskedType is the type that was asked for and DescribedType the one that
	// Describe named, where they differ; else both are "".
	AskedType      string    `json:"asked_type,omitempty"`
	DescribedType  string    `json:"described_type,omitempty"`
	VCPU           int       `json:"vcpu,omitempty"`       // of one instance; 0 unknown
	GPUs           int       `json:"gpus,omitempty"`       // of one instance
	MemoryGiB      Number    `json:"memory_gib,omitempty"` // of one instance
	Accelerator    string    `json:"accelerator,omitempty"`
	InstancesMin   Number    `json:"instances_min"` // live count over the window
	InstancesMax   Number    `json:"instances_max"`
	InstancesLast  Number    `json:"instances_last"`
	DescribedCount int       `json:"described_count,omitempty"` // what DescribeEndpoint said; 0 unknown
	DescribedAsOf  time.Time `json:"described_as_of,omitzero"`
	PeriodS        int       `json:"period_s"`          // bucket width of Minutes, seconds
	Region         string    `json:"region,omitempty"`  // "" unknown
	Account        string    `json:"account,omitempty"` // "" unknown
	ClosedLoop     bool      `json:"closed_loop"`       // the load looks like a fixed number of waiting clients
	Batching       bool      `json:"batching"`          // the slope of GPU time falls with load
	StepsFound     int       `json:"steps_found"`
	Requests       Number    `json:"requests"` // Sum of Invocations in the window
}

// Step is one load step found in the data. Rates are per instance.
type Step struct {
	N           int       `json:"n"` // 1-based
	Start       time.Time `json:"start"`
	End         time.Time `json:"end"`
	Minutes     int       `json:"minutes"`   // buckets used, after trimming
	Instances   Number    `json:"instances"` // median live count
	OfferedRPS  Number    `json:"offered_rps_per_instance"`
	ServedRPS   Number    `json:"served_rps_per_instance"`
	P50         Number    `json:"p50_s"` // medians over minutes of the minute's percentile
	P90         Number    `json:"p90_s"`
	P95         Number    `json:"p95_s"`
	P99         Number    `json:"p99_s"`
	Overhead    Number    `json:"overhead_mean_s"`
	ModelMean   Number    `json:"model_mean_s"`
	CPU         Number    `json:"cpu_ratio"` // mean over instances of busy/limit, 0..1
	GPU         Number    `json:"gpu_ratio"`
	GPUMemory   Number    `json:"gpu_memory_ratio"`
	Memory      Number    `json:"memory_ratio"`
	Disk        Number    `json:"disk_ratio"`
	Concurrency Number    `json:"concurrency_per_instance"` // Little's law: rate x mean latency
	Errors4XX   Number    `json:"errors_4xx_ratio"`
	Errors5XX   Number    `json:"errors_5xx_ratio"`
	LogErrors   int       `json:"log_errors"`   // lines at ERROR or above
	LogWarnings int       `json:"log_warnings"` // lines at WARN
	SLO         string    `json:"slo"`          // "met", "missed" or "unknown"
	Saturated   bool      `json:"saturated"`
}

// Severity orders findings: critical, warning, info.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	Warning  Severity = "warning"
	Info     Severity = "info"
)

// Finding is one thing that a check has to say.
type Finding struct {
	ID       string   `json:"id"`    // stable within a set: check name, or check name and a number
	Check    string   `json:"check"` // name for sizewise explain
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`    // one sentence
	Evidence []string `json:"evidence"` // facts with numbers and units
	Query    string   `json:"query"`    // named query that shows the rows
}

// Coverage says how complete the data was.
type Coverage struct {
	Buckets     int              `json:"buckets"`     // expected in the window
	Present     int              `json:"present"`     // with any invocation or utilization data
	Usable      int              `json:"usable"`      // fit for capacity work, see docs
	Provisional int              `json:"provisional"` // points younger than the settle time
	LogEvents   int64            `json:"log_events"`
	LogStreams  int              `json:"log_streams"`
	Silences    []Silence        `json:"silences"` // of log streams, by stream and time
	Series      []SeriesCoverage `json:"series"`
	Notes       []string         `json:"notes"` // sentences a reader must know
}

// Price is what one instance costs while it runs, on demand.
type Price struct {
	Region       string    `json:"region"`
	InstanceType string    `json:"instance_type"`
	Use          string    `json:"use"` // hosting
	USDPerHour   Number    `json:"usd_per_hour"`
	AsOf         time.Time `json:"as_of"`  // the UTC day on which Source said so
	Source       string    `json:"source"` // where the price is from
	Old          bool      `json:"old"`    // told so long ago that it should be asked for again
}

// Traffic is one level of traffic and the fleet that it needs.
type Traffic struct {
	PeakRPS     Number `json:"peak_rps"` // requests/s, whole fleet, before growth
	Instances   Number `json:"instances"`
	InstanceRPS Number `json:"rps_per_instance"` // that each of them then serves, growth included
	Load        Number `json:"load_ratio"`       // of the rate that an instance may serve
	CostPerHour Number `json:"usd_per_hour"`     // of the fleet; null without a price
}

// Silence is an hour or more without an event in a log stream that went on
// afterwards. It need not be a loss.
type Silence struct {
	Stream string    `json:"stream"` // log group and stream
	From   time.Time `json:"from"`   // last event before
	To     time.Time `json:"to"`     // first event after
}

// SeriesCoverage is the completeness of one metric.
type SeriesCoverage struct {
	Metric  string `json:"metric"`
	PeriodS int    `json:"period_s"`
	Points  int    `json:"points"`
	Want    int    `json:"want"`
}

// AccessLatency is what the container's access log says of a load step, beside
// CloudWatch's percentiles.
type AccessLatency struct {
	Step     int    `json:"step"` // as in Set.Steps
	Requests int64  `json:"requests"`
	Failed   int64  `json:"failed"`
	Timed    int64  `json:"timed"` // of which the line tells a duration
	P50      Number `json:"p50_s"`
	P90      Number `json:"p90_s"`
	P99      Number `json:"p99_s"`
	Max      Number `json:"max_s"`
	ModelP50 Number `json:"model_p50_s"` // CloudWatch's ModelLatency, as in Steps
	ModelP99 Number `json:"model_p99_s"`
	Query    string `json:"query"`
}

// Ledger summarises what was asked of the source and what came.
type Ledger struct {
	Chunks   int           `json:"chunks"`
	Calls    int64         `json:"calls"`
	Retries  int64         `json:"retries"`
	CostLow  Number        `json:"cost_low_usd"`
	CostHigh Number        `json:"cost_high_usd"`
	Problems []LedgerEntry `json:"problems"` // every chunk that is not complete
}

// LedgerEntry is one chunk that needs explaining.
type LedgerEntry struct {
	Dataset string    `json:"dataset"`
	Scope   string    `json:"scope"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Status  string    `json:"status"` // provisional, partial, failed, denied, empty
	Reason  string    `json:"reason"`
}

// Options echoes what the analysis was asked, defaults filled in.
type Options struct {
	SLO               string `json:"slo,omitempty"`
	PeakRPS           Number `json:"peak_rps"`
	Growth            Number `json:"growth"`             // 0.2 is 20 %
	TargetUtilization Number `json:"target_utilization"` // 0.7 is 70 %
	InstanceType      string `json:"instance_type,omitempty"`
	Instances         int    `json:"instances,omitempty"`
	Zones             int    `json:"zones,omitempty"`
}
