package ingest_test

import (
	"flag"
	"math"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// quotaRatio is how many times the shortest time that AWS's quotas allow a pull
// may take. Whoever measures asks for 1.15; the default is generous, since other
// work on the machine makes it slower.
var quotaRatio = flag.Float64("quota-ratio", 5, "most that TestPullTakesWhatTheQuotasTake allows")

// TestPullTakesWhatTheQuotasTake runs on a real clock: a pull of some endpoints
// takes about the shortest time that AWS's quotas allow for its calls and points.
// The best of three counts.
func TestPullTakesWhatTheQuotasTake(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("takes several seconds, by the clock")
	}
	const endpoints = 20
	most := *quotaRatio
	// By the machine's own clock, which the client's limits go by.
	start := time.Now().UTC().Truncate(24 * time.Hour).Add(-36 * time.Hour)
	e, err := estate.New(estate.Config{
		Kinds: []string{"endpoint"}, Plain: endpoints, LogEvents: 60, Samples: 2,
		Region: "eu-west-1", Start: start, End: start.Add(24 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	best := math.Inf(1)
	for range 3 {
		best = min(best, timed(t, e, start, endpoints))
		if best <= most {
			return
		}
	}
	t.Errorf("the pull took %.2f times what the quotas allow, more than %g", best, most)
}

// timed is how many times the least time a pull took.
func timed(t *testing.T, e *estate.Estate, from time.Time, endpoints int) float64 {
	// The limits are the defaults, but for Describe, whose quota AWS does not tell.

	t.Helper()
	r := serve(t, e.Account, time.Now, server.Options{Quotas: server.RegionQuotas("eu-west-1")}, cloudwatch.Limits{Describe: 50})
	for i := range endpoints {
		r.options.Subjects = append(r.options.Subjects, subject.Subject{Kind: subject.Endpoint, Name: estate.PlainName(i)})
	}
	r.options.Start, r.options.End = from, from.Add(24*time.Hour)
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
	return took / plan.LeastSeconds
}
