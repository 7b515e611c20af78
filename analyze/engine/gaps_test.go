package engine

import (
	"fmt"
	"strings"
	"testing"
)

// TestLogGaps: a stream that goes silent for hours and comes back, a stream
// that merely ends, neighbouring hours, and what the ledger does not have
// whole.
func TestLogGaps(t *testing.T) {
	b := newBuilder(t)
	for _, at := range []string{"10:59:00", "11:00:30", "14:20:00", "14:40:00"} {
		b.log(at, "main/i-1", "INFO", "", "m", "m")
	}
	b.log("10:10:00", "main/i-2", "INFO", "", "m", "m")
	b.exec(`INSERT INTO ledger (chunk, dataset, subject, scope, source, window_start, window_end, period_s, row_count, calls, retries, skipped, cost_low, cost_high, status, reason, fetched_at) VALUES
		('a', 'logs', 'endpoint/web', 'g', 'cloudwatch', TIMESTAMP '2026-11-20 10:00:00', TIMESTAMP '2026-11-20 11:00:00', 0, 9, 1, 0, 0, 0, 0, 'complete', NULL, TIMESTAMP '2026-11-20 16:00:00'),
		('b', 'logs', 'endpoint/web', 'g', 'cloudwatch', TIMESTAMP '2026-11-20 11:00:00', TIMESTAMP '2026-11-20 12:00:00', 0, 9, 1, 0, 0, 0, 0, 'partial', 'throttled', TIMESTAMP '2026-11-20 16:00:00'),
		('c', 'metrics', 'endpoint/web', 'g', 'cloudwatch', TIMESTAMP '2026-11-20 11:00:00', TIMESTAMP '2026-11-20 12:00:00', 60, 0, 1, 0, 0, 0, 0, 'failed', 'x', TIMESTAMP '2026-11-20 16:00:00')`)
	e := openLake(t, b.write())
	rows, err := e.Query(t.Context(), "log_gaps", map[string]any{"subject": "endpoint/web"})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		v := rows.Values()
		got = append(got, fmt.Sprintf("%v %v %v", v[1], v[2], v[5]))
	}
	want := "/aws/sagemaker/Endpoints/web/main/i-1 silent 11970\ng partial 3600"
	if err := rows.Err(); err != nil || strings.Join(got, "\n") != want {
		t.Errorf("%v\n%s\nwant\n%s", err, strings.Join(got, "\n"), want)
	}
}
