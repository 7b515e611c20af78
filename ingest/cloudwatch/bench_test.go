package cloudwatch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// canned answers every request with the same body.
type canned struct {
	header http.Header
	body   []byte
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: c.header, Request: r, Proto: "HTTP/1.1",
		Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)),
	}, nil
}

// replay is a client whose every answer is body.
func replay(tb testing.TB, contentType string, body []byte) *Client {
	tb.Helper()
	o := fast()
	o.MaxAttempts = 2
	o.Region = "eu-west-1"
	o.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	o.transport = canned{http.Header{"Content-Type": {contentType}, "Smithy-Protocol": {"rpc-v2-cbor"}}, body}
	c, err := New(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// processor is the time that the process has had a processor for: on a busy
// machine it says more than the clock.
func processor() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// fullPage is a page of FilterLogEvents as full as the service makes them: 1 MB.
func fullPage(tb testing.TB, events int) []byte {
	tb.Helper()
	list := make([]map[string]any, events)
	for i := range list {
		list[i] = map[string]any{
			"eventId": fmt.Sprintf("%056d", i), "logStreamName": fmt.Sprintf("AllTraffic/i-%017x", i%4),
			"timestamp": start + int64(i), "ingestionTime": start + int64(i) + 900,
			"message": fmt.Sprintf("10.32.0.2 - - [20/Nov/2026:14:00:%02d +0000] \"POST /invocations HTTP/1.1\" 200 %d \"-\" \"AHC/2.0\"\t%d", i%60, i, i*7),
		}
	}
	text, err := json.Marshal(map[string]any{"events": list, "searchedLogStreams": []any{}})
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func BenchmarkEvents(b *testing.B) {
	const events = 10_000
	body := fullPage(b, events)
	c := replay(b, "application/x-amz-json-1.1", body)
	r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Hour)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	begin := processor()
	for b.Loop() {
		n := 0
		_, err := c.Events(b.Context(), r, func(p LogPage) error { n += len(p.Events); return nil })
		if err != nil || n != events {
			b.Fatalf("%d events, error %v", n, err)
		}
	}
	b.ReportMetric(float64(processor()-begin)/float64(b.N)/events, "cpu-ns/event")
}

func BenchmarkFetch(b *testing.B) {
	const queries, points = 70, 1440
	var list cbor.List
	var r MetricRequest
	for q := range queries {
		var ts, values cbor.List
		for i := range points {
			ts = append(ts, &cbor.Tag{ID: 1, Value: cbor.Float64(minute0.Unix() + int64(60*i))})
			values = append(values, cbor.Float64(float64(i)*1.37))
		}
		list = append(list, cbor.Map{
			"Id": cbor.String(fmt.Sprintf("q%d", q)), "Label": cbor.String("m"), "StatusCode": cbor.String("Complete"),
			"Timestamps": ts, "Values": values,
		})
		r.Queries = append(r.Queries, Query{Metric: Metric{Namespace: "AWS/SageMaker", Name: fmt.Sprintf("m%d", q)}, Stat: "Sum"})
	}
	r.PeriodS, r.Start, r.End = 60, minute0, minute0.Add(24*time.Hour)
	body := cbor.Encode(cbor.Map{"MetricDataResults": list, "Messages": cbor.List{}})
	c := replay(b, "application/cbor", body)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	begin := processor()
	for b.Loop() {
		data, err := c.Fetch(b.Context(), r)
		if err != nil || len(data.Results[0].Points) != points {
			b.Fatalf("%d points, error %v", len(data.Results[0].Points), err)
		}
	}
	b.ReportMetric(float64(processor()-begin)/float64(b.N)/(queries*points), "cpu-ns/point")
}

// BenchmarkEventsBySDK is what BenchmarkEvents would be with the SDK's decoder.
func BenchmarkEventsBySDK(b *testing.B) {
	const events = 10_000
	body := fullPage(b, events)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	begin := processor()
	for b.Loop() {
		page, err := sdkPage(body)
		if err != nil || len(page.events) != events {
			b.Fatalf("%d events, error %v", len(page.events), err)
		}
	}
	b.ReportMetric(float64(processor()-begin)/float64(b.N)/events, "cpu-ns/event")
}

// BenchmarkEventsOverLoopback has a socket, its server's share included.
func BenchmarkEventsOverLoopback(b *testing.B) {
	const events = 10_000
	body := fullPage(b, events)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	defer server.Close()
	o := fast()
	o.Region, o.EndpointURL = "eu-west-1", server.URL
	o.Keys = Keys{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}
	c, err := New(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Hour)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	begin := processor()
	for b.Loop() {
		n := 0
		if _, err := c.Events(b.Context(), r, func(p LogPage) error { n += len(p.Events); return nil }); err != nil || n != events {
			b.Fatalf("%d events, error %v", n, err)
		}
	}
	b.ReportMetric(float64(processor()-begin)/float64(b.N)/events, "cpu-ns/event")
}
