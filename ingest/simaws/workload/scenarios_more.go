package workload

import (
	"math"
	"time"
)

func memoryLeak() Config {
	return Config{
		Name: "memory-leak", Endpoint: "memory-leak-recommender",
		About:    "Every request leaves some memory behind until the kernel kills the containers, long before the cores are full.",
		SLO:      SLO{99, 600 * time.Millisecond},
		PeakRPS:  60,
		Arrivals: staircase(64, .2, .28, .36, .44, .5, .56, .6, .64, .66),
		Fleet: Fleet{
			InstanceType: "ml.c5.xlarge", Instances: 2, VCPU: 4, MemoryMiB: 8192, BackgroundCores: 0.15, Balancer: LeastOutstanding,
		},
		Container: Container{Stack: MultiModelServer, Model: "recommender", Workers: 12, QueueLimit: 100, AccessLog: 0.05, ErrorLog: 0.5},
		Service:   Service{CPU: Demand{Mean: ms(120), CV: 0.4}, ClientErrors: 0.001},
		Memory:    Memory{BaseMiB: 2100, PerRequestMiB: 0.17},
		Publish:   Publish{Noise: 0.01},
		Vary:      vary(1, 2, 3),
	}
}

func autoscaled() Config {
	return Config{
		Name: "autoscaling", Endpoint: "autoscaling-sentiment",
		About:    "Target tracking adds instances while the load climbs; for some minutes it is too late.",
		SLO:      SLO{99, 600 * time.Millisecond},
		PeakRPS:  120,
		Arrivals: staircase(32, .3, .45, .6, 1.2, 1.3, 1.4, 1.9, 2.3, 2.6, 2.8),
		Fleet: Fleet{
			InstanceType: "ml.c5.xlarge", Instances: 1, VCPU: 4, MemoryMiB: 8192, BackgroundCores: 0.15,
			WarmUp: 2 * time.Minute, WarmUpFactor: 1.6,
		},
		Container:   Container{Stack: TorchServe, Model: "sentiment", Workers: 16, QueueLimit: 100, AccessLog: 0.05, ErrorLog: 0.1},
		Service:     Service{CPU: Demand{Mean: ms(120), CV: 0.4}, ClientErrors: 0.001},
		Autoscaling: &Autoscaling{Target: 1200, Min: 1, Max: 6, StartTime: 4 * time.Minute},
		Publish:     Publish{Noise: 0.01},
		Vary:        vary(),
	}
}

func clientErrors() Config {
	return Config{
		Name: "client-errors", Endpoint: "client-errors-ner",
		About:    "One request in twelve is malformed and answered 4xx at every load; the endpoint itself is well.",
		SLO:      SLO{99, 600 * time.Millisecond},
		PeakRPS:  80,
		Arrivals: staircase(64, .15, .22, .3, .38, .45, .52, .58, .64),
		Fleet: Fleet{
			InstanceType: "ml.c5.xlarge", Instances: 2, VCPU: 4, MemoryMiB: 8192, BackgroundCores: 0.15,
		},
		Container: Container{Stack: Gunicorn, Model: "ner", Workers: 16, QueueLimit: 100, AccessLog: 0.05, ErrorLog: 0.5},
		Service:   Service{CPU: Demand{Mean: ms(120), CV: 0.45}, ClientErrors: 0.08},
		Publish:   Publish{Noise: 0.01},
		Vary:      vary(2, 3),
	}
}

func closedLoop() Config {
	var a Arrivals
	for _, clients := range []float64{12, 25, 40, 55, 70, 85, 120, 150, 180} {
		a.Steps = append(a.Steps, Step{For: 5 * time.Minute, From: clients, To: clients})
	}
	a.Closed, a.Think = true, 1500*time.Millisecond
	return Config{
		Name: "closed-loop", Endpoint: "closed-loop-embedder",
		About:    "A load tool with a fixed number of users: the rate stops growing, no request fails, and latency follows the users.",
		SLO:      SLO{99, 500 * time.Millisecond},
		PeakRPS:  120,
		Arrivals: a,
		Fleet: Fleet{
			InstanceType: "ml.g4dn.xlarge", Instances: 2, VCPU: 4, GPUs: 1, MemoryMiB: 16384, GPUMemoryMiB: 15360,
			BackgroundCores: 0.1, Balancer: LeastOutstanding,
		},
		Container: Container{Stack: VLLM, Model: "embedder", Workers: 12, QueueLimit: 400, AccessLog: 0.05, ErrorLog: 1},
		Service:   Service{CPU: Demand{Mean: ms(10), CV: 0.4}, GPU: Demand{Mean: ms(35), CV: 0.4}},
		Memory:    Memory{GPUMiB: 12900},
		Publish:   Publish{Noise: 0.01},
		Vary:      vary(1, 2, 3),
	}
}

