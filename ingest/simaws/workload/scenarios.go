package workload

import (
	"fmt"
	"strings"
	"time"
)

// Scenarios answers the load tests that ship with the tool. The first is the
// default of the demo.
func Scenarios() []Config {
	return []Config{
		gpuBound(), cpuBound(), gpuBatching(), workerLimited(), neverSaturated(),
		memoryLeak(), autoscaled(), clientErrors(), closedLoop(),
		hotInstance(), downstreamLimited(), warmUp(), mixedPeriods(), productionWalk(),
	}
}

// Scenario answers the shipped load test of that name.
func Scenario(name string) (Config, error) {
	var names []string
	for _, c := range Scenarios() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Config{}, fmt.Errorf("no scenario %q: have %s", name, strings.Join(names, ", "))
}

// staircase answers five-minute steps at shares of a fleet rate.
func staircase(full float64, shares ...float64) Arrivals {
	var a Arrivals
	for _, s := range shares {
		a.Steps = append(a.Steps, Step{For: 5 * time.Minute, From: full * s, To: full * s})
	}
	return a
}

// vary is the variation that most scenarios have.
func vary(instances ...int) Variation {
	return Variation{Demand: 0.2, CV: 0.25, Load: 0.06, Errors: 0.4, Instances: instances}
}

func ms(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }

func gpuBound() Config {
	return Config{
		Name: "gpu-bound", Endpoint: "gpu-bound-resnet152",
		About:    "Image classification on one GPU per instance; the GPU is busy all the time from the ninth step on.",
		SLO:      SLO{99, 250 * time.Millisecond},
		PeakRPS:  150,
		Arrivals: staircase(82, .15, .3, .45, .58, .7, .8, .88, .95, 1.12, 1.25, 1.4),
		Fleet: Fleet{
			InstanceType: "ml.g5.xlarge", Instances: 2, VCPU: 4, GPUs: 1, MemoryMiB: 16384, GPUMemoryMiB: 22888,
			BackgroundCores: 0.1, Balancer: LeastOutstanding,
		},
		Container: Container{Stack: TorchServe, Model: "resnet152", Workers: 8, QueueLimit: 100, AccessLog: 0.02, ErrorLog: 0.05},
		Service: Service{
			CPU: Demand{Mean: ms(16), CV: 0.5}, GPU: Demand{Mean: ms(24), CV: 0.35},
			ClientErrors: 0.002, Faults: 0.0001,
		},
		Memory:  Memory{BaseMiB: 5200, GPUMiB: 6400},
		Publish: Publish{Noise: 0.01},
		Vary:    vary(1, 2, 3),
	}
}

func cpuBound() Config {
	return Config{
		Name: "cpu-bound", Endpoint: "cpu-bound-xgboost",
		About:    "Gradient-boosted trees on four vCPUs; the cores are full at the top of the staircase.",
		SLO:      SLO{99, 600 * time.Millisecond},
		PeakRPS:  140,
		Arrivals: staircase(64, .2, .35, .5, .65, .78, .9, 1.15, 1.3, 1.45),
		Fleet: Fleet{
			InstanceType: "ml.c5.xlarge", Instances: 2, VCPU: 4, MemoryMiB: 8192, BackgroundCores: 0.15,
		},
		Container: Container{Stack: Gunicorn, Model: "xgboost", Workers: 16, QueueLimit: 128, AccessLog: 0.05, ErrorLog: 0.1},
		Service:   Service{CPU: Demand{Mean: ms(120), CV: 0.45}, ClientErrors: 0.001, Faults: 0.0001},
		Publish:   Publish{Noise: 0.01},
		Vary:      vary(1, 2, 3),
	}
}

func gpuBatching() Config {
	return Config{
		Name: "gpu-batching", Endpoint: "gpu-batching-bert",
		About:    "Triton batches dynamically: the GPU reads busy long before it is full, and the test stops below capacity.",
		SLO:      SLO{99, 600 * time.Millisecond},
		PeakRPS:  150,
		Arrivals: staircase(57, .12, .2, .28, .36, .44, .52, .6, .68, .76, .84),
		Fleet: Fleet{
			InstanceType: "ml.g4dn.xlarge", Instances: 1, VCPU: 4, GPUs: 1, MemoryMiB: 16384, GPUMemoryMiB: 15360,
			BackgroundCores: 0.1,
		},
		Container: Container{Stack: Triton, Model: "bert", Workers: 64, QueueLimit: 256, AccessLog: 0.03, ErrorLog: 0.1},
		Service: Service{
			CPU: Demand{Mean: ms(4), CV: 0.4}, Batch: Batch{Max: 8, Base: ms(60), PerItem: ms(10), CV: 0.08},
			ClientErrors: 0.001,
		},
		Memory:  Memory{BaseMiB: 4700, GPUMiB: 7100},
		Publish: Publish{Noise: 0.01},
		Vary:    vary(1, 2),
	}
}

func workerLimited() Config {
	return Config{
		Name: "worker-limited", Endpoint: "worker-limited-ranker",
		About:    "Four synchronous workers that mostly wait for a feature store: full while CPU reads under a fifth.",
		SLO:      SLO{99, 500 * time.Millisecond},
		PeakRPS:  130,
		Arrivals: staircase(66, .2, .35, .5, .62, .74, .85, 1.15, 1.3, 1.45),
		Fleet: Fleet{
			InstanceType: "ml.m5.xlarge", Instances: 2, VCPU: 4, MemoryMiB: 16384, BackgroundCores: 0.1,
		},
		Container: Container{Stack: Gunicorn, Model: "ranker", Workers: 4, QueueLimit: 100, AccessLog: 0.05, ErrorLog: 0.1},
		Service: Service{
			CPU: Demand{Mean: ms(20), CV: 0.4}, Downstream: Demand{Mean: ms(100), CV: 0.4},
			ClientErrors: 0.001, Faults: 0.0002,
		},
		Publish: Publish{Noise: 0.01},
		Vary:    vary(1, 2, 3),
	}
}

func neverSaturated() Config {
	return Config{
		Name: "never-saturated", Endpoint: "never-saturated-lightgbm",
		About:    "A cautious test that ends at about six tenths of what the cores can take.",
		SLO:      SLO{99, 500 * time.Millisecond},
		PeakRPS:  120,
		Arrivals: staircase(130, .12, .2, .28, .36, .44, .5, .56, .62),
		Fleet: Fleet{
			InstanceType: "ml.c5.2xlarge", Instances: 2, VCPU: 8, MemoryMiB: 16384, BackgroundCores: 0.2, Balancer: RoundRobin,
		},
		Container: Container{Stack: MultiModelServer, Model: "lightgbm", Workers: 24, QueueLimit: 100, AccessLog: 0.05, ErrorLog: 1},
		Service:   Service{CPU: Demand{Mean: ms(120), CV: 0.5}, ClientErrors: 0.001},
		Publish:   Publish{Noise: 0.01},
		Vary:      vary(1, 2, 3),
	}
}
