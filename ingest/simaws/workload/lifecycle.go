package workload

import "math"

// healthCheck is how long requests still go to a container that was killed.
const healthCheck = 10.0 // s

// tick looks after memory, restarts, starts and scaling, and lets the observer
// take its samples.
func (e *engine) tick() {
	for i := range e.instances {
		inst := &e.instances[i]
		switch {
		case e.now >= inst.startsAt:
			inst.startsAt = never()
			e.enter(i)
			e.observer.happened(e, i, started)
		case inst.down() && e.now >= inst.downUntil:
			inst.downUntil, inst.since, inst.memory = 0, e.now, 0
			e.observer.happened(e, i, restarted)
		case inst.inService && !inst.down():
			inst.memory += e.perSecondMiB * tick
			if inst.memory > e.limitMiB {
				e.kill(i)
			}
		}
	}
	e.scale()
	e.reroute()
	e.observer.sampled(e)
}

// enter puts an instance into service.
func (e *engine) enter(i int) {
	inst := &e.instances[i]
	inst.inService, inst.since = true, e.now
	e.reroute()
}

// reroute lists the instances that get requests.
func (e *engine) reroute() {
	e.routable = e.routable[:0]
	for i := range e.instances {
		inst := &e.instances[i]
		if !inst.inService || (inst.down() && e.now >= inst.downUntil-e.restart+healthCheck) {
			continue
		}
		e.routable = append(e.routable, int32(i))
	}
}

// inService answers k, the number of instances of the variant.
func (e *engine) inService() int {
	k := 0
	for i := range e.instances {
		if e.instances[i].inService {
			k++
		}
	}
	return k
}

// kill ends a container for memory, and every request in it.
func (e *engine) kill(i int) {
	inst := &e.instances[i]
	e.observer.happened(e, i, oomKill)
	inst.settleFull(e.now, e.workers)
	inst.processor.clear(e.now)
	inst.accelerator.clear(e.now)
	inst.queue.clear()
	inst.working = 0
	inst.downUntil = e.now + e.restart
	for d := range 1 + e.gpus {
		e.clock[firstInstanceClock+i*(1+e.gpus)+d] = never()
	}
	for id := range e.requests {
		if r := &e.requests[id]; int(r.instance) == i && r.stage != unused && r.stage != abandoned {
			e.leave(int32(id), killed)
		}
	}
}

// scaler is the state of target tracking.
type scaler struct {
	policy  *Autoscaling
	above   int     // minutes in a row above the target
	below   int     // minutes in a row below nine tenths of it
	metric  float64 // last minute's invocations per instance, seen a minute late
	quietAt float64 // end of the cool-down
}

// scaleInMinutes is how long load must be low before instances are removed.
const scaleInMinutes = 15

func newScaler(policy *Autoscaling) scaler { return scaler{policy: policy} }

// scale decides once a minute, on the minute before the last, as the alarms of
// target tracking do.
func (e *engine) scale() {
	s := &e.scaler
	if s.policy == nil || math.Mod(e.now, 60) != 0 {
		return
	}
	seen, k, total, starting := s.metric, e.inService(), 0, 0
	for i := range e.instances {
		total += e.instances[i].arrivals
		e.instances[i].arrivals = 0
		if !math.IsInf(e.instances[i].startsAt, 1) {
			starting++
		}
	}
	s.metric = float64(total) / float64(k)
	s.above, s.below = count(s.above, seen > s.policy.Target), count(s.below, seen < 0.9*s.policy.Target)
	want := int(math.Ceil(float64(k) * seen / s.policy.Target))
	want = min(max(want, s.policy.Min), s.policy.Max)
	switch {
	case e.now < s.quietAt:
	case s.above >= s.policy.AlarmMinutes && want > k+starting:
		e.grow(want - k - starting)
		s.quietAt = e.now + s.policy.Cooldown.Seconds()
	case s.below >= scaleInMinutes && want < k && starting == 0:
		e.shrink(want)
		s.quietAt = e.now + s.policy.Cooldown.Seconds()
	}
}

func count(n int, again bool) int {
	if again {
		return n + 1
	}
	return 0
}

// grow starts n instances.
func (e *engine) grow(n int) {
	for i := range e.instances {
		inst := &e.instances[i]
		if n > 0 && !inst.inService && math.IsInf(inst.startsAt, 1) {
			inst.startsAt = e.now + e.scaler.policy.StartTime.Seconds()
			n--
		}
	}
}

// shrink takes the newest instances out of service; what they hold they finish.
func (e *engine) shrink(keep int) {
	for i := len(e.instances) - 1; i >= 0 && e.inService() > keep; i-- {
		if e.instances[i].inService {
			e.instances[i].inService = false
			e.observer.happened(e, i, retired)
		}
	}
}
