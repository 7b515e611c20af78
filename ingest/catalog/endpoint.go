package catalog

// instanceMetrics are the utilization of a variant's instances. Values are sums
// over the containers of an instance; the number of samples in a publish period
// is the number of instances.
func instanceMetrics() []Metric {
	used := func(name string, scale Scale, sets [][]string, about string) Metric {
		return Metric{
			Name: name, Unit: "Percent", Stats: allStats(), DimSets: sets,
			Kind: Utilization, Scale: scale, Better: None, About: about,
		}
	}
	return with(FamilyEndpoint, nsInstances, pageMetrics, variantSets, []Metric{
		used("CPUUtilization", PerVCPU, containerSets(), "CPU time in use, where 100 percent is one vCPU."),
		used("MemoryUtilization", Ratio100, containerSets(), "Memory in use as a share of the instance's memory."),
		used("DiskUtilization", Ratio100, containerSets(), "Disk space in use as a share of the instance's volume."),
		used("GPUUtilization", PerGPU, gpuSets(), "Time in which GPUs ran at least one kernel, where 100 percent is one GPU."),
		used("GPUMemoryUtilization", PerGPU, gpuSets(), "GPU memory in use, where 100 percent is the memory of one GPU."),
	})
}

// invocationMetrics are what InvokeEndpoint counts and measures.
func invocationMetrics() []Metric {
	invocations := Metric{
		Name: "Invocations", Unit: "None", Stats: sumOnly(), Kind: Count, Better: None,
		DimSets: append(invocationSets(), featureSets()...),
		About:   "Requests that were sent to the model, or to a Feature Store operation under its dimensions.",
	}
	return with(FamilyEndpoint, nsInvocations, pageMetrics, invocationSets, []Metric{
		invocations,
		{
			Name: "InvocationsPerInstance", Unit: "None", Stats: sumOnly(), DimSets: variantSets()[:1],
			Kind: Count, Scale: PerInstance, Better: None,
			About: "Requests divided by the instances in service at the time of each.",
		},
		{
			Name: "Invocation4XXErrors", Unit: "None", Stats: sumAverage(), Kind: Count, Better: Lower,
			About: "Requests that were answered with an HTTP status from 400 to 499.",
		},
		{
			Name: "Invocation5XXErrors", Unit: "None", Stats: sumAverage(), Kind: Count, Better: Lower,
			About: "Requests that were answered with an HTTP status from 500 to 599.",
		},
		{
			Name: "InvocationModelErrors", Unit: "None", Stats: sumAverage(), Kind: Count, Better: Lower,
			About: "Requests whose model container gave no answer of status 2xx, timeouts included.",
		},
		{
			Name: "ModelLatency", Unit: "Microseconds", Stats: append(allStats(), "p99.9"),
			Kind: Latency, Scale: Microseconds, Better: Lower,
			About: "Time that the model container took to answer, with the way there and back.",
		},
		{
			Name: "OverheadLatency", Unit: "Microseconds", Stats: plainStats(),
			Kind: Latency, Scale: Microseconds, Better: Lower,
			About: "Time that SageMaker added to the model's own, from receiving the request to answering it.",
		},
		{
			Name: "ConcurrentRequestsPerModel", Unit: "None", Stats: minMax(), DimSets: variantSets()[:1],
			Kind: Gauge, Better: None,
			About: "Requests being handled by or waiting for a model at one time, sampled every ten seconds.",
		},
		{
			Name: "ExplanationsPerInstance", Unit: "None", Stats: sumOnly(), DimSets: variantSets()[:1],
			Kind: Count, Scale: PerInstance, Better: None,
			About: "Records that were explained, divided by the instances.",
		},
	})
}

// streamingMetrics are those of answers that come in chunks. The guide names no
// unit of the latencies; they are published beside ModelLatency.
func streamingMetrics() []Metric {
	first := func(name, about string) Metric {
		return Metric{
			Name: name, Unit: "Microseconds", Stats: allStats(),
			Kind: Latency, Scale: Microseconds, Better: Lower, About: about,
		}
	}
	return with(FamilyStreaming, nsInvocations, pageMetrics, invocationSets, []Metric{
		first("FirstChunkLatency", "Time from the request to the first chunk of the answer."),
		first("FirstChunkModelLatency", "Time that the model container took to its first chunk."),
		first("FirstChunkOverheadLatency", "Time that SageMaker added before the first chunk."),
		{
			Name: "MidStreamErrors", Unit: "None", Stats: sumAverage(), Kind: Count, Better: Lower,
			About: "Answers that broke off after their first chunk, published only when there are any.",
		},
	})
}
