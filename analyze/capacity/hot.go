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

// partly is the hotness of a time of which only a share is computing.
func (h hotness) partly(share float64) hotness {
	h.excess, h.lo, h.hi = h.excess*share, h.lo*share, h.hi*share
	return h
}

// gapNoise is what the gap between the busiest and the average instance would
// look like if all were equal.
type gapNoise struct {
	ratio float64 // mean over standard deviation of the gap
	most  float64 // mean of the gap at most, relative to the average's use
}

// fitHot separates a slow instance from mere noise. The maximum over k
// instances exceeds their mean even where all are equal, by c(k) standard
// deviations of one instance. Two things tell that from a slow instance: such
// a gap also scatters from minute to minute, with a known ratio r(k) of mean to
// scatter; and it cannot be larger than random routing, scattered work and
// sensors make it. Beyond either, the same instance tends to lead, and noise
// adds the less to its lead the clearer it is: with gap = q x noise,
// excess^2 = gap^2 - w noise^2, w = exp(-3.5 sqrt(q-1)). For two instances that
// is the folded normal distribution, to 2 % of its mean.
func (a *analysis) fitHot() hotness {
	if h, ok := a.measuredHot(); ok {
		return h
	}
	gaps, h, noise := a.gaps()
	n := len(gaps)
	if n < minHot {
		return hotness{raw: 1}
	}
	q := clarity(gaps, noise)
	if q <= 1 {
		return h
	}
	excess := func(index []int) float64 {
		v := make([]float64, len(index))
		for j, i := range index {
			v[j] = gaps[i]
		}
		gap := stat.Mean(v)
		return gap * math.Sqrt(1-math.Exp(-3.5*math.Sqrt(q-1))/sq(q))
	}
	all := stat.Jackknife(n, jackknifeParts, confidence, excess)
	h.excess, h.lo, h.hi = max(0, all.Value), max(0, all.Lo), max(0, all.Hi)
	return h
}

// clarity is how many times the noise the gap is, at most 1 when it may be
// noise. The ratio of n values has a relative standard error of about 1/sqrt(n),
// so that alone it must exceed three of them.
func clarity(gaps []float64, noise gapNoise) float64 {
	mean, scatter := stat.Mean(gaps), math.Sqrt(stat.Variance(gaps))
	byScatter, bySize := mean/(noise.ratio*scatter), mean/noise.most
	if bySize > gapMargin {
		return max(byScatter, bySize)
	}
	if byScatter > 1+3/math.Sqrt(float64(len(gaps))) {
		return byScatter
	}
	return 1
}

// gaps are busiest less average over the average's own use, for the usable
// buckets with enough of it to tell.
func (a *analysis) gaps() ([]float64, hotness, gapNoise) {
	h := hotness{raw: 1}
	d := a.steadiest()
	if d == nil {
		return nil, h, gapNoise{}
	}
	var gaps, raw, draws, most []float64
	sensor := d.readingNoise()
	least := hotShare * d.line.Slope * d.maxRate
	for j, i := range d.index {
		m, b := &a.minutes[i], &a.buckets[i]
		own := d.y[j] - d.line.Intercept
		if b.k < 2 || !(own > least) || !known(d.hot(m)) {
			continue
		}
		gaps = append(gaps, (d.hot(m)-d.y[j])/own)
		raw = append(raw, d.hot(m)/d.y[j])
		n := max(b.k, zeroIfNaN(m.Reporting), zeroIfNaN(m.Samples))
		seen := d.x[j] * m.Seconds * float64(a.spread) * b.k / n
		draws = append(draws, n)
		most = append(most, maximumOf(n)*math.Sqrt(scatteredWork/seen+max(sq(worstSensor), n*sq(sensor))*sq(d.y[j]/own)))
	}
	if len(gaps) > 0 {
		h.raw, h.n = stat.Median(raw), len(gaps)
	}
	return gaps, h, gapNoise{ratio: gapRatio(stat.Mean(draws)), most: stat.Mean(most)}
}

// steadiest is the resource whose gap is looked at: the one nearest to its limit,
// unless its work per request falls with load. Then most of the line is its
// intercept and a gap relative to the rest says nothing, but an instance that is
// slow at batches is slow at the rest of the work too.
func (a *analysis) steadiest() *demand {
	if d := a.nearest(); d == nil || !d.concave {
		return d
	}
	for i := range a.demands {
		if d := &a.demands[i]; d.matters() && !d.concave && d.r2 >= clearR2 {
			return d
		}
	}
	return nil
}

// readingNoise is how much the fleet's reading scatters about the line, relative
// to it, from one point to the next: that of one instance is as many times more
// as the root of their number.
func (d *demand) readingNoise() float64 {
	var steps []float64
	last := math.NaN()
	for i := range d.x {
		rest := d.y[i]/d.line.At(d.x[i]) - 1
		if known(rest - last) {
			steps = append(steps, rest-last)
		}
		last = rest
	}
	if len(steps) < minHot {
		return 0
	}
	return stat.MAD(steps) / math.Sqrt2
}

// gapRatio is mean over standard deviation of (maximum - mean) of n
// independent normal values: up to 10 from the moments of normal order statistics
// (2 to 5 in closed form, the rest by simulation to three digits), beyond that
// by a line in log n that stays within 4 % up to 120.
func gapRatio(n float64) float64 {
	return orderTable([]float64{1.3236, 1.7800, 2.0938, 2.3387, 2.5377, 2.7103, 2.8614, 2.9898, 3.1119}, 1.17, n)
}

// maximumOf is the mean of the largest of n independent standard normal values
// (Harter 1961), beyond 10 by a line in log n that stays within 2 % up to 100.
func maximumOf(n float64) float64 {
	return orderTable([]float64{0.5642, 0.8463, 1.0294, 1.1630, 1.2672, 1.3522, 1.4236, 1.4850, 1.5388}, 0.44, n)
}

// orderTable interpolates a table for n = 2 to 10 and goes on with the given
// growth per unit of log n.
func orderTable(table []float64, growth, n float64) float64 {
	i := int(math.Floor(n)) - 2
	switch {
	case i < 0:
		return table[0]
	case i < len(table)-1:
		return table[i] + (n-math.Floor(n))*(table[i+1]-table[i])
	}
	return table[len(table)-1] + growth*math.Log(n/10)
}

func sq(x float64) float64 { return x * x }
