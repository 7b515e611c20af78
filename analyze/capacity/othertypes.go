package capacity

import (
	"math"
	"strings"

	"sizewise/analyze/finding"
)

// OtherTypes refuses to carry a capacity over to instance types that were not
// tested, says which test would tell, and fills in from which rate on each of
// the set's candidates costs less than the tested type.
func OtherTypes(s *finding.Set) *finding.OtherTypes {
	if leaks(s) {
		s.Candidates = nil
	}
	for i := range s.Candidates {
		s.Candidates[i].Status = finding.Unanswerable
		s.Candidates[i].Worth = worth(s, s.Candidates[i].USDPerHour)
	}
	o := &finding.OtherTypes{Status: finding.Unanswerable, Why: otherTypesWhy(s), Query: "capacity_plateau"}
	if len(s.Candidates) > 0 {
		o.Stages = candidateStages(s)
	}
	return o
}

func otherTypesWhy(s *finding.Set) string {
	tested := "the tested type"
	if t := s.Tested.InstanceType; t != "" {
		tested = t
	}
	why := sprintf("Everything was measured on %s. vCPUs, GPUs and memory do not tell how fast a model is on another type: it has to be tested there.", tested)
	if len(s.Candidates) > 0 {
		var names []string
		for _, c := range s.Candidates {
			names = append(names, c.InstanceType)
		}
		return why + " Worth a test, because of what was full here: " + strings.Join(names, ", ") + "."
	}
	switch b := s.Answers.Bottleneck; {
	case leaks(s):
		return why + " None is proposed: a leak fills the memory of any."
	case s.Tested.InstanceType == "":
		return why + " Which types are worth a test cannot be said of an unknown one (--instance-type says it)."
	case b.Status == finding.Unanswerable:
		return why + " Which types are worth a test is open as long as the bottleneck is."
	case b.Value == "workers" || b.Value == "disk" || b.Value == "client":
		return why + " None is proposed: the limit was none that a larger type has more of by itself."
	default:
		return why + " The table of instance types has none with more of what was full here and the same accelerator."
	}
}

// leaks reports whether memory is what ends first because it climbs with time.
func leaks(s *finding.Set) bool {
	for _, f := range s.Findings {
		if f.Check == "memory_leak" && s.Answers.Bottleneck.Value == "memory" {
			return true
		}
	}
	return false
}

// candidateStages are rates for one instance of another type: from half of what
// one instance of the tested type takes to as much as shows whether the other is
// worth its price. They are no prediction, but a range to find the limit in.
func candidateStages(s *finding.Set) []finding.Stage {
	base := float64(s.Answers.Capacity.Value)
	if s.Answers.Capacity.Status == finding.Unanswerable || !(base > 0) || !known(base) {
		return nil
	}
	parts, most := []float64{.5, 1, 1.5, 2, 3, 4}, 4.0
	for _, c := range s.Candidates {
		for _, w := range c.Worth {
			if w.PeakRPS == s.Options.PeakRPS && float64(w.RPS) > 4*base && w.RPS.Known() {
				most = max(most, 1.15*float64(w.RPS)/base)
			}
		}
	}
	if most > 4 {
		parts = append(parts, most)
	}
	var out []finding.Stage
	for i, p := range parts {
		minutes := nextMinutes
		if i == len(parts)-1 {
			minutes = nextPlateau
		}
		out = append(out, finding.Stage{Minutes: minutes, RPS: finding.Number(rounded(base*p, 3))})
	}
	return out
}

// worth is, for each level of traffic, the largest fleet at a price that costs
// less than the tested type's, and what each of its instances then has to take by
// the formula that the tested type was sized with. Nothing is held against a
// fleet of which fewer may be enough.
func worth(s *finding.Set, usd finding.Number) []finding.Worth {
	target := float64(s.Options.TargetUtilization)
	if !(usd > 0) || !usd.Known() || !(target > 0) || s.Answers.Instances.Status == finding.Unanswerable || boundedNeed(s) {
		return nil
	}
	var out []finding.Worth
	for _, t := range s.Traffic {
		if !t.CostPerHour.Known() {
			return nil
		}
		w := finding.Worth{PeakRPS: t.PeakRPS, RPS: finding.Missing()}
		if n := math.Ceil(float64(t.CostPerHour/usd)-1e-9) - 1; n >= 1 {
			w.Instances = finding.Number(n)
			w.RPS = finding.Number(float64(t.InstanceRPS*t.Instances) / (n * target))
		}
		out = append(out, w)
	}
	return out
}

// boundedNeed reports whether the rate that the tested type was sized with is
// only a lower bound, so that fewer instances than were reckoned may do.
func boundedNeed(s *finding.Set) bool {
	c, r := s.Answers.Capacity, s.Answers.SLORate
	lower := c.Status == finding.AtLeast
	if s.Options.SLO != "" && r.Status != finding.Unanswerable {
		return r.Status == finding.AtLeast || lower && c.Value <= r.Lo
	}
	return lower
}
