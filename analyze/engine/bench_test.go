package engine

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// tenMillion makes a lake of ten million metric rows: 31 days of a point a
// minute for 16 endpoints with fourteen series each. As ingest writes them:
// one file per subject and day, sorted by series and time.
func tenMillion(b *testing.B) string {
	build := newBuilder(b)
	build.exec("SET preserve_insertion_order = false")
	for i := range 16 {
		build.exec(fmt.Sprintf(`COPY (
			SELECT
				TIMESTAMP '2026-10-01 00:00:00' + to_minutes(m) AS ts, 60 AS period_s,
				'123456789012' AS account, 'eu-west-1' AS region, 'endpoint/e%[1]d' AS subject,
				CASE WHEN s < 9 THEN 'AWS/SageMaker' ELSE '/aws/sagemaker/Endpoints' END AS namespace,
				['Invocations', 'InvocationsPerInstance', 'Invocation4XXErrors', 'Invocation5XXErrors', 'InvocationModelErrors', 'ModelLatency', 'OverheadLatency',
					'ConcurrentRequestsPerModel', 'ModelLatency', 'CPUUtilization', 'GPUUtilization', 'GPUMemoryUtilization', 'MemoryUtilization', 'DiskUtilization'][s + 1] AS metric,
				CASE WHEN s IN (5, 6, 8) THEN 'Microseconds' WHEN s > 8 THEN 'Percent' ELSE 'None' END AS unit,
				CASE WHEN s = 8 THEN 'EndpointName,InstanceId,VariantName' ELSE 'EndpointName,VariantName' END AS dim_set,
				MAP {'EndpointName': 'e%[1]d', 'VariantName': 'main'} AS dims,
				'e%[1]d' AS endpoint, 'main' AS variant, NULL::VARCHAR AS component, NULL::VARCHAR AS host,
				CASE WHEN s = 8 THEN 'i-1' END AS instance_id, NULL::VARCHAR AS container_id, NULL::VARCHAR AS accelerator_id,
				600.0::DOUBLE AS sample_count, (600.0 + m %% 997)::DOUBLE AS sum, (50 + m %% 31)::DOUBLE AS average, 1.0::DOUBLE AS minimum, (90 + m %% 7)::DOUBLE AS maximum,
				(20 + m %% 13)::DOUBLE AS p50, 30.0::DOUBLE AS p90, 40.0::DOUBLE AS p95, (50 + m %% 11)::DOUBLE AS p99, NULL::DOUBLE AS p99_9,
				NULL::MAP(VARCHAR, DOUBLE) AS other, TIMESTAMP '2026-11-02 00:00:00' AS fetched_at, false AS provisional,
				CAST(TIMESTAMP '2026-10-01 00:00:00' + to_minutes(m) AS DATE) AS dt
			FROM range(14) AS series (s) CROSS JOIN range(31 * 1440) AS minutes (m)
			ORDER BY namespace, metric, dim_set, ts
		) TO '%[2]s' (FORMAT parquet, PARTITION_BY (dt), FILENAME_PATTERN 'e%[1]d_{i}', OVERWRITE_OR_IGNORE, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
			i, filepath.Join(build.dir, "metrics")))
	}
	build.db.Close()
	return build.dir
}

// BenchmarkTenMillion runs what an analysis asks for on a lake of ten million
// rows: a load test's two hours, a month of one endpoint, and everything.
func BenchmarkTenMillion(b *testing.B) {
	dir := tenMillion(b)
	e := openLake(b, dir)
	start := time.Date(2026, 10, 15, 14, 0, 0, 0, time.UTC)
	twoHours := map[string]any{"endpoint": "e7", "variant": "main", "start": start, "end": start.Add(2 * time.Hour)}
	month := map[string]any{"endpoint": "e7", "variant": "main"}
	for _, c := range []struct {
		name, query string
		params      map[string]any
		rows        int
	}{
		{"two hours", "variant_minutes", twoHours, 120},
		{"two hours", "coverage_by_series", twoHours, 14},
		{"two hours", "periods", twoHours, 14},
		{"two hours", "capacity_plateau", twoHours, 120},
		{"month", "variant_minutes", month, 31 * 1440},
		{"month", "coverage_by_series", month, 14},
		{"month by hour", "variant_minutes", map[string]any{"endpoint": "e7", "bucket_s": 3600}, 31 * 24},
		{"all", "subjects", nil, 16},
		{"all", "variants", nil, 16},
		{"all by hour", "variant_minutes", map[string]any{"bucket_s": 3600}, 16 * 31 * 24},
	} {
		b.Run(c.query+"/"+c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rows, err := e.Query(b.Context(), c.query, c.params)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for rows.Next() {
					n++
				}
				if err := rows.Close(); err != nil {
					b.Fatal(err)
				}
				if n != c.rows {
					b.Fatalf("%d rows, want %d", n, c.rows)
				}
			}
		})
	}
}

// BenchmarkOpen opens and closes a small lake: what every command pays.
func BenchmarkOpen(b *testing.B) {
	dir := smallLake(b)
	b.ReportAllocs()
	for b.Loop() {
		e, err := Open(b.Context(), Options{Lake: dir})
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
