package analyze

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/change"
	"sizewise/analyze/engine"
	"sizewise/analyze/finding"
)

// jobRun is one job: a run of its family.
type jobRun struct {
	home
	family, rule            string
	status, reason          string
	created, started, ended time.Time
	instanceType            string
	count, billable         float64
	cpu, gpu                float64 // cores and GPUs busy, a host's mean
	gpuMemory, memory, disk float64 // highest, GPUs and ratios
	wanted, named           bool    // to be told of; by name
	compared                int     // earlier runs that were completed
	changes                 []finding.Change
}

// The states of jobs, in the words of SageMaker; those of recommender jobs are
// in capitals.
const (
	jobCompleted = "completed"
	jobFailed    = "failed"
	jobStopped   = "stopped"
)

func (j *jobRun) is(status string) bool { return strings.EqualFold(j.status, status) }

// readJobs reads all jobs of the lake and puts them into families, in the order
// in which they ended.
func (n *nightReader) readJobs(ctx context.Context) error {
	if !slices.ContainsFunc(n.o.Others, func(o NightOther) bool { return isJob(o.Subject) }) {
		return nil
	}
	families, given := newFamilies(), map[string]string{} // the latter by what the name tells
	err := n.each(ctx, "job_runs", nil, func(r *engine.Rows) {
		j := &jobRun{
			home:   home{account: r.String("account"), region: r.String("region"), key: r.String("subject")},
			status: r.String("status"), reason: r.String("failure_reason"), instanceType: r.String("instance_type"),
			created: instant(r.String("creation_time")), started: instant(r.String("start_time")), ended: instant(r.String("end_time")),
			count: decimal(r.String("instance_count")), billable: decimal(r.String("billable_seconds")),
			cpu: r.Float64("cpu_busy"), gpu: r.Float64("gpu_busy"), gpuMemory: r.Float64("gpu_memory_busy"),
			memory: r.Float64("memory_ratio"), disk: r.Float64("disk_ratio"),
		}
		if !isJob(j.key) {
			return
		}
		kind, name, _ := strings.Cut(j.key, "/")
		o, ok := n.other(j.key)
		j.wanted, j.named = ok, ok && !o.Found
		j.family, j.rule = families.of(name, o.Family)
		plain, _ := families.of(name, "")
		if o.Family != "" { // earlier runs are no longer found, but have the same name
			given[kind+"/"+plain] = o.Family
		}
		j.family = kind + "/" + j.family
		n.jobs = append(n.jobs, j)
	})
	if err != nil {
		return err
	}
	for _, j := range n.jobs {
		kind, _, _ := strings.Cut(j.key, "/")
		if family, ok := given[j.family]; ok && j.rule != ruleGiven {
			j.family, j.rule = kind+"/"+family, ruleGiven
		}
	}
	slices.SortFunc(n.jobs, func(a, b *jobRun) int {
		return cmp.Or(strings.Compare(a.family, b.family), strings.Compare(a.account, b.account), strings.Compare(a.region, b.region),
			a.ended.Compare(b.ended), strings.Compare(a.key, b.key))
	})
	return nil
}

