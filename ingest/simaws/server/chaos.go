package server

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Chaos is a schedule of faults drawn from a seed. Which call of an operation a
// fault falls on depends on the seed and on how many calls of that operation
// came before, so that a run can be repeated as far as its client is orderly.
type Chaos struct {
	Seed   uint64
	Kinds  []ChaosKind
	Burst  int // most faults in a row on one request, so that a client with one attempt more gets through; 0 means 2
	Budget int // most faults in all; 0 is without bound
}

// ChaosKind is one kind of fault with how likely it falls on a call that it
// matches. Its Times, After and For are not used.
type ChaosKind struct {
	Fault       Fault
	Probability float64
}

// StandardChaos is every fault that a careful client survives without a loss,
// each with the given probability per call.
func StandardChaos(seed uint64, probability float64) *Chaos {
	c := &Chaos{Seed: seed}
	for _, f := range []Fault{
		{Action: Throttle},
		{Action: Drop},
		{Action: DropBody},
		{Action: Garble},
		{Action: Fail},
		{Action: Fail, Status: http.StatusServiceUnavailable},
		{Action: FailPage},
		{Action: FailPage, Status: http.StatusBadGateway},
		{Action: Partial, Operation: "GetMetricData"},
		{Action: FailQuery, Operation: "GetMetricData"},
		{Action: RepeatEvents, Operation: "FilterLogEvents"},
		{Action: OverlapPage, Operation: "FilterLogEvents"},
		{Action: Delay, Delay: time.Millisecond},
	} {
		c.Kinds = append(c.Kinds, ChaosKind{Fault: f, Probability: probability})
	}
	for _, operation := range []string{"GetMetricData", "ListMetrics", "DescribeLogGroups", "DescribeLogStreams", "FilterLogEvents"} {
		for _, a := range []Action{RepeatToken, EmptyPage} {
			c.Kinds = append(c.Kinds, ChaosKind{Fault: Fault{Action: a, Operation: operation}, Probability: probability})
		}
	}
	return c
}

// chaos is a Chaos under way. A nil chaos never strikes.
type chaos struct {
	Chaos
	mu    sync.Mutex
	calls map[string]uint64
	row   map[uint64]int // faults in a row, by request
	spent int
}

func newChaos(c *Chaos) *chaos {
	if c == nil {
		return nil
	}
	k := &chaos{Chaos: *c, calls: map[string]uint64{}, row: map[uint64]int{}}
	if k.Burst == 0 {
		k.Burst = 2
	}
	return k
}

// strike is the fault that falls on a call, if any does.
func (k *chaos) strike(c *call) (Fault, bool) {
	if k == nil {
		return Fault{}, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	h := fnv.New64a()
	h.Write([]byte(c.Operation))
	k.calls[c.Operation]++
	if k.row[c.Digest] >= k.Burst || k.Budget > 0 && k.spent >= k.Budget {
		delete(k.row, c.Digest)
		return Fault{}, false
	}
	draw := rand.New(rand.NewPCG(k.Seed^h.Sum64(), k.calls[c.Operation]))
	for _, kind := range k.Kinds {
		if draw.Float64() < kind.Probability && kind.Fault.matches(c) {
			k.row[c.Digest]++
			k.spent++
			return kind.Fault, true
		}
	}
	delete(k.row, c.Digest)
	return Fault{}, false
}
