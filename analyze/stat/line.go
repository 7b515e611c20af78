package stat

import (
	"math"
	"slices"
)

// Line is y = Intercept + Slope x.
type Line struct {
	Intercept, Slope float64
}

// At is the line's height at x.
func (l Line) At(x float64) float64 { return l.Intercept + l.Slope*x }

// RSquared is the share of y's variance that the line explains. It is negative
// when the line is worse than the mean of y, and NaN when y is constant.
func (l Line) RSquared(x, y []float64) float64 {
	m, rss, tss := Mean(y), 0.0, 0.0
	for i := range y {
		rss += sq(y[i] - l.At(x[i]))
		tss += sq(y[i] - m)
	}
	if tss == 0 {
		return math.NaN()
	}
	return 1 - rss/tss
}

func sq(x float64) float64 { return x * x }

// maxPairs bounds the work of TheilSen: up to this many points every pair is
// looked at, beyond it each point of the lower half is paired with one of the
// upper half (Theil's incomplete method).
const maxPairs = 400

// TheilSen fits a line by the median of the slopes between pairs of points,
// each weighted by the distance in x (Sen 1968, weights after Jaeckel 1972): a
// pair of neighbours says little about the slope and must not outvote a pair
// that spans the range. The intercept is the median of y - slope x. Up to 29 %
// of bad points do not move it. O(n^2) up to 400 points, O(n log n) beyond.
// ok is false when x does not vary, the slices differ in length or a value is not
// finite.
func TheilSen(x, y []float64) (Line, bool) {
	if !paired(x, y) {
		return Line{}, false
	}
	slopes := pairSlopes(x, y)
	slope, ok := weightedMedian(slopes)
	if !ok {
		return Line{}, false
	}
	rest := make([]float64, len(x))
	for i := range x {
		rest[i] = y[i] - slope*x[i]
	}
	return Line{Intercept: Median(rest), Slope: slope}, true
}

type weighted struct{ value, weight float64 }

func pairSlopes(x, y []float64) []weighted {
	var out []weighted
	add := func(i, j int) {
		if dx := x[j] - x[i]; dx != 0 {
			out = append(out, weighted{(y[j] - y[i]) / dx, math.Abs(dx)})
		}
	}
	n := len(x)
	if n <= maxPairs {
		out = make([]weighted, 0, n*(n-1)/2)
		for i := range n {
			for j := i + 1; j < n; j++ {
				add(i, j)
			}
		}
		return out
	}
	type place struct {
		x float64
		i int
	}
	order := make([]place, n)
	for i := range order {
		order[i] = place{x[i], i}
	}
	slices.SortFunc(order, func(a, b place) int {
		switch {
		case a.x < b.x:
			return -1
		case a.x > b.x:
			return 1
		}
		return a.i - b.i
	})
	half := (n + 1) / 2
	out = make([]weighted, 0, n-half)
	for i := range n - half {
		add(order[i].i, order[i+half].i)
	}
	return out
}

// paired tells whether x and y are the coordinates of points.
func paired(x, y []float64) bool {
	return len(x) == len(y) && allFinite(x) && allFinite(y)
}

// SenSlope is the median of the slopes of all pairs with the interval of Sen
// (1968), whose ends are the slopes at the ranks that Kendall's tau leaves
// undecided. Errors are taken as independent and of one distribution, which need
// not be normal; ties in x widen the interval. All pairs count alike, unlike in
// [TheilSen]. O(n^2 log n). ok is false below three points or where TheilSen's is.
func SenSlope(x, y []float64, confidence float64) (Interval, bool) {
	if !paired(x, y) || len(x) < 3 {
		return unknown(), false
	}
	var slopes []float64
	for i := range x {
		for j := i + 1; j < len(x); j++ {
			if dx := x[j] - x[i]; dx != 0 {
				slopes = append(slopes, (y[j]-y[i])/dx)
			}
		}
	}
	if len(slopes) == 0 {
		return unknown(), false
	}
	slices.Sort(slopes)
	n, pairs := float64(len(x)), float64(len(slopes))
	variance := (n*(n-1)*(2*n+5) - kendallTies(x) - kendallTies(y)) / 18
	c := normalQuantile(0.5+confidence/2) * math.Sqrt(max(0, variance))
	if !(c >= 0) || math.IsInf(c, 1) {
		return unknown(), false
	}
	lo := max(0, int(math.Round((pairs-c)/2))-1)
	hi := min(len(slopes)-1, int(math.Round((pairs+c)/2)))
	return Interval{Value: sortedQuantile(slopes, 0.5), Lo: slopes[lo], Hi: slopes[hi]}, true
}

// kendallTies is what ties take from the variance of Kendall's statistic: the sum
// of t(t-1)(2t+5) over groups of t equal values.
func kendallTies(v []float64) float64 {
	s, sum := slices.Sorted(slices.Values(v)), 0.0
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && s[to] == s[from] {
			to++
		}
		t := float64(to - from)
		sum += t * (t - 1) * (2*t + 5)
		from = to
	}
	return sum
}
