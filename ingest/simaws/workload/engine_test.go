package workload

import (
	"math"
	"testing"
	"time"
)

// probe is the observer of the queueing tests: it leaves out a warm-up and
// integrates what Little's law speaks of.
type probe struct {
	from     float64
	answers  int
	failures int
	sojourn  float64 // s, summed
	squares  float64
}

func (p *probe) answered(e *engine, r *request, latency float64) {
	if r.arrived < p.from {
		return
	}
	if r.outcome != success {
		p.failures++
		return
	}
	p.answers++
	p.sojourn += latency
	p.squares += latency * latency
}
func (p *probe) sampled(*engine)              {}
func (p *probe) happened(*engine, int, event) {}

func (p *probe) mean() float64 { return p.sojourn / float64(p.answers) }

// constantLoad is one instance with plenty of everything under Poisson arrivals.
func constantLoad(rate float64, s Service) Config {
	return Config{
		Name:      "queueing",
		Arrivals:  Arrivals{Steps: []Step{{For: 1000 * time.Hour, From: rate, To: rate}}},
		Fleet:     Fleet{Instances: 1, VCPU: 1, GPUs: 1},
		Container: Container{Workers: 1 << 20},
		Service:   s,
	}.withDefaults()
}

// simulateFor runs a configuration on instances of nominal speed for about so
// many requests after a tenth of them as warm-up.
func simulateFor(t *testing.T, c Config, requests float64) (*engine, *probe, float64) {
	t.Helper()
	if raceDetector {
		t.Skip("many requests in one goroutine")
	}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	length := requests / c.Arrivals.Steps[0].To
	speeds := make([]float64, c.Fleet.Instances)
	for i := range speeds {
		speeds[i] = 1
	}
	p := &probe{from: length / 10}
	e := newEngine(&c, speeds, 0, c.randomSource(7, serviceStream), p)
	e.run(length / 10)
	for i := range e.instances {
		e.instances[i].processor.advance(e.now)
		e.instances[i].processor.busy = 0
		e.instances[i].accelerator.busy(e.now)
		for d := range e.instances[i].accelerator.devices {
			e.instances[i].accelerator.devices[d].busy = 0
		}
	}
	begin := e.now
	e.run(length * 1.1)
	return e, p, e.now - begin
}

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if math.Abs(got-want) > relative*math.Abs(want) {
		t.Errorf("%s = %.5g, want %.5g within %g %%", what, got, want, 100*relative)
	}
}

// erlangC answers the probability of waiting by the recursion of Erlang's B.
func erlangC(servers int, offered float64) float64 {
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = offered * b / (float64(n) + offered*b)
	}
	rho := offered / float64(servers)
	return b / (1 - rho*(1-b))
}

func TestErlangCPublished(t *testing.T) {
	for _, c := range []struct {
		servers int
		rho     float64
		want    float64
	}{{1, .5, .5}, {2, .8, .711111}, {4, .8, .596432}, {10, .8, .409180}, {32, .9, .458197}} {
		near(t, "Erlang C", erlangC(c.servers, float64(c.servers)*c.rho), c.want, 2e-6)
	}
}

// Workers that only wait for something downstream are the servers of M/M/c.
func TestWorkersAreMMc(t *testing.T) {
	for _, c := range []struct {
		workers int
		rho     float64
	}{{1, 0.6}, {2, 0.8}, {4, 0.8}, {16, 0.8}} {
		service := 100 * time.Millisecond
		cfg := constantLoad(c.rho*float64(c.workers)*10, Service{Downstream: Demand{Mean: service, CV: 1, Shape: Gamma}})
		cfg.Container.Workers, cfg.Container.QueueLimit = c.workers, 1<<20
		_, p, _ := simulateFor(t, cfg, 8e5)
		a := c.rho * float64(c.workers)
		wait := 0.1 * erlangC(c.workers, a) / (float64(c.workers) * (1 - c.rho))
		near(t, "mean sojourn", p.mean(), 0.1+wait, 0.01)
		near(t, "mean wait", p.mean()-0.1, wait, 0.04)
	}
}

// The mean sojourn under processor sharing is S/(1-rho) for every distribution.
func TestProcessorSharingIsInsensitive(t *testing.T) {
	for _, d := range []Demand{
		{Mean: 50 * time.Millisecond},
		{Mean: 50 * time.Millisecond, CV: 1, Shape: Gamma},
		{Mean: 50 * time.Millisecond, CV: 1.5},
		{Mean: 50 * time.Millisecond, CV: 0.5, Shape: Gamma},
	} {
		const rho = 0.7
		_, p, _ := simulateFor(t, constantLoad(rho/0.05, Service{CPU: d}), 1e6)
		near(t, "M/G/1-PS sojourn", p.mean(), 0.05/(1-rho), 0.02)
	}
}

// With exponential demands, sharing N cores has the mean of M/M/N.
func TestProcessorSharingOnCores(t *testing.T) {
	cfg := constantLoad(0.8*4/0.05, Service{CPU: Demand{Mean: 50 * time.Millisecond, CV: 1, Shape: Gamma}})
	cfg.Fleet.VCPU = 5
	cfg.Fleet.BackgroundCores = 1
	_, p, _ := simulateFor(t, cfg, 1e6)
	near(t, "M/M/4 sojourn", p.mean(), 0.05+0.05*erlangC(4, 3.2)/(4*0.2), 0.015)
}

// Pollaczek and Khinchine: one device first come first served.
func TestDeviceIsMG1(t *testing.T) {
	for _, cv := range []float64{0, 0.5, 1} {
		const rho = 0.75
		_, p, _ := simulateFor(t, constantLoad(rho/0.02, Service{GPU: Demand{Mean: 20 * time.Millisecond, CV: cv}}), 1.5e6)
		near(t, "M/G/1 sojourn", p.mean(), 0.02+0.02*rho/(1-rho)*(1+cv*cv)/2, 0.02)
	}
}

