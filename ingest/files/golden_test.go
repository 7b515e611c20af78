package files

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// exampleOf is a small file of one format, written by hand from its public
// documentation, and the options that it needs.
type exampleOf struct {
	format Format
	paths  []string
	o      Options
}

const (
	quay      = "/aws/sagemaker/Endpoints/quay"
	exportDir = "export/0d3f6b1c-5a52-4d0e-9f60-2b7b3c0f9e11/AllTraffic-i-0a1b2c3d4e5f60718"
)

func examples() []exampleOf {
	return []exampleOf{
		{MetricStream, testdata("metrics.ndjson"), Options{}},
		{LogsSubscription, testdata("logs-plain.json"), Options{}},
		{LogsExport, testdata("export"), Options{LogGroup: quay}},
		{FilterLogEvents, testdata("filter-log-events.json"), Options{LogGroup: quay}},
		{GetLogEvents, testdata("get-log-events.json"), Options{LogGroup: quay, LogStream: "AllTraffic/i-0a1b2c3d4e5f60718"}},
		{GetMetricData, testdata("metric-data"), Options{Region: "eu-west-1", Account: "210987654321"}},
		{ConsoleCSV, testdata("console.csv"), Options{}},
		{DescribeEndpoint, testdata("endpoint.json"), Options{}},
		{DescribeEndpointConfig, testdata("endpoint-config.json"), Options{}},
		{DescribeTrainingJob, testdata("training-job.json"), Options{}},
		{DescribeProcessingJob, testdata("processing-job.json"), Options{}},
		{DescribeTransformJob, testdata("transform-job.json"), Options{}},
		{DescribeInferenceComponent, testdata("inference-component.json"), Options{}},
		{DescribeInferenceRecommendationsJob, testdata("recommendations-job.json"), Options{}},
		{"jmeter-csv", testdata("requests.jtl"), Options{Subject: "endpoint/quay"}},
	}
}

// TestGolden reads every format into rows, by content and by name, and holds
// them against testdata/golden.
func TestGolden(t *testing.T) {
	for _, ex := range examples() {
		t.Run(string(ex.format), func(t *testing.T) {
			m := newMemory()
			sum := importAll(t, m, ex.paths, ex.o)
			got := m.rows() + fmt.Sprintf("malformed %d subjects %v\n", sum.Malformed, sum.Subjects)
			for _, bad := range sum.Examples {
				got += bad.String() + "\n"
			}
			for _, n := range sum.Notes {
				got += "note " + n.String() + "\n"
			}
			path := filepath.Join("testdata", "golden", string(ex.format)+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("rows differ from %s; got\n%s", path, got)
			}
			forced := newMemory()
			ex.o.Format = ex.format
			importAll(t, forced, ex.paths, ex.o)
			if forced.rows() != m.rows() {
				t.Error("--format reads other rows than detection")
			}
		})
	}
}

// Importing again, in another order, in smaller batches and on another day,
// changes nothing.
func TestAgainChangesNothing(t *testing.T) {
	for _, ex := range examples() {
		m := newMemory()
		importAll(t, m, ex.paths, ex.o)
		before := m.dump()
		o := ex.o
		o.Now = func() time.Time { return clock().AddDate(0, 0, 3) }
		o.BatchEvents = 1
		files := filesBelow(t, ex.paths)
		slices.Reverse(files)
		sum, err := Import(context.Background(), m, files, o)
		if err != nil {
			t.Fatal(err)
		}
		if sum.Added != 0 || sum.Changed != 0 || withoutFetched(m.dump()) != withoutFetched(before) {
			t.Errorf("%s: importing again: %+v", ex.format, sum)
		}
	}
}

func filesBelow(t *testing.T, paths []string) (out []string) {
	t.Helper()
	for _, p := range paths {
		err := filepath.WalkDir(p, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				out = append(out, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// withoutFetched leaves out when ledger rows were fetched.
func withoutFetched(dump string) string {
	for d := range 4 {
		day := clock().AddDate(0, 0, d).String()
		dump = strings.ReplaceAll(dump, day, "DAY")
	}
	return dump
}

// rows prints what m holds besides the ledger, one row a line.
func (m *memory) rows() string {
	var out []string
	for k, p := range m.points {
		line := "point " + k
		for i, v := range p.Stats {
			if !math.IsNaN(v) {
				line += fmt.Sprintf(" %d=%v", i, v)
			}
		}
		out = append(out, line+fmt.Sprint(" ", p.Other))
	}
	for _, e := range m.logs {
		out = append(out, fmt.Sprintf("log %s %s %s %s %d %d %s %q %s %s", e.Subject, e.LogGroup, e.LogStream,
			stamp(e.TS), e.IngestedAt, e.Seq, e.EventID, e.Message, e.Level, e.Exception))
	}
	for _, r := range m.resources {
		out = append(out, fmt.Sprintf("fact %s %s %s %s=%q %s %s %s", r.Subject, r.Kind, r.Name, r.Attribute, r.Value,
			r.AsOf.Format(time.RFC3339Nano), r.Account, r.Region))
	}
	for _, r := range m.requests {
		r.Seq &= 1<<32 - 1
		out = append(out, fmt.Sprintf("request %+v", r))
	}
	slices.Sort(out)
	return strings.Join(out, "\n") + "\n"
}

func stamp(us int64) string { return time.UnixMicro(us).UTC().Format("2006-01-02T15:04:05.000000Z") }

// A fact has the same name, kind and value whether SageMaker is asked or its
// printed answer is read; these are the ones that analysis relies on.
func TestJobFacts(t *testing.T) {
	m := newMemory()
	importAll(t, m, testdata("training-job.json", "processing-job.json", "transform-job.json", "inference-component.json"), Options{})
	has := map[string]string{}
	for _, r := range m.resources {
		has[r.Subject+" "+r.Kind+" "+r.Name+" "+r.Attribute] = r.Value
	}
	for k, want := range map[string]string{
		"training/tug-train-7 training_job tug-train-7 instance_count":      "2",
		"training/tug-train-7 training_job tug-train-7 start_time":          "2026-11-20T09:03:10Z",
		"training/tug-train-7 training_job tug-train-7 billable_seconds":    "1210",
		"training/tug-train-7 training_job tug-train-7 managed_spot":        "true",
		"training/tug-train-7 phase 002 message":                            "Training image download completed",
		"processing/clean-berths-3 processing_job clean-berths-3 volume_gb": "30",
		"transform/score-hulls-9 transform_job score-hulls-9 end_time":      "2026-11-20T09:34:00Z",
		"component/pilot-llm inference_component pilot-llm accelerators":    "1",
	} {
		if has[k] != want {
			t.Errorf("%s is %q, want %q", k, has[k], want)
		}
	}
}
