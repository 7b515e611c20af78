package cloudwatch

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// endpoint calls DescribeEndpoint. The error wraps ErrNotFound when the
// endpoint does not exist, which a deleted one does not either.
func (c *Client) endpoint(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindEndpoint], c.sagemaker.DescribeEndpoint,
		&sagemaker.DescribeEndpointInput{EndpointName: aws.String(name)})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{ConfigName: aws.ToString(out.EndpointConfigName), Async: out.AsyncInferenceConfig != nil}
	d.place(out.EndpointArn, c.region)
	d.Status, d.Created = string(out.EndpointStatus), firstTime(out.CreationTime)
	if d.ConfigName != "" {
		d.Related = []Resource{{KindEndpointConfig, d.ConfigName}}
	}
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
	for _, v := range out.ProductionVariants {
		if v.CurrentServerlessConfig == nil {
			d.Related = append(d.Related, Resource{KindScalableTarget, variantResource(aws.ToString(out.EndpointName), aws.ToString(v.VariantName))})
		}
	}
	d.Facts = f.list
	return d, usage, nil
}

// endpointConfig calls DescribeEndpointConfig. The error wraps ErrNotFound when
// there is no such config.
func (c *Client) endpointConfig(ctx context.Context, name string) (Description, Usage, error) {
	out, usage, err := ask(ctx, c.describe[KindEndpointConfig], c.sagemaker.DescribeEndpointConfig,
		&sagemaker.DescribeEndpointConfigInput{EndpointConfigName: aws.String(name)})
	if err != nil {
		return Description{}, usage, err
	}
	d := Description{ConfigName: aws.ToString(out.EndpointConfigName), Async: out.AsyncInferenceConfig != nil}
	d.place(out.EndpointConfigArn, c.region)
	d.Created = firstTime(out.CreationTime)
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

func (f *facts) metrics(m *types.MetricsConfig) (seconds int32, enhanced bool) {
	if m == nil {
		return 0, false
	}
	seconds = m.MetricPublishFrequencyInSeconds
	if seconds != 0 {
		number(f, "metric_publish_frequency_s", &seconds)
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
	number(f, "current_instance_count", v.CurrentInstanceCount)
	number(f, "desired_instance_count", v.DesiredInstanceCount)
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
	number(f, "initial_instance_count", v.InitialInstanceCount)
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
	number(f, "managed_min_instance_count", m.MinInstanceCount)
	number(f, "managed_max_instance_count", m.MaxInstanceCount)
}

func (f *facts) serverless(s *types.ProductionVariantServerlessConfig) {
	if s == nil {
		return
	}
	number(f, "serverless_memory_mb", s.MemorySizeInMB)
	number(f, "serverless_max_concurrency", s.MaxConcurrency)
	number(f, "serverless_provisioned_concurrency", s.ProvisionedConcurrency)
}
