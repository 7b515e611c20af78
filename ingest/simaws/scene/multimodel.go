package scene

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

func multiModelScenarios() []Scenario {
	return []Scenario{{
		Name: "multimodel-thrashing", About: "a multi-model endpoint whose models push each other out of memory",
		Draw: func(seed uint64) (*Test, error) {
			s := newSketch("multimodel-thrashing", "endpoint", "tenants-mme", 150, seed)
			return s.multiModel(modelPlan{
				models: 60 + s.r.IntN(60), fit: 14 + s.r.IntN(8), rate: s.between(3, 6), skew: s.between(0.7, 1.0),
				download: s.between(1.5, 3), load: s.between(0.6, 1.5), service: s.between(0.04, 0.09),
			}), nil
		},
	}}
}

// modelPlan is what is planted on a multi-model endpoint of one instance.
type modelPlan struct {
	models, fit    int     // that there are, and that memory holds
	rate           float64 // requests per second
	skew           float64 // of the popularity: the nth model is asked for as n to the power of -skew
	download, load float64 // medians, seconds
	service        float64 // median, seconds
}

// cache holds the models used last.
type cache struct {
	fit  int
	held []int // the last used at the end
}

// ask says whether a model was there, and whether another had to go for it.
func (c *cache) ask(model int) (hit, pushed bool) {
	if at := slices.Index(c.held, model); at >= 0 {
		c.held = append(slices.Delete(c.held, at, at+1), model)
		return true, false
	}
	if len(c.held) == c.fit {
		c.held, pushed = c.held[1:], true
	}
	c.held = append(c.held, model)
	return false, pushed
}

// popularity is the share of requests for the models up to each.
func (p modelPlan) popularity() []float64 {
	out, sum := make([]float64, p.models), 0.0
	for i := range out {
		sum += math.Pow(float64(i+1), -p.skew)
		out[i] = sum
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// hitRatio is what the cache comes to in the long run.
func (p modelPlan) hitRatio() float64 {
	r, share, c := rand.New(rand.NewPCG(1, 2)), p.popularity(), cache{fit: p.fit}
	const warm, asked = 5_000, 100_000
	hits := 0
	for i := range warm + asked {
		if hit, _ := c.ask(sort.SearchFloat64s(share, r.Float64())); hit && i >= warm {
			hits++
		}
	}
	return float64(hits) / asked
}

// multiModel draws the endpoint. A request for a model that is not there waits
// for it to be downloaded and loaded.
func (s *sketch) multiModel(p modelPlan) *Test {
	share, c := p.popularity(), cache{fit: p.fit}
	for range 4 * p.fit { // what ran before the window
		c.ask(sort.SearchFloat64s(share, s.r.Float64()))
	}
	asked, hits, none := make([]int, s.minutes), make([]int, s.minutes), make([]int, s.minutes)
	waits, loads, downloads, unloads := make([][]float64, s.minutes), make([][]float64, s.minutes), make([][]float64, s.minutes), make([][]float64, s.minutes)
	for i := range s.minutes {
		asked[i] = s.poisson(60 * p.rate)
		for range asked[i] {
			hit, pushed := c.ask(sort.SearchFloat64s(share, s.r.Float64()))
			if hit {
				hits[i]++
				continue
			}
			download, load := 1e6*s.lognormal(p.download, 0.3), 1e6*s.lognormal(p.load, 0.2)
			waits[i] = append(waits[i], download+load+1e6*s.lognormal(0.05, 0.3))
			downloads[i], loads[i] = append(downloads[i], download), append(loads[i], load)
			if pushed {
				unloads[i] = append(unloads[i], 1e6*s.lognormal(0.08, 0.3))
			}
		}
	}
	on := s.variant()
	at := func(name, unit string) published {
		return published{space: invocationSpace, name: name, unit: unit, dims: on}
	}
	s.flags(at("Invocations", "None"), asked, asked)
	s.flags(at("InvocationsPerInstance", "None"), asked, asked)
	s.flags(at("Invocation4XXErrors", "None"), none, asked)
	s.flags(at("Invocation5XXErrors", "None"), none, asked)
	s.flags(at("ModelCacheHit", "None"), hits, asked)
	for name, x := range map[string][][]float64{"ModelLoadingWaitTime": waits, "ModelLoadingTime": loads, "ModelDownloadingTime": downloads, "ModelUnloadingTime": unloads} {
		s.draw(at(name, "Microseconds"), func(i int) []float64 { return x[i] })
	}
	s.draw(at("ModelLatency", "Microseconds"), func(i int) []float64 { return s.lognormals(asked[i], 1e6*p.service, 0.35) })
	s.draw(at("OverheadLatency", "Microseconds"), func(i int) []float64 {
		out := s.lognormals(asked[i], 6000, 0.3)
		for j := range waits[i] {
			out[j] += waits[i][j]
		}
		return out
	})
	s.draw(published{space: instanceSpace, name: "LoadedModelCount", unit: "None", dims: on}, func(int) []float64 { return []float64{float64(p.fit)} })
	use := func(name string, value func(i int) float64) {
		s.draw(published{space: instanceSpace, name: name, unit: "Percent", dims: on}, func(i int) []float64 { return []float64{value(i) * s.between(0.96, 1.04)} })
	}
	use("CPUUtilization", func(i int) float64 { return 6 + 100*float64(asked[i])/60*p.service*1.1 })
	use("MemoryUtilization", func(int) float64 { return 78 })
	use("DiskUtilization", func(int) float64 { return 31 })
	s.endpointOf("ml.m5.xlarge", 1, nil, nil, nil)
	s.log("/aws/sagemaker/Endpoints/"+s.name, variantName+"/i-0a1b2c3d4e5f60718", func(i int) string {
		if len(loads[i]) == 0 {
			return ""
		}
		return stamp(s.at(i), "INFO model loaded")
	})
	s.sortMetrics()
	s.truth.Values["model_cache_hit_ratio"] = p.hitRatio()
	s.truth.Values["model_load_s"], s.truth.Values["model_download_s"] = p.load*math.Exp(0.2*0.2/2), p.download*math.Exp(0.3*0.3/2)
	s.truth.Values["models_loaded_per_instance"] = float64(p.fit)
	s.truth.Words["check"] = "model_cache"
	return s.test()
}
