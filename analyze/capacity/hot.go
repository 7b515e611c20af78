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

// fitHot separates a slow instance from mere noise. The maximum over k
// instances exceeds their mean even where all are equal. Three things tell such a
// gap from a slow instance: it scatters from minute to minute as much as it is
// large, it goes down as more requests share a minute, and it cannot be larger
// than random routing, scattered work and sensors make it.
func (a *analysis) fitHot() hotness {
	if h, ok := a.measuredHot(); ok {
		return h
	}
	gaps, h, instances, reads := a.gaps()
	if len(gaps) < minHot {
		return hotness{raw: 1}
	}
	e := excessOf(gaps, instances, reads)
	h.excess, h.lo, h.hi = e.Value, e.Lo, e.Hi
	if h.excess < leastExcess {
		h.excess, h.lo = 0, 0
	}
	return h
}

// gaps are busiest less average over the average's own use, for the usable
// buckets with enough of it to tell, and how many instances were read how many
// times for each.
func (a *analysis) gaps() (gaps []gap, h hotness, instances, reads int) {
	h = hotness{raw: 1}
	d := a.steadiest()
	if d == nil {
		return nil, h, 0, 0
	}
	var raw, draws, counts []float64
	least := hotShare * d.line.Slope * d.maxRate
	for j, i := range d.index {
		m, b := &a.minutes[i], &a.buckets[i]
		own := d.y[j] - d.line.Intercept
		if b.k < 2 || !(own > least) || !known(d.hot(m)) {
			continue
		}
		n := max(b.k, zeroIfNaN(m.Reporting), zeroIfNaN(m.Samples))
		gaps = append(gaps, gap{
			value: (d.hot(m) - d.y[j]) / own, sensor: d.y[j] / own,
			seen: d.x[j] * m.Seconds * float64(a.spread) * b.k / n,
		})
		raw, draws, counts = append(raw, d.hot(m)/d.y[j]), append(draws, n), append(counts, b.k)
	}
	if len(gaps) > 0 {
		h.raw, h.n = stat.Median(raw), len(gaps)
		instances = int(min(mostUnequal, math.Round(stat.Median(counts))))
		reads = max(1, int(math.Round(stat.Median(draws)/stat.Median(counts))))
	}
	return gaps, h, instances, reads
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

func sq(x float64) float64 { return x * x }
