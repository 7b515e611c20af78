package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"pgregory.net/rapid"

	"sizewise/ingest/simaws/server"
)

// TestFaultsByContent: faults that name what they are for spare the rest.
func TestFaultsByContent(t *testing.T) {
	deny := func(f server.Fault) server.Fault {
		f.Action, f.Times = server.Deny, -1
		return f
	}
	_, url := serve(t, testAccount(), server.Options{Faults: []server.Fault{
		deny(server.Fault{Group: logGroupName, Stream: "AllTraffic/i-0bbb"}),
		deny(server.Fault{Resource: "probe-config"}),
		deny(server.Fault{Operation: "GetMetricData", Metric: "ModelLatency"}),
		{Action: server.ForbidQuery, Metric: "CPUUtilization", Namespace: instanceSpace, Times: -1},
	}})
	logs, sm := logClient(url), sagemakerClient(url)
	stream := func(prefix string) error {
		_, err := logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName), LogStreamNamePrefix: &prefix})
		return err
	}
	_, config := sm.DescribeEndpointConfig(t.Context(), &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: aws.String("probe-config")})
	_, endpoint := sm.DescribeEndpoint(t.Context(), &sagemaker.DescribeEndpointInput{EndpointName: aws.String("probe")})
	_, latency := metricClient(url).GetMetricData(t.Context(), window(ask("a", invocationSpace, "ModelLatency", "p50", 60)))
	for name, got := range map[string]struct {
		err    error
		denied bool
	}{
		"named stream": {stream("AllTraffic/i-0bbb"), true}, "other stream": {stream("AllTraffic/i-0aaa"), false},
		"named resource": {config, true}, "other resource": {endpoint, false}, "named metric": {latency, true},
	} {
		if (got.err != nil) != got.denied {
			t.Errorf("%s: %v", name, got.err)
		}
	}
	out := get(t, metricClient(url), window(ask("a", instanceSpace, "CPUUtilization", "Average", 60), ask("b", invocationSpace, "Invocations", "Sum", 60)))
	if out.MetricDataResults[0].StatusCode != "Forbidden" || out.MetricDataResults[1].StatusCode != "Complete" {
		t.Errorf("%s and %s", out.MetricDataResults[0].StatusCode, out.MetricDataResults[1].StatusCode)
	}
}

// TestFaultsInTime: an outage by the server's clock, and a throttle that lasts
// by the wall's.
func TestFaultsInTime(t *testing.T) {
	clock, wall := now, now
	s, url := serve(t, testAccount(), server.Options{Now: func() time.Time { return clock }, Wall: func() time.Time { return wall }})
	ok := func() bool {
		_, err := metricClient(url).ListMetrics(t.Context(), nil)
		return err == nil
	}
	s.Inject(server.Outage("ListMetrics", now.Add(time.Minute), now.Add(2*time.Minute)))
	for after, want := range map[time.Duration]bool{0: true, time.Minute: false, 119 * time.Second: false, 2 * time.Minute: true} {
		if clock = now.Add(after); ok() != want {
			t.Errorf("%s into it: answered %t", after, !want)
		}
	}
	clock = now.Add(2 * time.Minute)
	s.Inject(server.Fault{Action: server.Throttle, For: 3 * time.Second, After: 1})
	if !ok() || ok() || ok() {
		t.Error("the throttle does not last, or came too early")
	}
	if wall = wall.Add(3 * time.Second); !ok() {
		t.Error("the throttle outlasts its time")
	}
}

// TestEventsTwice: the same event twice on a page, and pages that overlap.
func TestEventsTwice(t *testing.T) {
	for action, want := range map[server.Action]int{server.RepeatEvents: 120, server.OverlapPage: 100} {
		_, url := serve(t, testAccount(), server.Options{LogPageEvents: 30, LogGap: 24 * time.Hour, Faults: []server.Fault{{Action: action, Times: -1}}})
		events := pull(t, logClient(url), 1)
		ids := map[string]int{}
		for _, e := range events {
			ids[*e.EventId]++
		}
		if len(events) != want || len(ids) != 80 {
			t.Errorf("%s: %d events with %d ids, want %d with 80", action, len(events), len(ids), want)
		}
	}
}

