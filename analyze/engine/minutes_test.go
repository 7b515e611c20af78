package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// window asks for web/main within ten minutes, in buckets of some seconds.
func window(bucket int) map[string]any {
	return map[string]any{
		"endpoint": "web", "variant": "main", "bucket_s": bucket,
		"start": time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC),
		"end":   "2026-11-20T14:10:00Z",
	}
}

// TestMinuteValues checks the first minutes of the small lake against sums done
// by hand.
func TestMinuteValues(t *testing.T) {
	e := openLake(t, smallLake(t))
	rows, err := e.Query(t.Context(), "variant_minutes", window(60))
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	columns := []string{
		"invocations", "invocations_per_instance", "live_instances", "reporting_instances", "model_mean_s", "model_p50_s",
		"model_p99_s", "model_max_s", "model_count", "overhead_mean_s", "cpu_busy", "cpu_busy_max", "gpu_busy",
		"gpu_busy_max", "gpu_memory_busy", "memory_ratio", "disk_ratio", "concurrency_max", "errors_5xx", "log_lines",
	}
	for _, want := range [][]float64{
		// The minute's own point, not its six 10-second ones; gpu (300 + 140) / (6 + 2) / 100.
		{600, 300, 2, 2, 0.02, 0.018, 0.05, 0.1, 600, 0.002, 2, 2.5, 0.55, 0.9, nan, nan, 0.1, 9, 0, 3},
		// Three times 1 s and three times 15 s over 3 x 100 + 3 x 500 requests; no percentiles.
		{1200, 600, 2, 2, 48.0 / 1800, nan, nan, 0.077, 1800, 0.003, 3, 3.2, nan, nan, nan, nan, nan, nan, 0, 5},
		{1800, 900, 2, nan, 0.05, 0.04, 0.4, 0.9, 1800, nan, nan, nan, nan, nan, nan, nan, nan, nan, 90, 0},
		{nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, 1},
	} {
		if !rows.Next() {
			t.Fatal(rows.Close())
		}
		for i, c := range columns {
			got := rows.Float64(c)
			if !(math.Abs(got-want[i]) <= 1e-12*math.Abs(want[i])) && !(math.IsNaN(got) && math.IsNaN(want[i])) {
				t.Errorf("%s: %s is %v, want %v", rows.Time("bucket_start").Format(time.TimeOnly), c, got, want[i])
			}
		}
	}
	if rows.Next() {
		t.Error("more rows than minutes")
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCoarseBucket asks for five minutes at once: sums add, means are weighted,
// the 300-second point appears, percentiles do not.
func TestCoarseBucket(t *testing.T) {
	e := openLake(t, smallLake(t))
	rows, err := e.Query(t.Context(), "variant_minutes", window(300))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	for column, want := range map[string]float64{
		"invocations": 3600, "invocations_per_instance": 1800, "live_instances": 2, "errors_4xx": 18, "errors_5xx": 90,
		// Latency has 10 s and 60 s points in these five minutes: the finest are used.
		"model_count": 6*100 + 1800, "model_mean_s": (6*500e-6 + 48) / 2400, "model_max_s": 5,
		"memory_ratio": 0.42, "memory_ratio_max": 0.44, "concurrency_max": 9, "log_lines": 9,
		"model_p50_s": math.NaN(), "model_p99_s": math.NaN(),
	} {
		got := rows.Float64(column)
		if !(math.Abs(got-want) <= 1e-12*want) && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s is %v, want %v", column, got, want)
		}
	}
	if rows.Next() {
		t.Error("more than one row")
	}
}

// TestReporting publishes utilization of four instances at each frequency that
// SageMaker offers and asks for their number back, in every period that
// CloudWatch would aggregate the samples to.
func TestReporting(t *testing.T) {
	type scene struct {
		publish, period int
		loaded          bool
	}
	var scenes []scene
	b := newBuilder(t)
	for _, publish := range []int{10, 30, 60, 120, 300} {
		for _, period := range []int{publish, max(60, publish), 300} {
			scenes = append(scenes, scene{publish, period, true})
		}
		// Without load only points that nobody aggregated tell.
		scenes = append(scenes, scene{publish, publish, false})
	}
	for i, s := range scenes {
		b.exec(fmt.Sprintf(`INSERT INTO metrics (ts, period_s, subject, namespace, metric, unit, dim_set, endpoint, variant, sample_count, average)
			SELECT TIMESTAMP '2026-11-20 14:00:00' + to_seconds(i * %[1]d), %[1]d, 'endpoint/e%[2]d', '/aws/sagemaker/Endpoints', 'CPUUtilization', 'Percent',
				'EndpointName,VariantName', 'e%[2]d', 'main', 4 * %[1]d // %[3]d, 50
			FROM range(600 // %[1]d) AS t (i)`, s.period, i, s.publish))
		if s.loaded {
			b.exec(fmt.Sprintf(`INSERT INTO metrics (ts, period_s, subject, namespace, metric, dim_set, endpoint, variant, sum)
				SELECT TIMESTAMP '2026-11-20 14:00:00' + to_minutes(i), 60, 'endpoint/e%[1]d', 'AWS/SageMaker', m, 'EndpointName,VariantName', 'e%[1]d', 'main', v
				FROM range(10) AS t (i) CROSS JOIN (VALUES ('Invocations', 100), ('InvocationsPerInstance', 25)) AS load (m, v)`, i))
		}
	}
	e := openLake(t, b.write())
	for i, s := range scenes {
		bucket := max(s.period, 60)
		rows, err := e.Query(t.Context(), "instance_count", map[string]any{"endpoint": fmt.Sprintf("e%d", i), "bucket_s": bucket})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			n++
			if got := rows.Float64("reporting_instances"); got != 4 {
				t.Errorf("%+v: %v instances reported, want 4", s, got)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if n != 600/bucket {
			t.Errorf("%+v: %d rows, want %d", s, n, 600/bucket)
		}
	}
}

// TestBucketsConserve draws points of forty endpoints at 10 s and checks that
// any bucket width keeps the total, the extreme and the weighted mean.
func TestBucketsConserve(t *testing.T) {
	type sums struct{ requests, work, most float64 }
	random := rand.New(rand.NewPCG(1, 2))
	b := newBuilder(t)
	want := map[string]sums{}
	var insert []string
	for n := range 40 {
		name := fmt.Sprintf("e%d", n)
		for i := range 1 + random.IntN(200) {
			count := random.IntN(50)
			if count == 0 {
				continue // nothing published
			}
			latency := float64(1000 * (1 + random.IntN(900)))
			w := want[name]
			want[name] = sums{w.requests + float64(count), w.work + float64(count)*latency, max(w.most, latency)}
			insert = append(insert, fmt.Sprintf(
				"(TIMESTAMP '2026-11-20 14:00:00' + INTERVAL %d SECOND, 10, 'endpoint/%[2]s', 'AWS/SageMaker', 'ModelLatency', 'Microseconds', 'EndpointName,VariantName', '%[2]s', 'main', %d, %v, %v)",
				10*i, name, count, float64(count)*latency, latency))
		}
	}
	b.exec("INSERT INTO metrics (ts, period_s, subject, namespace, metric, unit, dim_set, endpoint, variant, sample_count, sum, maximum) VALUES " + strings.Join(insert, ", "))
	e := openLake(t, b.write())
	for _, bucket := range []int{10, 60, 120, 300, 3600} {
		rows, err := e.Query(t.Context(), "variant_minutes", map[string]any{"bucket_s": bucket})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]sums{}
		for rows.Next() {
			n, name := rows.Float64("model_count"), rows.String("endpoint")
			g := got[name]
			got[name] = sums{g.requests + n, g.work + n*1e6*rows.Float64("model_mean_s"), max(g.most, 1e6*rows.Float64("model_max_s"))}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0), cmp.AllowUnexported(sums{})); diff != "" {
			t.Errorf("buckets of %d s (-want +got):\n%s", bucket, diff)
		}
	}
}

