package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

func (c *Client) inferenceComponent(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindInferenceComponent], c.sagemaker.DescribeInferenceComponent,
		&sagemaker.DescribeInferenceComponentInput{InferenceComponentName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.InferenceComponentStatus), Created: firstTime(out.CreationTime)}
	d.place(out.InferenceComponentArn, c.region)
	if e := aws.ToString(out.EndpointName); e != "" {
		d.Related = []Resource{{KindEndpoint, e}}
	}
	d.Related = append(d.Related, Resource{KindScalableTarget, componentResource(aws.ToString(out.InferenceComponentName))})
	if v := aws.ToString(out.VariantName); v != "" {
		d.Variants = []string{v}
	}
	f := facts{source: "DescribeInferenceComponent", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("inference_component", aws.ToString(out.InferenceComponentName))
	f.job(d, out.InferenceComponentArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("endpoint_name", aws.ToString(out.EndpointName))
	f.text("variant_name", aws.ToString(out.VariantName))
	if r := out.RuntimeConfig; r != nil {
		number(&f, "current_copy_count", r.CurrentCopyCount)
		number(&f, "desired_copy_count", r.DesiredCopyCount)
	}
	f.specification(out.Specification)
	d.Facts = f.list
	return d, usage, nil
}

// specification adds what one copy of an inference component reserves.
func (f *facts) specification(s *types.InferenceComponentSpecificationSummary) {
	if s == nil {
		return
	}
	f.text("model_name", aws.ToString(s.ModelName))
	f.text("base_inference_component_name", aws.ToString(s.BaseInferenceComponentName))
	f.text("instance_type", string(s.InstanceType))
	if c := s.Container; c != nil && c.DeployedImage != nil {
		f.text("image", aws.ToString(c.DeployedImage.SpecifiedImage))
	}
	if r := s.ComputeResourceRequirements; r != nil {
		f.weight("cpu_cores", r.NumberOfCpuCoresRequired)
		f.weight("accelerators", r.NumberOfAcceleratorDevicesRequired)
		f.text("accelerator_partition_type", aws.ToString(r.AcceleratorPartitionType))
		number(f, "min_memory_mb", r.MinMemoryRequiredInMb)
		number(f, "max_memory_mb", r.MaxMemoryRequiredInMb)
	}
}

// recommendationsJob describes a job of Inference Recommender. Its window is
// from its creation to its completion; what it measured are facts of kind
// recommendation.
func (c *Client) recommendationsJob(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindRecommendationsJob], c.sagemaker.DescribeInferenceRecommendationsJob,
		&sagemaker.DescribeInferenceRecommendationsJobInput{JobName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{
		Status: string(out.Status), Created: firstTime(out.CreationTime),
		Start: firstTime(out.CreationTime), End: firstTime(out.CompletionTime),
	}
	d.place(out.JobArn, c.region)
	f := facts{source: "DescribeInferenceRecommendationsJob", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("recommendations_job", aws.ToString(out.JobName))
	f.job(d, out.JobArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("job_type", string(out.JobType))
	for _, r := range out.InferenceRecommendations {
		f.recommendation(r)
	}
	d.Facts = f.list
	return d, usage, nil
}

func (f *facts) recommendation(r types.InferenceRecommendation) {
	f.of("recommendation", aws.ToString(r.RecommendationId))
	f.time("start_time", r.InvocationStartTime)
	f.time("end_time", r.InvocationEndTime)
	if e := r.EndpointConfiguration; e != nil {
		f.text("endpoint_name", aws.ToString(e.EndpointName))
		f.text("variant_name", aws.ToString(e.VariantName))
		f.text("instance_type", string(e.InstanceType))
		number(f, "instance_count", e.InitialInstanceCount)
		f.serverless(e.ServerlessConfig)
	}
	if m := r.Metrics; m != nil {
		f.weight("cost_per_hour", m.CostPerHour)
		f.weight("cost_per_inference", m.CostPerInference)
		number(f, "max_invocations_per_minute", m.MaxInvocations)
		number(f, "model_latency", m.ModelLatency)
		number(f, "model_setup_time", m.ModelSetupTime)
		f.weight("cpu_utilization", m.CpuUtilization)
		f.weight("memory_utilization", m.MemoryUtilization)
	}
}

// labelingJob describes a Ground Truth job. SageMaker gives it no times of its
// own: its window is from its creation to its last change once it has ended.
func (c *Client) labelingJob(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindLabelingJob], c.sagemaker.DescribeLabelingJob,
		&sagemaker.DescribeLabelingJobInput{LabelingJobName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.LabelingJobStatus), Created: firstTime(out.CreationTime), Start: firstTime(out.CreationTime)}
	switch out.LabelingJobStatus {
	case types.LabelingJobStatusCompleted, types.LabelingJobStatusFailed, types.LabelingJobStatusStopped:
		d.End = firstTime(out.LastModifiedTime)
	default: // goes on
	}
	d.place(out.LabelingJobArn, c.region)
	f := facts{source: "DescribeLabelingJob", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("labeling_job", aws.ToString(out.LabelingJobName))
	f.job(d, out.LabelingJobArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	if n := out.LabelCounters; n != nil {
		number(&f, "total_labeled", n.TotalLabeled)
		number(&f, "human_labeled", n.HumanLabeled)
		number(&f, "machine_labeled", n.MachineLabeled)
		number(&f, "failed_non_retryable", n.FailedNonRetryableError)
		number(&f, "unlabeled", n.Unlabeled)
	}
	d.Facts = f.list
	return d, usage, nil
}

func (c *Client) featureGroup(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindFeatureGroup], c.sagemaker.DescribeFeatureGroup,
		&sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.FeatureGroupStatus), Created: firstTime(out.CreationTime)}
	d.place(out.FeatureGroupArn, c.region)
	f := facts{source: "DescribeFeatureGroup", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("feature_group", aws.ToString(out.FeatureGroupName))
	f.job(d, out.FeatureGroupArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	if o := out.OnlineStoreConfig; o != nil {
		f.flag("online_store", aws.ToBool(o.EnableOnlineStore))
		f.text("storage_type", string(o.StorageType))
	}
	number(&f, "online_store_bytes", out.OnlineStoreTotalSizeBytes)
	f.flag("offline_store", out.OfflineStoreConfig != nil)
	if t := out.ThroughputConfig; t != nil {
		f.text("throughput_mode", string(t.ThroughputMode))
		number(&f, "provisioned_read_capacity_units", t.ProvisionedReadCapacityUnits)
		number(&f, "provisioned_write_capacity_units", t.ProvisionedWriteCapacityUnits)
	}
	d.Facts = f.list
	return d, usage, nil
}

func (c *Client) pipeline(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindPipeline], c.sagemaker.DescribePipeline,
		&sagemaker.DescribePipelineInput{PipelineName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.PipelineStatus), Created: firstTime(out.CreationTime)}
	d.place(out.PipelineArn, c.region)
	f := facts{source: "DescribePipeline", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("pipeline", aws.ToString(out.PipelineName))
	f.job(d, out.PipelineArn, nil)
	f.time("last_modified_time", out.LastModifiedTime)
	f.time("last_run_time", out.LastRunTime)
	if p := out.ParallelismConfiguration; p != nil {
		number(&f, "max_parallel_steps", p.MaxParallelExecutionSteps)
	}
	d.Facts = f.list
	return d, usage, nil
}

func (c *Client) monitoringSchedule(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindMonitoringSchedule], c.sagemaker.DescribeMonitoringSchedule,
		&sagemaker.DescribeMonitoringScheduleInput{MonitoringScheduleName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.MonitoringScheduleStatus), Created: firstTime(out.CreationTime)}
	d.place(out.MonitoringScheduleArn, c.region)
	f := facts{source: "DescribeMonitoringSchedule", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("monitoring_schedule", aws.ToString(out.MonitoringScheduleName))
	f.job(d, out.MonitoringScheduleArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("monitoring_type", string(out.MonitoringType))
	f.text("endpoint_name", aws.ToString(out.EndpointName))
	if s := out.MonitoringScheduleConfig; s != nil && s.ScheduleConfig != nil {
		f.text("schedule", aws.ToString(s.ScheduleConfig.ScheduleExpression))
	}
	if e := out.LastMonitoringExecutionSummary; e != nil {
		f.text("last_execution_status", string(e.MonitoringExecutionStatus))
		f.time("last_execution_time", e.ScheduledTime)
		f.text("last_processing_job_arn", aws.ToString(e.ProcessingJobArn))
	}
	d.Facts = f.list
	return d, usage, nil
}

func (c *Client) notebookInstance(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindNotebookInstance], c.sagemaker.DescribeNotebookInstance,
		&sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{Status: string(out.NotebookInstanceStatus), Created: firstTime(out.CreationTime)}
	d.place(out.NotebookInstanceArn, c.region)
	f := facts{source: "DescribeNotebookInstance", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("notebook_instance", aws.ToString(out.NotebookInstanceName))
	f.job(d, out.NotebookInstanceArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("instance_type", string(out.InstanceType))
	number(&f, "volume_gb", out.VolumeSizeInGB)
	f.text("platform", aws.ToString(out.PlatformIdentifier))
	f.text("lifecycle_config_name", aws.ToString(out.NotebookInstanceLifecycleConfigName))
	d.Facts = f.list
	return d, usage, nil
}
