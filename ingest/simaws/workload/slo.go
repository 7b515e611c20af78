package workload

import (
	"math"
	"time"
)

// sloRate bisects the offered rate of the fleet for the highest at which the
// median minute meets the SLO, and answers it per instance: to about half a per
// cent, or 0 when no rate above a twentieth of capacity meets it.
func (t *test) sloRate(capacity float64) float64 {
	const tolerance = 0.004
	if t.SLO.Limit <= 0 {
		return 0
	}
	// Rates are offered ones, and client errors take next to nothing of the capacity.
	low, high := 0.05*capacity, 1.02*capacity/(1-t.Service.ClientErrors)
	if !t.meets(low, 0) {
		return 0
	}
	if t.meets(high, 1) {
		return high // a short queue: latency never passes the limit
	}
	for try := uint64(2); high-low > tolerance*high; try++ {
		if middle := (low + high) / 2; t.meets(middle, try) {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// meets reports whether the median minute meets the SLO when each instance is
// offered the given rate. Minutes are simulated until a sign test is sure, so
// that rates far from the limit cost little.
func (t *test) meets(rate float64, try uint64) bool {
	const (
		leastMinutes = 12
		mostMinutes  = 240
		sure         = 3.0 // standard errors
		settle       = 3   // minutes that the queues may take to fill
	)
	c := t.steady()
	c.Arrivals = Arrivals{Steps: []Step{{For: (mostMinutes + settle + 1) * time.Minute, From: rate * float64(c.Fleet.Instances), To: rate * float64(c.Fleet.Instances)}}}
	o := &latencies{limit: t.SLO.Limit.Seconds()}
	e := newEngine(&c, t.speeds[:c.Fleet.Instances], 0, t.randomSource(t.seed+try<<32, sloStream), o)
	e.run(settle * 60)
	missed, minutes := 0, 0
	for minutes < mostMinutes {
		o.requests, o.slow = 0, 0
		e.run(float64(settle+minutes+1) * 60)
		minutes++
		if float64(o.slow) > float64(o.requests)*(1-t.SLO.Percentile/100) {
			missed++
		}
		if lead := math.Abs(float64(2*missed - minutes)); minutes >= leastMinutes && lead > sure*math.Sqrt(float64(minutes)) {
			break
		}
	}
	return 2*missed <= minutes
}

// latencies is the observer that counts answers of the model above a limit.
type latencies struct {
	limit          float64 // s
	requests, slow int
}

func (l *latencies) answered(_ *engine, r *request, latency float64) {
	if r.outcome > fault {
		return
	}
	l.requests++
	if latency > l.limit {
		l.slow++
	}
}
func (l *latencies) sampled(*engine)              {}
func (l *latencies) happened(*engine, int, event) {}
