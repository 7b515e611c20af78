package files

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sizewise/ingest/lake"
)

// What an export does to a stream's name is undone only where one reading is
// left. The patterns are those of the SageMaker developer guide.
func TestStreamName(t *testing.T) {
	const id = "i-0a1b2c3d4e5f60718"
	for _, test := range []struct{ group, exported, want string }{
		{quay, "AllTraffic-" + id, "AllTraffic/" + id},
		{quay, "blue-green-" + id + "-data-log", "blue-green/" + id + "/data-log"},
		{quay, "blue-" + id + "-container-1", "blue/" + id + "/container-1"},
		{quay, "blue-" + id + "-" + id, "blue-" + id + "-" + id},
		{quay, id, id},
		{quay, "AllTraffic/" + id, "AllTraffic/" + id},
		{quay, "AllTraffic-0123456789abcdef0123456789abcdef", "AllTraffic-0123456789abcdef0123456789abcdef"},
		{"/aws/sagemaker/InferenceComponents/c", "AllTraffic-" + id, "AllTraffic/" + id},
		{"/aws/sagemaker/TrainingJobs", "my-job-1-algo-1-1795197600", "my-job-1/algo-1-1795197600"},
		{"/aws/sagemaker/ProcessingJobs", "clean-algo-2-1795197600", "clean/algo-2-1795197600"},
		{"/aws/sagemaker/TransformJobs", "score-" + id + "-1795197600-data-log", "score/" + id + "-1795197600/data-log"},
		{"/aws/sagemaker/InferenceRecommendationsJobs", "pick-execution", "pick/execution"},
		{"/aws/sagemaker/InferenceRecommendationsJobs", "pick-Endpoint-sm-epc-1", "pick/Endpoint/sm-epc-1"},
		{"/aws/sagemaker/NotebookInstances", "nb-1-jupyter.log", "nb-1/jupyter.log"},
		{"/aws/sagemaker/LabelingJobs", "label-1", "label-1"},
		{"/ecs/app", "web-" + id, "web-" + id},
	} {
		if got := streamName(test.group, test.exported); got != test.want {
			t.Errorf("%s in %s: %s, want %s", test.exported, test.group, got, test.want)
		}
	}
}

// The stream is the folder of an export's part, and the subject of a shared
// group that of the stream.
func TestExportPlaces(t *testing.T) {
	m := newMemory()
	dir := filepath.Join(t.TempDir(), "logs", "5f0c", "tug-train-7-algo-1-1795197600")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	gz := packed(t, strings.NewReader("2026-11-20T18:00:00.000Z epoch 1\n"))
	for _, name := range []string{"000000.gz", "000001.gz"} {
		if err := os.WriteFile(filepath.Join(dir, name), gz, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sum := importAll(t, m, []string{filepath.Dir(dir)}, Options{LogGroup: "/aws/sagemaker/TrainingJobs"})
	if len(m.logs) != 2 || fmt.Sprint(sum.Subjects) != "[training/tug-train-7]" {
		t.Errorf("%d events of %v", len(m.logs), sum.Subjects)
	}
	for _, e := range m.logs {
		if e.LogStream != "tug-train-7/algo-1-1795197600" {
			t.Errorf("stream %s", e.LogStream)
		}
	}
	// A copy elsewhere is the same events, not more of them.
	copied := filepath.Join(t.TempDir(), "tug-train-7-algo-1-1795197600.log")
	if err := os.WriteFile(copied, gz, 0o600); err != nil {
		t.Fatal(err)
	}
	importAll(t, m, []string{copied}, Options{LogGroup: "/aws/sagemaker/TrainingJobs"})
	if len(m.logs) != 2 {
		t.Errorf("a copy made %d events", len(m.logs))
	}
}

// What cannot be read says what to do.
func TestRefusals(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"2026-11-20T18:00:00.123Z hello\n", "--log-group"},
		{`{"events":[{"timestamp":1,"message":"m"}],"nextForwardToken":"f"}`, "--log-group"},
		{"EVENTS\t39350\t1795197603011\ts\thello\t1795197600123\n", "--output json"},
		{"b/3935/s\tf/3935/s\nEVENTS\t1\thello\t2\n", "--output json"},
		{"events:\n- eventId: '1'\n  message: hello\n", "--output json"},
		{"---------------\n|  FilterLogEvents  |\n+------+\n", "--output table"},
		{`{"Label":"CPUUtilization","Datapoints":[{"Timestamp":"2026-11-20T18:00:00Z","Average":1.5,"Unit":"Percent"}]}`, "get-metric-data"},
		{"timeStamp,elapsed,label,responseCode,success\n1795197600000,35,a,200,true\n", "--subject"},
	} {
		_, err := Import(t.Context(), newMemory(), []string{"-"}, Options{Now: clock, Stdin: strings.NewReader(test.in)})
		sum, _ := Import(t.Context(), newMemory(), []string{"-"}, Options{Now: clock, Stdin: strings.NewReader(test.in)})
		said := fmt.Sprint(err)
		for _, m := range sum.Examples {
			said += m.Reason
		}
		if !strings.Contains(said, test.want) {
			t.Errorf("%.40q: %s, want %q", test.in, said, test.want)
		}
	}
}

