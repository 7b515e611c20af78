package workload

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func newTestRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// The number of arrivals in each segment is that of its area.
func TestSourceFollowsRamp(t *testing.T) {
	s := source{segments: segments([]Step{
		{For: time.Hour, From: 10, To: 10},
		{For: time.Hour, From: 10, To: 50},
		{For: time.Hour},
		{For: time.Hour, From: 40, To: 0},
	}, 100)}
	r := newTestRandom(5)
	var got [4]float64
	firstHalf := 0.0
	for now := s.next(0, r); !math.IsInf(now, 1); now = s.next(now, r) {
		hour := (now - 100) / 3600
		got[int(hour)]++
		if hour > 1 && hour < 1.5 {
			firstHalf++
		}
	}
	for i, want := range []float64{36000, 108000, 0, 72000} {
		if math.Abs(got[i]-want) > 5*math.Sqrt(want) {
			t.Errorf("segment %d: %g arrivals, want %g", i, got[i], want)
		}
	}
	if want := 20 * 1800.0; math.Abs(firstHalf-want) > 5*math.Sqrt(want) {
		t.Errorf("first half of the ramp: %g arrivals, want %g", firstHalf, want)
	}
}

func TestRecordedArrivals(t *testing.T) {
	c := constantLoad(1, Service{CPU: Demand{Mean: ms(1)}})
	c.Container.Workers = 2
	c.Name, c.Arrivals = "recorded", Arrivals{Times: []time.Duration{0, time.Second, 90 * time.Second}}
	res, err := Run(c, 1)
	if err != nil {
		t.Fatal(err)
	}
	if res.Counts.Requests != 3 || !res.End.Equal(res.Start.Add(2*time.Minute)) {
		t.Errorf("%d requests until %v", res.Counts.Requests, res.End)
	}
}

// The interactive law X = N/(Z+R) holds in every closed loop.
func TestClosedLoopObeysInteractiveLaw(t *testing.T) {
	c := constantLoad(1, Service{CPU: Demand{Mean: ms(50), CV: 0.5}})
	c.Fleet.VCPU, c.Service.Overhead = 2, Demand{Mean: ms(1)}
	c.Arrivals = Arrivals{Closed: true, Think: time.Second, Steps: []Step{{For: 24 * time.Hour, From: 30, To: 30}}}
	p := &probe{from: 600}
	e := newEngine(&c, []float64{1}, 0, c.randomSource(2, serviceStream), p)
	e.run(20600)
	near(t, "rate", float64(p.answers)/20000, 30/(1+p.mean()), 0.01)
}

func TestQueueOverflowAnswersAtOnce(t *testing.T) {
	c := constantLoad(100, Service{Downstream: Demand{Mean: time.Second}})
	c.Container.Workers, c.Container.QueueLimit = 2, 3
	_, p, passed := simulateFor(t, c, 1e5)
	near(t, "served", float64(p.answers)/passed, 2, 0.02)
	near(t, "latency", p.mean(), 2.5, 0.02) // five places in the system, two answers a second
	if p.failures < 90000 {
		t.Errorf("%d failures", p.failures)
	}
}

func TestBalancers(t *testing.T) {
	sojourn := func(b Balancer) float64 {
		c := constantLoad(64, Service{Downstream: Demand{Mean: ms(50), CV: 0.5}})
		c.Fleet.Instances, c.Fleet.Balancer = 4, b
		c.Container.Workers, c.Container.QueueLimit = 1, 1000
		_, p, _ := simulateFor(t, c, 2e5)
		return p.mean()
	}
	random, robin, least := sojourn(Random), sojourn(RoundRobin), sojourn(LeastOutstanding)
	if !(least < robin && robin < random) {
		t.Errorf("mean latency: least outstanding %.4f, round robin %.4f, random %.4f", least, robin, random)
	}
	near(t, "random balancing is M/G/1", random, 0.05+0.05*0.8/0.2*(1+0.25)/2, 0.04)
}

func TestMemoryGrowthKillsAndRestarts(t *testing.T) {
	c, err := Scenario("memory-leak")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(8) {
		res, err := Run(c, seed)
		if err != nil {
			t.Fatal(err)
		}
		if res.Counts.Kills < 1 || res.Counts.ServerErrors < 20 {
			t.Errorf("seed %d: %+v", seed, res.Counts)
		}
	}
}

func TestAutoscalingAddsInstances(t *testing.T) {
	c, err := Scenario("autoscaling")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(8) {
		res, err := Run(c, seed)
		if err != nil {
			t.Fatal(err)
		}
		if res.Counts.MaxInstances < 3 || res.Account.Endpoints[0].Variants[0].CurrentCount < 3 {
			t.Errorf("seed %d: %+v, %d at the end", seed, res.Counts, res.Account.Endpoints[0].Variants[0].CurrentCount)
		}
	}
}

func TestAgendaSorts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOf(rapid.IntRange(0, 20)).Draw(t, "times")
		var a agenda
		var want, got []timed
		for i, at := range times {
			a.push(timed{at: float64(at), id: int32(i)})
			want = append(want, timed{at: float64(at), id: int32(i)})
		}
		slices.SortFunc(want, func(x, y timed) int {
			if x.before(y) {
				return -1
			}
			return 1
		})
		for len(a) > 0 {
			got = append(got, a.pop())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestFIFOKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q fifo
		var want []int32
		for i, push := range rapid.SliceOf(rapid.Bool()).Draw(t, "operations") {
			if push {
				q.push(int32(i))
				want = append(want, int32(i))
			} else if len(want) > 0 {
				if got := q.pop(); got != want[0] {
					t.Fatalf("got %d, want %d", got, want[0])
				}
				want = want[1:]
			}
			if q.size != len(want) {
				t.Fatalf("size %d, want %d", q.size, len(want))
			}
		}
	})
}

func TestImpossibleConfigurations(t *testing.T) {
	good := cpuBound()
	for name, spoil := range map[string]func(*Config){
		"no name":       func(c *Config) { c.Name = "" },
		"no load":       func(c *Config) { c.Arrivals = Arrivals{} },
		"no instances":  func(c *Config) { c.Fleet.Instances = 0 },
		"all cores":     func(c *Config) { c.Fleet.BackgroundCores = 4 },
		"no GPU":        func(c *Config) { c.Service.GPU.Mean = ms(1) },
		"no demand":     func(c *Config) { c.Service = Service{} },
		"odd period":    func(c *Config) { c.Publish.Period = 45 * time.Second },
		"step backward": func(c *Config) { c.Arrivals.Steps[0].For = -time.Second },
		"small maximum": func(c *Config) { c.Autoscaling = &Autoscaling{Target: 1, Min: 1, Max: 1} },
	} {
		c := good
		c.Arrivals.Steps = slices.Clone(good.Arrivals.Steps)
		spoil(&c)
		if _, err := Run(c, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
