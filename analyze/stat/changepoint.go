package stat

import (
	"math"
	"slices"
)

// ChangeOptions steer [ChangePoints]. The zero value means a segment of at
// least one value and noise measured from the data.
type ChangeOptions struct {
	MinSegment int     // shortest segment, in values; at least 1
	Sigma      float64 // standard deviation of the noise, in the unit of the series; 0 measures it
	MinSigma   float64 // floor under the noise that is measured
	MinShift   float64 // neighbouring segments whose medians differ by less are joined
	Phi        float64 // lag-1 autocorrelation of the noise in [0, 1), which raises the penalty by (1+Phi)/(1-Phi)
}

// ChangePoints finds where the mean of a series changes: the first index of
// every segment but the first, ascending. It minimises the squared error plus
// a penalty of 3 sigma^2 log n per segment exactly, by PELT (Killick,
// Fearnhead and Eckley 2012); sigma comes from the median absolute deviation
// of the differences, which steps hardly touch. Autocorrelated noise makes that
// sigma too small and the steps too many unless Phi says so. nil when a value is
// not finite. The pruning makes it about O(n) where changes are many and O(n^2)
// where there is none, so that a series of more than 4096 values is cut into
// stretches of about 2048, and a cut stays where it pays for its penalty.
func ChangePoints(x []float64, o ChangeOptions) []int {
	minSeg := max(1, o.MinSegment)
	if len(x) < 2*minSeg || !allFinite(x) {
		return nil
	}
	sigma := o.Sigma
	if sigma == 0 {
		sigma = math.Max(DifferenceNoise(x), o.MinSigma)
	}
	if !(sigma > 0) {
		sigma = 1e-9 * (1 + math.Abs(Median(x)))
	}
	penalty := 3 * sigma * sigma * math.Log(float64(len(x)))
	if o.Phi > 0 && o.Phi < 1 {
		penalty *= (1 + o.Phi) / (1 - o.Phi)
	}
	return JoinSmall(x, peltInParts(x, minSeg, penalty), o.MinShift)
}

// DifferenceNoise is the standard deviation of independent noise on a series
// whose level moves seldom: MAD of the differences over sqrt 2.
func DifferenceNoise(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	d := make([]float64, len(x)-1)
	for i := range d {
		d[i] = x[i+1] - x[i]
	}
	return MAD(d) / math.Sqrt2
}

// maxExact is how many values PELT looks at as a whole.
const maxExact = 4096

// peltInParts is pelt, by stretches where there are too many values for one.
func peltInParts(x []float64, minSeg int, penalty float64) []int {
	if len(x) <= max(maxExact, 4*minSeg) {
		return pelt(x, minSeg, penalty)
	}
	parts := len(x) / max(maxExact/2, 2*minSeg)
	var points []int
	cuts := map[int]bool{}
	for p := range parts {
		lo, hi := p*len(x)/parts, (p+1)*len(x)/parts
		if p > 0 {
			points, cuts[lo] = append(points, lo), true
		}
		for _, at := range pelt(x[lo:hi], minSeg, penalty) {
			points = append(points, lo+at)
		}
	}
	return withoutCuts(points, cuts, squaredError(x), len(x), penalty)
}

// withoutCuts removes the points among cuts whose two sides are as well one.
func withoutCuts(points []int, cuts map[int]bool, cost func(a, b int) float64, n int, penalty float64) []int {
	var out []int
	from := 0
	for i, at := range points {
		to := n
		if i+1 < len(points) {
			to = points[i+1]
		}
		if cuts[at] && cost(from, to) <= cost(from, at)+cost(at, to)+penalty {
			continue
		}
		out, from = append(out, at), at
	}
	return out
}

// pelt returns the optimal change points for squared error with a penalty. A
// start that has lost against a split at t may only be dropped once a segment
// starting at t can be long enough, or the minimum length would make the
// pruning inexact.
func pelt(x []float64, minSeg int, penalty float64) []int {
	n, cost := len(x), squaredError(x)
	best, from := make([]float64, n+1), make([]int, n+1)
	for t := range best {
		best[t] = math.Inf(1)
	}
	best[0] = -penalty
	type start struct{ at, dropFrom int }
	starts := []start{}
	for t := minSeg; t <= n; t++ {
		if at := t - minSeg; !math.IsInf(best[at], 1) {
			starts = append(starts, start{at, n + 1})
		}
		for _, s := range starts {
			if c := best[s.at] + cost(s.at, t) + penalty; c < best[t] {
				best[t], from[t] = c, s.at
			}
		}
		kept := starts[:0]
		for _, s := range starts {
			if s.dropFrom == n+1 && best[s.at]+cost(s.at, t) > best[t] {
				s.dropFrom = t + minSeg
			}
			if t+1 < s.dropFrom {
				kept = append(kept, s)
			}
		}
		starts = kept
	}
	var out []int
	for t := from[n]; t > 0; t = from[t] {
		out = append(out, t)
	}
	slices.Reverse(out)
	return out
}

// squaredError returns the sum of squares of x[a:b] about its mean as a function
// of a and b, from running sums.
func squaredError(x []float64) func(a, b int) float64 {
	s1, s2 := make([]float64, len(x)+1), make([]float64, len(x)+1)
	for i, v := range x {
		s1[i+1], s2[i+1] = s1[i]+v, s2[i]+v*v
	}
	return func(a, b int) float64 {
		d := s1[b] - s1[a]
		return math.Max(0, s2[b]-s2[a]-d*d/float64(b-a))
	}
}

// JoinSmall removes, smallest first, the change points of x whose two sides have
// medians nearer than minShift. What [ChangePoints] found with a smaller MinShift
// becomes what it would have found with this one.
func JoinSmall(x []float64, points []int, minShift float64) []int {
	edges := append(append([]int{0}, points...), len(x))
	medians := make([]float64, len(edges)-1)
	for i := range medians {
		medians[i] = Median(x[edges[i]:edges[i+1]])
	}
	for len(medians) > 1 {
		at, least := -1, minShift
		for i := 1; i < len(medians); i++ {
			if shift := math.Abs(medians[i] - medians[i-1]); shift < least {
				at, least = i, shift
			}
		}
		if at < 0 {
			break
		}
		edges = slices.Delete(edges, at, at+1)
		medians = slices.Delete(medians, at, at+1)
		medians[at-1] = Median(x[edges[at-1]:edges[at]])
	}
	return edges[1 : len(edges)-1]
}
