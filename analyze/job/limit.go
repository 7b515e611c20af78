package job

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

const (
	full       = 0.85 // of a resource, on average while the job worked: it limits
	waiting    = 0.70 // of the GPUs, under which they wait for something
	leastSteps = 5    // minutes of work that anything is said of

	idleGPUMemory = 0.04 // of a GPU that nothing runs on, for its driver
)

// limits says how busy the cores and GPUs were and which of them limits.
func (r *run) limits() {
	cores := r.put(r.level("cpu_busy", "CPU, mean while the job worked", cpu))
	if r.instance.GPUs() == 0 && len(r.fleet(gpu, always())) == 0 {
		if known(cores) && float64(cores.Lo) > full {
			r.limit = cpu
			r.found.add("job_cpu_bound", finding.Info, querySeries,
				fmt.Sprintf("The CPU limits: it was %s busy while the job worked.", ranged(cores, share)),
				"More or faster cores should shorten the job; that is to be tried, not read off.", r.concurrency())
		}
		return
	}
	work := r.put(r.level("gpu_busy", "GPU, mean while the job worked", gpu))
	r.idle()
	switch {
	case !known(work):
	case float64(work.Lo) > full:
		r.limit = gpu
		r.found.add("job_gpu_bound", finding.Info, querySeries,
			fmt.Sprintf("The GPU limits: it ran kernels %s of the time while the job worked.", ranged(work, share)),
			"How well the kernels use the GPU is not published; a profiler tells.")
	case float64(work.Hi) < needless:
		r.found.add("job_gpus_unused", finding.Warning, querySeries, fmt.Sprintf("The job hardly uses its GPUs: kernels ran %s of the time while it worked.", ranged(work, share)),
			"Either the program does not know of them, or what it has for them to do is not worth an instance with GPUs: see what it says of its device at the start.")
	case float64(work.Hi) < waiting && r.someGPUs():
	case float64(work.Hi) < waiting && !r.waitsForHost():
		r.limit = "data input"
		r.inputBound(work, cores)
	}
}

// someGPUs tells of hosts on which the work and the memory of all GPUs together
// are no more than some of them have: a program that spreads its work holds its
// model on every one. The metrics are sums over the GPUs, which cannot show it
// otherwise.
func (r *run) someGPUs() bool {
	have := r.instance.GPUs()
	top, _, n := r.peak(gpuMemory)
	if have < 2 || n == 0 {
		return false
	}
	busy := 0.0
	for i := range r.hosts {
		if x := means(within(r.hosts[i].use[gpu], r.working)); len(x) > 0 {
			busy = max(busy, stat.Quantile(x, busyTop))
		}
	}
	enough := int(math.Ceil(busy * float64(have)))
	if enough < 1 || enough >= have || top*float64(have) > float64(enough)+idleGPUMemory*float64(have-enough) {
		return false
	}
	r.found.add("job_gpus_unused", finding.Warning, querySeries,
		fmt.Sprintf("The job seems to use %d of the %d GPUs of a host.", enough, have),
		fmt.Sprintf("Added up, kernels ran on %.2g of %d GPUs (95th percentile of minutes), and their memory was used as far as %.2g GPUs have it.", busy*float64(have), have, top*float64(have)),
		"The metrics are sums over the GPUs: which of them worked is not published. Where the program was meant to use all, see how it is launched and what it sees in CUDA_VISIBLE_DEVICES.")
	return true
}

// waitsForHost reports whether the hosts are uneven and the busiest has enough to
// do: then it is what the others wait for.
func (r *run) waitsForHost() bool {
	if !slices.ContainsFunc(r.found, func(f finding.Finding) bool { return f.Check == "job_host_skew" }) {
		return false
	}
	return slices.ContainsFunc(r.hosts, func(h host) bool { return meanOf(within(h.use[gpu], r.working)) >= waiting })
}

func (r *run) inputBound(work, cores finding.Estimate) {
	why := "The cores were not full either, so what is waited for is storage, the network, or a loader that uses few of the cores: more loader workers and prefetching are what to try first."
	if known(cores) && float64(cores.Hi) > full {
		why = "The cores were full meanwhile: preparing the data takes all of them. More cores to a GPU, or less work on each example, are what to try first."
	}
	evidence := []string{why}
	if known(cores) {
		evidence = append(evidence, fmt.Sprintf("CPU %s busy, GPU %s busy.", ranged(cores, share), ranged(work, share)))
	}
	if r.d.Kind == "training" && r.fact("input_mode") == "File" {
		evidence = append(evidence, "The input mode is File; FastFile or Pipe read while the job works.")
	}
	r.found.add("job_input_bound", finding.Warning, querySeries,
		fmt.Sprintf("The GPUs waited for data: they ran kernels only %s of the time while the job worked.", ranged(work, share)), evidence...)
}

// concurrency says what a transform job could be given more of.
func (r *run) concurrency() string {
	if n := r.fact("max_concurrent_transforms"); n != "" {
		return "MaxConcurrentTransforms is " + n + "."
	}
	return ""
}

// level is the mean of a resource over hosts while the job worked.
func (r *run) level(name, label, resource string) finding.Measure {
	n := named(name, label, unitRatio, "")
	x := means(r.fleet(resource, r.working))
	if len(x) < leastSteps {
		return n.Refused(r.tooShort(resource, len(x)))
	}
	return n.Mean(x, fmt.Sprintf("Mean over %s and %d minutes, those of start-up left out; 100 %% is all that an instance has.", plural(len(r.hosts), "host", "hosts"), len(x)))
}

// tooShort says why there is no number of a resource.
func (r *run) tooShort(resource string, n int) string {
	switch {
	case r.resources()[resource].units == 0 && r.instance.VCPU == 0:
		return "The instance type is not known, and with it what 100 % is."
	case n == 0 && len(r.hosts) == 0:
		return "No metric of the hosts was published: SageMaker publishes one point a minute, so that a job of a few minutes may have none."
	case n == 0:
		return "Nothing was published of it while the job worked."
	}
	return fmt.Sprintf("It worked for %d whole minutes: at least %d are wanted.", n, leastSteps)
}

// idle is the share of the GPU time that no kernel ran, start-up of the program
// included: it is paid for.
func (r *run) idle() {
	n := named("gpu_idle_share", "idle share of the GPUs while the program ran", unitRatio, finding.Lower)
	x := means(r.fleet(gpu, r.running))
	if len(x) < leastSteps {
		r.put(n.Refused(r.tooShort(gpu, len(x))))
		return
	}
	for i := range x {
		x[i] = 1 - x[i]
	}
	r.put(n.Mean(x, fmt.Sprintf("One less the GPU utilization, over %d minutes of the program and %s.", len(x), plural(len(r.hosts), "host", "hosts"))))
}
