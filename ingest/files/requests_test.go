package files

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

const (
	jtlHead = "timeStamp,elapsed,label,responseCode,success\n"
	jtlRow  = "1795197600000,35,POST /invocations,200,true\n"
)

// fill writes files below a new directory, packed where their names say so.
func fill(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		body := []byte(content)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			zw := gzip.NewWriter(&b)
			if _, err := zw.Write(body); err != nil {
				t.Fatal(err)
			}
			if err := zw.Close(); err != nil {
				t.Fatal(err)
			}
			body = b.Bytes()
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The same results are the same rows once they are compressed; those of another
// folder are others.
func TestSourceOfRequests(t *testing.T) {
	dir := fill(t, map[string]string{"a/run.jtl": jtlHead + jtlRow, "a/run.jtl.gz": jtlHead + jtlRow, "b/run.jtl": jtlHead + jtlRow})
	o := Options{Subject: "endpoint/x"}
	m := newMemory()
	importAll(t, m, []string{dir + "/a/./run.jtl"}, o)
	if sum := importAll(t, m, []string{dir + "/a/run.jtl.gz"}, o); sum.Added != 0 || sum.Changed != 0 || len(m.requests) != 1 {
		t.Errorf("once compressed: %d rows, %+v", len(m.requests), sum)
	}
	if sum := importAll(t, m, []string{dir + "/b/run.jtl"}, o); sum.Added != 1 || len(m.requests) != 2 {
		t.Errorf("in another folder: %d rows, %+v", len(m.requests), sum)
	}
	for _, r := range m.requests {
		if r.Source != dir+"/a/run.jtl" && r.Source != dir+"/b/run.jtl" {
			t.Errorf("source %s", r.Source)
		}
	}
	for name, want := range map[string]string{"a.gz": "a", ".gz": ".gz", "d/.gz": "d/.gz", "s3://b/k.csv.gz": "s3://b/k.csv", "stdin": "stdin"} {
		if got := sourceOf(name); got != want {
			t.Errorf("source of %s is %s, want %s", name, got, want)
		}
	}
}

// Requests are counted by what they stand for, and known again.
func TestCountOfRequests(t *testing.T) {
	const bins = `{"StartTime":"2026-11-20T18:00:00Z","ActualDuration":5000000000,"URL":"http://h/invocations",` +
		`"DurationHistogram":{"Count":100,"Data":[{"Start":0.01,"End":0.02,"Count":60},{"Start":0.02,"End":0.03,"Count":40}]},"RetCodes":{"200":100}}`
	dir := fill(t, map[string]string{"fortio.json": bins})
	m := newMemory()
	for run, added := range []int64{2, 0} {
		sum := importAll(t, m, []string{dir}, Options{Subject: "endpoint/x"})
		if sum.Requests != 100 || sum.RequestRows != 2 || sum.Added != added || sum.Changed != 0 {
			t.Errorf("run %d: %+v, want 100 requests in 2 rows, %d of them new", run, sum, added)
		}
	}
}

// A file that could not be used, and is imported again with what it lacked, is
// no problem any longer.
func TestMendedImport(t *testing.T) {
	dir := fill(t, map[string]string{"run.jtl": jtlHead + jtlRow, "other.jtl": jtlHead + jtlRow + jtlRow})
	m := newMemory()
	if _, err := Import(t.Context(), m, []string{dir}, Options{Now: clock}); err == nil {
		t.Fatal("results without a subject are no error")
	}
	importAll(t, m, []string{dir + "/run.jtl"}, Options{Subject: "endpoint/x"})
	open := map[string]bool{}
	for _, e := range m.entries {
		if e.Status != lake.Complete || e.Skipped > 0 {
			open[e.Scope] = true
		}
	}
	if open[dir+"/run.jtl"] || !open[dir+"/other.jtl"] {
		t.Errorf("open: %v, want only that of other.jtl", open)
	}
	before := m.dump()
	importAll(t, m, []string{dir + "/run.jtl"}, Options{Subject: "endpoint/x"})
	if m.dump() != before {
		t.Error("importing once more changes rows")
	}
}

// What a file lacks for all of its records is said once.
func TestNotesAreSaidOnce(t *testing.T) {
	const result = `{"Id":"m%d","Label":"l","Timestamps":["2026-11-20T18:00:00+00:00"],"Values":[7],"StatusCode":"Complete"}`
	var all []string
	for i := range 12 {
		all = append(all, fmt.Sprintf(result, i))
	}
	dir := fill(t, map[string]string{"results.json": `{"MetricDataResults":[` + strings.Join(all, ",\n") + `],"Messages":[]}`})
	m := newMemory()
	sum := importAll(t, m, []string{dir}, Options{})
	if sum.Malformed != 0 || sum.Skipped != 12 || len(sum.Notes) != 1 {
		t.Fatalf("%+v", sum)
	}
	if said := sum.Notes[0].String(); !strings.Contains(said, "results.json:1: result m0: no query with this Id") || !strings.Contains(said, "and 11 more like it") {
		t.Errorf("said %q", said)
	}
	for _, e := range m.entries {
		if e.Status != lake.Failed || e.Skipped != 12 || !strings.Contains(e.Reason, "no query") {
			t.Errorf("entry %+v", e)
		}
	}
	event := `{"eventId":"1","logStreamName":"s","timestamp":1,"message":"m","ingestionTime":2}`
	dir = fill(t, map[string]string{"filter.json": `{"events":[` + event + "," + event + `],"searchedLogStreams":[]}`})
	_, err := Import(t.Context(), newMemory(), []string{dir}, Options{Now: clock, OnMalformed: func(m *Malformed) { t.Errorf("malformed: %v", m) }})
	if err == nil || strings.Count(err.Error(), "--log-group") != 1 {
		t.Errorf("events without a group: %v", err)
	}
}
