package workload

import (
	"time"

	"sizewise/ingest/simaws/account"
)

// Truth is what the simulator knows and an analysis should find. It is costly
// (see TruthOf), so Run does not compute it.
type Truth struct {
	CapacityRPS float64 // successful answers/s of the slowest instance under permanent backlog
	SLORPS      float64 // highest offered requests/s per instance at which the median minute meets SLO; 0 when none does
	SLO         string  // the SLO that SLORPS is for, for example p99<200ms
	Bottleneck  string  // cpu, gpu, memory or workers: what stops the test, or would stop it first
	Batching    bool    // the GPU batches dynamically
	Saturated   bool    // the test held at least one instance at its capacity for three minutes on end
}

// Result is one simulated load test.
type Result struct {
	Account  *account.Account
	Endpoint string // its name, for example cpu-bound-xgboost
	Variant  string
	Start    time.Time // first step's beginning
	End      time.Time // the minute's end after the last answer
	Counts   Counts
}

// Counts are the events of one run as the simulator counted them, independent
// of the published metrics.
type Counts struct {
	Requests     int // answers of any status
	ClientErrors int // 4xx
	ServerErrors int // 5xx, of any cause
	Overflows    int // 5xx because the queue was full
	Kills        int // times that a container was killed for memory
	MaxInstances int // most instances in service at once
}