// TestSameBytes runs the minute table many times on several threads: a parallel
// scan must not show in the last digit.
func TestSameBytes(t *testing.T) {
	b := newBuilder(t)
	b.exec(`INSERT INTO metrics (ts, period_s, subject, namespace, metric, unit, dim_set, endpoint, variant, sample_count, sum, maximum)
		SELECT TIMESTAMP '2026-11-20 00:00:00' + to_seconds(10 * (i % 8640)), 10, 'endpoint/web', 'AWS/SageMaker', 'ModelLatency', 'Microseconds',
			'EndpointName,InstanceId,VariantName', 'web', 'main', 1 + i % 7, 0.1 * (i % 1009), i % 1009
		FROM range(10 * 8640) AS t (i)`)
	e := openLake(t, b.write())
	var first [][]string
	for range 4 {
		rows, err := e.Query(t.Context(), "variant_minutes", map[string]any{"bucket_s": 3600})
		got := drain(t, rows, err)
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatalf("another run, other bytes:\n%s", diff)
		}
	}
	if len(first) != 24 {
		t.Errorf("%d rows, want 24", len(first))
	}
}

// TestPruning checks that a window and an endpoint reach the scan: other days
// are not opened, other subjects are skipped by statistics.
func TestPruning(t *testing.T) {
	b := newBuilder(t)
	b.exec(`INSERT INTO metrics (ts, period_s, subject, namespace, metric, dim_set, endpoint, variant, sum)
		SELECT TIMESTAMP '2026-11-01 00:00:00' + to_minutes(i), 60, 'endpoint/web', 'AWS/SageMaker', 'Invocations', 'EndpointName,VariantName', 'web', 'main', 1
		FROM range(10 * 1440) AS t (i)`)
	e := openLake(t, b.write())
	q := "EXPLAIN (ANALYZE, FORMAT json) " + mustGet(t, "variant_minutes").SQL
	args, err := bind(mustGet(t, "variant_minutes"), map[string]any{"endpoint": "web", "start": "2026-11-03", "end": "2026-11-04T12:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.begin("the plan"); err != nil {
		t.Fatal(err)
	}
	rows, err := e.run(t.Context(), "the plan", q, args)
	plan := drain(t, rows, err)[0][1]
	if !strings.Contains(plan, `"Total Files Read": "2"`) || !strings.Contains(plan, "subject='endpoint/web'") {
		t.Errorf("the parameters do not prune:\n%s", plan)
	}
}
