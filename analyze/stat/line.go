package stat

import (
	"cmp"
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
// of bad points do not move it. ok is false when x does not vary.
func TheilSen(x, y []float64) (Line, bool) {
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
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	half := (n + 1) / 2
	for i := range n - half {
		add(order[i], order[i+half])
	}
	return out
}

func weightedMedian(v []weighted) (float64, bool) {
	if len(v) == 0 {
		return 0, false
	}
	slices.SortFunc(v, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	total := 0.0
	for _, w := range v {
		total += w.weight
	}
	below := 0.0
	for i, w := range v {
		below += w.weight
		if below > total/2 {
			return w.value, true
		}
		if below == total/2 && i+1 < len(v) {
			return (w.value + v[i+1].value) / 2, true
		}
	}
	return v[len(v)-1].value, true
}

// Fit is an ordinary least-squares line with what its intervals need.
type Fit struct {
	Line
	SlopeSE, InterceptSE float64 // standard errors under independent residuals
	Sigma                float64 // residual standard deviation, n-2 degrees of freedom
	R2                   float64
	N                    int
	meanX, sxx           float64
}

// OLS fits a least-squares line. ok is false below three points or when x does
// not vary.
func OLS(x, y []float64) (Fit, bool) {
	n := len(x)
	if n < 3 {
		return Fit{}, false
	}
	mx, my := Mean(x), Mean(y)
	sxx, sxy := 0.0, 0.0
	for i := range x {
		sxx += sq(x[i] - mx)
		sxy += (x[i] - mx) * (y[i] - my)
	}
	if sxx == 0 {
		return Fit{}, false
	}
	l := Line{Slope: sxy / sxx}
	l.Intercept = my - l.Slope*mx
	rss := 0.0
	for i := range x {
		rss += sq(y[i] - l.At(x[i]))
	}
	f := Fit{Line: l, N: n, meanX: mx, sxx: sxx, R2: l.RSquared(x, y)}
	f.Sigma = math.Sqrt(rss / float64(n-2))
	f.SlopeSE = f.Sigma / math.Sqrt(sxx)
	f.InterceptSE = f.Sigma * math.Sqrt(1/float64(n)+mx*mx/sxx)
	return f, true
}

// SlopeInterval is the slope's t interval with n-2 degrees of freedom.
func (f Fit) SlopeInterval(confidence float64) Interval {
	return f.interval(f.Slope, f.SlopeSE, confidence)
}

// MeanAt is the interval of the mean of y at x.
func (f Fit) MeanAt(x, confidence float64) Interval {
	se := f.Sigma * math.Sqrt(1/float64(f.N)+sq(x-f.meanX)/f.sxx)
	return f.interval(f.At(x), se, confidence)
}

func (f Fit) interval(value, se, confidence float64) Interval {
	h := TQuantile(0.5+confidence/2, float64(f.N-2)) * se
	return Interval{Value: value, Lo: value - h, Hi: value + h}
}
