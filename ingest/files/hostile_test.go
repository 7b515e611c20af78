package files

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sizewise/ingest/lake"
)

// repeated gives the same bytes n times.
func repeated(b []byte, n int) io.Reader {
	readers := make([]io.Reader, n)
	for i := range readers {
		readers[i] = bytes.NewReader(b)
	}
	return io.MultiReader(readers...)
}

func packed(t *testing.T, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	if _, err := io.Copy(zw, r); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// allocated is how many bytes f allocates in all, which bounds what it holds.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Ten gibibytes of zeros, packed once and twice, and the same as blanks that
// would be legal JSON, end in an error that says so, long before memory does.
func TestBomb(t *testing.T) {
	const member, times = 64 << 20, 160 // 10 GiB
	for name, fill := range map[string]byte{"zeros": 0, "blanks": ' ', "braces": '{', "a line": 'x'} {
		one := packed(t, repeated(bytes.Repeat([]byte{fill}, 1<<20), member>>20))
		for layers, open := range map[string]func() io.Reader{
			"once":  func() io.Reader { return repeated(one, times) },
			"twice": func() io.Reader { return bytes.NewReader(packed(t, repeated(one, times))) },
		} {
			for _, format := range []Format{Auto, LogsExport, ConsoleCSV, "k6-json"} {
				in := open()
				used := allocated(func() {
					o := Options{Format: format, Now: clock, Stdin: in, LogGroup: quay, Subject: "endpoint/quay"}
					_, err := Import(context.Background(), newMemory(), []string{"-"}, o)
					var limit *LimitError
					if !errors.As(err, &limit) || !strings.Contains(err.Error(), "decompression bomb") {
						t.Errorf("%s packed %s as %q: error %v", name, layers, format, err)
					}
				})
				if used > 512<<20 {
					t.Errorf("%s packed %s as %q: %d MiB were allocated", name, layers, format, used>>20)
				}
			}
		}
	}
}

// A document, a line, a cell and an event that are too long are skipped, named,
// and cost no more memory than the limit allows.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	huge := func() io.Reader { return repeated([]byte(long), 100) }
	for name, test := range map[string]struct {
		format      Format
		head, tail  string
		want        string
		good, lines int64
	}{
		"json":      {MetricStream, `{"namespace":"`, "\"}\n" + `{"namespace":"N","metric_name":"m","timestamp":0,"value":{"sum":1}}`, "longer than", 1, 1},
		"export":    {LogsExport, "2026-11-20T18:00:00.000Z a", "\n2026-11-20T18:00:01.000Z b\n", "longer than", 1, 1},
		"continued": {LogsExport, "2026-11-20T18:00:00.000Z a\n" + long[:100] + "\n", "\n2026-11-20T18:00:01.000Z b\n", "longer than", 1, 1},
		"csv":       {ConsoleCSV, "Id,m1\nFull label,eu-west-1:AWS/SageMaker EndpointName:e M Sum 60\nLabel,", "\n2026/11/20 18:00:00,1\n", "longer than", 1, 3},
		"quote":     {ConsoleCSV, "Id,m1\nFull label,eu-west-1:AWS/SageMaker EndpointName:e M Sum 60\nLabel,\"m\n2026/11/20 18:00:00,1\n\"", "\n", "CSV: ", 1, 3},
		"element":   {FilterLogEvents, `{"events":[{"message":"`, `"},` + "\n" + `{"eventId":"1","logStreamName":"s","timestamp":1,"message":"m"}]}`, "longer than", 1, 1},
	} {
		in := io.MultiReader(strings.NewReader(test.head), huge(), strings.NewReader(test.tail))
		o := Options{Format: test.format, Now: clock, Stdin: in, LogGroup: quay, MaxRecord: 4 << 20}
		var sum Summary
		used := allocated(func() {
			var err error
			if sum, err = Import(context.Background(), newMemory(), []string{"-"}, o); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
		if used > 64<<20 {
			t.Errorf("%s: %d MiB were allocated", name, used>>20)
		}
		if sum.Points+sum.Events != test.good || sum.Malformed == 0 || !strings.Contains(sum.Examples[0].Reason, test.want) || sum.Examples[0].Line != test.lines {
			t.Errorf("%s: %+v %v", name, sum, sum.Examples)
		}
	}
}

// Numbers, bytes and depths that no AWS service writes.
func TestOddContent(t *testing.T) {
	nines := strings.Repeat("9", 5000)
	for _, test := range []struct{ in, want string }{
		{`{"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{"Namespace":"N","MetricName":"m"},"Period":` + nines + `,"Stat":"Sum"}}]}`, "out of range"},
		{`{"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{"Namespace":"N","MetricName":"m"},"Period":0.5,"Stat":"Sum"}}]}`, "Period"},
		{`{"MetricDataResults":[{"Id":"a","Timestamps":[1e300],"Values":[1]}]}`, "not a time"},
		{`{"MetricDataResults":[{"Id":"a","Timestamps":[1],"Values":[]}]}`, "1 timestamps and 0 values"},
		{`{"MetricDataResults":[7,"x",[{"Id":"a"}]]}`, "not an object"},
		{`{"events":[{"timestamp":` + nines + `,"message":"m"}],"nextToken":"t"}`, "out of range"},
		{`{"events":[{"timestamp":-1,"message":"m"}],"nextToken":"t"}`, "timestamp"},
		{`{"events":[{"timestamp":1,"message":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}],"nextToken":"t"}`, "nests deeper"},
		{`{"events":[{"timestamp":1,"message":"cut`, "middle"},
		{`{"TrainingJobName":"../../etc","TrainingJobArn":"a"}`, "not a training job name"},
		{`{"TrainingJobName":"a","TrainingJobArn":"b","ResourceConfig":{"InstanceCount":"two"}}`, "describe document"},
		{`{"MetricDataResults":[],"Messages":[{"Code":"MaxMetricsExceeded","Value":"The maximum number was exceeded"}]}`, "The maximum number was exceeded"},
	} {
		sum, err := Import(context.Background(), newMemory(), []string{"-"}, Options{Now: clock, Stdin: strings.NewReader(test.in), LogGroup: quay})
		said := fmt.Sprint(err)
		for _, m := range sum.Examples {
			said += m.Reason
		}
		for _, n := range sum.Notes {
			said += n.Reason
		}
		if !strings.Contains(said, test.want) {
			t.Errorf("%.80s: %s, want %q", test.in, said, test.want)
		}
	}
	m := newMemory()
	in := "2026-11-20T18:00:00.000Z a\x00b \xff\xfe c\n2026-13-20T18:00:00.000Z no month\n2026-02-30T18:00:00.000Z no day\n"
	importAll(t, m, []string{"-"}, Options{Stdin: strings.NewReader(in), LogGroup: quay})
	for _, e := range m.logs {
		if !strings.HasPrefix(e.Message, "a\x00b \ufffd\ufffd c\n2026-13-20") || !strings.HasSuffix(e.Message, "no day") {
			t.Errorf("message %q", e.Message)
		}
	}
	if len(m.logs) != 1 {
		t.Errorf("%d events", len(m.logs))
	}
}

// Names from files are data: whatever they say, the lake's files stay inside of
// the lake.
func TestNamesDoNotLeaveTheLake(t *testing.T) {
	outer := t.TempDir()
	dir := filepath.Join(outer, "lake")
	l, err := lake.Create(t.Context(), lake.Options{Dir: dir, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	in := `{"messageType":"DATA_MESSAGE","logGroup":"../../../up","logStream":"../s","logEvents":[{"id":"../1","timestamp":1,"message":"m"}]}
{"namespace":"../../up","metric_name":"../m","dimensions":{"../d":"../v"},"timestamp":60000,"value":{"sum":1}}
{"EndpointName":"../up","EndpointArn":"a"}
{"EndpointConfigName":"../up","EndpointConfigArn":"a","ProductionVariants":[{"VariantName":"../v","InstanceType":"ml.m5.large"}]}`
	if _, err := Import(t.Context(), l, []string{"-"}, Options{Now: clock, Stdin: strings.NewReader(in)}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(outer)
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the lake: %v %v", entries, err)
	}
}

// Links do not lead a walk in circles.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	for link, to := range map[string]string{"loop": ".", "up": "..", "self": "self", "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile("testdata/metrics.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "linked")); err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	sum, err := Import(t.Context(), m, []string{dir}, Options{Now: clock})
	if sum.Files != 2 || sum.Failed != 2 || len(m.points) != 32 || err == nil ||
		!strings.Contains(err.Error(), "self") || !strings.Contains(err.Error(), "gone") {
		t.Errorf("%+v %v", sum, err)
	}
}
