package service

import (
	"slices"

	"sizewise/analyze/capacity"
)

// Checks documents every finding of this package for sizewise explain. All
// numbers come from the constants that the code compares with.
func Checks() []capacity.Check {
	return slices.Concat(serverlessChecks(), asyncChecks(), modelChecks(), otherChecks())
}

func serverlessChecks() []capacity.Check {
	return []capacity.Check{
		{
			Name: "serverless_cold_starts", Title: "Cold starts", Query: querySeries,
			Question:    "How many requests of a serverless endpoint wait until an execution has started, and how long?",
			Formula:     "samples of ModelSetupTime / Invocations; the interval is Wilson's, widened where stretches of the window differ",
			MinimumData: "Invocations; for the time a cold start takes, 5 cold starts",
			Refuses:     []string{"no metric of serverless endpoints is in the lake", "too few cold starts for the quantile"},
			Thresholds:  []capacity.Threshold{{Name: "share of requests, lower end", Value: tellingColdStarts, Unit: "ratio"}},
		},
		{
			Name: "serverless_throttles", Title: "Turned away for want of concurrency", Query: querySeries,
			Question:    "Was a serverless endpoint called more often at one time than it allows?",
			Formula:     "(4xx in minutes with every allowed execution busy - their share in other minutes) / Invocations; a 429 cannot be told from another 4xx",
			MinimumData: "Invocations, Invocation4XXErrors and ServerlessConcurrentExecutionsUtilization",
			Refuses:     []string{"the utilization of the allowed concurrency was not published"},
			Thresholds:  []capacity.Threshold{{Name: "all executions busy from", Value: fullConcurrency, Unit: "ratio"}},
		},
		{
			Name: "serverless_spillover", Title: "Provisioned concurrency too small", Query: querySeries,
			Question:    "How many requests found the provisioned concurrency busy?",
			Formula:     "spill-over invocations / (spill-over + provisioned invocations)",
			MinimumData: "both metrics of provisioned concurrency",
			Refuses:     []string{"the two metrics do not add up to Invocations, so that they cannot be read as requests"},
			Thresholds: []capacity.Threshold{
				{Name: "share of requests, lower end", Value: tellingSpill, Unit: "ratio"},
				{Name: "counts may differ by", Value: countsAgree, Unit: "ratio"},
			},
		},
		{
			Name: "answers_5xx", Title: "Failed answers", Query: querySeries,
			Question:    "How many requests to a serverless endpoint, a component or a feature group failed with a status of 5xx?",
			Formula:     "5xx errors / Invocations; the interval is Wilson's, widened where stretches of the window differ",
			MinimumData: "Invocations",
			Refuses:     []string{"nothing was counted"},
			Thresholds:  []capacity.Threshold{{Name: "critical, lower end", Value: tellingServerErrors, Unit: "ratio"}},
		},
	}
}

