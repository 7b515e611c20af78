package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// nextTest is the test that would measure what this one could not, nil when it
// measured all that was asked.
func (a *analysis) nextTest() *finding.NextTest {
	n := finding.NextTest{}
	c := a.answers.Capacity
	if c.Status != finding.Measured {
		n.Answers = append(n.Answers, "capacity")
	}
	if !a.in.SLO.Empty() && a.answers.SLORate.Status != finding.Measured {
		n.Answers = append(n.Answers, "slo_rate")
	}
	k, rates := max(1, math.Round(a.now())), a.nextRates()
	if n.Answers == nil || rates == nil {
		return nil
	}
	n.Instances = finding.Number(k)
	for i, rate := range rates {
		minutes := nextMinutes
		if i == len(rates)-1 {
			minutes = nextPlateau
		}
		n.Stages = append(n.Stages, finding.Stage{Minutes: minutes, RPS: finding.Number(rounded(rate*k, 3))})
	}
	n.Why = a.nextWhy()
	if a.leak.found {
		n.Why = "Fix the leak first, or memory runs full before the test ends. " + n.Why
	}
	return &n
}

// nextWhy says what the stages are for.
func (a *analysis) nextWhy() string {
	c := a.answers.Capacity
	if c.Status == finding.Measured {
		return "The stages lead up to the capacity in steps close enough to see where the SLO is missed."
	}
	if c.Status == finding.Extrapolated {
		return sprintf("The stages lead past the %s requests/s per instance that were extrapolated, and the last is held for %d minutes to read a plateau off.", figure(float64(c.Value)), nextPlateau)
	}
	return sprintf("The limit of one instance is not known: the stages rise beyond the rate that was served until answers fall behind, and the last is held for %d minutes to read a plateau off.", nextPlateau)
}

// nextRates are rates of one instance, ascending; nil when nothing was served.
func (a *analysis) nextRates() []float64 {
	around, parts := float64(a.answers.Capacity.Value), []float64{.3, .5, .65, .8, .9, 1, 1.15, 1.3}
	switch a.answers.Capacity.Status {
	case finding.Measured:
		parts = []float64{.3, .5, .6, .7, .8, .9, 1}
	case finding.Extrapolated:
	default:
		around, parts = 0, []float64{.5, 1, 1.5, 2, 3, 4}
		for i := range a.steps {
			if s := a.steps[i].served; s > around {
				around = s
			}
		}
	}
	if !(around > 0) || !known(around) {
		return nil
	}
	var out []float64
	for _, p := range parts {
		out = append(out, around*p)
	}
	return out
}
