package capacity

func replayCheck() Check {
	return Check{
		Name: "replay", Title: "The window's traffic on other fleets", Query: "instance_count",
		Question: "For how long would the current policy, the recommended one and the recommended fleet have given an instance more than it may serve, and for how many instance hours?",
		Formula: "target tracking, minute by minute: desired = ceil(requests / target) within the bounds, out after points in a row above the target, in after points in a row below " +
			"a share of it and a cooldown; a point is there a minute late, and an instance serves after its start; over: requests / 60 / instances > lower end of capacity or SLO rate",
		MinimumData: sprintf("a capacity, and with an SLO a rate within it; %d minutes of traffic; the start is measured where the current policy's target and a rise of the instances are known, else assumed", leastReplay),
		Refuses: []string{
			"no capacity and no SLO rate",
			"of the current fleet: a policy that does not track SageMakerVariantInvocationsPerInstance, several policies, or instances that changed when policies were not asked for",
		},
		Thresholds: []Threshold{
			{"points above the target", pointsHigh, "buckets"},
			{"points below", pointsLow, "buckets"},
			{"share of the target that they are below", lowShare, "ratio"},
			{"assumed start", assumedStart * 60, "seconds"},
			{"cooldown of scaling in, default", defaultCooldown, "seconds"},
			{"instances that a recommended policy keeps", zoneSpread, ""},
		},
	}
}
