package workload

import "math"

// processor is the CPU of one instance: egalitarian processor sharing of its
// free cores, where no request can use more than one core. It works in virtual
// time, which runs at the rate at which each request is served, so that a
// request's end never moves once it has come: O(log n) an event, and exact.
type processor struct {
	cores   float64 // vCPU minus background
	virtual float64
	updated float64
	jobs    agenda  // at is the virtual time of the end
	busy    float64 // core-seconds used by requests so far
}

// advance brings virtual time and accounting to now.
func (p *processor) advance(now float64) {
	if n := float64(len(p.jobs)); n > 0 {
		dt := now - p.updated
		if n <= p.cores {
			p.virtual += dt
			p.busy += dt * n
		} else {
			p.virtual += dt * p.cores / n
			p.busy += dt * p.cores
		}
	} else {
		p.virtual = 0
	}
	p.updated = now
}

func (p *processor) add(now, demand float64, id int32) {
	p.advance(now)
	p.jobs.push(timed{at: p.virtual + demand, id: id})
}

// finish takes the request that ends now.
func (p *processor) finish(now float64) int32 {
	p.advance(now)
	return p.jobs.pop().id
}

// next answers when the next request ends if nothing else happens.
func (p *processor) next() float64 {
	n := float64(len(p.jobs))
	if n == 0 {
		return math.Inf(1)
	}
	left := max(0, p.jobs[0].at-p.virtual)
	if n > p.cores {
		left *= n / p.cores
	}
	return p.updated + left
}

func (p *processor) clear(now float64) {
	p.advance(now)
	p.jobs = p.jobs[:0]
}
