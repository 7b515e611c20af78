package job

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/dossier"
	"sizewise/analyze/finding"
)

// step is one step of a pipeline.
type step struct {
	name              string
	took              []float64 // seconds, of each time it ran
	started, failures float64
}

const (
	slowStep    = 0.5 // of the time of all steps, that makes one stand out
	leastTimes  = 5   // executions that a typical duration is told of
	millisecond = 1e-3
)

// Pipeline says where the time of a pipeline goes, step by step, and what failed.
func Pipeline(d *dossier.Dossier) dossier.Result {
	r := &run{d: d, what: "pipeline"}
	steps, whole := stepsOf(d)
	if len(steps) == 0 && len(whole.took) == 0 && whole.started == 0 {
		return dossier.Result{Verdict: finding.Verdict{Status: finding.Insufficient, Summary: "No execution of the pipeline was published in the window"}}
	}
	r.put(named("executions", "executions started", "", "").Seen(whole.started, len(whole.took), "ExecutionStarted."))
	r.put(named("execution_s", "an execution, typical", unitSeconds, finding.Lower).Typical(whole.took, "The median over executions that ended."))
	fails := named("execution_failure_ratio", "executions that failed", unitRatio, finding.Lower)
	if ended := float64(len(whole.took)); ended > 0 {
		r.put(fails.Share([]float64{whole.failures}, []float64{max(ended, whole.failures)}, fmt.Sprintf("%.0f of %.0f that ended.", whole.failures, ended)))
	} else {
		r.put(fails.Refused("None ended."))
	}
	all := 0.0
	for i := range steps {
		all += sum(steps[i].took)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return -cmpFloat(sum(a.took), sum(b.took)) })
	out := dossier.Result{Parts: stepParts(steps, all)}
	r.slowest(steps, all)
	for i := range steps {
		if s := &steps[i]; s.failures > 0 {
			severity := finding.Warning
			if s.failures >= s.started/2 {
				severity = finding.Critical
			}
			r.found.add("pipeline_step_fails", severity, querySeries, fmt.Sprintf("Step %s failed %.0f of %.0f times.", s.name, s.failures, s.started),
				"The job that it started says why: sizewise run with that job's name.")
		}
	}
	out.Measures, out.Findings = r.measures, r.found
	out.Charts = []finding.Chart{stepChart(d, steps)}
	out.Verdict = pipelineVerdict(r, steps, all, whole.failures)
	return out
}

// stepsOf reads what each step and the executions took.
func stepsOf(d *dossier.Dossier) (steps []step, whole step) {
	at := map[string]int{}
	for i := range d.Series {
		s := &d.Series[i]
		one := &whole
		switch s.DimSet {
		case "PipelineName":
		case "PipelineName,StepName":
			name := dossier.Dimension(s.Dims, "StepName")
			if _, ok := at[name]; !ok {
				at[name] = len(steps)
				steps = append(steps, step{name: name})
			}
			one = &steps[at[name]]
		default:
			continue
		}
		for j := range s.Points {
			one.take(s.Metric, &s.Points[j])
		}
	}
	return steps, whole
}

func (s *step) take(metric string, p *dossier.Point) {
	switch {
	case strings.HasSuffix(metric, "Duration"):
		// Executions that end in one period are known only by their mean.
		for range int(max(1, p.Count)) {
			if !math.IsNaN(p.Average) {
				s.took = append(s.took, p.Average*millisecond)
			}
		}
	case strings.HasSuffix(metric, "Started") && p.Sum > 0:
		s.started += p.Sum
	case strings.HasSuffix(metric, "Failed") && p.Sum > 0:
		s.failures += p.Sum
	}
}

func stepParts(steps []step, all float64) []finding.Part {
	var out []finding.Part
	for i := range steps {
		s := &steps[i]
		p := finding.Part{Kind: "step", Name: s.name}
		part := named("share", "share of the time", unitRatio, "")
		if all > 0 {
			p.Measures = append(p.Measures, part.Seen(sum(s.took)/all, len(s.took), "Of the time of all steps."))
		} else {
			p.Measures = append(p.Measures, part.Refused("No durations were published."))
		}
		p.Measures = append(p.Measures,
			named("step_s", "took, typical", unitSeconds, finding.Lower).Typical(s.took, "The median over its runs."),
			named("runs", "runs", "", "").Seen(s.started, len(s.took), "StepStarted."),
			named("failures", "failed", "", finding.Lower).Seen(s.failures, len(s.took), "StepFailed."))
		out = append(out, p)
	}
	return out
}

// slowest is the share of the step that takes most, over executions.
func (r *run) slowest(steps []step, all float64) {
	n := named("slowest_step_share", "share of the slowest step in the time of all", unitRatio, finding.Lower)
	if len(steps) == 0 || all <= 0 {
		r.put(n.Refused("No durations of steps were published."))
		return
	}
	s := &steps[0]
	runs := len(s.took)
	for i := range steps {
		runs = min(runs, len(steps[i].took))
	}
	if runs < leastTimes || len(steps) < 2 {
		r.put(n.Seen(sum(s.took)/all, len(s.took), "Of "+s.name+"; too few runs for an interval."))
		return
	}
	part, whole := make([]float64, runs), make([]float64, runs)
	for i := range runs {
		part[i] = s.took[i]
		for j := range steps {
			whole[i] += steps[j].took[i]
		}
	}
	e := r.put(n.Ratio(part, whole, "Of "+s.name+", over the executions in which every step ran."))
	if known(e) && float64(e.Lo) > slowStep {
		r.found.add("pipeline_slow_step", finding.Warning, querySeries,
			fmt.Sprintf("Step %s takes %s of the time of all steps.", s.name, ranged(e, share)),
			"Making any other step faster gains little. sizewise run with the job that the step starts says what limits it.")
	}
}

func stepChart(d *dossier.Dossier, steps []step) finding.Chart {
	c := finding.Chart{
		Name: "steps", Title: "What each step took", Axis: "duration, min", Query: querySeries,
		Read: "Level lines are a pipeline that takes the same time night after night; one that climbs has more to do.",
	}
	for n := range steps[:min(len(steps), 6)] {
		l := finding.ChartLine{Name: steps[n].name, Heavy: n == 0}
		for i := range d.Series {
			s := &d.Series[i]
			if s.Metric != "StepDuration" || dossier.Dimension(s.Dims, "StepName") != l.Name {
				continue
			}
			for j := range s.Points {
				l.Times, l.Y = append(l.Times, s.Points[j].Time), append(l.Y, s.Points[j].Average*millisecond/60)
			}
		}
		if len(l.Times) > 0 {
			c.Lines = append(c.Lines, l)
		}
	}
	if len(c.Lines) == 0 {
		c.Absent = "There is no figure here: no durations of steps were published."
	}
	return c
}

func pipelineVerdict(r *run, steps []step, all, failures float64) finding.Verdict {
	v := finding.Verdict{Status: finding.Pass, Reasons: r.found.reasons()}
	switch {
	case failures > 0:
		v.Status = finding.Fail
		v.Summary = fmt.Sprintf("%s of the pipeline failed", plural(int(failures), "execution", "executions"))
	default:
		v.Summary = "No execution of the pipeline failed"
	}
	if len(steps) > 0 && all > 0 {
		v.Summary += fmt.Sprintf("; %s takes most of the time, %s of that of all steps", steps[0].name, share(sum(steps[0].took)/all))
	}
	return v
}

func sum(x []float64) float64 {
	total := 0.0
	for _, v := range x {
		total += v
	}
	return total
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
