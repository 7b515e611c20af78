package queue

import "math"

// timed is a request that is due.
type timed struct {
	at float64
	id int32
}

// agenda is a heap, the earliest first.
type agenda []timed

func (a *agenda) push(t timed) {
	h := append(*a, t)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if h[up].at <= t.at {
			break
		}
		h[i], i = h[up], up
	}
	h[i] = t
	*a = h
}

func (a *agenda) pop() timed {
	h := *a
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; len(h) > 0; {
		down := 2*i + 1
		if down+1 < len(h) && h[down+1].at < h[down].at {
			down++
		}
		if down >= len(h) || last.at <= h[down].at {
			h[i] = last
			break
		}
		h[i], i = h[down], down
	}
	*a = h
	return first
}

// processor gives each of its requests the same share of its cores and at most
// one. Its own clock runs as fast as each request is worked on, so that the
// reading at which a request ends never changes.
type processor struct {
	cores   float64
	clock   float64
	at      float64 // when the clock was read
	ends    float64 // when the next request ends
	waiting agenda  // by the reading of the clock
}

func (p *processor) read(now float64) {
	if n := float64(len(p.waiting)); n > 0 {
		p.clock += (now - p.at) * min(1, p.cores/n)
	}
	p.at = now
}

func (p *processor) predict() {
	if len(p.waiting) == 0 {
		p.ends = math.Inf(1)
		return
	}
	p.ends = p.at + max(0, p.waiting[0].at-p.clock)*max(1, float64(len(p.waiting))/p.cores)
}

func (p *processor) add(now, work float64, id int32) {
	p.read(now)
	p.waiting.push(timed{p.clock + work, id})
	p.predict()
}

func (p *processor) finish(now float64) int32 {
	p.read(now)
	id := p.waiting.pop().id
	p.predict()
	return id
}

// fifo is a queue.
type fifo struct {
	items []int32
	head  int
}

func (q *fifo) size() int { return len(q.items) - q.head }

func (q *fifo) push(id int32) { q.items = append(q.items, id) }

func (q *fifo) pop() int32 {
	id := q.items[q.head]
	if q.head++; 2*q.head > len(q.items) {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
	return id
}
