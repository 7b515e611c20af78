package service

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sizewise/analyze/capacity"
	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

const (
	componentInstances = "/aws/sagemaker/InferenceComponents"
	perCopy            = "requests/s/copy"
)

// component is the evidence about an inference component.
type component struct {
	grid
	invocations, perCopy []float64
	copies               []float64 // in service
	minutes              []finding.Minute
	measures             []finding.Measure
	finds                finds
}

// Component judges an inference component: its copies, and what one of them can
// take. A copy is to a component what an instance is to an endpoint: the same
// method answers, with the utilization of what a copy reserved.
func Component(d *dossier.Dossier) dossier.Result {
	c := &component{grid: newGrid(d, metricInvocations, metricModel)}
	c.invocations, c.perCopy = c.sums(metricInvocations), c.sums("InvocationsPerCopy")
	if !(total(c.invocations) > 0) && !(total(c.sums("NoCapacityInvocationFailures")) > 0) {
		return dossier.Result{Verdict: insufficient("No request reached the component in the window, so nothing can be said of it.")}
	}
	c.count()
	c.fill()
	result := capacity.Analyze(capacity.Input{
		Minutes: c.minutes, Tested: finding.Tested{VCPU: 1, GPUs: 1, PeriodS: int(c.seconds())}, PeakRPS: math.NaN(),
	})
	c.answer(&result)
	c.errors()
	c.find(&result)
	return dossier.Result{
		Verdict: c.verdict(&result), Measures: c.measures, Charts: c.charts(), Findings: c.finds,
		Notes: []string{"Utilization is normalized by SageMaker to what a copy reserved, or to its limit where nothing was reserved"},
	}
}

// count finds the copies in service: requests over requests per copy.
func (c *component) count() {
	c.copies = make([]float64, c.n)
	for i := range c.copies {
		c.copies[i] = math.NaN()
		if c.perCopy[i] > 0 {
			c.copies[i] = math.Round(c.invocations[i] / c.perCopy[i])
		}
	}
	n := named("copies", "copies in service", "copies", "")
	if len(published(c.copies)) == 0 {
		c.measures = append(c.measures, n.Refused("InvocationsPerCopy was not published, so the copies cannot be counted."))
	} else {
		c.measures = append(c.measures, n.Mean(c.copies, "Invocations over InvocationsPerCopy, minute by minute."))
	}
	for _, attribute := range []string{"current_copy_count", "desired_copy_count"} {
		if v, err := strconv.ParseFloat(c.d.Facts.Text("inference_component", attribute), 64); err == nil {
			m := named(attribute, strings.ReplaceAll(strings.TrimSuffix(attribute, "_count"), "_", " ")+" count, as described", "copies", "").Seen(v, 1, "What DescribeInferenceComponent said.")
			m.Estimate.Query = queryFacts
			c.measures = append(c.measures, m)
		}
	}
}

// fill makes the minutes that the capacity method reads.
func (c *component) fill() {
	own := func(metric string) []float64 {
		return scaled(c.column(metric, func(p *dossier.Point) float64 { return p.Average }, highest, func(s *dossier.Series) bool { return s.Namespace == componentInstances }), 0.01)
	}
	hot := func(metric string) []float64 {
		return scaled(c.column(metric, func(p *dossier.Point) float64 { return p.Maximum }, highest, func(s *dossier.Series) bool { return s.Namespace == componentInstances }), 0.01)
	}
	p90 := c.column(metricModel, func(p *dossier.Point) float64 { return p.P90 }, highest, nil)
	cpu, cpuHot, gpu, gpuHot := own("CPUUtilizationNormalized"), hot("CPUUtilizationNormalized"), own("GPUUtilizationNormalized"), hot("GPUUtilizationNormalized")
	memory, gpuMemory := own("MemoryUtilizationNormalized"), own("GPUMemoryUtilizationNormalized")
	client, server, model := c.sums(metricClientErrors), c.sums(metricServerErrors), c.sums("InvocationModelErrors")
	mean, p50, p99, count := c.averages(metricModel), c.p50s(metricModel), c.p99s(metricModel), c.counts(metricModel)
	overhead, most, concurrency := c.averages(metricOverhead), c.maxima(metricModel), c.maxima("ConcurrentRequestsPerCopy")
	nan := math.NaN()
	for i := range c.n {
		c.minutes = append(c.minutes, finding.Minute{
			Start: c.at(i), Seconds: c.seconds(), Instances: c.copies[i], Invocations: c.invocations[i], PerInstance: c.perCopy[i],
			Errors4XX: client[i], Errors5XX: server[i], ModelErrors: model[i],
			ModelMean: mean[i] * microseconds, ModelP50: p50[i] * microseconds, ModelP90: p90[i] * microseconds, ModelP95: nan,
			ModelP99: p99[i] * microseconds, ModelMax: most[i] * microseconds, ModelCount: count[i],
			OverheadMean: overhead[i] * microseconds, OverheadMax: nan,
			CPU: cpu[i], CPUHot: cpuHot[i], GPU: gpu[i], GPUHot: gpuHot[i], GPUMemory: gpuMemory[i], GPUMemoryHot: gpuMemory[i],
			Memory: memory[i], MemoryHot: memory[i], Disk: nan, DiskHot: nan,
			Reporting: c.copies[i], Samples: c.copies[i], ConcurrencyMax: concurrency[i],
		})
	}
}

