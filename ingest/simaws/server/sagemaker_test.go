package server_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

func TestDescribeEndpoint(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := sagemakerClient(url)
	e, err := c.DescribeEndpoint(context.Background(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("probe")})
	if err != nil {
		t.Fatal(err)
	}
	if *e.EndpointArn != "arn:aws:sagemaker:us-east-1:123456789012:endpoint/probe" || e.EndpointStatus != "InService" || *e.EndpointConfigName != "probe-config" {
		t.Errorf("endpoint %+v", e)
	}
	if !e.LastModifiedTime.Equal(t0.Add(-30*time.Minute + 250*time.Millisecond)) {
		t.Errorf("last modified %s", e.LastModifiedTime)
	}
	v := e.ProductionVariants[0]
	if *v.VariantName != "AllTraffic" || *v.CurrentInstanceCount != 2 || *v.DesiredInstanceCount != 2 || *v.CurrentWeight != 1 || len(v.DeployedImages) != 1 {
		t.Errorf("variant %+v", v)
	}
	k, err := c.DescribeEndpointConfig(context.Background(), &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: e.EndpointConfigName})
	if err != nil {
		t.Fatal(err)
	}
	if w := k.ProductionVariants[0]; w.InstanceType != "ml.c5.xlarge" || *w.InitialInstanceCount != 2 || *w.ModelName != "probe-model" {
		t.Errorf("configured variant %+v", w)
	}
	if m := k.MetricsConfig; m == nil || m.MetricPublishFrequencyInSeconds != 60 || *m.EnableEnhancedMetrics {
		t.Errorf("metrics config %+v", m)
	}
	_, err = c.DescribeEndpoint(context.Background(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("Gone")})
	if e := apiError(t, err); e.ErrorCode() != "ValidationException" || e.ErrorMessage() != `Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/gone".` {
		t.Errorf("unknown endpoint: %v", err)
	}
	_, err = c.DescribeEndpointConfig(context.Background(), &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: aws.String("gone")})
	if e := apiError(t, err); e.ErrorMessage() != `Could not find endpoint configuration "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/gone".` {
		t.Errorf("unknown configuration: %v", err)
	}
}

func TestListEndpoints(t *testing.T) {
	acct := testAccount()
	for i := range 24 {
		acct.Endpoints = append(acct.Endpoints, account.Endpoint{Name: fmt.Sprintf("other-%02d", i), Status: "InService", Created: t0.Add(time.Duration(i) * time.Minute)})
	}
	_, url := serve(t, acct, server.Options{})
	in := sagemaker.ListEndpointsInput{NameContains: aws.String("OTHER")}
	pages := sagemaker.NewListEndpointsPaginator(sagemakerClient(url), &in)
	var names []string
	for pages.HasMorePages() {
		out, err := pages.NextPage(context.Background())
		if err != nil || len(out.Endpoints) > 10 {
			t.Fatalf("page of %d: %v", len(out.Endpoints), err)
		}
		for _, e := range out.Endpoints {
			names = append(names, *e.EndpointName)
		}
	}
	if len(names) != 24 || names[0] != "other-23" || names[23] != "other-00" {
		t.Errorf("endpoints %v, want 24, newest first", names)
	}
}
