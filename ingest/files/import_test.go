package files

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sizewise/ingest/lake"
)

func testdata(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, filepath.Join("testdata", n))
	}
	return out
}

var all = testdata("metrics.ndjson", "logs.json.gz", "endpoint.json", "endpoint-config.json")

func importAll(t *testing.T, m *memory, paths []string, o Options) Summary {
	t.Helper()
	o.Now = clock
	sum, err := Import(context.Background(), m, paths, o)
	if err != nil {
		t.Fatalf("Import(%v): %v", paths, err)
	}
	return sum
}

func TestImport(t *testing.T) {
	m := newMemory()
	sum := importAll(t, m, all, Options{})
	if sum.Files != 4 || sum.Points != 33 || sum.Events != 6 || sum.Documents != 2 || sum.Malformed != 0 {
		t.Errorf("summary %+v", sum)
	}
	if got := fmt.Sprint(sum.Subjects); got != "[cloudwatch/AWS/EC2 endpoint/harbor-cranes endpoint_config/harbor-cranes-v4]" {
		t.Errorf("subjects %s", got)
	}
	if len(m.points) != 32 { // one of 33 came twice
		t.Errorf("%d points", len(m.points))
	}
	find := func(metric string, ts int64) lake.Point {
		t.Helper()
		for k, p := range m.points {
			if strings.Contains(k, metric) && p.TS == ts {
				return p
			}
		}
		t.Fatalf("no %s at %d", metric, ts)
		return lake.Point{}
	}
	const t0 = 1795183380_000_000
	if p := find("Invocations", t0); p.Stats[lake.Sum] != 131 {
		t.Errorf("the point that was sent again has sum %v", p.Stats[lake.Sum])
	}
	p := find("ModelLatency", t0+60_000_000)
	if p.Stats[lake.Average] != 4801000.0/120 || p.Stats[lake.P99] != 82000.25 || p.Stats[lake.P999] != 89000 || p.Other["TM(25%:75%)"] != 39000 {
		t.Errorf("latency %+v", p)
	}
	if p := find("DiskWriteOps", t0+38_000_000); !math.IsNaN(p.Stats[lake.P99]) {
		t.Errorf("a statistic that was not streamed is %v", p.Stats[lake.P99])
	}
	for k := range m.points {
		if want := strings.Contains(k, "ConcurrentRequests"); strings.Contains(k, " 10 [") != want {
			t.Errorf("period of %s", k)
		}
	}
}

// Logs are the same rows whatever they are packed in.
func TestImportLogs(t *testing.T) {
	want := newMemory()
	importAll(t, want, testdata("logs-plain.json"), Options{})
	if len(want.logs) != 6 {
		t.Fatalf("%d events", len(want.logs))
	}
	for _, name := range []string{"logs.json.gz", "logs-twice.gz"} {
		m := newMemory()
		importAll(t, m, testdata(name), Options{})
		for k, v := range want.logs {
			if m.logs[k] != v {
				t.Errorf("%s: %s\n got %+v\nwant %+v", name, k, m.logs[k], v)
			}
		}
	}
	for _, e := range want.logs {
		switch {
		case strings.Contains(e.Message, "api-key") && !strings.Contains(e.Message, "<redacted:api-key>"),
			strings.Contains(e.Message, "cannot reach") && (e.Level != "ERROR" || e.Thread != "W-9000-cranes_1.0-stderr"),
			strings.Contains(e.Message, "features") && e.Exception != "ValueError",
			e.Subject != "endpoint/harbor-cranes", e.Skeleton == "":
			t.Errorf("event %+v", e)
		}
	}
	m := newMemory()
	importAll(t, m, testdata("logs-plain.json"), Options{NoRedact: true})
	if !strings.Contains(m.dump(), "sk9f2-not-real-77") {
		t.Error("NoRedact masks")
	}
}

// Facts are joined whatever order the files come in.
func TestImportFacts(t *testing.T) {
	var dumps []string
	for _, names := range [][]string{{"endpoint.json", "endpoint-config.json"}, {"endpoint-config.json", "endpoint.json"}} {
		m := newMemory()
		importAll(t, m, testdata(names...), Options{})
		dumps = append(dumps, m.dump())
		has := map[string]string{}
		for _, r := range m.resources {
			if r.Subject == "endpoint/harbor-cranes" {
				has[r.Kind+" "+r.Name+" "+r.Attribute] = r.Value
			}
		}
		for k, want := range map[string]string{
			"variant blue instance_type":                                  "ml.c6i.xlarge",
			"variant blue current_instance_count":                         "2",
			"variant blue initial_instance_count":                         "2",
			"variant blue current_weight":                                 "1",
			"endpoint harbor-cranes status":                               "InService",
			"endpoint harbor-cranes last_modified_time":                   "2026-11-19T09:02:33.871Z",
			"endpoint_config harbor-cranes-v4 creation_time":              "2026-11-19T08:55:00.25Z",
			"endpoint_config harbor-cranes-v4 metric_publish_frequency_s": "60",
		} {
			if has[k] != want {
				t.Errorf("%v: %s is %q, want %q", names, k, has[k], want)
			}
		}
	}
	if dumps[0] != dumps[1] {
		t.Error("the order of files changes the facts")
	}
	for _, name := range []string{"endpoint.json", "endpoint-config.json"} {
		m := newMemory()
		importAll(t, m, testdata(name), Options{})
		if len(m.resources) == 0 || len(m.entries) == 0 {
			t.Errorf("%s alone gives nothing", name)
		}
	}
	m := newMemory()
	importAll(t, m, testdata("endpoint-config.json"), Options{Subject: "endpoint/other"})
	if !strings.Contains(m.dump(), "endpoint/other variant blue instance_type") {
		t.Error("a config alone does not belong to the subject that was given")
	}
}

