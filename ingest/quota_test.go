package ingest_test

import (
	"math"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// TestPullTakesWhatTheQuotasTake runs on a real clock: a pull of some endpoints
// finishes within 1.15 times the shortest time that AWS's quotas allow for its
// calls and points. What this machine takes for the same pull without quotas is
// measured beside it and comes on top, so that a busy machine is no defect. The
// best of three counts.
func TestPullTakesWhatTheQuotasTake(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("takes several seconds, by the clock")
	}
	const endpoints, most = 20, 1.15
	// By the machine's own clock, which the client's limits go by.
	start := time.Now().UTC().Truncate(24 * time.Hour).Add(-36 * time.Hour)
	e, err := estate.New(estate.Config{
		Kinds: []string{"endpoint"}, Plain: endpoints, LogEvents: 60, Samples: 2,
		Region: "eu-west-1", Start: start, End: start.Add(24 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	// The limits are the defaults, but for Describe, whose quota AWS does not tell.
	defaults := cloudwatch.Limits{Describe: 50}
	over := math.Inf(1)
	for range 3 {
		own, _ := timed(t, e, start, endpoints, nil, unlimited())
		took, least := timed(t, e, start, endpoints, server.RegionQuotas("eu-west-1"), defaults)
		t.Logf("%.1f s, quotas allow %.1f s (%.2f times), without quotas %.1f s", took, least, took/least, own)
		if over = min(over, took-most*least-own); over <= 0 {
			return
		}
	}
	t.Errorf("the pull took %.1f s more than %g times what the quotas allow and the machine's own time", over, most)
}

// timed is how long a pull took, and the least that the quotas of AWS allow, in
// seconds.
func timed(t *testing.T, e *estate.Estate, from time.Time, endpoints int, quotas *server.Quotas, limits cloudwatch.Limits) (took, least float64) {
	t.Helper()
	r := serve(t, e.Account, time.Now, server.Options{Quotas: quotas}, limits)
	for i := range endpoints {
		r.options.Subjects = append(r.options.Subjects, subject.Subject{Kind: subject.Endpoint, Name: estate.PlainName(i)})
	}
	r.options.Start, r.options.End = from, from.Add(24*time.Hour)
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	if quotas != nil {
		time.Sleep(time.Second) // the buckets fill up again
	}
	start := time.Now()
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	return time.Since(start).Seconds(), plan.LeastSeconds
}
