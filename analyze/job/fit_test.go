package job

import (
	"strings"
	"testing"
	"time"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// TestTypesWorthATest: each measured reason names its type, with the arithmetic.
func TestTypesWorthATest(t *testing.T) {
	for name, one := range map[string]struct {
		kind  string
		units map[string]float64 // of metrics, as sums
		facts map[string]string
		check string
		types []string
		says  string
	}{
		"cores keep the GPU waiting": {
			kind: "ml.g5.2xlarge", units: map[string]float64{"GPUUtilization": 40, "CPUUtilization": 768, "MemoryUtilization": 50, "GPUMemoryUtilization": 60},
			check: "job_other_type", types: []string{"ml.g5.8xlarge", "ml.g5.4xlarge"}, says: "7.68 x 0.85 / 0.4 = 16.3 cores",
		},
		"GPU idle, cores as well": {
			kind: "ml.g5.2xlarge", units: map[string]float64{"GPUUtilization": 2, "CPUUtilization": 100, "MemoryUtilization": 10, "GPUMemoryUtilization": 10},
			check: "job_oversized", types: []string{"ml.m5.large", "ml.g5.xlarge"}, says: "it has none",
		},
		"GPU memory nearly full": {
			kind: "ml.g5.2xlarge", units: map[string]float64{"GPUUtilization": 95, "CPUUtilization": 200, "MemoryUtilization": 30, "GPUMemoryUtilization": 98},
			check: "job_other_type", types: []string{"ml.g6e.xlarge"}, says: "22 GiB x 1.2 is less than its 45 GiB",
		},
		"memory nearly full": {
			kind: "ml.m5.2xlarge", units: map[string]float64{"CPUUtilization": 500, "MemoryUtilization": 97},
			check: "job_other_type", types: []string{"ml.r5.2xlarge", "ml.m5.4xlarge"}, says: "31 of 32 GiB",
		},
		"memory used, cores not": {
			kind: "ml.m5.4xlarge", units: map[string]float64{"CPUUtilization": 200, "MemoryUtilization": 70},
			check: "job_oversized", types: []string{"ml.r5.2xlarge"}, says: "2.0 of 16 cores",
		},
		"cores used, memory not": {
			kind: "ml.m5.xlarge", units: map[string]float64{"CPUUtilization": 300, "MemoryUtilization": 20},
			check: "job_other_type", types: []string{"ml.c5.xlarge"}, says: "3 of 16 GiB",
		},
		"nothing speaks for another": {
			kind: "ml.m5.xlarge", units: map[string]float64{"CPUUtilization": 280, "MemoryUtilization": 70},
		},
		"failed: what it would have used is not known": {
			kind: "ml.m5.4xlarge", units: map[string]float64{"CPUUtilization": 100, "MemoryUtilization": 10}, facts: map[string]string{"status": "Failed"},
		},
	} {
		facts := map[string]string{"instance_type": one.kind}
		for k, v := range one.facts {
			facts[k] = v
		}
		d := trained(t, facts)
		for metric, v := range one.units {
			publish(d, metric, func(i int) float64 { return v + 0.001*float64(i%2) })
		}
		got := Analyze(d)
		var names []string
		for _, p := range got.Parts {
			if p.Kind == "candidate" && !strings.HasSuffix(p.Name, "(used)") {
				names = append(names, p.Name)
			}
		}
		text, seen := "", ""
		for _, f := range got.Findings {
			if f.Check == "job_other_type" || f.Check == "job_oversized" {
				seen, text = f.Check, strings.Join(f.Evidence, "\n")
			}
		}
		if seen != one.check || len(names) < len(one.types) || !strings.Contains(text, one.says) {
			t.Errorf("%s: %s names %v: %s", name, seen, names, text)
			continue
		}
		for i := range one.types {
			if names[i] != one.types[i] {
				t.Errorf("%s: names %v, want %v first: %s", name, names, one.types, text)
				break
			}
		}
	}
}

// TestPaysOff: a type at half the price pays off up to twice the time.
func TestPaysOff(t *testing.T) {
	d := trained(t, map[string]string{"instance_type": "ml.m5.4xlarge"})
	var prices []price.Price
	for kind, usd := range map[string]float64{"ml.m5.4xlarge": 0.9, "ml.r5.2xlarge": 0.6} {
		prices = append(prices, price.Price{Region: "us-east-1", InstanceType: kind, Use: price.Training, USDPerHour: usd, AsOf: began.Truncate(24 * time.Hour), Source: "a test"})
	}
	book, err := price.NewBook(prices)
	if err != nil {
		t.Fatal(err)
	}
	d.Prices = book
	publish(d, "CPUUtilization", func(int) float64 { return 200 })
	publish(d, "MemoryUtilization", func(int) float64 { return 70 })
	got := Analyze(d)
	for _, f := range got.Findings {
		if f.Check == "job_oversized" && strings.Contains(strings.Join(f.Evidence, " "), "costs 33 % less: it pays off up to 1.5 times the time") {
			return
		}
	}
	t.Errorf("the price does not count: %+v", got.Findings)
}

func TestTypesRefused(t *testing.T) {
	short := trained(t, nil)
	publish(short, "CPUUtilization", func(int) float64 { return 100 })
	publish(short, "MemoryUtilization", func(int) float64 { return 10 })
	for i := range short.Series {
		short.Series[i].Points = short.Series[i].Points[:5]
	}
	unknown := trained(t, map[string]string{"instance_type": "ml.future.large"})
	publish(unknown, "MemoryUtilization", func(int) float64 { return 99 })
	blind := trained(t, nil) // a GPU of which nothing was published
	publish(blind, "CPUUtilization", func(int) float64 { return 100 })
	publish(blind, "MemoryUtilization", func(int) float64 { return 10 })
	for why, d := range map[string]*dossier.Dossier{"10 minutes are wanted": short, "instance type is not known": unknown, "GPU utilization of 10 minutes": blind} {
		got := Analyze(d)
		if e := estimate(got.Measures, "types_to_test"); e.Status != finding.Unanswerable || !strings.Contains(e.Why, why) {
			t.Errorf("%s %v: %s, want %q", e.Status, e.Value, e.Why, why)
		}
	}
}
