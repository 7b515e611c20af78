package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// PutMetrics merges points of one subject into the day files they belong to and
// says how many points the lake did not have and how many it had otherwise. A
// statistic that does not come with a point does not erase the one that is
// there, so sources that know different statistics add up. Series with an empty
// Subject belong to subject; those of another subject are an error.
//
// A day's file is held in memory while it is merged: about 120 bytes a point.
func (l *Lake) PutMetrics(ctx context.Context, subject string, data []SeriesPoints) (added, changed int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fetched := l.now().UnixMicro()
	days, err := metricDays(subject, data, fetched)
	if err != nil {
		return 0, 0, fmt.Errorf("writing metrics of %s: %w", subject, err)
	}
	for _, day := range sortedKeys(days) {
		path := l.dayPath("metrics", day, subject)
		var a, c int64
		err := l.mend(ctx, "metrics", path, func() (err error) {
			a, c, err = l.putMetricDay(ctx, path, days[day])
			return err
		})
		if err != nil {
			return added, changed, err
		}
		added, changed = added+a, changed+c
	}
	return added, changed, nil
}

// track is one series in one day: points in ascending time, each with the time
// it was fetched at.
type track struct {
	Series
	points  []Point
	fetched []int64
}

// tracks is a day of series by key.
type tracks map[string]*track

// metricDays hands the points out by day and series. Points are shared with
// data where they can be and copied where they have to be ordered.
func metricDays(subject string, data []SeriesPoints, fetched int64) (map[int64]tracks, error) {
	days := map[int64]tracks{}
	for i := range data {
		s, err := cleanSeries(subject, data[i].Series)
		if err != nil {
			return nil, err
		}
		key := seriesKey(&s)
		points := ordered(data[i].Points)
		for len(points) > 0 {
			day, err := dayOf(points[0].TS)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", s.Namespace, s.Metric, err)
			}
			n := before(points, (day+1)*dayMicros)
			if days[day] == nil {
				days[day] = tracks{}
			}
			days[day].merge(key, &track{Series: s, points: points[:n], fetched: appendRun(nil, fetched, n)})
			points = points[n:]
		}
	}
	return days, nil
}

// before is the number of leading points before end.
func before(points []Point, end int64) int {
	n, _ := slices.BinarySearchFunc(points, end, func(p Point, end int64) int { return cmp.Compare(p.TS, end) })
	return n
}

// ordered returns points in ascending time, without equal times: points itself
// where it is that way, else a copy.
func ordered(points []Point) []Point {
	ascending := true
	for i := 1; i < len(points) && ascending; i++ {
		ascending = points[i-1].TS < points[i].TS
	}
	if ascending {
		return points
	}
	own := slices.Clone(points)
	slices.SortStableFunc(own, func(a, b Point) int { return cmp.Compare(a.TS, b.TS) })
	out := own[:1]
	for _, p := range own[1:] {
		if last := &out[len(out)-1]; last.TS == p.TS {
			*last, _ = mergePoint(*last, p)
			continue
		}
		out = append(out, p)
	}
	return out
}

// cleanSeries is s as it is stored: of subject, valid text, sorted dimensions.
func cleanSeries(subject string, s Series) (Series, error) {
	s.Subject = cmp.Or(s.Subject, subject)
	if s.Subject != subject {
		return s, fmt.Errorf("series %s %s is of %s", s.Namespace, s.Metric, s.Subject)
	}
	for _, text := range []*string{&s.Account, &s.Region, &s.Subject, &s.Namespace, &s.Metric, &s.Unit} {
		*text = cleanText(*text)
	}
	s.Dims = slices.Clone(s.Dims)
	for i, d := range s.Dims {
		s.Dims[i] = Dim{Name: cleanText(d.Name), Value: cleanText(d.Value)}
	}
	slices.SortFunc(s.Dims, func(a, b Dim) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	for i := 1; i < len(s.Dims); i++ {
		if s.Dims[i].Name == s.Dims[i-1].Name {
			return s, fmt.Errorf("series %s %s has dimension %s twice", s.Namespace, s.Metric, s.Dims[i].Name)
		}
	}
	return s, nil
}

// seriesKey is the identity of a series as one string. Lengths keep parts apart.
func seriesKey(s *Series) string {
	var b strings.Builder
	part := func(text string) {
		b.WriteString(strconv.Itoa(len(text)))
		b.WriteByte(':')
		b.WriteString(text)
	}
	part(s.Account)
	part(s.Region)
	part(s.Namespace)
	part(s.Metric)
	part(strconv.Itoa(int(s.PeriodS)))
	for _, d := range s.Dims {
		part(d.Name)
		part(d.Value)
	}
	return b.String()
}

// compareSeries is the order of series in a file: by the names of their
// dimensions, the fewest first, so that the few series of a whole variant lie
// apart from the many of its instances, and a query of either reads no more.
func compareSeries(a, b *track) int {
	return cmp.Or(
		compareDimSets(a.Dims, b.Dims),
		cmp.Compare(a.Namespace, b.Namespace),
		cmp.Compare(a.Metric, b.Metric),
		slices.CompareFunc(a.Dims, b.Dims, func(x, y Dim) int { return cmp.Compare(x.Value, y.Value) }),
		cmp.Compare(a.PeriodS, b.PeriodS),
		cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.Region, b.Region),
	)
}

