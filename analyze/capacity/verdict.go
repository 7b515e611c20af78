package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// verdict sums up. With a peak to size for: pass when what runs now carries it
// within the SLO and with the reserve, fail when it does not, insufficient when
// that cannot be said. Without one, only an SLO that was missed fails. Memory
// that runs full at any load comes first and fails either way.
func (a *analysis) verdict(steps []finding.Step) finding.Verdict {
	v := finding.Verdict{Status: finding.Insufficient, Reasons: a.reasons()}
	peak, asked := a.peak()
	b := a.budget()
	now := a.now()
	switch {
	case len(a.steps) == 0:
		v.Summary = "Not enough to answer: no requests were seen in the window."
		v.Reasons = []string{"Check the endpoint's name, the variant and the window."}
		return v
	case a.sloUnreachable():
		v.Status = finding.Fail
		v.Summary = "The SLO is out of reach at any load seen: " + lowerFirst(a.answers.SLORate.Why)
	case !asked && missedStep(steps) != nil:
		v.Status, v.Summary = finding.Fail, a.missedSummary(missedStep(steps), b)
	case !b.ok:
		v.Summary = "Not enough to answer: " + lowerFirst(a.noBudget())
	case !asked:
		v.Status, v.Summary = finding.Pass, a.oneInstance(b)
	case now <= 0:
		v.Summary = sprintf("One instance carries %s requests/s%s; how many run now is not known.", figure(b.rate), a.within())
	default:
		a.compare(&v, b, peak, now)
	}
	if a.leakCritical() {
		v.Status, v.Summary = finding.Fail, a.leakSummary()+" "+v.Summary
	}
	return v
}

// missedStep is the first step that missed the SLO, nil when none did.
func missedStep(steps []finding.Step) *finding.Step {
	for i := range steps {
		if steps[i].SLO == "missed" {
			return &steps[i]
		}
	}
	return nil
}

// missedSummary says where the SLO was missed and what an instance takes.
func (a *analysis) missedSummary(first *finding.Step, b budget) string {
	missed, judged := a.missedMinutes()
	out := sprintf("%s was missed in %d of %d minutes, first in step %d at %s requests/s per instance.", a.in.SLO, missed, judged, first.N, figure(float64(first.OfferedRPS)))
	if b.ok {
		out += " " + a.oneInstance(b)
	}
	return out
}

// oneInstance is the answer when no peak was asked for.
func (a *analysis) oneInstance(b budget) string {
	e := a.answers.Capacity
	if b.origin == originSLO {
		e = a.answers.SLORate
	}
	verb := "takes"
	if e.Status == finding.Extrapolated {
		verb = "would take"
	}
	within := ""
	if b.origin == originSLO {
		within = a.within()
	}
	if e.Status == finding.AtLeast {
		return sprintf("One instance takes at least %s requests/s%s; its limit is not known.", figure(float64(e.Value)), within)
	}
	out := sprintf("One instance %s %s requests/s%s", verb, figure(float64(e.Value)), within)
	switch name := a.answers.Bottleneck.Value; name {
	case "", "memory":
		return out + "."
	case "workers":
		return out + "; then all workers are taken."
	default:
		if within != "" {
			return out + sprintf("; beyond, the %s is what fills up.", resourceName(name))
		}
		return out + sprintf("; the %s is what fills up.", resourceName(name))
	}
}

// compare sets what runs now against what the peak needs.
func (a *analysis) compare(v *finding.Verdict, b budget, peak, now float64) {
	load := peak * (1 + a.in.Growth)
	need := load / (b.rate * a.in.TargetUtilization)
	name, have := exact(load)+" requests/s", sprintf("%.0f %s", now, plural(a.kind(), now))
	count := float64(a.answers.Instances.Value)
	instead := sprintf("run %.0f %s instead of %.0f.", count, plural(a.kind(), count), now)
	if e := a.answers.Instances; e.Status == finding.Unanswerable && e.Lo.Known() {
		instead = sprintf("between %.0f and %.0f are needed.", float64(e.Lo), float64(e.Hi))
	}
	low, point := now*b.rate, now*b.point
	switch {
	case need <= now+1e-9:
		v.Status = finding.Pass
		v.Summary = sprintf("Ready for %s: %s %s it%s with room to spare%s.", name, have, verb(now, "carry", "carries"), a.within(), a.fewer(now, count))
		if need > 0.9*now {
			v.Summary = sprintf("Ready for %s: %s %s it%s, with nothing to spare.", name, have, verb(now, "carry", "carries"), a.within())
		}
	case b.bound:
		v.Summary = sprintf("Not enough to answer for %s: one instance carries at least %s requests/s%s, and its limit is not known.", name, figure(b.rate), a.within())
	case load > point:
		v.Status = finding.Fail
		v.Summary = sprintf("Not ready for %s: it does not fit %s, which %s about %s%s; %s", name, have, verb(now, "take", "takes"), figure(point), a.within(), instead)
	case load > low:
		v.Status = finding.Fail
		v.Summary = sprintf("Not ready for %s: it may not fit %s, which %s between %s and %s%s; %s", name, have, verb(now, "take", "takes"), figure(low), figure(now*a.bestRate()), a.within(), instead)
	default:
		v.Status = finding.Fail
		v.Summary = sprintf("Not ready for %s: it fits %s%s, but without the %s reserve; %s", name, have, a.within(), percent(1-a.in.TargetUtilization), instead)
	}
}

