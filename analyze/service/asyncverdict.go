package service

import (
	"fmt"
	"strings"

	"sizewise/analyze/finding"
)

func (a *async) verdict() finding.Verdict {
	grows := a.findGrowth()
	a.findEpisode(grows)
	a.findDropped()
	a.findNoCapacity()
	drain, age := estimate(a.measures, "drain_s"), estimate(a.measures, "backlog_age_s")
	var summary string
	switch {
	case grows:
		summary = fmt.Sprintf("More requests come than are done: the backlog stood at %s and was growing when the window ended", amount(lastOf(a.backlog)))
	case !a.episode():
		summary = fmt.Sprintf("The queue kept up: never more than %s requests waited", amount(a.peak))
	case a.goneAt >= 0:
		summary = fmt.Sprintf("A backlog of up to %s requests was worked off in %s", amount(a.peak), took(float64(drain.Value)))
	case known(drain):
		summary = fmt.Sprintf("The backlog reached %s requests and would be worked off in another %s", amount(a.peak), ranged(drain, took))
	default:
		summary = fmt.Sprintf("The backlog reached %s requests, and when it will be worked off cannot be told", amount(a.peak))
	}
	if known(age) {
		summary += fmt.Sprintf("; the oldest request had waited %s", took(float64(age.Value)))
	}
	if need := estimate(a.measures, "instances_needed"); a.episode() && known(need) {
		summary += fmt.Sprintf("; %s would have kept that under %s", plural(float64(need.Hi), "instance", "instances"), took(a.targetAge()))
	}
	return finding.Verdict{Status: a.finds.judged(), Summary: summary + ".", Reasons: a.finds.reasons()}
}

// fleetNeeded says how many instances would have kept up, or why that cannot be
// told.
func (a *async) fleetNeeded() string {
	need, left := estimate(a.measures, "instances_needed"), estimate(a.measures, "drain_needed_s")
	if !known(need) {
		return "How many instances would have kept the oldest request under " + took(a.targetAge()) + " cannot be told: " + need.Why
	}
	now := ""
	if need.Current.Known() {
		now = fmt.Sprintf(", where %.0f ran at the end", float64(need.Current))
	}
	text := fmt.Sprintf("With %s the oldest request would have waited less than %s%s: the requests that came, replayed.", plural(float64(need.Hi), "instance", "instances"), took(a.targetAge()), now)
	if known(left) {
		text += fmt.Sprintf(" What is left would be worked off with them in %s, were as many to come as in the last %d minutes.", ranged(left, took), lastLoad)
	}
	return text
}

// findGrowth tells of a queue that is still growing.
func (a *async) findGrowth() bool {
	drain := estimate(a.measures, "drain_s")
	if !a.grows {
		return false
	}
	evidence := []string{drain.Why}
	if came, did := estimate(a.measures, "arrival_rps"), estimate(a.measures, "capacity_rps"); known(did) {
		evidence = append(evidence, fmt.Sprintf("Under backlog the endpoint does %s requests/s; over the window %s came.", ranged(did, amount), ranged(came, amount)))
	}
	evidence = append(evidence, a.fleetNeeded(), "Add instances, or scale on ApproximateBacklogSizePerInstance with a maximum that covers the peak.")
	a.finds.add("async_backlog_grows", finding.Critical, querySeries, "The backlog grows: more requests come than the instances can do.", evidence...)
	return true
}

func (a *async) findEpisode(grows bool) {
	if grows || !a.episode() {
		return
	}
	from := a.peakAt
	for from > 0 && !(a.backlog[from] <= a.gone()) {
		from--
	}
	evidence := []string{fmt.Sprintf("It grew from %s and was largest at %s, with %s requests.", clock(a.at(from)), clock(a.at(a.peakAt)), amount(a.peak))}
	if did := estimate(a.measures, "capacity_rps"); known(did) {
		evidence = append(evidence, fmt.Sprintf("With the instances that ran, the endpoint does %s requests/s; while the queue grew, more came.", ranged(did, amount)))
	}
	if wait := estimate(a.measures, "wait_share"); known(wait) {
		evidence = append(evidence, fmt.Sprintf("Over the window %s of the time from request to answer was waiting.", ranged(wait, share)))
	}
	evidence = append(evidence, a.fleetNeeded())
	a.finds.add("async_backlog", finding.Warning, querySeries,
		fmt.Sprintf("Requests came faster than they were done, until %s waited.", amount(a.peak)), evidence...)
}

