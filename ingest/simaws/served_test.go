package simaws_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/estate"
	"sizewise/ingest/simaws/server"
)

var day = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// drawEstate is an estate that ends an hour before the returned clock.
func drawEstate(t testing.TB, c estate.Config) (*estate.Estate, func() time.Time) {
	t.Helper()
	if c.Start.IsZero() {
		c.Start, c.End = day, day.Add(2*time.Hour)
	}
	e, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e, func() time.Time { return c.End.Add(time.Hour) }
}

// metricPage is a GetMetricData request body of 500 queries over a day's first
// three hours: about 100,000 points.
func metricPage(acct *account.Account) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"StartTime":%d,"EndTime":%d,"MetricDataQueries":[`, day.Unix(), day.Add(200*time.Minute).Unix())
	stats := []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p95", "p99"}
	n := 0
	for _, s := range acct.Metrics {
		if s.Resolution != time.Minute {
			continue
		}
		for _, stat := range stats {
			if n == 500 {
				b.WriteString("]}")
				return b.Bytes()
			}
			if n > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"Id":"q%d","MetricStat":{"Metric":{"Namespace":%q,"MetricName":%q,"Dimensions":[`, n, s.Namespace, s.Name)
			for i, d := range s.Dims {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `{"Name":%q,"Value":%q}`, d.Name, d.Value)
			}
			fmt.Fprintf(&b, `]},"Period":60,"Stat":%q}}`, stat)
			n++
		}
	}
	b.WriteString("]}")
	return b.Bytes()
}

// discard is a ResponseWriter that counts bytes.
type discard struct {
	header http.Header
	status int
	n      int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(b []byte) (int, error) { d.n += len(b); return len(b), nil }

// serveOnce puts one request to a handler, without a network.
func serveOnce(b *testing.B, h http.Handler, target string, body []byte) int {
	b.Helper()
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", target)
	w := &discard{header: http.Header{}}
	h.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		b.Fatalf("%s: status %d", target, w.status)
	}
	return w.n
}

// BenchmarkServeMetrics is the server's own cost of 100,000 points, computed
// before or not.
func BenchmarkServeMetrics(b *testing.B) {
	e, clock := drawEstate(b, estate.Config{Seed: 1, Start: day, End: day.Add(24 * time.Hour), Kinds: []string{"endpoint"}, Plain: 5})
	body := metricPage(e.Account)
	const points = 500 * 200
	for name, fresh := range map[string]bool{"cold": true, "warm": false} {
		b.Run(name, func(b *testing.B) {
			s := server.New(e.Account, server.Options{Now: clock})
			for b.Loop() {
				if fresh {
					s = server.New(e.Account, server.Options{Now: clock})
				}
				serveOnce(b, s, "GraniteServiceVersion20100801.GetMetricData", body)
			}
			b.ReportMetric(points*float64(b.N)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// BenchmarkServeLogs is the server's own cost of pages of 10,000 events.
func BenchmarkServeLogs(b *testing.B) {
	e, clock := drawEstate(b, estate.Config{Seed: 1, Kinds: []string{"endpoint"}, Hosts: 1, LogEvents: 10_000})
	s := server.New(e.Account, server.Options{Now: clock, LogPageBytes: 4 << 20})
	body := fmt.Appendf(nil, `{"logGroupName":%q,"startTime":%d}`, "/aws/sagemaker/Endpoints/"+estate.PlainName(0), day.UnixMilli())
	for name, h := range map[string]http.Handler{"live": s, "replayed": s.Replay()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				serveOnce(b, h, "Logs_20140328.FilterLogEvents", body)
			}
			b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
