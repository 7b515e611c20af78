package stat

import (
	"cmp"
	"math"
	"slices"
)

// WeightedQuantile is the p-quantile of values x that stand for w observations
// each, as a histogram has them: exactly [Quantile] of the sample in which every
// value is repeated w times, without writing it out. A weight need not be whole
// (Harrell's wtd.quantile); 0 leaves the value out. It sorts, O(n log n). NaN
// when the slices differ in length, p is outside [0, 1], no weight is positive,
// or a value is NaN or a weight negative or not finite.
func WeightedQuantile(x, w []float64, p float64) float64 {
	if len(x) != len(w) || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	sample, total := make([]weighted, 0, len(x)), 0.0
	for i, v := range x {
		if math.IsNaN(v) || !(w[i] >= 0) || math.IsInf(w[i], 1) {
			return math.NaN()
		}
		if w[i] > 0 {
			sample = append(sample, weighted{v, w[i]})
			total += w[i]
		}
	}
	if len(sample) == 0 {
		return math.NaN()
	}
	slices.SortFunc(sample, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	rank := 1 + max(0, total-1)*p
	low := math.Floor(rank)
	lo, hi := atRank(sample, low), atRank(sample, min(low+1, total))
	if lo == hi {
		return lo
	}
	return lo + (rank-low)*(hi-lo)
}

// atRank is the first value at which the weights add up to the rank.
func atRank(sorted []weighted, rank float64) float64 {
	sum := 0.0
	for _, s := range sorted {
		if sum += s.weight; sum >= rank {
			return s.value
		}
	}
	return sorted[len(sorted)-1].value
}

// WeightedMean is the mean of x with weights w; NaN when the slices differ in
// length, a weight is negative or none is positive.
func WeightedMean(x, w []float64) float64 {
	if len(x) != len(w) {
		return math.NaN()
	}
	sum, total := 0.0, 0.0
	for i, v := range x {
		if !(w[i] >= 0) {
			return math.NaN()
		}
		if w[i] > 0 {
			sum += w[i] * v
			total += w[i]
		}
	}
	return sum / total
}
