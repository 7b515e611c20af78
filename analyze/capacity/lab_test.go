package capacity

import (
	"math"
	"math/rand/v2"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/slo"
)

// lab is an endpoint whose behaviour is known in closed form. Rates are per
// instance and second.
type lab struct {
	seed       uint64
	vcpu, gpus int
	k          int
	cpu, gpu   float64   // seconds of one core or GPU per request
	wait       float64   // seconds of neither
	background float64   // busy cores at no load
	workers    int       // 0: as many as it takes
	slow       []float64 // demand factor per instance; nil: all 1
	batch      bool      // GPU work per request falls with the rate
	noise      float64   // relative, of utilization readings
	shares     []float64 // of the capacity, one step each
	width      int       // buckets per step
	clients    float64   // 4xx ratio
	faults     float64   // 5xx ratio at every load
	closed     bool      // shares are of the clients that just fill the endpoint
	leak       float64   // memory ratio per minute
}

// steps that stay below the limit, and steps that pass it.
var (
	below  = []float64{.12, .2, .28, .36, .44, .52, .6, .68}
	beyond = []float64{.15, .3, .45, .6, .75, .88, 1.15, 1.3, 1.45}
)

func cpuLab(shares []float64) lab {
	return lab{vcpu: 4, k: 2, cpu: .1, background: .15, noise: .01, shares: shares, width: 5}
}

func gpuLab(shares []float64) lab {
	return lab{vcpu: 4, gpus: 1, k: 2, cpu: .004, gpu: .018, background: .1, noise: .01, shares: shares, width: 5}
}

// alone is the latency without any queue.
func (l lab) alone() float64 { return l.cpu + l.gpu + l.wait }

// capacityOf is the rate at which instance i is full, and by what.
func (l lab) capacityOf(i int) (float64, string) {
	f := 1.0
	if l.slow != nil {
		f = l.slow[i]
	}
	c, by := (float64(l.vcpu)-l.background)/(l.cpu*f), "cpu"
	if l.gpu > 0 {
		if g := float64(l.gpus) / (l.gpu * f); g < c {
			c, by = g, "gpu"
		}
	}
	if l.batch {
		c *= 3
	}
	if l.workers > 0 {
		if w := float64(l.workers) / (l.cpu*f + l.gpu*f + l.wait); w < c*.999 {
			c, by = w, "workers"
		}
	}
	return c, by
}

// truth is the slowest instance's capacity, and the mean one's.
func (l lab) truth() (slowest, mean float64, by string) {
	slowest = math.Inf(1)
	for i := range l.k {
		c, b := l.capacityOf(i)
		mean += c / float64(l.k)
		if c < slowest {
			slowest, by = c, b
		}
	}
	return slowest, mean, by
}

// run is the load test: what would have been published, minute by minute.
func (l lab) run() []finding.Minute {
	r := rand.New(rand.NewPCG(l.seed, 11))
	start := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	_, mean, _ := l.truth()
	var out []finding.Minute
	memory := 0.3
	for s, share := range l.shares {
		for range l.width {
			m := l.minute(r, share, mean, float64(s))
			m.Start = start.Add(time.Duration(len(out)) * time.Minute)
			if l.leak > 0 {
				memory += l.leak
				if memory > .98 {
					memory = .3
					m.Errors5XX = math.Round(m.Invocations * .4)
				}
				m.Memory, m.MemoryHot = memory, memory
			}
			out = append(out, m)
		}
	}
	return out
}

