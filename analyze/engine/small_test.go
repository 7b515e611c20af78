package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	invocationNS  = "AWS/SageMaker"
	utilizationNS = "/aws/sagemaker/Endpoints"
)

// point is one row of metrics, as short as a test wants it. Dims are
// "Name=Value" pairs, sorted; stats are "column=value".
type point struct {
	at     string // 2026-11-20 is put in front
	period int
	ns     string
	metric string
	unit   string
	dims   string
	stats  string
	region string
}

// add inserts points and fills the extracted columns as ingest does.
func (b *builder) add(points ...point) {
	b.t.Helper()
	for _, p := range points {
		columns := []string{"ts", "period_s", "account", "region", "namespace", "metric", "unit", "provisional", "fetched_at"}
		if p.region == "" {
			p.region = "eu-west-1"
		}
		provisional := strings.HasSuffix(p.at, "?")
		values := []string{
			"TIMESTAMP '2026-11-20 " + strings.TrimSuffix(p.at, "?") + "'", fmt.Sprint(p.period), "'123456789012'", "'" + p.region + "'",
			"'" + p.ns + "'", "'" + p.metric + "'", "'" + p.unit + "'", fmt.Sprint(provisional), "TIMESTAMP '2026-11-20 16:00:00'",
		}
		var names, keys, dimValues []string
		for _, d := range strings.Fields(p.dims) {
			name, value, _ := strings.Cut(d, "=")
			names, keys, dimValues = append(names, name), append(keys, "'"+name+"'"), append(dimValues, "'"+value+"'")
			if column, ok := map[string]string{
				"EndpointName": "endpoint", "VariantName": "variant",
				"InstanceId": "instance_id", "AcceleratorId": "accelerator_id",
			}[name]; ok {
				columns, values = append(columns, column), append(values, "'"+value+"'")
			}
			if name == "EndpointName" {
				columns, values = append(columns, "subject"), append(values, "'endpoint/"+value+"'")
			}
		}
		if !slices.IsSorted(names) {
			b.t.Fatalf("dimensions of %s are not sorted: %s", p.metric, p.dims)
		}
		columns = append(columns, "dim_set", "dims")
		values = append(values, "'"+strings.Join(names, ",")+"'", "MAP(["+strings.Join(keys, ", ")+"], ["+strings.Join(dimValues, ", ")+"])")
		for _, s := range strings.Fields(p.stats) {
			name, value, _ := strings.Cut(s, "=")
			columns, values = append(columns, name), append(values, value)
		}
		b.exec("INSERT INTO metrics (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")")
	}
}

// log inserts one log event of endpoint web.
func (b *builder) log(at, stream, level, exception, message, skeleton string) {
	b.t.Helper()
	null := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return literal(s)
	}
	b.exec("INSERT INTO logs (ts, account, region, subject, log_group, log_stream, event_id, seq, message, level, exception, skeleton, parser) VALUES (" +
		"TIMESTAMP '2026-11-20 " + at + "', '123456789012', 'eu-west-1', 'endpoint/web', '/aws/sagemaker/Endpoints/web', " +
		literal(stream) + ", " + literal(at+stream) + ", 0, " + literal(message) + ", " + null(level) + ", " + null(exception) + ", " + null(skeleton) + ", 'plain')")
}

const plain2 = "EndpointName=web VariantName=main"

// smallLake holds endpoint web, whose variant main ran on two instances, with
// every way in which the same data can be published twice, and endpoint api
// with two variants that publish utilization once a minute.
func smallLake(t testing.TB) string {
	b := newBuilder(t)
	addLoad(b)
	addLatency(b)
	addUtilization(b)
	addAPI(b)
	addLogs(b)
	addRest(b)
	return b.write()
}

func addLoad(b *builder) {
	inv := func(metric, at, sum string) point {
		return point{at: at, period: 60, ns: invocationNS, metric: metric, unit: "None", dims: plain2, stats: "sample_count=1 sum=" + sum}
	}
	b.add(
		inv("Invocations", "14:00", "600"), inv("Invocations", "14:01", "1200"), inv("Invocations", "14:02?", "1800"),
		inv("InvocationsPerInstance", "14:00", "300"), inv("InvocationsPerInstance", "14:01", "600"), inv("InvocationsPerInstance", "14:02", "900"),
		inv("Invocation4XXErrors", "14:00", "6"), inv("Invocation4XXErrors", "14:01", "12"), inv("Invocation4XXErrors", "14:02", "0"),
		inv("Invocation5XXErrors", "14:00", "0"), inv("Invocation5XXErrors", "14:01", "0"), inv("Invocation5XXErrors", "14:02", "90"),
		inv("InvocationModelErrors", "14:02", "80"),
	)
	// The same requests once more, by zone: never added to the above.
	for _, zone := range []string{"a", "b"} {
		b.add(point{
			at: "14:00", period: 60, ns: invocationNS, metric: "Invocations", unit: "None", stats: "sample_count=1 sum=300",
			dims: "AvailabilityZone=" + zone + " EndpointName=web InstanceType=ml.g5.xlarge Region=eu-west-1 VariantName=main",
		})
	}
	// An endpoint of the same name in another region is another endpoint.
	b.add(point{at: "14:00", period: 60, ns: invocationNS, metric: "Invocations", unit: "None", dims: plain2, stats: "sample_count=1 sum=7", region: "us-east-1"})
	// High-resolution concurrency: the largest of the minute counts.
	for i, most := range []string{"3", "9", "4"} {
		b.add(point{at: fmt.Sprintf("14:00:%d0", i), period: 10, ns: invocationNS, metric: "ConcurrentRequestsPerModel", unit: "None", dims: plain2, stats: "maximum=" + most + " minimum=1"})
	}
}

