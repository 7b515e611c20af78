package server_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"

	"sizewise/ingest/cloudwatch/plainbody"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// t0 is when the test account's load test begins; now is ten minutes after its end.
var (
	t0  = time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	now = t0.Add(40 * time.Minute)
)

const (
	invocationSpace = "AWS/SageMaker"
	instanceSpace   = "/aws/sagemaker/Endpoints"
	logGroupName    = "/aws/sagemaker/Endpoints/probe"
)

var dims = []account.Dim{{Name: "EndpointName", Value: "probe"}, {Name: "VariantName", Value: "AllTraffic"}}

// testAccount is one endpoint with half an hour of data.
func testAccount() *account.Account {
	rng := rand.New(rand.NewPCG(1, 2))
	latency := account.Series{Namespace: invocationSpace, Name: "ModelLatency", Dims: dims, Unit: "Microseconds", Resolution: time.Minute}
	invocations := account.Series{Namespace: invocationSpace, Name: "Invocations", Dims: dims, Unit: "None", Resolution: time.Minute}
	cpu := account.Series{Namespace: instanceSpace, Name: "CPUUtilization", Dims: dims, Unit: "Percent", Resolution: time.Minute}
	for m := range 30 {
		if m == 12 {
			continue // a minute without traffic has no points
		}
		at := t0.Add(time.Duration(m) * time.Minute)
		n := 20 + m*7
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(50_000 * (1 + rng.ExpFloat64()))
		}
		latency.Points = append(latency.Points, account.Point{Time: at, Values: values})
		invocations.Points = append(invocations.Points, account.Point{Time: at, Values: []float32{1}, Counts: []float32{float32(n)}})
		cpu.Points = append(cpu.Points, account.Point{Time: at, Values: []float32{float32(10 + m), float32(11 + m)}})
	}
	fast := account.Series{Namespace: invocationSpace, Name: "ConcurrentRequestsPerModel", Dims: dims, Unit: "None", Resolution: 10 * time.Second}
	for i := range 180 {
		fast.Points = append(fast.Points, account.Point{Time: t0.Add(time.Duration(i) * 10 * time.Second), Values: []float32{float32(i % 7)}})
	}
	negative := account.Series{Namespace: "Custom", Name: "Drift", Unit: "None", Resolution: time.Minute, Points: []account.Point{{Time: t0, Values: []float32{-1, 2}}}}
	return &account.Account{
		ID: "123456789012", Region: "us-east-1",
		Metrics:   []account.Series{latency, invocations, cpu, fast, negative},
		LogGroups: []account.LogGroup{testLogs(), {Name: "/archive", Class: "INFREQUENT_ACCESS", Created: t0}},
		Endpoints: []account.Endpoint{{
			Name: "probe", ConfigName: "probe-config", Status: "InService", Created: t0.Add(-time.Hour), LastModified: t0.Add(-30*time.Minute + 250*time.Millisecond),
			Variants: []account.EndpointVariant{{Name: "AllTraffic", CurrentCount: 2, DesiredCount: 2, Weight: 1, Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:1"}},
		}},
		Configs: []account.EndpointConfig{{
			Name: "probe-config", Created: t0.Add(-2 * time.Hour), MetricPublishSeconds: 60,
			Variants: []account.ConfigVariant{{Name: "AllTraffic", ModelName: "probe-model", InstanceType: "ml.c5.xlarge", InitialCount: 2, Weight: 1}},
		}},
	}
}

// testLogs is two streams, 40 events each, with a quiet stretch of two hours
// before the last ten of them and one late event.
func testLogs() account.LogGroup {
	g := account.LogGroup{Name: logGroupName, Class: "STANDARD", Created: t0.Add(-time.Hour)}
	for s, name := range []string{"AllTraffic/i-0aaa", "AllTraffic/i-0bbb"} {
		stream := account.LogStream{Name: name, Created: t0.Add(-time.Hour)}
		for i := range 40 {
			at := t0.Add(-3*time.Hour + time.Duration(i)*2*time.Second + time.Duration(s)*time.Second)
			if i >= 30 {
				at = at.Add(2 * time.Hour)
			}
			message := "INFO request served in 50 ms"
			if i%10 == 3 {
				message = "ERROR worker \"died\"\n\tat predict é"
			}
			stream.Events = append(stream.Events, account.LogEvent{Time: at, Ingested: at.Add(1500 * time.Millisecond), Message: message})
		}
		g.Streams = append(g.Streams, stream)
	}
	return g
}

// fixedClock is a clock that stands at t.
func fixedClock(t time.Time) func() time.Time { return func() time.Time { return t } }

// serve starts a server for an account on loopback.
func serve(t testing.TB, acct *account.Account, o server.Options) (*server.Server, string) {
	t.Helper()
	if o.Now == nil {
		o.Now = fixedClock(now)
	}
	s := server.New(acct, o)
	ts := httptest.NewServer(s)
	t.Cleanup(ts.Close)
	return s, ts.URL
}

// serveHandler starts any handler on loopback.
func serveHandler(t testing.TB, h http.Handler) string {
	t.Helper()
	ts := httptest.NewServer(h)
	t.Cleanup(ts.Close)
	return ts.URL
}

func config(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(url), RetryMaxAttempts: 1,
		HTTPClient:  plainbody.Client{HTTP: awshttp.NewBuildableClient()},
		Credentials: credentials.NewStaticCredentialsProvider("sim", "sim", ""),
	}
}

