package analyze

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/dossier"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// pipeline is one pipeline with all its executions, as a whole under "" and by
// step.
type pipeline struct {
	home
	steps   map[string][]execution
	changes []finding.Change
}

// execution is one execution of a pipeline, or of a step.
type execution struct {
	ended  time.Time
	took   float64 // seconds; NaN when nothing says
	failed float64
}

func (n *nightReader) readPipelines(ctx context.Context) error {
	byHome := map[home]*pipeline{}
	params := map[string]any{"start": n.o.start(), "end": n.o.End}
	return n.each(ctx, "pipeline_runs", params, func(r *engine.Rows) {
		h := home{account: r.String("account"), region: r.String("region"), key: r.String("subject")}
		if _, ok := n.other(h.key); !ok {
			return
		}
		p := byHome[h]
		if p == nil {
			p = &pipeline{home: h, steps: map[string][]execution{}}
			byHome[h] = p
			n.lines = append(n.lines, p)
		}
		step := dossier.Dimension(r.String("dims"), "StepName")
		p.steps[step] = append(p.steps[step], execution{r.Time("ts").UTC(), r.Float64("duration_s"), r.Float64("failed")})
	})
}

// tells says whether an execution is told of in this night: it ended in the
// day, or in data that came late.
func (p *pipeline) tells(n *nightReader, ended time.Time) bool {
	return !ended.Before(n.since(p.key)) && ended.Before(n.o.End)
}

// trials are the durations of the executions and of each step.
func (p *pipeline) trials(n *nightReader) []trial {
	var out []trial
	for _, step := range slices.Sorted(maps.Keys(p.steps)) {
		f := followedRun{"duration", "an execution", "s", change.Ratio, n.o.Floor, 0.01, "pipeline_runs", nil}
		if step != "" {
			f.name, f.label = "step_duration", "step "+step
		}
		t := trial{Runs: change.Runs{Scale: f.scale, Floor: f.floor, Noise: f.noise}, followedRun: f, line: p}
		for _, e := range p.steps[step] {
			if e.failed == 0 && !math.IsNaN(e.took) {
				t.Values, t.Night, t.at = append(t.Values, e.took), append(t.Night, n.nightOf(e.ended)), append(t.at, e.ended)
			}
		}
		out = append(out, t)
	}
	return out
}

// failures are the steps that failed, or the executions where no step says so.
func (p *pipeline) failures(n *nightReader) []finding.Change {
	var out []finding.Change
	for _, step := range slices.Sorted(maps.Keys(p.steps)) {
		if step == "" {
			continue
		}
		if c, ok := p.failure(n, step); ok {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		if c, ok := p.failure(n, ""); ok {
			out = append(out, c)
		}
	}
	if c, ok := p.missed(n); ok {
		out = append(out, c)
	}
	return out
}

// missed tells of a night without an execution where every one before had some.
func (p *pipeline) missed(n *nightReader) (finding.Change, bool) {
	nights := map[int]bool{}
	first := n.o.Nights
	for _, e := range p.steps[""] {
		night := n.nightOf(e.ended)
		nights[night], first = true, min(first, night)
	}
	for at := n.o.begin(); at.Before(n.o.End); at = at.Add(time.Hour) {
		if !n.answered(p.key, at) {
			return finding.Change{}, false
		}
	}
	for night := first; night < n.o.Nights; night++ {
		if !nights[night] {
			return finding.Change{}, false
		}
	}
	if nights[n.o.Nights] || n.o.Nights-first < change.LeastRuns {
		return finding.Change{}, false
	}
	c := told(finding.ChangeSilence, "executions", "executions",
		fmt.Sprintf("no execution ended in this day, in each of the %d nights before there was one", n.o.Nights-first), n.o.begin(), "pipeline_runs")
	c.Worse, c.Lasting, c.Compared = true, true, n.o.Nights-first
	return c, true
}

func (p *pipeline) failure(n *nightReader, step string) (finding.Change, bool) {
	var now, before, all float64
	var at time.Time
	for _, e := range p.steps[step] {
		switch {
		case p.tells(n, e.ended):
			now += e.failed
			if e.failed > 0 {
				at = e.ended
			}
		default:
			all++
			before += min(1, e.failed)
		}
	}
	if now == 0 {
		return finding.Change{}, false
	}
	what := "an execution"
	if step != "" {
		what = "step " + step
	}
	c := told(finding.ChangeFailure, "failed", "failed executions",
		fmt.Sprintf("%s failed %g times; of the %g times before, %g", what, now, all, before), at, "pipeline_runs")
	if now == 1 {
		c.Title = fmt.Sprintf("%s failed; of the %g times before, %g", what, all, before)
	}
	c.Worse, c.N, c.Compared = true, int(now), int(all)
	return c, true
}

// subject says how the night of a pipeline was.
func (p *pipeline) subject(n *nightReader) finding.NightSubject {
	s := finding.NightSubject{
		Subject: p.key, Account: p.account, Region: p.region, Since: n.since(p.key), Changes: p.changes,
		Run: &finding.NightRun{Family: p.key, Rule: rulePipeline},
	}
	ran := false
	for _, e := range p.steps[""] {
		switch {
		case p.tells(n, e.ended):
			ran, s.Run.Ended = true, e.ended
		case e.failed == 0:
			s.Run.Compared++
		}
	}
	switch {
	case len(p.changes) > 0:
		s.Status = finding.NightChanged
	case !ran:
		s.Status, s.Why = finding.NightQuiet, "no execution ended in this day"
	default:
		s.Status, s.Why = comparable(s.Run)
	}
	return s
}
