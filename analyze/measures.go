package analyze

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
)

// endpointMeasures repeats the main answers about an endpoint with instances
// under the names by which compare and nightly know them, and adds what the
// whole window was like.
func endpointMeasures(set *finding.Set) []finding.Measure {
	a := &set.Answers
	repeat := func(name, label string, better finding.Direction, e finding.Estimate) finding.Measure {
		return measure.Name{Name: name, Label: label, Better: better}.Repeat(e)
	}
	out := []finding.Measure{
		repeat("capacity_rps_per_instance", "capacity of an instance", finding.Higher, a.Capacity),
		repeat("slo_rps_per_instance", "rate within the SLO", finding.Higher, a.SLORate),
		repeat("error_onset_rps_per_instance", "rate from which errors come", finding.Higher, a.ErrorOnset),
		repeat("cost_per_million", "cost of a million inferences", finding.Lower, a.CostPerMillion),
	}
	out = append(out, topMeasures(set)...)
	return append(out, windowMeasures(set)...)
}

// topMeasures are of the load step with the highest rate that was not
// saturated: the latency that users see while the endpoint still keeps up.
func topMeasures(set *finding.Set) []finding.Measure {
	rate := measure.Name{Name: "top_rps_per_instance", Label: "rate of the highest steady step", Unit: "requests/s/instance", Query: "variant_minutes"}
	p50 := measure.Name{Name: "p50_s", Label: "median latency at the highest steady step", Unit: "s", Better: finding.Lower, Query: "variant_minutes"}
	p99 := measure.Name{Name: "p99_s", Label: "p99 latency at the highest steady step", Unit: "s", Better: finding.Lower, Query: "variant_minutes"}
	top := -1
	for i := range set.Steps {
		s := &set.Steps[i]
		if !s.Saturated && (top < 0 || s.OfferedRPS > set.Steps[top].OfferedRPS) {
			top = i
		}
	}
	if top < 0 {
		why := "No load step was steady and not saturated."
		return []finding.Measure{rate.Refused(why), p50.Refused(why), p99.Refused(why)}
	}
	in := func(f func(*finding.Minute) float64) []float64 {
		var x []float64
		for i := range set.Minutes {
			if set.Minutes[i].Step == top+1 {
				x = append(x, f(&set.Minutes[i]))
			}
		}
		return x
	}
	return []finding.Measure{
		rate.Typical(in(func(m *finding.Minute) float64 { return m.Offered() / m.Instances }), "The median over the minutes of the step."),
		p50.Typical(in(func(m *finding.Minute) float64 { return m.ModelP50 }), "The median over the minutes of the step of the minute's own p50 of ModelLatency."),
		p99.Typical(in(func(m *finding.Minute) float64 { return m.ModelP99 }), "The median over the minutes of the step of the minute's own p99 of ModelLatency."),
	}
}

// windowMeasures are of all minutes, whatever the load.
func windowMeasures(set *finding.Set) []finding.Measure {
	all := func(f func(*finding.Minute) float64) []float64 {
		x := make([]float64, len(set.Minutes))
		for i := range set.Minutes {
			x[i] = f(&set.Minutes[i])
		}
		return x
	}
	offered := all(func(m *finding.Minute) float64 { return m.Invocations })
	named := func(name, label, unit string, better finding.Direction, query string) measure.Name {
		return measure.Name{Name: name, Label: label, Unit: unit, Better: better, Query: query}
	}
	return []finding.Measure{
		named("rps", "traffic of the whole endpoint", "requests/s", "", "variant_minutes").Mean(all((*finding.Minute).Offered), "The mean over the minutes of the window."),
		named("window_p50_s", "median latency over the window", "s", finding.Lower, "variant_minutes").Typical(
			all(func(m *finding.Minute) float64 { return m.ModelP50 }), "The median over all minutes of the minute's own p50 of ModelLatency."),
		named("window_p99_s", "p99 latency over the window", "s", finding.Lower, "variant_minutes").Typical(
			all(func(m *finding.Minute) float64 { return m.ModelP99 }), "The median over all minutes of the minute's own p99 of ModelLatency."),
		named("error_ratio", "share of answers of status 5xx", "ratio", finding.Lower, "errors_by_minute").Share(
			all(func(m *finding.Minute) float64 { return m.Errors5XX }), offered, "Invocation5XXErrors over Invocations, whole window."),
		named("client_error_ratio", "share of answers of status 4xx", "ratio", finding.Lower, "errors_by_minute").Share(
			all(func(m *finding.Minute) float64 { return m.Errors4XX }), offered, "Invocation4XXErrors over Invocations, whole window."),
		used(set, "cpu_ratio", "CPU in use", set.Tested.VCPU, func(m *finding.Minute) float64 { return m.CPU }),
		used(set, "gpu_ratio", "GPU in use", set.Tested.GPUs, func(m *finding.Minute) float64 { return m.GPU }),
		used(set, "gpu_memory_ratio", "GPU memory in use", set.Tested.GPUs, func(m *finding.Minute) float64 { return m.GPUMemory }),
		used(set, "memory_ratio", "memory in use", 1, func(m *finding.Minute) float64 { return m.Memory }),
		used(set, "disk_ratio", "disk in use", 1, func(m *finding.Minute) float64 { return m.Disk }),
		named("instances", "instances in service", "instances", "", "instance_count").Mean(all(func(m *finding.Minute) float64 { return m.Instances }), "The mean over the minutes of the window."),
	}
}

// used is the mean utilization of one instance as a share of what it has.
func used(set *finding.Set, name, label string, has int, busy func(*finding.Minute) float64) finding.Measure {
	n := measure.Name{Name: name, Label: label, Unit: "ratio", Better: finding.Lower, Query: "utilization_by_minute"}
	x, published := make([]float64, len(set.Minutes)), false
	for i := range set.Minutes {
		v := busy(&set.Minutes[i])
		published = published || !math.IsNaN(v)
		x[i] = v / float64(has)
	}
	switch {
	case !published:
		return n.Refused("No such utilization was published.")
	case has == 0:
		return n.Refused("How much of it an instance has is not known.")
	}
	return n.Mean(x, "The mean over the minutes of the window, one instance.")
}
