package workload

import (
	"math"
	"math/rand/v2"
	"time"
)

// segment is a step in seconds of the run.
type segment struct {
	start, end float64
	from, to   float64
}

// segments lays the steps out from the given start.
func segments(steps []Step, start float64) []segment {
	out := make([]segment, 0, len(steps))
	for _, s := range steps {
		end := start + s.For.Seconds()
		out = append(out, segment{start: start, end: end, from: s.From, to: s.To})
		start = end
	}
	return out
}

// source is an open-loop stream of arrivals: recorded ones, or a Poisson process
// whose rate is linear in each segment.
type source struct {
	segments []segment
	times    []float64
	position int
}

// next answers the first arrival after now, which must be the one before it.
// The process is inverted exactly: the integral of the rate between arrivals is
// exponential.
func (s *source) next(now float64, r *rand.Rand) float64 {
	if s.times != nil {
		if s.position == len(s.times) {
			return never()
		}
		s.position++
		return s.times[s.position-1]
	}
	left := r.ExpFloat64()
	for ; s.position < len(s.segments); s.position++ {
		g := s.segments[s.position]
		now = max(now, g.start)
		slope := (g.to - g.from) / (g.end - g.start)
		rate := g.from + slope*(now-g.start)
		area := (rate + g.to) / 2 * (g.end - now)
		if left < area {
			return now + 2*left/(rate+math.Sqrt(max(0, rate*rate+2*slope*left)))
		}
		left -= area
		now = g.end
	}
	return never()
}

func newSource(a Arrivals, start float64) source {
	if len(a.Times) == 0 {
		return source{segments: segments(a.Steps, start)}
	}
	s := source{times: make([]float64, len(a.Times))}
	for i, t := range a.Times {
		s.times[i] = start + t.Seconds()
	}
	return s
}

// length answers how long the load lasts.
func (a *Arrivals) length() time.Duration {
	if n := len(a.Times); n > 0 {
		return a.Times[n-1] + time.Millisecond
	}
	var total time.Duration
	for _, s := range a.Steps {
		total += s.For
	}
	return total
}

// crowd is the clients of a closed loop.
type crowd struct {
	segments []segment
	position int // next segment to begin
	think    sampler
	wanted   int
	present  int
}

// begin enters the next segment and answers how many clients join.
func (c *crowd) begin() int {
	c.wanted = 0
	if c.position < len(c.segments) {
		c.wanted = int(math.Round(c.segments[c.position].to))
	}
	c.position++
	joining := max(0, c.wanted-c.present)
	c.present += joining
	return joining
}

// change answers when the next segment begins, or the last one ends.
func (c *crowd) change() float64 {
	switch n := len(c.segments); {
	case c.position < n:
		return c.segments[c.position].start
	case c.position == n && n > 0:
		return c.segments[n-1].end
	default:
		return never()
	}
}

// leaves reports whether a client whose answer came goes away.
func (c *crowd) leaves() bool {
	if c.present <= c.wanted {
		return false
	}
	c.present--
	return true
}
