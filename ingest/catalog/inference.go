package catalog

// componentMetrics are those of inference components and of the endpoints that
// host them.
func componentMetrics() []Metric {
	used := func(name string, sets [][]string, about string) Metric {
		return Metric{
			Name: name, Unit: "Percent", Stats: allStats(), DimSets: sets,
			Kind: Utilization, Scale: Ratio100, Better: None, About: about,
		}
	}
	hosts := with(FamilyComponent, nsInstances, pageMetrics, variantSets, []Metric{
		used("CPUUtilizationNormalized", nil, "CPU time in use as a share of all vCPUs."),
		used("GPUUtilizationNormalized", gpuSets(), "GPU time in use as a share of all GPUs."),
		used("GPUMemoryUtilizationNormalized", gpuSets(), "GPU memory in use as a share of all GPUs' memory."),
		used("CPUReservation", nil, "Share of the vCPUs that inference components have reserved."),
		used("GPUReservation", nil, "Share of the GPUs that inference components have reserved."),
		used("MemoryReservation", nil, "Share of the memory that inference components have reserved."),
	})
	own := with(FamilyComponent, nsComponents, pageMetrics, componentSets, []Metric{
		used("CPUUtilizationNormalized", nil, "CPU time in use as a share of what the component reserved."),
		used("MemoryUtilizationNormalized", nil, "Memory in use as a share of what the component reserved."),
		used("GPUUtilizationNormalized", componentGPUSets(), "GPU time in use as a share of what the component reserved."),
		used("GPUMemoryUtilizationNormalized", componentGPUSets(), "GPU memory in use as a share of what the component reserved."),
	})
	calls := with(FamilyComponent, nsInvocations, pageMetrics, only("InferenceComponentName"), []Metric{
		{
			Name: "InvocationsPerCopy", Unit: "None", Stats: sumOnly(), Kind: Count, Scale: PerInstance, Better: None,
			About: "Requests divided by the copies of the component in service at the time of each.",
		},
		{
			Name: "ConcurrentRequestsPerCopy", Unit: "None", Stats: minMax(), Kind: Gauge, Better: None,
			About: "Requests being handled by or waiting for a copy at one time, sampled every ten seconds.",
		},
		{
			Name: "NoCapacityInvocationFailures", Unit: "Count", Stats: sumOnly(), Kind: Count, Better: Lower,
			About: "Requests that failed because the component had no copy in service.",
		},
	})
	return append(append(hosts, own...), calls...)
}

// multiModelMetrics are those of endpoints that load models on demand.
func multiModelMetrics() []Metric {
	took := func(name, about string) Metric {
		return Metric{
			Name: name, Unit: "Microseconds", Stats: plainStats(),
			Kind: Latency, Scale: Microseconds, Better: Lower, About: about,
		}
	}
	loading := with(FamilyMultiModel, nsInvocations, pageMetrics, only("EndpointName", "VariantName"), []Metric{
		took("ModelLoadingWaitTime", "Time that a request waited for its model to be downloaded and loaded."),
		took("ModelUnloadingTime", "Time that the container took to unload a model."),
		took("ModelDownloadingTime", "Time that the download of a model took."),
		took("ModelLoadingTime", "Time that the container took to load a model."),
		{
			Name: "ModelCacheHit", Unit: "None", Stats: []string{"SampleCount", "Sum", "Average"},
			Kind: Count, Scale: Fraction, Better: Higher,
			About: "Requests whose model was loaded already; the average is their share.",
		},
	})
	return append(loading, with(FamilyMultiModel, nsInstances, pageMetrics, only("EndpointName", "VariantName"), []Metric{{
		Name: "LoadedModelCount", Unit: "None", Stats: plainStats(), Kind: Gauge, Better: None,
		About: "Models that the containers hold loaded, one sample an instance.",
	}})...)
}

