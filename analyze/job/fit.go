package job

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

const (
	sparse     = 0.45 // of a resource, at its highest: half an instance may do
	spareRoom  = 0.80 // of another instance that may be used at most
	busyTop    = 0.95 // quantile of the minutes that another one must bear
	leastFit   = 10   // minutes of work that it is judged from
	moreMemory = 1.2  // times what was used, where memory was nearly full
	needless   = 0.05 // GPU busy, on average: a job that may do without
)

// used is what the job needed of one instance, as seen.
type used struct {
	cores     float64 // 95th percentile of minutes on the busiest host
	gib       float64 // the most on any host
	gpus      float64 // whole GPUs' worth, 95th percentile on the busiest host
	gpuMiB    float64 // of each GPU, the most on any host; NaN unknown
	gpuBusy   finding.Estimate
	memory    float64 // shares of what there is, the most
	gpuMemory float64
}

// hypothesis is an instance type that a measured fact makes worth a test. What the
// job would do there is not predicted.
type hypothesis struct {
	to      capacity.Instance
	reason  string // a clause: what was measured, with the arithmetic
	cheaper bool   // it has less than the tested one of what the job left unused
}

// fit names other instance types that are worth a test: smaller, larger or
// different ones, each for a measured reason.
func (r *run) fit() {
	n := named("types_to_test", "instance types worth a test", "", "")
	u, why := r.used()
	if why != "" {
		r.put(n.Refused(why))
		return
	}
	all := r.hypotheses(u)
	if len(all) == 0 {
		r.put(n.Seen(0, leastFit, "Nothing that was measured speaks for another type."))
		return
	}
	var names, evidence []string
	var small *hypothesis
	for i := range all {
		h := &all[i]
		names = append(names, h.to.Type)
		line := fmt.Sprintf("%s: %s.", h.to.Type, h.reason)
		if p := r.paysOff(h.to); p != "" {
			line += " " + p
		}
		evidence = append(evidence, line)
		if h.cheaper && small == nil {
			small = h
		}
	}
	r.candidates = all
	r.put(n.Seen(float64(len(all)), leastFit, strings.Join(names, ", ")+"."))
	untold := "How long the job takes on another type is not known before it has run there."
	if small != nil && r.limit == "" && !r.failed() {
		r.found.add("job_oversized", finding.Warning, querySeries, fmt.Sprintf("%s is larger than what the job used: %s is worth a test.", r.kind, small.to.Type),
			append(evidence, untold+" A program that uses few cores in turn may take longer on fewer.")...)
		return
	}
	r.found.add("job_other_type", finding.Info, querySeries, "Worth a test: "+listed(names)+".", append(evidence, untold)...)
}

// used reads what the job needed, or says why that cannot be told.
func (r *run) used() (u used, why string) {
	if r.instance.VCPU == 0 {
		return u, "The instance type is not known, and with it what 100 % is."
	}
	cores := means(r.fleet(cpu, always()))
	top, _, n := r.peak(memory)
	if len(cores) < leastFit || n == 0 {
		return u, fmt.Sprintf("CPU and memory of %d minutes are wanted; there are %d.", leastFit, min(len(cores), n))
	}
	u = used{memory: top, gib: top * r.instance.MemoryGiB, gpuMemory: math.NaN(), gpuMiB: math.NaN(), gpuBusy: estimate(r.measures, "gpu_busy")}
	busiest := func(resource string) (top float64, minutes int) {
		for i := range r.hosts {
			x := means(r.hosts[i].use[resource])
			if len(x) > 0 {
				top, minutes = max(top, stat.Quantile(x, busyTop)), minutes+len(x)
			}
		}
		return top, minutes
	}
	top, _ = busiest(cpu)
	u.cores = top * float64(r.instance.VCPU)
	r.put(named("cores_used", "cores used on the busiest host, 95th percentile of minutes", "cores", "").
		Seen(u.cores, len(cores), fmt.Sprintf("Of %d.", r.instance.VCPU)))
	r.put(named("memory_used_gib", "memory used on the fullest host, highest", "GiB", "").
		Seen(u.gib, n, fmt.Sprintf("Of %.0f GiB.", r.instance.MemoryGiB)))
	if r.instance.GPUs() == 0 {
		return u, ""
	}
	top, minutes := busiest(gpu)
	if minutes < leastFit {
		return u, fmt.Sprintf("GPU utilization of %d minutes is wanted; there is that of %d.", leastFit, minutes)
	}
	u.gpus = top * float64(r.instance.GPUs())
	r.put(named("gpus_used", "GPUs' worth of work on the busiest host, 95th percentile of minutes", "GPUs", "").
		Seen(u.gpus, minutes, fmt.Sprintf("Of %d; a GPU counts as at work while any kernel runs.", r.instance.GPUs())))
	if top, _, n := r.peak(gpuMemory); n > 0 {
		u.gpuMemory, u.gpuMiB = top, top*float64(r.instance.AcceleratorMemoryMiB)
	}
	return u, ""
}

