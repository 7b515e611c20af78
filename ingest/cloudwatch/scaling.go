package cloudwatch

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// variantResource names a variant as Application Auto Scaling does.
func variantResource(endpoint, variant string) string {
	return "endpoint/" + endpoint + "/variant/" + variant
}

// componentResource names an inference component as Application Auto Scaling does.
func componentResource(component string) string { return "inference-component/" + component }

// scalableDimension is what is scaled of a resource.
func scalableDimension(resource string) types.ScalableDimension {
	if strings.HasPrefix(resource, componentResource("")) {
		return types.ScalableDimensionSageMakerInferenceComponentDesiredCopyCount
	}
	return types.ScalableDimensionSageMakerVariantDesiredInstanceCount
}

// scalableTarget asks whether a resource is scaled, and between which bounds. One
// that is not registered is said to be so, which is no error. The facts are as of
// today: a target can be taken away without a trace.
func (c *Client) scalableTarget(ctx context.Context, resource string) (Description, Usage, error) {
	var usage Usage
	out, err := c.scaling.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceIds: []string{resource}, ScalableDimension: scalableDimension(resource),
	}, func(o *applicationautoscaling.Options) {
		o.APIOptions = append(o.APIOptions, c.describe[KindScalableTarget].meter(&usage))
	})
	if err != nil {
		return Description{}, usage, wrap(KindScalableTarget.Operation(), err)
	}
	d := Description{Region: c.region}
	f := facts{source: KindScalableTarget.Operation(), asOf: c.asOf()}
	f.of(string(KindScalableTarget), resource)
	if len(out.ScalableTargets) == 0 {
		f.text("registered", "false")
	}
	for _, t := range out.ScalableTargets {
		d.Created = firstTime(t.CreationTime)
		d.Related = []Resource{{KindScalingPolicy, resource}}
		f.text("registered", "true")
		number(&f, "min_capacity", t.MinCapacity)
		number(&f, "max_capacity", t.MaxCapacity)
		f.time("creation_time", t.CreationTime)
		if s := t.SuspendedState; s != nil {
			f.text("scale_in_suspended", strconv.FormatBool(aws.ToBool(s.DynamicScalingInSuspended)))
			f.text("scale_out_suspended", strconv.FormatBool(aws.ToBool(s.DynamicScalingOutSuspended)))
		}
	}
	d.Facts = f.list
	return d, usage, nil
}

// scalingPolicies asks for the policies of a resource, all pages. How many there
// are is a fact too, so that none can be told from not asked.
func (c *Client) scalingPolicies(ctx context.Context, resource string) (Description, Usage, error) {
	var usage Usage
	f := facts{source: KindScalingPolicy.Operation(), asOf: c.asOf()}
	in := &applicationautoscaling.DescribeScalingPoliciesInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: &resource, ScalableDimension: scalableDimension(resource),
	}
	var guard tokens
	count := 0
	for {
		out, err := c.scaling.DescribeScalingPolicies(ctx, in, func(o *applicationautoscaling.Options) {
			o.APIOptions = append(o.APIOptions, c.describe[KindScalingPolicy].meter(&usage))
		})
		if err != nil {
			return Description{}, usage, wrap(KindScalingPolicy.Operation(), err)
		}
		for _, p := range out.ScalingPolicies {
			count++
			f.policy(p)
		}
		more, err := guard.next(out.NextToken)
		if err != nil {
			return Description{}, usage, wrap(KindScalingPolicy.Operation(), err)
		}
		if !more {
			break
		}
		in.NextToken = out.NextToken
	}
	f.of("scaling_policies", resource)
	f.text("count", strconv.Itoa(count))
	return Description{Region: c.region, Facts: f.list}, usage, nil
}

// asOf is the day of the clock, for what has no time of its last change; zero
// without a clock. A second pull on that day is of the same facts: it adds none
// and replaces what has changed.
func (c *Client) asOf() time.Time {
	if c.now == nil {
		return time.Time{}
	}
	return c.now().UTC().Truncate(24 * time.Hour)
}

// policy adds a scaling policy. Its name is unique for its resource only.
func (f *facts) policy(p types.ScalingPolicy) {
	resource := aws.ToString(p.ResourceId)
	f.of(string(KindScalingPolicy), resource+"/"+aws.ToString(p.PolicyName))
	f.text("resource_id", resource)
	f.text("policy_name", aws.ToString(p.PolicyName))
	f.text("policy_type", string(p.PolicyType))
	f.time("creation_time", p.CreationTime)
	if t := p.TargetTrackingScalingPolicyConfiguration; t != nil {
		f.tracking(t)
	}
	if s := p.StepScalingPolicyConfiguration; s != nil {
		f.text("adjustment_type", string(s.AdjustmentType))
		number(f, "cooldown_s", s.Cooldown)
	}
}

// tracking adds what target tracking follows.
func (f *facts) tracking(t *types.TargetTrackingScalingPolicyConfiguration) {
	if t.TargetValue != nil {
		f.text("target_value", strconv.FormatFloat(*t.TargetValue, 'g', -1, 64))
	}
	if m := t.PredefinedMetricSpecification; m != nil {
		f.text("metric", string(m.PredefinedMetricType))
	}
	if m := t.CustomizedMetricSpecification; m != nil {
		name := aws.ToString(m.Namespace) + " " + aws.ToString(m.MetricName)
		if len(m.Metrics) > 0 {
			name = "metric math"
		}
		f.text("metric", oneLine(strings.TrimSpace(name)))
		f.text("statistic", string(m.Statistic))
	}
	number(f, "scale_in_cooldown_s", t.ScaleInCooldown)
	number(f, "scale_out_cooldown_s", t.ScaleOutCooldown)
	f.text("disable_scale_in", strconv.FormatBool(aws.ToBool(t.DisableScaleIn)))
}
