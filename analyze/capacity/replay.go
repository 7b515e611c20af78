package capacity

import "math"

// How target tracking watches its metric. Application Auto Scaling makes two
// CloudWatch alarms for a target tracking policy: the high one goes off after
// three points in a row above the target, the low one after fifteen below nine
// tenths of it, both of one minute; a point is there a minute after its minute.
// The counts are those of the alarms it makes. Source: AWS, Application Auto
// Scaling User Guide, "How target tracking scaling for Application Auto Scaling
// works" and "Define cooldown periods"; SageMaker Developer Guide, "Automatic
// scaling of Amazon SageMaker AI models".
const (
	pointsHigh = 3
	pointsLow  = 15
	lowShare   = 0.9
	publishLag = 1 // minutes
)

// policy is target tracking on invocations per instance and minute. The zero
// Target is a fleet of Min instances.
//
// A scale-out cooldown is not part of it: while it lasts, target tracking still
// scales out to more than was asked for before, and less is never asked for on
// the way out.
type policy struct {
	Target          float64
	Min, Max        int
	ScaleInCooldown int  // minutes
	NoScaleIn       bool // only out
}

// replayed is what a fleet did with some traffic.
type replayed struct {
	minutes int   // whose traffic is known
	over    int   // of them, those above the limit
	fleet   []int // instances in service, minute by minute
}

// instanceHours are those in service. Every minute counts, also those whose
// traffic is not known.
func (r replayed) instanceHours() float64 {
	total := 0
	for _, k := range r.fleet {
		total += k
	}
	return float64(total) / 60
}

func (r replayed) most() int {
	most := 0
	for _, k := range r.fleet {
		most = max(most, k)
	}
	return most
}

// replay puts traffic, requests of each minute, to a policy. NaN is a minute
// whose traffic is not known: no point for the alarms, which then wait. An
// instance serves start minutes after it was decided on; meanwhile the endpoint
// is being updated, and no other change is made. A minute is over when an
// instance gets more than limit requests/s. What an overloaded minute leaves
// waiting is not carried over.
func replay(traffic []float64, p policy, start int, limit float64) replayed {
	s := scaling{policy: p, seen: math.NaN(), seenFleet: 1}
	out := replayed{fleet: make([]int, len(traffic))}
	s.inService = s.settled(traffic)
	for t, requests := range traffic {
		s.arrive(t)
		out.fleet[t] = s.inService
		if !math.IsNaN(requests) {
			out.minutes++
			if requests/60/float64(s.inService) > limit*(1+1e-9) {
				out.over++
			}
		}
		s.decide(t+1, start)
		s.seen, s.seenFleet = requests, out.fleet[t]
	}
	return out
}

// scaling is the state of a replay.
type scaling struct {
	policy       policy
	inService    int
	starting     int
	ready        int     // minute from which the starting ones serve
	quiet        int     // minute until which nothing is taken out of service
	seen         float64 // requests of the minute whose point is the newest
	seenFleet    int     // in service then
	above, below int     // points in a row
}

// settled is the fleet that the first known minute would keep.
func (s *scaling) settled(traffic []float64) int {
	for _, requests := range traffic {
		if !math.IsNaN(requests) {
			return s.wanted(requests)
		}
	}
	return max(1, s.policy.Min)
}

// wanted is ceil(current x metric / target) within the bounds: current x metric
// is the requests of the minute.
func (s *scaling) wanted(requests float64) int {
	p := s.policy
	if p.Target == 0 {
		return max(1, p.Min)
	}
	need := math.Ceil(requests/p.Target - 1e-9)
	return max(1, int(min(max(need, float64(p.Min)), float64(p.Max))))
}

// arrive puts into service what has started.
func (s *scaling) arrive(t int) {
	if s.starting > 0 && t >= s.ready {
		s.inService += s.starting
		s.starting = 0
	}
}

// decide looks at the point that is published at instant t, in minutes: that of
// the minute before the last.
func (s *scaling) decide(t, start int) {
	p := s.policy
	if p.Target == 0 {
		return
	}
	metric := s.seen / float64(s.seenFleet)
	s.above, s.below = inARow(s.above, metric > p.Target), inARow(s.below, metric < lowShare*p.Target)
	if s.starting > 0 || math.IsNaN(metric) {
		return
	}
	want := s.wanted(s.seen)
	switch {
	case s.above >= pointsHigh && want > s.inService:
		s.starting, s.ready = want-s.inService, t+start
	case s.below >= pointsLow && want < s.inService && t >= s.quiet && !p.NoScaleIn:
		s.inService, s.quiet, s.below = want, t+p.ScaleInCooldown, 0
	}
}

// inARow counts on, or begins anew.
func inARow(n int, again bool) int {
	if again {
		return n + 1
	}
	return 0
}
