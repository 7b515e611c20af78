package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// listMost is how many names a page holds at most. Source: SageMaker API
// reference, MaxResults of the List operations.
const listMost = 100

// Listed is one resource that a List operation names.
type Listed struct {
	Name  string
	ARN   string
	Ended time.Time // of a job that is over; else zero
}

// ListedKinds are the kinds that Names can list, in the order of their names.
func ListedKinds() []ResourceKind {
	return []ResourceKind{
		KindEndpoint, KindFeatureGroup, KindInferenceComponent, KindLabelingJob, KindMonitoringSchedule, KindNotebookInstance,
		KindPipeline, KindProcessingJob, KindRecommendationsJob, KindTrainingJob, KindTransformJob,
	}
}

// ListOperation is the operation that lists the kind.
func (k ResourceKind) ListOperation() string {
	switch k {
	case KindRecommendationsJob:
		return "ListInferenceRecommendationsJobs"
	default: // the plural of what is described
	}
	return "List" + k.Operation()[len("Describe"):] + "s"
}

// listPage is what all List operations have in common.
type listPage struct {
	found []Listed
	next  *string
}

// Names lists the resources of a kind whose names contain a text, all when it is
// empty. Jobs are only listed when they changed at or after since: a job changes
// when its status does. Errors: as of Describe, and kinds that cannot be listed.
func (c *Client) Names(ctx context.Context, k ResourceKind, contains string, since time.Time) ([]Listed, Usage, error) {
	var usage Usage
	if !slices.Contains(ListedKinds(), k) {
		return nil, usage, fmt.Errorf("listing resources: SageMaker lists no %s", k)
	}
	var out []Listed
	var like *string
	if contains != "" {
		like = aws.String(contains)
	}
	var token *string
	for {
		one, took, err := c.names(ctx, k, like, since, token)
		usage.Add(took)
		if err != nil {
			return nil, usage, err
		}
		out = append(out, one.found...)
		if one.next == nil || aws.ToString(one.next) == aws.ToString(token) {
			return out, usage, nil
		}
		token = one.next
	}
}

// names asks for one page.
func (c *Client) names(ctx context.Context, k ResourceKind, like *string, since time.Time, token *string) (listPage, Usage, error) {
	switch k {
	case KindTrainingJob, KindProcessingJob, KindTransformJob, KindRecommendationsJob, KindLabelingJob:
		var after *time.Time
		if !since.IsZero() {
			after = &since
		}
		return c.jobNames(ctx, k, like, after, token)
	default:
		return c.lastingNames(ctx, k, like, token)
	}
}

// lastingNames lists what stays until it is deleted.
func (c *Client) lastingNames(ctx context.Context, k ResourceKind, like, token *string) (listPage, Usage, error) {
	o, most := c.list[k], aws.Int32(listMost)
	switch k {
	case KindFeatureGroup:
		out, usage, err := ask(ctx, o, c.sagemaker.ListFeatureGroups, &sagemaker.ListFeatureGroupsInput{NameContains: like, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListFeatureGroupsOutput) ([]types.FeatureGroupSummary, *string) {
			return p.FeatureGroupSummaries, p.NextToken
		}, func(s types.FeatureGroupSummary) Listed { return listOf(s.FeatureGroupName, s.FeatureGroupArn, nil) }), usage, err
	case KindInferenceComponent:
		out, usage, err := ask(ctx, o, c.sagemaker.ListInferenceComponents, &sagemaker.ListInferenceComponentsInput{NameContains: like, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListInferenceComponentsOutput) ([]types.InferenceComponentSummary, *string) {
			return p.InferenceComponents, p.NextToken
		}, func(s types.InferenceComponentSummary) Listed {
			return listOf(s.InferenceComponentName, s.InferenceComponentArn, nil)
		}), usage, err
	case KindMonitoringSchedule:
		out, usage, err := ask(ctx, o, c.sagemaker.ListMonitoringSchedules, &sagemaker.ListMonitoringSchedulesInput{NameContains: like, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListMonitoringSchedulesOutput) ([]types.MonitoringScheduleSummary, *string) {
			return p.MonitoringScheduleSummaries, p.NextToken
		}, func(s types.MonitoringScheduleSummary) Listed {
			return listOf(s.MonitoringScheduleName, s.MonitoringScheduleArn, nil)
		}), usage, err
	case KindNotebookInstance:
		out, usage, err := ask(ctx, o, c.sagemaker.ListNotebookInstances, &sagemaker.ListNotebookInstancesInput{NameContains: like, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListNotebookInstancesOutput) ([]types.NotebookInstanceSummary, *string) {
			return p.NotebookInstances, p.NextToken
		}, func(s types.NotebookInstanceSummary) Listed {
			return listOf(s.NotebookInstanceName, s.NotebookInstanceArn, nil)
		}), usage, err
	case KindPipeline: // can only be narrowed by how names begin
		out, usage, err := ask(ctx, o, c.sagemaker.ListPipelines, &sagemaker.ListPipelinesInput{MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListPipelinesOutput) ([]types.PipelineSummary, *string) {
			return p.PipelineSummaries, p.NextToken
		}, func(s types.PipelineSummary) Listed { return listOf(s.PipelineName, s.PipelineArn, nil) }), usage, err
	default:
		out, usage, err := ask(ctx, o, c.sagemaker.ListEndpoints, &sagemaker.ListEndpointsInput{
			NameContains: like, MaxResults: most, NextToken: token, SortBy: types.EndpointSortKeyName, SortOrder: types.OrderKeyAscending,
		})
		return pageOf(out, err, func(p *sagemaker.ListEndpointsOutput) ([]types.EndpointSummary, *string) {
			return p.Endpoints, p.NextToken
		}, func(s types.EndpointSummary) Listed { return listOf(s.EndpointName, s.EndpointArn, nil) }), usage, err
	}
}

