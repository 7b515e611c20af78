package job

import (
	"math"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

var began = time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)

// trained is a training job of two hosts and an hour, whose GPUs are busy for a
// quarter of it, at 2 USD an hour.
func trained(t *testing.T, facts map[string]string) *dossier.Dossier {
	t.Helper()
	types := capacity.EmbeddedInstances()
	book, err := price.NewBook([]price.Price{{Region: "us-east-1", InstanceType: "ml.g5.2xlarge", Use: price.Training, USDPerHour: 2, AsOf: began.Truncate(24 * time.Hour), Source: "a test"}})
	if err != nil {
		t.Fatal(err)
	}
	d := &dossier.Dossier{
		Kind: "training", Name: "job", Region: "us-east-1", Types: &types, Prices: book, Today: began,
		Window: finding.Window{Start: began, End: began.Add(time.Hour)},
	}
	of := map[string]string{
		"status": "Completed", "instance_type": "ml.g5.2xlarge", "instance_count": "2", "billable_seconds": "3600", "training_seconds": "3600",
		"creation_time": began.Format(time.RFC3339), "start_time": began.Format(time.RFC3339), "end_time": began.Add(time.Hour).Format(time.RFC3339),
	}
	for k, v := range facts {
		of[k] = v
	}
	for k, v := range of {
		d.Facts = append(d.Facts, dossier.Fact{Kind: "training_job", Name: "job", Attribute: k, Value: v})
	}
	for k, v := range map[string]string{"status": "Training", "start_time": of["start_time"], "end_time": of["end_time"]} {
		d.Facts = append(d.Facts, dossier.Fact{Kind: "phase", Name: "001", Attribute: k, Value: v})
	}
	return d
}

// publish adds a metric of both hosts.
func publish(d *dossier.Dossier, metric string, value func(i int) float64) {
	for _, h := range []string{"job/algo-1", "job/algo-2"} {
		s := dossier.Series{Metric: metric, Host: h, Period: time.Minute}
		for i := range 60 {
			s.Points = append(s.Points, dossier.Point{Time: began.Add(time.Duration(i) * time.Minute), Average: value(i), Maximum: value(i)})
		}
		d.Series = append(d.Series, s)
	}
}

func TestIdleGPUsCostMoney(t *testing.T) {
	d := trained(t, nil)
	publish(d, "GPUUtilization", func(i int) float64 { return 24 + 2*float64(i%2) })
	publish(d, "CPUUtilization", func(i int) float64 { return 200 + float64(i%3) })
	got := Analyze(d)
	for name, want := range map[string]float64{"cost_usd": 4, "gpu_idle_share": 0.75, "gpu_idle_cost_usd": 3, "gpu_busy": 0.25, "cpu_busy": 201. / 800, "host_skew": 0} {
		if e := estimate(got.Measures, name); !known(e) || math.Abs(float64(e.Value)-want) > 1e-9 {
			t.Errorf("%s is %v %v, want %v: %s", name, e.Status, e.Value, want, e.Why)
		}
	}
}

// TestUnknownTypeIsNoLimit: sums over cores say nothing without their number.
func TestUnknownTypeIsNoLimit(t *testing.T) {
	d := trained(t, map[string]string{"instance_type": "ml.future.large"})
	publish(d, "CPUUtilization", func(int) float64 { return 780 })
	publish(d, "MemoryUtilization", func(int) float64 { return 40 })
	got := Analyze(d)
	if e := estimate(got.Measures, "cpu_busy"); e.Status != finding.Unanswerable {
		t.Errorf("the use of unknown cores is told as %v", e.Value)
	}
	if e := estimate(got.Measures, "memory_headroom"); math.Abs(float64(e.Value)-0.6) > 1e-9 {
		t.Errorf("memory head-room is %v, want 0.6", e.Value)
	}
}

func TestTooShortForMetrics(t *testing.T) {
	if got := Analyze(trained(t, nil)); got.Verdict.Status != finding.Insufficient {
		t.Errorf("the verdict without a metric is %s: %s", got.Verdict.Status, got.Verdict.Summary)
	}
}

func TestAutopsy(t *testing.T) {
	end := began.Add(time.Hour)
	for _, one := range []struct{ reason, line, exception, check, says string }{
		{"AlgorithmError: , exit code: 137", "", "", "job_out_of_memory", "exit code: 137"},
		{"AlgorithmError: , exit code: 1", "OSError: [Errno 28] No space left on device", "OSError", "job_disk_full", "the log"},
		{"AlgorithmError: , exit code: 1", "torch.cuda.OutOfMemoryError: CUDA out of memory.", "torch.cuda.OutOfMemoryError", "job_gpu_out_of_memory", "GPU memory"},
		{"CapacityError: Unable to provision requested ML compute capacity.", "", "", "job_no_capacity", "SageMaker"},
		{"ClientError: Data download failed: access denied", "", "", "job_client_error", "ClientError"},
		{"AlgorithmError: , exit code: 1", "ValueError: bad shape", "ValueError", "job_failed", "ValueError"},
		{"InternalServerError: We encountered an internal error.", "", "", "job_failed", "InternalServerError"},
	} {
		d := trained(t, map[string]string{"status": "Failed", "failure_reason": one.reason})
		if one.line != "" {
			d.Messages = []dossier.Message{
				{Level: "ERROR", Example: "an old error, MemoryError", Lines: 1, First: began, Last: began},
				{Level: "ERROR", Example: one.line, Skeleton: one.line, Exception: one.exception, Lines: 1, First: end.Add(-time.Minute), Last: end.Add(-time.Minute)},
			}
			d.Lines = 2
		}
		got := Analyze(d)
		if got.Verdict.Status != finding.Fail || len(got.Findings) == 0 || got.Findings[0].Check != one.check || !strings.Contains(got.Findings[0].Title, one.says) {
			t.Errorf("%s, %q: %s, %+v; want %s with %q", one.reason, one.line, got.Verdict.Status, got.Findings, one.check, one.says)
		}
	}
}

// TestChecksAreExplained: every finding that this package makes has its entry.
func TestChecksAreExplained(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Checks() {
		if known[c.Name] {
			t.Errorf("%s stands there twice", c.Name)
		}
		known[c.Name] = true
	}
	for _, c := range causes() {
		if !known[c.check] {
			t.Errorf("%s is not explained", c.check)
		}
	}
}
