package lake

import (
	"math"
	"testing"
	"time"
)

// hour is an hour of the test day.
func hour(h int) time.Time { return time.UnixMicro(at(h, 0)).UTC() }

func entry(chunk string, start, end time.Time) Entry {
	return Entry{
		Chunk: chunk, Dataset: "metrics", Subject: "endpoint/x", Scope: "s", Source: "cloudwatch",
		Start: start, End: end, PeriodS: 60, Rows: 1, Calls: 2, Retries: 3, Skipped: 4,
		CostLow: 0.01, CostHigh: 0.02, Status: Partial, Reason: "throttled", FetchedAt: hour(12),
	}
}

func entriesOf(t *testing.T, l *Lake, start, end time.Time) []Entry {
	t.Helper()
	got, err := l.Entries(t.Context(), "endpoint/x", start, end)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func record(t *testing.T, l *Lake, entries ...Entry) {
	t.Helper()
	if err := l.Record(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

func TestLedgerRoundTrip(t *testing.T) {
	l := open(t)
	if got := entriesOf(t, l, hour(0), hour(24)); got != nil {
		t.Errorf("an empty ledger has %v", got)
	}
	early := entry("early", hour(-30), hour(-20)) // the day before the day before
	long := entry("long", hour(-25), hour(11))
	mid := entry("mid", hour(10), hour(11))
	late := entry("late", hour(11), hour(12))
	whole := entry("describe", time.Time{}, time.Time{})
	other := entry("other", hour(10), hour(11))
	other.Subject = "endpoint/y"
	record(t, l, late, mid, early, long, whole, other)
	same(t, entriesOf(t, l, hour(10), hour(11)), []Entry{whole, long, mid})
	same(t, entriesOf(t, l, hour(-40), hour(40)), []Entry{whole, early, long, mid, late})
}

func TestLedgerMergesByChunk(t *testing.T) {
	l := open(t)
	mustPutMetrics(t, l, series(sum(at(10, 0), 1, false))) // what the row vouches for
	e := entry("c", hour(10), hour(11))
	e.CostLow = math.NaN()
	record(t, l, e)
	before := files(t, l.dir)
	again := e
	again.FetchedAt = hour(13)
	record(t, l, again)
	sameFiles(t, files(t, l.dir), before) // nothing but the time of asking is new
	again.Status, again.Reason = Complete, ""
	record(t, l, e, again)
	same(t, entriesOf(t, l, hour(0), hour(24)), []Entry{again})
}

func TestResourcesAndRequests(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	facts := []Resource{
		{AsOf: hour(10), Kind: "variant", Name: "v", Attribute: "current_instance_count", Value: "2", Source: "DescribeEndpoint"},
		{AsOf: hour(11), Kind: "variant", Name: "v", Attribute: "current_instance_count", Value: "3", Account: "1", Region: "r"},
	}
	requests := []Request{
		{
			TS: at(10, 0), Source: "a.csv", Seq: 1, DurationUS: 1200, Status: 200, Route: "/invocations",
			Weight: 3, SpanUS: 1_000_000, TTFTUS: 400, TokensIn: 0, TokensOut: 17, Error: "timeout",
		},
		{TS: at(10, 0), Source: "a.csv", Seq: 2, DurationUS: -1, SpanUS: -1, TTFTUS: -7, TokensIn: -1, TokensOut: -1},
	}
	for range 2 {
		if err := l.PutResources(ctx, "endpoint/x", facts); err != nil {
			t.Fatal(err)
		}
		if err := l.PutRequests(ctx, "endpoint/x", requests); err != nil {
			t.Fatal(err)
		}
	}
	if facts[0].Subject != "" || requests[0].Subject != "" {
		t.Error("the caller's rows were changed")
	}
	for i := range 2 {
		facts[i].Subject, requests[i].Subject = "endpoint/x", "endpoint/x"
	}
	requests[1].Weight, requests[1].SpanUS, requests[1].TTFTUS = 1, 0, -1
	same(t, scanDay(t, l, resourceTable(), at(0, 0), "endpoint/x"), facts)
	same(t, scanDay(t, l, requestTable(), at(0, 0), "endpoint/x"), requests)
}
