package workload

import (
	"math"
	"testing"
	"time"
)

// scenarios answers all scenarios, or some where each takes long.
func scenarios() []Config {
	if raceDetector {
		return Scenarios()[1:4]
	}
	return Scenarios()
}

func TestTruthOfScenarios(t *testing.T) {
	type nature struct {
		bottleneck          string
		saturated, batching bool
	}
	natures := map[string]nature{
		"gpu-bound":          {"gpu", true, false},
		"cpu-bound":          {"cpu", true, false},
		"gpu-batching":       {"gpu", false, true},
		"worker-limited":     {"workers", true, false},
		"never-saturated":    {"cpu", false, false},
		"memory-leak":        {"memory", false, false},
		"autoscaling":        {"cpu", true, false},
		"client-errors":      {"cpu", false, false},
		"closed-loop":        {"gpu", true, false},
		"hot-instance":       {"cpu", true, false},
		"downstream-limited": {"workers", true, false},
		"warm-up":            {"cpu", true, false},
		"mixed-periods":      {"gpu", true, false},
		"production-walk":    {"cpu", false, false},
	}
	seeds := uint64(4)
	if testing.Short() || raceDetector {
		seeds = 1
	}
	for _, c := range scenarios() {
		want, ok := natures[c.Name]
		if !ok {
			t.Errorf("%s: the test does not know it", c.Name)
		}
		for seed := range seeds {
			truth, err := CapacityOf(c, seed+1)
			if err != nil {
				t.Fatal(err)
			}
			if got := (nature{truth.Bottleneck, truth.Saturated, truth.Batching}); got != want {
				t.Errorf("%s, seed %d: %+v, want %+v", c.Name, seed+1, got, want)
			}
		}
	}
}

// TestTruthTable prints the table of truths and checks what holds in all.
func TestTruthTable(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("simulates some tens of millions of requests")
	}
	for _, c := range Scenarios() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			truth, err := TruthOf(c, 1)
			if err != nil {
				t.Fatal(err)
			}
			res, err := Run(c, 1)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("capacity %6.2f/s, SLO rate %6.2f/s at %s, %s, saturated %v, %d requests on %d instances",
				truth.CapacityRPS, truth.SLORPS, truth.SLO, truth.Bottleneck, truth.Saturated, res.Counts.Requests, res.Counts.MaxInstances)
			if truth.SLORPS <= 0.3*truth.CapacityRPS || truth.SLORPS > truth.CapacityRPS/(1-c.Service.ClientErrors*1.5) {
				t.Errorf("SLO rate %g beside a capacity of %g", truth.SLORPS, truth.CapacityRPS)
			}
			if res.Counts.Requests < 30000 || res.Counts.Requests > 400000 {
				t.Errorf("%d requests", res.Counts.Requests)
			}
		})
	}
}

// The SLO rate of M/M/1 is known: sojourns are exponential with rate mu-lambda,
// so p90 is at its limit when ln 10/(mu-lambda) is.
func TestSLORateOfMM1(t *testing.T) {
	if raceDetector {
		t.Skip("many requests in one goroutine")
	}
	c := constantLoad(1, Service{Downstream: Demand{Mean: 10 * time.Millisecond, CV: 1, Shape: Gamma}})
	c.Container.Workers, c.Container.QueueLimit = 1, 1<<20
	c.Arrivals.Steps[0].For = time.Minute
	c.SLO = SLO{90, 100 * time.Millisecond}
	truth, err := TruthOf(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "SLO rate", truth.SLORPS, 100-math.Log(10)/0.1, 0.006)
	near(t, "capacity", truth.CapacityRPS, 100, 0.006)
}

func TestScenarioNames(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Scenarios() {
		if seen[c.Name] || c.About == "" || c.SLO.Limit == 0 || c.PeakRPS <= 0 {
			t.Errorf("scenario %+v", c)
		}
		seen[c.Name] = true
		if _, err := Scenario(c.Name); err != nil {
			t.Error(err)
		}
	}
	if Scenarios()[0].Name != "gpu-bound" {
		t.Errorf("the default is %s", Scenarios()[0].Name)
	}
	if _, err := Scenario("gpu-bond"); err == nil {
		t.Error("an unknown name was found")
	}
}

func BenchmarkEngine(b *testing.B) {
	c := cpuBound().withDefaults()
	c.Arrivals = Arrivals{Steps: []Step{{For: 1e5 * time.Hour, From: 48, To: 48}}}
	n := &counter{}
	e := newEngine(&c, []float64{1, 1}, 0, c.randomSource(1, serviceStream), n)
	e.run(600)
	b.ReportAllocs()
	n.answers = 0
	until := 600.0
	for b.Loop() {
		until++
		e.run(until)
	}
	b.ReportMetric(float64(n.answers)/b.Elapsed().Seconds(), "requests/s")
}

func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"gpu-bound", "cpu-bound", "gpu-batching", "closed-loop"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			requests := 0
			for b.Loop() {
				requests += run(b, name, 1).Counts.Requests
			}
			b.ReportMetric(float64(requests)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
