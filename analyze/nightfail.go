package analyze

import (
	"fmt"
	"slices"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/finding"
)

// told is a change that is said by SageMaker and not by a test.
func told(kind finding.ChangeKind, metric, label, title string, at time.Time, query string) finding.Change {
	none := finding.Missing()
	return finding.Change{
		Metric: metric, Label: label, Kind: kind, Title: title, From: at,
		Before: none, After: none, Effect: none, Lo: none, Hi: none, Q: none, N: 1, Query: query,
	}
}

// tellFailures tells of runs that failed or were stopped, and of those on
// another instance type than the one before.
func (n *nightReader) tellFailures() {
	for i, j := range n.jobs {
		if !n.tellsJob(j) {
			continue
		}
		var before []*jobRun
		for k := i - 1; k >= 0 && n.jobs[k].like(j); k-- {
			if !n.jobs[k].ended.IsZero() {
				before = append(before, n.jobs[k])
			}
		}
		if c, ok := failure(j, before); ok {
			j.changes = append(j.changes, c)
		}
		if len(before) > 0 && before[0].instanceType != j.instanceType && before[0].instanceType != "" && j.instanceType != "" {
			c := told(finding.ChangeFact, "instance_type", "instance type",
				fmt.Sprintf("instance type changed from %s to %s", before[0].instanceType, j.instanceType), j.started, "job_runs")
			c.Lasting, c.Compared = true, len(before)
			j.changes = append(j.changes, c)
		}
		j.changes = settle(oneCost(j.changes))
	}
	for _, p := range n.lines {
		p.changes = settle(append(p.changes, p.failures(n)...))
	}
}

// failure tells of a run that did not complete, and how those before it ended.
func failure(j *jobRun, before []*jobRun) (finding.Change, bool) {
	failed := 0
	for _, b := range before {
		if b.is(jobFailed) {
			failed++
		}
	}
	after := ""
	if s := seconds(j.started, j.ended); s == s {
		after = " after " + lasting(s, "s")
	}
	history := "no run of it before is known"
	if len(before) > 0 {
		history = fmt.Sprintf("of the %s before, %d failed", countOf(len(before), "run"), failed)
	}
	switch {
	case j.is(jobFailed):
		reason := j.reason
		if reason == "" {
			reason = "SageMaker gives no reason"
		}
		c := told(finding.ChangeFailure, "status", "status", fmt.Sprintf("failed%s: %s; %s", after, reason, history), j.ended, "job_runs")
		c.Worse, c.Compared = true, len(before)
		return c, true
	case j.is(jobStopped):
		c := told(finding.ChangeFact, "status", "status", fmt.Sprintf("was stopped%s; %s", after, history), j.ended, "job_runs")
		c.Compared = len(before)
		return c, true
	}
	return finding.Change{}, false
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// oneCost makes one change of a run that took longer and so was billed more.
func oneCost(all []finding.Change) []finding.Change {
	i := slices.IndexFunc(all, func(c finding.Change) bool { return c.Metric == "duration" })
	k := slices.IndexFunc(all, func(c finding.Change) bool { return c.Metric == "instance_time" })
	if i < 0 || k < 0 || all[i].Worse != all[k].Worse {
		return all
	}
	all[i].Title += fmt.Sprintf("; billed %s, before %s", lasting(float64(all[k].After), "s"), lasting(float64(all[k].Before), "s"))
	return slices.Delete(all, k, k+1)
}

// runSubjects are the jobs that have something to tell of, or were asked for by
// name, and the pipelines.
func (n *nightReader) runSubjects() []finding.NightSubject {
	var out []finding.NightSubject
	for _, j := range n.jobs {
		if n.tellsJob(j) || j.named {
			out = append(out, n.jobSubject(j))
		}
	}
	for _, p := range n.lines {
		out = append(out, p.subject(n))
	}
	return out
}

func (n *nightReader) jobSubject(j *jobRun) finding.NightSubject {
	s := finding.NightSubject{
		Subject: j.key, Account: j.account, Region: j.region, Status: finding.NightQuiet, Since: n.o.begin(), Changes: j.changes,
		Run: &finding.NightRun{Family: j.family, Rule: j.rule, Status: j.status, Ended: j.ended, Compared: j.compared},
	}
	switch {
	case len(j.changes) > 0:
		s.Status = finding.NightChanged
	case j.ended.IsZero() || !j.ended.Before(n.o.End):
		s.Why = "has not ended: " + j.status
	case !n.tellsJob(j):
		s.Status, s.Why = finding.NightAbsent, "ended at "+j.ended.Format(time.RFC3339)+", not in this day"
	default:
		s.Status, s.Why = comparable(s.Run)
	}
	return s
}

// notComparable says why runs are not compared.
func notComparable(r *finding.NightRun) string {
	return fmt.Sprintf("not comparable: %d of %d earlier runs of %s (%s)", r.Compared, change.LeastRuns, r.Family, r.Rule)
}