const (
	oneQuery  = `{"MetricDataQueries":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/SageMaker","MetricName":%q,"Dimensions":[{"Name":"EndpointName","Value":"quay"}]},"Period":60,"Stat":"Sum"}}]}`
	oneResult = `{"MetricDataResults":[{"Id":"m1","Label":"x","Timestamps":["2026-11-20T18:00:00+00:00"],"Values":[%d],"StatusCode":%q}],"Messages":[]}`
)

// Results find the queries in the same file, else in the same folder, else in
// the import, in any order; and say what is missing.
func TestMatch(t *testing.T) {
	invocations, latency := fmt.Sprintf(oneQuery, "Invocations"), fmt.Sprintf(oneQuery, "ModelLatency")
	result := fmt.Sprintf(oneResult, 7, "Complete")
	bare := `[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/SageMaker","MetricName":"Invocations"},"Period":300,"Stat":"Sum"}},{"Id":"e1","Expression":"m1*2"}]`
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string // metrics that were found, or what is said
	}{
		{"same folder", map[string]string{"a/1": result, "a/2": invocations}, "Invocations=7"},
		{"query first", map[string]string{"a/1": invocations, "a/2": result}, "Invocations=7"},
		{"another folder", map[string]string{"a/1": invocations, "b/1": result}, "Invocations=7"},
		{"nearest", map[string]string{"a/1": invocations, "a/2": result, "b/1": latency, "b/2": fmt.Sprintf(oneResult, 9, "Complete")}, "Invocations=7 ModelLatency=9"},
		{"one file", map[string]string{"a/1": invocations + result, "a/2": latency}, "Invocations=7"},
		{"the array alone", map[string]string{"a/1": bare, "a/2": result}, "Invocations=7"},
		{"an element alone", map[string]string{"a/1": invocations, "a/2": `{"Id":"m1","Timestamps":[60],"Values":[7]}`}, "Invocations=7"},
		{"alike", map[string]string{"a/1": invocations, "a/2": invocations, "b/1": result}, "Invocations=7"},
		{"two meanings", map[string]string{"a/1": invocations, "a/2": latency, "a/3": result}, "define this Id differently"},
		{"no query", map[string]string{"a/1": result}, "--metric-data-queries"},
		{"expression", map[string]string{"a/1": bare, "a/2": strings.ReplaceAll(result, "m1", "e1")}, "of an expression"},
		{"partial", map[string]string{"a/1": invocations, "a/2": fmt.Sprintf(oneResult, 7, "PartialData")}, "Invocations=7 result m1 is PartialData: points are missing"},
	} {
		dir := t.TempDir()
		for name, content := range test.files {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		m := newMemory()
		sum := importAll(t, m, []string{dir}, Options{})
		var got []string
		for _, metric := range []string{"Invocations", "ModelLatency"} {
			for k, p := range m.points {
				if strings.Contains(k, metric) {
					got = append(got, fmt.Sprintf("%s=%v", metric, p.Stats[lake.Sum]))
				}
			}
		}
		for _, n := range sum.Notes {
			got = append(got, n.Reason)
		}
		if said := strings.Join(got, " "); !strings.Contains(said, test.want) || len(sum.Notes) == 0 && said != test.want {
			t.Errorf("%s: %s, want %s", test.name, said, test.want)
		}
	}
}

