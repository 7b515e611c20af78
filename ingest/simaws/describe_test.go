package simaws_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go"

	"sizewise/ingest/simaws"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

// describers ask for one resource through the SDK and say one thing of the
// answer, by operation.
func describers(c *sagemaker.Client) map[string]func(ctx context.Context, name *string) (string, error) {
	return map[string]func(context.Context, *string) (string, error){
		"DescribeTrainingJob": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeTrainingJob(ctx, &sagemaker.DescribeTrainingJobInput{TrainingJobName: n})
			if err != nil {
				return "", err
			}
			return string(out.ResourceConfig.InstanceType) + " " + out.TrainingEndTime.Sub(*out.TrainingStartTime).String(), nil
		},
		"DescribeProcessingJob": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeProcessingJob(ctx, &sagemaker.DescribeProcessingJobInput{ProcessingJobName: n})
			if err != nil {
				return "", err
			}
			return string(out.ProcessingResources.ClusterConfig.InstanceType), nil
		},
		"DescribeTransformJob": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeTransformJob(ctx, &sagemaker.DescribeTransformJobInput{TransformJobName: n})
			if err != nil {
				return "", err
			}
			return string(out.TransformResources.InstanceType), nil
		},
		"DescribeInferenceComponent": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeInferenceComponent(ctx, &sagemaker.DescribeInferenceComponentInput{InferenceComponentName: n})
			if err != nil {
				return "", err
			}
			return *out.EndpointName, nil
		},
		"DescribeInferenceRecommendationsJob": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeInferenceRecommendationsJob(ctx, &sagemaker.DescribeInferenceRecommendationsJobInput{JobName: n})
			if err != nil {
				return "", err
			}
			return string(out.Status), nil
		},
		"DescribeLabelingJob": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeLabelingJob(ctx, &sagemaker.DescribeLabelingJobInput{LabelingJobName: n})
			if err != nil {
				return "", err
			}
			return string(out.LabelingJobStatus), nil
		},
		"DescribeFeatureGroup": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: n})
			if err != nil {
				return "", err
			}
			return *out.FeatureDefinitions[1].FeatureName, nil
		},
		"DescribePipeline": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribePipeline(ctx, &sagemaker.DescribePipelineInput{PipelineName: n})
			if err != nil {
				return "", err
			}
			return string(out.PipelineStatus), nil
		},
		"DescribePipelineExecution": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribePipelineExecution(ctx, &sagemaker.DescribePipelineExecutionInput{PipelineExecutionArn: n})
			if err != nil {
				return "", err
			}
			return string(out.PipelineExecutionStatus), nil
		},
		"ListPipelineExecutionSteps": func(ctx context.Context, n *string) (string, error) {
			out, err := c.ListPipelineExecutionSteps(ctx, &sagemaker.ListPipelineExecutionStepsInput{PipelineExecutionArn: n})
			if err != nil {
				return "", err
			}
			return *out.PipelineExecutionSteps[0].StepName, nil
		},
		"DescribeMonitoringSchedule": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeMonitoringSchedule(ctx, &sagemaker.DescribeMonitoringScheduleInput{MonitoringScheduleName: n})
			if err != nil {
				return "", err
			}
			return string(out.MonitoringScheduleStatus), nil
		},
		"DescribeNotebookInstance": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeNotebookInstance(ctx, &sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: n})
			if err != nil {
				return "", err
			}
			return string(out.InstanceType), nil
		},
		"DescribeModel": func(ctx context.Context, n *string) (string, error) {
			out, err := c.DescribeModel(ctx, &sagemaker.DescribeModelInput{ModelName: n})
			if err != nil {
				return "", err
			}
			return *out.ModelName, nil
		},
	}
}

func TestDescribeEveryKind(t *testing.T) {
	e, clock := drawEstate(t, estate.Config{Seed: 1})
	running, err := simaws.Start(t.Context(), e.Account, simaws.Options{Server: server.Options{Now: clock}})
	if err != nil {
		t.Fatal(err)
	}
	c := sagemaker.NewFromConfig(sdkConfig(running.URL))
	ask := describers(c)
	asked := map[string]bool{}
	for _, d := range e.Account.Described {
		got, err := ask[d.Operation](t.Context(), &d.Name)
		if err != nil || got == "" {
			t.Errorf("%s %s: %q, %v", d.Operation, d.Name, got, err)
		}
		asked[d.Operation] = true
	}
	for operation, describe := range ask {
		if !asked[operation] {
			t.Errorf("the estate has nothing for %s", operation)
		}
		_, err := describe(t.Context(), aws.String("arn:aws:gone"))
		want := map[string]string{
			"DescribeTrainingJob": "ValidationException", "DescribeProcessingJob": "ValidationException", "DescribeTransformJob": "ValidationException",
			"DescribeInferenceComponent": "ValidationException", "DescribeNotebookInstance": "ValidationException", "DescribeModel": "ValidationException",
		}[operation]
		if want == "" {
			want = "ResourceNotFound"
		}
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != want {
			t.Errorf("%s of what is not there: %v, want %s", operation, err, want)
		}
	}
	serverless, err := c.DescribeEndpoint(t.Context(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("estate-serverless")})
	if err != nil || serverless.ProductionVariants[0].CurrentServerlessConfig == nil || serverless.ProductionVariants[0].CurrentInstanceCount != nil {
		t.Errorf("serverless endpoint: %+v, %v", serverless, err)
	}
	async, err := c.DescribeEndpointConfig(t.Context(), &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: aws.String("estate-async-config")})
	if err != nil || async.AsyncInferenceConfig == nil {
		t.Errorf("asynchronous configuration: %+v, %v", async, err)
	}
}
