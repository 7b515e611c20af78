package job

import (
	"fmt"
	"strings"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

const (
	sparse    = 0.45 // of cores and memory, at their highest: half an instance may do
	spareRoom = 0.80 // of a smaller instance that may be used at most
	busyTop   = 0.95 // quantile of the minutes that a smaller one must bear
	leastFit  = 10   // minutes of work that it is judged from
)

// fit names a smaller or larger instance of the same family as one to test.
// What it would do there is not predicted.
func (r *run) fit() {
	cores, top := means(r.fleet(cpu, always())), 0.0
	mem, _, n := r.peak(memory)
	if len(cores) >= leastFit && n > 0 && r.instance.VCPU > 0 {
		for i := range r.hosts {
			top = max(top, stat.Quantile(means(r.hosts[i].use[cpu]), busyTop))
		}
		r.put(named("cores_used", "cores used on the busiest host, 95th percentile of minutes", "cores", "").
			Seen(top*float64(r.instance.VCPU), len(cores), fmt.Sprintf("Of %d.", r.instance.VCPU)))
		r.put(named("memory_used_gib", "memory used on the fullest host, highest", "GiB", "").
			Seen(mem*r.instance.MemoryGiB, n, fmt.Sprintf("Of %.0f GiB.", r.instance.MemoryGiB)))
	} else {
		return
	}
	if r.instance.GPUs() > 0 || mem >= sparse || top >= sparse {
		return
	}
	small, ok := r.smaller(top*float64(r.instance.VCPU), mem*r.instance.MemoryGiB)
	if !ok {
		return
	}
	evidence := []string{
		fmt.Sprintf("The busiest host used %.1f of %d cores (95th percentile of minutes) and %.0f of %.0f GiB at most; %s has %d and %.0f GiB.",
			top*float64(r.instance.VCPU), r.instance.VCPU, mem*r.instance.MemoryGiB, r.instance.MemoryGiB, small.Type, small.VCPU, small.MemoryGiB),
		"How long the job takes there is not known before it has run there: a program that uses few cores in turn may take longer.",
	}
	now, then := r.d.Prices.Quote(r.d.Region, r.kind, r.use, r.d.Today), r.d.Prices.Quote(r.d.Region, small.Type, r.use, r.d.Today)
	if now.Known && then.Known && now.Price.USDPerHour > 0 {
		evidence = append(evidence, fmt.Sprintf("An hour of it costs %s less: it pays off up to %.1f times the time.",
			share(1-then.Price.USDPerHour/now.Price.USDPerHour), now.Price.USDPerHour/then.Price.USDPerHour))
	}
	r.found.add("job_oversized", finding.Warning, querySeries,
		fmt.Sprintf("%s is larger than what the job used: %s is worth a test.", r.kind, small.Type), evidence...)
}

// smaller is the smallest instance of the same family that would hold what was
// used with room to spare.
func (r *run) smaller(cores, gib float64) (best capacity.Instance, ok bool) {
	family, _, _ := cutLast(r.kind)
	for _, i := range r.d.Types.All() {
		f, _, _ := cutLast(i.Type)
		if f != family || i.VCPU == 0 || i.VCPU >= r.instance.VCPU || float64(i.VCPU)*spareRoom < cores || i.MemoryGiB*spareRoom < gib {
			continue
		}
		if !ok || i.VCPU < best.VCPU {
			best, ok = i, true
		}
	}
	return best, ok
}

// cutLast splits ml.m5.xlarge into ml.m5 and xlarge.
func cutLast(kind string) (family, size string, ok bool) {
	at := strings.LastIndexByte(kind, '.')
	if at < 0 {
		return kind, "", false
	}
	return kind[:at], kind[at+1:], true
}
