package capacity

import (
	"cmp"
	"math"
	"slices"

	"sizewise/analyze/finding"
)

const (
	mostCandidates = 4
	memoryReserve  = 1.2 // over what was used, at the target utilization
)

// Candidates are the types among all that may be worth a test instead of the
// tested one, cheapest step first: with more of what fills up, and enough memory
// for what was used. Nothing is said of how fast they are. It is empty where the
// bottleneck is not known or is none that a type has more of. memory is the
// highest utilization seen, a ratio; target is the utilization to plan for.
func Candidates(all []Instance, tested Instance, bottleneck string, memory, target float64) []finding.Candidate {
	least := 0.0
	if known(memory) && target > 0 {
		least = memory * tested.MemoryGiB / target * memoryReserve
	}
	var out []finding.Candidate
	var found []Instance
	for _, i := range all {
		if i.Type != tested.Type && i.VCPU > 0 && i.MemoryGiB >= least && why(i, tested, bottleneck) != "" {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(x, y Instance) int {
		return cmp.Or(
			cmp.Compare(other(x, tested), other(y, tested)),
			cmp.Compare(x.AcceleratorCount, y.AcceleratorCount), cmp.Compare(x.VCPU, y.VCPU),
			cmp.Compare(x.MemoryGiB, y.MemoryGiB), cmp.Compare(x.Type, y.Type))
	})
	seen := map[string]bool{}
	for _, i := range found {
		// One of each kind of step is enough: the smallest.
		key := why(i, tested, bottleneck)
		if bottleneck == "cpu" || bottleneck == "memory" {
			key = i.Type
		}
		if seen[key] || len(out) == mostCandidates {
			continue
		}
		seen[key] = true
		out = append(out, finding.Candidate{
			InstanceType: i.Type, VCPU: i.VCPU, MemoryGiB: finding.Number(i.MemoryGiB), GPUs: i.GPUs(), Accelerator: i.Accelerator,
			GPUMemoryMiB: i.AcceleratorMemoryMiB, USDPerHour: finding.Missing(), Why: why(i, tested, bottleneck),
		})
	}
	return out
}

// why is what a type has more of that could matter, "" for nothing.
func why(i, tested Instance, bottleneck string) string {
	sameAccelerator := i.Accelerator == tested.Accelerator && i.AcceleratorCount == tested.AcceleratorCount
	switch {
	case bottleneck == "cpu" && sameAccelerator && i.Family() == tested.Family() && i.VCPU > tested.VCPU && i.VCPU <= 4*tested.VCPU:
		return sprintf("%d vCPUs instead of %d", i.VCPU, tested.VCPU)
	case bottleneck == "memory" && sameAccelerator && i.VCPU >= tested.VCPU && i.VCPU <= 2*tested.VCPU && i.MemoryGiB > tested.MemoryGiB:
		return sprintf("%s GiB of memory instead of %s", digits(i.MemoryGiB, 4), digits(tested.MemoryGiB, 4))
	case (bottleneck == "gpu" || bottleneck == "gpu_memory") && i.GPUs() > 0 && i.AcceleratorMemoryMiB > 0:
		switch {
		case i.Accelerator == tested.Accelerator && i.GPUs() > tested.GPUs() && i.GPUs() <= 4*tested.GPUs():
			return sprintf("%d × %s instead of %d", i.GPUs(), i.Accelerator, tested.GPUs())
		case i.Accelerator != tested.Accelerator && i.GPUs() == tested.GPUs() && i.AcceleratorMemoryMiB > tested.AcceleratorMemoryMiB:
			return sprintf("%s instead of %s, with %s GiB of memory each", i.Accelerator, tested.Accelerator, digits(math.Round(float64(i.AcceleratorMemoryMiB)/1024), 3))
		}
	}
	return ""
}

// other is 1 for a type of another family.
func other(i, tested Instance) int {
	if i.Family() == tested.Family() {
		return 0
	}
	return 1
}
