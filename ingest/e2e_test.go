package ingest_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// begin is when the simulated load test of the e2e tests begins; it lasts an
// hour and is pulled three hours later.
var (
	begin = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	later = begin.Add(4 * time.Hour)
)

// simulated is an account with one endpoint, written by hand so that the tests
// do not depend on the workload simulator.
func simulated() *account.Account {
	dims := []account.Dim{{Name: "EndpointName", Value: "ep"}, {Name: "VariantName", Value: "A"}}
	group := account.LogGroup{Name: "/aws/sagemaker/Endpoints/ep", Class: "STANDARD", Created: begin, Streams: []account.LogStream{{Name: "A/i-1", Created: begin}}}
	series := []account.Series{
		{Namespace: "AWS/SageMaker", Name: "Invocations", Dims: dims, Unit: "None", Resolution: time.Minute},
		{Namespace: "AWS/SageMaker", Name: "ModelLatency", Dims: dims, Unit: "Microseconds", Resolution: time.Minute},
		{Namespace: "/aws/sagemaker/Endpoints", Name: "CPUUtilization", Dims: dims, Unit: "Percent", Resolution: time.Minute},
	}
	for m := range 60 {
		at := begin.Add(time.Duration(m) * time.Minute)
		for i := range series {
			values := make([]float32, 10+m)
			for k := range values {
				values[k] = float32((i+1)*100 + k)
			}
			series[i].Points = append(series[i].Points, account.Point{Time: at, Values: values})
		}
		for k := range 5 {
			when := at.Add(time.Duration(k) * time.Second)
			group.Streams[0].Events = append(group.Streams[0].Events, account.LogEvent{
				Time: when, Ingested: when.Add(time.Second), Message: fmt.Sprintf("[ERROR] request %d failed after %d ms", m, k),
			})
		}
	}
	return &account.Account{
		ID: "123456789012", Region: "eu-west-1", Metrics: series, LogGroups: []account.LogGroup{group},
		Endpoints: []account.Endpoint{{
			Name: "ep", ConfigName: "ep-config", Status: "InService", Created: begin, LastModified: begin,
			Variants: []account.EndpointVariant{{Name: "A", CurrentCount: 2, DesiredCount: 2, Weight: 1}},
		}},
		Configs: []account.EndpointConfig{{
			Name: "ep-config", Created: begin,
			Variants: []account.ConfigVariant{{Name: "A", ModelName: "m", InstanceType: "ml.m5.xlarge", InitialCount: 2, Weight: 1}},
		}},
	}
}

// rig is a loopback AWS, a client of it and a lake.
type rig struct {
	aws     *server.Server
	options ingest.Options
	dir     string
	url     string
}

