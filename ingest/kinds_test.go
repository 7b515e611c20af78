package ingest_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/scene"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// operations are all that a pull can call.
func operations() []string {
	return []string{
		"DescribeEndpoint", "DescribeEndpointConfig", "DescribeInferenceComponent", "DescribeTrainingJob",
		"DescribeProcessingJob", "DescribeTransformJob", "DescribeInferenceRecommendationsJob", "DescribeLabelingJob",
		"DescribeFeatureGroup", "DescribePipeline", "DescribeMonitoringSchedule", "DescribeNotebookInstance",
		"ListMetrics", "GetMetricData", "DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents", "StartQuery",
		"GetQueryResults", "StopQuery", "GetCallerIdentity", "DescribeScalableTargets", "DescribeScalingPolicies",
	}
}

// serve is a rig on an account of one's own.
func serve(t *testing.T, acct *account.Account, now func() time.Time, so server.Options, limits cloudwatch.Limits) *rig {
	t.Helper()
	so.Now = now
	r := &rig{aws: server.New(acct, so), dir: t.TempDir()}
	ts := httptest.NewServer(r.aws)
	r.url = ts.URL
	t.Cleanup(ts.Close)
	client, err := cloudwatch.New(t.Context(), cloudwatch.Options{
		Region: acct.Region, EndpointURL: ts.URL, MaxBackoff: time.Millisecond,
		Keys:   cloudwatch.Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"},
		Limits: limits, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lake.Create(t.Context(), lake.Options{Dir: r.dir, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	r.options = ingest.Options{Metrics: client, Logs: client, Describe: client, Lake: l, Region: client.Region(), Now: now}
	return r
}

func unlimited() cloudwatch.Limits {
	return cloudwatch.Limits{
		GetMetricData: -1, Datapoints: -1, OlderDatapoints: -1, Queries: -1, ListMetrics: -1, FilterLogEvents: -1,
		DescribeLogGroups: -1, DescribeLogStreams: -1, Describe: -1,
	}
}

// calls are what the server counted, by operation.
func (r *rig) calls() map[string]int64 {
	out := make(map[string]int64)
	for _, op := range operations() {
		if n := r.aws.Calls(op); n > 0 {
			out[op] = int64(n)
		}
	}
	return out
}

// estateOf draws an account of three hours.
func estateOf(t *testing.T, c estate.Config) *estate.Estate {
	t.Helper()
	c.Start, c.End = begin, begin.Add(3*time.Hour)
	e, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestPlanCountsTheCallsOfEveryKind: what a plan says is what the service then
// counts, call by call.
func TestPlanCountsTheCallsOfEveryKind(t *testing.T) {
	e := estateOf(t, estate.Config{LogEvents: 240, Samples: 3})
	if len(e.Subjects) < 12 {
		t.Fatalf("the estate has %v only", e.Subjects)
	}
	var subjects []subject.Subject
	for _, s := range e.Subjects {
		one, err := subject.Parse(s.Kind + "/" + s.Name)
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, one)
	}
	plain, err := subject.FromSeries("AWS/SageMaker", map[string]string{"EndpointName": estate.PlainName(0), "VariantName": "AllTraffic"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(subjects, plain) {
		t.Run(s.String(), func(t *testing.T) {
			// The SDK has been seen to drop a connection in the middle of an
			// answer and to ask again: such a run counts nothing.
			for range 5 {
				if planAndRun(t, e, s, 0) {
					return
				}
			}
			t.Error("every run had calls that the SDK made twice")
		})
	}
}

// TestPlanCountsTheCallsOfLongWindows: days without an event take the one call
// that is planned, and days before a group or a job was made take none.
func TestPlanCountsTheCallsOfLongWindows(t *testing.T) {
	first := begin.Truncate(24 * time.Hour)
	e, err := estate.New(estate.Config{LogEvents: 240, Samples: 3, Start: first, End: first.Add(18 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	job := func(k subject.Kind, name string) subject.Subject { return subject.Subject{Kind: k, Name: name} }
	endpoint := subject.Subject{Kind: subject.Endpoint, Name: estate.PlainName(0)}
	aged := ageGroups(e, first.AddDate(-1, 0, 0))
	for _, c := range []struct {
		name    string
		estate  *estate.Estate
		subject subject.Subject
		days    int
	}{
		{"new group", e, endpoint, 20},
		{"old group", aged, endpoint, 20},
		{"old group, 100 days", aged, endpoint, 100},
		{"training", aged, job(subject.Training, "estate-training"), 100},
		{"processing", aged, job(subject.Processing, "estate-processing"), 20},
		{"transform", aged, job(subject.Transform, "estate-transform"), 20},
		{"recommender", aged, job(subject.Recommender, "estate-recommender"), 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 5 {
				if planAndRun(t, c.estate, c.subject, time.Duration(c.days)*24*time.Hour) {
					return
				}
			}
			t.Error("every run had calls that the SDK made twice")
		})
	}
}

// ageGroups is an estate whose log groups were made at another time.
func ageGroups(e *estate.Estate, made time.Time) *estate.Estate {
	acct := *e.Account
	acct.LogGroups = slices.Clone(acct.LogGroups)
	for i := range acct.LogGroups {
		acct.LogGroups[i].Created = made
	}
	return &estate.Estate{Account: &acct}
}

// planAndRun compares plan and run of a subject. It is false when a call had to
// be made again. A lead is how much of the window lies before the estate's.
func planAndRun(t *testing.T, e *estate.Estate, s subject.Subject, lead time.Duration) bool {
	t.Helper()
	now := func() time.Time { return begin.Add(3*time.Hour + 5*time.Minute) }
	r := serve(t, e.Account, now, server.Options{}, unlimited())
	r.options.Subjects = []subject.Subject{s}
	if !s.Kind.Job() || lead > 0 {
		r.options.Start, r.options.End = begin.Add(-lead), begin.Add(3*time.Hour)
	}
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	before := r.calls()
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Usage.Retries+plan.Usage.Retries > 0 {
		return false
	}
	counted := r.calls()
	for op, n := range before {
		if counted[op] -= n; counted[op] == 0 {
			delete(counted, op)
		}
	}
	if d := cmp.Diff(counted, plan.ByOperation); d != "" {
		t.Errorf("calls by operation (-counted +planned):\n%s", d)
	}
	var all int64
	for _, n := range counted {
		all += n
	}
	if plan.Calls != all || sum.Usage.Calls != all {
		t.Errorf("%d calls planned, %d in the summary, %d counted", plan.Calls, sum.Usage.Calls, all)
	}
	one := sum.Subjects[0]
	if s.Kind != subject.Notebook && one.Points == 0 {
		t.Error("no points came")
	}
	if len(s.LogGroups()) > 0 && one.Events == 0 {
		t.Error("no events came")
	}
	t.Logf("%d points, %d events, %d requests, calls %v, least %.2g s", one.Points, one.Events, one.Requests, plan.ByOperation, plan.LeastSeconds)
	return true
}

// TestASecondPullAsksNoKindForMore: not for metrics either that the first pull's
// ledger tells of and ListMetrics does not, such as failed steps where none has
// failed. Otherwise a pull that was killed and repeated would have asked for more
// than one that was not.
func TestASecondPullAsksNoKindForMore(t *testing.T) {
	start := begin.Truncate(24 * time.Hour)
	drawn := scene.NewWeeks(1, start, 1, 0, 1)
	r := serve(t, drawn.Account, func() time.Time { return start.Add(72 * time.Hour) }, server.Options{}, unlimited())
	r.options.Start, r.options.End = start, start.Add(24*time.Hour)
	for _, name := range []string{"pipeline/retrain", "component/llm", "featuregroup/customers", "monitor/loans", "endpoint/captions", "endpoint/transcribe", drawn.Names[0]} {
		one, err := subject.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		r.options.Subjects = append(r.options.Subjects, one)
	}
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	before := r.calls()
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	if n := r.calls()["GetMetricData"] - before["GetMetricData"]; n != 0 || before["GetMetricData"] == 0 {
		t.Errorf("a second pull calls GetMetricData %d times, after %d", n, before["GetMetricData"])
	}
}

// TestSeveralTargets: a subject is pulled from each account that knows it, and
// unknown only when none does.
func TestSeveralTargets(t *testing.T) {
	now := func() time.Time { return later }
	here, there := simulated(), simulated()
	there.Region, there.ID = "us-east-1", "210987654321"
	there.Endpoints[0].Name, there.Endpoints[0].ConfigName = "ep", "ep-config"
	elsewhere := &account.Account{ID: "333333333333", Region: "eu-central-1"}
	r := serve(t, here, now, server.Options{}, unlimited())
	for _, acct := range []*account.Account{here, there, elsewhere} {
		other := serve(t, acct, now, server.Options{}, unlimited())
		r.options.Targets = append(r.options.Targets, ingest.Target{
			Name: acct.ID, Region: acct.Region,
			Metrics: other.options.Metrics, Logs: other.options.Logs, Describe: other.options.Describe,
		})
	}
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	var regions []string
	for _, s := range sum.Subjects {
		regions = append(regions, s.Region)
		if s.PointsAdded != 180 {
			t.Errorf("%s: %d points were new, want 180: the other region's are others", s.Region, s.PointsAdded)
		}
	}
	if !slices.Equal(regions, []string{"eu-west-1", "us-east-1"}) {
		t.Errorf("pulled from %v, want the two regions that know it", regions)
	}
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil || len(plan.Subjects) != 2 || plan.ByOperation["GetMetricData"]+plan.ByOperation["FilterLogEvents"] != 0 {
		t.Errorf("plan %v, error %v; want nothing left to ask in two regions", plan, err)
	}
	r.options.Subjects[0].Name = "nobody"
	_, err = ingest.Run(t.Context(), r.options)
	var unknown *ingest.UnknownError
	if !errors.As(err, &unknown) {
		t.Errorf("error %v, want that no target knows it", err)
	}
}
