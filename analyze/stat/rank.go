package stat

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// RankTest is the outcome of [MannWhitney].
type RankTest struct {
	U           float64 // pairs (x, y) with x above y, ties as one half
	P           float64 // two-sided
	Superiority float64 // U over the number of pairs: the chance that x exceeds y
	Shift       float64 // median of all x - y (Hodges and Lehmann 1963)
	Exact       bool    // P is from the permutation distribution, not from the normal
}

// exactRanks is the total sample size up to which the permutation distribution
// is computed, in O(n^4) at worst: some milliseconds.
const exactRanks = 40

// MannWhitney tests whether values of x tend to be larger or smaller than those
// of y (Mann and Whitney 1947), which is Wilcoxon's rank-sum test. Up to 40
// values together, P comes from the exact distribution of the midranks given
// their ties; beyond, from the normal with corrections for ties and continuity.
// Values are taken as independent. ok is false when a sample is empty or holds
// NaN. Shift takes O(len(x) len(y)).
func MannWhitney(x, y []float64) (RankTest, bool) {
	n, m := len(x), len(y)
	if n == 0 || m == 0 || hasNaN(x) || hasNaN(y) {
		return RankTest{}, false
	}
	ranks, ties := doubledRanks(slices.Concat(x, y))
	sum := 0
	for _, r := range ranks[:n] {
		sum += r
	}
	out := RankTest{U: float64(sum-n*(n+1)) / 2, Exact: n+m <= exactRanks}
	out.Superiority = out.U / float64(n*m)
	out.Shift = hodgesLehmann(x, y)
	if out.Exact {
		out.P = exactRankP(ranks, n, sum)
		return out, true
	}
	all := float64(n + m)
	variance := float64(n*m) / 12 * (all + 1 - ties/(all*(all-1)))
	off := max(0, math.Abs(out.U-float64(n*m)/2)-0.5)
	out.P = 1
	if variance > 0 {
		out.P = min(1, 2*distuv.UnitNormal.Survival(off/math.Sqrt(variance)))
	}
	return out, true
}

func hasNaN(x []float64) bool { return slices.ContainsFunc(x, math.IsNaN) }

// doubledRanks are twice the midranks, which are whole, and the tie correction:
// the sum of t^3 - t over groups of t equal values.
func doubledRanks(v []float64) (ranks []int, ties float64) {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	ranks = make([]int, len(v))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = from + to + 1
		}
		t := float64(to - from)
		ties += t*t*t - t
		from = to
	}
	return ranks, ties
}

// exactRankP is the share of all choices of n of the ranks whose sum is at least
// as far from the mean as the given sum. counts[k][s] is how many choices of k of
// the ranks seen so far have the sum s; with 40 ranks every count is exact.
func exactRankP(ranks []int, n, sum int) float64 {
	total := 0
	for _, r := range ranks {
		total += r
	}
	counts := make([][]float64, n+1)
	for k := range counts {
		counts[k] = make([]float64, total+1)
	}
	counts[0][0] = 1
	largest := 0
	for seen, r := range ranks {
		largest += r
		for k := min(seen+1, n); k >= 1; k-- {
			for s := largest; s >= r; s-- {
				counts[k][s] += counts[k-1][s-r]
			}
		}
	}
	// The mean of the doubled rank sum is n (N+1): compare without fractions.
	mean := n * (len(ranks) + 1)
	far, all := 0.0, 0.0
	for s, c := range counts[n] {
		all += c
		if abs(s-mean) >= abs(sum-mean) {
			far += c
		}
	}
	return min(1, far/all)
}

func abs(n int) int { return max(n, -n) }

// hodgesLehmann is the median of the differences between pairs; NaN when
// infinities leave it undefined.
func hodgesLehmann(x, y []float64) float64 {
	d := make([]float64, 0, len(x)*len(y))
	for _, a := range x {
		for _, b := range y {
			d = append(d, a-b)
		}
	}
	return Median(d)
}
