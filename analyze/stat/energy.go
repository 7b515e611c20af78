package stat

import "math"

// energySplit is the split of x into x[:tau] and x[tau:kappa] with the greatest
// energy distance between the parts, over all tau and kappa that leave both at
// least minSegment values. tau is 0 when there is none. Of equal splits the
// first is taken. O(n^2) time, O(n) memory: going down in tau, the sum of the
// distances within x[tau:kappa] grows by those of x[tau].
func energySplit(x []float64, minSegment int) (tau int, q float64) {
	n := len(x)
	before := pairSums(x)
	within := make([]float64, n+1)
	q = math.Inf(-1)
	for t := n - 1; t >= 1; t-- {
		row := 0.0
		for k := t + 2; k <= n; k++ {
			row += math.Abs(x[t] - x[k-1])
			within[k] += row
		}
		if t < minSegment || n-t < minSegment {
			continue
		}
		best := math.Inf(-1)
		for k := t + minSegment; k <= n; k++ {
			between := before[k] - before[t] - within[k]
			best = max(best, energyDistance(float64(t), float64(k-t), between, before[t], within[k]))
		}
		if best >= q {
			tau, q = t, best
		}
	}
	return tau, q
}

// pairSums[k] is the sum of the distances between all pairs of x[:k].
func pairSums(x []float64) []float64 {
	out := make([]float64, len(x)+1)
	for k := range x {
		out[k+1] = out[k]
		for _, v := range x[:k] {
			out[k+1] += math.Abs(x[k] - v)
		}
	}
	return out
}

// energyDistance is Matteson and James's scaled statistic of samples of n and m
// values from the sums of distances between and within them.
func energyDistance(n, m, between, withinN, withinM float64) float64 {
	q := 2 / (n + m) * between
	if n > 1 {
		q -= 2 * m / (n + m) / (n - 1) * withinN
	}
	if m > 1 {
		q -= 2 * n / (n + m) / (m - 1) * withinM
	}
	return q
}
