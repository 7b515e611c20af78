package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a point estimate with the ends of its confidence interval.
type Interval struct {
	Value, Lo, Hi float64
}

// Mean is the arithmetic mean of x, NaN when x is empty.
func Mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// Variance is the unbiased sample variance of x, NaN below two values.
func Variance(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	m, ss := Mean(x), 0.0
	for _, v := range x {
		ss += (v - m) * (v - m)
	}
	return ss / float64(len(x)-1)
}

// Quantile is the p-quantile of x by linear interpolation between order
// statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy). It
// is NaN when x is empty or holds NaN, or p is outside [0, 1].
func Quantile(x []float64, p float64) float64 {
	if len(x) == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	s := slices.Clone(x)
	if slices.ContainsFunc(s, math.IsNaN) {
		return math.NaN()
	}
	h := p * float64(len(s)-1)
	i := int(math.Floor(h))
	v := nth(s, i)
	if i >= len(s)-1 {
		return v
	}
	return v + (h-float64(i))*(slices.Min(s[i+1:])-v)
}

func sortedQuantile(s []float64, p float64) float64 {
	h := p * float64(len(s)-1)
	i := int(math.Floor(h))
	if i >= len(s)-1 {
		return s[len(s)-1]
	}
	return s[i] + (h-float64(i))*(s[i+1]-s[i])
}

// Median is the middle of x, NaN when x is empty.
func Median(x []float64) float64 { return Quantile(x, 0.5) }

// madToSigma makes the median absolute deviation of a normal sample estimate
// its standard deviation: 1 over the 0.75 quantile of the standard normal.
const madToSigma = 1.482602218505602

// MAD is the median absolute deviation of x scaled to estimate the standard
// deviation of normal data. NaN when x is empty.
func MAD(x []float64) float64 {
	m := Median(x)
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = math.Abs(v - m)
	}
	return madToSigma * Median(d)
}

// TQuantile is the p-quantile of Student's t with df degrees of freedom, which
// from 1e8 on is that of the normal. NaN when p is outside [0, 1] or df below .1.
func TQuantile(p, df float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(df >= 0.1):
		return math.NaN()
	case p == 0 || p == 1 || df > 1e8:
		return normalQuantile(p)
	}
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// normalQuantile is the p-quantile of the standard normal, NaN when p is outside
// [0, 1].
func normalQuantile(p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return distuv.UnitNormal.Quantile(p)
}

// Autocorrelation is the lag-1 autocorrelation of x, NaN when x is constant or
// shorter than three.
func Autocorrelation(x []float64) float64 {
	if len(x) < 3 {
		return math.NaN()
	}
	m := Mean(x)
	num, den := 0.0, 0.0
	for i, v := range x {
		den += (v - m) * (v - m)
		if i > 0 {
			num += (v - m) * (x[i-1] - m)
		}
	}
	return num / den
}

// VarianceUpper is the upper end of the one-sided confidence interval of a
// variance that was estimated from normal values with dof degrees of freedom:
// variance x dof over the chi-squared quantile. NaN without degrees of freedom or
// with a confidence outside [0, 1].
func VarianceUpper(variance, dof, confidence float64) float64 {
	if !(dof > 0) || !(confidence >= 0 && confidence <= 1) {
		return math.NaN()
	}
	return variance * dof / distuv.ChiSquared{K: dof}.Quantile(1-confidence)
}
