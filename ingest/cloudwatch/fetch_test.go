package cloudwatch

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	minute0 = time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	series  = []Query{
		{Metric: Metric{Namespace: "AWS/SageMaker", Name: "ModelLatency", Dims: []Dim{{"EndpointName", "ep"}, {"VariantName", "A"}}}, Stat: "Average"},
		{Metric: Metric{Namespace: "AWS/SageMaker", Name: "ModelLatency", Dims: []Dim{{"EndpointName", "ep"}, {"VariantName", "A"}}}, Stat: "p99"},
		{Metric: Metric{Namespace: "AWS/SageMaker", Name: "Invocations", Dims: []Dim{{"EndpointName", "ep"}, {"VariantName", "A"}}}, Stat: "Sum"},
	}
	request = MetricRequest{Queries: series, PeriodS: 60, Start: minute0, End: minute0.Add(time.Hour)}
)

// result is one MetricDataResult: points at the given minutes, value = minute.
func result(id, code string, minutes ...int) any {
	stamps, values := []any{}, []any{}
	for _, m := range minutes {
		stamps = append(stamps, minute0.Add(time.Duration(m)*time.Minute))
		values = append(values, float64(m))
	}
	return map[string]any{"Id": id, "StatusCode": code, "Timestamps": stamps, "Values": values}
}

func page(token string, results ...any) reply {
	body := map[string]any{"MetricDataResults": append([]any{}, results...)}
	if token != "" {
		body["NextToken"] = token
	}
	return reply{body: body}
}

// minutes prints what came of each query: its state and the minutes.
func minutes(d MetricData) []string {
	names := map[State]string{Failed: "failed", Complete: "complete", Partial: "partial", Forbidden: "forbidden"}
	var out []string
	for _, r := range d.Results {
		text := names[r.State]
		for _, p := range r.Points {
			text += fmt.Sprintf(" %d=%g", (p.TS-minute0.UnixMicro())/60_000_000, p.Value)
		}
		out = append(out, text)
	}
	return out
}

func TestFetchEndsEveryQueryInAState(t *testing.T) {
	cases := []struct {
		name    string
		answers []reply
		want    []string
		reason  string // of the last query, a part
		err     bool
		calls   int
	}{
		{
			name: "pages are merged by query",
			answers: []reply{
				page("a", result("q0", "PartialData", 0, 1), result("q1", "Complete", 5)),
				page("b"),
				page("", result("q2", "Complete", 7), result("q0", "Complete", 2)),
			},
			want: []string{"complete 0=0 1=1 2=2", "complete 5=5", "complete 7=7"}, calls: 3,
		},
		{
			name:    "nothing there is complete",
			answers: []reply{page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "Complete"))},
			want:    []string{"complete", "complete", "complete"}, calls: 1,
		},
		{
			name:    "what is not mentioned has failed",
			answers: []reply{page("", result("q0", "Complete", 1), result("q1", "Complete"))},
			want:    []string{"complete 1=1", "complete", "failed"}, reason: "does not mention", calls: 1,
		},
		{
			name:    "partial data without a further page stays partial",
			answers: []reply{page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "PartialData", 3))},
			want:    []string{"complete", "complete", "partial 3=3"}, reason: "no further page", calls: 1,
		},
		{
			name:    "forbidden",
			answers: []reply{page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "Forbidden"))},
			want:    []string{"complete", "complete", "forbidden"}, reason: "forbids", calls: 1,
		},
		{
			name: "a message for the whole request leaves nothing certain",
			answers: []reply{{body: map[string]any{
				"Messages":          []any{map[string]any{"Code": "MaxMetricsExceeded", "Value": "Maximum number of allowed metrics exceeded"}},
				"MetricDataResults": []any{result("q0", "Complete", 1), result("q1", "Complete")},
			}}},
			want: []string{"partial 1=1", "failed", "failed"}, reason: "Maximum number", calls: 1,
		},
		{
			name: "internal errors are asked again, alone",
			answers: []reply{
				page("", result("q0", "Complete", 1), result("q1", "Complete", 1), result("q2", "InternalError", 9)),
				page("", result("q2", "Complete", 4)),
			},
			want: []string{"complete 1=1", "complete 1=1", "complete 4=4"}, calls: 2,
		},
		{
			name: "internal errors end",
			answers: []reply{
				page("", result("q0", "Complete"), result("q1", "Complete"), result("q2", "InternalError")),
				page("", result("q2", "InternalError")), page("", result("q2", "InternalError")),
			},
			want: []string{"complete", "complete", "failed"}, reason: "internally", calls: 3,
		},
		{
			name: "a repeated token is followed a few times and then said",
			answers: []reply{
				page("a", result("q0", "Complete", 1)), page("a", result("q1", "PartialData", 2)), page("a", result("q1", "PartialData", 2)),
				page("a", result("q1", "PartialData", 2)), page("a", result("q1", "PartialData", 2)),
			},
			want: []string{"complete 1=1", "partial 2=2", "failed"}, reason: "repeated", err: true, calls: 5,
		},
		{
			name: "what came before an error is kept",
			answers: []reply{
				page("a", result("q0", "Complete", 1), result("q1", "PartialData", 2)),
				{code: "ValidationError", message: "no such token"},
			},
			want: []string{"complete 1=1", "partial 2=2", "failed"}, reason: "no such token", err: true, calls: 2,
		},
		{
			name:    "denied",
			answers: []reply{{code: "AccessDenied", message: "not authorized"}},
			want:    []string{"forbidden", "forbidden", "forbidden"}, reason: "not authorized", err: true, calls: 1,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			client, w := connect(t, fast(), func(_ string, call int, _ map[string]any) reply { return c.answers[call] })
			data, err := client.Fetch(t.Context(), request)
			if (err != nil) != c.err {
				t.Fatalf("error %v, want one: %v", err, c.err)
			}
			if d := cmp.Diff(c.want, minutes(data)); d != "" {
				t.Errorf("states and points (-want +got):\n%s", d)
			}
			if got := data.Results[2].Reason; !strings.Contains(got, c.reason) || (got == "") != (c.reason == "") {
				t.Errorf("reason %q, want %q", got, c.reason)
			}
			if w.calls["GetMetricData"] != c.calls || data.Usage.Calls != int64(c.calls) {
				t.Errorf("%d calls, counted as %d; want %d", w.calls["GetMetricData"], data.Usage.Calls, c.calls)
			}
		})
	}
}

