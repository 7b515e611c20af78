package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"sizewise/ingest/simaws/server"
)

func TestThrottleInEveryProtocol(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{})
	for name, c := range metricClients(url) {
		s.Inject(server.Fault{Action: server.Throttle, Operation: "GetMetricData"})
		_, err := c.GetMetricData(context.Background(), window(ask("a", invocationSpace, "Invocations", "Sum", 60)))
		if e := apiError(t, err); e.ErrorMessage() != "Rate exceeded" || (e.ErrorCode() != "Throttling" && e.ErrorCode() != "ThrottlingException") {
			t.Errorf("%s: %v", name, err)
		}
		get(t, c, window(ask("a", invocationSpace, "Invocations", "Sum", 60)))
	}
	s.Inject(server.Fault{Action: server.Throttle})
	_, err := logClient(url).DescribeLogGroups(context.Background(), nil)
	if e := apiError(t, err); e.ErrorCode() != "ThrottlingException" {
		t.Errorf("logs: %v", err)
	}
}

func TestSDKSurvivesThrottling(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: server.Throttle, Times: 2}}})
	k := config(url)
	k.RetryMaxAttempts = 3
	c := cloudwatch.NewFromConfig(k, func(o *cloudwatch.Options) {
		o.Retryer = noWait{o.Retryer}
	})
	get(t, c, window(ask("a", invocationSpace, "Invocations", "Sum", 60)))
	if n := s.Calls("GetMetricData"); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

// noWait is a retryer that does not wait.
type noWait struct{ aws.Retryer }

func (noWait) RetryDelay(int, error) (time.Duration, error) { return 0, nil }

func TestConnectionFaults(t *testing.T) {
	for _, action := range []server.Action{server.Drop, server.DropBody} {
		s, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: action}}})
		in := window(ask("a", invocationSpace, "ModelLatency", "p99", 60))
		_, err := metricClient(url).GetMetricData(context.Background(), in)
		var api smithy.APIError
		if err == nil || errors.As(err, &api) {
			t.Errorf("%s: %v, want a broken connection", action, err)
		}
		if action == server.DropBody && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v, want an unexpected end", action, err)
		}
		get(t, metricClient(url), in)
		if s.Calls("GetMetricData") != 2 {
			t.Errorf("%s: %d calls", action, s.Calls("GetMetricData"))
		}
	}
}

func TestDelayFault(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: server.Delay, Delay: time.Hour}}})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := metricClient(url).ListMetrics(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("delayed call: %v", err)
	}
}

func TestServerErrors(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{})
	for _, f := range []server.Fault{
		{Action: server.Fail},
		{Action: server.Fail, Status: http.StatusServiceUnavailable},
		{Action: server.FailPage},
		{Action: server.FailPage, Status: http.StatusBadGateway},
	} {
		want := f.Status
		if want == 0 {
			want = map[server.Action]int{server.Fail: 500, server.FailPage: 503}[f.Action]
		}
		for name, c := range metricClients(url) {
			s.Inject(f)
			_, err := c.ListMetrics(context.Background(), nil)
			var response *smithyhttp.ResponseError
			if !errors.As(err, &response) || response.HTTPStatusCode() != want {
				t.Errorf("%s %d in %s: %v", f.Action, f.Status, name, err)
			}
		}
	}
}

func TestAccessDenied(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: server.Deny, Times: -1}}})
	_, metricErr := metricClient(url).ListMetrics(context.Background(), nil)
	_, logErr := logClient(url).DescribeLogGroups(context.Background(), nil)
	_, endpointErr := sagemakerClient(url).DescribeEndpoint(context.Background(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("probe")})
	for _, tt := range []struct {
		err        error
		code, verb string
	}{
		{metricErr, "AccessDenied", "cloudwatch:ListMetrics"},
		{logErr, "AccessDeniedException", "logs:DescribeLogGroups"},
		{endpointErr, "AccessDeniedException", "sagemaker:DescribeEndpoint"},
	} {
		if e := apiError(t, tt.err); e.ErrorCode() != tt.code || !strings.Contains(e.ErrorMessage(), tt.verb) {
			t.Errorf("%s: %v", tt.verb, tt.err)
		}
	}
}

func TestPartialData(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: server.Partial}}})
	c := metricClient(url)
	in := window(ask("a", invocationSpace, "Invocations", "Sum", 60), ask("b", invocationSpace, "ModelLatency", "p90", 60))
	out := get(t, c, in)
	all := points{}
	all.add(t, out)
	if out.NextToken == nil || out.MetricDataResults[0].StatusCode != cwtypes.StatusCodePartialData || len(all["a"])+len(all["b"]) != 29 {
		t.Fatalf("first page: token %v, %s, %d points", out.NextToken != nil, out.MetricDataResults[0].StatusCode, len(all["a"])+len(all["b"]))
	}
	in.NextToken = out.NextToken
	out = get(t, c, in)
	all.add(t, out)
	if out.NextToken != nil || len(all["a"]) != 29 || len(all["b"]) != 29 {
		t.Errorf("%d and %d points after the second page", len(all["a"]), len(all["b"]))
	}
}