// answer turns what was found for instances into what holds of copies.
func (c *component) answer(result *capacity.Result) {
	ofCopies := func(name, label string, better finding.Direction, e finding.Estimate) {
		e.Unit, e.Why, e.Formula = perCopy, inCopies(e.Why), inCopies(e.Formula)
		e.Query = querySeries
		c.measures = append(c.measures, named(name, label, perCopy, better).Repeat(e))
	}
	ofCopies("capacity_rps_per_copy", "capacity of a copy", finding.Higher, result.Answers.Capacity)
	ofCopies("error_onset_rps_per_copy", "rate from which errors come", finding.Higher, result.Answers.ErrorOnset)
	rate := make([]float64, c.n)
	for i := range rate {
		rate[i] = c.perCopy[i] / c.seconds()
	}
	c.measures = append(c.measures,
		named("rps_per_copy", "traffic of a copy, in minutes with any", perCopy, "").Mean(rate, "InvocationsPerCopy, minute by minute."),
		named("rps", "traffic", unitRate, "").Mean(scaled(orZero(c.invocations), 1/c.seconds()), "Invocations over the window."))
	busy := named("concurrency_per_copy_max", "most requests at one copy", unitRequests, "")
	if v, at := top(c.maxima("ConcurrentRequestsPerCopy")); at >= 0 {
		c.measures = append(c.measures, busy.Seen(v, len(published(c.maxima("ConcurrentRequestsPerCopy"))), "The highest ConcurrentRequestsPerCopy, at "+clock(c.at(at))+"."))
	}
	for _, u := range []struct {
		name, label string
		of          func(*finding.Minute) float64
	}{
		{"cpu_ratio", "CPU in use, of what a copy reserved", func(m *finding.Minute) float64 { return m.CPU }},
		{"gpu_ratio", "GPU in use, of what a copy reserved", func(m *finding.Minute) float64 { return m.GPU }},
		{"memory_ratio", "memory in use, of what a copy reserved", func(m *finding.Minute) float64 { return m.Memory }},
		{"gpu_memory_ratio", "GPU memory in use, of what a copy reserved", func(m *finding.Minute) float64 { return m.GPUMemory }},
	} {
		x := make([]float64, c.n)
		for i := range x {
			x[i] = u.of(&c.minutes[i])
		}
		if len(published(x)) > 0 {
			c.measures = append(c.measures, named(u.name, u.label, unitRatio, finding.Lower).Mean(x, "The mean over the minutes of the window."))
		}
	}
	c.measures = append(c.measures,
		named("p50_s", "model latency, median", unitSeconds, finding.Lower).Typical(scaled(c.p50s(metricModel), microseconds), "The median over minutes of the minute's p50 of ModelLatency."),
		named("p99_s", "model latency, p99", unitSeconds, finding.Lower).Typical(scaled(c.p99s(metricModel), microseconds), "The median over minutes of the minute's p99 of ModelLatency."))
}

// inCopies rewords a sentence about instances.
func inCopies(text string) string {
	return strings.NewReplacer("an instance", "a copy", "An instance", "A copy", "instances", "copies", "instance", "copy", "Instances", "Copies").Replace(text)
}

func (c *component) errors() {
	c.measures = append(c.measures,
		named("error_ratio", "answers of status 5xx", unitRatio, finding.Lower).Share(c.sums(metricServerErrors), c.invocations, "Invocation5XXErrors over Invocations."),
		named("client_error_ratio", "answers of status 4xx", unitRatio, finding.Lower).Share(c.sums(metricClientErrors), c.invocations, "Invocation4XXErrors over Invocations."))
	n := named("no_capacity_ratio", "requests that found no copy in service", unitRatio, finding.Lower)
	none, tried := orZero(c.sums("NoCapacityInvocationFailures")), orZero(c.invocations)
	for i := range tried {
		tried[i] = max(tried[i], none[i])
	}
	c.measures = append(c.measures, n.Share(none, tried, "NoCapacityInvocationFailures over Invocations; it is published only when there are any."))
}

