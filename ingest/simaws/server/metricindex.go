package server

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/statistic"
)

// metricIndex finds series by their identity.
type metricIndex struct {
	byKey map[string][]*series // same identity, different units
	all   []*series            // in ListMetrics order

	mu    sync.Mutex
	used  []*series // those that remember sets, the longest unused first
	total int       // sets that they remember
}

// series is one metric with its points' times in front and what was computed of it.
type series struct {
	*account.Series
	key   string
	times []int64 // epoch milliseconds of the points

	mu   sync.Mutex
	sets map[span]*statistic.Set

	counted int // sets in metricIndex.total; under its lock
}

// span is a run of a series' points, from inclusive, to exclusive.
type span struct{ from, to int }

// maxSets bounds what is remembered of one series, so that a client that walks
// through ever new windows starts over, and of all series together: the
// statistics of one minute are asked for within a call or two.
const maxSets = 1 << 16

func newMetricIndex(metrics []account.Series) *metricIndex {
	x := &metricIndex{byKey: map[string][]*series{}}
	for i := range metrics {
		m := &metrics[i]
		s := &series{Series: m, key: seriesKey(m.Namespace, m.Name, m.Dims), sets: map[span]*statistic.Set{}}
		s.times = make([]int64, len(m.Points))
		for j, p := range m.Points {
			s.times[j] = p.Time.UnixMilli()
		}
		x.byKey[s.key] = append(x.byKey[s.key], s)
		x.all = append(x.all, s)
	}
	slices.SortStableFunc(x.all, func(a, b *series) int { return strings.Compare(a.key, b.key) })
	return x
}

// seriesKey is a metric's identity: dimensions are a set.
func seriesKey(namespace, name string, dims []account.Dim) string {
	sorted := slices.Clone(dims)
	slices.SortFunc(sorted, func(a, b account.Dim) int { return strings.Compare(a.Name, b.Name) })
	var b strings.Builder
	b.WriteString(namespace + "\x00" + name)
	for _, d := range sorted {
		b.WriteString("\x00" + d.Name + "\x01" + d.Value)
	}
	return b.String()
}

// find is the series with an identity and, unless unit is empty, that unit;
// nil when there is none.
func (x *metricIndex) find(m metric, unit string) *series {
	for _, s := range x.byKey[seriesKey(m.Namespace, m.Name, m.Dims)] {
		if unit == "" || unit == seriesUnit(s.Unit) {
			return s
		}
	}
	return nil
}

// seriesUnit is the unit as published; what is put without one gets None.
func seriesUnit(unit string) string {
	if unit == "" {
		return "None"
	}
	return unit
}

// published is how many points the account knows of by now: a point is put when
// its publish period is over.
func (s *series) published(now time.Time) int {
	resolution := s.Resolution
	if resolution == 0 {
		resolution = time.Minute
	}
	limit := now.Add(-resolution).UnixMilli()
	return sort.Search(len(s.times), func(i int) bool { return s.times[i] > limit })
}

// lastPut is when the newest published point began; false when there is none.
func (s *series) lastPut(now time.Time) (time.Time, bool) {
	n := s.published(now)
	if n == 0 {
		return time.Time{}, false
	}
	return time.UnixMilli(s.times[n-1]), true
}

// touched notes that series were read, and forgets what is remembered of those
// that were not for the longest when it is too much together.
func (x *metricIndex) touched(columns []*column) {
	x.mu.Lock()
	defer x.mu.Unlock()
	fresh := map[*series]bool{}
	for _, col := range columns {
		if s := col.series; s != nil && !fresh[s] {
			fresh[s] = true
			s.mu.Lock()
			x.total += len(s.sets) - s.counted
			s.counted = len(s.sets)
			s.mu.Unlock()
		}
	}
	x.used = slices.DeleteFunc(x.used, func(s *series) bool { return fresh[s] })
	for len(x.used) > 0 && x.total > maxSets {
		old := x.used[0]
		x.used = x.used[1:]
		old.mu.Lock()
		x.total -= old.counted
		old.sets, old.counted = map[span]*statistic.Set{}, 0
		old.mu.Unlock()
	}
	for _, s := range x.all {
		if fresh[s] {
			x.used = append(x.used, s)
		}
	}
}

// bin is the points of one period.
type bin struct {
	start int64 // epoch milliseconds
	span
}

// bins cuts the points in [start, end) into periods that begin at start, oldest
// first. Periods without points have no bin.
func (s *series) bins(start, end time.Time, period time.Duration, now time.Time) []bin {
	first, last := start.UnixMilli(), end.UnixMilli()
	width := period.Milliseconds()
	known := s.published(now)
	i := sort.Search(known, func(i int) bool { return s.times[i] >= first })
	var out []bin
	for i < known && s.times[i] < last {
		began := first + (s.times[i]-first)/width*width
		j := i + 1
		for j < known && s.times[j] < began+width && s.times[j] < last {
			j++
		}
		out = append(out, bin{start: began, span: span{i, j}})
		i = j
	}
	return out
}

// set is the raw values of a run of points. It is computed once: nine
// statistics of the same minute share one sorted copy.
func (s *series) set(p span) *statistic.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set, ok := s.sets[p]; ok {
		return set
	}
	if len(s.sets) >= maxSets {
		clear(s.sets)
	}
	set := statistic.NewSet()
	for _, point := range s.Points[p.from:p.to] {
		set.Add(point.Values, point.Counts)
	}
	s.sets[p] = set
	return set
}
