package files

import (
	"testing"

	"sizewise/ingest/files/loadtest"
	"sizewise/ingest/lake"
)

// Every number of a sample reaches its row, an aggregate's window among them.
func TestRequestOfSample(t *testing.T) {
	got := request(lake.Request{Subject: "endpoint/x", Source: "a.csv", Seq: 4}, &loadtest.Sample{
		TS: 1, SpanUS: 2, DurationUS: 3, Status: 200, Weight: 5, TTFTUS: 6, TokensIn: 7, TokensOut: 8,
	})
	want := lake.Request{
		Subject: "endpoint/x", Source: "a.csv", Seq: 4,
		TS: 1, SpanUS: 2, DurationUS: 3, Status: 200, Weight: 5, TTFTUS: 6, TokensIn: 7, TokensOut: 8,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