func hotInstance() Config {
	c := cpuBound()
	c.Name, c.Endpoint = "hot-instance", "hot-instance-xgboost"
	c.About = "Four instances of unequal speed get equal shares, so that the slowest is full while the average still has room."
	c.Arrivals = staircase(122, .2, .35, .5, .65, .78, .88, 1.2, 1.35, 1.5)
	c.Fleet.Instances, c.Fleet.SpeedSpread, c.Fleet.Balancer = 4, 0.15, RoundRobin
	c.Container.AccessLog = 0.02
	c.Vary = vary(3, 4)
	return c
}

func downstreamLimited() Config {
	c := workerLimited()
	c.Name, c.Endpoint = "downstream-limited", "downstream-limited-fraud"
	c.About = "Asynchronous workers wait most of a second for another service; neither CPU nor queue look busy until they are all waiting."
	c.SLO = SLO{99, 2 * time.Second}
	c.Fleet.InstanceType, c.Fleet.VCPU, c.Fleet.MemoryMiB = "ml.c5.large", 2, 4096
	c.Container.Stack, c.Container.Model, c.Container.Workers = MultiModelServer, "fraud", 24
	c.Service.CPU = Demand{Mean: ms(12), CV: 0.4}
	c.Service.Downstream = Demand{Mean: ms(720), CV: 0.35, Shape: Gamma}
	return c
}

func warmUp() Config {
	c := cpuBound()
	c.Name, c.Endpoint = "warm-up", "warm-up-catboost"
	c.About = "The first minutes are slow while caches fill and code is compiled; then the cores fill up."
	c.Fleet.WarmUp, c.Fleet.WarmUpFactor = 6*time.Minute, 2.2
	c.Container.Stack, c.Container.Model = TorchServe, "catboost"
	return c
}

func mixedPeriods() Config {
	c := gpuBound()
	c.Name, c.Endpoint = "mixed-periods", "mixed-periods-detector"
	c.About = "Four GPUs in one instance, utilization published every five minutes beside invocations every minute."
	c.SLO = SLO{99, 500 * time.Millisecond}
	c.PeakRPS = 130
	c.Arrivals = staircase(80, .15, .3, .45, .6, .75, .88, 1.15, 1.3, 1.45)
	c.Fleet = Fleet{
		InstanceType: "ml.g5.12xlarge", Instances: 1, VCPU: 48, GPUs: 4, MemoryMiB: 196608, GPUMemoryMiB: 22888,
		BackgroundCores: 0.4,
	}
	c.Container.Model, c.Container.Workers = "detector", 16
	c.Service.CPU, c.Service.GPU = Demand{Mean: ms(60), CV: 0.5}, Demand{Mean: ms(50), CV: 0.4}
	c.Memory = Memory{}
	c.Publish.Period = 5 * time.Minute
	c.Vary = vary(1)
	return c
}

// productionWalk is recorded minute rates: a slow wave with faster ones on it.
func productionWalk() Config {
	c := neverSaturated()
	c.Name, c.Endpoint = "production-walk", "production-walk-lightgbm"
	c.About = "Two hours of recorded production traffic, never above two thirds of capacity, with no steps at all."
	c.Arrivals = Arrivals{}
	for m := range 120 {
		x := float64(m)
		rate := 38 + 22*math.Sin(x/19) + 9*math.Sin(x/7+1) + 4*math.Sin(x/2.3)
		c.Arrivals.Steps = append(c.Arrivals.Steps, Step{For: time.Minute, From: max(8, rate), To: max(8, rate)})
	}
	c.Publish.Noise = 0.03
	c.Vary.Instances = nil
	return c
}
