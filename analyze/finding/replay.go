package finding

// Replay is what fleets would have done with the traffic of the window: the
// requests of each minute, put to the current policy, to the recommended one and
// to a fixed fleet.
type Replay struct {
	Status Status `json:"status"` // extrapolated, or unanswerable: Fleets is empty then
	Why    string `json:"why"`    // one sentence: what it rests on, or why there is none
	// LimitRPS is the rate that an instance should not be given more than, and
	// Limit what that is: SLO rate or capacity. Lower ends, as in sizing.
	LimitRPS Number `json:"limit_rps_per_instance"`
	Limit    string `json:"limit"`
	Minutes  int    `json:"minutes"` // of traffic that were replayed
	// StartS is how long a new instance takes from the decision until it serves,
	// seconds: measured in the window, or assumed.
	StartS        Number `json:"start_s"`
	StartMeasured bool   `json:"start_measured"`
	Starts        int    `json:"starts"` // that it was measured on

	Fleets []ReplayedFleet `json:"fleets"`
}

// The fleets of a replay.
const (
	CurrentFleet      = "current"
	RecommendedPolicy = "recommended_policy"
	RecommendedFleet  = "recommended_fleet" // as many instances as are recommended, all the time
)

// ReplayedFleet is one fleet and how it did. Its numbers are missing where it
// could not be replayed, and Why says why.
type ReplayedFleet struct {
	Name          string `json:"name"`
	Target        Number `json:"target"` // invocations/instance/minute; missing for a fixed fleet
	Min           Number `json:"min_instances"`
	Max           Number `json:"max_instances"`
	MinutesOver   Number `json:"minutes_over"`   // with more than LimitRPS on an instance
	InstanceHours Number `json:"instance_hours"` // in service
	MostInstances Number `json:"most_instances"`
	CostUSD       Number `json:"cost_usd"` // of the instance hours; missing without a price
	Why           string `json:"why,omitempty"`
}
