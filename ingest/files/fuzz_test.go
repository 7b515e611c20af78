package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"sizewise/ingest/lake"
)

// collect reads data and checks what must hold of any input: points and events
// in range, errors of the documented kinds, malformed records with a place.
func collect(t *testing.T, data []byte, o Options) (points, events, facts, malformed int) {
	t.Helper()
	o.MaxBytes, o.MaxRecord = 1<<22, 1<<16
	for r, err := range Read(context.Background(), bytes.NewReader(data), "fuzz", o) {
		if err != nil {
			var file *FileError
			if !errors.As(err, &file) || err.Error() == "" {
				t.Fatalf("error %v", err)
			}
			continue
		}
		switch r := r.(type) {
		case *Metric:
			points++
			checkMetric(t, r)
		case *Logs:
			events += len(r.Events)
			for _, e := range r.Events {
				if e.TS < 0 || e.TS > maxTS*1000 || e.EventID == "" || e.LogGroup == "" {
					t.Fatalf("event %+v", e)
				}
			}
		case *Facts:
			facts++
			for _, row := range r.Rows {
				if row.AsOf.Unix() < 0 || row.AsOf.UnixMilli() > maxTS || row.Attribute == "" || row.Value == "" {
					t.Fatalf("fact %+v", row)
				}
			}
		case *Query:
			points++
			if r.ID == "" || r.Series != nil && (r.Series.PeriodS < 1 || r.Stat == "" || r.Series.Subject == "") {
				t.Fatalf("query %+v", r)
			}
		case *Result:
			points += len(r.TS)
			checkResult(t, r)
		case *Requests:
			events += len(r.Rows)
			for _, q := range r.Rows {
				if q.TS < 0 || q.TS > maxTS*1000 || q.Weight < 1 || q.SpanUS < 0 || q.Subject == "" || q.Source == "" {
					t.Fatalf("request %+v", q)
				}
			}
		case *Malformed:
			malformed++
			if r.Line < 1 || r.Offset < 0 || r.Offset > int64(len(data))*1100 || r.Reason == "" {
				t.Fatalf("malformed %+v", r)
			}
		}
	}
	return points, events, facts, malformed
}

func checkResult(t *testing.T, r *Result) {
	t.Helper()
	if r.ID == "" || len(r.TS) != len(r.Values) {
		t.Fatalf("result %+v", r)
	}
	for i, ts := range r.TS {
		if ts < 0 || ts > maxTS*1000 || math.IsInf(r.Values[i], 0) || math.IsNaN(r.Values[i]) {
			t.Fatalf("result %+v", r)
		}
	}
}

func checkMetric(t *testing.T, m *Metric) {
	t.Helper()
	if m.Point.TS < 0 || m.Point.TS > maxTS*1000 || m.Series.Metric == "" || m.Series.Namespace == "" || m.Series.Subject == "" {
		t.Fatalf("metric %+v %+v", m.Series, m.Point)
	}
	for i, v := range m.Point.Stats {
		if math.IsInf(v, 0) && lake.Stat(i) != lake.Average {
			t.Fatalf("statistic %d is %v", i, v)
		}
	}
}

func seed(f *testing.F, names ...string) {
	for _, name := range names {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
}

func FuzzMetricStream(f *testing.F) {
	seed(f, "metrics.ndjson")
	f.Add([]byte(`{"namespace":"N","metric_name":"m","timestamp":1e3,"value":{"sum":-1.5e-3,"\u0070\ud83d\ude00":0}}`))
	f.Fuzz(func(t *testing.T, data []byte) { collect(t, data, Options{Format: MetricStream}) })
}

func FuzzLogsSubscription(f *testing.F) {
	seed(f, "logs.json.gz", "logs-twice.gz", "logs-plain.json")
	f.Fuzz(func(t *testing.T, data []byte) { collect(t, data, Options{Format: LogsSubscription}) })
}

func FuzzDescribe(f *testing.F) {
	seed(f, "endpoint.json", "endpoint-config.json", "training-job.json", "processing-job.json", "transform-job.json",
		"inference-component.json", "recommendations-job.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []Format{
			DescribeEndpoint, DescribeEndpointConfig, DescribeTrainingJob, DescribeProcessingJob, DescribeTransformJob,
			DescribeInferenceComponent, DescribeInferenceRecommendationsJob,
		} {
			collect(t, data, Options{Format: format})
		}
	})
}

