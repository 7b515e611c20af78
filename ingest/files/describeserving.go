package files

import (
	"time"

	"sizewise/ingest/subject"
)

type component struct {
	InferenceComponentName, InferenceComponentArn, InferenceComponentStatus string
	EndpointName, VariantName, FailureReason                                string
	CreationTime, LastModifiedTime                                          timestamp
	RuntimeConfig                                                           struct{ CurrentCopyCount, DesiredCopyCount *int64 }
	Specification                                                           struct {
		ModelName, BaseInferenceComponentName, InstanceType string
		Container                                           struct {
			DeployedImage struct{ SpecifiedImage string }
		}
		ComputeResourceRequirements struct {
			NumberOfCpuCoresRequired, NumberOfAcceleratorDevicesRequired *float64
			AcceleratorPartitionType                                     string
			MinMemoryRequiredInMb, MaxMemoryRequiredInMb                 *int64
		}
	}
}

func (v *component) facts() (job, func(*factList)) {
	return job{
		kind: subject.Component, row: "inference_component", name: v.InferenceComponentName, arn: v.InferenceComponentArn,
		status: v.InferenceComponentStatus, failure: v.FailureReason, created: v.CreationTime,
		changed: v.LastModifiedTime, stated: true, asOf: []time.Time{v.LastModifiedTime.Time, v.CreationTime.Time},
	}, v.more
}

func (v *component) more(f *factList) {
	f.text("endpoint_name", v.EndpointName)
	f.text("variant_name", v.VariantName)
	f.long("current_copy_count", v.RuntimeConfig.CurrentCopyCount)
	f.long("desired_copy_count", v.RuntimeConfig.DesiredCopyCount)
	s := &v.Specification
	f.text("model_name", s.ModelName)
	f.text("base_inference_component_name", s.BaseInferenceComponentName)
	f.text("instance_type", s.InstanceType)
	f.text("image", s.Container.DeployedImage.SpecifiedImage)
	r := &s.ComputeResourceRequirements
	f.weight("cpu_cores", r.NumberOfCpuCoresRequired)
	f.weight("accelerators", r.NumberOfAcceleratorDevicesRequired)
	f.text("accelerator_partition_type", r.AcceleratorPartitionType)
	f.long("min_memory_mb", r.MinMemoryRequiredInMb)
	f.long("max_memory_mb", r.MaxMemoryRequiredInMb)
}

type recommender struct {
	JobName, JobArn, Status, JobType, FailureReason string
	CreationTime, CompletionTime, LastModifiedTime  timestamp
	InferenceRecommendations                        []recommendation
}

type recommendation struct {
	RecommendationId                       string
	InvocationStartTime, InvocationEndTime timestamp
	EndpointConfiguration                  struct {
		EndpointName, VariantName, InstanceType string
		InitialInstanceCount                    *int64
		ServerlessConfig                        *serverless
	}
	Metrics struct {
		CostPerHour, CostPerInference, CpuUtilization, MemoryUtilization *float64
		MaxInvocations, ModelLatency, ModelSetupTime                     *int64
	}
}

func (v *recommender) facts() (job, func(*factList)) {
	return job{
		kind: subject.Recommender, row: "recommendations_job", name: v.JobName, arn: v.JobArn,
		status: v.Status, failure: v.FailureReason, created: v.CreationTime,
		start: v.CreationTime, end: v.CompletionTime, changed: v.LastModifiedTime, stated: true,
		asOf: []time.Time{v.LastModifiedTime.Time, v.CreationTime.Time},
	}, v.more
}

func (v *recommender) more(f *factList) {
	f.text("job_type", v.JobType)
	for i := range v.InferenceRecommendations {
		r := &v.InferenceRecommendations[i]
		f.of("recommendation", r.RecommendationId)
		f.time("start_time", r.InvocationStartTime.Time)
		f.time("end_time", r.InvocationEndTime.Time)
		e, m := &r.EndpointConfiguration, &r.Metrics
		f.text("endpoint_name", e.EndpointName)
		f.text("variant_name", e.VariantName)
		f.text("instance_type", e.InstanceType)
		f.long("instance_count", e.InitialInstanceCount)
		f.serverless(e.ServerlessConfig)
		f.weight("cost_per_hour", m.CostPerHour)
		f.weight("cost_per_inference", m.CostPerInference)
		f.long("max_invocations_per_minute", m.MaxInvocations)
		f.long("model_latency", m.ModelLatency)
		f.long("model_setup_time", m.ModelSetupTime)
		f.weight("cpu_utilization", m.CpuUtilization)
		f.weight("memory_utilization", m.MemoryUtilization)
	}
}