func addLatency(b *builder) {
	lat := func(metric, at string, period int, stats string) point {
		return point{at: at, period: period, ns: invocationNS, metric: metric, unit: "Microseconds", dims: plain2, stats: stats}
	}
	b.add(
		// 14:00 has a point of the minute: its percentiles are the minute's.
		lat("ModelLatency", "14:00", 60, "sample_count=600 sum=12000000 average=20000 maximum=100000 minimum=9000 p50=18000 p90=30000 p95=40000 p99=50000"),
		lat("OverheadLatency", "14:00", 60, "sample_count=600 sum=1200000 average=2000 maximum=8000"),
		// Statistics of a metric stream: no average.
		lat("OverheadLatency", "14:01", 60, "sample_count=1200 sum=3600000 maximum=9000"),
		lat("ModelLatency", "14:02", 60, "sample_count=1800 sum=90000000 average=50000 maximum=900000 p50=40000 p99=400000"),
	)
	for i := range 6 {
		b.add(
			// Finer points of a minute that has its own are not used.
			lat("ModelLatency", fmt.Sprintf("14:00:%d0", i), 10, "sample_count=100 sum=500 average=5 maximum=5000000 p50=5"),
			// 14:01 has only these: 100 x 10 ms, then 500 x 30 ms.
			lat("ModelLatency", fmt.Sprintf("14:01:%d0", i), 10, []string{
				"sample_count=100 sum=1000000 average=10000 maximum=15000 p50=10000",
				"sample_count=500 sum=15000000 average=30000 maximum=77000 p50=30000",
			}[i%2]),
		)
	}
}

func addUtilization(b *builder) {
	use := func(metric, at string, period int, dims, stats string) point {
		return point{at: at, period: period, ns: utilizationNS, metric: metric, unit: "Percent", dims: dims, stats: stats}
	}
	for i := range 6 {
		// Published every 10 s by two instances: 150 and 250 percent.
		b.add(use("CPUUtilization", fmt.Sprintf("14:00:%d0", i), 10, plain2, "sample_count=2 sum=400 average=200 minimum=150 maximum=250"))
	}
	b.add(
		use("CPUUtilization", "14:01", 60, plain2, "sample_count=12 sum=3600 average=300 minimum=280 maximum=320"),
		// The same per instance and by zone: not used, the plain set is there.
		use("CPUUtilization", "14:01", 60, "EndpointName=web InstanceId=i-1 VariantName=main", "sample_count=6 sum=60 average=10 maximum=999"),
		// GPU only per instance: two slices of one set are one value.
		use("GPUUtilization", "14:00", 60, "EndpointName=web InstanceId=i-1 VariantName=main", "sample_count=6 sum=300 average=50 maximum=60"),
		use("GPUUtilization", "14:00", 60, "EndpointName=web InstanceId=i-2 VariantName=main", "sample_count=2 sum=140 average=70 maximum=90"),
		// By accelerator it would not be an instance's value.
		use("GPUMemoryUtilization", "14:00", 60, "AcceleratorId=0 EndpointName=web InstanceId=i-1 VariantName=main", "sample_count=6 sum=300 average=50 maximum=60"),
		// Coarser than a minute: only seen with a bucket of 300 s.
		use("MemoryUtilization", "14:00", 300, plain2, "sample_count=2 sum=84 average=42 maximum=44"),
		use("DiskUtilization", "14:00", 60, plain2, "sample_count=2 sum=20 average=10 maximum=11"),
	)
}

func addAPI(b *builder) {
	for _, v := range []struct{ name, inv, perInstance, samples string }{{"blue", "900", "300", "3"}, {"green", "100", "100", "1"}} {
		dims := "EndpointName=api VariantName=" + v.name
		b.add(
			point{at: "14:00", period: 60, ns: invocationNS, metric: "Invocations", unit: "None", dims: dims, stats: "sum=" + v.inv},
			point{at: "14:00", period: 60, ns: invocationNS, metric: "InvocationsPerInstance", unit: "None", dims: dims, stats: "sum=" + v.perInstance},
			point{at: "14:00", period: 60, ns: utilizationNS, metric: "CPUUtilization", unit: "Percent", dims: dims, stats: "sample_count=" + v.samples + " average=80 maximum=90"},
			// No load any more, still publishing.
			point{at: "14:05", period: 60, ns: utilizationNS, metric: "CPUUtilization", unit: "Percent", dims: dims, stats: "sample_count=" + v.samples + " average=5 maximum=6"},
		)
	}
}

