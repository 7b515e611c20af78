package job

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/capacity"
)

// mostHypotheses are told; a list of all types helps nobody.
const mostHypotheses = 4

// hypotheses are the types that what was measured makes worth a test, for the
// gravest reason first, each type once.
func (r *run) hypotheses(u used) []hypothesis {
	var all []hypothesis
	for _, rule := range []func(used) []hypothesis{r.fullGPUMemory, r.fullMemory, r.moreCores, r.moreGPUs, r.fewerGPUs, r.smaller} {
		for _, h := range rule(u) {
			known := slices.ContainsFunc(all, func(o hypothesis) bool { return o.to.Type == h.to.Type })
			if !known && len(all) < mostHypotheses {
				all = append(all, h)
			}
		}
	}
	return all
}

// first is the least of the types that want lets through: by GPUs, vCPUs, memory
// of host and GPU, those of the family of the one used before others.
func (r *run) first(want func(capacity.Instance) bool) (best capacity.Instance, ok bool) {
	rank := func(i capacity.Instance) int {
		if i.Family() == r.instance.Family() {
			return 0
		}
		return 1
	}
	for _, i := range r.d.Types.All() {
		if i.VCPU == 0 || i.Type == r.kind || !want(i) {
			continue
		}
		if !ok || cmp.Or(
			cmp.Compare(i.AcceleratorCount, best.AcceleratorCount), cmp.Compare(i.VCPU, best.VCPU), cmp.Compare(rank(i), rank(best)),
			cmp.Compare(i.AcceleratorMemoryMiB, best.AcceleratorMemoryMiB), cmp.Compare(i.MemoryGiB, best.MemoryGiB), cmp.Compare(i.Type, best.Type),
		) < 0 {
			best, ok = i, true
		}
	}
	return best, ok
}

// holds reports whether a type has room for what was used of cores and memory.
func holds(i capacity.Instance, u used) bool {
	return float64(i.VCPU)*spareRoom >= u.cores && i.MemoryGiB*spareRoom >= u.gib
}

func (r *run) sameGPUs(i capacity.Instance) bool {
	return i.AcceleratorKind == r.instance.AcceleratorKind && i.Accelerator == r.instance.Accelerator && i.AcceleratorCount == r.instance.AcceleratorCount
}

func (r *run) foundCheck(names ...string) bool {
	for i := range r.found {
		if slices.Contains(names, r.found[i].Check) {
			return true
		}
	}
	return false
}

// fullGPUMemory: as many GPUs, with more memory each.
func (r *run) fullGPUMemory(u used) []hypothesis {
	out := r.foundCheck("job_gpu_out_of_memory")
	if r.instance.GPUs() == 0 || !(out || u.gpuMemory >= nearlyFull) {
		return nil
	}
	have, need := float64(r.instance.AcceleratorMemoryMiB), moreMemory*u.gpuMiB
	if out || math.IsNaN(need) {
		need = moreMemory * have
	}
	to, ok := r.first(func(i capacity.Instance) bool {
		return i.GPUs() == r.instance.GPUs() && float64(i.AcceleratorMemoryMiB) >= need && float64(i.VCPU) >= u.cores && i.MemoryGiB >= u.gib
	})
	if !ok {
		return nil
	}
	reason := fmt.Sprintf("the memory of a GPU was %s full, and %.0f GiB x %.1f is less than its %.0f GiB; some programs reserve all of a GPU's memory, so their own count comes first", share(u.gpuMemory), u.gpuMiB/1024, moreMemory, float64(to.AcceleratorMemoryMiB)/1024)
	if out {
		reason = fmt.Sprintf("the job ran out of GPU memory, of which a GPU has %.0f GiB here and %.0f GiB there; how much it wants is not known", have/1024, float64(to.AcceleratorMemoryMiB)/1024)
	}
	return []hypothesis{{to: to, reason: reason}}
}

