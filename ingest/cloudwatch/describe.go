package cloudwatch

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Fact is one thing that SageMaker said: an attribute and its value.
type Fact struct {
	AsOf      time.Time // since when: the endpoint's last change, the config's creation; zero: said now
	Kind      string    // endpoint, endpoint_config, variant
	Name      string
	Attribute string
	Value     string
	Source    string // DescribeEndpoint, DescribeEndpointConfig
}

// Description is what one Describe call said.
type Description struct {
	Account        string // 12 digits, from the ARN
	Region         string
	ConfigName     string   // the endpoint's current config
	Variants       []string // production and shadow, in SageMaker's order
	Async          bool
	Serverless     bool  // a variant is
	PublishSeconds int32 // MetricsConfig's publish frequency of utilization, 0 when not said
	Enhanced       bool  // MetricsConfig's enhanced metrics: the frequency holds for invocation metrics too
	Facts          []Fact

	Status  string
	Created time.Time // zero when not said
	// Start and End are a job's own window: zero when it has not begun or not
	// ended, and for what is not a job.
	Start, End time.Time
	Hosts      int        // instances of a job, 0 when not said
	Related    []Resource // what else to ask about: an endpoint's config, a component's endpoint
}

// Describe asks SageMaker what it knows of one resource, in one call. The error
// wraps ErrNotFound when there is none, which a deleted one is not either.
func (c *Client) Describe(ctx context.Context, r Resource) (Description, Usage, error) {
	switch r.Kind {
	case KindEndpoint:
		return c.endpoint(ctx, r.Name)
	case KindEndpointConfig:
		return c.endpointConfig(ctx, r.Name)
	case KindInferenceComponent:
		return c.inferenceComponent(ctx, r.Name)
	case KindTrainingJob:
		return c.trainingJob(ctx, r.Name)
	case KindProcessingJob:
		return c.processingJob(ctx, r.Name)
	case KindTransformJob:
		return c.transformJob(ctx, r.Name)
	case KindRecommendationsJob:
		return c.recommendationsJob(ctx, r.Name)
	case KindLabelingJob:
		return c.labelingJob(ctx, r.Name)
	case KindFeatureGroup:
		return c.featureGroup(ctx, r.Name)
	case KindPipeline:
		return c.pipeline(ctx, r.Name)
	case KindMonitoringSchedule:
		return c.monitoringSchedule(ctx, r.Name)
	case KindNotebookInstance:
		return c.notebookInstance(ctx, r.Name)
	case KindScalableTarget:
		return c.scalableTarget(ctx, r.Name)
	case KindScalingPolicy:
		return c.scalingPolicies(ctx, r.Name)
	}
	return Description{}, Usage{}, fmt.Errorf("describing %s %s: no such kind of resource", r.Kind, r.Name)
}

// ask makes one call of SageMaker.
func ask[I, O any](
	ctx context.Context, o *operation, call func(context.Context, *I, ...func(*sagemaker.Options)) (*O, error), in *I,
) (*O, Usage, error) {
	var usage Usage
	out, err := call(ctx, in, func(so *sagemaker.Options) {
		so.APIOptions = append(so.APIOptions, o.meter(&usage))
	})
	return out, usage, wrap(o.name, err)
}

// Account calls GetCallerIdentity, which needs no permission, and returns the
// credentials' 12-digit account.
func (c *Client) Account(ctx context.Context) (string, Usage, error) {
	var usage Usage
	out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
		o.APIOptions = append(o.APIOptions, c.getCallerIdentity.meter(&usage))
	})
	if err != nil {
		return "", usage, wrap("GetCallerIdentity", err)
	}
	return aws.ToString(out.Account), usage, nil
}

// place sets account and region from an ARN.
func (d *Description) place(name *string, region string) {
	d.Region = region
	if a, err := arn.Parse(aws.ToString(name)); err == nil {
		d.Account = a.AccountID
		d.Region = a.Region
	}
}