func newRig(t *testing.T, so server.Options) *rig {
	t.Helper()
	so.Now = func() time.Time { return later }
	r := &rig{aws: server.New(simulated(), so), dir: t.TempDir()}
	ts := httptest.NewServer(r.aws)
	t.Cleanup(ts.Close)
	client, err := cloudwatch.New(t.Context(), cloudwatch.Options{
		Region: "eu-west-1", EndpointURL: ts.URL, MaxBackoff: time.Millisecond,
		Keys:   cloudwatch.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"},
		Limits: unlimited(),
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lake.Create(t.Context(), lake.Options{Dir: r.dir, Now: so.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	r.options = ingest.Options{
		Subjects: []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}},
		Start:    begin.Add(-30 * time.Minute), End: begin.Add(90 * time.Minute),
		Metrics: client, Logs: client, Describe: client, Lake: l, Region: client.Region(),
		Now: so.Now,
	}
	return r
}

// files are the lake's data files by path. The clock stands still, so equal
// rows are equal bytes.
func (r *rig) files(t *testing.T, datasets ...string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for _, d := range datasets {
		paths, err := filepath.Glob(filepath.Join(r.dir, d, "*", "*.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			out[strings.TrimPrefix(p, r.dir)] = string(data)
		}
	}
	return out
}

// same compares without printing Parquet.
func same(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	if w, g := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)); !slices.Equal(w, g) {
		t.Errorf("%s: files %v, want %v", what, g, w)
	}
	for path := range want {
		if want[path] != got[path] {
			t.Errorf("%s: %s differs", what, path)
		}
	}
}

func TestPullOverTheWire(t *testing.T) {
	r := newRig(t, server.Options{})
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	one := sum.Subjects[0]
	if one.Points != 180 || one.Events != 300 || one.Account != "123456789012" || one.Region != "eu-west-1" {
		t.Errorf("summary %+v; want 180 points, 300 events, and where they are from", one)
	}
	before := r.files(t, "metrics", "logs", "resources", "ledger")
	if len(before) != 4 {
		t.Errorf("files %v, want one for each dataset", slices.Sorted(maps.Keys(before)))
	}
	calls := r.aws.Calls("GetMetricData") + r.aws.Calls("FilterLogEvents")
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	if again := r.aws.Calls("GetMetricData") + r.aws.Calls("FilterLogEvents"); again != calls {
		t.Errorf("the second run made %d more data calls", again-calls)
	}
	same(t, "after the second run", before, r.files(t, "metrics", "logs", "resources", "ledger"))
}

// TestFaultsOnTheWire scripts faults, pulls, and pulls again without them: the
// lake must end as if nothing had happened, and what could not be had the first
// time must have been said.
func TestFaultsOnTheWire(t *testing.T) {
	clean := newRig(t, server.Options{})
	if _, err := ingest.Run(t.Context(), clean.options); err != nil {
		t.Fatal(err)
	}
	want := clean.files(t, "metrics", "logs", "resources")
	small := server.Options{LogPageEvents: 40, MaxDatapoints: 3000}
	cases := []struct {
		name   string
		faults []server.Fault
		status lake.Status // "" when retries get over it
	}{
		{"throttled", []server.Fault{{Action: server.Throttle, Times: 6}, {Action: server.Throttle, Operation: "GetMetricData", Times: 5}}, ""},
		{"dropped", []server.Fault{{Action: server.Drop, Operation: "GetMetricData", Times: 2}, {Action: server.Drop, Operation: "FilterLogEvents", After: 1, Times: 2}}, ""},
		{"dropped in the body", []server.Fault{{Action: server.DropBody, Operation: "GetMetricData"}, {Action: server.DropBody, Operation: "FilterLogEvents"}}, ""},
		{"throttle storm", []server.Fault{
			{Action: server.Throttle, Operation: "GetMetricData", Times: 8},
			{Action: server.Throttle, Operation: "FilterLogEvents", Times: 8},
			{Action: server.Throttle, Operation: "ListMetrics", Times: 8},
			{Action: server.Throttle, Operation: "DescribeEndpoint", Times: 8},
			{Action: server.Throttle, Operation: "DescribeLogGroups", Times: 8},
		}, ""},
		{"events twice on a page", []server.Fault{{Action: server.RepeatEvents, Operation: "FilterLogEvents", Times: -1}}, ""},
		{"pages that overlap", []server.Fault{{Action: server.OverlapPage, Operation: "FilterLogEvents", Times: -1}}, ""},
		{"throttled for ever", []server.Fault{{Action: server.Throttle, Operation: "GetMetricData", Times: -1}}, lake.Failed},
		{"logs throttled for ever", []server.Fault{{Action: server.Throttle, Operation: "FilterLogEvents", Times: -1}}, lake.Failed},
		{"server errors", []server.Fault{{Action: server.Fail, Times: 2}, {Action: server.FailPage, Operation: "FilterLogEvents", Times: 2}}, ""},
		{"partial data", []server.Fault{{Action: server.Partial, Operation: "GetMetricData", Times: 2}}, ""},
		{"empty pages", []server.Fault{{Action: server.EmptyPage, Operation: "FilterLogEvents", After: 1, Times: 3}}, ""},
		{"repeated token", []server.Fault{{Action: server.RepeatToken, Operation: "FilterLogEvents", After: 1, Times: 2}}, ""},
		{"expired token", []server.Fault{{Action: server.ExpireToken, Operation: "FilterLogEvents", After: 2}}, ""},
		{"internal error once", []server.Fault{{Action: server.FailQuery, Operation: "GetMetricData", ID: "q1"}}, ""},
		{"internal error for ever", []server.Fault{{Action: server.FailQuery, Operation: "GetMetricData", ID: "q1", Times: -1}}, lake.Partial},
		{"forbidden query", []server.Fault{{Action: server.ForbidQuery, Operation: "GetMetricData", ID: "q1", Times: -1}}, lake.Partial},
		{"message", []server.Fault{{Action: server.Message, Operation: "GetMetricData", ID: "q1", Times: -1}}, lake.Partial},
		{"denied metrics", []server.Fault{{Action: server.Deny, Operation: "GetMetricData", Times: -1}}, lake.Denied},
		{"denied list", []server.Fault{{Action: server.Deny, Operation: "ListMetrics", Times: -1}}, lake.Denied},
		{"denied describe", []server.Fault{{Action: server.Deny, Operation: "DescribeEndpoint", Times: -1}}, lake.Denied},
		{"denied logs", []server.Fault{{Action: server.Deny, Operation: "FilterLogEvents", Times: -1}}, lake.Denied},
		{"token that never moves on", []server.Fault{{Action: server.RepeatToken, Operation: "FilterLogEvents", After: 1, Times: -1}}, lake.Partial},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			so := small
			so.Faults = c.faults
			r := newRig(t, so)
			_, err := ingest.Run(t.Context(), r.options)
			var partial *ingest.PartialError
			switch {
			case c.status == "" && err != nil:
				t.Fatal(err)
			case c.status != "" && !errors.As(err, &partial):
				t.Fatalf("error %v, want a partial error", err)
			case c.status != "" && !slices.ContainsFunc(partial.Problems, func(e lake.Entry) bool { return e.Status == c.status }):
				t.Errorf("problems %+v, want one that is %s", partial.Problems, c.status)
			}
			r.aws.ClearFaults()
			if c.status != "" {
				if _, err := ingest.Run(t.Context(), r.options); err != nil {
					t.Fatal(err)
				}
			}
			same(t, "without the fault", want, r.files(t, "metrics", "logs", "resources"))
		})
	}
}

func TestWrongNameOverTheWire(t *testing.T) {
	r := newRig(t, server.Options{})
	r.options.Subjects[0].Name = "epp"
	_, err := ingest.Run(t.Context(), r.options)
	var unknown *ingest.UnknownError
	if !errors.As(err, &unknown) {
		t.Fatalf("error %v, want that there is no such endpoint", err)
	}
	if files := r.files(t, "metrics", "logs", "resources", "ledger"); len(files) != 0 {
		t.Errorf("the lake has %v", slices.Sorted(maps.Keys(files)))
	}
}
