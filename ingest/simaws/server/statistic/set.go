// Package statistic computes CloudWatch's statistics of raw values.
//
// Percentiles interpolate linearly between the closest ranks: of n values in
// ascending order x[0] to x[n-1], the percentile p is read at rank (n-1)*p/100
// (Hyndman and Fan's type 7, what numpy and DuckDB's quantile_cont do). AWS
// does not publish its own definition, and answers from a sketch; this one is
// exact, hits the minimum at p0 and the maximum at p100, and is easy to check.
//
// Trimmed statistics treat the sorted values as a step function of the rank and
// cut it at fractional ranks, which is what makes TC and TS fractional.
package statistic

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync"
)

// Set is the raw values of one period of one series. It is safe for use by
// several goroutines once filled.
type Set struct {
	n, sum, min, max float64

	parts   []part
	counted bool // some part has counts

	once   sync.Once
	sorted []float32
	upTo   []float64 // how many values lie at or below sorted[i]; nil means i+1
}

// part is what one Add put in.
type part struct{ values, counts []float32 }

// count is how often value i was put.
func (p part) count(i int) float64 {
	if p.counts == nil {
		return 1
	}
	return float64(p.counts[i])
}

// NewSet is a set with nothing in it.
func NewSet() *Set { return &Set{min: math.Inf(1), max: math.Inf(-1)} }

// Add puts values into the set, value i counts[i] times, or once each when
// counts is nil. The slices are kept and must not change; Add must not follow
// a use of the set.
func (s *Set) Add(values, counts []float32) {
	p := part{values, counts}
	for i, v := range values {
		c, x := p.count(i), float64(v)
		if c <= 0 {
			continue
		}
		s.n += c
		s.sum += c * x
		s.min = min(s.min, x)
		s.max = max(s.max, x)
	}
	s.parts = append(s.parts, p)
	s.counted = s.counted || counts != nil
}

// Empty reports whether nothing was put in.
func (s *Set) Empty() bool { return s.n == 0 }

// sort orders the values, once, in memory of its own.
func (s *Set) sort() {
	s.once.Do(func() {
		if s.counted {
			s.sortCounted()
		} else {
			for _, p := range s.parts {
				s.sorted = append(s.sorted, p.values...)
			}
			slices.Sort(s.sorted)
		}
		s.parts = nil
	})
}

func (s *Set) sortCounted() {
	type weighted struct {
		value float32
		count float64
	}
	var all []weighted
	for _, p := range s.parts {
		for i, v := range p.values {
			if c := p.count(i); c > 0 {
				all = append(all, weighted{v, c})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	total := 0.0
	for _, w := range all {
		total += w.count
		s.sorted = append(s.sorted, w.value)
		s.upTo = append(s.upTo, total)
	}
}

// upper is how many values lie at or below sorted[i].
func (s *Set) upper(i int) float64 {
	if s.upTo == nil {
		return float64(i + 1)
	}
	return s.upTo[i]
}

// at is the value of the given rank, 0 for the smallest.
func (s *Set) at(rank float64) float64 {
	s.sort()
	i := int(rank)
	if s.upTo != nil {
		i = sort.Search(len(s.upTo), func(i int) bool { return s.upTo[i] > rank })
	}
	return float64(s.sorted[max(0, min(i, len(s.sorted)-1))])
}

// percentile is the value at p percent, 0 to 100.
func (s *Set) percentile(p float64) float64 {
	h := (s.n - 1) * p / 100
	if h <= 0 {
		return s.min
	}
	low := math.Floor(h)
	a, b := s.at(low), s.at(low+1)
	return a + (h-low)*(b-a)
}

// atMost is how many values are at most x.
func (s *Set) atMost(x float64) float64 {
	s.sort()
	i := sort.Search(len(s.sorted), func(i int) bool { return float64(s.sorted[i]) > x })
	if i == 0 {
		return 0
	}
	return s.upper(i - 1)
}

// sumBetween is the integral of the sorted values over ranks from to to.
func (s *Set) sumBetween(from, to float64) float64 {
	s.sort()
	total, below := 0.0, 0.0
	for i, v := range s.sorted {
		above := s.upper(i)
		if width := min(above, to) - max(below, from); width > 0 {
			total += width * float64(v)
		}
		below = above
	}
	return total
}