// fullMemory: more memory, with as many cores or with more.
func (r *run) fullMemory(u used) []hypothesis {
	out := r.foundCheck("job_out_of_memory")
	if !out && u.memory < nearlyFull && !r.foundCheck("job_memory_grows") {
		return nil
	}
	need := moreMemory * u.gib
	if out {
		need = moreMemory * r.instance.MemoryGiB
	}
	reason := func(i capacity.Instance) string {
		seen := fmt.Sprintf("memory was used up to %.0f of %.0f GiB", u.gib, r.instance.MemoryGiB)
		if out {
			seen = fmt.Sprintf("the job ran out of its %.0f GiB of memory; how much it wants is not known", r.instance.MemoryGiB)
		}
		return fmt.Sprintf("%s, and it has %.0f GiB with %d vCPUs instead of %d", seen, i.MemoryGiB, i.VCPU, r.instance.VCPU)
	}
	var all []hypothesis
	for _, own := range []bool{false, true} {
		if to, ok := r.first(func(i capacity.Instance) bool {
			return r.sameGPUs(i) && i.MemoryGiB >= need && i.VCPU >= r.instance.VCPU && (!own || i.Family() == r.instance.Family()) && (own || related(i, r.instance))
		}); ok {
			all = append(all, hypothesis{to: to, reason: reason(to)})
		}
	}
	return all
}

// moreCores: the same GPUs with more vCPUs where the cores prepare too little for
// them; more cores where there are no GPUs and the cores limit.
func (r *run) moreCores(u used) []hypothesis {
	cores := estimate(r.measures, "cpu_busy")
	if !known(cores) || float64(cores.Lo) <= full {
		return nil
	}
	switch {
	case r.limit == "data input" && float64(u.gpuBusy.Value) > 0:
		busy := float64(cores.Value) * float64(r.instance.VCPU)
		need := busy * full / float64(u.gpuBusy.Value)
		next, ok := r.first(func(i capacity.Instance) bool {
			return r.sameGPUs(i) && i.VCPU > r.instance.VCPU && i.MemoryGiB >= u.gib
		})
		if !ok {
			return nil
		}
		sum := fmt.Sprintf("%.3g busy cores kept the GPU at work %s of the time; were %.0f %% wanted and the work of the cores to spread, that is %.3g x %.2g / %.2g = %.3g cores",
			busy, share(float64(u.gpuBusy.Value)), 100*full, busy, full, float64(u.gpuBusy.Value), need)
		enough, found := r.first(func(i capacity.Instance) bool {
			return r.sameGPUs(i) && float64(i.VCPU) >= need && i.MemoryGiB >= u.gib
		})
		if !found || enough.Type == next.Type {
			return []hypothesis{{to: next, reason: fmt.Sprintf("%s; it has %d instead of %d", sum, next.VCPU, r.instance.VCPU)}}
		}
		return []hypothesis{
			{to: enough, reason: fmt.Sprintf("%s; it has %d instead of %d", sum, enough.VCPU, r.instance.VCPU)},
			{to: next, reason: fmt.Sprintf("the next step, with %d vCPUs for the same GPU, shows whether more cores help at all", next.VCPU)},
		}
	case r.limit == cpu:
		if to, ok := r.first(func(i capacity.Instance) bool {
			return i.GPUs() == 0 && i.AcceleratorCount == 0 && i.Family() == r.instance.Family() && i.VCPU > r.instance.VCPU && i.MemoryGiB >= u.gib
		}); ok {
			return []hypothesis{{to: to, reason: fmt.Sprintf("%.3g of %d cores were busy on average, and it has %d", float64(cores.Value)*float64(r.instance.VCPU), r.instance.VCPU, to.VCPU)}}
		}
	}
	return nil
}

// moreGPUs where they limit.
func (r *run) moreGPUs(u used) []hypothesis {
	if r.limit != gpu {
		return nil
	}
	to, ok := r.first(func(i capacity.Instance) bool {
		return i.Accelerator == r.instance.Accelerator && i.GPUs() > r.instance.GPUs() && i.MemoryGiB >= u.gib
	})
	if !ok {
		return nil
	}
	return []hypothesis{{to: to, reason: fmt.Sprintf("kernels ran %s of the time, and it has %d x %s instead of %d, if the program can use several", share(float64(u.gpuBusy.Value)), to.GPUs(), to.Accelerator, r.instance.GPUs())}}
}

