package scene

import (
	"math"
	"time"
)

func componentScenarios() []Scenario {
	return []Scenario{{
		Name: "component-copies", About: "an inference component under rising load: what one copy of it takes",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("component-copies", "component", "llm-chat", 150, seed)
			return s.component(2+s.r.IntN(3), s.between(0.05, 0.12), s.between(0.62, 0.85)), nil
		},
	}}
}

// component draws a component of so many copies whose GPU works demand seconds
// on a request; the load climbs in stairs up to a share of what a copy takes.
func (s *sketch) component(copies int, demand, highest float64) *Test {
	const stairs, idle = 6, 0.02
	able := (1 - idle) / demand // requests per second of a copy
	load, asked := make([]float64, s.minutes), make([]int, s.minutes)
	for i := range s.minutes {
		stair := 1 + i*stairs/s.minutes
		load[i] = highest * float64(stair) / stairs // of what a copy takes
		asked[i] = s.poisson(60 * load[i] * able * float64(copies))
	}
	own := s.dims("InferenceComponentName", s.name)
	at := func(name, unit string) published {
		return published{space: invocationSpace, name: name, unit: unit, dims: own}
	}
	none := make([]int, s.minutes)
	s.flags(at("Invocations", "None"), asked, asked)
	s.flags(at("Invocation4XXErrors", "None"), none, asked)
	s.flags(at("Invocation5XXErrors", "None"), none, asked)
	s.draw(at("InvocationsPerCopy", "None"), func(i int) []float64 { return []float64{float64(asked[i]) / float64(copies)} })
	s.draw(at("ModelLatency", "Microseconds"), func(i int) []float64 {
		return s.lognormals(asked[i], 1e6*demand*(1+0.5*load[i]/(1-load[i])), 0.3)
	})
	s.draw(at("OverheadLatency", "Microseconds"), func(i int) []float64 { return s.lognormals(asked[i], 4000, 0.3) })
	s.draw(published{space: invocationSpace, name: "ConcurrentRequestsPerCopy", unit: "None", dims: own, step: 10 * time.Second}, func(i int) []float64 {
		out := make([]float64, copies)
		for j := range out {
			out[j] = float64(s.poisson(load[i/6] / (1 - load[i/6])))
		}
		return out
	})
	use := func(name string, value func(i int) float64) {
		s.draw(published{space: componentSpace, name: name, unit: "Percent", dims: own}, func(i int) []float64 {
			out := make([]float64, copies)
			for j := range out {
				out[j] = min(100, value(i)*s.between(0.97, 1.03))
			}
			return out
		})
	}
	rate := func(i int) float64 { return float64(asked[i]) / 60 / float64(copies) }
	use("GPUUtilizationNormalized", func(i int) float64 { return 100 * (idle + demand*rate(i)) })
	use("CPUUtilizationNormalized", func(i int) float64 { return 4 + 30*demand*rate(i) })
	use("MemoryUtilizationNormalized", func(int) float64 { return 41 })
	use("GPUMemoryUtilizationNormalized", func(int) float64 { return 63 })
	s.describe("DescribeInferenceComponent", s.name, map[string]any{
		"EndpointName": s.name + "-host", "EndpointArn": "arn:aws:sagemaker:" + regionName + ":" + accountID + ":endpoint/" + s.name + "-host", "VariantName": variantName,
		"InferenceComponentStatus": "InService", "CreationTime": s.start.Add(-20 * time.Hour), "LastModifiedTime": s.start.Add(-19 * time.Hour),
		"Specification": map[string]any{
			"ModelName":                   s.name + "-model",
			"ComputeResourceRequirements": map[string]any{"NumberOfAcceleratorDevicesRequired": 1.0, "NumberOfCpuCoresRequired": 4.0, "MinMemoryRequiredInMb": 16_384},
		},
		"RuntimeConfig": map[string]any{"DesiredCopyCount": copies, "CurrentCopyCount": copies},
	})
	s.log("/aws/sagemaker/InferenceComponents/"+s.name, variantName+"/i-0a1b2c3d4e5f60718", func(i int) string { return stamp(s.at(i), "INFO served") })
	s.truth.Values["capacity_rps_per_copy"] = math.Round(1e6*able) / 1e6
	s.truth.Values["copies"] = float64(copies)
	s.truth.Words["verdict"] = "pass"
	return s.test()
}
