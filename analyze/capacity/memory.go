package capacity

import (
	"math"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// leakTrail is memory that climbs with time at constant load.
type leakTrail struct {
	found    bool
	perHour  float64 // ratio of the instance's memory
	top      float64 // highest ratio seen
	restarts []time.Time
}

// watchMemory looks for memory that climbs within steps. Between steps memory
// may rise with the load; within one it may not. A restart ends one climb and
// begins the next.
func (a *analysis) watchMemory() {
	rise, span, climbs, looked := 0.0, 0.0, 0, 0
	for _, s := range a.steps {
		for _, run := range a.betweenRestarts(s) {
			slope, hours, ok := a.memorySlope(run)
			if !ok {
				continue
			}
			looked++
			if slope > 0 {
				climbs++
			}
			rise, span = rise+slope*hours, span+hours
		}
	}
	a.leak.top = stat.Quantile(a.values(a.seen(), a.memory), 1)
	if span > 0 {
		a.leak.perHour = rise / span
	}
	a.leak.found = rise > leakRise && 4*climbs >= 3*looked
}

// memory is the fullest instance's memory in bucket i.
func (a *analysis) memory(i int) float64 {
	return highest(a.minutes[i].MemoryHot, a.minutes[i].Memory)
}

// betweenRestarts cuts the step's buckets where memory fell suddenly.
func (a *analysis) betweenRestarts(s step) [][]int {
	var out [][]int
	var run []int
	for _, i := range s.all {
		if near(a.minutes[i].Start, a.leak.restarts, 0) {
			out, run = append(out, run), nil
		}
		if known(a.memory(i)) {
			run = append(run, i)
		}
	}
	return append(out, run)
}

// memorySlope is the change of memory per hour over the buckets, and how many
// hours they span. ok is false when they are too few.
func (a *analysis) memorySlope(run []int) (slope, hours float64, ok bool) {
	if len(run) < minStepBuckets {
		return 0, 0, false
	}
	var x, y []float64
	for _, i := range run {
		x = append(x, a.minutes[i].Start.Sub(a.minutes[run[0]].Start).Hours())
		y = append(y, a.memory(i))
	}
	line, ok := stat.TheilSen(x, y)
	return line.Slope, x[len(x)-1], ok
}

// seen are the buckets that belong to a step.
func (a *analysis) seen() []int {
	var all []int
	for _, s := range a.steps {
		all = append(all, s.all...)
	}
	return all
}

// leakCritical reports whether memory climbs until containers are killed.
func (a *analysis) leakCritical() bool { return a.leak.found && len(a.leak.restarts) > 0 }

// leakSummary says how long memory lasts and what to do.
func (a *analysis) leakSummary() string {
	every := ""
	if m := a.minutesToKill(); known(m) {
		every = sprintf(" about every %s minutes at this load", figure(math.Round(m)))
	}
	return sprintf("Memory runs full%s and the containers are killed: fix the leak, then size.", every)
}

// minutesToKill is how long memory takes from where it begins to where it ran
// out, at the mean slope over the test. NaN when that cannot be said.
func (a *analysis) minutesToKill() float64 {
	least := stat.Quantile(a.values(a.seen(), a.memory), 0)
	m := 60 * (a.leak.top - least) / a.leak.perHour
	if !known(m) || m < 1 {
		return math.NaN()
	}
	return m
}

// timeToFull is how long memory lasts from the end of the window at the mean slope
// over the test, in words; "" when that cannot be said.
func (a *analysis) timeToFull() string {
	now := math.NaN()
	for i := range a.minutes {
		if m := a.memory(i); known(m) {
			now = m
		}
	}
	m := 60 * (1 - now) / a.leak.perHour
	if !known(m) || m <= 0 {
		return ""
	}
	return "about " + about(m)
}

// about writes a time in minutes, from three hours on in hours, from three days
// on in days.
func about(minutes float64) string {
	switch {
	case minutes >= 3*24*60:
		return sprintf("%s days", figure(math.Round(minutes/60/24)))
	case minutes >= 3*60:
		return sprintf("%s hours", figure(math.Round(minutes/60)))
	default:
		return sprintf("%s minutes", figure(math.Round(minutes)))
	}
}

// leakFinding says that memory climbs, and what happened when it ran out.
func (a *analysis) leakFinding() []finding.Finding {
	if !a.leak.found {
		return nil
	}
	f := finding.Finding{
		Check: "memory_leak", Severity: finding.Warning, Query: "utilization_by_minute",
		Title: sprintf("Memory climbs by %s of an instance per hour at constant load.", percent(a.leak.perHour)),
		Evidence: []string{
			sprintf("Highest memory utilization seen: %s.", percent(a.leak.top)),
			"The climb goes on within load steps, so it follows time or requests done, not the rate.",
		},
	}
	if left := a.timeToFull(); left != "" && !a.leakCritical() {
		f.Evidence = append(f.Evidence, sprintf("At this load it is full %s after the window.", left))
	}
	if a.leakCritical() {
		f.Severity = finding.Critical
		f.Title = "Memory climbs with time until the container is restarted: errors around the restarts are not a capacity limit."
		if m := a.minutesToKill(); known(m) {
			f.Evidence = append(f.Evidence, sprintf("From where it begins to where it is full takes about %s at this load.", about(m)))
		}
		f.Evidence = append(f.Evidence, sprintf("Memory fell suddenly at %s.", clockTimes(a.leak.restarts)))
		f.Evidence = append(f.Evidence, sprintf("The %g minutes around each restart are left out of every rate and capacity.", settleRestart.Minutes()))
	}
	return []finding.Finding{f}
}

// clockTimes lists up to five times of day, in UTC.
func clockTimes(times []time.Time) string {
	out := ""
	for i, t := range times {
		if i == 5 {
			return out + sprintf(" and %d more times", len(times)-i)
		}
		if i > 0 {
			out += ", "
		}
		out += t.UTC().Format("15:04")
	}
	return out + " UTC"
}