// fewerGPUs: less of the same, a lesser one or none, where the GPUs idled and the
// job waited neither for cores nor for memory.
func (r *run) fewerGPUs(u used) []hypothesis {
	have := r.instance.GPUs()
	if have == 0 || !known(u.gpuBusy) || r.failed() || r.limit == gpu {
		return nil
	}
	if have > 1 {
		to, ok := r.first(func(i capacity.Instance) bool {
			return i.Accelerator == r.instance.Accelerator && i.GPUs() > 0 && i.GPUs() < have && float64(i.GPUs())*fullGPUs >= u.gpus && holds(i, u)
		})
		if ok {
			return []hypothesis{{to: to, cheaper: true, reason: fmt.Sprintf("%.2g GPUs' worth of %d were at work (95th percentile of minutes), with %.1f cores and %.0f GiB; it has %d, with %d vCPUs and %.0f GiB", u.gpus, have, u.cores, u.gib, to.GPUs(), to.VCPU, to.MemoryGiB)}}
		}
		return nil
	}
	if float64(u.gpuBusy.Hi) >= sparse || u.gpus >= sparse {
		return nil
	}
	seen := fmt.Sprintf("the GPU was at work %s of the time", share(float64(u.gpuBusy.Value)))
	if float64(u.gpuBusy.Hi) < needless {
		if to, ok := r.first(func(i capacity.Instance) bool {
			return i.AcceleratorCount == 0 && strings.HasPrefix(i.Family(), "m") && holds(i, u)
		}); ok {
			return []hypothesis{{to: to, cheaper: true, reason: fmt.Sprintf("%s; it has none, %d vCPUs and %.0f GiB, where %.1f and %.0f were used", seen, to.VCPU, to.MemoryGiB, u.cores, u.gib)}}
		}
	}
	if math.IsNaN(u.gpuMiB) {
		return nil
	}
	to, ok := r.first(func(i capacity.Instance) bool {
		return i.GPUs() == 1 && i.AcceleratorMemoryMiB < r.instance.AcceleratorMemoryMiB && float64(i.AcceleratorMemoryMiB)*spareRoom >= u.gpuMiB && holds(i, u)
	})
	if !ok {
		return nil
	}
	return []hypothesis{{to: to, cheaper: to.VCPU <= r.instance.VCPU, reason: fmt.Sprintf("%s and used %.1f of its %.0f GiB; it has one %s of %.0f GiB, %d vCPUs and %.0f GiB",
		seen, u.gpuMiB/1024, float64(r.instance.AcceleratorMemoryMiB)/1024, to.Accelerator, float64(to.AcceleratorMemoryMiB)/1024, to.VCPU, to.MemoryGiB)}}
}

// fullGPUs is what of a number of GPUs may be at work: unlike cores, they are
// meant to be.
const fullGPUs = 1.0

// smaller: fewer cores and less memory, in the family or in one with more or less
// memory to a core.
func (r *run) smaller(u used) []hypothesis {
	if r.failed() || r.foundCheck("job_memory_grows", "job_memory_tight") {
		return nil
	}
	reason := func(i capacity.Instance) string {
		return fmt.Sprintf("the busiest host used %.1f of %d cores (95th percentile of minutes) and %.0f of %.0f GiB at most; it has %d and %.0f GiB", u.cores, r.instance.VCPU, u.gib, r.instance.MemoryGiB, i.VCPU, i.MemoryGiB)
	}
	share := u.cores / float64(r.instance.VCPU)
	var all []hypothesis
	add := func(want func(capacity.Instance) bool) {
		if to, ok := r.first(func(i capacity.Instance) bool { return r.sameGPUs(i) && holds(i, u) && want(i) }); ok {
			all = append(all, hypothesis{to: to, reason: reason(to), cheaper: true})
		}
	}
	switch {
	case share < sparse && u.memory < sparse:
		add(func(i capacity.Instance) bool { return i.Family() == r.instance.Family() && i.VCPU < r.instance.VCPU })
	case share < sparse && r.instance.GPUs() == 0: // memory is wanted, cores are not
		add(func(i capacity.Instance) bool {
			return related(i, r.instance) && i.VCPU < r.instance.VCPU && i.MemoryGiB <= r.instance.MemoryGiB
		})
	case u.memory < sparse && r.instance.GPUs() == 0: // cores are wanted, memory is not
		if to, ok := r.first(func(i capacity.Instance) bool {
			return related(i, r.instance) && i.VCPU == r.instance.VCPU && i.MemoryGiB < r.instance.MemoryGiB && i.MemoryGiB*spareRoom >= u.gib && r.sameGPUs(i)
		}); ok {
			all = append(all, hypothesis{to: to, reason: reason(to)})
		}
	}
	return all
}

// related reports whether two types are of one generation and differ, if at all,
// in the memory that goes with a core: ml.c5, ml.m5 and ml.r5. GPU families are
// related to themselves only.
func related(a, b capacity.Instance) bool {
	x, y := a.Family(), b.Family()
	if x == y {
		return true
	}
	const lettered = "cmr"
	return x != "" && y != "" && x[1:] == y[1:] && strings.IndexByte(lettered, x[0]) >= 0 && strings.IndexByte(lettered, y[0]) >= 0
}