func TestFetchAsksForWhatItSays(t *testing.T) {
	var got map[string]any
	client, _ := connect(t, fast(), func(_ string, _ int, in map[string]any) reply {
		got = in
		return page("")
	})
	if _, err := client.Fetch(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	queries, _ := got["MetricDataQueries"].([]any)
	if len(queries) != 3 || got["ScanBy"] != "TimestampAscending" || got["StartTime"] != request.Start || got["EndTime"] != request.End {
		t.Fatalf("asked %v", got)
	}
	want := map[string]any{"Id": "q1", "MetricStat": map[string]any{
		"Period": 60.0, "Stat": "p99",
		"Metric": map[string]any{"Namespace": "AWS/SageMaker", "MetricName": "ModelLatency", "Dimensions": []any{
			map[string]any{"Name": "EndpointName", "Value": "ep"}, map[string]any{"Name": "VariantName", "Value": "A"},
		}},
	}}
	if d := cmp.Diff(want, queries[1]); d != "" {
		t.Error(d)
	}
}

func TestMetricCostIsARange(t *testing.T) {
	// Six statistics of one metric are two metrics at five to one, and six one
	// by one; the other metric is one either way.
	queries := []Query{series[2]}
	for _, stat := range []string{"Sum", "Average", "Minimum", "Maximum", "p50", "p99"} {
		queries = append(queries, Query{Metric: series[0].Metric, Stat: stat})
	}
	low, high := MetricCost(queries)
	if diff := low - 3*0.00001; diff > 1e-12 || diff < -1e-12 {
		t.Errorf("low %g, want 3 metrics at 0.01 USD per 1,000", low)
	}
	if diff := high - 7*0.00001; diff > 1e-12 || diff < -1e-12 {
		t.Errorf("high %g, want 7 metrics at 0.01 USD per 1,000", high)
	}
}

func TestListFollowsPagesAndSortsDimensions(t *testing.T) {
	metric := func(name string) any {
		return map[string]any{"Namespace": "AWS/SageMaker", "MetricName": name, "Dimensions": []any{
			map[string]any{"Name": "VariantName", "Value": "A"}, map[string]any{"Name": "EndpointName", "Value": "ep"},
		}}
	}
	client, _ := connect(t, fast(), func(_ string, call int, in map[string]any) reply {
		filter := fmt.Sprint(in["Dimensions"])
		if !strings.Contains(filter, "ep") || in["Namespace"] != "AWS/SageMaker" {
			t.Errorf("asked %v", in)
		}
		pages := []reply{
			{body: map[string]any{"Metrics": []any{metric("ModelLatency")}, "NextToken": "a"}},
			{body: map[string]any{"Metrics": []any{}, "NextToken": "b"}},
			{body: map[string]any{"Metrics": []any{metric("Invocations"), metric("ModelLatency")}}},
		}
		return pages[call]
	})
	got, usage, err := client.List(t.Context(), "AWS/SageMaker", []Dim{{"EndpointName", "ep"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Metric{series[2].Metric, series[0].Metric}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if usage.Calls != 3 || usage.CostLow != 0 || usage.CostHigh == 0 {
		t.Errorf("usage %+v, want three calls that may be free", usage)
	}
}

func TestListStopsAtARepeatedToken(t *testing.T) {
	client, w := connect(t, fast(), func(string, int, map[string]any) reply {
		return reply{body: map[string]any{"Metrics": []any{}, "NextToken": "a"}}
	})
	if _, _, err := client.List(t.Context(), "AWS/SageMaker", nil); !errors.Is(err, errRepeated) {
		t.Errorf("error %v, want the repeated token", err)
	}
	if w.calls["ListMetrics"] > 10 {
		t.Errorf("%d calls", w.calls["ListMetrics"])
	}
}
