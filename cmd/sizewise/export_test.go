package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The exported files under testdata/export are a load test in closed form, laid
// out as AWS documents its exports: two ml.c5.xlarge, 30 ms of one core a
// request and 0.2 cores of background, so that one instance takes
// (4 - 0.2) / 0.030 = 126.7 requests/s. Nothing in it comes from the simulator.
const (
	exportEndpoint  = "checkout-ranker"
	exportInstances = 2
	exportCores     = 4.0
	exportDemand    = 0.030
	exportIdle      = 0.2
	exportCapacity  = (exportCores - exportIdle) / exportDemand
)

func exportStart() time.Time { return time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC) }

// exportRates are the offered requests/s per instance, five minutes each.
func exportRates() []float64 { return []float64{15, 30, 45, 60, 75, 90, 105, 118, 135, 150} }

// wiggle is a deterministic number from -1 to 1.
func wiggle(parts ...any) float64 {
	h := fnv.New32a()
	fmt.Fprint(h, parts...)
	return float64(h.Sum32())/math.MaxUint32*2 - 1
}

// exportMetrics is the content of metrics.ndjson: CloudWatch Metric Streams
// JSON, one point a line.
func exportMetrics() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	line := func(at time.Time, namespace, metric, unit string, value map[string]float64) {
		err := enc.Encode(struct {
			Stream     string             `json:"metric_stream_name"`
			Account    string             `json:"account_id"`
			Region     string             `json:"region"`
			Namespace  string             `json:"namespace"`
			Metric     string             `json:"metric_name"`
			Dimensions map[string]string  `json:"dimensions"`
			Timestamp  int64              `json:"timestamp"`
			Value      map[string]float64 `json:"value"`
			Unit       string             `json:"unit"`
		}{
			"sagemaker", "111122223333", "eu-west-1", namespace, metric,
			map[string]string{"EndpointName": exportEndpoint, "VariantName": "AllTraffic"},
			at.UnixMilli(), value, unit,
		})
		if err != nil {
			panic(err)
		}
	}
	for step, rate := range exportRates() {
		for minute := range 5 {
			at := exportStart().Add(time.Duration(step*5+minute) * time.Minute)
			exportMinute(at, rate, line)
		}
	}
	return b.Bytes()
}

func exportMinute(at time.Time, rate float64, line func(time.Time, string, string, string, map[string]float64)) {
	offered := rate * (1 + 0.01*wiggle("rate", at))
	served := math.Min(offered, exportCapacity*(1+0.004*wiggle("served", at)))
	requests := math.Round(offered * 60 * exportInstances)
	failed := math.Round((offered - served) * 60 * exportInstances)
	rho := math.Min(served/exportCapacity, 0.995)
	wait := math.Pow(rho, 8) / (1 - rho) * 0.008
	if failed > 0 {
		wait = 1.8
	}
	count := func(sum float64) map[string]float64 {
		return map[string]float64{"count": requests, "sum": sum, "max": math.Min(1, sum), "min": 0}
	}
	latency := func(base, spread float64) map[string]float64 {
		us := func(x float64) float64 { return math.Round(x * 1e6) }
		mean := us(base + spread)
		return map[string]float64{
			"count": requests, "sum": mean * requests, "min": us(base / 2), "max": us(base*3 + spread*6),
			"p50": us(base + spread*0.7), "p90": us(base*1.3 + spread*2.3), "p95": us(base*1.4 + spread*3), "p99": us(base*1.7 + spread*4.6),
		}
	}
	utilization := func(x float64, name string) map[string]float64 {
		lo, hi := x*(1+0.004*wiggle(name, at, 1)), x*(1+0.004*wiggle(name, at, 2))
		return map[string]float64{"count": exportInstances, "sum": lo + hi, "min": math.Min(lo, hi), "max": math.Max(lo, hi)}
	}
	const invocations, instances = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
	line(at, invocations, "Invocations", "None", map[string]float64{"count": requests, "sum": requests, "max": 1, "min": 1})
	line(at, invocations, "InvocationsPerInstance", "None", map[string]float64{"count": requests, "sum": requests / exportInstances, "max": 1. / exportInstances, "min": 1. / exportInstances})
	line(at, invocations, "Invocation4XXErrors", "None", count(0))
	line(at, invocations, "Invocation5XXErrors", "None", count(failed))
	line(at, invocations, "ModelLatency", "Microseconds", latency(0.034, wait))
	line(at, invocations, "OverheadLatency", "Microseconds", map[string]float64{"count": requests, "sum": 3800 * requests, "min": 1900, "max": 21000})
	line(at, instances, "CPUUtilization", "Percent", utilization(100*(exportIdle+exportDemand*served), "cpu"))
	line(at, instances, "MemoryUtilization", "Percent", utilization(31, "memory"))
	line(at, instances, "DiskUtilization", "Percent", utilization(12, "disk"))
}