func (l lab) minute(r *rand.Rand, share, mean, step float64) finding.Minute {
	k := float64(l.k)
	rate := share * mean
	concurrency := 0.0
	if l.closed { // latency follows the clients once the endpoint is full
		concurrency = share * mean * l.alone()
		rate = min(share, 1) * mean
	}
	count := rate * 60 * k
	count = math.Max(0, math.Round(count+math.Sqrt(count)*r.NormFloat64()))
	if l.closed && share >= 1 {
		count = math.Round(mean * 60 * k * (1 + .002*r.NormFloat64()))
	}
	m := blank()
	m.Invocations, m.PerInstance, m.ModelCount = count, count/k, count
	m.Errors4XX = math.Round(count * l.clients)
	var cpu, gpu []float64
	served, worst := 0.0, 0.0
	for i := range l.k {
		x := count / 60 / k * (1 + .01*r.NormFloat64())
		c, _ := l.capacityOf(i)
		done := min(x, c)
		served += done
		worst = max(worst, min(.999, x/c))
		f := 1.0
		if l.slow != nil {
			f = l.slow[i]
		}
		scatter := func() float64 { return 1 + l.noise*r.NormFloat64() }
		done *= 1 - l.clients
		cpu = append(cpu, min(float64(l.vcpu), (l.background+l.cpu*f*done)*scatter()))
		gpu = append(gpu, min(float64(l.gpus), l.gpuBusy(f*done)*scatter()))
	}
	m.Errors5XX = math.Round(max(0, count-served*60))
	if m.Errors5XX < 3*math.Sqrt(count) && worst < .99 {
		m.Errors5XX = 0
	}
	m.Errors5XX += math.Round(l.faults * (count - m.Errors5XX))
	m.CPU, m.CPUHot = meanMax(cpu)
	if l.gpus > 0 {
		m.GPU, m.GPUHot = meanMax(gpu)
	}
	l.latency(&m, worst, share, concurrency, r)
	m.Reporting = k
	return m
}

// gpuBusy bends down with the rate when the GPU batches.
func (l lab) gpuBusy(x float64) float64 {
	if l.batch {
		return 1 - math.Exp(-l.gpu*x)
	}
	return l.gpu * x
}

// latency is that of a queue with a bounded length: alone at low load, twenty
// times that beyond the limit.
func (l lab) latency(m *finding.Minute, worst, share, concurrency float64, r *rand.Rand) {
	c := float64(max(1, l.vcpu))
	if l.gpus > 0 {
		c = 1
	}
	if l.workers > 0 {
		c = float64(l.workers)
	}
	grow := math.Pow(worst, math.Sqrt(2*(c+1))-1) / (c * (1 - worst)) * .6
	held := l.cpu
	if l.gpus > 0 {
		held = l.gpu
	}
	if l.workers > 0 {
		held = l.alone()
	}
	mean := (l.alone() + held*min(20, grow)) * (1 + .01*r.NormFloat64())
	if l.closed && share > 1 {
		mean = concurrency / (m.Invocations / 60 / float64(l.k))
	}
	m.ModelMean, m.ModelP50, m.ModelP90, m.ModelP95, m.ModelP99, m.ModelMax = mean, mean*.9, mean*1.6, mean*2, mean*3, mean*4
	m.OverheadMean, m.OverheadMax = .004, .02
}

func meanMax(v []float64) (mean, most float64) {
	for _, x := range v {
		mean += x / float64(len(v))
		most = max(most, x)
	}
	return mean, most
}

// blank is a minute in which nothing was published.
func blank() finding.Minute {
	n := math.NaN()
	return finding.Minute{
		Seconds: 60, Instances: n, Invocations: n, PerInstance: n, Errors4XX: n, Errors5XX: n, ModelErrors: n,
		ModelMean: n, ModelP50: n, ModelP90: n, ModelP95: n, ModelP99: n, ModelMax: n, ModelCount: n, OverheadMean: n, OverheadMax: n,
		CPU: n, CPUHot: n, GPU: n, GPUHot: n, GPUMemory: n, GPUMemoryHot: n, Memory: n, MemoryHot: n, Disk: n, DiskHot: n,
		Reporting: n, ConcurrencyMax: n,
	}
}

func (l lab) input(minutes []finding.Minute) Input {
	return Input{Minutes: minutes, Tested: finding.Tested{VCPU: l.vcpu, GPUs: l.gpus}, PeakRPS: math.NaN()}
}

func (l lab) analyze() Result { return Analyze(l.input(l.run())) }

func mustSLO(s string) slo.SLO {
	out, err := slo.Parse(s)
	if err != nil {
		panic(err)
	}
	return out
}
