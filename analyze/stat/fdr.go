package stat

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg turns p-values of many tests into q-values: rejecting every
// test with q at most a keeps the expected share of false ones among the
// rejected at a (Benjamini and Hochberg 1995). The tests must be independent or
// positively dependent. NaN stays NaN and does not count as a test.
func BenjaminiHochberg(p []float64) []float64 { return stepUp(p, 1) }

// BenjaminiYekutieli is [BenjaminiHochberg] for tests that depend on each other
// in any way, at the price of a factor 1 + 1/2 + ... + 1/n (Benjamini and
// Yekutieli 2001).
func BenjaminiYekutieli(p []float64) []float64 {
	factor, n := 0.0, 0
	for _, v := range p {
		if !math.IsNaN(v) {
			n++
			factor += 1 / float64(n)
		}
	}
	return stepUp(p, factor)
}

// stepUp is the running minimum, from the largest p-value down, of
// p x factor x tests / rank.
func stepUp(p []float64, factor float64) []float64 {
	q := slices.Repeat([]float64{math.NaN()}, len(p))
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		least = min(least, p[order[k]]*factor*float64(len(order))/float64(k+1))
		q[order[k]] = least
	}
	return q
}