func FuzzLogsExport(f *testing.F) {
	seed(f, exportDir+"/000000")
	f.Fuzz(func(t *testing.T, data []byte) { collect(t, data, Options{Format: LogsExport, LogGroup: quay}) })
}

func FuzzLogEvents(f *testing.F) {
	seed(f, "filter-log-events.json", "get-log-events.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		collect(t, data, Options{Format: FilterLogEvents, LogGroup: quay})
		collect(t, data, Options{Format: GetLogEvents, LogGroup: quay})
	})
}

func FuzzGetMetricData(f *testing.F) {
	seed(f, "metric-data/queries.json", "metric-data/results.json")
	f.Fuzz(func(t *testing.T, data []byte) { collect(t, data, Options{Format: GetMetricData}) })
}

func FuzzConsoleCSV(f *testing.F) {
	seed(f, "console.csv")
	f.Fuzz(func(t *testing.T, data []byte) { collect(t, data, Options{Format: ConsoleCSV}) })
}

func FuzzStreamName(f *testing.F) {
	f.Add("/aws/sagemaker/Endpoints/quay", "AllTraffic-i-0a1b2c3d4e5f60718-data-log")
	f.Add("/aws/sagemaker/TrainingJobs", "job-algo-1-1795197600")
	f.Add("/aws/sagemaker/Endpoints/", "0-i-00000000-")
	f.Fuzz(func(t *testing.T, group, exported string) {
		if got := streamName(group, exported); strings.ReplaceAll(got, "/", "-") != strings.ReplaceAll(exported, "/", "-") {
			t.Errorf("%q in %q became %q", exported, group, got)
		}
	})
}

// FuzzSniff reads anything, and asks that how the bytes arrive changes nothing.
func FuzzSniff(f *testing.F) {
	seed(f, "metrics.ndjson", "logs.json.gz", "endpoint.json", "console.csv", "metric-data/results.json", "filter-log-events.json")
	f.Add([]byte("{\n{\"a\":[{\n{}]}\x1f\x8b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		points, events, facts, malformed := collect(t, data, Options{})
		var p, e, d, m int
		o := Options{MaxBytes: 1 << 22, MaxRecord: 1 << 16}
		for r := range Read(context.Background(), iotest.OneByteReader(bytes.NewReader(data)), "fuzz", o) {
			switch r := r.(type) {
			case *Metric:
				p++
			case *Logs:
				e += len(r.Events)
			case *Facts:
				d++
			case *Query:
				p++
			case *Result:
				p += len(r.TS)
			case *Malformed:
				m++
			}
		}
		if p != points || e != events || d != facts || m != malformed {
			t.Errorf("whole: %d %d %d %d; byte by byte: %d %d %d %d", points, events, facts, malformed, p, e, d, m)
		}
	})
}

// FuzzParser compares the JSON reader with encoding/json.
func FuzzParser(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,-0,"x\n\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}}`, `{"a":01}`, `{"a":1,}`, `{"":""}`, `{"a":1.}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1000 || bytes.Count(data, []byte("[")) > 500 {
			return
		}
		var p parser
		p.reset(data)
		err := p.skip()
		// A number may be valid JSON and out of range.
		if err != nil && json.Valid(data) && !bytes.ContainsAny(data, "eE") {
			t.Errorf("%q is valid: %v", data, err)
		}
		var want string
		if json.Unmarshal(data, &want) == nil && bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
			p.reset(data)
			got, err := p.str()
			if err != nil || text(got) != want {
				t.Errorf("%q: %q %v, want %q", data, got, err, want)
			}
		}
		var number float64
		if json.Unmarshal(data, &number) == nil && !bytes.Contains(data, []byte("null")) {
			p.reset(data)
			if got, err := p.number(); err != nil || got != number {
				t.Errorf("%q: %v %v, want %v", data, got, err, number)
			}
		}
	})
}