func TestUtilizationLawAndLittle(t *testing.T) {
	cfg := constantLoad(30, Service{
		CPU: Demand{Mean: 40 * time.Millisecond, CV: 0.6}, GPU: Demand{Mean: 20 * time.Millisecond, CV: 0.8},
		Downstream: Demand{Mean: 70 * time.Millisecond, CV: 0.3},
	})
	cfg.Fleet.VCPU = 2
	inSystem := &occupancy{}
	e, p, passed := simulateFor(t, cfg, 4e5)
	rate := float64(p.answers) / passed
	near(t, "CPU busy", e.instances[0].processor.busy/passed, rate*0.040, 0.01)
	near(t, "GPU busy", e.instances[0].accelerator.busy(e.now)/passed, rate*0.020, 0.01)

	length := 4e5 / 30.0
	e = newEngine(&cfg, []float64{1}, 0, cfg.randomSource(8, serviceStream), inSystem)
	e.run(length)
	near(t, "Little's N", inSystem.area/length, inSystem.sojourn/length, 0.005)
}

// occupancy integrates the number in the system independently of sojourn times,
// by looking at the instance whenever an answer leaves.
type occupancy struct {
	area, sojourn float64
	last          float64 // time of the last look
}

func (o *occupancy) answered(e *engine, r *request, latency float64) {
	// Everyone present now was present since the last look or since arriving.
	for id := range e.requests {
		if q := &e.requests[id]; q.stage != unused || q == r {
			o.area += e.now - max(o.last, q.arrived)
		}
	}
	o.last = e.now
	o.sojourn += latency
}
func (o *occupancy) sampled(*engine)              {}
func (o *occupancy) happened(*engine, int, event) {}

func TestSaturatedThroughput(t *testing.T) {
	base := Config{
		Name:      "simple",
		Arrivals:  Arrivals{Steps: []Step{{For: time.Minute, From: 1, To: 1}}},
		Fleet:     Fleet{Instances: 1, VCPU: 4, GPUs: 2},
		Container: Container{Workers: 64, QueueLimit: 10},
	}
	for _, c := range []struct {
		name       string
		change     func(*Config)
		want       float64
		bottleneck string
	}{
		{"cpu", func(c *Config) { c.Service.CPU = Demand{Mean: ms(100), CV: 0.5}; c.Fleet.BackgroundCores = 0.5 }, 35, "cpu"},
		{"gpu", func(c *Config) { c.Service.GPU = Demand{Mean: ms(40), CV: 0.5} }, 50, "gpu"},
		{"batch", func(c *Config) { c.Service.Batch = Batch{Max: 16, Base: ms(40), PerItem: ms(5)} }, 2 * 16 / 0.120, "gpu"},
		{"downstream", func(c *Config) { c.Service.Downstream = Demand{Mean: ms(800), CV: 0.5} }, 80, "workers"},
		{"client errors", func(c *Config) {
			c.Service.CPU, c.Service.ClientErrors = Demand{Mean: ms(100), CV: 0.5}, 0.2
		}, 0.8 * 4 / (0.1 * (0.8 + 0.2*clientErrorWork)), "cpu"},
	} {
		cfg := base
		c.change(&cfg)
		truth, err := CapacityOf(cfg, 3)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, truth.CapacityRPS, c.want, 0.01)
		if truth.Bottleneck != c.bottleneck {
			t.Errorf("%s: bottleneck %s, want %s", c.name, truth.Bottleneck, c.bottleneck)
		}
	}
}

// A larger batch does more requests in a GPU-second, while the device already
// reads busy at a fraction of what it can do.
func TestBatchingRaisesThroughput(t *testing.T) {
	capacity := func(most int) float64 {
		cfg := constantLoad(1, Service{Batch: Batch{Max: most, Base: ms(60), PerItem: ms(10)}})
		cfg.Container.Workers = 64
		truth, err := CapacityOf(cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		return truth.CapacityRPS
	}
	one, eight := capacity(1), capacity(8)
	near(t, "unbatched", one, 1/0.07, 0.01)
	near(t, "batched", eight, 8/0.14, 0.01)

	cfg := constantLoad(0.5*eight, Service{Batch: Batch{Max: 8, Base: ms(60), PerItem: ms(10)}})
	e, _, passed := simulateFor(t, cfg, 2e4)
	if busy := e.instances[0].accelerator.busy(e.now) / passed; busy < 0.9 {
		t.Errorf("GPU busy %.2f at half of capacity, want above 0.9", busy)
	}
}

func TestDemandDistributions(t *testing.T) {
	for _, d := range []Demand{
		{Mean: 10 * time.Millisecond, CV: 0.5},
		{Mean: 10 * time.Millisecond, CV: 2, Shape: Gamma},
		{Mean: 10 * time.Millisecond, CV: 0.3, Shape: Gamma},
		{Mean: 10 * time.Millisecond, CV: 1, Shape: Gamma},
		{Mean: 10 * time.Millisecond},
	} {
		s := newSampler(d)
		r := newTestRandom(11)
		const n = 400000
		sum, squares := 0.0, 0.0
		for range n {
			x := s.draw(r)
			sum += x
			squares += x * x
		}
		mean := sum / n
		near(t, "mean", mean, 0.01, 0.02)
		if cv := math.Sqrt(max(0, squares/n-mean*mean)) / mean; math.Abs(cv-d.CV) > 0.03*max(d.CV, 0.01) {
			t.Errorf("%+v: CV %.3f", d, cv)
		}
	}
}
