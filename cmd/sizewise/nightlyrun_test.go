package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

// nightRows says what a lake holds of metrics and logs, whenever and in how
// many runs it came.
const nightRows = `
SELECT 'metrics' AS dataset, count(*) AS n, bit_xor(hash(subject, namespace, metric, dim_set, CAST(dims AS VARCHAR), period_s, ts, sample_count, sum, average, minimum, maximum, p50, p99)) AS h FROM metrics WHERE period_s >= 60
UNION ALL
SELECT 'logs', count(*), bit_xor(hash(log_group, log_stream, ts, event_id, seq, message, level, skeleton)) FROM logs
UNION ALL
SELECT 'resources', count(DISTINCT hash(kind, name, attribute, value)), NULL FROM resources WHERE kind <> 'scalable_target'
ORDER BY dataset`

// checkRepeatedInAnOutage repeats a night without AWS, and without credentials:
// it is judged from the lake, says that it is incomplete and why, and else what it
// said.
func checkRepeatedInAnOutage(t *testing.T, w *nightWorld, config string) {
	t.Helper()
	index := func() string {
		text, err := os.ReadFile(filepath.Join(w.dir, "reports", cutOf(w.now()).Format("2006-01-02"), "index.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := index()
	for _, change := range [][2]string{{"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}, {"AWS_SECRET_ACCESS_KEY", ""}} {
		old := os.Getenv(change[0])
		t.Setenv(change[0], change[1])
		got := w.sizewise("nightly", "--config", config)
		if got.code != exitFailure || strings.Contains(got.err, "no endpoint is like") {
			t.Errorf("with %s=%q: exit %d: %s", change[0], change[1], got.code, got.err)
		}
		head, rest, gap := strings.Cut(index(), "\n## What could not be asked\n\n- ")
		_, rest, _ = strings.Cut(rest, "\n\n")
		if after := strings.Replace(head, " (incomplete)", "", 1) + "\n" + rest; !gap || !strings.Contains(head, " (incomplete)") || after != before {
			t.Errorf("with %s=%q the index is\n%s\nwant it incomplete, and else\n%s", change[0], change[1], index(), before)
		}
		t.Setenv(change[0], old)
	}
	if got := w.sizewise("nightly", "--config", config); got.code != exitVerdict || index() != before {
		t.Errorf("after the outage: exit %d: %s", got.code, got.err)
	}
}

func smallWorld(t *testing.T, nights int, changes ...estate.Change) (*nightWorld, time.Time) {
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	for i := range changes {
		changes[i].At = start.Add(changes[i].At.Sub(time.Time{}))
	}
	w := newNightWorld(t, estate.Config{
		Seed: 5, Start: start, End: start.Add(time.Duration(nights)*24*time.Hour + 2*time.Hour), Kinds: []string{}, Plain: 2,
		Lifelike: true, Brief: true, LogEvents: 2, Samples: 6, Changes: changes,
	})
	for i := range w.estate.Account.Endpoints {
		w.estate.Account.Endpoints[i].Tags = map[string]string{"team": []string{"search", "ads"}[i%2]}
	}
	return w, start
}

func (w *nightWorld) night(start time.Time, n int) {
	w.clock.Store(start.Add(time.Duration(n)*24*time.Hour + 75*time.Minute).Unix())
}

// TestNightly is some nights of two endpoints: CloudWatch fails in one of them,
// and the next has its data; the lake is that of one pull, and a night that is
// repeated gives the same bytes.
func TestNightly(t *testing.T) {
	const nights = 5
	w, start := smallWorld(t, nights, estate.Change{
		Effect: estate.Errors, Endpoint: estate.PlainName(1), At: time.Time{}.Add(3*24*time.Hour + 10*time.Hour), Factor: 0.02,
	})
	config := w.write(t, "sizewise.yaml", fmt.Sprintf(`
lake: %[1]s/lake
reports: %[1]s/reports
subjects:
  - match: endpoint/estate-*
    slo: errors<1%%
backfill: 1
max_attempts: 1
pages: changed
keep: {reports: 3}
summary: %[1]s/summary.md
junit: %[1]s/junit.xml
`, w.dir))
	if err := os.MkdirAll(filepath.Join(w.dir, "reports", "2026-01-01"), 0o755); err != nil {
		t.Fatal(err)
	}
	var codes []int
	for n := 1; n <= nights; n++ {
		w.night(start, n)
		if n == 4 { // the night after the change
			w.aws.Server.Inject(server.Outage("GetMetricData", start, w.now().Add(time.Hour)))
		}
		got := w.sizewise("nightly", "--config", config, "--json")
		w.aws.Server.ClearFaults()
		codes = append(codes, got.code)
		checkLines(t, got.out)
		if n == 4 && !strings.Contains(got.err, "the next night asks again") {
			t.Errorf("the outage is not told of: %s", got.err)
		}
	}
	if want := []int{0, 0, 0, 1, 3}; !slices.Equal(codes, want) {
		t.Errorf("exit codes %v, want %v", codes, want)
	}
	last := readNight(t, w.dir, w.now())
	if s := last.Subjects[0]; s.Subject != "endpoint/"+estate.PlainName(1) || s.Changes[0].Metric != "errors_5xx" || !s.Changes[0].Worse {
		t.Errorf("the change of the lost night is not told first: %+v", s)
	}
	before := snapshot(t, filepath.Join(w.dir, "reports"))
	w.clock.Add(600)
	if got := w.sizewise("nightly", "--config", config); got.code != exitVerdict {
		t.Errorf("repeated: exit %d: %s", got.code, got.err)
	}
	if after := snapshot(t, filepath.Join(w.dir, "reports")); after != before {
		t.Error("the night repeated has other bytes")
	}
	checkRepeatedInAnOutage(t, w, config)
	left, err := filepath.Glob(filepath.Join(w.dir, "reports", "2026-*"))
	if err != nil || len(left) != 5 { // four nights and the stranger's
		t.Errorf("directories left: %v", left)
	}
	checkJUnit(t, filepath.Join(w.dir, "junit.xml"))
	summary, err := os.ReadFile(filepath.Join(w.dir, "summary.md"))
	if err != nil || !strings.HasPrefix(string(summary), "# 1 of 2 subjects changed") || strings.Contains(string(summary), "](") {
		t.Errorf("summary: %v\n%s", err, summary)
	}
	t.Logf("%s", summary)
	whole := filepath.Join(w.dir, "whole")
	if got := w.sizewise("--lake", whole, "ingest", "endpoint/estate-000", "endpoint/estate-001", "--start", show(start), "--end", show(cutOf(w.now()))); got.code != 0 {
		t.Fatalf("pulling in one go: %s", got.err)
	}
	inNights := w.sizewise("--lake", filepath.Join(w.dir, "lake"), "sql", "--format", "csv", nightRows).out
	inOne := w.sizewise("--lake", whole, "sql", "--format", "csv", nightRows).out
	if inNights != inOne {
		t.Errorf("pulled night by night the lake holds\n%swant, as in one go,\n%s", inNights, inOne)
	}
}

func checkLines(t *testing.T, out string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines of JSON, want one a subject:\n%s", len(lines), out)
	}
	for _, l := range lines {
		var line nightLine
		if err := json.Unmarshal([]byte(l), &line); err != nil || !strings.HasPrefix(line.Subject, "endpoint/") || line.Status == "" {
			t.Errorf("%v: %s", err, l)
		}
	}
}

func checkJUnit(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var suite junitSuite
	if err := xml.Unmarshal(text, &suite); err != nil || suite.Tests != 2 || suite.Failures != 1 || len(suite.Cases) != 2 {
		t.Errorf("%v: %s", err, text)
	}
}

// snapshot is all files of a directory with their contents.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var b bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".lock" {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s\n%s\n", path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestNightlyLimits stops at the money, names what was not asked and goes on
// the next time; by tag, one of two is meant.
func TestNightlyLimits(t *testing.T) {
	w, start := smallWorld(t, 1)
	w.night(start, 1)
	config := w.write(t, "sizewise.yaml", fmt.Sprintf("lake: %[1]s/lake\nreports: %[1]s/reports\nsubjects: [{match: endpoint/*}]\nbackfill: 1\npages: none\nmax_cost: 0.001\n", w.dir))
	got := w.sizewise("nightly", "--config", config)
	if got.code != exitFailure || !strings.Contains(got.err, "max_cost of 0.001 USD is used up") || !strings.Contains(got.err, "endpoint/estate-001") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	got = w.sizewise("nightly", "--config", config, "--max-cost", "5", "--max-time", "1ns")
	if got.code != exitFailure || !strings.Contains(got.err, "max_time of 1ns is used up") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	got = w.sizewise("nightly", "--config", config, "--max-cost", "5")
	if night := readNight(t, w.dir, w.now()); got.code != exitOK || night.Subjects[0].Hours != 24 || night.Subjects[1].Hours != 24 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	tagged := w.write(t, "tagged.yaml", fmt.Sprintf("lake: %[1]s/lake\nreports: %[1]s/reports\nsubjects: [{tag: {team: sea*}}]\nbackfill: 1\npages: none\n", w.dir))
	if got = w.sizewise("nightly", "--config", tagged); got.code != exitOK || len(readNight(t, w.dir, w.now()).Subjects) != 1 {
		t.Errorf("by tag: exit %d: %s", got.code, got.err)
	}
	lock, err := lockReports(filepath.Join(w.dir, "reports"), "sizewise nightly", w.now())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if got = w.sizewise("nightly", "--config", config); got.code != exitFailure || !strings.Contains(got.err, "sizewise nightly, process") {
		t.Errorf("locked: exit %d: %s", got.code, got.err)
	}
}
