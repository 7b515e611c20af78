package loadtest

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleFiles are the files in testdata and the format that each is in.
func sampleFiles() map[string]Format {
	return map[string]Format{
		"k6.json": K6JSON, "k6-old.json": K6JSON,
		"k6.csv": K6CSV, "k6-rfc3339.csv": K6CSV,
		"locust_stats_history.csv": LocustHistory, "locust-full_stats_history.csv": LocustHistory, "locust-cut_stats_history.csv": LocustHistory, "locust-cut-full_stats_history.csv": LocustHistory,
		"locust.json": LocustJSON,
		"vegeta.json": VegetaJSON, "vegeta.csv": VegetaCSV, "vegeta-9.csv": VegetaCSV,
		"jmeter.jtl": JMeterCSV, "jmeter-noheader.jtl": JMeterCSV, "jmeter-noheader-2.jtl": JMeterCSV, "jmeter-tabs.jtl": JMeterCSV,
		"fortio.json": FortioJSON, "fortio-old.json": FortioJSON,
		"aiperf.jsonl": AIPerfRecords, "aiperf.json": AIPerfSummary, "aiperf-local.json": AIPerfSummary,
		"guidellm-0.3.json": GuideLLM, "guidellm.json": GuideLLM,
	}
}

func sampleNames() []string {
	var names []string
	for name := range sampleFiles() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "loadtest", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// dump prints every record of data, one a line.
func dump(data io.Reader, f Format, o Options) string {
	var b strings.Builder
	for r, err := range Read(context.Background(), data, f, o) {
		if err != nil {
			fmt.Fprintf(&b, "error: %v\n", err)
			continue
		}
		switch r := r.(type) {
		case *Sample:
			at := time.UnixMicro(r.TS).UTC().Format("2006-01-02T15:04:05.000000")
			fmt.Fprintf(&b, "%s span=%d us=%d status=%d route=%q weight=%d ttft=%d in=%d out=%d error=%q\n",
				at, r.SpanUS, r.DurationUS, r.Status, r.Route, r.Weight, r.TTFTUS, r.TokensIn, r.TokensOut, r.Error)
		case *Malformed:
			fmt.Fprintf(&b, "malformed at %d, %s\n", r.Offset, r)
		case *Note:
			fmt.Fprintf(&b, "note, %s\n", r)
		}
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, name := range sampleNames() {
		t.Run(name, func(t *testing.T) {
			data := sample(t, name)
			got := dump(bytes.NewReader(data), sampleFiles()[name], Options{})
			golden := filepath.Join("testdata", "loadtest", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if byByte := dump(iotest.OneByteReader(bytes.NewReader(data)), sampleFiles()[name], Options{}); byByte != got {
				t.Errorf("byte by byte:\n%s\nwhole:\n%s", byByte, got)
			}
			marked := dump(io.MultiReader(strings.NewReader("\xef\xbb\xbf"), bytes.NewReader(data)), sampleFiles()[name], Options{})
			if strings.Count(marked, "span=") != strings.Count(got, "span=") {
				t.Errorf("with a byte order mark:\n%s", marked)
			}
			crlf := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
			if name != "jmeter-tabs.jtl" && strings.Count(dump(bytes.NewReader(crlf), sampleFiles()[name], Options{}), "\n") != strings.Count(got, "\n") {
				t.Error("another number of records with CRLF")
			}
		})
	}
}

func TestZone(t *testing.T) {
	zone := time.FixedZone("UTC+2", 7200)
	for name, want := range map[string]string{
		"jmeter.jtl":        "2026-11-20T12:03:00.000000 span=0 us=80000 ",
		"aiperf-local.json": "2026-11-20T12:03:00.000250 span=4999750 ",
	} {
		got := dump(bytes.NewReader(sample(t, name)), sampleFiles()[name], Options{Zone: zone})
		if !strings.Contains(got, want) {
			t.Errorf("%s: got:\n%s\nwant a line with %s", name, got, want)
		}
	}
}

// aws are the beginnings of what AWS exports, which another package reads.
func aws() map[string]string {
	return map[string]string{
		"metric stream":  `{"metric_stream_name":"all","account_id":"210987654321","region":"eu-west-1","namespace":"AWS/SageMaker","metric_name":"Invocations","dimensions":{"EndpointName":"harbor"},"timestamp":1795183380000,"value":{"count":120.0,"sum":120.0,"max":1.0,"min":1.0},"unit":"None"}`,
		"subscription":   `{"messageType":"DATA_MESSAGE","owner":"210987654321","logGroup":"/aws/sagemaker/Endpoints/harbor","logStream":"blue/i-0","subscriptionFilters":["f"],"logEvents":[{"id":"1","timestamp":1795183380000,"message":"code seq latency DurationHistogram \"generative_benchmark\""}]}`,
		"endpoint":       `{"EndpointName":"harbor","EndpointArn":"arn:aws:sagemaker:eu-west-1:210987654321:endpoint/harbor","EndpointStatus":"InService","CreationTime":1795183380.5}`,
		"config":         `{"EndpointConfigName":"harbor","ProductionVariants":[{"VariantName":"blue"}]}`,
		"metric data":    `{"MetricDataResults":[{"Id":"m1","Label":"Invocations","Timestamps":["2026-11-20T14:03:00Z"],"Values":[1.0],"StatusCode":"Complete"}],"Messages":[]}`,
		"statistics":     `{"Label":"Invocations","Datapoints":[{"Timestamp":"2026-11-20T14:03:00Z","Sum":1.0,"Unit":"None"}]}`,
		"log events":     `{"events":[{"logStreamName":"blue/i-0","timestamp":1795183380000,"message":"x","ingestionTime":1795183380001,"eventId":"1"}],"searchedLogStreams":[]}`,
		"insights":       `{"results":[[{"field":"@timestamp","value":"2026-11-20 14:03:00.000"}]],"statistics":{"recordsMatched":1.0},"status":"Complete"}`,
		"insights csv":   "@timestamp,@message,@logStream,@log\n2026-11-20 14:03:00.000,x,blue/i-0,1:/aws/sagemaker\n",
		"metric csv":     "Label,Invocations,ModelLatency,Errors\nid,m1,m2,m3\n2026/11/20 14:03:00,1,2,3\n",
		"job":            `{"TrainingJobName":"harbor","TrainingJobStatus":"Completed"}`,
		"plain log":      "2026-11-20T14:03:00,123 [INFO ] W-9000-model ACCESS_LOG - /10.0.7.21:40000 \"POST /invocations HTTP/1.1\" 200 20\n",
		"pytest":         `{"machine_info":{},"benchmarks":[{"name":"test","stats":{"min":1}}]}`,
		"numbers":        "1795183380123,1,2,3\n",
		"empty":          "",
		"blanks":         " \n\t\n",
		"binary":         "\x00\x01\x02\xff\xfe",
		"gzip":           "\x1f\x8b\x08\x00\x00\x00\x00\x00",
		"array":          `[{"a":1}]`,
		"access log csv": "time,elapsed,path,status\n2026-11-20T14:03:00Z,12,/x,200\n",
	}
}

// TestDetect holds every file against every format: whole, and by its first
// bytes alone.
func TestDetect(t *testing.T) {
	for _, name := range sampleNames() {
		data, want := sample(t, name), sampleFiles()[name]
		for _, head := range [][]byte{data, append([]byte("\xef\xbb\xbf"), data...), data[:min(len(data), 600)]} {
			if got, ok := Detect(head); !ok || got != want {
				t.Errorf("%s, %d bytes: %q %t, want %q", name, len(head), got, ok, want)
			}
		}
	}
	for what, data := range aws() {
		if f, ok := Detect([]byte(data)); ok {
			t.Errorf("%s is detected as %s", what, f)
		}
	}
}

// TestDetectMatrix reads every file as every format: only its own gives
// samples, every other says that it is none.
func TestDetectMatrix(t *testing.T) {
	for _, name := range sampleNames() {
		data := sample(t, name)
		for _, f := range Formats() {
			if f == sampleFiles()[name] {
				continue
			}
			var shape *ShapeError
			var last error
			for r, err := range Read(context.Background(), bytes.NewReader(data), f, Options{}) {
				last = err
				if s, ok := r.(*Sample); ok {
					t.Errorf("%s read as %s gives %+v", name, f, s)
				}
			}
			if !errors.As(last, &shape) && !errors.Is(last, io.ErrUnexpectedEOF) && last == nil {
				t.Errorf("%s read as %s: no error", name, f)
			}
		}
	}
}

// vegetaGob is what vegeta attack writes: its Result in Go's gob encoding.
func vegetaGob(t testing.TB) []byte {
	type Result struct {
		Attack    string
		Seq       uint64
		Code      uint16
		Timestamp time.Time
		Latency   time.Duration
		BytesOut  uint64
		BytesIn   uint64
		Error     string
		Body      []byte
	}
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(&Result{Attack: "ramp", Code: 200, Timestamp: time.Unix(1795183380, 0).UTC(), Latency: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefused(t *testing.T) {
	files := map[string]Format{
		"k6-summary.json": K6Summary, "k6-handle-summary.json": K6Summary,
		"locust_stats.csv": LocustStats, "locust_requests.csv": LocustStats,
		"locust_failures.csv": LocustFailures, "locust_exceptions.csv": LocustExceptions,
		"vegeta-report.json": VegetaReport, "jmeter.xml": JMeterXML, "vegeta.gob": VegetaGob,
	}
	for name, want := range files {
		var data []byte
		if want == VegetaGob {
			data = vegetaGob(t)
		} else {
			data = sample(t, "refused/"+name)
		}
		f, ok := Detect(data)
		if !ok || f != want {
			t.Errorf("%s: detected as %q, want %q", name, f, want)
		}
		n := 0
		for r, err := range Read(context.Background(), bytes.NewReader(data), want, Options{}) {
			var refused *RefusedError
			if n++; r != nil || !errors.As(err, &refused) || refused.Format != want || !strings.Contains(err.Error(), "import that") && !strings.Contains(err.Error(), "import the file") {
				t.Errorf("%s: %v %v", name, r, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d values", name, n)
		}
	}
}