// fewer says how many instances are enough, where that is fewer than there are.
func (a *analysis) fewer(now, count float64) string {
	if a.answers.Instances.Status == finding.Unanswerable || count >= now {
		return ""
	}
	return sprintf("; %.0f %s enough", count, verb(count, "are", "is"))
}

// kind is what an instance is called.
func (a *analysis) kind() string {
	if t := a.tested.InstanceType; t != "" {
		return "× " + t
	}
	return "instance"
}

func plural(kind string, n float64) string {
	if kind == "instance" && n != 1 {
		return "instances"
	}
	return kind
}

// verb is the verb's form for n.
func verb(n float64, many, one string) string {
	if n == 1 {
		return one
	}
	return many
}

func (a *analysis) within() string {
	if len(a.sizingObjectives()) == 0 {
		return ""
	}
	return " within " + a.in.SLO.String()
}

// sloUnreachable reports whether even the lowest rate missed the SLO.
func (a *analysis) sloUnreachable() bool {
	for _, o := range a.in.SLO.Objectives {
		if l := a.levels(o); len(l) > 0 && !o.Met(l[0].value) && a.answers.SLORate.Status == finding.Unanswerable {
			return true
		}
	}
	return false
}

// reasons are what the verdict rests on, most important first.
func (a *analysis) reasons() []string {
	var out []string
	c, s, n := a.answers.Capacity, a.answers.SLORate, a.answers.Instances
	switch {
	case s.Status == finding.Extrapolated:
		out = append(out, sprintf("One instance would serve %s before %s is missed.", interval(s), a.in.SLO))
	case s.Status != finding.Unanswerable:
		out = append(out, sprintf("One instance serves %s before %s is missed.", interval(s), a.in.SLO))
	case !a.in.SLO.Empty():
		out = append(out, s.Why)
	}
	switch c.Status {
	case finding.Measured:
		out = append(out, sprintf("It saturates at %s, measured.", interval(c)))
	case finding.Extrapolated:
		out = append(out, sprintf("It would saturate at %s, extrapolated.", interval(c)))
	case finding.AtLeast:
		out = append(out, sprintf("Its capacity is %s. %s", interval(c), c.Why))
	default:
		out = append(out, c.Why)
	}
	if b := a.answers.Bottleneck; b.Why != "" {
		out = append(out, b.Why)
	}
	if missed, judged := a.missedMinutes(); missed > 0 {
		out = append(out, sprintf("The SLO was missed in %d of %d minutes.", missed, judged))
	}
	if n.Formula != "" {
		out = append(out, "Instances: "+n.Formula+".")
	}
	return out
}

// interval prints an estimate with its ends.
func interval(e finding.Estimate) string {
	v := figure(float64(e.Value)) + " requests/s"
	if e.Status == finding.AtLeast {
		return "at least " + v
	}
	return sprintf("%s (%.0f %% interval %s-%s)", v, 100*e.Confidence, figure(float64(e.Lo)), figure(float64(e.Hi)))
}

// missedMinutes counts the buckets whose own values miss an objective, among
// those that hold enough requests to be judged by any.
func (a *analysis) missedMinutes() (missed, judged int) {
	for i := range a.buckets {
		if !(a.buckets[i].offered > 0) {
			continue
		}
		seen, over := false, false
		for _, o := range a.in.SLO.Objectives {
			v := a.objectiveValue(o, i)
			seen, over = seen || !math.IsNaN(v), over || (!math.IsNaN(v) && !o.Met(v))
		}
		if seen {
			judged++
		}
		if over {
			missed++
		}
	}
	return missed, judged
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