// serverlessMetrics are those of serverless variants, which have no CPU metric.
func serverlessMetrics() []Metric {
	gauge := func(name, unit string, kind Kind, scale Scale, better Better, about string) Metric {
		stats := []string{"Average", "Minimum", "Maximum"}
		if kind == Count { // requests, which only a sum counts
			stats = []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum"}
		}
		return Metric{
			Name: name, Unit: unit, Stats: stats,
			Kind: kind, Scale: scale, Better: better, About: about,
		}
	}
	return with(FamilyServerless, nsInvocations, pageServer, only("EndpointName", "VariantName"), []Metric{
		{
			Name: "ModelSetupTime", Unit: "Microseconds",
			Stats: []string{"SampleCount", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"},
			Kind:  Latency, Scale: Microseconds, Better: Lower,
			About: "Time that a cold start took to fetch the model and to start its container.",
		},
		gauge("ServerlessConcurrentExecutionsUtilization", "None", Utilization, Fraction, None,
			"Executions at one time as a share of the most that the endpoint allows."),
		gauge("ServerlessProvisionedConcurrencyExecutions", "Count", Gauge, Unscaled, None,
			"Executions at one time on provisioned concurrency."),
		gauge("ServerlessProvisionedConcurrencyUtilization", "None", Utilization, Fraction, None,
			"Executions on provisioned concurrency as a share of what is provisioned."),
		gauge("ServerlessProvisionedConcurrencyInvocations", "Count", Count, Unscaled, None,
			"Requests that provisioned concurrency handled."),
		gauge("ServerlessProvisionedConcurrencySpilloverInvocations", "Count", Count, Unscaled, Lower,
			"Requests that found all provisioned concurrency busy."),
	})
}

// asyncMetrics are those of asynchronous endpoints, which publish neither
// Invocations nor OverheadLatency.
func asyncMetrics() []Metric {
	waiting := func(name, unit string, kind Kind, scale Scale, about string) Metric {
		return Metric{Name: name, Unit: unit, Stats: plainStats(), Kind: kind, Scale: scale, Better: Lower, About: about}
	}
	queue := with(FamilyAsync, nsInvocations, pageAsync, only("EndpointName"), []Metric{
		waiting("ApproximateBacklogSize", "Count", Gauge, Unscaled, "Requests that wait or are being handled."),
		waiting("ApproximateBacklogSizePerInstance", "Count", Gauge, PerInstance, "Requests that wait or are being handled, divided by the instances."),
		waiting("ApproximateAgeOfOldestRequest", "Seconds", Latency, Seconds, "Age of the oldest request that waits."),
		waiting("HasBacklogWithoutCapacity", "Count", Gauge, Unscaled, "1 while requests wait and no instance is in service, else 0."),
	})
	failed := func(name, about string) Metric {
		return Metric{Name: name, Unit: "Count", Stats: sumOnly(), Kind: Count, Better: Lower, About: about}
	}
	took := func(name, unit string, scale Scale, about string) Metric {
		return Metric{Name: name, Unit: unit, Stats: allStats(), Kind: Latency, Scale: scale, Better: Lower, About: about}
	}
	processed := func(name, about string) Metric {
		return Metric{Name: name, Unit: "Count", Stats: sumOnly(), Kind: Count, Better: None, About: about}
	}
	return append(queue, with(FamilyAsync, nsInvocations, pageAsync, only("EndpointName", "VariantName"), []Metric{
		failed("RequestDownloadFailures", "Requests whose input could not be downloaded."),
		failed("ResponseUploadFailures", "Requests whose answer could not be uploaded."),
		failed("NotificationFailures", "Notifications that could not be published."),
		failed("ExpiredRequests", "Requests that waited longer than they may."),
		failed("InvocationFailures", "Requests whose invocation failed."),
		processed("InvocationsProcessed", "Requests that the endpoint processed, as examples name it."),
		processed("InvocationsProcesssed", "Requests that the endpoint processed, as the guide spells it."),
		took("RequestDownloadLatency", "Microseconds", Microseconds, "Time that the download of an input took."),
		took("ResponseUploadLatency", "Microseconds", Microseconds, "Time that the upload of an answer took."),
		took("TimeInBacklog", "Microseconds", Microseconds, "Time that a request waited."),
		took("TotalProcessingTime", "Milliseconds", Milliseconds, "Time from receiving a request to having its answer uploaded."),
	})...)
}
