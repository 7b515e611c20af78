package stat

import "math"

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func allFinite(x []float64) bool {
	for _, v := range x {
		if !finite(v) {
			return false
		}
	}
	return true
}

// varies tells whether x has two finite values that differ.
func varies(x []float64) bool {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo < hi
}

// unknown is the interval of what could not be estimated.
func unknown() Interval { return Interval{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN()} }
