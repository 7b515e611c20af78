package job

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/dossier"
	"sizewise/analyze/stat"
)

// longestAnswer is what a real-time endpoint has for an answer, in seconds.
// Source: SageMaker API Reference, InvokeEndpoint.
const longestAnswer = 60

// latencyUnit is what one unit of the recommender's ModelLatency is, in seconds,
// and how that is known. The developer guide (Recommendation results) says
// milliseconds; its own example of an answer holds a value that can only be
// microseconds, and the API reference names no unit. So the guide is believed,
// unless the load test's own ClientLatency, documented in milliseconds, or the
// time that an endpoint has for an answer says otherwise. All recommendations of
// a job are in one unit.
func latencyUnit(d *dossier.Dossier) (seconds float64, why string) {
	const milli, micro = 1e-3, 1e-6
	var told []float64
	for _, id := range d.Facts.Names("recommendation") {
		if v := number(d.Facts.Of("recommendation", id, "model_latency")); v > 0 {
			told = append(told, v)
		}
	}
	if len(told) == 0 {
		return milli, ""
	}
	if seen := clientLatency(d); seen > 0 {
		middle := stat.Median(told)
		far := func(unit float64) float64 { return math.Abs(math.Log(middle * unit / seen)) }
		if far(micro) < far(milli) {
			return micro, fmt.Sprintf("Read as microseconds: the load test's ClientLatency was %s, which the documented milliseconds cannot match.", took(seen))
		}
		return milli, "In milliseconds, as documented; the load test's ClientLatency agrees with the unit."
	}
	if slices.Max(told)*milli > longestAnswer {
		return micro, fmt.Sprintf("Read as microseconds: as the documented milliseconds the longest would be %s, and an endpoint has %d s for an answer.", took(slices.Max(told)*milli), longestAnswer)
	}
	return milli, "In milliseconds, as documented; no ClientLatency was published to hold it against."
}

// clientLatency is the typical time of a request as the load test saw it, in
// seconds; NaN without one.
func clientLatency(d *dossier.Dossier) float64 {
	var all []float64
	for i := range d.Series {
		s := &d.Series[i]
		if s.Metric != "ClientLatency" {
			continue
		}
		for j := range s.Points {
			p := &s.Points[j]
			v := p.P50
			if math.IsNaN(v) {
				v = p.Average
			}
			if v > 0 {
				all = append(all, v/1e3)
			}
		}
	}
	if len(all) == 0 {
		return math.NaN()
	}
	return stat.Median(all)
}
