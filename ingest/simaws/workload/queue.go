package workload

// fifo is a ring of request numbers.
type fifo struct {
	ring []int32 // its length is a power of two
	head int
	size int
}

func (q *fifo) push(id int32) {
	if q.size == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.size)&(len(q.ring)-1)] = id
	q.size++
}

func (q *fifo) pop() int32 {
	id := q.ring[q.head]
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.size--
	return id
}

func (q *fifo) clear() { q.head, q.size = 0, 0 }

func (q *fifo) grow() {
	ring := make([]int32, max(16, 2*len(q.ring)))
	n := copy(ring, q.ring[q.head:])
	copy(ring[n:], q.ring[:q.head])
	q.ring, q.head = ring, 0
}

// timed is a request, or with a negative number a client, that is due at a time.
type timed struct {
	at float64
	id int32
}

// agenda is a binary min-heap by time. Equal times leave in the order of their
// numbers, so that a run never depends on the heap's history.
type agenda []timed

func (t timed) before(u timed) bool {
	return t.at < u.at || (t.at == u.at && t.id < u.id)
}

func (a *agenda) push(t timed) {
	h := append(*a, t)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !t.before(h[parent]) {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = t
	*a = h
}

func (a *agenda) pop() timed {
	h := *a
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	if len(h) > 0 {
		h[i] = last
	}
	*a = h
	return top
}