// exportLogs is the content of logs.json.gz: subscription records as Firehose
// stores them, one gzip member each with nothing between.
func exportLogs() []byte {
	type event struct {
		ID        string `json:"id"`
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	type record struct {
		MessageType string   `json:"messageType"`
		Owner       string   `json:"owner"`
		LogGroup    string   `json:"logGroup"`
		LogStream   string   `json:"logStream"`
		Filters     []string `json:"subscriptionFilters"`
		Events      []event  `json:"logEvents"`
	}
	var b bytes.Buffer
	member := func(r record) {
		w := gzip.NewWriter(&b)
		if err := json.NewEncoder(w).Encode(r); err != nil {
			panic(err)
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
	}
	member(record{MessageType: "CONTROL_MESSAGE", Owner: "CloudwatchLogs", Events: []event{{"", exportStart().UnixMilli(), "CWL CONTROL MESSAGE: Checking health of destination Firehose."}}})
	id := 0
	for step, rate := range exportRates() {
		for minute := range 5 {
			r := record{
				MessageType: "DATA_MESSAGE", Owner: "111122223333", LogGroup: "/aws/sagemaker/Endpoints/" + exportEndpoint,
				LogStream: "AllTraffic/i-0c5f1a2b3c4d5e6f7", Filters: []string{"all"},
			}
			at := exportStart().Add(time.Duration(step*5+minute) * time.Minute)
			add := func(second int, format string, args ...any) {
				id++
				t := at.Add(time.Duration(second) * time.Second)
				r.Events = append(r.Events, event{fmt.Sprintf("%056d", id), t.UnixMilli(), t.Format("2006-01-02T15:04:05,000") + " " + fmt.Sprintf(format, args...)})
			}
			add(2, "[INFO ] pool-2-thread-%d ACCESS_LOG - /169.254.178.2:%d \"GET /ping HTTP/1.1\" 200 0", minute+1, 40000+id)
			if rate > exportCapacity {
				for n := range 12 {
					add(5+4*n, "[WARN ] W-9000-ranker_1.0 org.pytorch.serve.wlm.Model - Queue of model ranker is full: %d jobs wait, request %d refused", 100, id)
				}
			}
			member(r)
		}
	}
	return b.Bytes()
}

// exportEndpointJSON is what aws sagemaker describe-endpoint prints.
const exportEndpointJSON = `{
    "EndpointName": "checkout-ranker",
    "EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/checkout-ranker",
    "EndpointConfigName": "checkout-ranker-2026-11-17",
    "ProductionVariants": [
        {
            "VariantName": "AllTraffic",
            "DeployedImages": [
                {
                    "SpecifiedImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ranker:1.4",
                    "ResolvedImage": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ranker@sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270",
                    "ResolutionTime": "2026-11-17T16:02:11.021000+00:00"
                }
            ],
            "CurrentWeight": 1.0,
            "DesiredWeight": 1.0,
            "CurrentInstanceCount": 2,
            "DesiredInstanceCount": 2
        }
    ],
    "EndpointStatus": "InService",
    "CreationTime": "2026-11-17T16:02:10.211000+00:00",
    "LastModifiedTime": "2026-11-17T16:06:52.902000+00:00"
}
`

// exportConfigJSON is what aws sagemaker describe-endpoint-config prints.
const exportConfigJSON = `{
    "EndpointConfigName": "checkout-ranker-2026-11-17",
    "EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/checkout-ranker-2026-11-17",
    "ProductionVariants": [
        {
            "VariantName": "AllTraffic",
            "ModelName": "checkout-ranker-1-4",
            "InitialInstanceCount": 2,
            "InstanceType": "ml.c5.xlarge",
            "InitialVariantWeight": 1.0
        }
    ],
    "CreationTime": "2026-11-17T16:01:58.730000+00:00",
    "EnableNetworkIsolation": false
}
`

func gunzip(t *testing.T, data []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestExportFiles keeps testdata/export what this file makes.
func TestExportFiles(t *testing.T) {
	for name, want := range map[string][]byte{
		"metrics.ndjson":       exportMetrics(),
		"logs.json.gz":         exportLogs(),
		"endpoint.json":        []byte(exportEndpointJSON),
		"endpoint-config.json": []byte(exportConfigJSON),
	} {
		path := filepath.Join("../../testdata/export", name)
		if *updateFlag {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".gz" { // another version of Go may compress otherwise
			got, want = gunzip(t, got), gunzip(t, want)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what export_test.go makes: go test ./cmd/sizewise -run TestExportFiles -update", path)
		}
	}
}