func asyncChecks() []capacity.Check {
	episode := []capacity.Threshold{
		{Name: "a backlog worth a word, of its usual level", Value: backlogEpisode, Unit: "times"},
		{Name: "and beyond it", Value: backlogFloor, Unit: "requests"},
		{Name: "worked off at, of its peak", Value: backlogGone, Unit: "ratio"},
	}
	return []capacity.Check{
		{
			Name: "async_backlog", Title: "A backlog that came and went", Query: querySeries, Thresholds: episode,
			Question:    "How large did the queue of an asynchronous endpoint become, and how long does it take to work it off?",
			Formula:     "seen: from the peak until a twentieth is left; else what is left / the rate at which the queue shrank last",
			MinimumData: sprintf("ApproximateBacklogSize; for a forecast %d minutes of one trend", leastStretch),
			Refuses:     []string{"there was no backlog", "the queue grows", "it neither grew nor shrank beyond noise"},
		},
		{
			Name: "async_instances", Title: "Instances that keep up with a queue", Query: querySeries,
			Question:    "How many instances would have kept the oldest request of an asynchronous endpoint below the target?",
			Formula:     sprintf("the requests that came (done + growth of the queue) minute by minute before n instances, each doing what one did under backlog; the least n whose queue never lasts longer than the target and that does more than came in the last %d minutes; the ends from those of what an instance does", lastLoad),
			MinimumData: sprintf("%d minutes with a backlog that kept every instance busy; what came in %s of the minutes", leastStretch, share(1-blankLimit)),
			Refuses:     []string{"the queue was never backed up: what an instance does at most was not seen", "InvocationsProcessed was not published", "minutes are missing"},
			Thresholds:  []capacity.Threshold{{Name: "age of the oldest request, unless the SLO says another, as age<10min", Value: defaultAge, Unit: "s"}},
		},
		{
			Name: "async_backlog_grows", Title: "A backlog that grows", Query: querySeries, Thresholds: episode,
			Question:    "Does more come than the instances can do?",
			Formula:     "mean growth of the queue since its trend last changed, by batch means, is above 0 with its whole interval; arrivals = requests done + growth of the queue",
			MinimumData: sprintf("%d minutes of one trend", leastStretch),
			Refuses:     []string{"too few minutes since the trend changed"},
		},
		{
			Name: "async_failures", Title: "Requests lost on the way", Query: querySeries,
			Question:    "How many requests expired in the queue, failed, or lost their input or answer?",
			Formula:     "ExpiredRequests, InvocationFailures, RequestDownloadFailures, ResponseUploadFailures / requests done",
			MinimumData: "InvocationsProcessed", Refuses: []string{"nothing was counted"},
		},
		{
			Name: "async_no_capacity", Title: "A queue without an instance", Query: querySeries,
			Question: "How long did requests wait while no instance was in service?",
			Formula:  "minutes of HasBacklogWithoutCapacity at 1 / minutes of it", MinimumData: "HasBacklogWithoutCapacity",
			Refuses: []string{"the metric was not published"},
		},
	}
}

func modelChecks() []capacity.Check {
	return []capacity.Check{
		{
			Name: "model_cache", Title: "Models that were not loaded", Query: querySeries,
			Question:    "How many requests to a multi-model endpoint found their model loaded, and do models push each other out?",
			Formula:     "sum of ModelCacheHit / its samples; they push each other out where unloads come to more than half of the loads",
			MinimumData: "ModelCacheHit",
			Refuses:     []string{"ModelCacheHit was not published"},
			Thresholds: []capacity.Threshold{
				{Name: "requests that miss, lower end", Value: tellingMisses, Unit: "ratio"},
				{Name: "unloads to loads", Value: thrashingShare, Unit: "ratio"},
			},
		},
		{
			Name: "component_no_capacity", Title: "No copy in service", Query: querySeries,
			Question: "How many requests to an inference component failed because no copy was there?",
			Formula:  "NoCapacityInvocationFailures / Invocations", MinimumData: "Invocations", Refuses: []string{"nothing was counted"},
		},
		{
			Name: "component_copies", Title: "Fewer copies than wanted", Query: queryFacts,
			Question: "Do all copies of a component that are wanted run?",
			Formula:  "CurrentCopyCount < DesiredCopyCount", MinimumData: "DescribeInferenceComponent", Refuses: []string{"it was not read"},
		},
		{
			Name: "component_saturated", Title: "Copies that are full", Query: querySeries,
			Question:    "Did every copy of a component reach its limit?",
			Formula:     "as saturation of an endpoint, with a copy for an instance and its share of what it reserved for its utilization",
			MinimumData: "Invocations, InvocationsPerCopy and load steps", Refuses: []string{"no requests in the window"},
		},
	}
}

