package capacity

import (
	"math"
	"slices"

	"sizewise/analyze/stat"
)

// assumedStart is how many minutes a new instance is taken to need where the
// window does not tell. SageMaker names no time: it is what an instance with an
// image of a few gigabytes needs, and a large model needs more.
const assumedStart = 5

// startTime is how long a new instance takes from the decision until it serves,
// in minutes, rounded up.
type startTime struct {
	minutes int
	starts  int // that were measured; 0: assumed
}

// startTime is measured where a current policy's target is known.
func (a *analysis) startTime(traffic, fleet []float64) startTime {
	if current, _ := a.currentPolicy(); current.Target > 0 && a.minutes[0].Seconds == 60 {
		return measureStart(traffic, fleet, current.Target)
	}
	return startTime{minutes: assumedStart}
}

// measureStart reads it off the window. An instance that a policy of this target
// added serves so long after the first minute above the target: three points,
// their way to the alarm, and its start. Only the first step of each climb tells:
// a later one may have been decided on before. fleet is the instances of each
// minute, NaN unknown.
func measureStart(traffic, fleet []float64, target float64) startTime {
	var delays []float64
	run, used := 0, false // minutes in a row above the target; whether this run told already
	for t := range traffic {
		grew := t > 0 && fleet[t] > fleet[t-1]
		if grew && run >= pointsHigh && !used {
			if d := run - pointsHigh - publishLag; d >= 0 {
				delays = append(delays, float64(d))
			}
			used = true
		}
		switch {
		case traffic[t]/fleet[t] > target:
			run++
		default:
			run, used = 0, false
		}
	}
	if len(delays) == 0 {
		return startTime{minutes: assumedStart}
	}
	slices.Sort(delays)
	return startTime{minutes: int(math.Ceil(stat.Median(delays))), starts: len(delays)}
}