// A file without a record has one ledger row, whenever it is read.
func TestEmptyFilesOnTwoDays(t *testing.T) {
	dir := t.TempDir()
	for day := range 3 {
		now := func() time.Time { return clock().AddDate(0, 0, day) }
		l, err := lake.Create(t.Context(), lake.Options{Dir: dir, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []string{"", "no JSON\n", `{"events":[],"nextToken":"t"}`} {
			_, _ = Import(t.Context(), l, []string{"-"}, Options{Now: now, Stdin: strings.NewReader(in)})
		}
		entries, err := l.Entries(t.Context(), "", clock(), clock().Add(time.Hour))
		if err != nil || len(entries) != 3 {
			t.Errorf("day %d: %d rows, %v; want 3", day, len(entries), err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Series and streams of every kind find their subjects.
func TestSubjectsOfAllKinds(t *testing.T) {
	const point = `{"namespace":%q,"metric_name":"m","dimensions":%s,"timestamp":0,"value":{"sum":1}}`
	for _, test := range []struct{ namespace, dims, want string }{
		{"/aws/sagemaker/TrainingJobs", `{"Host":"job/algo-1"}`, "training/job"},
		{"/aws/sagemaker/ProcessingJobs", `{"Host":"job/algo-1"}`, "processing/job"},
		{"/aws/sagemaker/TransformJobs", `{"Host":"job/i-0abc"}`, "transform/job"},
		{"AWS/SageMaker", `{"InferenceComponentName":"c"}`, "component/c"},
		{"AWS/Sagemaker/ModelBuildingPipeline", `{"PipelineName":"p"}`, "pipeline/p"},
	} {
		sum := importAll(t, newMemory(), []string{"-"}, Options{Stdin: strings.NewReader(fmt.Sprintf(point, test.namespace, test.dims))})
		if fmt.Sprint(sum.Subjects) != "["+test.want+"]" {
			t.Errorf("%+v: %v", test, sum.Subjects)
		}
	}
	const record = `{"messageType":"DATA_MESSAGE","logGroup":%q,"logStream":%q,"logEvents":[{"id":"1","timestamp":1,"message":"m"}]}`
	for _, test := range []struct{ group, stream, want string }{
		{"/aws/sagemaker/TrainingJobs", "job/algo-1-1", "training/job"},
		{"/aws/sagemaker/LabelingJobs", "job", "labeling/job"},
		{"/aws/sagemaker/InferenceComponents/c", "s", "component/c"},
		{"/ecs/app", "s", "logs//ecs/app"},
	} {
		sum := importAll(t, newMemory(), []string{"-"}, Options{Stdin: strings.NewReader(fmt.Sprintf(record, test.group, test.stream))})
		if fmt.Sprint(sum.Subjects) != "["+test.want+"]" {
			t.Errorf("%+v: %v", test, sum.Subjects)
		}
	}
}

// bucket is S3 in memory.
type bucket map[string]string

func (b bucket) List(_ context.Context, name, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		if name != "b" {
			yield(Object{}, fmt.Errorf("no bucket %s", name))
			return
		}
		for key := range b {
			if strings.HasPrefix(key, prefix) && !yield(Object{Key: key, ETag: `"e1"`}, nil) {
				return
			}
		}
	}
}

func (b bucket) Open(_ context.Context, _, key string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(b[key])), nil
}

func TestObjects(t *testing.T) {
	b := bucket{
		"logs/aws-logs-write-test":                           "Permission Check Successful",
		"logs/5f0c/AllTraffic-i-0a1b2c3d4e5f60718/000000.gz": string(packed(t, strings.NewReader("2026-11-20T18:00:00.000Z hello\n"))),
		"logs/":        "",
		"logs/.hidden": "x",
		"other":        "x",
	}
	m := newMemory()
	o := Options{Objects: b, LogGroup: quay}
	sum := importAll(t, m, []string{"s3://b/logs/"}, o)
	if sum.Files != 1 || len(m.logs) != 1 {
		t.Errorf("%+v", sum)
	}
	for _, e := range m.logs {
		if e.LogStream != "AllTraffic/i-0a1b2c3d4e5f60718" {
			t.Errorf("stream %s", e.LogStream)
		}
	}
	o.Now, o.LogGroup = clock, ""
	for path, want := range map[string]string{
		"s3://b/nothing": "no object's key begins so", "s3://c/x": "no bucket c", "s3:///x": "s3://BUCKET/PREFIX", "s3://b/other": "not a JSON object",
	} {
		if _, err := Import(t.Context(), m, []string{path}, o); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	found := false
	for _, e := range m.entries {
		found = found || e.Scope == "s3://b/other e1"
	}
	if !found {
		t.Errorf("no ledger row names key and etag")
	}
	if _, err := Import(t.Context(), m, []string{"s3://b/logs/"}, Options{Now: clock}); err == nil {
		t.Error("S3 without access is no error")
	}
}

// Secrets in the texts of a load test are masked as those of logs are.
func TestRequestsAreMasked(t *testing.T) {
	const in = "timeStamp,elapsed,label,responseCode,responseMessage,success,failureMessage\n" +
		"1795197600000,35,POST /invocations,403,Forbidden,false,sent Authorization: Bearer abcdef0123456789abcdef0123456789\n"
	for _, keep := range []bool{false, true} {
		m := newMemory()
		importAll(t, m, []string{"-"}, Options{Stdin: strings.NewReader(in), Subject: "endpoint/quay", NoRedact: keep})
		if strings.Contains(m.rows(), "abcdef0123456789") != keep || len(m.requests) != 1 {
			t.Errorf("keep %v: %s", keep, m.rows())
		}
	}
}
