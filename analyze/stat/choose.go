package stat

import "slices"

// fewToSort is how many values are sorted rather than partitioned.
const fewToSort = 24

// nth is the value that would stand at index k if s were sorted. It reorders s so
// that nothing before k is larger and nothing behind it smaller, in O(n) on
// average. No value may be NaN.
func nth(s []float64, k int) float64 {
	lo, hi := 0, len(s)
	for hi-lo > fewToSort {
		lt, gt := split(s[lo:hi], middleOf(s[lo], s[lo+(hi-lo)/2], s[hi-1]))
		switch {
		case k < lo+lt:
			hi = lo + lt
		case k >= lo+gt:
			lo += gt
		default:
			return s[k]
		}
	}
	slices.Sort(s[lo:hi])
	return s[k]
}

// split reorders s into what is less than the pivot, s[:lt], equal, s[lt:gt], and
// greater.
func split(s []float64, pivot float64) (lt, gt int) {
	gt = len(s)
	for i := 0; i < gt; {
		switch v := s[i]; {
		case v < pivot:
			s[i], s[lt] = s[lt], v
			lt++
			i++
		case v > pivot:
			gt--
			s[i], s[gt] = s[gt], v
		default:
			i++
		}
	}
	return lt, gt
}

// middleOf is the median of three.
func middleOf(a, b, c float64) float64 {
	return max(min(a, b), min(max(a, b), c))
}

// weightedMedian is the least value at which the weights add up to more than half
// of all, and the mean of the two values around it where they add up to half
// exactly. It reorders v. ok is false for none. O(n) on average.
func weightedMedian(v []weighted) (median float64, ok bool) {
	if len(v) == 0 {
		return 0, false
	}
	half := 0.0
	for _, w := range v {
		half += w.weight / 2
	}
	below, lo, hi := 0.0, 0, len(v) // weight of v[:lo], all of it less than the rest
	for lo < hi {
		pivot := middleOf(v[lo].value, v[lo+(hi-lo)/2].value, v[hi-1].value)
		less, equal, lt, gt := splitWeighted(v[lo:hi], pivot)
		switch median = pivot; {
		case below+less > half:
			hi = lo + lt
		case below+less == half && lt > 0:
			return (greatestOf(v[lo:lo+lt]) + pivot) / 2, true
		case below+less+equal > half:
			return pivot, true
		case below+less+equal == half && lo+gt < len(v):
			return (pivot + leastOf(v[lo+gt:])) / 2, true
		default:
			below, lo = below+less+equal, lo+gt
		}
	}
	return median, true // what rounding left over
}

// splitWeighted is split with the weights of the first two parts.
func splitWeighted(v []weighted, pivot float64) (less, equal float64, lt, gt int) {
	gt = len(v)
	for i := 0; i < gt; {
		switch w := v[i]; {
		case w.value < pivot:
			less += w.weight
			v[i], v[lt] = v[lt], w
			lt++
			i++
		case w.value > pivot:
			gt--
			v[i], v[gt] = v[gt], w
		default:
			equal += w.weight
			i++
		}
	}
	return less, equal, lt, gt
}

func greatestOf(v []weighted) float64 {
	out := v[0].value
	for _, w := range v {
		out = max(out, w.value)
	}
	return out
}

func leastOf(v []weighted) float64 {
	out := v[0].value
	for _, w := range v {
		out = min(out, w.value)
	}
	return out
}
