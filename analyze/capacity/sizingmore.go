package capacity

import (
	"math"
	"strings"

	"sizewise/analyze/finding"
)

const (
	assumedZones   = 2    // where they are not known: the fewest that keep an endpoint alive
	startSafety    = 0.5  // where nothing was measured. Source: AWS, SageMaker Developer Guide, "Load testing your auto scaling configuration"
	leastSafety    = 0.5  // of the rate of an instance, at which instances are added, at least
	mostSafety     = 0.9  // and at most
	leastTraffic   = 1440 // minutes of traffic that show how fast it grows: a day has a peak
	widestForCount = 0.15 // of the rate, between its lower end and its point, beyond which a count is not named
)

// tooWide reports whether the interval of the rate leaves a number of instances
// open by more than one, and by more than a fleet of any size is planned to.
func tooWide(b budget, point, lower float64) bool {
	return lower-point > 1 && b.rate < (1-widestForCount)*b.point
}

// betweenCounts says why no number is named.
func (a *analysis) betweenCounts(b budget, e finding.Estimate) string {
	return sprintf("Between %.0f and %.0f: the %s is known to lie between %s and %s requests/s per instance, too wide apart to say which; %.0f are enough. A load test to %s requests/s per instance would settle it.",
		float64(e.Lo), float64(e.Hi), b.origin, figure(b.rate), figure(a.bestRate()), float64(e.Hi), figure(1.1*b.point))
}

// besides is what else the number of instances depends on, nil without a rate.
func (a *analysis) besides(b budget, peak float64, safety finding.Estimate) *finding.Sizing {
	if !b.ok || !known(peak) {
		return nil
	}
	s := &finding.Sizing{Zones: a.in.Zones, Safety: safety, OneLess: finding.Missing(), Flips: []finding.Flip{}}
	if s.Zones == 0 {
		s.Zones, s.ZonesAssumed = assumedZones, true
	}
	s.ZoneLoss = a.zoneLoss(b, peak, s.Zones, s.ZonesAssumed)
	if count := float64(a.answers.Instances.Value); a.answers.Instances.Status != finding.Unanswerable && count >= 1 {
		if count > 1 {
			s.OneLess = finding.Number(a.load(peak) / ((count - 1) * b.rate))
		}
		s.Flips = a.flips(b, peak, count)
		s.WouldChange = wouldChange(s, b, count)
	}
	return s
}

// zoneLoss is the least number of instances, spread evenly over the zones, of
// which those outside the fullest zone carry the peak within the rate's lower
// end, without the reserve.
func (a *analysis) zoneLoss(b budget, peak float64, zones int, assumed bool) finding.Estimate {
	e := refused("instances", "")
	e.Query, e.Current = a.rowsOf(b), a.answers.Instances.Current
	n := a.answers.Instances
	switch {
	case n.Status == finding.Unanswerable:
		e.Why = "No number of instances to begin with: " + lowerFirst(n.Why)
		return e
	case zones == 1:
		e.Why = "All instances are in one zone, and with it the endpoint is lost."
		return e
	}
	load, count := a.load(peak), int(n.Value)
	lost := func(n int) int { return (n + zones - 1) / zones }
	for float64(count-lost(count))*b.rate < load-1e-9 {
		count++
	}
	left := count - lost(count)
	digitsOf := enoughDigits(func(round func(float64) float64) bool {
		return float64(left)*round(b.rate) >= round(load)-1e-9
	})
	e.Status, e.Method, e.N, e.Confidence = finding.Extrapolated, "formula", 1, b.confidence
	e.Value, e.Lo, e.Hi = finding.Number(count), finding.Number(count), finding.Number(count)
	e.Formula = sprintf("%d in %d zones lose %d; %d × %s = %s, the load is %s", count, zones, lost(count), left, digits(b.rate, digitsOf), digits(float64(left)*b.rate, digitsOf), digits(load, digitsOf))
	e.Why = sprintf("With one of %d zones lost, the others carry the peak without the reserve, by the lower end of the %s.", zones, b.origin)
	if assumed {
		e.Why += sprintf(" That the instances are in %d zones is assumed: --zones says how many.", zones)
	}
	return e
}

