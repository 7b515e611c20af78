package stat

import "math"

// Wilson is the score interval of a proportion: hits out of trials (Wilson
// 1927). Unlike hits/trials plus or minus an error it stays inside [0, 1] and
// is right near zero. All NaN when trials is not
// positive or hits is outside [0, trials].
func Wilson(hits, trials, confidence float64) Interval {
	if !(trials > 0) || !(hits >= 0 && hits <= trials) {
		return unknown()
	}
	z := normalQuantile(0.5 + confidence/2)
	p := hits / trials
	centre := (p + z*z/(2*trials)) / (1 + z*z/trials)
	h := z / (1 + z*z/trials) * math.Sqrt(p*(1-p)/trials+z*z/(4*trials*trials))
	return Interval{Value: p, Lo: max(0, centre-h), Hi: min(1, centre+h)}
}
