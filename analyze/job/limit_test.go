package job

import (
	"math"
	"slices"
	"testing"

	"sizewise/analyze/finding"
)

// TestSomeGPUs: a quarter of the work of four GPUs is one full one, unless all
// four hold the model.
func TestSomeGPUs(t *testing.T) {
	for name, one := range map[string]struct {
		gpu, memory float64 // sums over four GPUs, percent
		want        string
	}{
		"one works and holds the model":    {92, 70, "job_gpus_unused"},
		"two work":                         {180, 170, "job_gpus_unused"},
		"all hold it and wait":             {92, 280, "job_input_bound"},
		"none works to speak of":           {8, 40, "job_gpus_unused"},
		"all work":                         {380, 280, "job_gpu_bound"},
		"memory alone says that two do it": {92, 150, "job_input_bound"},
	} {
		d := trained(t, map[string]string{"instance_type": "ml.g5.12xlarge"})
		publish(d, "GPUUtilization", func(i int) float64 { return one.gpu + 0.01*float64(i%2) })
		publish(d, "GPUMemoryUtilization", func(int) float64 { return one.memory })
		publish(d, "CPUUtilization", func(int) float64 { return 300 })
		publish(d, "MemoryUtilization", func(int) float64 { return 10 })
		var checks []string
		for _, f := range Analyze(d).Findings {
			checks = append(checks, f.Check)
		}
		if len(checks) == 0 || checks[0] != one.want {
			t.Errorf("%s: found %v, want %s first", name, checks, one.want)
		}
	}
}

// TestOddHost: one host at 80 % beside one at 50 %: 30 of the mean of 65.
func TestOddHost(t *testing.T) {
	d := trained(t, nil)
	publish(d, "GPUUtilization", func(i int) float64 { return 80 + 0.01*float64(i%2) })
	publish(d, "CPUUtilization", func(int) float64 { return 200 })
	for i := range d.Series {
		if d.Series[i].Metric == "GPUUtilization" && d.Series[i].Host == "job/algo-2" {
			for j := range d.Series[i].Points {
				d.Series[i].Points[j].Average, d.Series[i].Points[j].Maximum = 50, 50
			}
		}
	}
	got := Analyze(d)
	if e := estimate(got.Measures, "host_skew"); math.Abs(float64(e.Value)-30./65) > 1e-3 {
		t.Errorf("the odd host is %v off, want %v: %s", e.Value, 30./65, e.Why)
	}
	if !slices.ContainsFunc(got.Findings, func(f finding.Finding) bool { return f.Check == "job_host_skew" }) {
		t.Error("no finding of uneven hosts")
	}
}
