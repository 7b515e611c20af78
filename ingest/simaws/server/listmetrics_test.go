package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

func TestListMetrics(t *testing.T) {
	acct := testAccount()
	for i := range 1100 {
		acct.Metrics = append(acct.Metrics, account.Series{
			Namespace: "Bulk", Name: "M", Dims: []account.Dim{{Name: "N", Value: fmt.Sprint(i)}}, Resolution: time.Minute,
			Points: []account.Point{{Time: t0, Values: []float32{1}}},
		})
	}
	acct.Metrics = append(acct.Metrics,
		account.Series{Namespace: "Stale", Name: "M", Points: []account.Point{{Time: now.Add(-15 * 24 * time.Hour), Values: []float32{1}}}},
		account.Series{Namespace: "Yesterday", Name: "M", Points: []account.Point{{Time: now.Add(-24 * time.Hour), Values: []float32{1}}}},
		account.Series{Namespace: "Future", Name: "M", Points: []account.Point{{Time: now.Add(time.Hour), Values: []float32{1}}}})
	s, url := serve(t, acct, server.Options{})
	list := func(in cloudwatch.ListMetricsInput) int {
		n := 0
		pages := cloudwatch.NewListMetricsPaginator(metricClient(url), &in)
		for pages.HasMorePages() {
			out, err := pages.NextPage(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Metrics) > 500 {
				t.Fatalf("page of %d", len(out.Metrics))
			}
			n += len(out.Metrics)
		}
		return n
	}
	for _, tt := range []struct {
		in   cloudwatch.ListMetricsInput
		want int
	}{
		{cloudwatch.ListMetricsInput{}, 5 + 1100 + 1},
		{cloudwatch.ListMetricsInput{Namespace: aws.String("Stale")}, 0},
		{cloudwatch.ListMetricsInput{Namespace: aws.String("Future")}, 0},
		{cloudwatch.ListMetricsInput{Namespace: aws.String("Yesterday"), RecentlyActive: cwtypes.RecentlyActivePt3h}, 0},
		{cloudwatch.ListMetricsInput{Namespace: aws.String("Yesterday")}, 1},
		{cloudwatch.ListMetricsInput{MetricName: aws.String("ModelLatency")}, 1},
		{cloudwatch.ListMetricsInput{Dimensions: []cwtypes.DimensionFilter{{Name: aws.String("EndpointName")}}}, 4},
		{cloudwatch.ListMetricsInput{Dimensions: []cwtypes.DimensionFilter{{Name: aws.String("EndpointName"), Value: aws.String("other")}}}, 0},
		{cloudwatch.ListMetricsInput{Dimensions: []cwtypes.DimensionFilter{{Name: aws.String("EndpointName"), Value: aws.String("probe")}, {Name: aws.String("VariantName")}}}, 4},
	} {
		if got := list(tt.in); got != tt.want {
			t.Errorf("%+v: %d metrics, want %d", tt.in, got, tt.want)
		}
	}
	if got := s.Calls("ListMetrics"); got != 3+8 {
		t.Errorf("%d calls counted, want 11", got)
	}
}

func TestGetMetricStatisticsLimit(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	_, err := metricClient(url).GetMetricStatistics(context.Background(), &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("N"), MetricName: aws.String("M"), StartTime: aws.Time(t0), EndTime: aws.Time(t0.Add(1441 * time.Minute)),
		Period: aws.Int32(60), Statistics: []cwtypes.Statistic{"Sum"},
	})
	if e := apiError(t, err); e.ErrorCode() != "InvalidParameterCombination" || !strings.Contains(e.ErrorMessage(), "1,440") {
		t.Errorf("1,441 points: %v", err)
	}
}
