package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"sizewise/ingest/lake"
)

// metricFile is n lines of a metric stream of an account with many series.
func metricFile(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		series, minute := i%400, i/400
		fmt.Fprintf(&b, `{"metric_stream_name":"all","account_id":"210987654321","region":"eu-west-1","namespace":"AWS/SageMaker","metric_name":"ModelLatency","dimensions":{"EndpointName":"endpoint-%d","VariantName":"AllTraffic"},"timestamp":%d,"value":{"count":%d.0,"sum":%d.5,"max":%d.25,"min":11.0,"p99":%d.125},"unit":"Microseconds"}`+"\n",
			series, 1795183380000+int64(minute)*60000, 100+i%17, 40000+i%1000, 900+i%100, 800+i%100)
	}
	return b.Bytes()
}

// logFile is n subscription records of 20 events each, as gzip members.
func logFile(n int, pack bool) []byte {
	var out bytes.Buffer
	for i := range n {
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"messageType":"DATA_MESSAGE","owner":"210987654321","logGroup":"/aws/sagemaker/Endpoints/harbor-cranes","logStream":"blue/i-%012x","subscriptionFilters":["f"],"logEvents":[`, i%4)
		for j := range 20 {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"id":"%056d","timestamp":%d,"message":"2026-11-20 14:03:%02d,%03d [INFO ] W-%d-cranes_1.0 ACCESS_LOG - /10.0.7.21:%d \"POST /invocations HTTP/1.1\" 200 %d"}`,
				i*20+j, 1795183380000+int64(i*20+j), i%60, j, 9000+j%4, 40000+i%9000, 20+j)
		}
		b.WriteString("]}")
		if !pack {
			out.Write(b.Bytes())
			continue
		}
		zw := gzip.NewWriter(&out)
		_, _ = zw.Write(b.Bytes())
		zw.Close()
	}
	return out.Bytes()
}

// nothing is a lake that forgets.
type nothing struct{}

func (nothing) PutMetrics(context.Context, string, []lake.SeriesPoints) (added, changed int64, err error) {
	return 0, 0, nil
}
func (nothing) PutLogs(context.Context, string, []lake.Log) (int64, error)  { return 0, nil }
func (nothing) PutResources(context.Context, string, []lake.Resource) error { return nil }
func (nothing) ImportRequests(context.Context, string, []lake.Request) (added, changed int64, err error) {
	return 0, 0, nil
}

func (nothing) Entries(context.Context, string, time.Time, time.Time) ([]lake.Entry, error) {
	return nil, nil
}
func (nothing) Record(context.Context, ...lake.Entry) error { return nil }

func benchmarkImport(b *testing.B, data []byte, size int64, records int) {
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		_, err := Import(context.Background(), nothing{}, []string{"-"}, Options{Now: clock, Stdin: bytes.NewReader(data)})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(records)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkImportMetrics(b *testing.B) {
	data := metricFile(100_000)
	benchmarkImport(b, data, int64(len(data)), 100_000)
}

func BenchmarkImportMetricsGzip(b *testing.B) {
	data := metricFile(100_000)
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	_, _ = zw.Write(data)
	zw.Close()
	benchmarkImport(b, packed.Bytes(), int64(len(data)), 100_000)
}

func BenchmarkImportLogs(b *testing.B) {
	data := logFile(5000, false)
	benchmarkImport(b, data, int64(len(data)), 100_000)
}

// The size is the decompressed one, to compare with BenchmarkImportLogs.
func BenchmarkImportLogsGzip(b *testing.B) {
	benchmarkImport(b, logFile(5000, true), int64(len(logFile(5000, false))), 100_000)
}

func BenchmarkSplit(b *testing.B) {
	data := metricFile(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s := newSplitter(bytes.NewReader(data), defaultMaxRecord)
		for {
			p, err := s.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if p.bad != "" || err != nil {
				b.Fatal(p.bad, err)
			}
		}
	}
}
