package stat

import (
	"math"
	"slices"
)

// DivisiveOptions steer [EDivisive]. The zero value means windows of 50 values,
// a p-value of .001 and no floors, which are the defaults of Apache Otava.
type DivisiveOptions struct {
	Window       int     // values looked at together; at least 2
	P            float64 // two-sided p-value that a change must stay below
	MinMagnitude float64 // floor of a change, relative to the lesser of the two levels; .05 is sensible
	MinSegment   int     // shortest segment in values; at least 1

	// AsOtava takes variances over n in place of n-1 and, by an index one too
	// high, leaves the left neighbour of a dropped change as it was measured
	// before. Only the comparison with published results wants that.
	AsOtava bool
}

// QuietDivisive are options for data that is looked at every night: on simulated
// independent noise, heavy-tailed or not, .01 to .03 changes in 240 values, and a
// shift of 2.7 standard deviations that lasts 12 values still found in 98 %.
func QuietDivisive() DivisiveOptions {
	return DivisiveOptions{Window: 50, P: 0.0001, MinMagnitude: 0.05, MinSegment: 8}
}

// Change is a shift of level that [EDivisive] found.
type Change struct {
	Index         int     // first value of the new level
	Before, After float64 // means of the segments on both sides
	P             float64 // two-sided, of Student's t
}

// Magnitude is the relative size of the change, seen from the lesser level; a
// side whose mean is 0 counts as no change.
func (c Change) Magnitude() float64 {
	if c.Before == 0 && c.After == 0 {
		return 0
	}
	m := 0.0
	if c.Before != 0 {
		m = math.Abs(c.After/c.Before - 1)
	}
	if c.After != 0 {
		m = max(m, math.Abs(c.Before/c.After-1))
	}
	return m
}

// EDivisive finds where the distribution of a series changes, ascending: the
// split with the greatest energy distance between its sides (Matteson and James
// 2014) is tested by Student's t in sliding windows with a weak threshold, and
// the weakest changes are then merged away until all are significant and large
// enough (Fleming et al. 2023, Hunter; now Apache Otava).
//
// The p-values take values as independent and do not know that the place of a
// split was chosen: with the zero options, 240 values of noise hold .16 changes
// on average when it is normal and .4 to .9 when it has a heavy tail. See
// [QuietDivisive]. nil when a value is not finite. O(n Window) per change found.
func EDivisive(x []float64, o DivisiveOptions) []Change {
	if !allFinite(x) {
		return nil
	}
	o = o.orDefault()
	return o.merge(x, o.weak(x))
}

func (o DivisiveOptions) orDefault() DivisiveOptions {
	if o.Window < 2 {
		o.Window = 50
	}
	if !(o.P > 0) {
		o.P = 0.001
	}
	o.MinSegment = max(1, o.MinSegment)
	return o
}

// weakP is the threshold of the first pass, which must not miss what the second
// can still drop.
func (o DivisiveOptions) weakP() float64 {
	switch {
	case o.P < 0.05:
		return 10 * o.P
	case o.P < 0.5:
		return 2 * o.P
	}
	return o.P
}

// weak is the union of the changes found in windows that overlap by half, or
// that start at the last change found.
func (o DivisiveOptions) weak(x []float64) []int {
	var points []int
	for start := 0; start < len(x); {
		found := o.divide(x[start:min(start+o.Window, len(x))])
		next := start + o.Window/2
		for _, p := range found {
			points = append(points, start+p)
			next = max(next, start+p)
		}
		start = next
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// divide splits a window at its best candidate for as long as the best is
// significant.
func (o DivisiveOptions) divide(x []float64) []int {
	edges := []int{0, len(x)}
	for {
		at, best := -1, math.Inf(-1)
		var left, right []float64
		for i := 1; i < len(edges); i++ {
			segment := x[edges[i-1]:edges[i]]
			if tau, q := energySplit(segment, o.MinSegment); tau > 0 && q > best {
				at, best = edges[i-1]+tau, q
				left, right = segment[:tau], segment[tau:]
			}
		}
		if at < 0 || !(o.studentP(left, right) <= o.weakP()) {
			return edges[1 : len(edges)-1]
		}
		i, _ := slices.BinarySearch(edges, at)
		edges = slices.Insert(edges, i, at)
	}
}

// merge drops the least significant change while one is not significant, then
// the smallest while one is too small. The neighbours of a dropped change are
// measured anew, since their segments grew.
func (o DivisiveOptions) merge(x []float64, points []int) []Change {
	changes := make([]Change, len(points))
	for i, p := range points {
		changes[i].Index = p
	}
	for i := range changes {
		o.measure(x, changes, i)
	}
	for len(changes) > 0 {
		drop := leastSignificant(changes)
		if orOne(changes[drop].P) < o.P {
			if drop = smallest(changes); changes[drop].Magnitude() > o.MinMagnitude {
				return changes
			}
		}
		changes = slices.Delete(changes, drop, drop+1)
		o.measure(x, changes, drop)
		if !o.AsOtava {
			o.measure(x, changes, drop-1)
		}
	}
	return nil
}

func leastSignificant(changes []Change) int {
	at := 0
	for i, c := range changes {
		if orOne(c.P) > orOne(changes[at].P) {
			at = i
		}
	}
	return at
}

func smallest(changes []Change) int {
	at := 0
	for i, c := range changes {
		if c.Magnitude() < changes[at].Magnitude() {
			at = i
		}
	}
	return at
}

// orOne takes a p-value that is not defined for no evidence.
func orOne(p float64) float64 {
	if math.IsNaN(p) {
		return 1
	}
	return p
}

// measure compares the segments on both sides of change i, if there is one.
func (o DivisiveOptions) measure(x []float64, changes []Change, i int) {
	if i < 0 || i >= len(changes) {
		return
	}
	from, at, to := 0, changes[i].Index, len(x)
	if i > 0 {
		from = changes[i-1].Index
	}
	if i+1 < len(changes) {
		to = changes[i+1].Index
	}
	left, right := x[from:at], x[at:to]
	changes[i] = Change{Index: at, Before: Mean(left), After: Mean(right), P: o.studentP(left, right)}
}

// studentP is the two-sided p-value of Student's t with pooled variance. NaN when
// both sides are the same constant, 1 below three values.
func (o DivisiveOptions) studentP(a, b []float64) float64 {
	n, m := float64(len(a)), float64(len(b))
	if n+m < 3 {
		return 1
	}
	pooled := (squaresAbout(a) + squaresAbout(b)) / (n + m - 2)
	if o.AsOtava {
		pooled = (squaresAbout(a)*(n-1)/n + squaresAbout(b)*(m-1)/m) / (n + m - 2)
	}
	return tTailBoth((Mean(a)-Mean(b))/math.Sqrt(pooled*(1/n+1/m)), n+m-2)
}

// squaresAbout is the sum of squares about the mean.
func squaresAbout(x []float64) float64 {
	m, ss := Mean(x), 0.0
	for _, v := range x {
		ss += sq(v - m)
	}
	return ss
}