func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func decimal(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// like says whether two jobs are runs of the same thing.
func (j *jobRun) like(o *jobRun) bool {
	return j.family == o.family && j.account == o.account && j.region == o.region
}

// followedRun is a number of a job that runs are compared by.
type followedRun struct {
	name, label, unit string
	scale             change.Scale
	floor, noise      float64
	query             string
	value             func(*jobRun) float64
}

// followedRuns are those of jobs. More of each is worse.
func (n *nightReader) followedRuns() []followedRun {
	types := capacity.EmbeddedInstances()
	return []followedRun{
		{"duration", "the run", "s", change.Ratio, n.o.Floor, 0.01, "job_runs", func(j *jobRun) float64 { return seconds(j.started, j.ended) }},
		{"wait", "the wait before it", "s", change.Ratio, 1, 0.1, "job_runs", func(j *jobRun) float64 { return seconds(j.created, j.started) }},
		{"instance_time", "billed instance time", "s", change.Ratio, n.o.Floor, 0.01, "job_runs", func(j *jobRun) float64 { return j.billable * j.count }},
		{"gpu_idle_share", "idle share of the GPUs", "ratio", change.Plain, 0.05, 0.01, "job_runs", func(j *jobRun) float64 {
			one, ok := types.Lookup(j.instanceType)
			if !ok || one.GPUs() == 0 {
				return math.NaN()
			}
			return max(0, 1-j.gpu/float64(one.GPUs()))
		}},
		{"cpu_busy", "CPU in use", "cores", change.Ratio, 0.1, 0.02, "job_runs", func(j *jobRun) float64 { return j.cpu }},
		{"memory_peak", "highest memory", "ratio", change.Plain, 0.05, 0.01, "job_runs", func(j *jobRun) float64 { return j.memory }},
		{"disk_peak", "highest disk", "ratio", change.Plain, 0.05, 0.01, "job_runs", func(j *jobRun) float64 { return j.disk }},
	}
}

func seconds(from, to time.Time) float64 {
	if from.IsZero() || !to.After(from) {
		return math.NaN()
	}
	return to.Sub(from).Seconds()
}

// trial is a number of the runs of one family.
type trial struct {
	change.Runs
	followedRun
	jobs []*jobRun // of each run; nil of a pipeline
	line *pipeline
	at   []time.Time // when each ended
}

// makeTrials makes the numbers of all families. Runs that did not complete are
// not compared: they were cut short.
func (n *nightReader) makeTrials() {
	for i := 0; i < len(n.jobs); {
		end := i
		for end < len(n.jobs) && n.jobs[end].like(n.jobs[i]) {
			end++
		}
		n.familyTrials(n.jobs[i:end])
		i = end
	}
	for _, p := range n.lines {
		n.trials = append(n.trials, p.trials(n)...)
	}
}

// familyTrials are those of one family, from the oldest night on.
func (n *nightReader) familyTrials(all []*jobRun) {
	var runs []*jobRun
	for _, j := range all {
		if j.ended.IsZero() || j.ended.Before(n.o.start()) || !j.ended.Before(n.o.End) {
			continue
		}
		j.compared = len(runs)
		if j.is(jobCompleted) {
			runs = append(runs, j)
		}
	}
	if !slices.ContainsFunc(runs, n.tellsJob) {
		return
	}
	for _, f := range n.followedRuns() {
		t := trial{Runs: change.Runs{Scale: f.scale, Floor: f.floor, Noise: f.noise}, followedRun: f, jobs: runs}
		for _, j := range runs {
			t.Values, t.Night, t.at = append(t.Values, f.value(j)), append(t.Night, n.nightOf(j.ended)), append(t.at, j.ended)
		}
		n.trials = append(n.trials, t)
	}
}

// nightOf is the night that shows a moment, from the oldest.
func (n *nightReader) nightOf(at time.Time) int { return int(at.Sub(n.o.start()) / nightLength) }

// tellsJob says whether a job is told of in this night: it ended in the day, or
// in the days before and its data came only now, while earlier runs were there.
func (n *nightReader) tellsJob(j *jobRun) bool {
	if !j.wanted || j.ended.IsZero() || !j.ended.Before(n.o.End) {
		return false
	}
	if !j.ended.Before(n.o.begin()) {
		return true
	}
	if j.ended.Before(n.o.begin().Add(-mostLate)) || n.arrivals[j.key].IsZero() {
		return false
	}
	return slices.ContainsFunc(n.jobs, func(o *jobRun) bool { return o.like(j) && n.arrivals[o.key].IsZero() })
}

// tellRun adds what was found of a run to its job or pipeline.
func (n *nightReader) tellRun(s change.RunShift) {
	t := &n.trials[s.Runs]
	c := finding.Change{
		Metric: t.name, Label: t.label, Kind: finding.ChangeLevel, Worse: s.Effect > 0, Better: s.Effect < 0,
		From: t.at[s.Run], Before: finding.Number(s.Before), After: finding.Number(s.After), Unit: t.unit,
		Effect: finding.Number(s.Effect), Lo: finding.Number(s.Lo), Hi: finding.Number(s.Hi), Relative: t.scale == change.Ratio,
		Q: finding.Number(s.Q), N: 1, Compared: s.Compared, Query: t.query,
	}
	if t.name == "cpu_busy" {
		c.Worse, c.Better = false, false
	}
	c.Title = runTitle(t, s)
	switch {
	case t.line != nil && t.line.tells(n, t.at[s.Run]):
		t.line.changes = append(t.line.changes, c)
	case t.jobs != nil && n.tellsJob(t.jobs[s.Run]):
		j := t.jobs[s.Run]
		j.changes = append(j.changes, c)
	}
}

// runTitle says a change of a run in a sentence.
func runTitle(t *trial, s change.RunShift) string {
	if t.scale == change.Plain {
		return fmt.Sprintf("%s was %s, before %s", t.label, amount(s.After, t.unit), amount(s.Before, t.unit))
	}
	return fmt.Sprintf("%s took %s, before %s (%s)", t.label, lasting(s.After, t.unit), lasting(s.Before, t.unit), relative(s.Effect, s.Lo, s.Hi))
}

// lasting prints seconds as people say them.
func lasting(v float64, unit string) string {
	switch {
	case unit != "s":
		return amount(v, unit)
	case v >= 2*3600:
		return number(v/3600) + " h"
	case v >= 120:
		return number(v/60) + " min"
	}
	return number(v) + " s"
}
