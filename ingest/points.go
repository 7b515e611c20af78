package ingest

import (
	"math"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// rows are the points of one series under construction.
type rows struct {
	points      []lake.Point
	index       map[int64]int // by timestamp
	provisional bool
}

func (r *rows) add(stat string, points []cloudwatch.Point) {
	column, ok := lake.StatOf(stat)
	for _, v := range points {
		i, seen := r.index[v.TS]
		if !seen {
			i = len(r.points)
			r.index[v.TS] = i
			r.points = append(r.points, lake.Point{TS: v.TS, Stats: missing(), Provisional: r.provisional})
		}
		if ok {
			r.points[i].Stats[column] = v.Value
			continue
		}
		if r.points[i].Other == nil {
			r.points[i].Other = make(map[string]float64)
		}
		r.points[i].Other[stat] = v.Value
	}
}

func missing() (stats [lake.NumStats]float64) {
	for i := range stats {
		stats[i] = math.NaN()
	}
	return stats
}
