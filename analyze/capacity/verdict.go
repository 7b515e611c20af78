package capacity

import (
	"sizewise/analyze/finding"
)

// verdict sums up: pass when what runs now carries the peak within the SLO,
// fail when it does not, insufficient when that cannot be said.
func (a *analysis) verdict(steps []finding.Step) finding.Verdict {
	v := finding.Verdict{Status: finding.Insufficient}
	peak, asked := a.peak()
	b := a.budget()
	now := a.now()
	v.Reasons = a.reasons(steps)
	switch {
	case len(a.steps) == 0:
		v.Summary = "Not enough to answer: no requests were seen in the window."
		v.Reasons = []string{"Check the endpoint's name, the variant and the window."}
	case a.sloUnreachable():
		v.Status = finding.Fail
		v.Summary = "The SLO is out of reach at any load seen: " + lowerFirst(a.answers.SLORate.Why)
	case !b.ok:
		v.Summary = "Not enough to answer: " + lowerFirst(a.noBudget())
	case now <= 0 || !known(peak):
		v.Summary = sprintf("One instance carries %s requests/s%s; how many run now is not known.", figure(b.rate), a.within())
	default:
		a.compare(&v, b, peak, asked, now)
	}
	return v
}

// compare sets what runs now against what the peak needs.
func (a *analysis) compare(v *finding.Verdict, b budget, peak float64, asked bool, now float64) {
	need := peak * (1 + a.in.Growth) / (b.rate * a.in.TargetUtilization)
	name := sprintf("%s requests/s", figure(peak*(1+a.in.Growth)))
	if !asked {
		name += ", the highest rate sustained"
	}
	kind := "instance"
	if t := a.tested.InstanceType; t != "" {
		kind = "× " + t
	}
	switch {
	case need <= now+1e-9:
		v.Status = finding.Pass
		v.Summary = sprintf("Ready for %s: %.0f %s carry it%s with room to spare.", name, now, plural(kind, now), a.within())
		if need > 0.9*now {
			v.Summary = sprintf("Ready for %s: %.0f %s carry it%s, with nothing to spare.", name, now, plural(kind, now), a.within())
		}
	case b.bound:
		v.Summary = sprintf("Not enough to answer for %s: one instance carries at least %s requests/s%s, and the test never reached the limit.", name, figure(b.rate), a.within())
	default:
		v.Status = finding.Fail
		count := float64(a.answers.Instances.Value)
		v.Summary = sprintf("Not ready for %s: run %.0f %s instead of %.0f.", name, count, plural(kind, count), now)
	}
}

func plural(kind string, n float64) string {
	if kind == "instance" && n != 1 {
		return "instances"
	}
	return kind
}

func (a *analysis) within() string {
	if a.in.SLO.Empty() {
		return ""
	}
	return " within " + a.in.SLO.String()
}

// sloUnreachable reports whether even the lowest rate missed the SLO.
func (a *analysis) sloUnreachable() bool {
	if a.in.SLO.Empty() {
		return false
	}
	for _, o := range a.in.SLO.Objectives {
		if l := a.levels(o); len(l) > 0 && !o.Met(l[0].value) {
			return true
		}
	}
	return false
}

// reasons are what the verdict rests on, most important first.
func (a *analysis) reasons(steps []finding.Step) []string {
	var out []string
	c, s, n := a.answers.Capacity, a.answers.SLORate, a.answers.Instances
	if s.Status != finding.Unanswerable {
		out = append(out, sprintf("One instance serves %s before %s is missed.", interval(s), a.in.SLO))
	} else if !a.in.SLO.Empty() {
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
	if missed, all := missedMinutes(steps); missed > 0 {
		out = append(out, sprintf("The SLO was missed in load steps that hold %d of %d minutes.", missed, all))
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

func missedMinutes(steps []finding.Step) (missed, all int) {
	for _, s := range steps {
		all += s.Minutes
		if s.SLO == "missed" {
			missed += s.Minutes
		}
	}
	return missed, all
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] < 'A' || s[1] > 'Z') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
