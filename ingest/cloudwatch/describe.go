package cloudwatch

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Fact is one thing that SageMaker said: an attribute and its value.
type Fact struct {
	AsOf      time.Time // since when: the endpoint's last change, the config's creation
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

// Endpoint calls DescribeEndpoint. The error wraps ErrNotFound when the
// endpoint does not exist, which a deleted one does not either.
func (c *Client) Endpoint(ctx context.Context, name string) (Description, Usage, error) {
	var usage Usage
	out, err := c.sagemaker.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: aws.String(name)},
		func(o *sagemaker.Options) {
			o.APIOptions = append(o.APIOptions, c.describeEndpoint.meter(&usage))
		})
	if err != nil {
		return Description{}, usage, wrap("DescribeEndpoint", err)
	}
	d := Description{ConfigName: aws.ToString(out.EndpointConfigName), Async: out.AsyncInferenceConfig != nil}
	d.place(out.EndpointArn, c.region)
	f := facts{source: "DescribeEndpoint", asOf: firstTime(out.LastModifiedTime, out.CreationTime)}
	f.of("endpoint", aws.ToString(out.EndpointName))
	f.text("status", string(out.EndpointStatus))
	f.text("endpoint_config_name", d.ConfigName)
	f.text("arn", aws.ToString(out.EndpointArn))
	f.text("failure_reason", oneLine(aws.ToString(out.FailureReason)))
	f.time("creation_time", out.CreationTime)
	f.time("last_modified_time", out.LastModifiedTime)
	f.flag("async", d.Async)
	d.PublishSeconds, d.Enhanced = f.metrics(out.MetricsConfig)
	for _, v := range out.ProductionVariants {
		d.Variants = append(d.Variants, aws.ToString(v.VariantName))
		f.summary(v, "production")
	}
	for _, v := range out.ShadowProductionVariants {
		d.Variants = append(d.Variants, aws.ToString(v.VariantName))
		f.summary(v, "shadow")
	}
	d.Serverless = f.any("serverless_memory_mb")
	d.Facts = f.list
	return d, usage, nil
}

// EndpointConfig calls DescribeEndpointConfig. The error wraps ErrNotFound when
// there is no such config.
func (c *Client) EndpointConfig(ctx context.Context, name string) (Description, Usage, error) {
	var usage Usage
	out, err := c.sagemaker.DescribeEndpointConfig(ctx, &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: aws.String(name)},
		func(o *sagemaker.Options) {
			o.APIOptions = append(o.APIOptions, c.describeConfig.meter(&usage))
		})
	if err != nil {
		return Description{}, usage, wrap("DescribeEndpointConfig", err)
	}
	d := Description{ConfigName: aws.ToString(out.EndpointConfigName), Async: out.AsyncInferenceConfig != nil}
	d.place(out.EndpointConfigArn, c.region)
	f := facts{source: "DescribeEndpointConfig", asOf: firstTime(out.CreationTime)}
	f.of("endpoint_config", d.ConfigName)
	f.time("creation_time", out.CreationTime)
	f.flag("async", d.Async)
	d.PublishSeconds, d.Enhanced = f.metrics(out.MetricsConfig)
	for _, v := range out.ProductionVariants {
		d.Variants = append(d.Variants, aws.ToString(v.VariantName))
		f.variant(v)
	}
	for _, v := range out.ShadowProductionVariants {
		d.Variants = append(d.Variants, aws.ToString(v.VariantName))
		f.variant(v)
	}
	d.Serverless = f.any("serverless_memory_mb")
	d.Facts = f.list
	return d, usage, nil
}

// place sets account and region from an ARN.
func (d *Description) place(name *string, region string) {
	d.Region = region
	if a, err := arn.Parse(aws.ToString(name)); err == nil {
		d.Account = a.AccountID
		d.Region = a.Region
	}
}

// facts collects the facts of one Describe call. What SageMaker leaves out is
// left out.
type facts struct {
	source     string
	asOf       time.Time
	kind, name string
	list       []Fact
}

// of sets what the following facts are about.
func (f *facts) of(kind, name string) { f.kind, f.name = kind, name }

