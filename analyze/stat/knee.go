package stat

import "slices"

// Shape is how a curve bends.
type Shape struct {
	Convex     bool // slopes grow with x; the knee is then called an elbow
	Decreasing bool
}

// Knee is the index of the point at which a curve turns away from the straight
// line between its ends, by Kneedle (Satopaa et al. 2011) without smoothing. x
// must ascend. sensitivity is how far the curve must fall back below its largest
// distance from that line, in mean steps of x; 1 is usual.
//
// It is a mark to draw and says nothing about capacity: it reports a point inside
// whatever range was measured, and moves with the sensitivity. Ask [Segmented]
// whether there is a bend at all. ok is false below four points, when x does not
// ascend, y does not vary, the slices differ in length, a value is not finite, or
// nothing stands out. O(n).
func Knee(x, y []float64, shape Shape, sensitivity float64) (index int, ok bool) {
	n := len(x)
	if n < 4 || !paired(x, y) || !varies(y) || !varies(x) || !slices.IsSorted(x) {
		return 0, false
	}
	d := kneeDistance(x, y, shape)
	step, threshold, top := 1/float64(n-1), 0.0, -1
	for i := 1; i < n-1; i++ {
		switch {
		case d[i] > d[i-1] && d[i] >= d[i+1]:
			top, threshold = i, d[i]-sensitivity*step
		case d[i] < d[i-1] && d[i] <= d[i+1]:
			threshold = 0
		}
		if top >= 0 && d[i+1] < threshold {
			return mirror(top, n, shape), true
		}
	}
	return 0, false
}

// kneeDistance is how far the curve lies above the line between its ends, both
// scaled to [0, 1], after it was mirrored to be concave and increasing.
func kneeDistance(x, y []float64, shape Shape) []float64 {
	lowX, lowY := x[0], slices.Min(y)
	spanX, spanY := x[len(x)-1]-lowX, slices.Max(y)-lowY
	d := make([]float64, len(x))
	for i := range d {
		j := mirror(i, len(x), shape)
		u, v := (x[j]-lowX)/spanX, (y[j]-lowY)/spanY
		if shape.Convex != shape.Decreasing {
			u = 1 - u
		}
		if shape.Convex {
			v = 1 - v
		}
		d[i] = v - u
	}
	return d
}

// mirror is the index that i has after x was turned around, which a concave
// decreasing and a convex increasing curve need.
func mirror(i, n int, shape Shape) int {
	if shape.Convex != shape.Decreasing {
		return n - 1 - i
	}
	return i
}
