package finding

// NextTest is the load test that would turn what was refused, bounded or
// extrapolated into something measured. k6 takes its stages as arrival rates,
// Inference Recommender as stairs.
type NextTest struct {
	Answers   []string `json:"answers"`   // what it would answer: capacity, slo_rate
	Instances Number   `json:"instances"` // that the rates are for
	Stages    []Stage  `json:"stages"`    // in order; to be ended early once answers fall behind requests
	Why       string   `json:"why"`       // one sentence
}

// Stage is one constant rate of independent requests.
type Stage struct {
	Minutes int    `json:"minutes"`
	RPS     Number `json:"rps"` // whole fleet
}
