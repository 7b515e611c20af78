package plot

import (
	"math"
	"strconv"
	"strings"
)

// scale maps values from min to max onto positions from lo to hi.
type scale struct {
	min, max float64
	lo, hi   float64
	log      bool
}

// at is the position of v. On a logarithmic scale v must be positive.
func (s scale) at(v float64) float64 {
	a, b := s.min, s.max
	if s.log {
		a, b, v = math.Log(a), math.Log(b), math.Log(v)
	}
	return s.lo + (v-a)/(b-a)*(s.hi-s.lo)
}

// holds reports whether v lies on the scale.
func (s scale) holds(v float64) bool {
	return finite(v) && v >= s.min-1e-9*math.Abs(s.min) && v <= s.max+1e-9*math.Abs(s.max) && (!s.log || v > 0)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// extent is the least and greatest finite value of several series.
func extent(series ...[]float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, ys := range series {
		for _, y := range ys {
			if finite(y) {
				lo, hi = math.Min(lo, y), math.Max(hi, y)
			}
		}
	}
	return lo, hi, lo <= hi
}

// niceStep is the 1, 2 or 5 times a power of ten that divides span into at most
// n parts.
func niceStep(span float64, n int) float64 {
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// fromZero is a scale from zero to a round number above the top, with its ticks.
func fromZero(top float64, n int) (max float64, ticks []float64) {
	if !(top > 0) || math.IsInf(top, 0) {
		top = 1
	}
	step := niceStep(top, n)
	for i := 0; ; i++ {
		v := float64(i) * step
		ticks = append(ticks, v)
		if v >= top*(1-1e-9) {
			return v, ticks
		}
	}
}

// wholeFromZero is fromZero for counts: its ticks are integers.
func wholeFromZero(top float64, n int) (max float64, ticks []float64) {
	step := math.Max(1, math.Ceil(niceStep(math.Max(top, 1), n)))
	for v := 0.0; ; v += step {
		ticks = append(ticks, v)
		if v >= top {
			return v, ticks
		}
	}
}

// logTicks are the 1, 2 and 5 times powers of ten within [lo, hi], thinned to
// powers of ten where there would be more than n.
func logTicks(lo, hi float64, n int) []float64 {
	for _, multiples := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		var ticks []float64
		for e := math.Floor(math.Log10(lo)); e <= math.Ceil(math.Log10(hi)); e++ {
			for _, m := range multiples {
				if v := m * math.Pow(10, e); v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
					ticks = append(ticks, v)
				}
			}
		}
		if len(ticks) <= n || len(multiples) == 1 {
			return ticks
		}
	}
	return nil
}

// logRange widens [lo, hi] outwards to 1, 2 or 5 times a power of ten.
func logRange(lo, hi float64) (min, max float64) {
	min, max = math.Pow(10, math.Floor(math.Log10(lo))), math.Pow(10, math.Ceil(math.Log10(hi)))
	for _, m := range []float64{5, 2} {
		if v := min * m; v <= lo {
			min = v
			break
		}
	}
	for _, m := range []float64{0.2, 0.5} {
		if v := max * m; v >= hi {
			max = v
			break
		}
	}
	if max <= min {
		max = min * 10
	}
	return min, max
}

// tickNumber is number, in millions where it would be too wide for the margin.
func tickNumber(v float64) string {
	if math.Abs(v) >= 1e6 {
		return number(v/1e6) + " M"
	}
	return number(v)
}

// number writes an axis value with thousands separators and no more decimals
// than it has.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if r := math.Round(v*1e6) / 1e6; r != v {
		s = strconv.FormatFloat(r, 'f', -1, 64)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}
