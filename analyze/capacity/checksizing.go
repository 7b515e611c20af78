package capacity

func instancesCheck() Check {
	return Check{
		Name: "instances", Title: "Instances", Query: "capacity_plateau",
		Question:    "How many instances does the peak need?",
		Formula:     "ceil(peak × (1 + growth) / (lower end of capacity or SLO rate, the lesser × target utilization))",
		MinimumData: "a capacity, and with an SLO a rate within it; without a given peak the highest rate that was served over as many buckets in a row as the threshold below says",
		Refuses: []string{
			"only a lower bound is known and more than one instance would be needed: then the number that is enough is named, not recommended",
			"the interval of the rate leaves the number open by more than one: then both ends are named",
		},
		Thresholds: []Threshold{
			{"target utilization, default", defaultTarget, "ratio"},
			{"buckets in a row that make a served rate", sustainedBuckets, "buckets"},
			{"lower end below the rate, from which two numbers are named", widestForCount, "ratio"},
		},
	}
}

func zoneCheck() Check {
	return Check{
		Name: "zone_loss", Title: "Loss of a zone", Query: "capacity_plateau",
		Question:    "How many instances still carry the peak when one availability zone is lost?",
		Formula:     "least n, not below the recommended number: (n - ceil(n / zones)) × lower end of capacity or SLO rate >= peak × (1 + growth); the reserve is used up then",
		MinimumData: "as for instances; zones from --zones, else assumed",
		Refuses:     []string{"no number of instances is recommended", "one zone"},
		Thresholds:  []Threshold{{"zones, assumed", assumedZones, ""}},
	}
}

func safetyCheck() Check {
	return Check{
		Name: "scaling_safety", Title: "Safety of the autoscaling target", Query: "instance_count",
		Question:    "At which share of what an instance can take must another one be started?",
		Formula:     "1 - (most that an instance's traffic grew by within publishing + alarm + start) / (lower end of capacity or SLO rate), held to the thresholds",
		MinimumData: sprintf("%d minutes of traffic; the start is measured where a policy's target is known and instances were added, else assumed", leastTraffic),
		Refuses:     []string{"less traffic, or clients that wait for answers: AWS's starting factor instead"},
		Thresholds: []Threshold{
			{"factor where nothing was measured", startSafety, "ratio"},
			{"least", leastSafety, "ratio"},
			{"most", mostSafety, "ratio"},
			{"until a point is published", publishLag * 60, "seconds"},
			{"for the alarm", pointsHigh * 60, "seconds"},
			{"assumed start", assumedStart * 60, "seconds"},
		},
	}
}

func autoscalingCheck() Check {
	return Check{
		Name: "autoscaling_target", Title: "Autoscaling target", Query: "capacity_plateau",
		Question:    "Which value of SageMakerVariantInvocationsPerInstance keeps the SLO?",
		Formula:     "floor(lower end of capacity or SLO rate × safety × 60); the check scaling_safety has the safety",
		MinimumData: "as for instances",
		Refuses:     []string{"no capacity and no SLO rate"},
	}
}

func headroomCheck() Check {
	return Check{
		Name: "headroom", Title: "Headroom", Query: "capacity_plateau",
		Question:    "Which share of what runs now does the peak leave free?",
		Formula:     "1 - peak × (1 + growth) / (instances × lower end of capacity or SLO rate)",
		MinimumData: "as for instances, and the number of instances that run now",
		Refuses:     []string{"no capacity and no SLO rate", "the number of instances is not known", "only a lower bound is known and it does not cover the peak"},
	}
}

func otherTypesCheck() Check {
	return Check{
		Name: "other_types", Title: "Other instance types", Query: "capacity_plateau",
		Question:    "What would another instance type take?",
		Formula:     "none: unanswerable until it was tested. With prices, from which rate on it costs less: load / (n × target utilization), n the most of its instances that cost less than the tested type's fleet, (n + 1) × price >= its cost",
		MinimumData: "a load test on that type; sizewise compare sets the two side by side",
		Refuses: []string{
			"always: vCPUs, GPUs and memory do not tell how fast a model is on another type",
			"which to test, where the bottleneck is not known or none that a type has more of",
			"from which rate on it costs less, without both prices, or where the tested type's own rate is only bounded",
		},
		Thresholds: []Threshold{
			{"types proposed, at most", mostCandidates, ""},
			{"memory over what was used, at the target utilization", memoryReserve, "times"},
		},
	}
}

func leakCheck() Check {
	return Check{
		Name: "memory_leak", Title: "Memory that climbs with time", Query: "utilization_by_minute",
		Question:    "Does memory grow although the load does not?",
		Formula:     "sum over steps of Theil-Sen slope of memory × width of the step",
		MinimumData: sprintf("steps of %d buckets with memory", minStepBuckets),
		Refuses:     []string{"fewer than three quarters of the steps climb"},
		Thresholds: []Threshold{
			{"rise within steps", leakRise, "ratio"},
			{"fall that means a restart, at least", memoryDrop, "ratio"},
			{"and in standard deviations of what memory moves by", noiseDrop, ""},
		},
	}
}