// jobNames lists jobs that changed since.
func (c *Client) jobNames(ctx context.Context, k ResourceKind, like *string, since *time.Time, token *string) (listPage, Usage, error) {
	o, most := c.list[k], aws.Int32(listMost)
	switch k {
	case KindProcessingJob:
		out, usage, err := ask(ctx, o, c.sagemaker.ListProcessingJobs, &sagemaker.ListProcessingJobsInput{NameContains: like, LastModifiedTimeAfter: since, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListProcessingJobsOutput) ([]types.ProcessingJobSummary, *string) {
			return p.ProcessingJobSummaries, p.NextToken
		}, func(s types.ProcessingJobSummary) Listed {
			return listOf(s.ProcessingJobName, s.ProcessingJobArn, s.ProcessingEndTime)
		}), usage, err
	case KindTransformJob:
		out, usage, err := ask(ctx, o, c.sagemaker.ListTransformJobs, &sagemaker.ListTransformJobsInput{NameContains: like, LastModifiedTimeAfter: since, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListTransformJobsOutput) ([]types.TransformJobSummary, *string) {
			return p.TransformJobSummaries, p.NextToken
		}, func(s types.TransformJobSummary) Listed {
			return listOf(s.TransformJobName, s.TransformJobArn, s.TransformEndTime)
		}), usage, err
	case KindRecommendationsJob:
		out, usage, err := ask(ctx, o, c.sagemaker.ListInferenceRecommendationsJobs, &sagemaker.ListInferenceRecommendationsJobsInput{NameContains: like, LastModifiedTimeAfter: since, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListInferenceRecommendationsJobsOutput) ([]types.InferenceRecommendationsJob, *string) {
			return p.InferenceRecommendationsJobs, p.NextToken
		}, func(s types.InferenceRecommendationsJob) Listed {
			return listOf(s.JobName, s.JobArn, s.CompletionTime)
		}), usage, err
	case KindLabelingJob:
		out, usage, err := ask(ctx, o, c.sagemaker.ListLabelingJobs, &sagemaker.ListLabelingJobsInput{NameContains: like, LastModifiedTimeAfter: since, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListLabelingJobsOutput) ([]types.LabelingJobSummary, *string) {
			return p.LabelingJobSummaryList, p.NextToken
		}, func(s types.LabelingJobSummary) Listed { return listOf(s.LabelingJobName, s.LabelingJobArn, nil) }), usage, err
	default:
		out, usage, err := ask(ctx, o, c.sagemaker.ListTrainingJobs, &sagemaker.ListTrainingJobsInput{NameContains: like, LastModifiedTimeAfter: since, MaxResults: most, NextToken: token})
		return pageOf(out, err, func(p *sagemaker.ListTrainingJobsOutput) ([]types.TrainingJobSummary, *string) {
			return p.TrainingJobSummaries, p.NextToken
		}, func(s types.TrainingJobSummary) Listed {
			return listOf(s.TrainingJobName, s.TrainingJobArn, s.TrainingEndTime)
		}), usage, err
	}
}

func listOf(name, arn *string, ended *time.Time) Listed {
	return Listed{Name: aws.ToString(name), ARN: aws.ToString(arn), Ended: firstTime(ended)}
}

// pageOf takes the common parts out of an answer.
func pageOf[O, S any](out *O, err error, read func(*O) ([]S, *string), one func(S) Listed) listPage {
	if err != nil || out == nil {
		return listPage{}
	}
	all, next := read(out)
	p := listPage{next: next}
	for _, s := range all {
		p.found = append(p.found, one(s))
	}
	return p
}

// listOperations are those of ListedKinds, which share one rate.
func listOperations(rate float64) map[ResourceKind]*operation {
	out := map[ResourceKind]*operation{}
	for _, k := range ListedKinds() {
		out[k] = newOperation(k.ListOperation(), rate)
	}
	return out
}