func otherChecks() []capacity.Check {
	return []capacity.Check{
		{
			Name: "feature_throttles", Title: "Throttled calls of Feature Store", Query: querySeries,
			Question:    "How many calls of a feature group were throttled?",
			Formula:     "ThrottledRequests / Invocations; over both added where a minute has more of the former than of the latter; Wilson's interval for each minute",
			MinimumData: "Invocations", Refuses: []string{"nothing was counted"},
			Thresholds: []capacity.Threshold{
				{Name: "critical for an operation, lower end over the window or of a minute", Value: tellingThrottles, Unit: "ratio"},
				{Name: "such minutes that make it critical, from", Value: throttledLong, Unit: "min"},
				{Name: "and of all minutes", Value: throttledOften, Unit: "ratio"},
			},
		},
		{
			Name: "labeling_slower", Title: "A labeling job that slows down", Query: querySeries,
			Question:    "Did the pace of a labeling job fall, and do workers explain it?",
			Formula:     "growth of TotalDatasetObjectsLabeled in stretches; the pace since it last changed against the mean before",
			MinimumData: sprintf("stretches of %s or more, 4 on both sides of a change", took(leastBin.Seconds())), Refuses: []string{"fewer than 5 stretches since the change"},
			Thresholds: []capacity.Threshold{{Name: "slower from, of the pace before", Value: paceFell, Unit: "ratio"}},
		},
		{
			Name: "labeling_stalled", Title: "A labeling job that stands still", Query: querySeries,
			Question: "Is nothing labeled any more?", Formula: "the pace since it last changed is 0",
			MinimumData: "as labeling_slower", Refuses: []string{"fewer than 5 stretches since the change"},
		},
		{
			Name: "labeling_failures", Title: "Objects that could not be labeled", Query: querySeries,
			Question: "How many objects of a labeling job failed?", Formula: "DatasetObjectsLabelingFailed / (failed + labeled), Wilson's interval",
			MinimumData: "both metrics", Refuses: []string{"nothing was counted"},
			Thresholds: []capacity.Threshold{{Name: "share of objects, lower end", Value: tellingFailed, Unit: "ratio"}},
		},
		{
			Name: "monitor_execution", Title: "Last execution of a monitoring schedule", Query: queryFacts,
			Question: "Did the last execution complete, and without violations?", Formula: "its status as described",
			MinimumData: "DescribeMonitoringSchedule", Refuses: []string{"it was not read, or the execution still runs"},
		},
		{
			Name: "notebook_quiet", Title: "A notebook instance that nothing is heard of", Query: queryLines,
			Question: "For how long has a notebook instance that is paid for been silent?", Formula: "from the last line of its log to the end of the window",
			MinimumData: "a line of its log, and its status", Refuses: []string{"no log was read", "the instance is stopped"},
			Thresholds: []capacity.Threshold{{Name: "silent from", Value: longQuiet.Hours(), Unit: "h"}},
		},
		{
			Name: "notebook_disk_full", Title: "A notebook instance whose disk is full", Query: queryLines,
			Question: "Does the log say that the disk is full?", Formula: "lines with: no space left on device, ENOSPC, disk quota exceeded, disk is full",
			MinimumData: "a line of its log", Refuses: []string{"no log was read: how full the disk is, is not published"},
		},
		{
			Name: "notebook_state", Title: "State of a notebook instance", Query: queryFacts,
			Question: "Did the notebook instance fail, or its log name errors?", Formula: "its status as described; log lines at ERROR or above, or with an exception",
			MinimumData: "DescribeNotebookInstance or its log", Refuses: []string{"neither was read"},
		},
		{
			Name: "level_changed", Title: "A series whose level changed", Query: querySeries,
			Question: "Did any series of a CloudWatch subject change its level?",
			Formula: "change points of least squares with a penalty; the difference of both levels against noise that resembles its neighbour, times the places of the series;" +
				" Benjamini and Hochberg over all series",
			MinimumData: sprintf("%d values a series", leastValues), Refuses: []string{"fewer values"},
			Thresholds: []capacity.Threshold{
				{Name: "a level lasts", Value: leastSegment, Unit: "values"},
				{Name: "smallest change, of the lesser level", Value: leastChange, Unit: "ratio"},
				{Name: "false discoveries among those told", Value: discoveryRate, Unit: "ratio"},
			},
		},
	}
}
