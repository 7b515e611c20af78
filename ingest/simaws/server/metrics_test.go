package server_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sizewise/ingest/simaws/server"
)

// equal compares SDK outputs but for what the transport adds.
func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	transport := []string{".ResultMetadata", ".noSmithyDocumentSerde"}
	ignore := cmp.FilterPath(func(p cmp.Path) bool { return slices.Contains(transport, p.Last().String()) }, cmp.Ignore())
	if d := cmp.Diff(want, got, ignore, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestProtocolsAgree(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	ctx := context.Background()
	clients := metricClients(url)
	data := window(ask("lat", invocationSpace, "ModelLatency", "p99.9", 60), ask("inv", invocationSpace, "Invocations", "Sum", 300), ask("none", invocationSpace, "NoSuch", "Sum", 60))
	data.MaxDatapoints = aws.Int32(11)
	statistics := &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String(invocationSpace), MetricName: aws.String("ModelLatency"), Dimensions: sdkDims(),
		StartTime: aws.Time(t0), EndTime: aws.Time(t0.Add(30 * time.Minute)), Period: aws.Int32(300),
		Statistics: []cwtypes.Statistic{"Sum", "Maximum"}, ExtendedStatistics: []string{"p50", "p99"},
	}
	list := &cloudwatch.ListMetricsInput{Dimensions: []cwtypes.DimensionFilter{{Name: aws.String("EndpointName")}}}
	bad := window(ask("Bad", invocationSpace, "ModelLatency", "Sum", 60))

	for name, c := range clients {
		if name == "cbor" {
			continue
		}
		equal(t, name+" GetMetricData", get(t, c, data), get(t, clients["cbor"], data))
		got, err := c.GetMetricStatistics(ctx, statistics)
		want, wantErr := clients["cbor"].GetMetricStatistics(ctx, statistics)
		if err != nil || wantErr != nil {
			t.Fatalf("%s: GetMetricStatistics: %v, %v", name, err, wantErr)
		}
		if len(want.Datapoints) != 6 || len(want.Datapoints[0].ExtendedStatistics) != 2 {
			t.Fatalf("cbor: GetMetricStatistics: %d points", len(want.Datapoints))
		}
		equal(t, name+" GetMetricStatistics", got, want)
		gotList, err := c.ListMetrics(ctx, list)
		wantList, wantErr := clients["cbor"].ListMetrics(ctx, list)
		if err != nil || wantErr != nil || len(wantList.Metrics) != 4 {
			t.Fatalf("%s: ListMetrics: %v, %v, %d", name, err, wantErr, len(wantList.Metrics))
		}
		equal(t, name+" ListMetrics", gotList, wantList)
		_, err = c.GetMetricData(ctx, bad)
		_, wantErr = clients["cbor"].GetMetricData(ctx, bad)
		var typed *cwtypes.ValidationException
		if a, b := apiError(t, err), apiError(t, wantErr); a.ErrorMessage() != b.ErrorMessage() || b.ErrorCode() != "ValidationError" || !errors.As(err, &typed) {
			t.Errorf("%s: error %v, cbor: %v", name, a, b)
		}
	}
}

func apiError(t testing.TB, err error) smithy.APIError {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) {
		t.Fatalf("not an API error: %v", err)
	}
	return e
}

