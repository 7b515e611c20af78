package finding

// OtherTypes is what can be said of instance types that were not tested: that
// nothing can, since neither vCPUs nor GPUs nor memory tell how fast a model is,
// and which test would tell.
type OtherTypes struct {
	Status Status  `json:"status"` // unanswerable
	Why    string  `json:"why"`
	Query  string  `json:"query"`
	Stages []Stage `json:"stages"` // of the test, for one instance of each candidate; to be ended early once answers fall behind requests
}

// Candidate is another instance type that may be worth a load test. It is a
// hypothesis: no rate and no latency is predicted for a type that was not tested.
type Candidate struct {
	InstanceType string `json:"instance_type"`
	Status       Status `json:"status"` // unanswerable, of what it takes
	VCPU         int    `json:"vcpu"`
	MemoryGiB    Number `json:"memory_gib"`
	GPUs         int    `json:"gpus"`
	Accelerator  string `json:"accelerator,omitempty"`
	GPUMemoryMiB int    `json:"gpu_memory_mib,omitempty"` // of each GPU
	USDPerHour   Number `json:"usd_per_hour"`             // null without a price
	Why          string `json:"why"`                      // what it has more of
	// Worth is, by level of traffic, what a test has to show for the type to cost
	// less than the tested one. Empty without both prices, and where the tested
	// type's own need is only bounded.
	Worth []Worth `json:"worth,omitempty"`
}

// Worth is from which rate on another instance type costs less. It is arithmetic
// on prices and the tested type's own need, and says nothing of what the other
// type serves.
type Worth struct {
	PeakRPS   Number `json:"peak_rps"`
	Instances Number `json:"instances"`        // the most of them that cost less than the tested type's fleet; 0 where one does not
	RPS       Number `json:"rps_per_instance"` // that each of them would have to be able to take; null for none
}
