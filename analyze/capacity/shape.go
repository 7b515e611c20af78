package capacity

import (
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// What describes the curve, and no more: nothing in this file may be read by what
// answers. A test holds that.

// described are the steps that tell how the endpoint behaves, least rate first.
func (a *analysis) described() []*step {
	var out []*step
	for _, i := range a.byRate() {
		if s := &a.steps[i]; s.offered > 0 && s.mean > 0 && !a.onlyRestarts(s) && !s.warm {
			out = append(out, s)
		}
	}
	return out
}

// usl fits the universal scalability law to the steps, nil where they do not
// suffice.
func (a *analysis) usl() *finding.USL {
	var n, x []float64
	for _, s := range a.described() {
		if s.conc > 0 && known(s.served) {
			n, x = append(n, s.conc), append(x, s.served)
		}
	}
	if distinct(n) < minShapeSteps {
		return nil
	}
	f, ok := stat.FitUSL(n, x)
	if !ok || !known(f.AlphaSE) || !known(f.BetaSE) || !known(f.GammaSE) {
		return nil
	}
	alpha, beta, gamma := f.AlphaInterval(confidence), f.BetaInterval(confidence), f.GammaInterval(confidence)
	return &finding.USL{
		Alpha: finding.Number(f.Alpha), AlphaLo: finding.Number(alpha.Lo), AlphaHi: finding.Number(alpha.Hi),
		Beta: finding.Number(f.Beta), BetaLo: finding.Number(beta.Lo), BetaHi: finding.Number(beta.Hi),
		Gamma: finding.Number(f.Gamma), GammaLo: finding.Number(gamma.Lo), GammaHi: finding.Number(gamma.Hi),
		RSS: finding.Number(f.RSS), Sigma: finding.Number(f.Sigma), N: f.N,
	}
}

// distinct is how many loads there are that differ by more than a per cent.
func distinct(v []float64) int {
	count, last := 0, math.Inf(-1)
	for _, x := range slices.Sorted(slices.Values(v)) {
		if x > last*1.01 || count == 0 {
			count, last = count+1, x
		}
	}
	return count
}

// knee is where latency turns up, nil when a single line through its logarithm
// does as well.
func (a *analysis) knee() *finding.Knee {
	var x, y []float64
	for _, s := range a.described() {
		x, y = append(x, s.offered), append(y, math.Log(s.mean))
	}
	if distinct(x) < minShapeSteps {
		return nil
	}
	b, ok := stat.Segmented(x, y)
	if !ok || b.P >= kneeChance || b.After <= b.Before {
		return nil
	}
	at := slices.Index(x, b.At)
	return &finding.Knee{
		FromRPS: finding.Number(x[max(0, at-1)]), ToRPS: finding.Number(x[min(at+1, len(x)-1)]),
		Before: finding.Number(b.Before), After: finding.Number(b.After),
		F: finding.Number(b.F), P: finding.Number(b.P), N: len(x),
	}
}

// kneeFinding puts the knee into words.
func (a *analysis) kneeFinding() []finding.Finding {
	k := a.knee()
	if k == nil {
		return nil
	}
	return []finding.Finding{{
		Check: "knee", Severity: finding.Info, Query: "latency_breakdown",
		Title: sprintf("Latency turns up between %s and %s requests/s per instance; this describes the curve and is not used for sizing.", figure(float64(k.FromRPS)), figure(float64(k.ToRPS))),
		Evidence: []string{
			sprintf("Two lines fit log latency better than one: F = %s, %s, %d load steps.", digits(float64(k.F), 3), chance(float64(k.P)), k.N),
		},
	}}
}

// chance prints a tail probability.
func chance(p float64) string {
	if p < 0.001 {
		return "p below 0.001"
	}
	return sprintf("p = %.3f", p)
}

func kneeCheck() Check {
	return Check{
		Name: "knee", Title: "Knee of the latency curve", Query: "latency_breakdown",
		Question:    "Between which rates does latency turn up?",
		Formula:     "two lines through log mean latency against one, F-test; the load steps on both sides of where they meet",
		MinimumData: sprintf("%d load steps of different rates", minShapeSteps),
		Refuses: []string{
			sprintf("p at or above %.2f", kneeChance),
			"always as a capacity: a knee lies inside whatever range was tested",
		},
		Thresholds: []Threshold{{"chance of a bend where there is none", kneeChance, "ratio"}, {"load steps", minShapeSteps, "steps"}},
	}
}

func uslCheck() Check {
	return Check{
		Name: "usl", Title: "Universal scalability law", Query: "latency_breakdown",
		Question:    "How does the rate served grow with the requests in progress?",
		Formula:     "rate = gamma N / (1 + alpha (N - 1) + beta N (N - 1)) by least squares over the load steps, N = rate × mean latency (Little's law); t intervals with n - 3 degrees of freedom",
		MinimumData: sprintf("%d load steps of different concurrency", minShapeSteps),
		Refuses:     []string{"always as a capacity: its peak was within 5 % of the truth in one test of eight, and real systems exceed it"},
		Thresholds:  []Threshold{{"load steps", minShapeSteps, "steps"}, {"confidence", confidence, "ratio"}},
	}
}