func TestImportTwiceChangesNothing(t *testing.T) {
	m := newMemory()
	importAll(t, m, all, Options{})
	before := m.dump()
	sum := importAll(t, m, all, Options{})
	if m.dump() != before {
		t.Error("importing again changes rows")
	}
	if sum.Added != 0 || sum.Changed != 0 {
		t.Errorf("importing again: %+v", sum)
	}
	other := newMemory() // tiny batches write the same rows
	importAll(t, other, all, Options{BatchPoints: 12, BatchEvents: 1})
	if other.dump() != before {
		t.Error("the size of batches changes rows")
	}
	if other.puts <= m.puts/2 {
		t.Errorf("%d puts with tiny batches", other.puts)
	}
}

func TestImportDirectoryAndStdin(t *testing.T) {
	dir := t.TempDir()
	for i, p := range all {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		sub := filepath.Join(dir, fmt.Sprintf("2026/%d", i))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sub, "x"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".hidden"), []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	if sum := importAll(t, newMemory(), []string{dir}, Options{}); sum.Files != 4 || sum.Points != 33 || sum.Events != 6 {
		t.Errorf("directory: %+v", sum)
	}
	b, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	if sum := importAll(t, newMemory(), []string{"-"}, Options{Stdin: bytes.NewReader(b)}); sum.Points != 33 {
		t.Errorf("stdin: %+v", sum)
	}
}

