package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// trainingJob describes a training job. Start and End are the time that is
// billed; its phases are facts of kind phase, numbered in their order.
func (c *Client) trainingJob(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindTrainingJob], c.sagemaker.DescribeTrainingJob,
		&sagemaker.DescribeTrainingJobInput{TrainingJobName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{
		Status: string(out.TrainingJobStatus), Created: firstTime(out.CreationTime),
		Start: firstTime(out.TrainingStartTime), End: firstTime(out.TrainingEndTime),
	}
	d.place(out.TrainingJobArn, c.region)
	f := facts{source: "DescribeTrainingJob", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("training_job", aws.ToString(out.TrainingJobName))
	f.job(d, out.TrainingJobArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("secondary_status", string(out.SecondaryStatus))
	number(&f, "billable_seconds", out.BillableTimeInSeconds)
	number(&f, "training_seconds", out.TrainingTimeInSeconds)
	number(&f, "billable_tokens", out.BillableTokenCount)
	f.flag("managed_spot", aws.ToBool(out.EnableManagedSpotTraining))
	f.flag("serverless", out.ServerlessJobConfig != nil)
	if s := out.StoppingCondition; s != nil {
		number(&f, "max_runtime_seconds", s.MaxRuntimeInSeconds)
		number(&f, "max_wait_seconds", s.MaxWaitTimeInSeconds)
		number(&f, "max_pending_seconds", s.MaxPendingTimeInSeconds)
	}
	if w := out.WarmPoolStatus; w != nil {
		f.text("warm_pool_status", string(w.Status))
		number(&f, "warm_pool_billable_seconds", w.ResourceRetainedBillableTimeInSeconds)
	}
	if a := out.AlgorithmSpecification; a != nil {
		f.text("image", aws.ToString(a.TrainingImage))
		f.text("algorithm_name", aws.ToString(a.AlgorithmName))
		f.text("input_mode", string(a.TrainingInputMode))
	}
	f.text("tuning_job_arn", aws.ToString(out.TuningJobArn))
	f.text("automl_job_arn", aws.ToString(out.AutoMLJobArn))
	d.Hosts = f.cluster(out.ResourceConfig)
	f.phases(out.SecondaryStatusTransitions)
	for _, m := range out.FinalMetricDataList {
		f.of("final_metric", aws.ToString(m.MetricName))
		f.weight("value", m.Value)
		f.time("time", m.Timestamp)
	}
	d.Facts = f.list
	return d, usage, nil
}

// job adds what every job has.
func (f *facts) job(d Description, name, failure *string) {
	f.text("status", d.Status)
	f.text("arn", aws.ToString(name))
	f.text("failure_reason", oneLine(aws.ToString(failure)))
	f.instant("creation_time", d.Created)
	f.instant("start_time", d.Start)
	f.instant("end_time", d.End)
}

// cluster adds what a training job runs on and returns its number of instances.
// What SageMaker selected among preferences is what counts and is billed.
func (f *facts) cluster(r *types.ResourceConfig) (hosts int) {
	if r == nil {
		return 0
	}
	kind, count := r.InstanceType, r.InstanceCount
	if r.SelectedInstanceType != "" {
		kind = r.SelectedInstanceType
	}
	if r.SelectedInstanceCount != nil {
		count = r.SelectedInstanceCount
	}
	hosts = int(aws.ToInt32(count))
	if len(r.InstanceGroups) > 0 {
		hosts = 0
		for _, g := range r.InstanceGroups {
			hosts += int(aws.ToInt32(g.InstanceCount))
		}
		total := int32(hosts) //nolint:gosec // a sum of a few counts
		count = &total
	}
	f.text("instance_type", string(kind))
	number(f, "instance_count", count)
	number(f, "volume_gb", r.VolumeSizeInGB)
	number(f, "keep_alive_seconds", r.KeepAlivePeriodInSeconds)
	f.text("training_plan_arn", aws.ToString(r.TrainingPlanArn))
	own := f.name
	for _, g := range r.InstanceGroups {
		f.of("instance_group", aws.ToString(g.InstanceGroupName))
		f.text("instance_type", string(g.InstanceType))
		number(f, "instance_count", g.InstanceCount)
	}
	f.of("training_job", own)
	return hosts
}

// phases adds the transitions of the secondary status.
func (f *facts) phases(transitions []types.SecondaryStatusTransition) {
	for i, t := range transitions {
		f.of("phase", fmt.Sprintf("%03d", i+1))
		f.text("status", string(t.Status))
		f.time("start_time", t.StartTime)
		f.time("end_time", t.EndTime)
		f.text("message", oneLine(aws.ToString(t.StatusMessage)))
	}
}

func (c *Client) processingJob(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindProcessingJob], c.sagemaker.DescribeProcessingJob,
		&sagemaker.DescribeProcessingJobInput{ProcessingJobName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{
		Status: string(out.ProcessingJobStatus), Created: firstTime(out.CreationTime),
		Start: firstTime(out.ProcessingStartTime), End: firstTime(out.ProcessingEndTime),
	}
	d.place(out.ProcessingJobArn, c.region)
	f := facts{source: "DescribeProcessingJob", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("processing_job", aws.ToString(out.ProcessingJobName))
	f.job(d, out.ProcessingJobArn, out.FailureReason)
	f.time("last_modified_time", out.LastModifiedTime)
	f.text("exit_message", oneLine(aws.ToString(out.ExitMessage)))
	f.text("monitoring_schedule_arn", aws.ToString(out.MonitoringScheduleArn))
	f.text("automl_job_arn", aws.ToString(out.AutoMLJobArn))
	if s := out.StoppingCondition; s != nil {
		number(&f, "max_runtime_seconds", s.MaxRuntimeInSeconds)
	}
	if a := out.AppSpecification; a != nil {
		f.text("image", aws.ToString(a.ImageUri))
	}
	if r := out.ProcessingResources; r != nil && r.ClusterConfig != nil {
		kind, count := r.ClusterConfig.InstanceType, r.ClusterConfig.InstanceCount
		if r.ClusterConfig.SelectedInstanceType != "" {
			kind = r.ClusterConfig.SelectedInstanceType
		}
		if r.ClusterConfig.SelectedInstanceCount != nil {
			count = r.ClusterConfig.SelectedInstanceCount
		}
		d.Hosts = int(aws.ToInt32(count))
		f.text("instance_type", string(kind))
		number(&f, "instance_count", count)
		number(&f, "volume_gb", r.ClusterConfig.VolumeSizeInGB)
	}
	d.Facts = f.list
	return d, usage, nil
}

func (c *Client) transformJob(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindTransformJob], c.sagemaker.DescribeTransformJob,
		&sagemaker.DescribeTransformJobInput{TransformJobName: &name})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{
		Status: string(out.TransformJobStatus), Created: firstTime(out.CreationTime),
		Start: firstTime(out.TransformStartTime), End: firstTime(out.TransformEndTime),
	}
	d.place(out.TransformJobArn, c.region)
	f := facts{source: "DescribeTransformJob", asOf: firstTime(out.TransformEndTime, out.TransformStartTime, out.CreationTime)}
	f.of("transform_job", aws.ToString(out.TransformJobName))
	f.job(d, out.TransformJobArn, out.FailureReason)
	f.text("model_name", aws.ToString(out.ModelName))
	f.text("batch_strategy", string(out.BatchStrategy))
	number(&f, "max_concurrent_transforms", out.MaxConcurrentTransforms)
	number(&f, "max_payload_mb", out.MaxPayloadInMB)
	if r := out.TransformResources; r != nil {
		d.Hosts = int(aws.ToInt32(r.InstanceCount))
		f.text("instance_type", string(r.InstanceType))
		number(&f, "instance_count", r.InstanceCount)
	}
	d.Facts = f.list
	return d, usage, nil
}
