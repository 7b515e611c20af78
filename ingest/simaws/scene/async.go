package scene

import "math"

func asyncScenarios() []Scenario {
	return []Scenario{
		{
			Name: "async-backlog", About: "an asynchronous endpoint whose backlog grows in a surge and is then worked off",
			Draw: func(seed uint64) (*Test, error) { return newAsync("async-backlog", seed, false), nil },
		},
		{
			Name: "async-overrun", About: "an asynchronous endpoint to which more comes than it can do",
			Draw: func(seed uint64) (*Test, error) { return newAsync("async-overrun", seed, true), nil },
		},
	}
}

// newAsync draws a queue: requests come at a rate that surges, the instances do
// them at theirs.
func newAsync(scenario string, seed uint64, overrun bool) *Test {
	s := newSketch(scenario, "endpoint", "transcribe-async", 240, seed)
	instances := 2 + s.r.IntN(3)
	each := s.between(0.4, 1.2)          // requests per second of an instance
	able := each * float64(instances)    // of all
	before := able * s.between(0.4, 0.6) // requests per second that come
	surge := able * s.between(1.4, 1.9)
	from, length := 40+s.r.IntN(20), 30+s.r.IntN(20)
	if overrun {
		length = s.minutes
	}
	came, done := make([]int, s.minutes), make([]int, s.minutes)
	backlog, age := make([]float64, s.minutes), make([]float64, s.minutes)
	queue, peak := 0.0, 0.0
	for i := range s.minutes {
		rate := before
		if i >= from && i < from+length {
			rate = surge
		}
		came[i] = s.poisson(60 * rate)
		most := int(math.Round(60 * able * (1 + 0.03*s.r.NormFloat64())))
		done[i] = min(int(queue)+came[i], most)
		queue += float64(came[i] - done[i])
		peak = max(peak, queue)
		backlog[i] = math.Round(queue + able*s.between(0.8, 1.6)) // those in work count
		age[i] = math.Round(queue/able + s.between(0.5, 3))
	}
	s.asyncMetrics(instances, done, backlog, age, 0.8/each)
	s.truth.Values["capacity_rps_per_instance"] = each
	s.truth.Words["check"], s.truth.Words["verdict"] = "async_backlog", "pass"
	if overrun {
		s.truth.Words["check"], s.truth.Words["verdict"] = "async_backlog_grows", "fail"
		s.truth.Words["refused"] = "drain_s"
	} else {
		s.truth.Values["backlog_max"] = peak
		s.truth.Values["drain_s"] = 0.95 * peak / (able - before) // until a twentieth is left
	}
	end := before
	if overrun {
		end = surge
	}
	s.truth.Values["instances_needed"] = float64(enough(came, each, end))
	s.truth.Values["arrival_rps"] = (before*float64(s.minutes-min(length, s.minutes-from)) + surge*float64(min(length, s.minutes-from))) / float64(s.minutes)
	return s.test()
}

func (s *sketch) asyncMetrics(instances int, done []int, backlog, age []float64, service float64) {
	queue, on := s.dims("EndpointName", s.name), s.variant()
	none := make([]int, s.minutes)
	s.draw(published{space: invocationSpace, name: "ApproximateBacklogSize", unit: "Count", dims: queue}, func(i int) []float64 { return []float64{backlog[i]} })
	s.draw(published{space: invocationSpace, name: "ApproximateBacklogSizePerInstance", unit: "Count", dims: queue}, func(i int) []float64 { return []float64{backlog[i] / float64(instances)} })
	s.draw(published{space: invocationSpace, name: "ApproximateAgeOfOldestRequest", unit: "Seconds", dims: queue}, func(i int) []float64 { return []float64{age[i]} })
	s.draw(published{space: invocationSpace, name: "HasBacklogWithoutCapacity", unit: "Count", dims: queue}, func(int) []float64 { return []float64{0} })
	s.flags(published{space: invocationSpace, name: "InvocationsProcesssed", unit: "Count", dims: on}, done, done)
	s.flags(published{space: invocationSpace, name: "InvocationFailures", unit: "Count", dims: on}, none, done)
	times := func(name, unit string, scale float64, value func(i int) float64) {
		s.draw(published{space: invocationSpace, name: name, unit: unit, dims: on}, func(i int) []float64 {
			out := make([]float64, min(done[i], 40))
			for j := range out {
				out[j] = scale * s.lognormal(max(value(i), 1e-3), 0.2)
			}
			return out
		})
	}
	times("ModelLatency", "Microseconds", 1e6, func(int) float64 { return service })
	times("TimeInBacklog", "Microseconds", 1e6, func(i int) float64 { return age[i] })
	times("TotalProcessingTime", "Milliseconds", 1e3, func(i int) float64 { return age[i] + service + 0.3 })
	gauge := func(name string, middle func(i int) float64) {
		s.draw(published{space: instanceSpace, name: name, unit: "Percent", dims: on}, func(i int) []float64 {
			out := make([]float64, instances)
			for j := range out {
				out[j] = middle(i) * s.between(0.95, 1.05)
			}
			return out
		})
	}
	gauge("CPUUtilization", func(int) float64 { return 130 })
	gauge("MemoryUtilization", func(int) float64 { return 44 })
	gauge("GPUUtilization", func(i int) float64 { return min(97, 97*float64(done[i])/(60*float64(instances)*0.8/service)) })
	s.endpointOf("ml.g4dn.xlarge", instances, nil, nil, map[string]any{
		"AsyncInferenceConfig": map[string]any{"OutputConfig": map[string]any{"S3OutputPath": "s3://answers/" + s.name + "/"}},
	})
	s.log("/aws/sagemaker/Endpoints/"+s.name, variantName+"/i-0a1b2c3d4e5f60718", func(i int) string {
		return stamp(s.at(i), "INFO batch of the queue done")
	})
}

// promised is how long the oldest request may wait in the fleet that is enough,
// in seconds.
const promised = 300

// enough is the smallest fleet in which no request would have waited longer than
// promised, served in the order of coming and one by one, and that does more than
// comes at the end.
func enough(came []int, each, end float64) int {
	for n := 1; ; n++ {
		able := float64(n) * each
		free, longest := 0.0, 0.0 // when the fleet is done with all that came
		for i, requests := range came {
			for k := range requests {
				at := 60 * (float64(i) + (float64(k)+0.5)/float64(requests))
				free = max(free, at) + 1/able
				longest = max(longest, free-at)
			}
		}
		if longest <= promised && able > end {
			return n
		}
	}
}
