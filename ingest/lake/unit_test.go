package lake

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUnitsOfTimeAgree unites points of one series that came in microseconds and
// in milliseconds, in both orders: none is read wrong by a thousand.
func TestUnitsOfTimeAgree(t *testing.T) {
	at := func(unit string, ts int64, value float64) *track {
		p := Point{TS: ts, Other: map[string]float64{"tm90": value, "PR(:1)": 7}}
		for s := range p.Stats {
			p.Stats[s] = math.NaN()
		}
		p.Stats[SampleCount], p.Stats[P99] = 3, value
		return &track{Series: Series{Metric: "ModelLatency", Unit: unit}, points: []Point{p}, fetched: []int64{1}}
	}
	for _, order := range [][]*track{
		{at("Microseconds", 60, 2000), at("Milliseconds", 120, 5)},
		{at("Milliseconds", 120, 5), at("Microseconds", 60, 2000)},
	} {
		given := order[1].points[0].Stats[P99]
		shared := order[1].points
		all := tracks{}
		all.merge("k", order[0])
		all.merge("k", order[1])
		got := all["k"]
		var values []float64
		for _, p := range got.points {
			values = append(values, p.Stats[P99], p.Stats[SampleCount], p.Other["tm90"], p.Other["PR(:1)"])
		}
		if d := cmp.Diff([]float64{2000, 3, 2000, 7, 5000, 3, 5000, 7}, values); got.Unit != "Microseconds" || d != "" {
			t.Errorf("%s\n%s", got.Unit, d)
		}
		if shared[0].Stats[P99] != given {
			t.Error("points that others hold were changed")
		}
	}
	all := tracks{}
	all.merge("k", at("Count", 60, 2))
	if _, changed := all.merge("k", at("None", 120, 2)); changed != 1 || all["k"].points[0].Stats[P99] != 2 || all["k"].Unit != "None" {
		t.Errorf("units of no time: %+v, %d changed", all["k"], changed)
	}
}
