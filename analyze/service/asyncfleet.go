package service

import (
	"cmp"
	"fmt"
	"math"

	"sizewise/analyze/finding"
	"sizewise/analyze/measure"
	"sizewise/analyze/stat"
)

const (
	defaultAge = 300  // seconds that the oldest request may wait in the fleet that is named, without an SLO
	mostFleet  = 1000 // instances that a fleet is looked for among
	fleetRows  = 5    // fleets that are set beside each other
	lastLoad   = 15   // minutes at the end whose arrivals a fleet has to keep up with
	blankLimit = 0.1  // share of the minutes that may say nothing of what came
)

// replayed is how a fleet would have fared with the requests that came.
type replayed struct {
	oldest float64 // age of the oldest request at most, seconds
	over   float64 // seconds in which it was above the target
}

// targetAge is what the oldest request may wait, in seconds.
func (a *async) targetAge() float64 { return cmp.Or(a.d.MaxAge, defaultAge) }

// fleet says how many instances would have kept the oldest request below the
// target: the requests that came are queued before fleets of one size after
// another, each of which does per instance what an instance did under backlog.
func (a *async) fleet() {
	n := named("instances_needed", "instances that keep the oldest request under "+took(a.targetAge()), "instances", "")
	left := named("drain_needed_s", "time to work off with them what is left", unitSeconds, finding.Lower)
	each := estimate(a.measures, "capacity_rps_per_instance")
	why := ""
	switch came := published(a.arrivals()); {
	case len(published(a.processed)) == 0:
		why = "InvocationsProcessed was not published."
	case !a.episode():
		why = "The queue was never backed up, so what an instance does at most was not seen."
	case !known(each) || !(each.Lo > 0):
		why = "What an instance does under backlog cannot be told: " + each.Why
	case float64(len(came)) < (1-blankLimit)*float64(a.n):
		why = fmt.Sprintf("What came is known for %d of %d minutes only.", len(came), a.n)
	}
	if why != "" {
		a.measures = append(a.measures, n.Refused(why), left.Refused(why))
		return
	}
	last := a.lastArrivals()
	middle, most, least := a.needed(float64(each.Value), last.Value), a.needed(float64(each.Lo), last.Hi), a.needed(float64(each.Hi), last.Lo)
	if middle == 0 || most == 0 || least == 0 {
		why = fmt.Sprintf("More than %s instances would be needed, beyond what was seen by far.", amount(mostFleet))
		a.measures = append(a.measures, n.Refused(why), left.Refused(why))
		return
	}
	iv := stat.Interval{Value: float64(middle), Lo: float64(least), Hi: float64(most)}
	m := n.Within(iv, a.n, "replay", fmt.Sprintf("The requests that came, minute by minute, before fleets of %s requests/s an instance; fewer let the oldest wait longer, or fall behind what came in the last %d minutes. Plan for the upper end.",
		ranged(each, amount), lastLoad))
	m.Estimate.Status = finding.Extrapolated
	if now := lastOf(a.instances); now > 0 {
		m.Estimate.Current = finding.Number(math.Round(now))
	}
	a.measures = append(a.measures, m, a.drainWith(left, most, each))
	a.parts = a.fleets(each, most)
}

// needed is the smallest fleet that keeps the target and does more than came last,
// in requests per second; 0 for none.
func (a *async) needed(each, last float64) int {
	for n := max(1, int(math.Ceil(last/each))); n <= mostFleet; n++ {
		if float64(n)*each > last && a.replay(float64(n)*each).oldest <= a.targetAge() {
			return n
		}
	}
	return 0
}

// lastArrivals are the requests per second that came at the end.
func (a *async) lastArrivals() stat.Interval {
	x := published(a.arrivals())
	x = x[max(0, len(x)-int(lastLoad*60/a.seconds())):]
	return stat.BatchMeans(x, min(5, len(x)), measure.Confidence)
}

// replay queues what came before a fleet that does so many requests per second.
// A request that comes last waits for all before it.
func (a *async) replay(able float64) replayed {
	var out replayed
	queue := zeroIfNaN(a.backlog[0])
	for _, came := range a.arrivals() {
		queue = max(0, queue+(zeroIfNaN(came)-able)*a.seconds())
		age := queue / able
		out.oldest = max(out.oldest, age)
		if age > a.targetAge() {
			out.over += a.seconds()
		}
	}
	return out
}

// drainWith is in what time so many instances work off what is left.
func (a *async) drainWith(n measure.Name, fleet int, each *finding.Estimate) finding.Measure {
	left := lastOf(a.backlog)
	if a.goneAt >= 0 || left <= a.gone() {
		return n.Refused("Nothing is left of the backlog.")
	}
	came, able := a.lastArrivals(), float64(fleet)
	spare := func(each, came float64) float64 { return able*each - came }
	iv := stat.Interval{Value: left / spare(float64(each.Value), came.Value), Lo: left / spare(float64(each.Hi), came.Lo), Hi: left / spare(float64(each.Lo), came.Hi)}
	if !(spare(float64(each.Lo), came.Hi) > 0) {
		return n.Refused(fmt.Sprintf("With %d instances the backlog shrinks too little, against how evenly requests come, to tell.", fleet))
	}
	m := n.Within(iv, lastLoad, "formula", fmt.Sprintf("%s requests / (%d x %s requests/s - %s that came in the last %d minutes).",
		amount(left), fleet, amount(float64(each.Value)), amount(came.Value), lastLoad))
	m.Estimate.Status = finding.Extrapolated
	return m
}

// fleets are those from what ran to what is needed, side by side.
func (a *async) fleets(each *finding.Estimate, most int) []finding.Part {
	from := max(1, most-fleetRows+1)
	if now := lastOf(a.instances); now >= 1 && int(math.Round(now)) > from {
		from = min(int(math.Round(now)), most)
	}
	var out []finding.Part
	for n := from; n <= most+1; n++ {
		mid, slow, fast := a.replay(float64(n)*float64(each.Value)), a.replay(float64(n)*float64(each.Lo)), a.replay(float64(n)*float64(each.Hi))
		why := "Replayed at what an instance does under backlog, its interval's ends at those of that."
		of := func(name, label string, value, lo, hi float64) finding.Measure {
			m := named(name, label, unitSeconds, finding.Lower).Within(stat.Interval{Value: value, Lo: lo, Hi: hi}, a.n, "replay", why)
			m.Estimate.Status = finding.Extrapolated
			return m
		}
		out = append(out, finding.Part{Kind: "fleet", Name: plural(float64(n), "instance", "instances"), Measures: []finding.Measure{
			of("oldest_s", "oldest request, at most", mid.oldest, fast.oldest, slow.oldest),
			of("over_s", "time above "+took(a.targetAge()), mid.over, fast.over, slow.over),
		}})
	}
	return out
}