func TestQueryFaults(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{})
	c := metricClient(url)
	in := window(ask("a", invocationSpace, "Invocations", "Sum", 60), ask("b", invocationSpace, "ModelLatency", "p90", 60))
	for action, want := range map[server.Action]cwtypes.StatusCode{server.FailQuery: cwtypes.StatusCodeInternalError, server.ForbidQuery: cwtypes.StatusCodeForbidden} {
		s.Inject(server.Fault{Action: action, ID: "b"})
		get(t, c, window(ask("a", invocationSpace, "Invocations", "Sum", 60))) // not for this one
		out := get(t, c, in)
		a, b := out.MetricDataResults[0], out.MetricDataResults[1]
		if a.StatusCode != cwtypes.StatusCodeComplete || len(a.Values) != 29 || b.StatusCode != want || len(b.Values) != 0 {
			t.Errorf("%s: a %s with %d, b %s with %d points", action, a.StatusCode, len(a.Values), b.StatusCode, len(b.Values))
		}
		if again := get(t, c, in).MetricDataResults[1]; again.StatusCode != cwtypes.StatusCodeComplete {
			t.Errorf("%s fell twice", action)
		}
	}
	s.Inject(server.Fault{Action: server.Message, ID: "b"})
	out := get(t, c, in)
	if len(out.Messages) != 1 || len(out.MetricDataResults) != 1 || !strings.Contains(*out.Messages[0].Value, "Maximum number") {
		t.Errorf("message: %+v, %d results", out.Messages, len(out.MetricDataResults))
	}
}

func TestPagingFaults(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{LogPageEvents: 30})
	c := logClient(url)
	in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)}
	s.Inject(server.Fault{Action: server.EmptyPage, After: 1, Times: 3})
	s.Inject(server.Fault{Action: server.RepeatToken, After: 4, Times: 2})
	var tokens []string
	n := 0
	for {
		out, err := c.FilterLogEvents(context.Background(), &in)
		if err != nil {
			t.Fatal(err)
		}
		n += len(out.Events)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
		tokens = append(tokens, *in.NextToken)
	}
	repeats := 0
	for i := 1; i < len(tokens); i++ {
		if tokens[i] == tokens[i-1] {
			repeats++
		}
	}
	if n != 80 || repeats != 2 {
		t.Errorf("%d events with %d repeated tokens, want 80 and 2", n, repeats)
	}

	s.Inject(server.Fault{Action: server.ExpireToken})
	in.NextToken = nil
	out, err := c.FilterLogEvents(context.Background(), &in) // without a token: spared
	if err != nil {
		t.Fatal(err)
	}
	in.NextToken = out.NextToken
	_, err = c.FilterLogEvents(context.Background(), &in)
	var invalid *logtypes.InvalidParameterException
	if !errors.As(err, &invalid) {
		t.Errorf("expired token: %v", err)
	}
}

func TestHideEvents(t *testing.T) {
	s, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{{Action: server.HideEvents, Times: -1, Every: 4}}})
	in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)}
	if events, _, _ := filterAll(t, logClient(url), in); len(events) != 60 {
		t.Errorf("%d events while every fourth is late, want 60", len(events))
	}
	s.ClearFaults()
	if events, _, _ := filterAll(t, logClient(url), in); len(events) != 80 {
		t.Errorf("%d events afterwards, want 80", len(events))
	}
}

func TestQuotas(t *testing.T) {
	clock := now
	quotas := server.DefaultQuotas()
	quotas.OlderDatapoints = 100
	_, url := serve(t, testAccount(), server.Options{Now: func() time.Time { return clock }, Quotas: quotas})
	passed := 0
	for range 30 {
		if _, err := metricClient(url).ListMetrics(context.Background(), nil); err == nil {
			passed++
		}
	}
	if passed != 25 {
		t.Errorf("%d of 30 calls in an instant passed, want 25", passed)
	}
	clock = clock.Add(time.Second)
	if _, err := metricClient(url).ListMetrics(context.Background(), nil); err != nil {
		t.Errorf("a second later: %v", err)
	}
	old := window(ask("a", invocationSpace, "Invocations", "Sum", 60))
	old.StartTime = aws.Time(now.Add(-24 * time.Hour))
	get(t, metricClient(url), old)
	_, err := metricClient(url).GetMetricData(context.Background(), old)
	if e := apiError(t, err); e.ErrorCode() != "Throttling" {
		t.Errorf("second call of a full bucket of points: %v", err)
	}
}
