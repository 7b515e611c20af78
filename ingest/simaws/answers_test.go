package simaws_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go"

	"sizewise/ingest/cloudwatch/plainbody"
	"sizewise/ingest/simaws/workload"
)

// answers is what a client got out of the simulated AWS, in a form that every
// client can produce.
type answers struct {
	Data       map[string]map[string]float64 // GetMetricData: id, time, value
	Metrics    []string                      // ListMetrics: namespace, name and number of dimensions
	Statistics map[string][]float64          // GetMetricStatistics by time: Sum, Maximum, p99
	Events     []string                      // FilterLogEvents: id, time, stream, message
	Stream     []string                      // GetLogEvents of one stream: time, message
	Streams    []string                      // DescribeLogStreams
	Endpoint   string                        // DescribeEndpoint and DescribeEndpointConfig
	Unknown    string                        // the error for an endpoint that is not there
	Account    string                        // STS GetCallerIdentity
}

// questions is what each client is to ask.
type questions struct {
	Start, End    string
	MaxDatapoints int
	Queries       []dataQuery
	Endpoint      string
	LogGroup      string
	LogStream     string
	Pattern       string
}

// The JSON that command lines and boto3 take for a query.
type (
	dataQuery struct {
		ID         string `json:"Id"`
		MetricStat metricStat
	}
	metricStat struct {
		Metric metricName
		Period int
		Stat   string
	}
	metricName struct {
		Namespace, MetricName string
		Dimensions            []dimension
	}
	dimension struct{ Name, Value string }
)

// questionsOf asks for three metrics, nine statistics, and the endpoint's logs.
func questionsOf(r *workload.Result) questions {
	q := questions{
		Start: r.Start.Format(time.RFC3339), End: r.End.Format(time.RFC3339), MaxDatapoints: 100,
		Endpoint: r.Endpoint, LogGroup: r.Account.LogGroups[0].Name, LogStream: r.Account.LogGroups[0].Streams[0].Name, Pattern: `?ERROR ?"POST /invocations"`,
	}
	dims := []dimension{{"EndpointName", r.Endpoint}, {"VariantName", r.Variant}}
	add := func(namespace, name, stat string, period int) {
		q.Queries = append(q.Queries, dataQuery{fmt.Sprintf("m%d", len(q.Queries)), metricStat{metricName{namespace, name, dims}, period, stat}})
	}
	for _, stat := range []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p99", "p99.9", "tm90"} {
		add("AWS/SageMaker", "ModelLatency", stat, 60)
	}
	add("AWS/SageMaker", "Invocations", "Sum", 300)
	add("/aws/sagemaker/Endpoints", "CPUUtilization", "Average", 60)
	add("AWS/SageMaker", "NoSuchMetric", "Sum", 60)
	return q
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// sdkConfig points aws-sdk-go-v2 at the server.
func sdkConfig(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, HTTPClient: plainbody.Client{HTTP: awshttp.NewBuildableClient()},
		Credentials: credentials.NewStaticCredentialsProvider("sim", "sim", ""),
	}
}

// askSDK is the answers that aws-sdk-go-v2 gets, the reference for the others.
func askSDK(t *testing.T, url string, q questions) answers {
	t.Helper()
	a := answers{Data: map[string]map[string]float64{}, Statistics: map[string][]float64{}, Account: "123456789012"}
	c := cloudwatch.NewFromConfig(sdkConfig(url))
	askSDKMetrics(t, c, q, &a)
	askSDKLogs(t, cloudwatchlogs.NewFromConfig(sdkConfig(url)), q, &a)
	askSDKEndpoint(t, sagemaker.NewFromConfig(sdkConfig(url)), q, &a)
	return a
}