// compareDimSets orders dimensions by their number and names.
func compareDimSets(a, b []Dim) int {
	return cmp.Or(
		cmp.Compare(len(a), len(b)),
		slices.CompareFunc(a, b, func(x, y Dim) int { return cmp.Compare(x.Name, y.Name) }),
	)
}

// putMetricDay merges one day. The file is left alone when nothing is new.
func (l *Lake) putMetricDay(ctx context.Context, path string, came tracks) (added, changed int64, err error) {
	all, err := l.readMetrics(ctx, path)
	if err != nil {
		return 0, 0, err
	}
	for _, key := range slices.Sorted(maps.Keys(came)) {
		a, c := all.merge(key, came[key])
		added, changed = added+a, changed+c
	}
	if added+changed == 0 {
		return 0, 0, nil
	}
	err = l.replace(path, func(f *os.File) error { return l.writeMetrics(ctx, f, all) })
	if err != nil {
		return 0, 0, err
	}
	return added, changed, nil
}

// writeMetrics writes series as a file.
func (l *Lake) writeMetrics(ctx context.Context, f *os.File, all tracks) error {
	series := slices.SortedFunc(maps.Values(all), compareSeries)
	rows := 0
	for _, t := range series {
		rows += len(t.points)
	}
	w, err := newMetricWriter(f, rows, l.mem)
	if err != nil {
		return err
	}
	for _, t := range series {
		if err := errors.Join(ctx.Err(), w.add(t)); err != nil {
			return errors.Join(err, w.close())
		}
	}
	return w.close()
}

// merge takes came over and says how many points are new and how many changed.
func (ts tracks) merge(key string, came *track) (added, changed int64) {
	old, ok := ts[key]
	if !ok {
		ts[key] = came
		return int64(len(came.points)), 0
	}
	changed = old.agree(came)
	unit := cmp.Or(came.Unit, old.Unit)
	if unit != old.Unit {
		// The unit is the series': every row of it changes.
		changed = int64(len(old.points))
		old.Unit = unit
	}
	a, c := old.merge(came)
	return a, max(changed, c)
}

// merge unites the points of two tracks of one series.
func (t *track) merge(came *track) (added, changed int64) {
	out := track{
		Series:  t.Series,
		points:  make([]Point, 0, len(t.points)+len(came.points)),
		fetched: make([]int64, 0, len(t.points)+len(came.points)),
	}
	i := 0
	for j, p := range came.points {
		for ; i < len(t.points) && t.points[i].TS < p.TS; i++ {
			out.push(t.points[i], t.fetched[i])
		}
		if i == len(t.points) || t.points[i].TS > p.TS {
			out.push(p, came.fetched[j])
			added++
			continue
		}
		merged, differs := mergePoint(t.points[i], p)
		fetched := t.fetched[i]
		if differs {
			fetched = came.fetched[j]
			changed++
		}
		out.push(merged, fetched)
		i++
	}
	out.points = append(out.points, t.points[i:]...)
	out.fetched = append(out.fetched, t.fetched[i:]...)
	*t = out
	return added, changed
}

func (t *track) push(p Point, fetched int64) {
	t.points = append(t.points, p)
	t.fetched = append(t.fetched, fetched)
}

// mergePoint is old with what came: statistics that came win, others stay. A
// settled point does not become provisional again by being seen again.
func mergePoint(old, came Point) (merged Point, differs bool) {
	merged = old
	for i, v := range came.Stats {
		if !math.IsNaN(v) && v != old.Stats[i] {
			merged.Stats[i], differs = v, true
		}
	}
	cloned := false
	for name, v := range came.Other {
		if was, ok := old.Other[name]; math.IsNaN(v) || ok && was == v {
			continue
		}
		if !cloned {
			merged.Other, cloned = make(map[string]float64, len(old.Other)+1), true
			maps.Copy(merged.Other, old.Other)
		}
		merged.Other[name], differs = v, true
	}
	if differs || old.Provisional {
		differs = differs || came.Provisional != old.Provisional
		merged.Provisional = came.Provisional
	}
	return merged, differs
}
