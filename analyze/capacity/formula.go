package capacity

import "math"

// formula is the utilization law filled in, so that the printed numbers give
// the printed result.
func (d *demand) formula() string {
	want := (d.limit - d.line.Intercept) / d.line.Slope
	n := enoughDigits(func(round func(float64) float64) bool {
		return figure((d.limit-round(d.line.Intercept))/(round(1000*d.line.Slope)/1000)) == figure(want)
	})
	sign := "-"
	if d.line.Intercept < 0 {
		sign = "+"
	}
	return sprintf("(%g %s %s) / %s ms = %s requests/s", d.limit, sign, digits(math.Abs(d.line.Intercept), n), digits(1000*d.line.Slope, n), figure(want))
}

// slowestTerm goes on from the average instance's rate to the slowest one's,
// "" when all are alike.
func (a *analysis) slowestTerm(average, slowest float64) string {
	if a.hot.excess == 0 {
		return ""
	}
	n := enoughDigits(func(round func(float64) float64) bool {
		return figure(round(average)/round(average/slowest)) == figure(slowest)
	})
	return sprintf("; %s / %s for the slowest instance = %s", digits(average, n), digits(average/slowest, n), figure(slowest))
}
