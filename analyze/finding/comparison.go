package finding

// Comparison sets runs side by side: what comparison.json holds. The first run
// is the baseline; every other is compared with it.
type Comparison struct {
	Format    int               `json:"format"`
	Tool      string            `json:"tool"`
	Verdict   Verdict           `json:"verdict"` // fail: a regression beyond the limit
	Runs      []Run             `json:"runs"`
	Contrasts []Contrast        `json:"contrasts"` // by measure, then by run
	Levels    []Level           `json:"levels"`    // of load, ascending
	Fleets    []FleetChoice     `json:"fleets"`    // by traffic, ascending
	Options   ComparisonOptions `json:"options"`
}

// Run is one of the runs that are compared.
type Run struct {
	Label        string      `json:"label"` // A is the baseline, B, C ...
	Subject      string      `json:"subject"`
	Kind         string      `json:"kind"`
	Window       Window      `json:"window"`
	InstanceType string      `json:"instance_type,omitempty"`
	Verdict      Verdict     `json:"verdict"`
	Price        Number      `json:"usd_per_hour"` // of one instance; null without a price
	Steps        []PriceStep `json:"steps"`        // for the figure of price and performance
	Usable       Number      `json:"usable_rps_per_instance"`
	WhyUsable    string      `json:"why_usable"` // what that rate is, or why there is none
}

// PriceStep is what one load step of a run cost and how fast it was.
type PriceStep struct {
	N             int    `json:"n"`
	RPS           Number `json:"rps_per_instance"`
	Latency       Number `json:"latency_s"`       // of the SLO's statistic, else p99
	InstanceHours Number `json:"instance_hours"`  // per million requests
	USDPerMillion Number `json:"usd_per_million"` // null without a price
	SLO           string `json:"slo"`             // met, missed or unknown
	Saturated     bool   `json:"saturated"`
}

// Outcome is what a comparison of one number came to.
type Outcome string

// The outcomes. NoDifference: the interval of the change holds none at all.
// CannotTell: one of the runs does not carry the number, or not its interval.
const (
	BetterOutcome Outcome = "better"
	WorseOutcome  Outcome = "worse"
	Different     Outcome = "different" // beyond noise, and neither way is for the better
	NoDifference  Outcome = "no_difference"
	CannotTell    Outcome = "cannot_tell"
)

// Contrast is one number of a run against the baseline's. Change is relative,
// 0.1 is 10 % more, with its 95 % interval; of numbers that are ratios already
// (Unit "ratio") it is their difference.
type Contrast struct {
	Measure    string    `json:"measure"`
	Label      string    `json:"label"`
	Run        string    `json:"run"`
	Better     Direction `json:"better,omitempty"`
	Base       Estimate  `json:"base"`
	Other      Estimate  `json:"other"`
	Change     Number    `json:"change"`
	ChangeLo   Number    `json:"change_lo"`
	ChangeHi   Number    `json:"change_hi"`
	Outcome    Outcome   `json:"outcome"`
	Regression bool      `json:"regression"` // worse by more than the limit, beyond noise
	Why        string    `json:"why"`
}

// Level is one load level of the baseline and what every run did there.
type Level struct {
	RPS  Number    `json:"rps_per_instance"`
	Runs []AtLevel `json:"runs"` // as Comparison.Runs
}

// AtLevel is one run at a load level, between its own neighbouring steps.
// Numbers are missing where the run did not reach the level unsaturated.
type AtLevel struct {
	P50         Number `json:"p50_s"`
	P99         Number `json:"p99_s"`
	Errors      Number `json:"errors_ratio"`
	Busy        Number `json:"busy_ratio"` // of the fuller of CPU and GPU
	ChangeP99   Number `json:"p99_change"` // against the baseline; null for the baseline
	ChangeP99Lo Number `json:"p99_change_lo"`
	ChangeP99Hi Number `json:"p99_change_hi"`
}

// FleetChoice is what each run's kind of instance would need for a level of
// traffic.
type FleetChoice struct {
	PeakRPS Number      `json:"peak_rps"` // whole fleet, before growth
	Options []FleetCell `json:"options"`  // as Comparison.Runs
	Best    string      `json:"best"`     // label of the run with the least cost, or the fewest instances; "" none
	WhyBest string      `json:"why_best"`
}

// FleetCell is one run's fleet for one level of traffic.
type FleetCell struct {
	Instances   Number `json:"instances"`    // null: none
	CostPerHour Number `json:"usd_per_hour"` // null without a price
	Why         string `json:"why"`          // why there is none, or ""
}

// ComparisonOptions echoes what the comparison was asked.
type ComparisonOptions struct {
	SLO               string `json:"slo,omitempty"`
	MaxRegression     Number `json:"max_regression"` // 0.1 is 10 %; null: nothing fails
	Growth            Number `json:"growth"`
	TargetUtilization Number `json:"target_utilization"`
}
