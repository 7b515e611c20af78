package stat

import "math"

// MSER is how many leading values to drop so that the mean of the rest has the
// least marginal standard error (White 1997): the d up to half of the series
// that minimises the sum of squares after d over (n-d)^2. 0 below ten values. It
// takes O(n). Of starts whose rest holds NaN none is taken, unless all do: then
// the answer is 0.
func MSER(x []float64) int {
	if len(x) < 10 {
		return 0
	}
	return leastMarginal(x)
}

// MSERBatch is [MSER] of the means of batches of the given size, in values; what
// does not fill the last batch is left aside. Size 5 is MSER-5 (White, Cobb and
// Spratt 2000), which hears less noise and needs about 50 values. 0 below ten
// batches or with no size.
func MSERBatch(x []float64, size int) int {
	if size < 1 {
		return 0
	}
	means := make([]float64, len(x)/size)
	for i := range means {
		means[i] = Mean(x[i*size : (i+1)*size])
	}
	return size * MSER(means)
}

// leastMarginal walks from the end, updating mean and sum of squares of the rest
// by Welford's recurrence.
func leastMarginal(x []float64) int {
	n := len(x)
	best, at := math.Inf(1), 0
	mean, squares := 0.0, 0.0
	for d := n - 1; d >= 0; d-- {
		size := float64(n - d)
		delta := x[d] - mean
		mean += delta / size
		squares += delta * (x[d] - mean)
		if d > n/2 {
			continue
		}
		if z := squares / sq(size); z <= best {
			best, at = z, d
		}
	}
	return at
}
