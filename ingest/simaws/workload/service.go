package workload

import "time"

// clientErrorWork is the share of the CPU demand that a rejected request costs.
const clientErrorWork = 0.05

// timeOut is how long a request waits for something downstream that does not
// answer, seconds.
const timeOut = 2.0

// arrive brings one request to an instance of the balancer's choice.
func (e *engine) arrive() {
	id := e.allocate()
	i := e.route()
	e.requests[id] = request{arrived: e.now, instance: int32(i)}
	inst := &e.instances[i]
	inst.arrivals++
	switch {
	case inst.down() || !inst.inService:
		e.leave(id, unreachable)
	case inst.working < e.workers:
		e.demand(id)
		inst.settleFull(e.now, e.workers)
		inst.working++
		e.begin(id)
	case inst.queue.size < e.queueLimit:
		e.demand(id)
		e.requests[id].stage = queued
		inst.queue.push(id)
	default:
		e.leave(id, overflow)
	}
}

// demand draws what a request needs.
func (e *engine) demand(id int32) {
	r := &e.requests[id]
	inst := &e.instances[r.instance]
	work := 1 / inst.speed
	if age := e.now - max(inst.since, e.loadStart); age < e.warmUp {
		work *= 1 + (e.warmUpFactor-1)*(1-age/e.warmUp)
	}
	r.cpu = e.cpu.draw(e.random) * work
	now := e.service.incident(time.Duration((e.now - e.loadStart) * float64(time.Second)))
	bad, late := e.clientErrors+now.ClientErrors, e.faults+now.TimeOuts
	if bad+late+now.Deaths > 0 {
		switch u := e.random.Float64(); {
		case u < bad:
			r.outcome = clientError
			r.cpu *= clientErrorWork
			return
		case u < bad+late:
			r.outcome = fault
			if now.TimeOuts > 0 {
				r.wait = timeOut
			}
			return
		case u < bad+late+now.Deaths:
			r.outcome, r.died = fault, true
			return
		}
	}
	r.gpu = e.gpu.draw(e.random) * work
	if e.batching {
		r.gpu = work
	}
	r.wait = e.downstream.draw(e.random)
}

// begin gives a request to a worker.
func (e *engine) begin(id int32) {
	r := &e.requests[id]
	if r.cpu <= 0 {
		e.startGPU(id)
		return
	}
	r.stage = onCPU
	e.instances[r.instance].processor.add(e.now, r.cpu, id)
	e.setCPUClock(int(r.instance))
}

func (e *engine) setCPUClock(i int) {
	e.clock[firstInstanceClock+i*(1+e.gpus)] = e.instances[i].processor.next()
}

func (e *engine) endCPU(i int) {
	id := e.instances[i].processor.finish(e.now)
	e.setCPUClock(i)
	e.startGPU(id)
}

// startGPU passes a request on to the GPU, or past it.
func (e *engine) startGPU(id int32) {
	r := &e.requests[id]
	if r.gpu <= 0 {
		e.startWait(id)
		return
	}
	r.stage = onGPU
	a := &e.instances[r.instance].accelerator
	a.queue.push(id)
	if d := a.idle(); d >= 0 {
		e.launch(int(r.instance), d)
	}
}

// launch puts waiting requests on an idle device.
func (e *engine) launch(i, device int) {
	a := &e.instances[i].accelerator
	n := a.load(device, e.now)
	clock := firstInstanceClock + i*(1+e.gpus) + 1 + device
	if n == 0 {
		e.clock[clock] = never()
		return
	}
	duration := e.requests[a.devices[device].items[0]].gpu
	if e.batching {
		duration *= a.duration(n, e.random)
	}
	e.clock[clock] = e.now + duration
}

func (e *engine) endGPU(i, device int) {
	d := &e.instances[i].accelerator.devices[device]
	d.settle(e.now)
	// The device must be free before its requests go on: their workers take
	// up others, which may want this device at once.
	e.done = append(e.done[:0], d.items...)
	d.items = d.items[:0]
	e.launch(i, device)
	for _, id := range e.done {
		e.startWait(id)
	}
}

// startWait has a request wait for something downstream, or ends it.
func (e *engine) startWait(id int32) {
	r := &e.requests[id]
	if r.wait <= 0 {
		e.complete(id)
		return
	}
	r.stage = waiting
	e.agenda.push(timed{at: e.now + r.wait, id: id})
}

// complete ends a request that a worker has answered and lets the worker take
// the next one.
func (e *engine) complete(id int32) {
	inst := &e.instances[e.requests[id].instance]
	inst.memory += e.perRequestMiB
	inst.settleFull(e.now, e.workers)
	inst.working--
	i := int(e.requests[id].instance)
	e.leave(id, e.requests[id].outcome)
	if inst.queue.size > 0 && inst.working < e.workers {
		next := inst.queue.pop()
		inst.settleFull(e.now, e.workers)
		inst.working++
		e.begin(next)
	}
	if inst.memory > e.limitMiB && !inst.down() {
		e.kill(i)
	}
}

// leave tells the observer of an answer and forgets the request.
func (e *engine) leave(id int32, o outcome) {
	r := &e.requests[id]
	r.outcome = o
	e.observer.answered(e, r, e.now-r.arrived)
	if r.stage == waiting && o == killed {
		r.stage = abandoned // the agenda still holds its number
	} else {
		e.release(id)
	}
	if e.closed && !e.crowd.leaves() {
		e.think()
	}
}

func (e *engine) allocate() int32 {
	if n := len(e.free); n > 0 {
		id := e.free[n-1]
		e.free = e.free[:n-1]
		return id
	}
	e.requests = append(e.requests, request{})
	return int32(len(e.requests) - 1)
}

func (e *engine) release(id int32) {
	e.requests[id].stage = unused
	e.free = append(e.free, id)
}

// route picks an instance.
func (e *engine) route() int {
	n := len(e.routable)
	if n == 0 {
		return 0
	}
	switch e.balancer {
	case RoundRobin:
		e.turn = (e.turn + 1) % n
		return int(e.routable[e.turn])
	case LeastOutstanding:
		// Ties go round, or the first instance would get all light load.
		e.turn = (e.turn + 1) % n
		best := int(e.routable[e.turn])
		for j := 1; j < n; j++ {
			i := int(e.routable[(e.turn+j)%n])
			if e.instances[i].inSystem() < e.instances[best].inSystem() {
				best = i
			}
		}
		return best
	default:
		return int(e.routable[e.random.IntN(n)])
	}
}
