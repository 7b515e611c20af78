package capacity

import (
	"math"
	"time"

	"sizewise/analyze/finding"
)

// leastReplay is how many minutes of traffic a replay is worth it for: the low
// alarm alone needs fifteen.
const leastReplay = 30

// longestReplay is how many minutes are replayed: as many as CloudWatch keeps.
const longestReplay = 455 * 24 * 60

// zoneSpread is the least that a policy is recommended to keep: one instance in
// each of two zones. Source: SageMaker Developer Guide, "Best practices for
// deploying models on SageMaker AI Hosting Services".
const zoneSpread = 2

// replays puts the traffic of the window to the current fleet, the recommended
// policy and the recommended fleet. Nil when there was no traffic.
func (a *analysis) replays() *finding.Replay {
	if len(a.steps) == 0 {
		return nil
	}
	peak, _ := a.peak()
	b := a.budget()
	out := &finding.Replay{Status: finding.Unanswerable, LimitRPS: finding.Missing(), StartS: finding.Missing(), Fleets: []finding.ReplayedFleet{}}
	if a.span() > longestReplay {
		out.Why = "The window is longer than CloudWatch keeps metrics."
		return out
	}
	traffic, fleet := a.traffics()
	for _, requests := range traffic {
		if !math.IsNaN(requests) {
			out.Minutes++
		}
	}
	switch {
	case !b.ok || !known(peak):
		out.Why = a.noBudget()
		return out
	case out.Minutes < leastReplay:
		out.Why = sprintf("%d minutes of traffic are too short a time to replay, %d needed.", out.Minutes, leastReplay)
		return out
	}
	count := int(float64(a.fleetFor(b, peak).Instances))
	current, why := a.currentPolicy()
	start := a.startTime(traffic, fleet)
	out.Status, out.LimitRPS, out.Limit = finding.Extrapolated, finding.Number(b.rate), b.origin
	out.StartS, out.StartMeasured, out.Starts = finding.Number(60*start.minutes), start.starts > 0, start.starts
	out.Why = a.replayWhy(b)
	run := func(name string, p policy) {
		out.Fleets = append(out.Fleets, a.replayedFleet(name, p, replay(traffic, p, start.minutes, b.rate)))
	}
	if why == "" {
		run(finding.CurrentFleet, current)
	} else {
		out.Fleets = append(out.Fleets, notReplayed(finding.CurrentFleet, why))
	}
	if target := a.answers.AutoscalingTarget; target.Value.Known() && target.Value > 0 {
		run(finding.RecommendedPolicy, a.recommendedPolicy(float64(target.Value), count, a.load(peak)))
	}
	run(finding.RecommendedFleet, policy{Min: count, Max: count})
	return out
}

// traffics are requests and instances of each minute of the window. Wider buckets
// are spread evenly over their minutes. A bucket in which only requests are
// missing had none; one in which all is missing is not known.
func (a *analysis) traffics() (requests, fleet []float64) {
	first, n := a.minutes[0].Start, a.span()
	requests, fleet = make([]float64, n), make([]float64, n)
	for i := range requests {
		requests[i], fleet[i] = math.NaN(), math.NaN()
	}
	for i := range a.minutes {
		m := &a.minutes[i]
		from, wide := int(m.Start.Sub(first)/time.Minute), max(1, int(m.Seconds/60))
		each := m.Invocations / float64(wide)
		if !known(each) && (known(m.Reporting) || known(m.CPU)) {
			each = 0
		}
		for t := from; t < min(n, from+wide); t++ {
			requests[t], fleet[t] = each, a.buckets[i].k
		}
	}
	return requests, fleet
}

// span is how many minutes there are from the first bucket to the last.
func (a *analysis) span() int {
	last := &a.minutes[len(a.minutes)-1]
	return int(last.Start.Add(seconds(last.Seconds)).Sub(a.minutes[0].Start) / time.Minute)
}

// currentPolicy is what runs now, or why that cannot be replayed.
func (a *analysis) currentPolicy() (policy, string) {
	s := a.in.Scaling
	if s.Registered && len(s.Policies) > 0 {
		p, why := s.replayable()
		return p, why
	}
	k := int(a.now())
	t := a.describeTested()
	switch {
	case k == 0:
		return policy{}, "how many instances run now is not known"
	case !s.Asked && t.InstancesMin < t.InstancesMax:
		return policy{}, "the number of instances changed, and whether a policy did it is not known: Application Auto Scaling was not asked"
	}
	return policy{Min: k, Max: k}, ""
}

// recommendedPolicy keeps the lower bound of the policy that there is.
// With the safety of its target it may need more instances at the peak than a
// fixed fleet.
func (a *analysis) recommendedPolicy(target float64, count int, load float64) policy {
	least := zoneSpread
	if a.in.Scaling.Registered && a.in.Scaling.Min > 0 {
		least = a.in.Scaling.Min
	}
	return policy{Target: target, Min: min(least, count), Max: max(count, int(math.Ceil(60*load/target-1e-9))), ScaleInCooldown: defaultCooldown / 60}
}

func (a *analysis) replayedFleet(name string, p policy, r replayed) finding.ReplayedFleet {
	out := finding.ReplayedFleet{
		Name: name, Target: finding.Missing(), Min: finding.Number(p.Min), Max: finding.Number(p.Max),
		MinutesOver: finding.Number(r.over), InstanceHours: finding.Number(r.instanceHours()), MostInstances: finding.Number(r.most()),
		CostUSD: finding.Missing(),
	}
	if p.Target > 0 {
		out.Target = finding.Number(p.Target)
	}
	if a.in.Price.Known {
		out.CostUSD = finding.Number(a.usd() * r.instanceHours())
	}
	return out
}

func notReplayed(name, why string) finding.ReplayedFleet {
	n := finding.Missing()
	return finding.ReplayedFleet{Name: name, Target: n, Min: n, Max: n, MinutesOver: n, InstanceHours: n, MostInstances: n, CostUSD: n, Why: why}
}

// highestMinute is the fleet's highest rate of a minute.
func (a *analysis) highestMinute() float64 {
	top := 0.0
	for i := range a.minutes {
		if v := a.minutes[i].Invocations / a.minutes[i].Seconds; v > top {
			top = v
		}
	}
	return top
}

// sizedPeak is the peak that the fleet is sized for.
func (a *analysis) sizedPeak() float64 {
	peak, _ := a.peak()
	return peak
}

// replayWhy says what a replay rests on.
func (a *analysis) replayWhy(b budget) string {
	end := "the lower end"
	if b.bound {
		end = "the lower bound"
	}
	why := sprintf("The requests of each minute, as they came; a minute is over when an instance gets more than %s requests/s, %s of the %s.", figure(b.rate), end, b.origin)
	if width := a.minutes[0].Seconds; width > 60 {
		why += sprintf(" They are known in steps of %.0f minutes only: bursts within are not seen.", width/60)
	}
	if top, peak := a.highestMinute(), a.load(a.sizedPeak()); top > 1.02*peak {
		why += sprintf(" The traffic went up to %s requests/s, beyond the %s that the recommended fleet is for.", figure(top), figure(peak))
	}
	if a.closedLoop {
		why += " The clients waited for answers: another fleet would have been sent other requests."
	}
	return why
}