func (c *component) find(result *capacity.Result) {
	if e := estimate(c.measures, "no_capacity_ratio"); above(e, 0) && e.Value > 1e-4 {
		c.finds.add("component_no_capacity", finding.Critical, querySeries,
			fmt.Sprintf("%s of the requests failed because no copy was in service.", ranged(e, share)), e.Why,
			"Keep at least one copy (MinCapacity 1), or scale from zero by a step policy on NoCapacityInvocationFailures and let callers try again.")
	}
	if e := estimate(c.measures, "error_ratio"); above(e, 0) && e.Value > 1e-3 {
		severity := finding.Warning
		if above(e, tellingServerErrors) {
			severity = finding.Critical
		}
		c.finds.add("answers_5xx", severity, querySeries, fmt.Sprintf("%s of the answers had a status of 5xx.", ranged(e, share)), e.Why)
	}
	now, want := estimate(c.measures, "current_copy_count"), estimate(c.measures, "desired_copy_count")
	if known(now) && known(want) && now.Value < want.Value {
		c.finds.add("component_copies", finding.Warning, queryFacts,
			fmt.Sprintf("Of the %s copies that are wanted %s are in service.", amount(float64(want.Value)), amount(float64(now.Value))),
			"The instances may have no room left for what a copy reserves: see CPUReservation, GPUReservation and MemoryReservation of the endpoint.")
	}
	if s := result.Answers.Saturated; s.Value != nil && *s.Value {
		c.finds.add("component_saturated", finding.Warning, querySeries, "Every copy was full at the highest load.", inCopies(s.Why))
	}
}

func (c *component) verdict(result *capacity.Result) finding.Verdict {
	e := estimate(c.measures, "capacity_rps_per_copy")
	copies := estimate(c.measures, "copies")
	status := c.finds.judged()
	var summary string
	switch {
	case e.Status == finding.AtLeast:
		summary = fmt.Sprintf("A copy takes at least %s requests/s", amount(float64(e.Value)))
	case known(e):
		summary = fmt.Sprintf("A copy takes %s requests/s", ranged(e, amount))
	default:
		summary = "What a copy can take cannot be told: " + strings.TrimSuffix(inCopies(e.Why), ".")
		if status == finding.Pass {
			status = finding.Insufficient
		}
	}
	if b := result.Answers.Bottleneck; known(e) && b.Value != "" && b.Value != "none" {
		summary += ", limited by " + strings.ReplaceAll(b.Value, "_", " ")
	}
	if known(copies) {
		summary += fmt.Sprintf("; %s were in service on average", plural(float64(copies.Value), "copy", "copies"))
	}
	return finding.Verdict{Status: status, Summary: summary + ".", Reasons: c.finds.reasons()}
}

func plural(n float64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return amount(n) + " " + many
}

func (c *component) charts() []finding.Chart {
	rate := scaled(c.perCopy, 1/c.seconds())
	load := finding.Chart{
		Name: "copy-rate", Title: "Traffic of a copy", Axis: "requests/s of one copy", Query: querySeries,
		Lines: []finding.ChartLine{c.line("traffic", rate, 1, true)},
		Read:  "The line is what one copy took; a limit above it is room, a line that flattens below what was sent is the limit itself.",
	}
	if e := estimate(c.measures, "capacity_rps_per_copy"); known(e) && e.Status != finding.AtLeast {
		load.Limits = []finding.ChartLimit{{Name: "capacity", Y: float64(e.Value)}}
	}
	if len(published(rate)) == 0 {
		load.Absent = "InvocationsPerCopy was not published."
	}
	use := finding.Chart{
		Name: "copy-use", Title: "How busy a copy was", Axis: "share of what a copy reserved, %", Percent: true, Query: querySeries,
		Limits: []finding.ChartLimit{{Name: "all of it", Y: 1}},
		Read:   "What comes nearest to the line at the top is what a copy runs out of first.",
	}
	for _, u := range []struct{ metric, name string }{{"CPUUtilizationNormalized", "CPU"}, {"GPUUtilizationNormalized", "GPU"}, {"MemoryUtilizationNormalized", "memory"}, {"GPUMemoryUtilizationNormalized", "GPU memory"}} {
		y := c.column(u.metric, func(p *dossier.Point) float64 { return p.Average }, highest, func(s *dossier.Series) bool { return s.Namespace == componentInstances })
		if len(published(y)) > 0 {
			use.Lines = append(use.Lines, c.line(u.name, y, 0.01, false))
		}
	}
	if len(use.Lines) == 0 {
		use.Absent = "No utilization of the component was published."
	}
	copies := finding.Chart{
		Name: "copies", Title: "Copies in service", Axis: "copies", Query: querySeries,
		Lines: []finding.ChartLine{c.line("copies", c.copies, 1, true)},
		Read:  "Steps are scaling; a level is what is paid for.",
	}
	if x := slices.Compact(published(c.copies)); len(x) <= 1 {
		copies.Absent = "The number of copies did not change."
	}
	return []finding.Chart{load, use, copies}
}