func (f *facts) text(attribute, value string) {
	if value == "" {
		return
	}
	f.list = append(f.list, Fact{
		AsOf: f.asOf, Kind: f.kind, Name: f.name,
		Attribute: attribute, Value: value, Source: f.source,
	})
}

func (f *facts) number(attribute string, v *int32) {
	if v != nil {
		f.text(attribute, strconv.Itoa(int(*v)))
	}
}

func (f *facts) weight(attribute string, v *float32) {
	if v != nil {
		f.text(attribute, strconv.FormatFloat(float64(*v), 'g', -1, 32))
	}
}

func (f *facts) flag(attribute string, v bool) {
	if v {
		f.text(attribute, "true")
	}
}

func (f *facts) time(attribute string, v *time.Time) {
	if v != nil {
		f.text(attribute, v.UTC().Format(time.RFC3339Nano))
	}
}

func (f *facts) metrics(m *types.MetricsConfig) (seconds int32, enhanced bool) {
	if m == nil {
		return 0, false
	}
	seconds = m.MetricPublishFrequencyInSeconds
	if seconds != 0 {
		f.number("metric_publish_frequency_s", &seconds)
	}
	if m.EnableEnhancedMetrics != nil {
		f.text("enhanced_metrics", strconv.FormatBool(*m.EnableEnhancedMetrics))
	}
	if m.EnableDetailedObservability != nil {
		f.text("detailed_observability", strconv.FormatBool(*m.EnableDetailedObservability))
	}
	return seconds, aws.ToBool(m.EnableEnhancedMetrics)
}

// summary adds a variant as deployed.
func (f *facts) summary(v types.ProductionVariantSummary, role string) {
	f.of("variant", aws.ToString(v.VariantName))
	f.text("role", role)
	f.number("current_instance_count", v.CurrentInstanceCount)
	f.number("desired_instance_count", v.DesiredInstanceCount)
	f.weight("current_weight", v.CurrentWeight)
	f.weight("desired_weight", v.DesiredWeight)
	f.scaling(v.ManagedInstanceScaling)
	f.serverless(v.CurrentServerlessConfig)
	for _, image := range v.DeployedImages {
		f.text("image", aws.ToString(image.SpecifiedImage))
		break // the primary container's; the rest are sidecars
	}
	var pools []string
	for _, p := range v.InstancePools {
		pools = append(pools, string(p.InstanceType)+"="+strconv.Itoa(int(aws.ToInt32(p.CurrentInstanceCount))))
	}
	f.text("instance_pools", strings.Join(pools, ","))
}

// variant adds a variant as configured.
func (f *facts) variant(v types.ProductionVariant) {
	f.of("variant", aws.ToString(v.VariantName))
	f.text("instance_type", string(v.InstanceType))
	f.number("initial_instance_count", v.InitialInstanceCount)
	f.weight("initial_weight", v.InitialVariantWeight)
	f.text("model_name", aws.ToString(v.ModelName))
	f.scaling(v.ManagedInstanceScaling)
	f.serverless(v.ServerlessConfig)
	var pool []string
	for _, p := range v.InstancePools {
		pool = append(pool, string(p.InstanceType))
	}
	f.text("instance_pool_types", strings.Join(pool, ","))
}

func (f *facts) scaling(m *types.ProductionVariantManagedInstanceScaling) {
	if m == nil {
		return
	}
	f.number("managed_min_instance_count", m.MinInstanceCount)
	f.number("managed_max_instance_count", m.MaxInstanceCount)
}

func (f *facts) serverless(s *types.ProductionVariantServerlessConfig) {
	if s == nil {
		return
	}
	f.number("serverless_memory_mb", s.MemorySizeInMB)
	f.number("serverless_max_concurrency", s.MaxConcurrency)
	f.number("serverless_provisioned_concurrency", s.ProvisionedConcurrency)
}

// any says whether a fact has the attribute.
func (f *facts) any(attribute string) bool {
	return slices.ContainsFunc(f.list, func(x Fact) bool { return x.Attribute == attribute })
}

// firstTime is the first time that is set, in UTC.
func firstTime(times ...*time.Time) time.Time {
	for _, t := range times {
		if t != nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
