package workload

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// stream names an independent source of random numbers within one run.
type stream uint64

const (
	varyStream stream = iota + 1
	serviceStream
	publishStream
	logStreamSeed
	nameStream
	capacityStream
	sloStream
)

func (c *Config) randomSource(seed uint64, s stream) rand.Source {
	h := fnv.New64a()
	h.Write([]byte(c.Name))
	return rand.NewPCG(seed, h.Sum64()+uint64(s)*0x9e3779b97f4a7c15)
}

// test is a configuration as one seed has it: defaults filled in, variation
// applied, instance speeds drawn.
type test struct {
	Config
	seed   uint64
	speeds []float64 // of as many instances as the fleet can grow to
}

// draw applies the variation. Load follows demand and fleet size, so that a
// step keeps its share of capacity, but for its own factor.
func draw(cfg Config, seed uint64) (*test, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	t := &test{Config: cfg.withDefaults(), seed: seed}
	r := rand.New(t.randomSource(seed, varyStream))
	around := func(spread float64) float64 { return 1 + spread*(2*r.Float64()-1) }

	v := cfg.Vary
	k := t.Fleet.Instances
	if len(v.Instances) > 0 {
		k = v.Instances[r.IntN(len(v.Instances))]
	}
	demand, cv := around(v.Demand), around(v.CV)
	load := float64(k) / float64(t.Fleet.Instances) * around(v.Load/2)
	t.Service.ClientErrors *= around(v.Errors)
	t.Fleet.Instances = k
	t.scaleDemand(demand, cv)
	if !t.Arrivals.Closed {
		load /= demand
	}
	t.Arrivals.Steps = scaledSteps(t.Arrivals.Steps, load, func() float64 { return around(v.Load) })

	most := k
	if t.Autoscaling != nil {
		t.Autoscaling.Target /= demand
		t.Autoscaling.Max = max(t.Autoscaling.Max, k)
		most = t.Autoscaling.Max
	}
	for range most {
		t.speeds = append(t.speeds, around(t.Fleet.SpeedSpread))
	}
	return t, nil
}

// scaleDemand makes every request need more by one factor, and what belongs to
// requests with it.
func (t *test) scaleDemand(demand, cv float64) {
	s := &t.Service
	for _, d := range []*Demand{&s.CPU, &s.GPU, &s.Downstream} {
		d.Mean = scaled(d.Mean, demand)
		d.CV *= cv
	}
	s.Batch.Base, s.Batch.PerItem = scaled(s.Batch.Base, demand), scaled(s.Batch.PerItem, demand)
	t.Arrivals.Think = scaled(t.Arrivals.Think, demand)
	t.Memory.PerRequestMiB *= demand
}

func scaled(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}

// scaledSteps keeps ramps whole: where one step ends on the next one's start,
// both move together.
func scaledSteps(steps []Step, load float64, jitter func() float64) []Step {
	out := make([]Step, len(steps))
	next := jitter()
	for i, s := range steps {
		from, to := next, next
		next = jitter()
		if s.From != s.To {
			to = next
		}
		out[i] = Step{For: s.For, From: s.From * load * from, To: s.To * load * to}
	}
	return out
}

// slowest answers the speed of the slowest instance.
func (t *test) slowest() float64 {
	low := t.speeds[0]
	for _, s := range t.speeds {
		low = min(low, s)
	}
	return low
}