func TestGetMetricDataValidation(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := metricClient(url)
	many := make([]cwtypes.MetricDataQuery, 501)
	for i := range many {
		many[i] = ask(fmt.Sprintf("q%d", i), invocationSpace, "Invocations", "Sum", 60)
	}
	both := ask("a", invocationSpace, "Invocations", "Sum", 60)
	both.Expression = aws.String("a*2")
	expression := cwtypes.MetricDataQuery{Id: aws.String("e"), Expression: aws.String("a*2")}
	backwards := window(ask("a", invocationSpace, "Invocations", "Sum", 60))
	backwards.StartTime, backwards.EndTime = backwards.EndTime, backwards.StartTime
	tooMany := window(ask("a", invocationSpace, "Invocations", "Sum", 60))
	tooMany.MaxDatapoints = aws.Int32(100_801)
	for name, in := range map[string]*cloudwatch.GetMetricDataInput{
		"501 queries":      window(many...),
		"id":               window(ask("0a", invocationSpace, "Invocations", "Sum", 60)),
		"duplicate id":     window(ask("a", invocationSpace, "Invocations", "Sum", 60), ask("a", invocationSpace, "Invocations", "Average", 60)),
		"period 45":        window(ask("a", invocationSpace, "Invocations", "Sum", 45)),
		"period 90":        window(ask("a", invocationSpace, "Invocations", "Sum", 90)),
		"period 0":         window(ask("a", invocationSpace, "Invocations", "Sum", 0)),
		"statistic":        window(ask("a", invocationSpace, "Invocations", "Median", 60)),
		"p101":             window(ask("a", invocationSpace, "Invocations", "p101", 60)),
		"both":             window(both),
		"expression":       window(expression),
		"end before start": backwards,
		"max datapoints":   tooMany,
	} {
		_, err := c.GetMetricData(context.Background(), in)
		if e := apiError(t, err); e.ErrorCode() != "ValidationError" || e.ErrorFault() != smithy.FaultClient {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out := get(t, c, window(many[:500]...)); len(out.MetricDataResults) != 500 {
		t.Errorf("500 queries: %d results", len(out.MetricDataResults))
	}
}

func TestGetMetricDataPages(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := metricClient(url)
	queries := []cwtypes.MetricDataQuery{
		ask("p99", invocationSpace, "ModelLatency", "p99", 60), ask("sum", invocationSpace, "Invocations", "Sum", 60),
		ask("five", invocationSpace, "Invocations", "Sum", 300), ask("none", invocationSpace, "Nothing", "Sum", 60),
	}
	whole := points{}
	whole.add(t, get(t, c, window(queries...)))
	if len(whole["p99"]) != 29 || len(whole["five"]) != 6 || len(whole["none"]) != 0 {
		t.Fatalf("whole answer: %d, %d, %d points", len(whole["p99"]), len(whole["five"]), len(whole["none"]))
	}
	rapid.Check(t, func(t *rapid.T) {
		in := window(queries...)
		in.MaxDatapoints = aws.Int32(rapid.Int32Range(1, 70).Draw(t, "max"))
		in.ScanBy = rapid.SampledFrom([]cwtypes.ScanBy{"", cwtypes.ScanByTimestampAscending, cwtypes.ScanByTimestampDescending}).Draw(t, "scan")
		all, complete := points{}, map[string]bool{}
		last := map[string]time.Time{}
		for {
			out, err := c.GetMetricData(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, r := range out.MetricDataResults {
				n += len(r.Values)
				if complete[*r.Id] {
					t.Fatalf("%s came again after it was complete", *r.Id)
				}
				complete[*r.Id] = r.StatusCode == cwtypes.StatusCodeComplete
				for _, at := range r.Timestamps {
					at = at.UTC()
					prev, seen := last[*r.Id]
					if seen && prev.Before(at) != (in.ScanBy == cwtypes.ScanByTimestampAscending) {
						t.Fatalf("%s: %s after %s", *r.Id, at, prev)
					}
					last[*r.Id] = at
					if all[*r.Id] == nil {
						all[*r.Id] = map[time.Time]float64{}
					}
					if _, twice := all[*r.Id][at]; twice {
						t.Fatalf("%s: %s twice", *r.Id, at)
					}
				}
				for i, at := range r.Timestamps {
					all[*r.Id][at.UTC()] = r.Values[i]
				}
			}
			if n > int(*in.MaxDatapoints) {
				t.Fatalf("page of %d points, want at most %d", n, *in.MaxDatapoints)
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				break
			}
		}
		for id, want := range whole {
			if !complete[id] {
				t.Fatalf("%s never became complete", id)
			}
			if d := cmp.Diff(want, all[id], cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("%s: union of pages differs (-whole +pages):\n%s", id, d)
			}
		}
	})
}

func TestStatisticsOfRawValues(t *testing.T) {
	acct := testAccount()
	_, url := serve(t, acct, server.Options{})
	c := metricClient(url)
	var raw []float64
	for _, p := range acct.Metrics[0].Points[:5] {
		for _, v := range p.Values {
			raw = append(raw, float64(v))
		}
	}
	slices.Sort(raw)
	at := func(p float64) float64 { // the definition, written down once more
		h := float64(len(raw)-1) * p / 100
		i := int(h)
		if i == len(raw)-1 {
			return raw[i]
		}
		return raw[i]*(1-(h-float64(i))) + raw[i+1]*(h-float64(i))
	}
	sum := 0.0
	for _, v := range raw {
		sum += v
	}
	want := map[string]float64{
		"SampleCount": float64(len(raw)), "Sum": sum, "Average": sum / float64(len(raw)), "Minimum": raw[0], "Maximum": raw[len(raw)-1],
		"p0": raw[0], "p50": at(50), "p90": at(90), "p99": at(99), "p99.9": at(99.9), "p100": raw[len(raw)-1],
	}
	var queries []cwtypes.MetricDataQuery
	for stat := range want {
		queries = append(queries, ask("x"+strings.ToLower(strings.ReplaceAll(stat, ".", "_")), invocationSpace, "ModelLatency", stat, 300))
	}
	in := window(queries...)
	in.EndTime = aws.Time(t0.Add(5 * time.Minute))
	got := points{}
	got.add(t, get(t, c, in))
	for stat, w := range want {
		g := got["x"+strings.ToLower(strings.ReplaceAll(stat, ".", "_"))][t0]
		if math.Abs(g-w) > 1e-9*math.Abs(w) {
			t.Errorf("%s = %v, want %v", stat, g, w)
		}
	}
}

func TestGetMetricDataOddities(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := metricClient(url)
	wrongUnit := ask("unit", invocationSpace, "ModelLatency", "Sum", 60)
	wrongUnit.MetricStat.Unit = cwtypes.StandardUnitSeconds
	rightUnit := ask("right", invocationSpace, "ModelLatency", "Sum", 60)
	rightUnit.MetricStat.Unit = cwtypes.StandardUnitMicroseconds
	fewer := ask("fewer", invocationSpace, "ModelLatency", "Sum", 60)
	fewer.MetricStat.Metric.Dimensions = fewer.MetricStat.Metric.Dimensions[:1]
	swapped := ask("swapped", invocationSpace, "ModelLatency", "Sum", 60)
	slices.Reverse(swapped.MetricStat.Metric.Dimensions)
	negative := ask("negative", "Custom", "Drift", "p50", 60)
	negative.MetricStat.Metric.Dimensions = nil
	labelled := ask("labelled", invocationSpace, "ModelLatency", "Sum", 60)
	labelled.Label = aws.String("mine")
	hidden := ask("hidden", invocationSpace, "ModelLatency", "Sum", 60)
	hidden.ReturnData = aws.Bool(false)
	out := get(t, c, window(wrongUnit, rightUnit, fewer, swapped, negative, labelled, hidden))
	want := map[string]int{"unit": 0, "right": 29, "fewer": 0, "swapped": 29, "negative": 0, "labelled": 29}
	if len(out.MetricDataResults) != len(want) {
		t.Errorf("%d results, want %d", len(out.MetricDataResults), len(want))
	}
	for _, r := range out.MetricDataResults {
		if len(r.Values) != want[*r.Id] || r.StatusCode != cwtypes.StatusCodeComplete {
			t.Errorf("%s: %s with %d points, want %d", *r.Id, r.StatusCode, len(r.Values), want[*r.Id])
		}
		switch *r.Id {
		case "labelled":
			if *r.Label != "mine" {
				t.Errorf("label %q", *r.Label)
			}
		case "right":
			if *r.Label != "ModelLatency Sum" { // two statistics in the call
				t.Errorf("label %q", *r.Label)
			}
			if !r.Timestamps[0].After(r.Timestamps[1]) {
				t.Error("default order is not newest first")
			}
		}
	}
}

func TestUnpublishedPointsAreNotThere(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{Now: fixedClock(t0.Add(5*time.Minute + 30*time.Second))})
	r := get(t, metricClient(url), window(ask("a", invocationSpace, "Invocations", "Sum", 60))).MetricDataResults[0]
	if len(r.Values) != 5 {
		t.Errorf("%d points half-way through the sixth minute, want 5", len(r.Values))
	}
}

func TestTokenIsOfItsRequest(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	in := window(ask("a", invocationSpace, "Invocations", "Sum", 60))
	in.MaxDatapoints = aws.Int32(3)
	out := get(t, metricClient(url), in)
	for name, token := range map[string]string{"garbled": *out.NextToken + "x", "foreign": "abc", "changed request": *out.NextToken} {
		again := *in
		again.NextToken = aws.String(token)
		if name == "changed request" {
			again.EndTime = aws.Time(t0.Add(29 * time.Minute))
		}
		_, err := metricClient(url).GetMetricData(context.Background(), &again)
		if e := apiError(t, err); e.ErrorCode() != "InvalidNextToken" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
