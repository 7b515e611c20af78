package report

import (
	"math"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// resource is one thing that an instance has a limit of, and where a set keeps
// its numbers.
type resource struct {
	name   string
	kind   plot.Kind
	ofStep func(*finding.Step) finding.Number // ratio
	busy   func(*finding.Minute) float64      // busy units, mean over instances
	hot    func(*finding.Minute) float64      // busy units of the busiest instance
	limit  func(*finding.Set) float64         // units of one instance; NaN unknown
	held   bool                               // filled by what is kept there rather than by work
}

// resources are all of them, in the order that reports name them.
func resources() []resource {
	one := func(*finding.Set) float64 { return 1 }
	return []resource{
		{"gpu", plot.GPU, func(s *finding.Step) finding.Number { return s.GPU }, func(m *finding.Minute) float64 { return m.GPU }, func(m *finding.Minute) float64 { return m.GPUHot }, gpuLimit, false},
		{"gpu_memory", plot.GPUMemory, func(s *finding.Step) finding.Number { return s.GPUMemory }, func(m *finding.Minute) float64 { return m.GPUMemory }, func(m *finding.Minute) float64 { return m.GPUMemoryHot }, gpuLimit, true},
		{"cpu", plot.CPU, func(s *finding.Step) finding.Number { return s.CPU }, func(m *finding.Minute) float64 { return m.CPU }, func(m *finding.Minute) float64 { return m.CPUHot }, cpuLimit, false},
		{"memory", plot.Memory, func(s *finding.Step) finding.Number { return s.Memory }, func(m *finding.Minute) float64 { return m.Memory }, func(m *finding.Minute) float64 { return m.MemoryHot }, one, true},
		{"disk", plot.Disk, func(s *finding.Step) finding.Number { return s.Disk }, func(m *finding.Minute) float64 { return m.Disk }, func(m *finding.Minute) float64 { return m.DiskHot }, one, true},
	}
}

func cpuLimit(s *finding.Set) float64 {
	if s.Tested.VCPU > 0 {
		return float64(s.Tested.VCPU)
	}
	return curveLimit(s, "cpu")
}

func gpuLimit(s *finding.Set) float64 {
	if s.Tested.GPUs > 0 {
		return float64(s.Tested.GPUs)
	}
	return curveLimit(s, "gpu")
}

// curveLimit is the limit that the capacity fit was made against.
func curveLimit(s *finding.Set, name string) float64 {
	if c := s.Curve; c != nil && c.Resource == name && known(c.Limit) && c.Limit > 0 {
		return float64(c.Limit)
	}
	return math.NaN()
}

// ratios is the utilization of a resource minute by minute, from 0 to 1; NaN
// where it was not published or the limit is not known.
func (s *scribe) ratios(r resource, of func(*finding.Minute) float64) []float64 {
	limit := r.limit(&s.set)
	return s.series(func(m *finding.Minute) float64 { return of(m) / limit })
}

// series is one value for every minute.
func (s *scribe) series(of func(*finding.Minute) float64) []float64 {
	out := make([]float64, len(s.set.Minutes))
	for i := range s.set.Minutes {
		out[i] = of(&s.set.Minutes[i])
	}
	return out
}

// limitingResource is the bottleneck where it has a utilization, and else the
// resource of the fit, and else the fullest one. ok is false when no utilization
// was published.
func (s *scribe) limitingResource() (resource, bool) {
	wanted := []string{s.set.Answers.Bottleneck.Value}
	if s.set.Curve != nil {
		wanted = append(wanted, s.set.Curve.Resource)
	}
	for _, name := range wanted {
		for _, r := range resources() {
			if r.name == name && anyKnown(s.ratios(r, r.busy)) {
				return r, true
			}
		}
	}
	var fullest resource
	most := math.Inf(-1)
	for _, r := range resources() {
		top := greatest(s.ratios(r, r.busy))
		if r.held && top < nearlyFull {
			top -= 1
		}
		if top > most {
			fullest, most = r, top
		}
	}
	return fullest, !math.IsInf(most, -1)
}

// nearlyFull is the ratio from which memory or disk can be what limits. Below
// it they say how much is held and not how much work is done.
const nearlyFull = 0.9

func anyKnown(vs []float64) bool {
	for _, v := range vs {
		if known(v) {
			return true
		}
	}
	return false
}

// greatest is the greatest known value; minus infinity when none is.
func greatest(vs []float64) float64 {
	top := math.Inf(-1)
	for _, v := range vs {
		if known(v) {
			top = math.Max(top, v)
		}
	}
	return top
}

// least is the least known value; infinity when none is.
func least(vs []float64) float64 {
	bottom := math.Inf(1)
	for _, v := range vs {
		if known(v) {
			bottom = math.Min(bottom, v)
		}
	}
	return bottom
}
