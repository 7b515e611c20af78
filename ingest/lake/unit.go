package lake

import (
	"maps"
	"strings"
)

// microsecondsOf is how many microseconds a published unit of time has, 0 for
// any other unit.
func microsecondsOf(unit string) float64 {
	switch unit {
	case "Microseconds":
		return 1
	case "Milliseconds":
		return 1e3
	case "Seconds":
		return 1e6
	default:
		return 0
	}
}

// agree brings two tracks of one series to one unit where both are of time: the
// finer one, so that the order in which they came does not show. A series has one
// unit, and points in another would be read wrong by a thousand. It returns how
// many points of t changed. Points of came are copied, since others hold them too.
func (t *track) agree(came *track) (changed int64) {
	old, now := microsecondsOf(t.Unit), microsecondsOf(came.Unit)
	switch {
	case old == 0 || now == 0 || old == now:
		return 0
	case old < now:
		came.points = inUnit(came.points, now/old)
		came.Unit = t.Unit
		return 0
	default:
		t.points = inUnit(t.points, old/now)
		t.Unit = came.Unit
		return int64(len(t.points))
	}
}

// inUnit are the points with every statistic times factor but those that count
// samples.
func inUnit(points []Point, factor float64) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		for s := range p.Stats {
			if Stat(s) != SampleCount {
				p.Stats[s] *= factor
			}
		}
		if p.Other != nil {
			p.Other = maps.Clone(p.Other)
			for name := range p.Other {
				if upper := strings.ToUpper(name); !strings.HasPrefix(upper, "PR") && !strings.HasPrefix(upper, "TC") {
					p.Other[name] *= factor
				}
			}
		}
		out[i] = p
	}
	return out
}
