package finding

// Candidate is another instance type that may be worth a load test. It is a
// hypothesis: no rate and no latency is predicted for a type that was not tested.
type Candidate struct {
	InstanceType string `json:"instance_type"`
	VCPU         int    `json:"vcpu"`
	MemoryGiB    Number `json:"memory_gib"`
	GPUs         int    `json:"gpus"`
	Accelerator  string `json:"accelerator,omitempty"`
	GPUMemoryMiB int    `json:"gpu_memory_mib,omitempty"` // of each GPU
	USDPerHour   Number `json:"usd_per_hour"`             // null without a price
	Why          string `json:"why"`                      // what it has more of
}