func clientCheck() Check {
	return Check{
		Name: "client_errors", Title: "Client errors", Query: "errors_by_minute",
		Question:    "Are 4xx errors the client's doing or the load's?",
		Formula:     "a step's lower Wilson bound of the 4xx ratio against the upper one of the lowest third of the steps; what does not rise with the load neither sizes nor fails an SLO, and an objective that it breaks alone is named",
		MinimumData: sprintf("%d requests", minOnset),
		Refuses:     []string{sprintf("lower Wilson bound of the 4xx ratio at or below %s", percent(clientErrors))},
		Thresholds:  []Threshold{{"4xx ratio", clientErrors, "ratio"}, {"rise over low load, beyond doubt", clientGrowth, "times"}},
	}
}

func hotCheck() Check {
	return Check{
		Name: "hot_instance", Title: "Hot instance", Query: "utilization_by_minute",
		Question:    "Is one instance slower than the others?",
		Formula:     "gap = (busiest - average) / average's own use, of every minute; fleets of equal instances and of instances further and further apart are simulated with readings of every noise, and the excess is their mean by how likely each makes the gaps: a gap of noise scatters as much as it is large, and goes down as more requests share a minute; with enhanced metrics (InstanceId) instead: the line of each instance by itself, the slowest where its interval, at 95 % over all of them, lies below the average",
		MinimumData: sprintf("%d usable minutes with 2 instances or more, at %s of the highest use or above", minHot, percent(hotShare)),
		Refuses:     []string{"a gap that equal instances would show too", "only the average was published"},
		Thresholds: []Threshold{
			{"busiest over average that is a warning", hotFinding, "times"},
			{"least excess", leastExcess, "ratio"},
			{"chance of equal instances beforehand", equalFleets, "ratio"},
		},
	}
}

func closedCheck() Check {
	return Check{
		Name: "closed_loop", Title: "Closed-loop load", Query: "variant_minutes",
		Question:    "Was the load a fixed number of waiting clients?",
		Formula:     "any of: slope and correlation of log latency over log rate within steps; stairs of concurrency at one rate; requests per minute that scatter less than independent ones (variance over mean, chi-squared), alone, where answers are slow, or with equal stairs that bring the less in rate the more requests are under way (rate = a + b × stair - c × under way)",
		MinimumData: sprintf("%d minutes in steps", minClosed),
		Refuses:     []string{"requests sent by the clock, as some load generators do, say nothing by their evenness"},
		Thresholds: []Threshold{
			{"slope below", closedSlope, ""},
			{"correlation below", closedR, ""},
			{"chance of such evenness, alone", evenSure, "ratio"},
			{"chance of such evenness, with stairs", evenHint, "ratio"},
			{"chance of such stairs", stairHint, "ratio"},
			{"variance over mean of requests sent by the clock", byTheClock, "ratio"},
			{"rate that the requests under way cost", leastHeldBack, "ratio"},
		},
	}
}

func countCheck() Check {
	return Check{
		Name: "instance_count", Title: "Instance count", Query: "instance_count",
		Question:    "How many instances took requests?",
		Formula:     "Sum(Invocations) / Sum(InvocationsPerInstance), compared with the hosts that reported and with DescribeEndpoint",
		MinimumData: "one minute with requests",
		Refuses:     []string{"InvocationsPerInstance missing: the hosts that reported are counted instead"},
		Thresholds:  []Threshold{{"distance from a whole number", wholeInstances, "ratio"}},
	}
}

func warmCheck() Check {
	return Check{
		Name: "warm_up", Title: "Warm-up", Query: "latency_breakdown",
		Question:    "Were the first minutes slower than the same load later?",
		Formula:     sprintf("mean latency of the first buckets over the median of later ones at the same load, or at a higher load while work per request falls, above %g", warmSlow),
		MinimumData: sprintf("%d buckets in a row, and %d later ones to compare with", minWarm, minStepBuckets),
		Refuses:     []string{"more than the first quarter of the window", "slower than a higher load, without more work per request: batching does that"},
		Thresholds: []Threshold{
			{"latency over later latency", warmSlow, "times"},
			{"work per request over later work", warmCost, "times"},
			{"one load", sameLoad, "times"},
			{"buckets in a row", minWarm, "buckets"},
		},
	}
}

func deployCheck() Check {
	return Check{
		Name: "deploy", Title: "Change of the work per request", Query: "capacity_plateau",
		Question:    "Did a request begin to cost another amount of CPU or GPU time during the test?",
		Formula:     "busy = U0 + (D + change from a moment on) × rate against a line that bends with the rate, by the sum of squared residuals; where no line shows it, mean latency that drops at once below the quickest tenth of what was seen at less load",
		MinimumData: sprintf("%d buckets on each side; for the latency %d before and %d after, of %d at most", minDeploySide, quickBefore, quickAfter, mostQuickening),
		Refuses:     []string{"a bend that comes with the load explains the points as well", "utilization published less often than requests"},
		Thresholds: []Threshold{
			{"least change", leastDeploy, "ratio"},
			{"residual with the change over that without", deployClear, "ratio"},
			{"drop of the latency", leastDrop, "ratio"},
		},
	}
}
