package stat

import "math"

// Fit is an ordinary least-squares line with what its intervals need.
type Fit struct {
	Line
	SlopeSE, InterceptSE float64 // standard errors under independent residuals
	Sigma                float64 // residual standard deviation, n-2 degrees of freedom
	R2                   float64
	N                    int
	meanX, sxx           float64
}

// OLS fits a least-squares line. ok is false below three points, when x does not
// vary, the slices differ in length or a value is not finite.
func OLS(x, y []float64) (Fit, bool) {
	n := len(x)
	if n < 3 || !paired(x, y) {
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

// InterceptInterval is the intercept's t interval with n-2 degrees of freedom.
func (f Fit) InterceptInterval(confidence float64) Interval {
	return f.interval(f.Intercept, f.InterceptSE, confidence)
}

// PredictAt is the interval of one further y at x, whose error is taken as normal.
func (f Fit) PredictAt(x, confidence float64) Interval {
	se := f.Sigma * math.Sqrt(1+1/float64(f.N)+sq(x-f.meanX)/f.sxx)
	return f.interval(f.At(x), se, confidence)
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
