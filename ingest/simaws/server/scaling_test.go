package server_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/smithy-go"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

func scalingClient(url string) *applicationautoscaling.Client {
	return applicationautoscaling.New(applicationautoscaling.Options{
		Region: "us-east-1", BaseEndpoint: &url, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	})
}

// scaledAccount has three targets, the second with two policies.
func scaledAccount() *account.Account {
	acct := testAccount()
	for _, name := range []string{"a", "b", "c"} {
		acct.Scaling = append(acct.Scaling, account.ScalableTarget{ResourceID: "endpoint/" + name + "/variant/v", Min: 1, Max: 4, Created: t0})
	}
	for _, name := range []string{"one", "two"} {
		acct.Scaling[1].Policies = append(acct.Scaling[1].Policies, account.ScalingPolicy{
			Name: name, Created: t0, Config: map[string]any{"TargetValue": 70.5, "ScaleInCooldown": 30},
		})
	}
	return acct
}

func TestScalingIsAnsweredFromTheAccount(t *testing.T) {
	_, url := serve(t, scaledAccount(), server.Options{})
	c, ctx := scalingClient(url), context.Background()
	all := applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: types.ServiceNamespaceSagemaker, MaxResults: aws.Int32(2)}
	first, err := c.DescribeScalableTargets(ctx, &all)
	if err != nil || len(first.ScalableTargets) != 2 || first.NextToken == nil {
		t.Fatalf("first page %+v, error %v", first, err)
	}
	all.NextToken = first.NextToken
	second, err := c.DescribeScalableTargets(ctx, &all)
	if err != nil || len(second.ScalableTargets) != 1 || second.NextToken != nil {
		t.Fatalf("second page %+v, error %v", second, err)
	}
	last := second.ScalableTargets[0]
	if *last.ResourceId != "endpoint/c/variant/v" || *last.MinCapacity != 1 || *last.MaxCapacity != 4 || !last.CreationTime.Equal(t0) {
		t.Errorf("target %+v", last)
	}
	one := applicationautoscaling.DescribeScalingPoliciesInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String("endpoint/b/variant/v"),
		ScalableDimension: types.ScalableDimensionSageMakerVariantDesiredInstanceCount,
	}
	policies, err := c.DescribeScalingPolicies(ctx, &one)
	if err != nil || len(policies.ScalingPolicies) != 2 {
		t.Fatalf("policies %+v, error %v", policies, err)
	}
	p := policies.ScalingPolicies[1]
	tracking := p.TargetTrackingScalingPolicyConfiguration
	if *p.PolicyName != "two" || p.PolicyType != types.PolicyTypeTargetTrackingScaling || tracking == nil || *tracking.TargetValue != 70.5 || *tracking.ScaleInCooldown != 30 {
		t.Errorf("policy %+v", p)
	}
}

func TestScalingOfNothingIsEmptyAndNoError(t *testing.T) {
	_, url := serve(t, scaledAccount(), server.Options{})
	c, ctx := scalingClient(url), context.Background()
	for _, in := range []applicationautoscaling.DescribeScalableTargetsInput{
		{ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceIds: []string{"endpoint/z/variant/v"}},
		{ServiceNamespace: types.ServiceNamespaceEcs},
	} {
		if out, err := c.DescribeScalableTargets(ctx, &in); err != nil || len(out.ScalableTargets) != 0 {
			t.Errorf("targets %+v, error %v", out, err)
		}
	}
	_, err := c.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ScalableDimension: types.ScalableDimensionSageMakerVariantDesiredInstanceCount,
	})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "ValidationException" {
		t.Errorf("error %v, want that a dimension needs a resource", err)
	}
}