// metricClients is a CloudWatch client of each protocol.
func metricClients(url string) map[string]*cloudwatch.Client {
	return map[string]*cloudwatch.Client{
		"cbor":  cloudwatch.NewFromConfig(config(url)),
		"json":  cloudwatch.NewFromConfig(config(url), func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) }),
		"query": cloudwatch.NewFromConfig(config(url), func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) }),
	}
}

func metricClient(url string) *cloudwatch.Client { return cloudwatch.NewFromConfig(config(url)) }

func logClient(url string) *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(config(url)) }

func sagemakerClient(url string) *sagemaker.Client { return sagemaker.NewFromConfig(config(url)) }

// ask is a query of one statistic of one of the account's metrics.
func ask(id, namespace, name, stat string, period int32) cwtypes.MetricDataQuery {
	return cwtypes.MetricDataQuery{Id: &id, MetricStat: &cwtypes.MetricStat{
		Metric: &cwtypes.Metric{Namespace: &namespace, MetricName: &name, Dimensions: sdkDims()},
		Period: &period, Stat: &stat,
	}}
}

func sdkDims() []cwtypes.Dimension {
	var out []cwtypes.Dimension
	for _, d := range dims {
		out = append(out, cwtypes.Dimension{Name: aws.String(d.Name), Value: aws.String(d.Value)})
	}
	return out
}

// window is an input for the account's half hour.
func window(queries ...cwtypes.MetricDataQuery) *cloudwatch.GetMetricDataInput {
	return &cloudwatch.GetMetricDataInput{StartTime: aws.Time(t0), EndTime: aws.Time(t0.Add(30 * time.Minute)), MetricDataQueries: queries}
}

// get is a GetMetricData call that must succeed.
func get(t testing.TB, c *cloudwatch.Client, in *cloudwatch.GetMetricDataInput) *cloudwatch.GetMetricDataOutput {
	t.Helper()
	out, err := c.GetMetricData(context.Background(), in)
	if err != nil {
		t.Fatalf("GetMetricData: %v", err)
	}
	return out
}

// points is what a series of pages said of each query, by time.
type points map[string]map[time.Time]float64

// add merges one page and fails on a point that came twice.
func (p points) add(t testing.TB, out *cloudwatch.GetMetricDataOutput) {
	t.Helper()
	for _, r := range out.MetricDataResults {
		if len(r.Timestamps) != len(r.Values) {
			t.Fatalf("%s: %d timestamps, %d values", *r.Id, len(r.Timestamps), len(r.Values))
		}
		if p[*r.Id] == nil {
			p[*r.Id] = map[time.Time]float64{}
		}
		for i, at := range r.Timestamps {
			at = at.UTC() // equal times are equal keys
			if _, twice := p[*r.Id][at]; twice {
				t.Fatalf("%s: point of %s came twice", *r.Id, at)
			}
			p[*r.Id][at] = r.Values[i]
		}
	}
}
