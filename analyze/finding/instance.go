package finding

// Instance is one instance of the fleet by itself, which is known where enhanced
// metrics are on.
type Instance struct {
	ID       string `json:"id"`
	Requests Number `json:"requests"`
	Share    Number `json:"share"` // of the fleet's requests while it served

	Resource string `json:"resource,omitempty"` // cpu or gpu, of the demand; "" when no line could be fitted
	Demand   Number `json:"demand_s"`           // resource-seconds per request
	DemandLo Number `json:"demand_lo_s"`
	DemandHi Number `json:"demand_hi_s"`
	Excess   Number `json:"excess"` // of the demand over the median instance's, 0.1 is 10 % more

	Capacity   Number `json:"capacity_rps"` // at which the resource is full, by its line
	CapacityLo Number `json:"capacity_lo_rps"`
	CapacityHi Number `json:"capacity_hi_rps"`

	ModelMean Number `json:"model_mean_s"`
	Errors5XX Number `json:"errors_5xx_ratio"`
	N         int    `json:"n"` // buckets in the line
}
