package analyze

import (
	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
)

// seldom is the period of utilization in seconds where all of it is coarser than
// the bucket, which then has no place for it; 0 where some is not, where there is
// none, and where a value would cover more buckets than it can be told for.
func seldom(all []published, bucketS int) int {
	finest := map[string]int{}
	for _, p := range all {
		switch p.metric {
		case "CPUUtilization", "GPUUtilization", "GPUMemoryUtilization", "MemoryUtilization", "DiskUtilization":
			if old, ok := finest[p.metric]; !ok || p.periodS < old {
				finest[p.metric] = p.periodS
			}
		}
	}
	wide := 0
	for _, period := range finest {
		if period <= bucketS || period%bucketS != 0 || period > capacity.MaxSpread*bucketS {
			return 0
		}
		wide = max(wide, period)
	}
	return wide
}

// takeUtilization puts the utilization of wider buckets into the bucket with which
// each begins, as if it had been published in that bucket: there it stands once,
// however many buckets it is the mean of, and the analysis sets it against the
// mean of what was served in all of them.
func takeUtilization(minutes, wide []finding.Minute) {
	i := 0
	for w := range wide {
		for i < len(minutes) && minutes[i].Start.Before(wide[w].Start) {
			i++
		}
		if i == len(minutes) {
			return
		}
		from, to := &wide[w], &minutes[i]
		if !to.Start.Equal(from.Start) {
			continue
		}
		to.CPU, to.CPUHot, to.GPU, to.GPUHot = from.CPU, from.CPUHot, from.GPU, from.GPUHot
		to.GPUMemory, to.GPUMemoryHot = from.GPUMemory, from.GPUMemoryHot
		to.Memory, to.MemoryHot, to.Disk, to.DiskHot = from.Memory, from.MemoryHot, from.Disk, from.DiskHot
		to.Reporting, to.Samples = from.Reporting, from.Samples
		to.Provisional = to.Provisional || from.Provisional
	}
}
