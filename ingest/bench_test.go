package ingest

import (
	"fmt"
	"testing"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// BenchmarkLogReader turns pages of events into rows, one core.
func BenchmarkLogReader(b *testing.B) {
	page := cloudwatch.LogPage{}
	for i := range 10_000 {
		page.Events = append(page.Events, cloudwatch.Event{
			TS: int64(1_700_000_000_000+i/5) * 1000, Ingested: int64(1_700_000_001_000+i/5) * 1000,
			Stream: "A/i-" + fmt.Sprint(i%2), ID: fmt.Sprintf("%056d", i),
			Message: fmt.Sprintf("2026-11-20 14:00:00,%03d [INFO] worker: handled request %d in %d ms", i%1000, i, i%97),
		})
	}
	g := logGroup{name: "/aws/sagemaker/Endpoints/ep", owner: subject.Subject{Kind: subject.Endpoint, Name: "ep"}}
	for _, redact := range []bool{true, false} {
		b.Run(fmt.Sprintf("redact=%t", redact), func(b *testing.B) {
			free := make(chan *logBatch, 1)
			for b.Loop() {
				r := &logReader{group: g, redact: redact}
				free <- r.batch(page, free)
			}
			b.ReportMetric(float64(b.N*len(page.Events))/b.Elapsed().Seconds(), "events/s")
		})
	}
}