// paysOff is up to which time another type costs no more, where both have prices.
func (r *run) paysOff(to capacity.Instance) string {
	now, then := r.d.Prices.Quote(r.d.Region, r.kind, r.use, r.d.Today), r.d.Prices.Quote(r.d.Region, to.Type, r.use, r.d.Today)
	if !now.Known || !then.Known || now.Price.USDPerHour <= 0 || then.Price.USDPerHour <= 0 {
		return ""
	}
	from, at := now.Price.USDPerHour, then.Price.USDPerHour
	if at < from {
		return fmt.Sprintf("An hour of it costs %s less: it pays off up to %.3g times the time.", share(1-at/from), from/at)
	}
	return fmt.Sprintf("An hour of it costs %s more: it pays off below %.2g times the time.", share(at/from-1), from/at)
}

// candidateParts are the types worth a test beside the one that was used.
func (r *run) candidateParts() []finding.Part {
	if len(r.candidates) == 0 {
		return nil
	}
	rows := []capacity.Instance{r.instance}
	for i := range r.candidates {
		rows = append(rows, r.candidates[i].to)
	}
	var out []finding.Part
	for _, i := range rows {
		source := "As the table of instance types has it."
		p := finding.Part{Kind: "candidate", Name: i.Type, Measures: []finding.Measure{
			told("vcpu", "vCPUs", "", "").Seen(float64(i.VCPU), 1, source), told("memory_gib", "memory, GiB", "", "").Seen(i.MemoryGiB, 1, source),
			told("gpus", "GPUs", "", "").Seen(float64(i.GPUs()), 1, source), told("gpu_memory_gib", "memory of each GPU, GiB", "", "").Seen(math.Round(float64(i.AcceleratorMemoryMiB)/102.4)/10, 1, source),
		}}
		if !r.anyPrice(rows) {
			out = append(out, p)
			continue
		}
		price := told("usd_per_hour", "USD an hour", unitUSD, finding.Lower)
		if q := r.d.Prices.Quote(r.d.Region, i.Type, r.use, r.d.Today); q.Known {
			p.Measures = append(p.Measures, price.Seen(q.Price.USDPerHour, 1, "Of "+q.Price.AsOf.Format("2006-01-02")+"."))
		} else {
			p.Measures = append(p.Measures, price.Refused("No price: "+q.Why+"."))
		}
		out = append(out, p)
	}
	out[0].Name += " (used)"
	return out
}

// anyPrice reports whether one of the types has a price.
func (r *run) anyPrice(types []capacity.Instance) bool {
	return slices.ContainsFunc(types, func(i capacity.Instance) bool {
		return r.d.Prices.Quote(r.d.Region, i.Type, r.use, r.d.Today).Known
	})
}

// listed writes names as a clause.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