// must is v, unless err ends the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func askSDKMetrics(t *testing.T, c *cloudwatch.Client, q questions, a *answers) {
	t.Helper()
	ctx := context.Background()
	start, end := must(time.Parse(time.RFC3339, q.Start))(t), must(time.Parse(time.RFC3339, q.End))(t)
	var queries []cwtypes.MetricDataQuery
	if err := json.Unmarshal(must(json.Marshal(q.Queries))(t), &queries); err != nil {
		t.Fatal(err)
	}
	pages := cloudwatch.NewGetMetricDataPaginator(c, &cloudwatch.GetMetricDataInput{StartTime: &start, EndTime: &end, MetricDataQueries: queries, MaxDatapoints: aws.Int32(int32(q.MaxDatapoints))})
	for pages.HasMorePages() {
		for _, r := range must(pages.NextPage(ctx))(t).MetricDataResults {
			if a.Data[*r.Id] == nil {
				a.Data[*r.Id] = map[string]float64{}
			}
			for i, at := range r.Timestamps {
				a.Data[*r.Id][stamp(at)] = r.Values[i]
			}
		}
	}
	list := cloudwatch.NewListMetricsPaginator(c, &cloudwatch.ListMetricsInput{Dimensions: []cwtypes.DimensionFilter{{Name: aws.String("EndpointName"), Value: &q.Endpoint}}})
	for list.HasMorePages() {
		for _, m := range must(list.NextPage(ctx))(t).Metrics {
			a.Metrics = append(a.Metrics, fmt.Sprintf("%s %s %d", *m.Namespace, *m.MetricName, len(m.Dimensions)))
		}
	}
	m := queries[0].MetricStat.Metric
	out := must(c.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: m.Namespace, MetricName: m.MetricName, Dimensions: m.Dimensions, StartTime: &start, EndTime: &end, Period: aws.Int32(300),
		Statistics: []cwtypes.Statistic{"Sum", "Maximum"}, ExtendedStatistics: []string{"p99"},
	}))(t)
	for _, p := range out.Datapoints {
		a.Statistics[stamp(*p.Timestamp)] = []float64{*p.Sum, *p.Maximum, p.ExtendedStatistics["p99"]}
	}
}

func askSDKLogs(t *testing.T, c *cloudwatchlogs.Client, q questions, a *answers) {
	t.Helper()
	ctx := context.Background()
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(c, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &q.LogGroup, FilterPattern: &q.Pattern})
	for pages.HasMorePages() {
		for _, e := range must(pages.NextPage(ctx))(t).Events {
			a.Events = append(a.Events, fmt.Sprintf("%s %d %s %s", *e.EventId, *e.Timestamp, *e.LogStreamName, *e.Message))
		}
	}
	stream := cloudwatchlogs.NewGetLogEventsPaginator(c, &cloudwatchlogs.GetLogEventsInput{LogGroupName: &q.LogGroup, LogStreamName: &q.LogStream, StartFromHead: aws.Bool(true), Limit: aws.Int32(1000)},
		func(o *cloudwatchlogs.GetLogEventsPaginatorOptions) { o.StopOnDuplicateToken = true })
	for stream.HasMorePages() {
		for _, e := range must(stream.NextPage(ctx))(t).Events {
			a.Stream = append(a.Stream, fmt.Sprintf("%d %s", *e.Timestamp, *e.Message))
		}
	}
	for _, s := range must(c.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: &q.LogGroup}))(t).LogStreams {
		a.Streams = append(a.Streams, *s.LogStreamName)
	}
}

func askSDKEndpoint(t *testing.T, c *sagemaker.Client, q questions, a *answers) {
	t.Helper()
	ctx := context.Background()
	e := must(c.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &q.Endpoint}))(t)
	k := must(c.DescribeEndpointConfig(ctx, &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: e.EndpointConfigName}))(t)
	a.Endpoint = fmt.Sprintf("%s %s %d %s", e.EndpointStatus, stamp(*e.CreationTime), *e.ProductionVariants[0].CurrentInstanceCount, k.ProductionVariants[0].InstanceType)
	_, err := c.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: aws.String("gone")})
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("unknown endpoint: %v", err)
	}
	a.Unknown = api.ErrorCode() + ": " + api.ErrorMessage()
}

// plausible fails when the reference itself is thin: then agreement says little.
func plausible(t *testing.T, a answers) {
	t.Helper()
	if len(a.Data["m0"]) < 30 || len(a.Data["m11"]) != 0 || len(a.Metrics) < 5 || len(a.Statistics) < 5 || len(a.Events) < 20 || len(a.Stream) < 100 || len(a.Streams) < 2 {
		t.Fatalf("thin answers: %d points, %d and %d metrics and statistics, %d events, %d of one stream, streams %v",
			len(a.Data["m0"]), len(a.Metrics), len(a.Statistics), len(a.Events), len(a.Stream), a.Streams)
	}
	if !slices.IsSorted(a.Streams) {
		t.Fatalf("streams %v", a.Streams)
	}
}