// What is wrong with one file is said with its name and does not touch others.
func TestImportBadFiles(t *testing.T) {
	dir := t.TempDir()
	packed, err := os.ReadFile("testdata/logs.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	var bomb bytes.Buffer
	zw := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(zw, zeros{}, 64<<20); err != nil {
		t.Fatal(err)
	}
	zw.Close()
	for _, test := range []struct {
		name, content, want string
		o                   Options
	}{
		{"truncated.gz", string(packed[:len(packed)-30]), "truncated gzip: unexpected EOF (3 records before it are kept)", Options{}},
		{"corrupt.gz", string(packed[:40]) + "xxxxxxxx" + string(packed[48:]), "corrupt gzip", Options{}},
		{"shape.json", `{"Datapoint":[{"Sum":1}],"Label":"x"}`, `JSON of another shape: keys "Datapoint", "Label"; docs/import.md names the formats`, Options{}},
		{"statistics.json", `{"Label":"x","Datapoints":[{"Sum":1}]}`, "use get-metric-data", Options{}},
		{"text.log", "hello\nworld\n", `line 1: not a JSON object: starts with "hello`, Options{}},
		{"bomb.gz", bomb.String(), "decompression bomb", Options{}},
		{"big.gz", bomb.String(), "more than 1000000 bytes", Options{MaxBytes: 1e6}},
		{"forced", `{"messageType":"DATA_MESSAGE"}`, "not a metric-stream document", Options{Format: MetricStream}},
	} {
		path := filepath.Join(dir, test.name)
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		m := newMemory()
		test.o.Now = clock
		paths := []string{path, "testdata/metrics.ndjson"}
		if test.o.Format == Auto {
			paths = append(paths, filepath.Join(dir, "missing"))
		}
		sum, err := Import(context.Background(), m, paths, test.o)
		var file *FileError
		if !errors.As(err, &file) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.name) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
		if len(m.points) != 32 && test.o.MaxBytes == 0 {
			t.Errorf("%s: the other file has %d points", test.name, len(m.points))
		}
		if test.o.Format == Auto && !strings.Contains(err.Error(), "missing: no such file") {
			t.Errorf("%s: %v does not name the missing file", test.name, err)
		}
		if sum.Failed == 0 {
			t.Errorf("%s: %+v", test.name, sum)
		}
		bad := 0
		for _, e := range m.entries {
			if e.Status == lake.Failed || e.Status == lake.Partial {
				bad++
				if e.Reason == "" {
					t.Errorf("%s: no reason in %+v", test.name, e)
				}
			}
		}
		if bad != 1 {
			t.Errorf("%s: %d bad ledger rows", test.name, bad)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Malformed records are named by line, counted, and skipped.
func TestImportMalformed(t *testing.T) {
	good := `{"namespace":"N","metric_name":"m","dimensions":{},"timestamp":60000,"value":{"count":1,"sum":2,"max":2,"min":2},"unit":"None"}`
	lines := []string{
		good,
		`{"namespace":"N","metric_name":"m","dimensions":{},"timestamp":60000,"value":{"count":1,"su`,
		good,
		`{"namespace":"N","metric_name":"m","dimensions":{"A":`,
		good,
		`not json`,
		`{"namespace":"N","metric_name":"m","timestamp":-5,"value":{"sum":1}}`,
		`{"namespace":"N","metric_name":"m","timestamp":60000,"value":{"sum":1e999}}`,
		`{"namespace":"N","metric_name":"m","timestamp":60000,"value":{"sum":NaN}}`,
		`{"namespace":"N","metric_name":"m","timestamp":60000,"value":7}`,
		`{"namespace":"N","metric_name":7,"timestamp":60000,"value":{"sum":1}}`,
		`{"namespace":"N","metric_name":"m","timestamp":"now","value":{"sum":1}}`,
		`{"namespace":"N","metric_name":"m","timestamp":60000,"value":{}}`,
		`{"namespace":"N","timestamp":60000,"value":{"sum":1}}`,
		`{"namespace":"N","metric_name":"m","dimensions":[1],"timestamp":60000,"value":{"sum":1}}`,
		`{"other":"shape"}`,
		`{"a":` + strings.Repeat(`[`, 200) + strings.Repeat(`]`, 200) + `}`,
		`{"a":"` + strings.Repeat(`x`, 5000) + `"}`,
		`{"namespace":"N","metric_name":"m","timestamp":60000,"value":{"sum":1,}}`,
		good,
		`{"namespace":"N","metric_name":"m"`,
	}
	bad := map[int64]bool{}
	for i, l := range lines {
		if l != good {
			bad[int64(i+1)] = true
		}
	}
	path := filepath.Join(t.TempDir(), "m.ndjson")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	sum := importAll(t, m, []string{path}, Options{MaxRecord: 4000, OnMalformed: func(m *Malformed) {
		if !bad[m.Line] || m.File != path || m.Reason == "" {
			t.Errorf("malformed: %v", m)
		}
		delete(bad, m.Line)
	}})
	if len(bad) != 0 || sum.Malformed != 17 || sum.Points != 4 {
		t.Errorf("not reported: lines %v; %+v", bad, sum)
	}
	for _, e := range m.entries {
		if e.Skipped != 17 || e.Status != lake.Partial || e.Rows != 4 {
			t.Errorf("entry %+v", e)
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, test := range []struct {
		seconds []float64
		want    int32
	}{
		{[]float64{0}, 60},
		{[]float64{58}, 60},
		{[]float64{0, 60, 300}, 60},
		{[]float64{58, 118}, 60},
		{[]float64{0, 30, 60}, 30},
		{[]float64{20, 0}, 20},
		{[]float64{0, 10, 60}, 10},
		{[]float64{60, 5}, 5},
		{[]float64{0, 1}, 1},
		{[]float64{0, 7}, 1},
		{[]float64{0, 0.5}, 1},
		{[]float64{0, 90}, 30},
		{[]float64{0, 15}, 5},
	} {
		var b strings.Builder
		for _, s := range test.seconds {
			fmt.Fprintf(&b, `{"namespace":"N","metric_name":"m","timestamp":%.0f,"value":{"sum":1}}`, s*1000)
		}
		m := newMemory()
		importAll(t, m, []string{"-"}, Options{Stdin: strings.NewReader(b.String())})
		for k := range m.points {
			if !strings.Contains(k, fmt.Sprintf(" %d [", test.want)) {
				t.Errorf("%v: %s, want period %d", test.seconds, k, test.want)
			}
		}
	}
}

// Subjects and series that a stream could be used to confuse.
func TestSubjects(t *testing.T) {
	const form = `{"namespace":%q,"metric_name":"m","dimensions":%s,"timestamp":0,"value":{"sum":1}}`
	for _, test := range []struct{ namespace, dims, given, want string }{
		{"AWS/SageMaker", `{"VariantName":"v","EndpointName":"e"}`, "endpoint/other", "endpoint/e"},
		{"AWS/SageMaker", `{"EndpointName":"../../etc"}`, "", "cloudwatch/AWS/SageMaker"},
		{"AWS/SageMaker", `{"EndpointName":"e/v"}`, "", "cloudwatch/AWS/SageMaker"},
		{"Mine", `{}`, "endpoint/other", "endpoint/other"},
		{"Mine", `null`, "", "cloudwatch/Mine"},
	} {
		m := newMemory()
		sum := importAll(t, m, []string{"-"}, Options{Subject: test.given, Stdin: strings.NewReader(fmt.Sprintf(form, test.namespace, test.dims))})
		if len(sum.Subjects) != 1 || sum.Subjects[0] != test.want {
			t.Errorf("%+v: subjects %v", test, sum.Subjects)
		}
	}
}
