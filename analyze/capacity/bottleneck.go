package capacity

import (
	"math"
	"sort"

	"sizewise/analyze/finding"
)

// tie is how near two full resources may be and still be told apart.
const tie = 0.05

// measuredBottleneck is what was full on the plateau. Where neither CPU nor
// GPU was, requests waited for something else that admits only so many at
// once.
func (a *analysis) measuredBottleneck() finding.Bottleneck {
	b := finding.Bottleneck{Status: finding.Measured, Margins: map[string]finding.Number{}, Query: "utilization_by_minute"}
	steps, index := a.plateau()
	index, blurred := a.wholly(steps, index)
	use := a.useAt(index)
	var full []string
	for _, name := range names(use) {
		b.Margins[name] = finding.Number(use[name])
		if (name == "cpu" || name == "gpu") && use[name] >= busyFull {
			full = append(full, name)
		}
	}
	switch {
	case len(full) == 2 && math.Abs(use["cpu"]-use["gpu"]) <= tie:
		b.Status, b.Value = finding.Unanswerable, ""
		b.Why = sprintf("CPU (%s) and GPU (%s) were full together.", percent(use["cpu"]), percent(use["gpu"]))
	case len(full) > 0:
		b.Value = full[0]
		if len(full) == 2 && use["gpu"] > use["cpu"] {
			b.Value = "gpu"
		}
		b.Why = sprintf("%s was %s busy on the plateau%s%s.", upper(b.Value), percent(use[b.Value]), a.everySpread(), a.runnerUp(use, b.Value))
	case len(use) == 0 && a.tested.VCPU > 0:
		b.Status, b.Why = finding.Unanswerable, "No utilization was published on the plateau."
	case blurred:
		b.Status, b.Why = finding.Unanswerable, sprintf("Utilization is published every %d s, and each value on the plateau also covers minutes before or after it.", a.spreadSeconds())
	default:
		a.notComputing(&b, use)
	}
	return b
}

// memoryBottleneck names memory where it climbed until containers were
// restarted and requests failed: that stops the endpoint whatever the rate.
func (a *analysis) memoryBottleneck() (finding.Bottleneck, bool) {
	failed, _ := a.failedInRestarts()
	if !a.leak.found || len(a.leak.restarts) == 0 || failed == 0 || a.leak.top < memoryNear {
		return finding.Bottleneck{}, false
	}
	return finding.Bottleneck{
		Status: finding.Measured, Value: "memory", Query: "utilization_by_minute",
		Margins: map[string]finding.Number{"memory": finding.Number(a.leak.top)},
		Why: sprintf("Memory climbed with time to %s until containers were restarted, which failed %s requests; that is no limit on the rate, and the capacity holds between restarts.",
			percent(a.leak.top), whole(failed)),
	}, true
}

// notComputing names the limit where neither CPU nor GPU is full.
func (a *analysis) notComputing(b *finding.Bottleneck, use map[string]float64) {
	for _, name := range []string{"memory", "gpu_memory", "disk"} {
		if use[name] >= memoryFull && a.tracksLoad(name) {
			b.Value = name
			b.Why = sprintf("%s was %s used on the plateau while CPU and GPU had room.", sentenceName(name), percent(use[name]))
			return
		}
	}
	if a.tested.VCPU == 0 || a.tested.GPUs == 0 && a.publishedGPU() {
		b.Status, b.Why = finding.Unanswerable, "The number of vCPUs or GPUs of an instance is not known (--instance-type says it), so that one of them may have been full."
		return
	}
	if a.tested.GPUs > 0 && !known(use["gpu"]) || a.tested.VCPU > 0 && !known(use["cpu"]) {
		b.Status, b.Why = finding.Unanswerable, "A resource that could be full published no utilization on the plateau."
		return
	}
	b.Value = "workers"
	b.Why = sprintf("No resource was full on the plateau%s%s: requests waited for a free worker or for something outside the instance. %s", a.everySpread(), a.runnerUp(use, ""), a.workersAdvice())
}

// publishedGPU reports whether any bucket has GPU utilization.
func (a *analysis) publishedGPU() bool {
	for i := range a.minutes {
		if a.minutes[i].GPU > 0 {
			return true
		}
	}
	return false
}

// tracksLoad reports whether a memory or disk ratio is higher on the plateau
// than in the lowest step: what was full from the start did not fill up.
func (a *analysis) tracksLoad(name string) bool {
	if a.leak.found {
		return false
	}
	low := a.lowestStep()
	if low == nil {
		return false
	}
	_, index := a.plateau()
	return a.useAt(index)[name]-a.useAt(low.used)[name] > 0.1
}

