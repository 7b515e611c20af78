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

// unknown is the interval of what could not be estimated.
func unknown() Interval { return Interval{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN()} }
