package stat

import "math"

// MSER is how many leading values to drop so that the mean of the rest has the
// least marginal standard error (White 1997): the d up to half of the series
// that minimises the sum of squares after d over (n-d)^2. 0 below ten values.
func MSER(x []float64) int {
	n := len(x)
	if n < 10 {
		return 0
	}
	best, at := math.Inf(1), 0
	for d := 0; d <= n/2; d++ {
		rest := x[d:]
		m, ss := Mean(rest), 0.0
		for _, v := range rest {
			ss += sq(v - m)
		}
		if z := ss / sq(float64(n-d)); z < best {
			best, at = z, d
		}
	}
	return at
}
