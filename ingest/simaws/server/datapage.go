package server

import (
	"sort"
	"time"

	"sizewise/ingest/simaws/server/wire"
)

// before reports whether time a comes before b in the scan.
func before(a, b int64, ascending bool) bool {
	if ascending {
		return a < b
	}
	return a > b
}

// unfinished moves every column to where the token stands and drops those
// whose last point was on an earlier page. Position is the time that the last
// page broke off at, Item the first query that did not give its point of it.
func unfinished(columns []*column, at token, ascending bool) []*column {
	var out []*column
	for _, col := range columns {
		col.from = sort.Search(len(col.bins), func(k int) bool {
			start := col.bins[k].start
			if start == at.Position {
				return col.index >= at.Item
			}
			return !before(start, at.Position, ascending)
		})
		col.next = col.from
		if col.next < len(col.bins) || col.status != "" {
			out = append(out, col)
		}
	}
	return out
}

// remaining is how many points the columns still have.
func remaining(columns []*column) int {
	n := 0
	for _, col := range columns {
		n += len(col.bins) - col.next
	}
	return n
}

// head is the time that comes next in the scan and the first column that has a
// point of it; nil when all columns are through.
func head(columns []*column, ascending bool) (int64, *column) {
	var first *column
	var start int64
	for _, col := range columns {
		if col.next == len(col.bins) {
			continue
		}
		if t := col.bins[col.next].start; first == nil || before(t, start, ascending) {
			first, start = col, t
		}
	}
	return start, first
}

// fill puts the next points of all columns on a page, time by time, until it
// is full.
func fill(columns []*column, limit int, ascending bool) {
	for limit > 0 {
		start, first := head(columns, ascending)
		if first == nil {
			return
		}
		for _, col := range columns {
			if limit > 0 && col.next < len(col.bins) && col.bins[col.next].start == start {
				col.next++
				limit--
			}
		}
	}
}

// results is MetricDataResults: every query that was not complete before this
// page, with what the page holds of it, which may be nothing.
func results(columns []*column) []wire.Object {
	out := make([]wire.Object, 0, len(columns))
	for _, col := range columns {
		times, values := col.page()
		status := col.status
		switch {
		case status != "":
		case col.next < len(col.bins):
			status = "PartialData"
		default:
			status = "Complete"
		}
		out = append(out, wire.Object{
			{Name: "Id", Value: col.query.ID},
			{Name: "Label", Value: col.label},
			{Name: "Timestamps", Value: times},
			{Name: "Values", Value: values},
			{Name: "StatusCode", Value: status},
		})
	}
	return out
}

// page is a column's points of this page. A bin whose statistic does not exist
// (percentiles of negative values) is no point.
func (col *column) page() ([]time.Time, []float64) {
	times := make([]time.Time, 0, col.next-col.from)
	values := make([]float64, 0, col.next-col.from)
	for _, b := range col.bins[col.from:col.next] {
		if v, ok := col.stat.Of(col.series.set(b.span)); ok {
			times = append(times, time.UnixMilli(b.start).UTC())
			values = append(values, v)
		}
	}
	return times, values
}
