package workload

import "math/rand/v2"

// tick is the spacing of everything that is looked at rather than reacted to:
// metric samples, restarts, scaling. All publish periods are multiples of it.
const tick = 10.0 // seconds

// observer is told what happens. It must not change the engine.
type observer interface {
	answered(e *engine, r *request, latency float64) // a request left; latency in s since it came
	sampled(e *engine)                               // every tick
	happened(e *engine, instance int, what event)
}

// event is something in the life of an instance.
type event uint8

const (
	started event = iota // came into service
	retired              // left service
	oomKill
	restarted
)

// engine is the simulation of one run. Time is in seconds since its origin.
type engine struct {
	model
	now       float64
	random    *rand.Rand
	observer  observer
	instances []instance
	routable  []int32
	turn      int // round robin
	requests  []request
	free      []int32
	agenda    agenda // ends of downstream waits; clients who think
	source    source
	crowd     crowd
	scaler    scaler
	done      []int32 // requests of the batch that ends
	loadStart float64 // a cold instance warms up with load, not before
	// clock holds the next time of each event source: arrivals, tick, and for
	// each instance its CPU and its GPUs. Few and always changing, so a scan
	// is faster than a heap and needs no cancelling.
	clock []float64
}

const (
	arrivalClock = iota
	tickClock
	firstInstanceClock
)

// model is the service in the units of the engine.
type model struct {
	cpu, gpu, downstream sampler
	batching             bool
	clientErrors, faults float64
	service              *Service // its incidents
	workers, queueLimit  int
	closed               bool
	balancer             Balancer
	gpus                 int
	warmUp, warmUpFactor float64
	limitMiB             float64 // of growth above the base
	perRequestMiB        float64
	perSecondMiB         float64
	restart              float64
}

func newModel(c *Config) model {
	return model{
		cpu: newSampler(c.Service.CPU), gpu: newSampler(c.Service.GPU), downstream: newSampler(c.Service.Downstream),
		batching:     c.Service.Batch.Max > 0,
		clientErrors: c.Service.ClientErrors, faults: c.Service.Faults, service: &c.Service,
		workers: c.Container.Workers, queueLimit: c.Container.QueueLimit,
		closed: c.Arrivals.Closed, balancer: c.Fleet.Balancer, gpus: c.Fleet.GPUs,
		warmUp: c.Fleet.WarmUp.Seconds(), warmUpFactor: c.Fleet.WarmUpFactor,
		limitMiB:      c.Fleet.MemoryMiB - c.Memory.BaseMiB,
		perRequestMiB: c.Memory.PerRequestMiB, perSecondMiB: c.Memory.PerHourMiB / 3600,
		restart: c.Memory.Restart.Seconds(),
	}
}

// newEngine prepares a run of c with defaults filled in, whose load begins at
// loadStart, on instances of the given speeds.
func newEngine(c *Config, speeds []float64, loadStart float64, seed rand.Source, o observer) *engine {
	e := &engine{model: newModel(c), random: rand.New(seed), observer: o, loadStart: loadStart}
	e.clock = make([]float64, firstInstanceClock+len(speeds)*(1+e.gpus))
	for i := range e.clock {
		e.clock[i] = never()
	}
	e.instances = make([]instance, len(speeds))
	for i := range e.instances {
		e.instances[i] = instance{
			processor:   processor{cores: float64(c.Fleet.VCPU) - c.Fleet.BackgroundCores},
			accelerator: newAccelerator(e.gpus, c.Service.Batch),
			speed:       speeds[i],
			startsAt:    never(),
		}
	}
	for i := range c.Fleet.Instances {
		e.enter(i)
	}
	e.scaler = newScaler(c.Autoscaling)
	if e.closed {
		e.crowd = crowd{segments: segments(c.Arrivals.Steps, loadStart), think: newSampler(Demand{Mean: c.Arrivals.Think, CV: 1, Shape: Gamma})}
		e.clock[arrivalClock] = e.crowd.change()
	} else {
		e.source = newSource(c.Arrivals, loadStart)
		e.clock[arrivalClock] = e.source.next(0, e.random)
	}
	e.clock[tickClock] = tick
	return e
}

// run simulates until the given time.
func (e *engine) run(until float64) {
	for {
		at, which := e.clock[0], 0
		for i, t := range e.clock[1:] {
			if t < at {
				at, which = t, i+1
			}
		}
		if len(e.agenda) > 0 && e.agenda[0].at < at {
			at, which = e.agenda[0].at, -1
		}
		if at > until {
			return
		}
		e.now = at
		e.step(which)
	}
}

func (e *engine) step(which int) {
	switch {
	case which < 0:
		e.due(e.agenda.pop().id)
	case which == arrivalClock && e.closed:
		for range e.crowd.begin() {
			e.think()
		}
		e.clock[arrivalClock] = e.crowd.change()
	case which == arrivalClock:
		e.arrive()
		e.clock[arrivalClock] = e.source.next(e.now, e.random)
	case which == tickClock:
		e.tick()
		e.clock[tickClock] += tick
	default:
		which -= firstInstanceClock
		i, device := which/(1+e.gpus), which%(1+e.gpus)-1
		if device < 0 {
			e.endCPU(i)
		} else {
			e.endGPU(i, device)
		}
	}
}

// think sends one client away to think.
func (e *engine) think() {
	e.agenda.push(timed{at: e.now + e.crowd.think.draw(e.random), id: -1})
}

// due handles the end of a client's thinking or of a downstream wait.
func (e *engine) due(id int32) {
	switch {
	case id >= 0 && e.requests[id].stage == abandoned:
		e.release(id)
	case id >= 0:
		e.complete(id)
	case !e.crowd.leaves():
		e.arrive()
	}
}
