package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/workload"
)

// trial is one simulated load test and what is done to its records before the
// analysis sees them.
type trial struct {
	Set     string
	Kind    string   // cpu, gpu, batch or workers: what it is drawn to be limited by
	Twists  []string // what makes it hard
	Config  workload.Config
	Seed    uint64
	Workers int           // what the container's log says; 0 nothing
	Missing float64       // share of the minutes that are lost
	Drift   float64       // demand swings by this much during the test
	Piece   time.Duration // over which the demand is constant, where it drifts
	Swing   time.Duration // period of the drift
	Deploy  float64       // factor on the demand before a deploy at half time; 0 no deploy
	Target  float64       // target utilization to size for
}

func (t *trial) has(twist string) bool { return slices.Contains(t.Twists, twist) }

// drawTrials draws n trials of a set. The same set, number and seed give the
// same trials.
func drawTrials(set string, n int, seed uint64) []trial {
	var out []trial
	for i := range n {
		r := rand.New(rand.NewPCG(seed, uint64(i)*2654435761+uint64(len(set))))
		t := trial{Set: set, Seed: seed*1000 + uint64(i), Target: .7}
		t.Config.Name = fmt.Sprintf("%s-%d-%d", set, seed, i)
		t.drawService(r)
		switch set {
		case "easy":
			t.drawStairs(r, []float64{.6, .9, 1.3}[i%3])
			t.Workers = t.Config.Container.Workers
		case "hard":
			t.drawStairs(r, between(r, .5, 1.4))
			t.twist(r, i)
		default:
			t.drawWalk(r)
		}
		t.Config.SLO = workload.SLO{Percentile: 99, Limit: t.limit(r, between(r, 1.5, 3))}
		out = append(out, t)
	}
	return out
}

func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