func addLogs(b *builder) {
	b.log("14:00:01", "main/i-1", "INFO", "", "Booting worker with pid: 31", "Booting worker with pid: <*>")
	b.log("14:00:02", "main/i-1", "", "", "Default workers per model: 4", "Default workers per model: <*>")
	b.log("14:00:03.5", "main/i-2", "WARN", "", "queue at 80 percent", "queue at <*> percent")
	b.log("14:01:10", "main/i-1", "ERROR", "java.lang.IllegalStateException", "java.lang.IllegalStateException: no", "java.lang.IllegalStateException: no")
	b.log("14:01:11", "main/i-2", "WARN", "", "queue at 95 percent", "queue at <*> percent")
	b.log("14:01:12", "main/i-2", "", "ValueError", "ValueError: bad shape 3", "ValueError: bad shape <*>")
	b.log("14:01:13", "main/i-2", "INFO", "", "3839 Worker disconnected. WORKER_STARTED", "<*> Worker disconnected. WORKER_STARTED")
	b.log("14:01:14", "platform", "FATAL", "", "out of memory", "out of memory")
	b.log("14:03:00", "main/i-1", "DEBUG", "", "idle", "idle")
	b.log("14:03:01", "shadow/i-9", "INFO", "", "server started with 8 workers", "server started with <*> workers")
}

func addRest(b *builder) {
	b.exec(`INSERT INTO resources (as_of, account, region, subject, kind, name, attribute, value, source) VALUES
		(TIMESTAMP '2026-11-20 13:00:00', '123456789012', 'eu-west-1', 'endpoint/web', 'variant', 'main', 'current_instance_count', '1', 'DescribeEndpoint'),
		(TIMESTAMP '2026-11-20 15:00:00', '123456789012', 'eu-west-1', 'endpoint/web', 'variant', 'main', 'current_instance_count', '2', 'DescribeEndpoint'),
		(TIMESTAMP '2026-11-20 13:00:00', '123456789012', 'eu-west-1', 'endpoint/web', 'variant', 'main', 'instance_type', 'ml.g5.xlarge', 'DescribeEndpointConfig')`)
	b.exec(`INSERT INTO ledger (chunk, dataset, subject, scope, source, window_start, window_end, period_s, row_count, calls, retries, skipped, cost_low, cost_high, status, reason, fetched_at) VALUES
		('a', 'metrics', 'endpoint/web', NULL, 'cloudwatch', TIMESTAMP '2026-11-20 14:00:00', TIMESTAMP '2026-11-20 15:00:00', 60, 100, 3, 1, 0, 0.001, 0.002, 'complete', NULL, TIMESTAMP '2026-11-20 16:00:00'),
		('b', 'metrics', 'endpoint/web', NULL, 'cloudwatch', TIMESTAMP '2026-11-20 15:00:00', TIMESTAMP '2026-11-20 16:00:00', 60, 50, 2, 0, 0, 0.001, 0.003, 'provisional', 'younger than 15 minutes', TIMESTAMP '2026-11-20 16:00:00'),
		('c', 'logs', 'endpoint/web', '/aws/sagemaker/Endpoints/web', 'file', TIMESTAMP '2026-11-20 14:00:00', TIMESTAMP '2026-11-20 15:00:00', 0, 9, 0, 0, 2, 0, 0, 'complete', '2 malformed records', TIMESTAMP '2026-11-20 16:00:00'),
		('d', 'metrics', 'endpoint/web', NULL, 'cloudwatch', TIMESTAMP '2026-11-20 16:00:00', TIMESTAMP '2026-11-20 17:00:00', 60, 0, 4, 3, 0, 0.001, 0.001, 'failed', 'throttled', TIMESTAMP '2026-11-20 16:00:00')`)
	b.exec(`INSERT INTO requests (ts, subject, source, origin, seq, duration_us, status, route, weight, span_us, ttft_us, tokens_in, tokens_out, error) VALUES
		(TIMESTAMP '2026-11-20 14:00:00', 'endpoint/web', 'k6.csv', 'client', 1, 21000, 200, '/invocations', 1, 0, NULL, NULL, NULL, NULL),
		(TIMESTAMP '2026-11-20 14:00:10', 'endpoint/web', 'locust.csv', 'client', 1, NULL, NULL, '/invocations', 57, 1000000, 12000, 10, 20, 'failed')`)
	b.exec(`INSERT INTO catalog (namespace, metric, unit, stats, dim_sets, kind, scale, better, about, source) VALUES ('AWS/SageMaker', 'ModelLatency', 'Microseconds', 'Average,p99', 'EndpointName,VariantName', 'latency', 'seconds', 'lower', 'time in the model', 'developer guide')`)
}
