package capacity

import (
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
// may rise with the load; within one it may not. A step that was interrupted
// by a restart is not looked at, since the fall would hide the climb.
func (a *analysis) watchMemory() {
	rise, span, climbs, looked := 0.0, 0.0, 0, 0
	for _, s := range a.steps {
		var x, y []float64
		for _, i := range s.used {
			m := &a.minutes[i]
			if used := highest(m.MemoryHot, m.Memory); known(used) && !a.buckets[i].restart {
				x = append(x, m.Start.Sub(a.minutes[0].Start).Hours())
				y = append(y, used)
			}
		}
		line, ok := stat.TheilSen(x, y)
		if !ok || len(x) < minStepBuckets {
			continue
		}
		looked++
		if line.Slope > 0 {
			climbs++
		}
		width := x[len(x)-1] - x[0]
		rise, span = rise+line.Slope*width, span+width
	}
	a.leak.top = stat.Quantile(a.values(a.seen(), func(i int) float64 {
		return highest(a.minutes[i].MemoryHot, a.minutes[i].Memory)
	}), 1)
	if span > 0 {
		a.leak.perHour = rise / span
	}
	a.leak.found = rise > leakRise && 4*climbs >= 3*looked
}

// seen are the buckets that belong to a step.
func (a *analysis) seen() []int {
	var all []int
	for _, s := range a.steps {
		all = append(all, s.all...)
	}
	return all
}

// leakFinding says that memory climbs, and what happened when it ran out.
func (a *analysis) leakFinding() []finding.Finding {
	if !a.leak.found {
		return nil
	}
	f := finding.Finding{
		Check: "memory_leak", Severity: finding.Warning, Query: "memory_by_minute",
		Title: sprintf("Memory climbs by %s of an instance per hour at constant load.", percent(a.leak.perHour)),
		Evidence: []string{
			sprintf("Highest memory utilization seen: %s.", percent(a.leak.top)),
			"The climb goes on within load steps, so it follows time or requests done, not the rate.",
		},
	}
	if len(a.leak.restarts) > 0 {
		f.Severity = finding.Critical
		f.Title = "Memory climbs with time until the container is restarted: errors around the restarts are not a capacity limit."
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
