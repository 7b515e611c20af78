package finding

// Sizing is what stands beside the recommended number of instances.
type Sizing struct {
	Zones        int  `json:"zones"` // that the instances are spread over
	ZonesAssumed bool `json:"zones_assumed"`
	// ZoneLoss is how many instances still carry the peak, without the reserve,
	// when one of the zones is lost.
	ZoneLoss Estimate `json:"zone_loss"`
	// Safety is the share of an instance's rate at which target tracking has to
	// add instances, so that those there last until the new ones serve, 0 to 1.
	Safety Estimate `json:"scaling_safety"`
	// OneLess is the load that one instance less would have at the peak, over
	// the lower end of the rate that it may serve; null when one is recommended.
	OneLess Number `json:"load_of_one_less"`
	Flips   []Flip `json:"flips"`
	// WouldChange is the flips in words, and what one instance less would carry.
	WouldChange string `json:"would_change"`
}

// Flip is a value of one input of the sizing formula beyond which another
// number of instances is right, all else as it is.
type Flip struct {
	Input     string `json:"input"` // peak_rps, rps_per_instance, work_per_request, target_utilization
	Now       Number `json:"now"`
	At        Number `json:"at"`
	Above     bool   `json:"above"`     // right above At, else below it
	Instances Number `json:"instances"` // that are right there
}
