package files

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sizewise/ingest/subject"
)

// jobDoc reads what the describe operation of f prints: of a job, or of an
// inference component. Facts have the names that ingest/cloudwatch gives them.
func (d *decoder) jobDoc(f Format, doc []byte) (Record, error) {
	switch f {
	case DescribeTrainingJob:
		return readJob(d, f, doc, (*trainingJob).facts)
	case DescribeProcessingJob:
		return readJob(d, f, doc, (*processingJob).facts)
	case DescribeTransformJob:
		return readJob(d, f, doc, (*transformJob).facts)
	case DescribeInferenceComponent:
		return readJob(d, f, doc, (*component).facts)
	case DescribeInferenceRecommendationsJob:
		return readJob(d, f, doc, (*recommender).facts)
	default:
		return nil, errShape
	}
}

// job is what every document of these has.
type job struct {
	kind                         subject.Kind
	row                          string // kind of the resource row
	name, arn, status, failure   string
	created, start, end, changed timestamp
	asOf                         []time.Time
	stated                       bool // last_modified_time is a fact
}

func readJob[T any](d *decoder, format Format, doc []byte, facts func(*T) (job, func(*factList))) (Record, error) {
	v := new(T)
	if err := json.Unmarshal(doc, v); err != nil {
		return nil, fmt.Errorf("describe document: %w", err)
	}
	j, rest := facts(v)
	if j.name == "" || j.status == "" && j.arn == "" {
		return nil, errShape
	}
	s, err := subject.Parse(string(j.kind) + "/" + j.name)
	if err != nil {
		return nil, err
	}
	f := d.facts(j.arn, j.asOf...)
	f.of(j.row, j.name)
	f.text("status", j.status)
	f.text("arn", j.arn)
	f.text("failure_reason", oneLine(j.failure))
	f.time("creation_time", j.created.Time)
	f.time("start_time", j.start.Time)
	f.time("end_time", j.end.Time)
	if j.stated {
		f.time("last_modified_time", j.changed.Time)
	}
	rest(f)
	d.kept++
	return &Facts{Format: format, Subject: s.Key(), Name: j.name, AsOf: f.row.AsOf, Rows: f.rows}, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cluster is what a job runs on. What SageMaker selected among preferences is
// what counts and is billed.
type cluster struct {
	InstanceType, SelectedInstanceType   string
	InstanceCount, SelectedInstanceCount *int64
	VolumeSizeInGB                       *int64
	KeepAlivePeriodInSeconds             *int64
	TrainingPlanArn                      string
	InstanceGroups                       []instanceGroup
}

type instanceGroup struct {
	InstanceGroupName, InstanceType string
	InstanceCount                   *int64
}

func (f *factList) cluster(c *cluster) {
	if c == nil {
		return
	}
	kind, count := c.InstanceType, c.InstanceCount
	if c.SelectedInstanceType != "" {
		kind = c.SelectedInstanceType
	}
	if c.SelectedInstanceCount != nil {
		count = c.SelectedInstanceCount
	}
	if len(c.InstanceGroups) > 0 {
		var total int64
		for _, g := range c.InstanceGroups {
			if g.InstanceCount != nil {
				total += *g.InstanceCount
			}
		}
		count = &total
	}
	f.text("instance_type", kind)
	f.long("instance_count", count)
	f.long("volume_gb", c.VolumeSizeInGB)
	f.long("keep_alive_seconds", c.KeepAlivePeriodInSeconds)
	f.text("training_plan_arn", c.TrainingPlanArn)
	own := f.row
	for _, g := range c.InstanceGroups {
		f.of("instance_group", g.InstanceGroupName)
		f.text("instance_type", g.InstanceType)
		f.long("instance_count", g.InstanceCount)
	}
	f.row = own
}

func (f *factList) long(attribute string, v *int64) {
	if v != nil {
		f.text(attribute, strconv.FormatInt(*v, 10))
	}
}

// yes adds a flag that is set.
func (f *factList) yes(attribute string, v bool) {
	if v {
		f.text(attribute, "true")
	}
}

type trainingJob struct {
	TrainingJobName, TrainingJobArn, TrainingJobStatus, SecondaryStatus, FailureReason string
	CreationTime, TrainingStartTime, TrainingEndTime, LastModifiedTime                 timestamp
	BillableTimeInSeconds, TrainingTimeInSeconds, BillableTokenCount                   *int64
	EnableManagedSpotTraining                                                          bool
	ServerlessJobConfig                                                                *struct{}
	StoppingCondition                                                                  struct{ MaxRuntimeInSeconds, MaxWaitTimeInSeconds, MaxPendingTimeInSeconds *int64 }
	WarmPoolStatus                                                                     struct {
		Status                                string
		ResourceRetainedBillableTimeInSeconds *int64
	}
	AlgorithmSpecification     struct{ TrainingImage, AlgorithmName, TrainingInputMode string }
	TuningJobArn, AutoMLJobArn string
	ResourceConfig             *cluster
	SecondaryStatusTransitions []struct {
		Status, StatusMessage string
		StartTime, EndTime    timestamp
	}
	FinalMetricDataList []struct {
		MetricName string
		Value      *float64
		Timestamp  timestamp
	}
}

func (v *trainingJob) facts() (job, func(*factList)) {
	return job{
		kind: subject.Training, row: "training_job", name: v.TrainingJobName, arn: v.TrainingJobArn,
		status: v.TrainingJobStatus, failure: v.FailureReason, created: v.CreationTime,
		start: v.TrainingStartTime, end: v.TrainingEndTime, changed: v.LastModifiedTime, stated: true,
		asOf: []time.Time{v.LastModifiedTime.Time, v.CreationTime.Time},
	}, v.more
}

func (v *trainingJob) more(f *factList) {
	f.text("secondary_status", v.SecondaryStatus)
	f.long("billable_seconds", v.BillableTimeInSeconds)
	f.long("training_seconds", v.TrainingTimeInSeconds)
	f.long("billable_tokens", v.BillableTokenCount)
	f.yes("managed_spot", v.EnableManagedSpotTraining)
	f.yes("serverless", v.ServerlessJobConfig != nil)
	f.long("max_runtime_seconds", v.StoppingCondition.MaxRuntimeInSeconds)
	f.long("max_wait_seconds", v.StoppingCondition.MaxWaitTimeInSeconds)
	f.long("max_pending_seconds", v.StoppingCondition.MaxPendingTimeInSeconds)
	f.text("warm_pool_status", v.WarmPoolStatus.Status)
	f.long("warm_pool_billable_seconds", v.WarmPoolStatus.ResourceRetainedBillableTimeInSeconds)
	f.text("image", v.AlgorithmSpecification.TrainingImage)
	f.text("algorithm_name", v.AlgorithmSpecification.AlgorithmName)
	f.text("input_mode", v.AlgorithmSpecification.TrainingInputMode)
	f.text("tuning_job_arn", v.TuningJobArn)
	f.text("automl_job_arn", v.AutoMLJobArn)
	f.cluster(v.ResourceConfig)
	for i, t := range v.SecondaryStatusTransitions {
		f.of("phase", fmt.Sprintf("%03d", i+1))
		f.text("status", t.Status)
		f.time("start_time", t.StartTime.Time)
		f.time("end_time", t.EndTime.Time)
		f.text("message", oneLine(t.StatusMessage))
	}
	for _, m := range v.FinalMetricDataList {
		f.of("final_metric", m.MetricName)
		f.weight("value", m.Value)
		f.time("time", m.Timestamp.Time)
	}
}

type processingJob struct {
	ProcessingJobName, ProcessingJobArn, ProcessingJobStatus, FailureReason string
	CreationTime, ProcessingStartTime, ProcessingEndTime, LastModifiedTime  timestamp
	ExitMessage, MonitoringScheduleArn, AutoMLJobArn                        string
	StoppingCondition                                                       struct{ MaxRuntimeInSeconds *int64 }
	AppSpecification                                                        struct{ ImageUri string }
	ProcessingResources                                                     struct{ ClusterConfig *cluster }
}

func (v *processingJob) facts() (job, func(*factList)) {
	return job{
		kind: subject.Processing, row: "processing_job", name: v.ProcessingJobName, arn: v.ProcessingJobArn,
		status: v.ProcessingJobStatus, failure: v.FailureReason, created: v.CreationTime,
		start: v.ProcessingStartTime, end: v.ProcessingEndTime, changed: v.LastModifiedTime, stated: true,
		asOf: []time.Time{v.LastModifiedTime.Time, v.CreationTime.Time},
	}, v.more
}

func (v *processingJob) more(f *factList) {
	f.text("exit_message", oneLine(v.ExitMessage))
	f.text("monitoring_schedule_arn", v.MonitoringScheduleArn)
	f.text("automl_job_arn", v.AutoMLJobArn)
	f.long("max_runtime_seconds", v.StoppingCondition.MaxRuntimeInSeconds)
	f.text("image", v.AppSpecification.ImageUri)
	f.cluster(v.ProcessingResources.ClusterConfig)
}

type transformJob struct {
	TransformJobName, TransformJobArn, TransformJobStatus, FailureReason string
	CreationTime, TransformStartTime, TransformEndTime                   timestamp
	ModelName, BatchStrategy                                             string
	MaxConcurrentTransforms, MaxPayloadInMB                              *int64
	TransformResources                                                   *cluster
}

func (v *transformJob) facts() (job, func(*factList)) {
	return job{
		kind: subject.Transform, row: "transform_job", name: v.TransformJobName, arn: v.TransformJobArn,
		status: v.TransformJobStatus, failure: v.FailureReason, created: v.CreationTime,
		start: v.TransformStartTime, end: v.TransformEndTime,
		asOf: []time.Time{v.TransformEndTime.Time, v.TransformStartTime.Time, v.CreationTime.Time},
	}, v.more
}

func (v *transformJob) more(f *factList) {
	f.text("model_name", v.ModelName)
	f.text("batch_strategy", v.BatchStrategy)
	f.long("max_concurrent_transforms", v.MaxConcurrentTransforms)
	f.long("max_payload_mb", v.MaxPayloadInMB)
	f.cluster(v.TransformResources)
}
