package workload

import (
	"time"

	"sizewise/ingest/simaws/account"
)

// Truth is what the simulator knows and an analysis should find.
type Truth struct {
	CapacityRPS float64 // successful answers/s of the slowest instance under permanent backlog
	SLORPS      float64 // highest offered requests/s per instance at which the median minute meets SLO; 0 when none does
	SLO         string  // the SLO that SLORPS is for, for example p99<200ms
	Bottleneck  string  // cpu, gpu, gpu_memory, memory, disk, workers, client, none
	Batching    bool    // the GPU batches dynamically
	Saturated   bool    // the test drove at least one instance to its capacity
}

// Result is one simulated load test.
type Result struct {
	Account  *account.Account
	Endpoint string // its name, for example cpu-bound-xgboost
	Variant  string
	Start    time.Time // first arrival
	End      time.Time // last minute's end
	Truth    Truth
}