func logBetween(r *rand.Rand, lo, hi float64) float64 {
	return math.Exp(between(r, math.Log(lo), math.Log(hi)))
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func asDuration(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// capacity is about what one instance can take, requests/s: the trial's scale.
func (t *trial) capacity() float64 {
	s, f := t.Config.Service, t.Config.Fleet
	c := math.Inf(1)
	if d := s.CPU.Mean.Seconds(); d > 0 {
		c = min(c, (float64(f.VCPU)-f.BackgroundCores)/d)
	}
	if d := s.GPU.Mean.Seconds(); d > 0 {
		c = min(c, float64(f.GPUs)/d)
	}
	if b := s.Batch; b.Max > 0 {
		c = min(c, float64(f.GPUs)*float64(b.Max)/(b.Base+time.Duration(b.Max)*b.PerItem).Seconds())
	}
	if alone := t.alone(); alone > 0 {
		c = min(c, float64(t.Config.Container.Workers)/alone)
	}
	return c
}

// alone is the mean latency of a request that meets no other.
func (t *trial) alone() float64 {
	s := t.Config.Service
	if b := s.Batch; b.Max > 0 {
		return 0
	}
	return (s.CPU.Mean + s.GPU.Mean + s.Downstream.Mean).Seconds()
}

func (t *trial) drawService(r *rand.Rand) {
	c := &t.Config
	t.Kind = pick(r, "cpu", "cpu", "cpu", "gpu", "gpu", "workers", "workers", "batch")
	if t.Set == "production" {
		t.Kind = pick(r, "cpu", "cpu", "gpu")
	}
	rate := logBetween(r, 12, 90) // capacity of an instance
	cv := func() float64 { return between(r, .15, 1) }
	shape := func() workload.Shape { return pick(r, workload.Lognormal, workload.Gamma) }
	c.Fleet = workload.Fleet{
		Instances: pick(r, 1, 1, 2, 3, 4), VCPU: pick(r, 2, 4, 4, 8, 16), MemoryMiB: 16384,
		Balancer: pick(r, workload.Random, workload.RoundRobin, workload.LeastOutstanding),
	}
	n := float64(c.Fleet.VCPU)
	c.Fleet.BackgroundCores = between(r, 0, .08) * n
	free := n - c.Fleet.BackgroundCores
	c.Container = workload.Container{Workers: int(n) * pick(r, 2, 4, 8), QueueLimit: pick(r, 16, 64, 256)}
	c.Publish.Noise = .02
	switch t.Kind {
	case "cpu":
		c.Service.CPU = workload.Demand{Mean: asDuration(free / rate), CV: cv(), Shape: shape()}
	case "gpu":
		c.Fleet.GPUs, c.Fleet.GPUMemoryMiB = pick(r, 1, 1, 1, 4), 16384
		c.Service.GPU = workload.Demand{Mean: asDuration(float64(c.Fleet.GPUs) / rate), CV: cv() * .7, Shape: shape()}
		c.Service.CPU = workload.Demand{Mean: asDuration(free / rate / between(r, 1.4, 6)), CV: cv(), Shape: shape()}
		c.Container.Workers = c.Fleet.GPUs*pick(r, 4, 8, 16) + int(n)
	case "workers":
		c.Container.Workers = pick(r, 1, 2, 4, 8, 16, 32)
		alone := float64(c.Container.Workers) / rate
		computes := min(between(r, .05, .6), free/rate/alone/1.4)
		c.Service.CPU = workload.Demand{Mean: asDuration(alone * computes), CV: cv(), Shape: shape()}
		c.Service.Downstream = workload.Demand{Mean: asDuration(alone * (1 - computes)), CV: cv(), Shape: shape()}
	case "batch":
		c.Fleet.GPUs, c.Fleet.GPUMemoryMiB = 1, 16384
		most := pick(r, 4, 8, 16)
		perItem, ratio := 1.0, between(r, 2, 10)
		unit := float64(most) / (ratio + float64(most)*perItem) / rate
		c.Service.Batch = workload.Batch{Max: most, Base: asDuration(ratio * unit), PerItem: asDuration(unit), CV: .1}
		c.Service.CPU = workload.Demand{Mean: asDuration(free / rate / between(r, 2, 8)), CV: cv(), Shape: shape()}
		c.Container.Workers = 4 * most
	}
	c.Fleet.InstanceType = instanceType(c.Fleet.VCPU, c.Fleet.GPUs)
	c.Service.ClientErrors = pick(r, 0, 0, .001, .005)
	c.Service.Faults = pick(r, 0, 0, .0002)
}

// instanceType is a type with so many vCPUs and GPUs, where there is one.
func instanceType(vcpu, gpus int) string {
	if gpus == 0 {
		return map[int]string{2: "ml.c5.large", 4: "ml.c5.xlarge", 8: "ml.c5.2xlarge", 16: "ml.c5.4xlarge"}[vcpu]
	}
	if gpus == 1 && vcpu > 2 {
		return map[int]string{4: "ml.g5.xlarge", 8: "ml.g5.2xlarge", 16: "ml.g5.4xlarge"}[vcpu]
	}
	return "ml.unknown"
}

// drawStairs is ten steps of five minutes up to a share of the capacity.
func (t *trial) drawStairs(r *rand.Rand, top float64) {
	full := t.capacity() * float64(t.Config.Fleet.Instances)
	for i := range 10 {
		rate := full * top * float64(i+1) / 10 * between(r, .97, 1.03)
		t.Config.Arrivals.Steps = append(t.Config.Arrivals.Steps, workload.Step{For: 5 * time.Minute, From: rate, To: rate})
	}
}

// drawWalk is three hours of production: a random walk of the load, noisy
// readings, and work per request that drifts.
func (t *trial) drawWalk(r *rand.Rand) {
	full, top := t.capacity()*float64(t.Config.Fleet.Instances), between(r, .25, .65)
	share, most := top*.6, 0.0
	walk := make([]float64, 180)
	for i := range walk {
		share = min(top, max(.25*top, share+.06*top*r.NormFloat64()))
		walk[i], most = share, max(most, share)
	}
	for _, share := range walk {
		rate := full * share * top / most // top is the most that it comes to
		t.Config.Arrivals.Steps = append(t.Config.Arrivals.Steps, workload.Step{For: time.Minute, From: rate, To: rate})
	}
	t.Config.Publish.Noise = .05
	t.Drift, t.Piece, t.Swing = pick(r, 0, .05, .15), 10*time.Minute, 3*time.Hour
	t.Workers = t.Config.Container.Workers
}

// limit is a multiple of the 99th percentile that requests have when they meet
// no other.
func (t *trial) limit(r *rand.Rand, times float64) time.Duration {
	s := t.Config.Service
	sum := make([]float64, 20000)
	for i := range sum {
		for _, d := range []workload.Demand{s.CPU, s.GPU, s.Downstream} {
			sum[i] += sample(r, d)
		}
		if s.Batch.Max > 0 {
			sum[i] += 1.5 * (s.Batch.Base + s.Batch.PerItem*time.Duration(1+s.Batch.Max/2)).Seconds()
		}
	}
	return asDuration(times * quantile(sum, .99)).Round(time.Millisecond)
}

// sample draws a demand: lognormal, or gamma as a sum of exponentials where that
// is near enough.
func sample(r *rand.Rand, d workload.Demand) float64 {
	if d.Mean == 0 {
		return 0
	}
	if d.Shape == workload.Lognormal {
		sigma := math.Sqrt(math.Log1p(d.CV * d.CV))
		return d.Mean.Seconds() * math.Exp(sigma*r.NormFloat64()-sigma*sigma/2)
	}
	n := max(1, math.Round(1/(d.CV*d.CV)))
	x := 0.0
	for range int(n) {
		x += r.ExpFloat64()
	}
	return d.Mean.Seconds() * x / n
}

// asTested is what Describe and the table of instance types say of the trial.
func (t *trial) asTested() finding.Tested {
	f := t.Config.Fleet
	return finding.Tested{VCPU: f.VCPU, GPUs: f.GPUs, MemoryGiB: finding.Number(f.MemoryMiB / 1024), DescribedCount: f.Instances, PeriodS: 60}
}
