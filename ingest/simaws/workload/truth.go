package workload

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// TruthOf answers what an analysis of Run(cfg, seed) should find. It simulates
// some millions of requests, so it takes about a second; CapacityOf is faster.
func TruthOf(cfg Config, seed uint64) (Truth, error) {
	truth, t, err := capacityOf(cfg, seed)
	if err != nil {
		return Truth{}, err
	}
	truth.SLORPS = t.sloRate(truth.CapacityRPS)
	return truth, nil
}

// CapacityOf answers the truth without the SLO rate, which stays 0: some hundred
// thousand simulated requests.
func CapacityOf(cfg Config, seed uint64) (Truth, error) {
	truth, _, err := capacityOf(cfg, seed)
	return truth, err
}

func capacityOf(cfg Config, seed uint64) (Truth, *test, error) {
	t, err := draw(cfg, seed)
	if err != nil {
		return Truth{}, nil, fmt.Errorf("preparing the workload: %w", err)
	}
	truth := Truth{SLO: t.SLO.String(), Batching: t.Service.Batch.Max > 1}
	truth.CapacityRPS, truth.Bottleneck = t.capacity()
	w := &watch{test: t}
	t.simulate(w)
	truth.Saturated = w.saturated
	if w.kills > 0 {
		truth.Bottleneck = "memory"
	}
	return truth, t, nil
}

// steady is the service alone: no warm-up, no memory growth, no scaling.
func (t *test) steady() Config {
	c := t.Config
	c.Fleet.WarmUp = 0
	c.Memory.PerRequestMiB, c.Memory.PerHourMiB = 0, 0
	c.Autoscaling = nil
	return c
}

// busyLimit is the utilization from which a resource counts as full.
const busyLimit = 0.93

// capacity keeps all workers of the slowest instance at work: as many clients
// without think time as there are workers are a permanent backlog. Batch means
// tell when the rate is known to a standard error of a fifth of a per cent.
func (t *test) capacity() (rate float64, bottleneck string) {
	const (
		answersPerBatch = 5000
		leastBatches    = 20
		mostBatches     = 400
		wanted          = 0.002
	)
	c := t.steady()
	c.Fleet.Instances = 1
	clients := float64(c.Container.Workers)
	c.Arrivals = Arrivals{Closed: true, Steps: []Step{{For: 1e6 * time.Hour, From: clients, To: clients}}}
	n := &counter{}
	e := newEngine(&c, []float64{t.slowest()}, 0, t.randomSource(t.seed, capacityStream), n)
	e.run(60)
	length := answersPerBatch * e.now / float64(max(1, n.answers))
	e.run(60 + length)
	begin := e.now
	before := e.busy()
	var rates []float64
	for len(rates) < mostBatches {
		n.successes = 0
		e.run(begin + length*float64(len(rates)+1))
		rates = append(rates, float64(n.successes)/length)
		if mean, se := meanAndError(rates); len(rates) >= leastBatches && se < wanted*mean {
			break
		}
	}
	rate, _ = meanAndError(rates)
	after, passed := e.busy(), e.now-begin
	cpu := ((after.cpu-before.cpu)/passed + c.Fleet.BackgroundCores) / float64(c.Fleet.VCPU)
	gpu := (after.gpu - before.gpu) / passed / float64(max(1, c.Fleet.GPUs))
	switch {
	case max(cpu, gpu) < busyLimit:
		return rate, "workers"
	case gpu > cpu:
		return rate, "gpu"
	default:
		return rate, "cpu"
	}
}

// usedSeconds is the accounting of a whole engine.
type usedSeconds struct{ cpu, gpu float64 }

func (e *engine) busy() usedSeconds {
	var u usedSeconds
	for i := range e.instances {
		inst := &e.instances[i]
		inst.processor.advance(e.now)
		u.cpu += inst.processor.busy
		u.gpu += inst.accelerator.busy(e.now)
	}
	return u
}

func meanAndError(x []float64) (mean, standardError float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		standardError += (v - mean) * (v - mean)
	}
	n := float64(len(x))
	return mean, math.Sqrt(standardError / max(1, n-1) / n)
}

// counter is the observer that only counts.
type counter struct{ answers, successes int }

func (n *counter) answered(_ *engine, r *request, _ float64) {
	n.answers++
	if r.outcome == success {
		n.successes++
	}
}
func (n *counter) sampled(*engine)              {}
func (n *counter) happened(*engine, int, event) {}

// watch is the observer that finds out whether an instance was at its capacity.
type watch struct {
	test      *test
	last      []fullness
	minutes   []int // in a row, per instance
	saturated bool
	kills     int
}

type fullness struct{ workers, cpu, gpu float64 }

func (w *watch) answered(*engine, *request, float64) {}

func (w *watch) happened(_ *engine, _ int, what event) {
	if what == oomKill {
		w.kills++
	}
}

// sampled looks at whole minutes. An instance is at capacity while all workers
// are in use, as under a backlog, or while a resource has nothing left. A
// batching GPU is the exception: it works all the time long before that.
func (w *watch) sampled(e *engine) {
	const full, inARow = 0.97, 3
	if math.Mod(e.now, 60) != 0 {
		return
	}
	if w.last == nil {
		w.last, w.minutes = make([]fullness, len(e.instances)), make([]int, len(e.instances))
	}
	fleet := w.test.Fleet
	for i := range e.instances {
		inst := &e.instances[i]
		inst.settleFull(e.now, e.workers)
		inst.processor.advance(e.now)
		now := fullness{inst.full, inst.processor.busy, inst.accelerator.busy(e.now)}
		shares := []float64{
			(now.workers - w.last[i].workers) / 60,
			((now.cpu-w.last[i].cpu)/60 + fleet.BackgroundCores) / float64(fleet.VCPU),
		}
		if fleet.GPUs > 0 && !e.batching {
			shares = append(shares, (now.gpu-w.last[i].gpu)/60/float64(fleet.GPUs))
		}
		w.last[i] = now
		w.minutes[i] = count(w.minutes[i], slices.Max(shares) >= full)
		w.saturated = w.saturated || w.minutes[i] >= inARow
	}
}