func (a *async) findDropped() {
	for _, c := range []struct{ measure, title, advice string }{
		{"expired_ratio", "%s of the requests expired in the queue: nobody got their answers.", "Add instances, or raise InvocationTimeoutSeconds and RequestTTLSeconds of the calls."},
		{"failure_ratio", "The invocation of %s of the requests failed.", "The container's log says why: see the messages below."},
		{"download_failure_ratio", "The input of %s of the requests could not be downloaded.", "Look at the execution role's rights to the input bucket, and at objects that are deleted before their turn comes."},
		{"upload_failure_ratio", "The answer of %s of the requests could not be uploaded.", "Look at the execution role's rights to the output bucket."},
	} {
		e := estimate(a.measures, c.measure)
		if !above(e, 0) || e.Value < 1e-3 {
			continue
		}
		severity := finding.Warning
		if above(e, 0.01) {
			severity = finding.Critical
		}
		a.finds.add("async_failures", severity, querySeries, fmt.Sprintf(c.title, ranged(e, share)), e.Why, c.advice)
		a.finds[len(a.finds)-1].ID += "_" + strings.TrimSuffix(c.measure, "_ratio")
	}
}

func (a *async) findNoCapacity() {
	if e := estimate(a.measures, "no_capacity_share"); above(e, 0) {
		a.finds.add("async_no_capacity", finding.Warning, querySeries,
			fmt.Sprintf("Requests waited while no instance was in service, %s of the time.", ranged(e, share)), e.Why,
			"An endpoint that scales to zero needs a step policy on HasBacklogWithoutCapacity to start again at once.")
	}
}

func (a *async) charts() []finding.Chart {
	queue := finding.Chart{
		Name: "backlog", Title: "The backlog", Axis: "requests that wait or are being handled", Query: querySeries,
		Lines: []finding.ChartLine{a.line("backlog", a.backlog, 1, true)},
		Read:  "A queue that keeps up stays near the bottom; a straight climb means that more comes than is done, a straight fall that the rest is being worked off.",
	}
	rates := finding.Chart{
		Name: "rates", Title: "What came and what was done", Axis: "requests/s", Query: querySeries,
		Lines: []finding.ChartLine{a.line("came", a.arrivals(), 1, false), a.line("done", orZero(a.processed), 1/a.seconds(), true)},
		Read:  "While both lines lie on each other the queue keeps up; between them lies what the backlog grows by.",
	}
	if e := estimate(a.measures, "capacity_rps"); known(e) {
		rates.Limits = []finding.ChartLimit{{Name: "capacity", Y: float64(e.Value)}}
		queue.Limits = []finding.ChartLimit{{Name: took(a.targetAge()) + " of work", Y: a.targetAge() * float64(e.Value)}}
		queue.Read += " Above the dashed line the last in the queue waits longer than " + took(a.targetAge()) + "."
	}
	if len(published(a.processed)) == 0 {
		rates.Absent = "What was done was not published."
	}
	age := finding.Chart{
		Name: "age", Title: "Age of the oldest request", Axis: "age of the oldest request, s", Query: querySeries,
		Lines: []finding.ChartLine{a.line("oldest request", a.age, 1, true)},
		Read:  "This is how long the next request in line has waited; compare it with what callers put up with; the dashed line is what fleets are sized for here.",
	}
	age.Limits = []finding.ChartLimit{{Name: took(a.targetAge()), Y: a.targetAge()}}
	if len(published(a.age)) == 0 {
		age.Absent = "The age of the oldest request was not published."
	}
	return []finding.Chart{queue, rates, age}
}
