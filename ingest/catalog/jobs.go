package catalog

import "strings"

// jobMetrics are the utilization of the hosts of jobs.
func jobMetrics() []Metric {
	hosts := func(namespace string, disk bool) []Metric {
		used := func(name string, scale Scale, about string) Metric {
			return Metric{
				Name: name, Unit: "Percent", Stats: allStats(),
				Kind: Utilization, Scale: scale, Better: None, About: about,
			}
		}
		ms := []Metric{
			used("CPUUtilization", PerVCPU, "CPU time in use on a host, where 100 percent is one vCPU."),
			used("MemoryUtilization", Ratio100, "Memory in use as a share of the host's memory."),
			used("GPUUtilization", PerGPU, "Time in which GPUs of a host ran at least one kernel, where 100 percent is one GPU."),
			used("GPUMemoryUtilization", PerGPU, "GPU memory in use on a host, where 100 percent is the memory of one GPU."),
		}
		if disk {
			ms = append(ms, used("DiskUtilization", Ratio100, "Disk space in use as a share of the host's volume."))
		}
		return with(FamilyJob, namespace, pageMetrics, only("Host"), ms)
	}
	out := hosts("/aws/sagemaker/TrainingJobs", true)
	out = append(out, hosts("/aws/sagemaker/ProcessingJobs", true)...)
	return append(out, hosts("/aws/sagemaker/TransformJobs", false)...)
}

// recommenderMetrics are those of Inference Recommender's load tests, seen from
// the client.
func recommenderMetrics() []Metric {
	sets := func() [][]string { return [][]string{{"JobName"}, {"EndpointName"}} }
	return with(FamilyRecommender, "/aws/sagemaker/InferenceRecommendationsJobs", pageMetrics, sets, []Metric{
		{Name: "ClientInvocations", Unit: "None", Stats: sumOnly(), Kind: Count, Better: None, About: "Requests that the load test sent."},
		{Name: "ClientInvocationErrors", Unit: "None", Stats: sumOnly(), Kind: Count, Better: Lower, About: "Requests of the load test that failed."},
		{
			Name: "ClientLatency", Unit: "Milliseconds", Stats: allStats(),
			Kind: Latency, Scale: Milliseconds, Better: Lower,
			About: "Time from sending a request to having its answer, as the load test saw it.",
		},
		{Name: "NumberOfUsers", Unit: "None", Stats: plainStats(), Kind: Gauge, Better: None, About: "Users that the load test played at one time."},
	})
}

// labelingMetrics are those of Ground Truth. Counts of objects are totals of a
// job so far, so their maximum is the answer.
func labelingMetrics() []Metric {
	total := func(name string, better Better, about string) Metric {
		return Metric{Name: name, Unit: "None", Stats: []string{"Maximum"}, Kind: Gauge, Better: better, About: about}
	}
	event := func(name string, better Better, about string) Metric {
		return Metric{Name: name, Unit: "None", Stats: []string{"SampleCount", "Sum"}, Kind: Count, Better: better, About: about}
	}
	return with(FamilyLabeling, nsInvocations, pageMetrics, only("LabelingJobName"), []Metric{
		total("DatasetObjectsAutoAnnotated", None, "Objects that were labeled automatically so far."),
		total("DatasetObjectsHumanAnnotated", None, "Objects that people labeled so far."),
		total("DatasetObjectsLabelingFailed", Lower, "Objects that could not be labeled so far."),
		total("TotalDatasetObjectsLabeled", Higher, "Objects that were labeled so far."),
		event("ActiveWorkers", None, "Private workers who submitted, released or declined a task."),
		event("JobsFailed", Lower, "Labeling jobs that failed."),
		event("JobsSucceeded", Higher, "Labeling jobs that succeeded."),
		event("JobsStopped", None, "Labeling jobs that were stopped."),
		event("TasksAccepted", None, "Tasks that workers accepted."),
		event("TasksDeclined", Lower, "Tasks that workers declined."),
		event("TasksReturned", Lower, "Tasks that were returned."),
		event("TasksSubmitted", Higher, "Tasks that workers finished."),
		{
			Name: "TimeSpent", Unit: "Seconds", Stats: []string{"SampleCount", "Sum"},
			Kind: Latency, Scale: Seconds, Better: Lower, About: "Time that private workers spent on tasks.",
		},
	})
}

// featureSets are the dimensions of Feature Store's operations.
func featureSets() [][]string {
	return [][]string{{"FeatureGroupName", "OperationName"}, {"OperationName"}}
}

// featureMetrics are those of Feature Store. Its Invocations share a row with
// the endpoints', which have the same namespace and name.
func featureMetrics() []Metric {
	units := func(name, about string) Metric {
		return Metric{Name: name, Unit: "None", Stats: allStats(), DimSets: featureSets()[:1], Kind: Count, Better: None, About: about}
	}
	failed := func(name, about string) Metric {
		return Metric{Name: name, Unit: "None", Stats: sumAverage(), Kind: Count, Better: Lower, About: about}
	}
	return with(FamilyFeature, nsInvocations, pageMetrics, featureSets, []Metric{
		units("ConsumedReadRequestsUnits", "Read units that on-demand operations consumed."),
		units("ConsumedWriteRequestsUnits", "Write units that on-demand operations consumed."),
		units("ConsumedReadCapacityUnits", "Provisioned read units that operations consumed."),
		units("ConsumedWriteCapacityUnits", "Provisioned write units that operations consumed."),
		failed("Operation4XXErrors", "Operations that were answered with an HTTP status from 400 to 499."),
		failed("Operation5XXErrors", "Operations that were answered with an HTTP status from 500 to 599."),
		failed("ThrottledRequests", "Operations that were throttled."),
		{
			Name: "Latency", Unit: "Microseconds", Stats: allStats(), Kind: Latency, Scale: Microseconds, Better: Lower,
			About: "Time from receiving an operation to answering it.",
		},
	})
}

// pipelineMetrics are those of pipelines and their steps. The namespace is
// written with a lower-case m, as AWS publishes it.
func pipelineMetrics() []Metric {
	runs := func(prefix, what string) []Metric {
		count := func(name string, better Better, about string) Metric {
			return Metric{Name: prefix + name, Unit: "Count", Stats: sumAverage(), Kind: Count, Better: better, About: what + about}
		}
		return []Metric{
			count("Started", None, " that started."),
			count("Failed", Lower, " that failed."),
			count("Succeeded", Higher, " that succeeded."),
			count("Stopped", None, " that were stopped."),
			{
				Name: prefix + "Duration", Unit: "Milliseconds", Stats: plainStats(),
				Kind: Latency, Scale: Milliseconds, Better: Lower, About: "Time that " + strings.ToLower(what) + " took.",
			},
		}
	}
	const namespace = "AWS/Sagemaker/ModelBuildingPipeline"
	account := func() [][]string { return [][]string{{"PipelineName"}, {}} }
	out := with(FamilyPipeline, namespace, pageMetrics, account, runs("Execution", "Executions of a pipeline"))
	return append(out, with(FamilyPipeline, namespace, pageMetrics, only("PipelineName", "StepName"), runs("Step", "Steps of a pipeline"))...)
}
