package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// hotness is how much more one request costs the busiest instance than the
// average one.
type hotness struct {
	excess float64 // 0.1: 10 % more, hence 1/1.1 of the average capacity
	lo, hi float64 // 95 % interval of excess
	raw    float64 // median of busiest over average, 1 when there is one instance
	n      int
}

// slower scales the capacity of the average instance to the slowest one's.
func (h hotness) slower(c float64) float64 { return c / (1 + h.excess) }

// fitHot separates a slow instance from mere noise. The maximum over k
// instances exceeds their mean even where all are equal, by c(k) standard
// deviations of one; but then the gap also scatters from minute to minute, with
// a known ratio of mean to scatter. Only what exceeds that ratio is systematic:
// excess^2 = gap^2 - (ratio x scatter)^2, which is 0 for equal instances and
// the gap itself when the same instance leads every minute.
func (a *analysis) fitHot() hotness {
	d := a.nearest()
	if d == nil {
		return hotness{raw: 1}
	}
	var gaps, raw []float64
	draws := 0.0
	for j, i := range d.index {
		m, b := &a.minutes[i], &a.buckets[i]
		own := d.y[j] - d.line.Intercept
		if b.k < 2 || !(own > 0.1*d.limit) || !known(d.resource.hot(m)) {
			continue
		}
		gaps = append(gaps, (d.resource.hot(m)-d.y[j])/own)
		raw = append(raw, d.resource.hot(m)/d.y[j])
		draws += max(b.k, zeroIfNaN(m.Reporting))
	}
	n := len(gaps)
	if n < 10 {
		return hotness{raw: 1}
	}
	noise := gapRatio(draws / float64(n))
	excess := func(index []int) float64 {
		v := make([]float64, len(index))
		for j, i := range index {
			v[j] = gaps[i]
		}
		mean, scatter := stat.Mean(v), math.Sqrt(stat.Variance(v))
		q := mean / (noise * scatter)
		if !(q > 1) {
			return 0
		}
		return math.Sqrt(mean*mean - math.Exp(-3.5*math.Sqrt(q-1))*sq(noise*scatter))
	}
	h := hotness{raw: stat.Median(raw), n: n}
	all := stat.Jackknife(n, jackknifeParts, confidence, excess)
	// Two standard errors of the noise ratio itself: below that, the gap is what
	// equal instances show.
	mean, scatter := stat.Mean(gaps), math.Sqrt(stat.Variance(gaps))
	if mean <= noise*scatter*(1+2/math.Sqrt(float64(n))) {
		return h
	}
	h.excess, h.lo, h.hi = all.Value, max(0, all.Lo), all.Hi
	return h
}

// gapRatio is mean over standard deviation of (maximum - mean) of n
// independent normal values: up to 10 from the moments of normal order statistics
// (2 to 5 in closed form, the rest by simulation to three digits), beyond that
// by a line in log n that stays within 4 % up to 120.
func gapRatio(n float64) float64 {
	table := []float64{2: 1.3236, 3: 1.7800, 4: 2.0938, 5: 2.3387, 6: 2.5377, 7: 2.7103, 8: 2.8614, 9: 2.9898, 10: 3.1119}
	i := int(math.Floor(n))
	switch {
	case i < 2:
		return table[2]
	case i < len(table)-1:
		return table[i] + (n-float64(i))*(table[i+1]-table[i])
	}
	return table[10] + 1.17*math.Log(n/10)
}

func sq(x float64) float64 { return x * x }
