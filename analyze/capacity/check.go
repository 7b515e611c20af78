package capacity

// Threshold is one number that a check compares with.
type Threshold struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"` // "ratio", "buckets", "requests", "times", "seconds", "days" or ""
}

// Check documents one answer or finding for sizewise explain.
type Check struct {
	Name        string      `json:"name"`
	Title       string      `json:"title"`
	Question    string      `json:"question"`
	Formula     string      `json:"formula"`
	Query       string      `json:"query"` // named query that shows the rows
	MinimumData string      `json:"minimum_data"`
	Refuses     []string    `json:"refuses"` // when there is no answer, or a lesser one
	Thresholds  []Threshold `json:"thresholds"`
}

// Checks documents every answer and finding of this package, answers first.
// All numbers come from the constants that the code compares with.
func Checks() []Check {
	return []Check{
		saturationCheck(), capacityCheck(), sloCheck(), bottleneckCheck(), onsetCheck(),
		instancesCheck(), zoneCheck(), autoscalingCheck(), safetyCheck(), replayCheck(), headroomCheck(), costCheck(), otherTypesCheck(), transferCheck(),
		leakCheck(), deployCheck(), clientCheck(), hotCheck(), closedCheck(), warmCheck(), countCheck(), kneeCheck(), uslCheck(), limitsCheck(),
	}
}

func saturationCheck() Check {
	return Check{
		Name: "saturation", Title: "Saturation", Query: "variant_minutes",
		Question:    "Did the test reach the endpoint's limit?",
		Formula:     sprintf("a load step lost more than %s of its requests to 5xx, more than lower steps did, while a resource was %s busy, or answers stayed flat under more load, or latency was %g times its low-load mean; with waiting clients: concurrency +%s at the same rate", percent(lossLimit), percent(busyFull), queueGrowth, percent(stallGrowth)),
		MinimumData: sprintf("load steps of %d buckets", minStepBuckets),
		Refuses:     []string{"no requests in the window"},
		Thresholds: []Threshold{
			{"5xx ratio of the median minute", lossLimit, "ratio"},
			{"full resource", busyFull, "ratio"},
			{"latency growth that shows a queue", queueGrowth, "times"},
			{"flat answers, at most apart", flatGrowth, "ratio"},
			{"while the offered rate is apart by", flatOffered, "ratio"},
			{"concurrency growth without more answers", stallGrowth, "ratio"},
			{"smallest change of rate that makes a step", minStepShift, "ratio"},
			{"left out around a change of the instance count", settleInstances.Seconds(), "seconds"},
			{"left out around a restart", settleRestart.Seconds(), "seconds"},
		},
	}
}

func capacityCheck() Check {
	return Check{
		Name: "capacity", Title: "Sustained capacity per instance", Query: "capacity_plateau",
		Question:    "How many successful answers per second can the slowest instance give under permanent backlog?",
		Formula:     "saturated: median of the plateau's served rate, interval from batch means. Not saturated: min over CPU and GPU of (limit - U0) / D from busy = U0 + D × served rate (Theil-Sen, delete-block jackknife, and at least the interval of least squares where points are few); divided by 1 + the excess of the slowest instance. To the interval is added in squares what the excess may be off by, and minute boundaries. Where the work per request moves from step to step, the line gives every step the same say, and a plateau counts at the mean work by what a request cost then; where few requests were lost, or many and the resource clearly idled, its idle time is added, or that of known workers. Known workers that are taken first: their number over the time of a lone request, by a line of the latencies over the wait of a queueing network and by simulated fleets laid over all minutes; where CPU would be nearly full as well, what that network answers with so many requests in it",
		MinimumData: sprintf("%d minutes of plateau, or %d usable minutes", minPlateau, minFitBuckets),
		Refuses: []string{
			sprintf("slope ratio outside %.2f to %.2f: work per request changes with load, as GPU batching does", minSlopeRatio, maxSlopeRatio),
			sprintf("a GPU line that leaves more than %s of its top at zero load", percent(maxIdleShare)),
			sprintf("R2 below %.2f, or an interval wider than %s on each side", minR2, percent(maxHalfWidth)),
			sprintf("the highest rate less than %g times the lowest, or utilization never above %s", minRateRange, percent(minBusy)),
			sprintf("the answer beyond %g times the highest rate seen", maxStretch),
			sprintf("the number of workers unknown, and a number that cannot be ruled out by the latencies seen would leave less than %s of the line's capacity", percent(tolerable)),
			"a line through work that drifts with time is drawn at its mean, where the load goes up and down faster; a change at once, as a deploy makes, leaves only what came after",
			"workers in front of which nothing queues: their number over the time of a request, the number by Erlang's loss formula where it is not known",
			sprintf("then: at least the rate that was sustained, less %s where several instances answered it and none is published by itself", percent(unseenSkew)),
		},
		Thresholds: []Threshold{
			{"usable minutes", minFitBuckets, "buckets"},
			{"least slope ratio", minSlopeRatio, "ratio"},
			{"highest slope ratio", maxSlopeRatio, "ratio"},
			{"least R2", minR2, "ratio"},
			{"usable minutes where they lie on the line", shortFitBuckets, "buckets"},
			{"R2 from which they do", shortR2, "ratio"},
			{"least range of rates where the line is clear", clearRateRange, "times"},
			{"chance of drift where there is none", driftChance, "ratio"},
			{"steps that show a moving mix", minMixSteps, "steps"},
			{"chance of a moving mix where there is none", mixChance, "ratio"},
			{"least standard deviation of a moving mix", leastMix, "ratio"},
			{"widest half interval", maxHalfWidth, "ratio"},
			{"least range of rates", minRateRange, "times"},
			{"least utilization reached", minBusy, "ratio"},
			{"farthest extrapolation", maxStretch, "times"},
			{"5xx ratio of a usable minute", maxFitErrors, "ratio"},
			{"requests of a usable minute", minRequests, "requests"},
			{"capacity that hidden workers must leave", tolerable, "ratio"},
			{"half interval on top of the scatter", leastHalfWidth, "ratio"},
			{"confidence", confidence, "ratio"},
		},
	}
}

