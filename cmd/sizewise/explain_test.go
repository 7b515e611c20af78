package main

import (
	"flag"
	"strings"
	"testing"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/workload"
)

// explainSeeds is how many different tests each planted cause is judged on. The
// gate is over 20, which takes minutes.
var (
	explainSeeds = flag.Int("explain-seeds", 6, "tests a planted cause in TestExplanations")
	explainFrom  = flag.Uint64("explain-from", 1, "seed of the first of them")
)

// planted is a scenario whose errors have one cause, and what its container
// says of it. No lines: nothing is wrong, and nothing may be called an explanation.
type planted struct {
	name   string
	config func(*testing.T) workload.Config
	metric string
	lines  []string // pieces of the templates, any of which names the cause
}

func causes() []planted {
	return []planted{
		{"out of memory", killedOften, "5xx", []string{"out of memory", "MemoryError"}},
		{"workers full", overloadedOften, "5xx", []string{"Resource temporarily unavailable"}},
		{"bad payloads", incidents("client-errors", workload.Incident{ClientErrors: 0.25}), "4xx", []string{"rejected"}},
		{"downstream time-outs", incidents("downstream-limited", workload.Incident{TimeOuts: 0.15}), "5xx", []string{"TimeoutError"}},
		{"worker death: gunicorn", incidents("client-errors", workload.Incident{Deaths: 0.12}), "5xx", []string{"WORKER TIMEOUT"}},
		{"worker death: multi-model-server", tight(incidents("memory-leak", workload.Incident{Deaths: 0.12})), "5xx", []string{"Backend worker process died"}},
		{"nothing: below capacity", shipped("never-saturated"), "", nil},
		{"nothing: production", shipped("production-walk"), "", nil},
		{"nothing: constant share of bad requests", shipped("client-errors"), "", nil},
	}
}

func shipped(name string) func(*testing.T) workload.Config {
	return func(t *testing.T) workload.Config {
		t.Helper()
		c, err := workload.Scenario(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

// steady is an hour of one rate.
func steady(rate float64) workload.Arrivals {
	return workload.Arrivals{Steps: []workload.Step{{For: time.Hour, From: rate, To: rate}}}
}

// killedOften leaks so fast that a container dies every quarter of an hour.
func killedOften(t *testing.T) workload.Config {
	c := shipped("memory-leak")(t)
	c.Name += "-often"
	c.Arrivals = steady(32)
	c.Memory.PerRequestMiB = 0.55
	return c
}

// overloadedOften has five rushes of three minutes.
func overloadedOften(t *testing.T) workload.Config {
	c := shipped("worker-limited")(t)
	c.Name += "-often"
	c.Arrivals.Steps = nil
	for range 5 {
		c.Arrivals.Steps = append(c.Arrivals.Steps,
			workload.Step{For: 9 * time.Minute, From: 33, To: 33}, workload.Step{For: 3 * time.Minute, From: 99, To: 99})
	}
	return c
}

// incidents has four of one kind in an hour of one rate.
func incidents(scenario string, what workload.Incident) func(*testing.T) workload.Config {
	return func(t *testing.T) workload.Config {
		c := shipped(scenario)(t)
		c.Name += "-incidents"
		c.Arrivals = steady(28)
		c.Service.ClientErrors = 0.002
		for i := range 4 {
			what.At, what.For = time.Duration(8+13*i)*time.Minute, 3*time.Minute
			c.Service.Incidents = append(c.Service.Incidents, what)
		}
		return c
	}
}

// tight gives back all memory.
func tight(config func(*testing.T) workload.Config) func(*testing.T) workload.Config {
	return func(t *testing.T) workload.Config {
		c := config(t)
		c.Memory.PerRequestMiB = 0
		return c
	}
}

// TestExplanations plants a cause in simulated tests and takes them through the
// whole pipeline: in 95 % of them the container's word on the cause is the first
// explanation of the metric, and where nothing is planted nothing is called one.
func TestExplanations(t *testing.T) {
	seeds := *explainSeeds
	if raceEnabled || testing.Short() {
		seeds = 1
	}
	for _, p := range causes() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			cfg := p.config(t)
			right := 0
			for seed := range seeds {
				set, err := pipeline(t, cfg, *explainFrom+uint64(seed)) //nolint:gosec // a small count
				if err != nil {
					t.Fatal(err)
				}
				if ok, said := p.judge(set); ok {
					right++
				} else {
					t.Logf("seed %d: %s", *explainFrom+uint64(seed), said) //nolint:gosec // a small count
				}
			}
			t.Logf("%d of %d", right, seeds)
			if float64(right) < 0.95*float64(seeds) {
				t.Errorf("right in %d of %d", right, seeds)
			}
		})
	}
}

// judge says whether the explanations are right, and what was said instead.
func (p *planted) judge(set finding.Set) (bool, string) {
	said := "nothing"
	for _, e := range set.Logs.Explanations {
		if p.lines == nil && e.Relation == finding.Explains {
			return false, e.Metric + ": " + e.Template
		}
		if p.lines == nil || e.Metric != p.metric {
			continue
		}
		said = string(e.Relation) + ": " + e.Template
		for _, piece := range p.lines {
			if strings.Contains(e.Template, piece) {
				return e.Relation == finding.Explains, said
			}
		}
		return false, said
	}
	return p.lines == nil, said
}
