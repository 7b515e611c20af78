package queue

import (
	"math"
	"math/rand/v2"
)

// run is one simulation. Times are seconds since its beginning.
type run struct {
	fleet     *Fleet
	gap       float64 // mean time between arrivals
	now, end  float64
	draws     draws
	arrival   float64 // when the next request comes
	work      Work    // that it takes
	route     float64
	instances []instance
	turn      int
	jobs      []job
	free      []int32
	agenda    agenda // ends on devices, and of waits
	latencies []float64
	alone     []float64 // of the same requests
}

type job struct {
	came     float64
	work     Work
	instance int32
	onDevice bool
}

type instance struct {
	cpu     processor
	devices int // in use
	waiting fifo
	working int
	queued  fifo
}

func newRun(f *Fleet, rate float64, seed uint64) *run {
	n := max(1, f.Instances)
	r := &run{fleet: f, gap: 1 / (rate * float64(n)), instances: make([]instance, n), draws: draws{rand.New(rand.NewPCG(seed, 1))}}
	cores := f.Cores
	if !(cores > 0) {
		cores = math.Inf(1)
	}
	for i := range r.instances {
		r.instances[i].cpu = processor{cores: cores, ends: math.Inf(1)}
	}
	r.draw()
	return r
}

// draw prepares the next arrival.
func (r *run) draw() {
	gap, work, route := r.draws.next()
	r.arrival = r.now + gap*r.gap
	r.work, r.route = r.fleet.Works[work%len(r.fleet.Works)], route
}

// until simulates up to a time.
func (r *run) until(end float64) {
	r.end = end
	for {
		at, which := r.arrival, -1
		if len(r.agenda) > 0 && r.agenda[0].at < at {
			at, which = r.agenda[0].at, -2
		}
		for i := range r.instances {
			if t := r.instances[i].cpu.ends; t < at {
				at, which = t, i
			}
		}
		if at > end {
			return
		}
		r.now = at
		switch which {
		case -1:
			r.arrive()
		case -2:
			r.due(r.agenda.pop().id)
		default:
			r.toDevice(r.instances[which].cpu.finish(at))
		}
	}
}

func (r *run) arrive() {
	i := r.pick()
	id := int32(len(r.jobs))
	if n := len(r.free); n > 0 {
		id, r.free = r.free[n-1], r.free[:n-1]
	} else {
		r.jobs = append(r.jobs, job{})
	}
	r.jobs[id] = job{came: r.now, work: r.work, instance: int32(i)}
	r.draw()
	if in := &r.instances[i]; r.fleet.Workers > 0 && in.working >= r.fleet.Workers {
		in.queued.push(id)
	} else {
		in.working++
		r.begin(id)
	}
}

// pick is the instance that the next request goes to.
func (r *run) pick() int {
	n := len(r.instances)
	switch r.fleet.Balancer {
	case RoundRobin:
		r.turn = (r.turn + 1) % n
		return r.turn
	case LeastOutstanding:
		r.turn = (r.turn + 1) % n
		best := r.turn
		for j := 1; j < n; j++ {
			if i := (r.turn + j) % n; r.instances[i].load() < r.instances[best].load() {
				best = i
			}
		}
		return best
	case Random:
	}
	return int(r.route * float64(n))
}

func (in *instance) load() int { return in.working + in.queued.size() }

func (r *run) begin(id int32) {
	j := &r.jobs[id]
	if j.work.CPU > 0 {
		r.instances[j.instance].cpu.add(r.now, j.work.CPU, id)
		return
	}
	r.toDevice(id)
}

func (r *run) toDevice(id int32) {
	j := &r.jobs[id]
	in := &r.instances[j.instance]
	switch {
	case !(j.work.Device > 0):
		r.toWait(id)
	case r.fleet.Devices > 0 && in.devices >= r.fleet.Devices:
		in.waiting.push(id)
	default:
		in.devices++
		r.onto(id)
	}
}

func (r *run) onto(id int32) {
	j := &r.jobs[id]
	j.onDevice = true
	r.agenda.push(timed{r.now + j.work.Device, id})
}

// due ends a request's time on a device, or its wait.
func (r *run) due(id int32) {
	j := &r.jobs[id]
	if !j.onDevice {
		r.answer(id)
		return
	}
	j.onDevice = false
	if in := &r.instances[j.instance]; in.waiting.size() > 0 {
		r.onto(in.waiting.pop())
	} else {
		in.devices--
	}
	r.toWait(id)
}

func (r *run) toWait(id int32) {
	if w := r.jobs[id].work.Wait; w > 0 {
		r.agenda.push(timed{r.now + w, id})
		return
	}
	r.answer(id)
}

func (r *run) answer(id int32) {
	j := &r.jobs[id]
	r.latencies = append(r.latencies, r.now-j.came)
	r.alone = append(r.alone, j.work.CPU+j.work.Device+j.work.Wait)
	in := &r.instances[j.instance]
	r.free = append(r.free, id)
	in.working--
	if in.queued.size() > 0 {
		in.working++
		r.begin(in.queued.pop())
	}
}
