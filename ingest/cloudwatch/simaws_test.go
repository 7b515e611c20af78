package cloudwatch

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

const simulatedGroup = "/aws/sagemaker/Endpoints/ep"

// simulatedAccount has a log group of three streams with n events in a day, and
// the same once more in the other class.
func simulatedAccount(n int) *account.Account {
	streams := make([]account.LogStream, 3)
	for i := range streams {
		streams[i] = account.LogStream{Name: fmt.Sprintf("AllTraffic/i-%d", i), Created: minute0}
	}
	for i := range n {
		t := minute0.Add(24 * time.Hour * time.Duration(i) / time.Duration(n)).Truncate(50 * time.Millisecond)
		s := &streams[i*7%3]
		s.Events = append(s.Events, account.LogEvent{Time: t, Ingested: t.Add(time.Second), Message: fmt.Sprintf("event %d \"é\"", i)})
	}
	return &account.Account{
		ID: "123456789012", Region: "eu-west-1",
		LogGroups: []account.LogGroup{
			{Name: simulatedGroup, Created: minute0, Streams: streams},
			{Name: simulatedGroup + "-archive", Class: "INFREQUENT_ACCESS", Created: minute0, Streams: streams},
		},
	}
}

// simulated serves an account on loopback.
func simulated(t *testing.T, a *account.Account, o server.Options, co Options) (*Client, *server.Server, error) {
	t.Helper()
	isolate(t)
	o.Now = func() time.Time { return minute0.Add(48 * time.Hour) }
	if o.Wall == nil {
		o.Wall = time.Now
	}
	sim := server.New(a, o)
	loopback := httptest.NewServer(sim)
	t.Cleanup(loopback.Close)
	co.Limits, co.MaxBackoff = fast().Limits, time.Millisecond
	co.Region, co.EndpointURL = "eu-west-1", loopback.URL
	co.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	c, err := New(t.Context(), co)
	return c, sim, err
}

// messages are what the events say, in order.
func messages(events []Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.Message)
	}
	slices.Sort(out)
	return out
}

// TestNoFaultLosesOrDoublesAnEvent has every fault of the loopback AWS that a
// listing meets, each on a good part of the calls.
func TestNoFaultLosesOrDoublesAnEvent(t *testing.T) {
	a := simulatedAccount(4000)
	for _, f := range []server.Fault{
		{Action: server.Throttle, Times: 30},
		{Action: server.Drop, Times: 10},
		{Action: server.DropBody, Times: 10},
		{Action: server.Garble, Times: 10},
		{Action: server.Fail, Times: 10},
		{Action: server.FailPage, Times: 10},
		{Action: server.ExpireToken, Times: 3},
		{Action: server.RepeatToken, Times: 2},
		{Action: server.EmptyPage, Times: 20},
		{Action: server.RepeatEvents, Times: -1, Every: 3},
		{Action: server.OverlapPage, Times: -1, Every: 20},
	} {
		t.Run(string(f.Action), func(t *testing.T) {
			f.Operation = "FilterLogEvents"
			c, sim, err := simulated(t, a, server.Options{Faults: []server.Fault{f}, LogPageEvents: 40}, Options{MaxAttempts: 40})
			if err != nil {
				t.Fatal(err)
			}
			r := LogRequest{Group: simulatedGroup, Start: minute0, End: minute0.Add(24 * time.Hour)}
			got, result := collect(t, c, r)
			want := 4000
			if len(got) != want || len(slices.Compact(messages(got))) != want || result.Stopped != "" {
				t.Errorf("%d events, %d different, of %d; %s", len(got), len(slices.Compact(messages(got))), want, result.Stopped)
			}
			if n := int64(sim.Calls("FilterLogEvents")); result.Usage.Calls+result.Usage.Retries != n {
				t.Errorf("%+v counted of %d calls", result.Usage, n)
			}
		})
	}
}

