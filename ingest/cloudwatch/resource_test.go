package cloudwatch

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told is what SageMaker says of one resource of each kind, and what of it is
// kept.
type told struct {
	resource Resource
	body     map[string]any
	want     Description
	facts    string // KIND/NAME ATTRIBUTE=VALUE, one a line
}

func at(minutes int) float64 { return float64(minute0.Unix() + int64(60*minutes)) }

func instant(minutes int) time.Time { return minute0.Add(time.Duration(minutes) * time.Minute) }

func sagemakerARN(kind, name string) string {
	return "arn:aws:sagemaker:eu-west-1:123456789012:" + kind + "/" + name
}

func jobsTold() []told {
	return []told{
		{
			Resource{KindTrainingJob, "t"},
			map[string]any{
				"TrainingJobName": "t", "TrainingJobArn": sagemakerARN("training-job", "t"), "TrainingJobStatus": "Completed", "SecondaryStatus": "Completed",
				"CreationTime": at(0), "TrainingStartTime": at(2), "TrainingEndTime": at(62), "LastModifiedTime": at(63),
				"BillableTimeInSeconds": 1200, "TrainingTimeInSeconds": 3600, "EnableManagedSpotTraining": true,
				"StoppingCondition": map[string]any{"MaxRuntimeInSeconds": 7200, "MaxWaitTimeInSeconds": 9000},
				"ResourceConfig": map[string]any{
					"VolumeSizeInGB": 30, "InstanceType": "ml.g5.xlarge", "SelectedInstanceType": "ml.g5.2xlarge", "InstanceCount": 1, "SelectedInstanceCount": 2,
				},
				"SecondaryStatusTransitions": []any{
					map[string]any{"Status": "Starting", "StartTime": at(0), "EndTime": at(2), "StatusMessage": "Preparing the\ninstances"},
					map[string]any{"Status": "Training", "StartTime": at(2)},
				},
				"FinalMetricDataList": []any{map[string]any{"MetricName": "loss", "Value": 0.25, "Timestamp": at(60)}},
			},
			Description{Status: "Completed", Created: instant(0), Start: instant(2), End: instant(62), Hosts: 2},
			`training_job/t status=Completed
training_job/t arn=arn:aws:sagemaker:eu-west-1:123456789012:training-job/t
training_job/t creation_time=2026-11-20T14:00:00Z
training_job/t start_time=2026-11-20T14:02:00Z
training_job/t end_time=2026-11-20T15:02:00Z
training_job/t last_modified_time=2026-11-20T15:03:00Z
training_job/t secondary_status=Completed
training_job/t billable_seconds=1200
training_job/t training_seconds=3600
training_job/t managed_spot=true
training_job/t max_runtime_seconds=7200
training_job/t max_wait_seconds=9000
training_job/t instance_type=ml.g5.2xlarge
training_job/t instance_count=2
training_job/t volume_gb=30
phase/001 status=Starting
phase/001 start_time=2026-11-20T14:00:00Z
phase/001 end_time=2026-11-20T14:02:00Z
phase/001 message=Preparing the instances
phase/002 status=Training
phase/002 start_time=2026-11-20T14:02:00Z
final_metric/loss value=0.25
final_metric/loss time=2026-11-20T15:00:00Z`,
		},
		{
			Resource{KindTrainingJob, "groups"},
			map[string]any{
				"TrainingJobName": "groups", "TrainingJobArn": sagemakerARN("training-job", "groups"), "TrainingJobStatus": "InProgress", "CreationTime": at(0),
				"ResourceConfig": map[string]any{"VolumeSizeInGB": 1, "InstanceGroups": []any{
					map[string]any{"InstanceGroupName": "a", "InstanceType": "ml.c5.xlarge", "InstanceCount": 3},
					map[string]any{"InstanceGroupName": "b", "InstanceType": "ml.g5.xlarge", "InstanceCount": 1},
				}},
			},
			Description{Status: "InProgress", Created: instant(0), Hosts: 4},
			`training_job/groups status=InProgress
training_job/groups arn=arn:aws:sagemaker:eu-west-1:123456789012:training-job/groups
training_job/groups creation_time=2026-11-20T14:00:00Z
training_job/groups instance_count=4
training_job/groups volume_gb=1
instance_group/a instance_type=ml.c5.xlarge
instance_group/a instance_count=3
instance_group/b instance_type=ml.g5.xlarge
instance_group/b instance_count=1`,
		},
		{
			Resource{KindProcessingJob, "p"},
			map[string]any{
				"ProcessingJobName": "p", "ProcessingJobArn": sagemakerARN("processing-job", "p"), "ProcessingJobStatus": "Failed", "FailureReason": "exit code 1",
				"CreationTime": at(0), "ProcessingStartTime": at(3), "ProcessingEndTime": at(9), "ExitMessage": "out of memory",
				"ProcessingResources": map[string]any{"ClusterConfig": map[string]any{"InstanceType": "ml.m5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 20}},
			},
			Description{Status: "Failed", Created: instant(0), Start: instant(3), End: instant(9), Hosts: 2},
			`processing_job/p status=Failed
processing_job/p arn=arn:aws:sagemaker:eu-west-1:123456789012:processing-job/p
processing_job/p failure_reason=exit code 1
processing_job/p creation_time=2026-11-20T14:00:00Z
processing_job/p start_time=2026-11-20T14:03:00Z
processing_job/p end_time=2026-11-20T14:09:00Z
processing_job/p exit_message=out of memory
processing_job/p instance_type=ml.m5.xlarge
processing_job/p instance_count=2
processing_job/p volume_gb=20`,
		},
		{
			Resource{KindTransformJob, "b"},
			map[string]any{
				"TransformJobName": "b", "TransformJobArn": sagemakerARN("transform-job", "b"), "TransformJobStatus": "Completed", "ModelName": "m",
				"CreationTime": at(0), "TransformStartTime": at(4), "TransformEndTime": at(8), "BatchStrategy": "MultiRecord", "MaxPayloadInMB": 6,
				"TransformResources": map[string]any{"InstanceType": "ml.m5.large", "InstanceCount": 5},
			},
			Description{Status: "Completed", Created: instant(0), Start: instant(4), End: instant(8), Hosts: 5},
			`transform_job/b status=Completed
transform_job/b arn=arn:aws:sagemaker:eu-west-1:123456789012:transform-job/b
transform_job/b creation_time=2026-11-20T14:00:00Z
transform_job/b start_time=2026-11-20T14:04:00Z
transform_job/b end_time=2026-11-20T14:08:00Z
transform_job/b model_name=m
transform_job/b batch_strategy=MultiRecord
transform_job/b max_payload_mb=6
transform_job/b instance_type=ml.m5.large
transform_job/b instance_count=5`,
		},
		{
			Resource{KindRecommendationsJob, "r"},
			map[string]any{
				"JobName": "r", "JobArn": sagemakerARN("inference-recommendations-job", "r"), "Status": "COMPLETED", "JobType": "Default",
				"CreationTime": at(0), "CompletionTime": at(45), "LastModifiedTime": at(45),
				"InferenceRecommendations": []any{map[string]any{
					"RecommendationId":      "r/1",
					"EndpointConfiguration": map[string]any{"EndpointName": "ep", "VariantName": "v", "InstanceType": "ml.c5.large", "InitialInstanceCount": 1},
					"Metrics":               map[string]any{"CostPerHour": 0.5, "CostPerInference": 0.25, "MaxInvocations": 600, "ModelLatency": 31, "CpuUtilization": 88.5},
				}},
			},
			Description{Status: "COMPLETED", Created: instant(0), Start: instant(0), End: instant(45)},
			`recommendations_job/r status=COMPLETED
recommendations_job/r arn=arn:aws:sagemaker:eu-west-1:123456789012:inference-recommendations-job/r
recommendations_job/r creation_time=2026-11-20T14:00:00Z
recommendations_job/r start_time=2026-11-20T14:00:00Z
recommendations_job/r end_time=2026-11-20T14:45:00Z
recommendations_job/r last_modified_time=2026-11-20T14:45:00Z
recommendations_job/r job_type=Default
recommendation/r/1 endpoint_name=ep
recommendation/r/1 variant_name=v
recommendation/r/1 instance_type=ml.c5.large
recommendation/r/1 instance_count=1
recommendation/r/1 cost_per_hour=0.5
recommendation/r/1 cost_per_inference=0.25
recommendation/r/1 max_invocations_per_minute=600
recommendation/r/1 model_latency=31
recommendation/r/1 cpu_utilization=88.5`,
		},
	}
}

func TestDescribeKeepsWhatSageMakerSays(t *testing.T) {
	for _, c := range append(jobsTold(), othersTold()...) {
		t.Run(string(c.resource.Kind)+"/"+c.resource.Name, func(t *testing.T) {
			client, w := connect(t, fast(), func(operation string, _ int, in map[string]any) reply {
				if operation != c.resource.Kind.Operation() || len(in) != 1 {
					t.Errorf("asked %s with %v", operation, in)
				}
				return reply{body: c.body}
			})
			got, usage, err := client.Describe(t.Context(), c.resource)
			if err != nil || usage.Calls != 1 || w.calls[c.resource.Kind.Operation()] != 1 {
				t.Fatalf("usage %+v, error %v", usage, err)
			}
			var lines []string
			for _, f := range got.Facts {
				lines = append(lines, fmt.Sprintf("%s/%s %s=%s", f.Kind, f.Name, f.Attribute, f.Value))
				if f.Source != c.resource.Kind.Operation() || f.AsOf.IsZero() {
					t.Errorf("fact %+v", f)
				}
			}
			if d := cmp.Diff(c.facts, strings.Join(lines, "\n")); d != "" {
				t.Error(d)
			}
			got.Facts = nil
			c.want.Account, c.want.Region = "123456789012", "eu-west-1"
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDescribeSaysWhatIsNotThere(t *testing.T) {
	for _, r := range []reply{
		{code: "ValidationException", message: "Could not find requested job with name: x"},
		{code: "ValidationException", message: "Requested resource not found."},
		{code: "ValidationException", message: "RecordNotFound"},
		{code: "ResourceNotFound", message: "Pipeline 'x' does not exist."},
		{code: "ResourceNotFoundException", message: "x"},
	} {
		for _, k := range ResourceKinds() {
			client, _ := connect(t, fast(), func(string, int, map[string]any) reply { return r })
			if _, _, err := client.Describe(t.Context(), Resource{k, "x"}); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s, %+v: error %v, want not found", k, r, err)
			}
		}
	}
	client, w := connect(t, fast(), func(string, int, map[string]any) reply { return reply{} })
	if _, _, err := client.Describe(t.Context(), Resource{"teapot", "x"}); err == nil || len(w.calls) != 0 {
		t.Errorf("error %v after %v", err, w.calls)
	}
}
