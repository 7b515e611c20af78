package server_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// FuzzServe puts hostile parameters to every operation: whatever comes, the
// answer is a result or the client's error, never a failure of the server.
func FuzzServe(f *testing.F) {
	targets := []string{
		"GraniteServiceVersion20100801.GetMetricData", "GraniteServiceVersion20100801.GetMetricStatistics", "GraniteServiceVersion20100801.ListMetrics",
		"Logs_20140328.DescribeLogGroups", "Logs_20140328.DescribeLogStreams", "Logs_20140328.FilterLogEvents", "Logs_20140328.GetLogEvents",
		"SageMaker.DescribeEndpoint", "SageMaker.DescribeEndpointConfig", "SageMaker.ListEndpoints", "AWSSecurityTokenServiceV20110615.GetCallerIdentity",
		"Logs_20140328.StartQuery", "Logs_20140328.GetQueryResults", "Logs_20140328.StopQuery", "AWSSecurityTokenServiceV20110615.AssumeRole",
		"ServiceQuotasV20190624.ListServiceQuotas", "ServiceQuotasV20190624.GetServiceQuota", "SageMaker.DescribeTrainingJob", "SageMaker.ListPipelineExecutionSteps",
	}
	metric := `"Namespace":"AWS/SageMaker","MetricName":"ModelLatency","Dimensions":[{"Name":"EndpointName","Value":"probe"},{"Name":"VariantName","Value":"AllTraffic"}]`
	for i, body := range []string{
		`{"StartTime":1795183200,"EndTime":1795185000,"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{` + metric + `},"Period":60,"Stat":"p99"}}],"MaxDatapoints":5}`,
		`{` + metric + `,"StartTime":1795183200,"EndTime":1795185000,"Period":300,"Statistics":["Sum"],"ExtendedStatistics":["p99"]}`,
		`{"Dimensions":[{"Name":"EndpointName"}],"RecentlyActive":"PT3H"}`,
		`{"logGroupNamePrefix":"/aws","limit":1}`,
		`{"logGroupName":"/aws/sagemaker/Endpoints/probe","orderBy":"LastEventTime","descending":true}`,
		`{"logGroupName":"/aws/sagemaker/Endpoints/probe","filterPattern":"?ERROR -\"a b\"","limit":3,"startFromHead":false,"startTime":1795000000000,"endTime":9223372036854775807}`,
		`{"logGroupName":"/aws/sagemaker/Endpoints/probe","logStreamName":"AllTraffic/i-0aaa","nextToken":"b/7","limit":2,"startTime":-9223372036854775808}`,
		`{"EndpointName":"probe"}`, `{"EndpointConfigName":"probe-config"}`, `{"MaxResults":1,"SortBy":"Name"}`, `{}`,
		`{"logGroupNames":["/archive"],"startTime":0,"endTime":1795185000,"queryString":"fields @message | filter @message like /a|b/ and @timestamp > 5 | sort @timestamp desc | limit 7","limit":9}`,
		`{"queryId":"x","maxItems":3}`, `{"queryId":"x"}`, `{"RoleArn":"arn:aws:iam::123456789012:role/x","RoleSessionName":"ab","DurationSeconds":900}`,
		`{"ServiceCode":"logs","MaxResults":2}`, `{"ServiceCode":"logs","QuotaCode":"L-4284EEDE"}`, `{"TrainingJobName":"a"}`, `{"PipelineExecutionArn":"a","MaxResults":1}`,
	} {
		f.Add(i, []byte(body))
	}
	s := server.New(testAccount(), server.Options{Now: fixedClock(now)})
	f.Fuzz(func(t *testing.T, target int, body []byte) {
		name := targets[uint(target)%uint(len(targets))]
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("X-Amz-Target", name)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %s: %d %s", name, body, w.Code, w.Body)
		}
	})
}

func TestUnknownOperations(t *testing.T) {
	s := server.New(testAccount(), server.Options{Now: fixedClock(now)})
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodPost, "/service/GraniteServiceVersion20100801/operation/DeleteAlarms", nil),
		httptest.NewRequest(http.MethodGet, "/?Action=DeleteAlarms&Version=2010-08-01", nil),
		httptest.NewRequest(http.MethodGet, "/favicon.ico", nil),
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: %d %s", r.URL, w.Code, w.Body)
		}
	}
}

// BenchmarkGetMetricData pulls 25 series, nine statistics each, over an hour of
// 400,000 raw values, through the SDK, from a server that has computed nothing yet.
func BenchmarkGetMetricData(b *testing.B) {
	acct, queries := benchAccount(400_000)
	in := window(queries...)
	end := t0.Add(time.Hour)
	in.EndTime = &end
	b.ReportAllocs()
	for b.Loop() {
		_, url := serve(b, acct, server.Options{Now: fixedClock(end.Add(time.Minute))})
		c := metricClient(url)
		for n := range (len(queries) + 499) / 500 {
			in.MetricDataQueries = queries[n*500 : min((n+1)*500, len(queries))]
			if _, err := c.GetMetricData(context.Background(), in); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkGetMetricDataDense is the same with 10 million raw values.
func BenchmarkGetMetricDataDense(b *testing.B) {
	acct, queries := benchAccount(10_000_000)
	in := window(queries...)
	end := t0.Add(time.Hour)
	in.EndTime = &end
	for b.Loop() {
		_, url := serve(b, acct, server.Options{Now: fixedClock(end.Add(time.Minute))})
		if _, err := metricClient(url).GetMetricData(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// benchAccount is 25 series that hold so many values together in an hour, and
// nine queries of each.
func benchAccount(values int) (*account.Account, []cwtypes.MetricDataQuery) {
	rng := rand.New(rand.NewPCG(3, 4))
	acct := testAccount()
	acct.Metrics = nil
	var queries []cwtypes.MetricDataQuery
	for s := range 25 {
		one := account.Series{Namespace: "Bench", Name: fmt.Sprint("M", s), Dims: dims, Unit: "Microseconds", Resolution: time.Minute}
		for m := range 60 {
			p := account.Point{Time: t0.Add(time.Duration(m) * time.Minute), Values: make([]float32, values/25/60)}
			for i := range p.Values {
				p.Values[i] = float32(rng.ExpFloat64())
			}
			one.Points = append(one.Points, p)
		}
		acct.Metrics = append(acct.Metrics, one)
		for i, stat := range []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"} {
			queries = append(queries, ask(fmt.Sprintf("q%d_%d", s, i), "Bench", one.Name, stat, 60))
		}
	}
	return acct, queries
}
