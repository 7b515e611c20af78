package ingest_test

import (
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// quotaLimits are just below the quotas that the server enforces, as someone
// would set them who has the account for himself.
func quotaLimits() cloudwatch.Limits {
	return cloudwatch.Limits{
		GetMetricData: 480, Datapoints: 390_000, ListMetrics: 24, FilterLogEvents: 9.7, DescribeLogGroups: 9.7, Describe: 50,
	}
}

// TestPullTakesWhatTheQuotasTake runs on a real clock: a pull of some endpoints
// finishes within 1.15 times the shortest time that AWS's quotas allow for its
// calls and points.
func TestPullTakesWhatTheQuotasTake(t *testing.T) {
	if testing.Short() {
		t.Skip("takes several seconds")
	}
	const endpoints = 20
	e := estateOf(t, estate.Config{End: begin.Add(24 * time.Hour), Kinds: []string{"endpoint"}, Plain: endpoints, LogEvents: 60, Samples: 2, Region: "eu-west-1"})
	begun := time.Now()
	at := begin.Add(30 * time.Hour)
	now := func() time.Time { return at.Add(time.Since(begun)) }
	r := serve(t, e.Account, now, server.Options{Quotas: server.RegionQuotas("eu-west-1")}, quotaLimits())
	for i := range endpoints {
		r.options.Subjects = append(r.options.Subjects, subject.Subject{Kind: subject.Endpoint, Name: estate.PlainName(i)})
	}
	r.options.Start, r.options.End = begin, begin.Add(24*time.Hour)
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // the buckets fill up again
	start := time.Now()
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start).Seconds()
	t.Logf("%d endpoints: %.1f s, quotas allow %.1f s, ratio %.2f; %d calls, %d retries", endpoints, took, plan.LeastSeconds,
		took/plan.LeastSeconds, sum.Usage.Calls, sum.Usage.Retries)
	t.Logf("planned %v, counted with planning %v", plan.ByOperation, r.calls())
	if took > 1.15*plan.LeastSeconds {
		t.Errorf("the pull took %.1f s, more than 1.15 times the %.1f s that the quotas allow", took, plan.LeastSeconds)
	}
}
