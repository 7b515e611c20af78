package main

import (
	"math/rand/v2"
	"time"

	"sizewise/ingest/simaws/workload"
)

// twists are what makes a load test hard to read, each with how it changes a
// trial.
func twists() []struct {
	name  string
	apply func(t *trial, r *rand.Rand)
} {
	type twist = struct {
		name  string
		apply func(t *trial, r *rand.Rand)
	}
	return []twist{
		{"unknown workers", func(*trial, *rand.Rand) {}},
		{"near", (*trial).near},
		{"unequal", (*trial).unequal},
		{"autoscaling", (*trial).autoscale},
		{"drift", func(t *trial, r *rand.Rand) {
			t.Drift, t.Piece, t.Swing = pick(r, .05, .1, .15), 5*time.Minute, 15*time.Minute
		}},
		{"closed loop", (*trial).close},
		{"warm-up", func(t *trial, r *rand.Rand) {
			t.Config.Fleet.WarmUp, t.Config.Fleet.WarmUpFactor = 5*time.Minute, between(r, 1.3, 2.5)
		}},
		{"missing minutes", func(t *trial, _ *rand.Rand) { t.Missing = .05 }},
		{"period 300", func(t *trial, _ *rand.Rand) { t.Config.Publish.Period = 5 * time.Minute }},
		{"period 10", func(t *trial, _ *rand.Rand) {
			t.Config.Publish.Period, t.Config.Publish.Enhanced = 10*time.Second, true
		}},
		{"leak", func(t *trial, r *rand.Rand) {
			t.Config.Memory = workload.Memory{BaseMiB: 4000, PerHourMiB: between(r, 9000, 30000)}
		}},
		{"4xx", func(t *trial, r *rand.Rand) { t.Config.Service.ClientErrors = between(r, .02, .15) }},
		{"no queue", func(t *trial, _ *rand.Rand) { t.Config.Container.QueueLimit = 0 }},
		{"short", func(t *trial, r *rand.Rand) {
			length := asDuration(between(r, 60, 100)).Round(time.Second)
			for i := range t.Config.Arrivals.Steps {
				t.Config.Arrivals.Steps[i].For = length
			}
		}},
		{"ramp", (*trial).ramp},
		{"deploy", func(t *trial, r *rand.Rand) { t.Deploy = pick(r, .6, .75, 1.35, 1.6) }},
		{"batch", (*trial).batch},
		{"workers known", func(*trial, *rand.Rand) {}},
	}
}

// twist makes a trial hard, by one twist in turn and by another in a third of
// the trials.
func (t *trial) twist(r *rand.Rand, i int) {
	all := twists()
	first := i % len(all)
	t.Twists = append(t.Twists, all[first].name)
	all[first].apply(t, r)
	second := r.IntN(len(all))
	if r.IntN(3) == 0 && second != first && !t.has("closed loop") && !t.has("autoscaling") && all[second].name != "closed loop" && all[second].name != "autoscaling" && all[second].name != "batch" {
		t.Twists = append(t.Twists, all[second].name)
		all[second].apply(t, r)
	}
	// The simulated containers print their workers when they start, as real ones
	// do: a quarter of the other tests begins too late to see it.
	t.Workers = t.Config.Container.Workers
	if t.has("unknown workers") || r.IntN(4) == 0 && !t.has("workers known") {
		t.Workers = 0
	}
}

// redraw lays the load out anew after the service changed.
func (t *trial) rescale(before float64) {
	f := t.capacity() / before
	for i := range t.Config.Arrivals.Steps {
		s := &t.Config.Arrivals.Steps[i]
		s.From, s.To = s.From*f, s.To*f
	}
}

// near gives CPU and GPU nearly the same capacity.
func (t *trial) near(r *rand.Rand) {
	before := t.capacity()
	c := &t.Config
	t.Kind = "near"
	c.Fleet.GPUs, c.Fleet.GPUMemoryMiB = 1, 16384
	c.Service.Batch, c.Service.Downstream = workload.Batch{}, workload.Demand{}
	rate := before
	free := float64(c.Fleet.VCPU) - c.Fleet.BackgroundCores
	c.Service.GPU = workload.Demand{Mean: asDuration(1 / rate), CV: between(r, .2, .6)}
	c.Service.CPU = workload.Demand{Mean: asDuration(free / rate * between(r, .9, 1.1)), CV: between(r, .2, .6)}
	c.Container.Workers = 8 * c.Fleet.VCPU
	t.rescale(before)
}

func (t *trial) unequal(r *rand.Rand) {
	f := &t.Config.Fleet
	if f.Instances == 1 {
		f.Instances = pick(r, 2, 3, 4)
		for i := range t.Config.Arrivals.Steps {
			s := &t.Config.Arrivals.Steps[i]
			s.From, s.To = s.From*float64(f.Instances), s.To*float64(f.Instances)
		}
	}
	f.SpeedSpread = min(.15, between(r, .08, .2))
}

// autoscale begins with one instance.
func (t *trial) autoscale(r *rand.Rand) {
	t.Config.Fleet.Instances = 1
	full := t.capacity()
	t.Config.Arrivals.Steps = nil
	for _, share := range []float64{.3, .45, .6, 1.1, 1.25, 1.4, 1.9, 2.3, 2.6, 2.8} {
		rate := full * share * between(r, .95, 1.05)
		t.Config.Arrivals.Steps = append(t.Config.Arrivals.Steps, workload.Step{For: 5 * time.Minute, From: rate, To: rate})
	}
	t.Config.Autoscaling = &workload.Autoscaling{Target: 60 * full * between(r, .6, .8), Min: 1, Max: 4, StartTime: asDuration(between(r, 120, 300))}
}

// close makes the load a number of waiting clients.
func (t *trial) close(r *rand.Rand) {
	full := t.capacity() * float64(t.Config.Fleet.Instances)
	alone := max(t.alone(), .02)
	t.Config.Arrivals.Closed, t.Config.Arrivals.Think = true, asDuration(alone*between(r, 2, 15))
	enough := full * (alone + t.Config.Arrivals.Think.Seconds())
	top := between(r, .7, 1.8)
	for i := range t.Config.Arrivals.Steps {
		s := &t.Config.Arrivals.Steps[i]
		n := max(1, enough*top*float64(i+1)/float64(len(t.Config.Arrivals.Steps)))
		s.From, s.To = n, n
	}
	t.Config.Container.QueueLimit = 4096
}

// ramp joins the steps to one slope.
func (t *trial) ramp(*rand.Rand) {
	from := 0.1 * t.Config.Arrivals.Steps[len(t.Config.Arrivals.Steps)-1].To
	for i := range t.Config.Arrivals.Steps {
		s := &t.Config.Arrivals.Steps[i]
		s.From, from = from, s.To
	}
}

func (t *trial) batch(r *rand.Rand) {
	before := t.capacity()
	c := &t.Config
	t.Kind = "batch"
	c.Fleet.GPUs, c.Fleet.GPUMemoryMiB = 1, 16384
	most := pick(r, 4, 8, 16, 32)
	ratio := between(r, 2, 12)
	unit := float64(most) / (ratio + float64(most)) / before
	free := float64(c.Fleet.VCPU) - c.Fleet.BackgroundCores
	c.Service = workload.Service{
		Batch: workload.Batch{Max: most, Base: asDuration(ratio * unit), PerItem: asDuration(unit), CV: .1},
		CPU:   workload.Demand{Mean: asDuration(free / before / between(r, 2, 8)), CV: .5},
	}
	c.Container.Workers = 4 * most
	t.rescale(before)
}