func sloCheck() Check {
	return Check{
		Name: "slo_rate", Title: "Rate within the SLO per instance", Query: "slo_crossing",
		Question:    "Up to which rate per instance does the median minute keep the SLO?",
		Formula:     "isotonic fit of the steps' median percentile, log-linear crossing between the last step that keeps the limit and the first that does not, shared with the queueing curve through the steps below where the capacity is known; interval from a bootstrap over minutes, a part of the bracket and a floor; where steps disagree it covers both; not bracketed: a fleet with the cores, GPUs and workers that are known is simulated at loads up to the capacity, with the work per request that the latencies at low load show; the rise of its latencies is laid over those of all minutes, drift of the work per request taken out, and read off at the limit; a balancer that is not known counts as each that it may be, by how well its fleet fits; where the number of instances moved, the fewest that were seen, by the steps with so many or by that simulation of so many, and below an overloaded step that simulation, or where it cannot be had half way between the straight line and the one that goes on as the steps below rise; clients that wait: that fleet under random arrivals, with every balancer as likely as before, since their latencies do not tell; of 4xx only what rises with the load counts; warm-up and minutes around restarts are left out",
		MinimumData: sprintf("steps of %d minutes after trimming, each minute with %g requests for p99, %g for p95, %g for p90", stepBuckets, minPerMinute("p99"), minPerMinute("p95"), minPerMinute("p90")),
		Refuses: []string{
			"the lowest step already misses the SLO",
			"too few requests a minute for the percentile",
			sprintf("not bracketed, and capacity not extrapolated, fewer than %d steps or fewer than %d minutes: at least the highest rate at which its readings kept it by more than one standard error", minModelSteps, minModelReadings),
		},
		Thresholds: []Threshold{
			{"requests per minute for p99", minPerMinute("p99"), "requests"},
			{"requests per minute for p95", minPerMinute("p95"), "requests"},
			{"requests per minute for p90", minPerMinute("p90"), "requests"},
			{"steps for the queue model", minModelSteps, "steps"},
			{"highest load of the queue model", maxModelLoad, "ratio"},
			{"minutes in the queue model", minModelReadings, "minutes"},
			{"of them with the percentile", minOwnReadings, "minutes"},
			{"rate from which a short queue may refuse before latency reaches the limit", shortQueue, "ratio"},
			{"interval's share of the bracket", bracketShape, "ratio"},
			{"least half interval of a crossing", leastCrossing, "ratio"},
		},
	}
}

func bottleneckCheck() Check {
	return Check{
		Name: "bottleneck", Title: "Bottleneck", Query: "utilization_by_minute",
		Question:    "What stops one instance from serving more?",
		Formula:     sprintf("saturated: the resource at or above %s on the plateau, workers when none is; not saturated: the resource with the least capacity by its line", percent(busyFull)),
		MinimumData: "as for capacity",
		Refuses: []string{
			sprintf("two full resources within %s of each other", percent(tie)),
			sprintf("not saturated, and the runner-up within %s", percent(separable)),
			"not saturated, and capacity only bounded below",
			"the number of vCPUs or GPUs of an instance not known, and nothing else full",
		},
		Thresholds: []Threshold{{"full resource", busyFull, "ratio"}, {"tie", tie, "ratio"}, {"separable", separable, "ratio"}},
	}
}

func onsetCheck() Check {
	return Check{
		Name: "error_onset", Title: "Onset of 5xx errors", Query: "error_onset",
		Question:    "From which rate on do requests fail?",
		Formula:     sprintf("first step whose lower Wilson bound of the 5xx ratio is above %s", percent(onsetRatio)),
		MinimumData: sprintf("%d requests per step", minOnset),
		Refuses:     []string{"steps that hold nothing but minutes around restarts are left out", "errors at the lowest rate already", "errors at some rates and none at higher ones"},
		Thresholds:  []Threshold{{"5xx ratio", onsetRatio, "ratio"}, {"requests per step", minOnset, "requests"}},
	}
}