// useAt is the median utilization of every resource over the given buckets:
// of the busiest instance where only that one was full, of the average one
// else. Resources that were not published are absent.
func (a *analysis) useAt(index []int) map[string]float64 {
	out := map[string]float64{}
	put := func(name string, f func(m *finding.Minute) float64) {
		if v := a.median(index, func(i int) float64 { return f(&a.minutes[i]) }); known(v) {
			out[name] = v
		}
	}
	for _, r := range a.resources() {
		put(r.name, func(m *finding.Minute) float64 {
			if a.partial {
				return r.hot(m) / r.limit
			}
			return r.avg(m) / r.limit
		})
	}
	put("gpu_memory", func(m *finding.Minute) float64 { return over(m.GPUMemory, a.tested.GPUs) })
	put("memory", func(m *finding.Minute) float64 { return m.Memory })
	put("disk", func(m *finding.Minute) float64 { return m.Disk })
	return out
}

// expectedBottleneck is the resource that the lines say fills first.
// workers is the rate that a known number of workers allows, else infinite.
func (a *analysis) expectedBottleneck(d *demand, workers float64) finding.Bottleneck {
	b := finding.Bottleneck{Status: finding.Extrapolated, Value: d.name, Margins: map[string]finding.Number{}, Query: "capacity_plateau"}
	least := a.hot.slower(d.capacity.Value)
	allows := map[string]float64{}
	for _, o := range a.demands {
		if o.matters() {
			allows[o.name] = a.hot.slower(o.capacity.Value)
		}
	}
	if !math.IsInf(workers, 1) {
		allows["workers"] = workers
	}
	if workers < least {
		b.Value, least = "workers", workers
	}
	second, next := "", math.Inf(1)
	for _, name := range names(allows) {
		b.Margins[name] = finding.Number(allows[name] / least)
		if name != b.Value && allows[name] < next {
			second, next = name, allows[name]
		}
	}
	b.Why = sprintf("%s fills first, at %s requests/s per instance%s.", sentenceName(b.Value), figure(least), a.everySpread())
	if b.Value == "workers" {
		b.Why = sprintf("All workers are taken first, at %s requests/s per instance. %s", figure(least), a.workersAdvice())
	}
	if next < (1+separable)*least && (second != "workers" || !a.fills(d)) {
		b.Status, b.Value = finding.Unanswerable, ""
		b.Why = sprintf("%s and %s would fill within %s of each other, too near to tell before the limit is reached.", sentenceName(d.name), upper(second), percent(separable))
	}
	return b
}

// fills reports whether the known workers keep the resource full, so that it
// is the limit although they would be too.
func (a *analysis) fills(d *demand) bool {
	h := a.look()
	if !h.ok || a.in.Workers <= 0 {
		return false
	}
	x := h.net.throughput(min(a.in.Workers, 4*maxPopulation))
	return x[len(x)-1] >= busyFull*h.law
}

// unknownBottleneck is the refusal, with the candidates that are known.
func (a *analysis) unknownBottleneck(why string) finding.Bottleneck {
	b := finding.Bottleneck{Status: finding.Unanswerable, Margins: map[string]finding.Number{}, Query: "capacity_plateau"}
	b.Why = sprintf("The limit was not reached, and what would bind first cannot be seen: %s.", why)
	for _, d := range a.demands {
		if d.matters() {
			b.Margins[d.name] = finding.Number(d.highest())
		}
	}
	return b
}

// workersAdvice says what to do where concurrency is the limit, and how far
// that may go.
func (a *analysis) workersAdvice() string {
	out := "Raise workers or threads first"
	if d := a.nearest(); d != nil && d.r2 >= minR2 {
		out += sprintf(": by the utilization law %s alone would allow about %s requests/s per instance", upper(d.name), figure(a.hot.slower(d.capacity.Value)))
	}
	return out + ". More instances help only if what the requests wait for grows with them, which a shared downstream does not."
}

// runnerUp names the fullest other resource that load fills up, as a clause:
// memory that a model takes at any load is next to nothing.
func (a *analysis) runnerUp(use map[string]float64, but string) string {
	low := a.lowestStep()
	if low == nil {
		return ""
	}
	idle := a.useAt(low.used)
	name, most := "", math.Inf(-1)
	for _, n := range names(use) {
		if n != but && use[n]-idle[n] > risesWithLoad && use[n] > most {
			name, most = n, use[n]
		}
	}
	if name == "" {
		return ""
	}
	return sprintf("; next: %s, %s", upper(name), percent(most))
}

func names(m map[string]float64) []string {
	var out []string
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// sentenceName is a resource's name at the head of a sentence.
func sentenceName(name string) string {
	switch name {
	case "memory":
		return "Memory"
	case "disk":
		return "Disk"
	case "workers":
		return "The workers"
	}
	return upper(name)
}