// safety is the share of an instance's rate at which target tracking has to add
// instances: what the traffic of the window grew by, at most, while a new
// instance would have been on its way, is left free.
func (a *analysis) safety(b budget) finding.Estimate {
	e := refused("ratio", "")
	e.Query = "instance_count"
	if !b.ok || len(a.minutes) == 0 || a.span() > longestReplay {
		e.Why = a.noBudget()
		return e
	}
	e.Method = "burst"
	traffic, fleet := a.traffics()
	start := a.startTime(traffic, fleet)
	lag := publishLag + pointsHigh + start.minutes
	growth, n := fastest(traffic, fleet, lag)
	e.N = n
	if n < leastTraffic || a.closedLoop || !(growth >= 0) {
		e.Value = startSafety
		e.Why = sprintf("How fast the traffic grows while instances start was not measured, for which it takes a day of it: %s is what AWS starts at.", twoDigits(startSafety))
		return e
	}
	e.Status = finding.Extrapolated
	share := math.Floor(100*(1-growth/b.rate)) / 100
	e.Value = finding.Number(min(mostSafety, max(leastSafety, share)))
	e.Lo, e.Hi = e.Value, e.Value
	e.Formula = sprintf("1 - %s / %s = %s", figure(growth), figure(b.rate), twoDigits(share))
	if share != float64(e.Value) {
		e.Formula += sprintf(", held to %s to %s: %s", twoDigits(leastSafety), twoDigits(mostSafety), twoDigits(float64(e.Value)))
	}
	how := "assumed"
	if start.starts > 0 {
		how = "measured"
	}
	e.Why = sprintf("In %d minutes an instance's traffic grew by at most %s requests/s: %d until the point is published, %d for the alarm, %d for the start (%s).",
		lag, figure(growth), publishLag, pointsHigh, start.minutes, how)
	return e
}

// fastest is the largest growth of the traffic within lag minutes, requests/s of
// an instance of the fleet that there was before, and how many minutes tell.
func fastest(traffic, fleet []float64, lag int) (growth float64, minutes int) {
	for t, before := range traffic {
		if !known(before) {
			continue
		}
		minutes++
		for s := t + 1; s <= min(t+lag, len(traffic)-1); s++ {
			if more := (traffic[s] - before) / 60 / fleet[t]; more > growth {
				growth = more
			}
		}
	}
	return growth, minutes
}

// flips are the values of each input of the formula beyond which another number
// of instances is right.
func (a *analysis) flips(b budget, peak, count float64) []finding.Flip {
	load, target := a.load(peak), a.in.TargetUtilization
	holds := count * b.rate * target // the load that count instances may have
	add := func(out []finding.Flip, input string, now, at float64, above bool, n float64) []finding.Flip {
		if !(at > 0) || !known(at) {
			return out
		}
		return append(out, finding.Flip{Input: input, Now: finding.Number(now), At: finding.Number(at), Above: above, Instances: finding.Number(n)})
	}
	var out []finding.Flip
	if count > 1 {
		fewer := count - 1
		out = add(out, "peak_rps", peak, fewer*b.rate*target/(1+a.in.Growth), false, fewer)
		out = add(out, "rps_per_instance", b.rate, load/(fewer*target), true, fewer)
		if share := load / (fewer * b.rate); share <= 1 {
			out = add(out, "target_utilization", target, share, true, fewer)
		}
	}
	out = add(out, "peak_rps", peak, holds/(1+a.in.Growth), true, count+1)
	out = add(out, "rps_per_instance", b.rate, load/(count*target), false, count+1)
	return add(out, "work_per_request", 1, holds/load, true, count+1)
}

// wouldChange says the flips in words.
func wouldChange(s *finding.Sizing, b budget, count float64) string {
	var parts []string
	if s.OneLess.Known() {
		carries := "without the reserve"
		if s.OneLess > 1 {
			carries = "more than it can be counted on"
		}
		parts = append(parts, sprintf("%.0f would be loaded to %s of the lower end, %s", count-1, percent(float64(s.OneLess)), carries))
	}
	for _, f := range s.Flips {
		at, n := float64(f.At), float64(f.Instances)
		switch {
		case f.Input == "peak_rps" && !f.Above:
			parts = append(parts, sprintf("a peak below %s requests/s makes %.0f enough", apart(at, float64(f.Now)), n))
		case f.Input == "peak_rps" && at > 1.005*float64(f.Now):
			parts = append(parts, sprintf("a peak above %s needs %.0f", apart(at, float64(f.Now)), n))
		case f.Input == "rps_per_instance" && f.Above && at < b.point:
			parts = append(parts, sprintf("a test that shows an instance to take %s requests/s at least makes %.0f enough", apart(at, float64(f.Now)), n))
		case f.Input == "work_per_request" && at > 1.005 && at < 2:
			parts = append(parts, sprintf("requests that cost %s more need %.0f", percent(at-1), n))
		case f.Input == "target_utilization" && at-float64(f.Now) > .005:
			parts = append(parts, sprintf("a target utilization of %s makes %.0f enough", percent(at+.0005), n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return sentence(strings.Join(parts, "; "))
}

// apart prints v with as many digits as show that it is not other.
func apart(v, other float64) string {
	for n := 3; n < 6; n++ {
		if text := digits(v, n); text != digits(other, n) {
			return text
		}
	}
	return exact(v)
}
