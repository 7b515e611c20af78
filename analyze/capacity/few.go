package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// widenWhereFew makes the capacity's interval at least that of least squares where
// there are so few points that parts of one point are left out: leaving out single
// points moves a median of slopes hardly or by a jump, and says little of how far
// it is off. Where there are more, neighbours leave together, and least squares,
// which takes all points for independent, would say too little.
func (d *demand) widenWhereFew() {
	if len(d.x) >= 2*jackknifeParts {
		return
	}
	c, half := &d.capacity, d.leastSquaresHalf()
	if known(half) && known(c.Lo) {
		c.Lo, c.Hi = min(c.Lo, c.Value-half), max(c.Hi, c.Value+half)
	}
}

// leastSquaresHalf is half the interval of the rate at which the line reaches the
// limit, by the scatter of the points about it.
func (d *demand) leastSquaresHalf() float64 {
	n := float64(len(d.x))
	middle := stat.Mean(d.x)
	y := d.drift.without(d.x, d.y, d.line)
	spread, rest := 0.0, 0.0
	for i, x := range d.x {
		spread += sq(x - middle)
		rest += sq(y[i] - d.line.At(x))
	}
	at := math.Sqrt(rest/(n-2)) * math.Sqrt(1/n+sq(d.capacity.Value-middle)/spread)
	return stat.TQuantile(0.5+confidence/2, n-2) * at / d.line.Slope
}