// TestAHangingAnswerIsAskedForAgain has answers that stop in the middle.
func TestAHangingAnswerIsAskedForAgain(t *testing.T) {
	stall := server.Fault{Action: server.Stall, Operation: "FilterLogEvents", Delay: time.Hour, Times: 3}
	c, _, err := simulated(t, simulatedAccount(400), server.Options{Faults: []server.Fault{stall}}, Options{attemptTimeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	got, result := collect(t, c, LogRequest{Group: simulatedGroup, Start: minute0, End: minute0.Add(24 * time.Hour)})
	if len(got) != 400 || result.Usage.Retries != 3 {
		t.Errorf("%d events of 400, %+v", len(got), result.Usage)
	}
}

func TestBothLogClassesHoldTheSame(t *testing.T) {
	c, _, err := simulated(t, simulatedAccount(30_000), server.Options{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := LogRequest{Group: simulatedGroup, StreamPrefix: "AllTraffic/i-1", Start: minute0, End: minute0.Add(20 * time.Hour)}
	standard, _ := collect(t, c, r)
	r.Group, r.Class = simulatedGroup+"-archive", "INFREQUENT_ACCESS"
	archived, result := collect(t, c, r)
	if !slices.Equal(heard(standard), heard(archived)) || len(standard) == 0 || result.Usage.CostLow == 0 {
		t.Errorf("%d events and %d, cost %g", len(standard), len(archived), result.Usage.CostLow)
	}
	before := LogRequest{Group: r.Group, Class: r.Class, Start: minute0.Add(-2 * time.Hour), End: minute0.Add(-time.Hour)}
	if none, _ := collect(t, c, before); len(none) != 0 {
		t.Errorf("%d events from before the group", len(none))
	}
	r.Class = ""
	if _, err := c.Events(t.Context(), r, func(LogPage) error { return nil }); !errors.Is(err, ErrUnsupported) {
		t.Errorf("error %v, want that the class is not supported", err)
	}
	streams, usage, err := c.Streams(t.Context(), simulatedGroup, "AllTraffic/")
	if err != nil || len(streams) != 3 || streams[0].Name != "AllTraffic/i-0" || streams[0].First.IsZero() || usage.Calls != 1 {
		t.Errorf("streams %+v, usage %+v, error %v", streams, usage, err)
	}
}

// TestNoFaultOfAQueryLosesAnEvent has faults of the operations of Insights.
func TestNoFaultOfAQueryLosesAnEvent(t *testing.T) {
	a := simulatedAccount(500)
	for _, f := range []server.Fault{
		{Action: server.FailStatus, Operation: "GetQueryResults", Times: 2},
		{Action: server.FailStatus, Operation: "GetQueryResults", Times: 2, Code: "Unknown"},
		{Action: server.FailStatus, Operation: "GetQueryResults", Times: 2, Code: "Timeout"},
		{Action: server.Throttle, Operation: "StartQuery", Times: 5},
		{Action: server.Garble, Operation: "GetQueryResults", Times: 5},
		{Action: server.DropBody, Operation: "GetQueryResults", Times: 5},
		{Action: server.FailPage, Operation: "StartQuery", Times: 5},
	} {
		c, _, err := simulated(t, a, server.Options{Faults: []server.Fault{f}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := LogRequest{Group: simulatedGroup + "-archive", Class: "INFREQUENT_ACCESS", Start: minute0, End: minute0.Add(24 * time.Hour)}
		if got, result := collect(t, c, r); len(got) != 500 || len(slices.Compact(messages(got))) != 500 || result.Stopped != "" {
			t.Errorf("%s %s: %d events of 500; %s", f.Action, f.Code, len(got), result.Stopped)
		}
	}
}

func TestRolesAreAssumedInAChain(t *testing.T) {
	a := simulatedAccount(1)
	const hub, spoke = "arn:aws:iam::123456789012:role/hub", "arn:aws:iam::123456789012:role/spoke"
	a.Roles = []account.Role{
		{ARN: hub, Allow: []string{"sts:AssumeRole"}},
		{ARN: spoke, ExternalID: "shared", Trusts: []string{hub}},
	}
	roles := []Role{{ARN: hub}, {ARN: spoke, ExternalID: "shared", SessionName: "nightly"}}
	c, sim, err := simulated(t, a, server.Options{}, Options{Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Probe(t.Context(), ProbeRequest{Kinds: []ResourceKind{KindPipeline}, Group: simulatedGroup})
	if err != nil || p.Caller != "arn:aws:sts::123456789012:assumed-role/spoke/nightly" || sim.Calls("AssumeRole") != 2 {
		t.Errorf("caller %q after %d AssumeRole, error %v", p.Caller, sim.Calls("AssumeRole"), err)
	}
	for _, check := range p.Checks {
		if check.Outcome != Allowed {
			t.Errorf("check %+v", check)
		}
	}
	if len(p.Quotas) < 6 {
		t.Errorf("quotas %+v", p.Quotas)
	}
}

func TestTheRoleThatFailsIsNamed(t *testing.T) {
	a := simulatedAccount(1)
	const hub, spoke = "arn:aws:iam::123456789012:role/hub", "arn:aws:iam::123456789012:role/spoke"
	a.Roles = []account.Role{{ARN: hub}, {ARN: spoke, ExternalID: "shared", Trusts: []string{hub}}}
	for _, c := range []struct {
		roles []Role
		want  string
	}{
		{[]Role{{ARN: hub}, {ARN: spoke, ExternalID: "wrong"}}, spoke + ", 2 of 2: AccessDenied"},
		{[]Role{{ARN: hub + "-gone"}, {ARN: spoke}}, hub + "-gone, 1 of 2: AccessDenied"},
		{[]Role{{ARN: spoke, ExternalID: "shared"}}, spoke + ", 1 of 1: AccessDenied"},
	} {
		_, _, err := simulated(t, a, server.Options{}, Options{Roles: c.roles})
		if !errors.Is(err, ErrRole) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v, want one line with %q", err, c.want)
		}
	}
}

func TestProbeFindsASkewedServer(t *testing.T) {
	now := func() time.Time { return minute0 }
	c, _, err := simulated(t, simulatedAccount(1), server.Options{Wall: now, Skew: -3 * time.Minute}, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Probe(t.Context(), ProbeRequest{Kinds: []ResourceKind{KindPipeline}})
	if off := p.Skew - 3*time.Minute; err != nil || !p.SkewKnown || off.Abs() > time.Second {
		t.Errorf("skew %v known %t, error %v; want 3 min", p.Skew, p.SkewKnown, err)
	}
}

// TestDatapointQuotasAreTwo looks at which of the two buckets a request takes.
func TestDatapointQuotasAreTwo(t *testing.T) {
	c, _ := connect(t, Options{Now: func() time.Time { return minute0 }}, nil)
	if c.bucket(minute0.Add(-time.Hour)) != c.recent || c.bucket(minute0.Add(-4*time.Hour)) != c.older {
		t.Error("the request's age does not choose its bucket")
	}
	if r, o := c.recent.bucket.Limit(), c.older.bucket.Limit(); r != 166_000 || o != 365_000 {
		t.Errorf("%v and %v datapoints a second", r, o)
	}
	c.now = nil
	if c.bucket(minute0.AddDate(-1, 0, 0)) != c.recent {
		t.Error("without a clock a request takes the larger quota")
	}
}
