package cloudwatch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const variantA = "endpoint/ep/variant/A"

// scaled answers for one variant with two pages of policies.
func scaled(_ string, call int, in map[string]any) reply {
	if _, targets := in["ResourceIds"]; targets {
		return reply{body: map[string]any{"ScalableTargets": []any{map[string]any{
			"ServiceNamespace": "sagemaker", "ResourceId": variantA, "ScalableDimension": in["ScalableDimension"],
			"MinCapacity": 2, "MaxCapacity": 9, "CreationTime": float64(minute0.Unix()),
			"SuspendedState": map[string]any{"DynamicScalingInSuspended": true, "DynamicScalingOutSuspended": false},
		}}}}
	}
	page := map[string]any{"ScalingPolicies": []any{map[string]any{
		"PolicyName": "invocations", "ResourceId": variantA, "PolicyType": "TargetTrackingScaling", "CreationTime": float64(minute0.Unix()),
		"TargetTrackingScalingPolicyConfiguration": map[string]any{
			"TargetValue": 812.5, "ScaleInCooldown": 600, "ScaleOutCooldown": 60, "DisableScaleIn": true,
			"PredefinedMetricSpecification": map[string]any{"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
		},
	}}, "NextToken": "more"}
	if call > 0 {
		page = map[string]any{"ScalingPolicies": []any{map[string]any{
			"PolicyName": "cpu", "ResourceId": variantA, "PolicyType": "TargetTrackingScaling",
			"TargetTrackingScalingPolicyConfiguration": map[string]any{
				"TargetValue":                   70,
				"CustomizedMetricSpecification": map[string]any{"Namespace": "/aws/sagemaker/Endpoints", "MetricName": "CPUUtilization", "Statistic": "Average"},
			},
		}, map[string]any{
			"PolicyName": "steps", "ResourceId": variantA, "PolicyType": "StepScaling",
			"StepScalingPolicyConfiguration": map[string]any{"AdjustmentType": "ChangeInCapacity", "Cooldown": 30},
		}}}
	}
	return reply{body: page}
}

func TestScalingBecomesFacts(t *testing.T) {
	o := fast()
	now := minute0.Add(time.Hour)
	o.Now = func() time.Time { return now }
	client, _ := connect(t, o, scaled)
	target, usage, err := client.Describe(t.Context(), Resource{KindScalableTarget, variantA})
	if err != nil || usage.Calls != 1 {
		t.Fatalf("usage %+v, error %v", usage, err)
	}
	want := []string{
		"scalable_target " + variantA + " registered=true", "scalable_target " + variantA + " min_capacity=2",
		"scalable_target " + variantA + " max_capacity=9", "scalable_target " + variantA + " creation_time=2026-11-20T14:00:00Z",
		"scalable_target " + variantA + " scale_in_suspended=true",
		"scalable_target " + variantA + " scale_out_suspended=false",
	}
	if d := cmp.Diff(want, said(target)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Resource{{KindScalingPolicy, variantA}}, target.Related); d != "" {
		t.Error(d)
	}
	policies, usage, err := client.Describe(t.Context(), target.Related[0])
	if err != nil || usage.Calls != 2 {
		t.Fatalf("usage %+v, error %v", usage, err)
	}
	lines := strings.Join(said(policies), "\n")
	for _, fact := range []string{
		"invocations metric=SageMakerVariantInvocationsPerInstance", "invocations target_value=812.5", "invocations scale_in_cooldown_s=600",
		"invocations disable_scale_in=true", "cpu metric=/aws/sagemaker/Endpoints CPUUtilization", "steps cooldown_s=30",
	} {
		if !strings.Contains(lines, "scaling_policy "+variantA+"/"+fact) {
			t.Errorf("no fact %q in\n%s", fact, lines)
		}
	}
	if !strings.HasSuffix(lines, "scaling_policies "+variantA+" count=3") {
		t.Errorf("no count of the policies in\n%s", lines)
	}
	for _, f := range slices.Concat(target.Facts, policies.Facts) {
		if !f.AsOf.Equal(now.Truncate(24 * time.Hour)) {
			t.Fatalf("fact %+v: want it as of today, so that a second pull adds nothing", f)
		}
	}
}

// TestNoScalableTargetIsAnAnswer: what is not registered is said to be so, and
// has no policies to ask for.
func TestNoScalableTargetIsAnAnswer(t *testing.T) {
	client, _ := connect(t, fast(), func(string, int, map[string]any) reply {
		return reply{body: map[string]any{"ScalableTargets": []any{}}}
	})
	d, _, err := client.Describe(t.Context(), Resource{KindScalableTarget, variantA})
	if err != nil || len(d.Related) != 0 {
		t.Errorf("related %v, error %v", d.Related, err)
	}
	if diff := cmp.Diff([]string{"scalable_target " + variantA + " registered=false"}, said(d)); diff != "" {
		t.Error(diff)
	}
}

// TestScalingAsksForTheRightDimension: copies of a component, instances of a
// variant.
func TestScalingAsksForTheRightDimension(t *testing.T) {
	for resource, want := range map[string]string{
		variantA:                 "sagemaker:variant:DesiredInstanceCount",
		"inference-component/ic": "sagemaker:inference-component:DesiredCopyCount",
	} {
		for _, k := range []ResourceKind{KindScalableTarget, KindScalingPolicy} {
			client, _ := connect(t, fast(), func(_ string, _ int, in map[string]any) reply {
				if got := fmt.Sprint(in["ScalableDimension"]); got != want || in["ServiceNamespace"] != "sagemaker" {
					t.Errorf("%s of %s asked with %v", k, resource, in)
				}
				return reply{code: "AccessDeniedException", message: "no"}
			})
			if _, _, err := client.Describe(t.Context(), Resource{k, resource}); !errors.Is(err, ErrDenied) {
				t.Errorf("error %v, want denied", err)
			}
		}
	}
}
