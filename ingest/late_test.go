package ingest_test

import (
	"strings"
	"testing"
	"time"

	"sizewise/ingest"
	"sizewise/ingest/lake"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
	"sizewise/ingest/subject"
)

// clocked is a rig whose clock the test moves.
func clocked(t *testing.T, acct *account.Account, so server.Options) (*rig, *time.Time) {
	t.Helper()
	now := later
	r := serve(t, acct, func() time.Time { return now }, so, unlimited())
	r.options.Subjects = []subject.Subject{{Kind: subject.Endpoint, Name: "ep"}}
	r.options.Start, r.options.End = begin, begin.Add(time.Hour)
	return r, &now
}

// TestLateEventsAreFoundByALaterRun: events that were not there yet come with
// the next run as long as they may be late, and then nothing is asked again.
func TestLateEventsAreFoundByALaterRun(t *testing.T) {
	r, now := clocked(t, simulated(), server.Options{Faults: []server.Fault{{Action: server.HideEvents, Operation: "FilterLogEvents", Every: 3, Times: -1}}})
	*now = begin.Add(time.Hour)
	first, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	r.aws.ClearFaults()
	*now = begin.Add(3 * time.Hour)
	second, err := ingest.Run(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	came, added := first.Subjects[0].EventsAdded, second.Subjects[0].EventsAdded
	if came != 200 || added != 100 {
		t.Errorf("%d events came first and %d later, want 200 and the 100 late ones", came, added)
	}
	calls := r.aws.Calls("FilterLogEvents")
	if _, err := ingest.Run(t.Context(), r.options); err != nil {
		t.Fatal(err)
	}
	if r.aws.Calls("FilterLogEvents") != calls {
		t.Error("the third run asked again for what was sealed")
	}
}

// TestALateGroupIsWaitedFor: where events were seen to come two hours late, a
// chunk is sealed four hours after its end, and not after one.
func TestALateGroupIsWaitedFor(t *testing.T) {
	acct := simulated()
	events := acct.LogGroups[0].Streams[0].Events
	events[0].Ingested = events[0].Time.Add(2 * time.Hour)
	events[7].Ingested = events[7].Time.Add(4 * time.Hour) // not there at first
	r, now := clocked(t, acct, server.Options{})
	*now = begin.Add(3*time.Hour + 30*time.Minute)
	first, err := ingest.Run(t.Context(), r.options)
	if err != nil || first.Subjects[0].EventsAdded != 299 {
		t.Fatalf("%d events, error %v; want 299", first.Subjects[0].EventsAdded, err)
	}
	*now = begin.Add(6 * time.Hour)
	second, err := ingest.Run(t.Context(), r.options)
	if err != nil || second.Subjects[0].EventsAdded != 1 {
		t.Errorf("%d more events, error %v; want the late one", second.Subjects[0].EventsAdded, err)
	}
	calls := r.aws.Calls("FilterLogEvents")
	*now = begin.Add(20 * time.Hour)
	for range 2 {
		if _, err := ingest.Run(t.Context(), r.options); err != nil {
			t.Fatal(err)
		}
	}
	if again := r.aws.Calls("FilterLogEvents") - calls; again != 1 {
		t.Errorf("%d calls after that, want one that seals the chunk", again)
	}
}

// TestAccessLogBecomesRequests: once, however often it is read.
func TestAccessLogBecomesRequests(t *testing.T) {
	acct := simulated()
	for i := range acct.LogGroups[0].Streams[0].Events {
		acct.LogGroups[0].Streams[0].Events[i].Message = `2026-11-20T12:00:00,123 [INFO ] W-9000-model_1.0-stdout ACCESS_LOG - /169.254.178.2:41000 "POST /invocations HTTP/1.1" 200 37`
	}
	r, _ := clocked(t, acct, server.Options{})
	r.options.Refetch = true
	for range 2 {
		sum, err := ingest.Run(t.Context(), r.options)
		if err != nil || sum.Subjects[0].Requests != 300 {
			t.Errorf("%d requests, error %v; want 300", sum.Subjects[0].Requests, err)
		}
	}
	files := r.files(t, "requests")
	if len(files) != 1 {
		t.Fatalf("%d files of requests, want 1", len(files))
	}
	// They are told apart from what a load tester saw of the same requests.
	for path, content := range files {
		if !strings.Contains(content, lake.OriginAccessLog) {
			t.Errorf("%s does not say that its requests are of an access log", path)
		}
	}
}

// TestInfrequentAccessOverTheWire: a group that FilterLogEvents refuses is read
// all the same, and ends as the same rows as far as its service tells.
func TestInfrequentAccessOverTheWire(t *testing.T) {
	acct := simulated()
	acct.LogGroups[0].Class = "INFREQUENT_ACCESS"
	r, _ := clocked(t, acct, server.Options{})
	plan, err := ingest.NewPlan(t.Context(), r.options)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := ingest.Run(t.Context(), r.options)
	if err != nil || sum.Subjects[0].Events != 300 {
		t.Fatalf("%d events, error %v; want 300", sum.Subjects[0].Events, err)
	}
	if r.aws.Calls("FilterLogEvents") != 0 || int64(r.aws.Calls("StartQuery")) < plan.ByOperation["StartQuery"] || plan.ByOperation["StartQuery"] == 0 {
		t.Errorf("calls %v, planned at least %v", r.calls(), plan.ByOperation)
	}
	if again, err := ingest.Run(t.Context(), r.options); err != nil || again.Subjects[0].Chunks != 0 {
		t.Errorf("asked again for %d chunks, error %v", again.Subjects[0].Chunks, err)
	}
}