// TestStreamLag: the time of a stream's last event is late.
func TestStreamLag(t *testing.T) {
	at := t0.Add(-50 * time.Minute)
	for lag, want := range map[time.Duration]time.Time{
		-1:            t0.Add(-3*time.Hour + 2*time.Hour + 78*time.Second),
		2 * time.Hour: t0.Add(-3*time.Hour + 58*time.Second),
	} {
		_, url := serve(t, testAccount(), server.Options{Now: fixedClock(at), StreamLag: lag})
		out, err := logClient(url).DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(logGroupName)})
		if err != nil {
			t.Fatal(err)
		}
		if got := time.UnixMilli(*out.LogStreams[0].LastEventTimestamp).UTC(); !got.Equal(want) {
			t.Errorf("lag %s: last event at %s, want %s", lag, got, want)
		}
	}
}

// pull reads the group's events page by page, trying each call so many times.
func pull(t interface {
	Helper()
	Fatalf(string, ...any)
}, c *cloudwatchlogs.Client, attempts int,
) (events []logtypes.FilteredLogEvent) {
	t.Helper()
	in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName), StartTime: aws.Int64(t0.Add(-4 * time.Hour).UnixMilli())}
	for range 200 {
		var out *cloudwatchlogs.FilterLogEventsOutput
		err := errors.New("not tried")
		for try := 0; try < attempts && err != nil; try++ {
			out, err = c.FilterLogEvents(context.Background(), in)
		}
		if err != nil {
			t.Fatalf("after %d attempts: %v", attempts, err)
		}
		events = append(events, out.Events...)
		if out.NextToken == nil {
			return events
		}
		in.NextToken = out.NextToken
	}
	t.Fatalf("no end after 200 pages")
	return nil
}

// TestChaos: a client that tries once more than the burst and drops what it has
// seen gets every event, whatever the seed.
func TestChaos(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		s := server.New(testAccount(), server.Options{Now: fixedClock(now), LogPageEvents: 20, Chaos: server.StandardChaos(seed, 0.05)})
		ts := httptest.NewServer(s)
		defer ts.Close()
		ids := map[string]bool{}
		for _, e := range pull(rt, logClient(ts.URL), 3) {
			ids[*e.EventId] = true
		}
		if len(ids) != 80 {
			rt.Fatalf("%d events, want 80", len(ids))
		}
	})
}

// TestChaosRepeats: the same seed strikes the same calls, at most a burst in a
// row, about as often as it should.
func TestChaosRepeats(t *testing.T) {
	strikes := func(seed uint64) string {
		_, url := serve(t, testAccount(), server.Options{Chaos: &server.Chaos{
			Seed: seed, Kinds: []server.ChaosKind{{Fault: server.Fault{Action: server.Throttle}, Probability: 0.4}},
		}})
		var b strings.Builder
		for range 100 {
			if _, err := metricClient(url).ListMetrics(t.Context(), nil); err != nil {
				b.WriteByte('x')
			} else {
				b.WriteByte('.')
			}
		}
		return b.String()
	}
	first := strikes(1)
	if first != strikes(1) || first == strikes(2) {
		t.Error("strikes do not depend on the seed alone")
	}
	if n := strings.Count(first, "x"); n < 20 || n > 45 || strings.Contains(first, "xxx") {
		t.Errorf("%d strikes: %s", n, first)
	}
}

func TestReplay(t *testing.T) {
	s := server.New(testAccount(), server.Options{Now: fixedClock(now)})
	h := s.Replay()
	url := serveHandler(t, h)
	in := window(ask("a", invocationSpace, "Invocations", "Sum", 60))
	first := fmt.Sprint(get(t, metricClient(url), in).MetricDataResults[0].Values)
	s.Inject(server.Fault{Action: server.Fail, Status: http.StatusBadGateway, Times: -1})
	if again := fmt.Sprint(get(t, metricClient(url), in).MetricDataResults[0].Values); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	if n := s.Calls("GetMetricData"); n != 2 {
		t.Errorf("%d calls counted, want 2", n)
	}
	if _, err := metricClient(url).ListMetrics(t.Context(), nil); err == nil {
		t.Error("what was not asked before was answered from memory")
	}
}
