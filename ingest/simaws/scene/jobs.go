package scene

import (
	"fmt"
	"math"
)

func jobScenarios() []Scenario {
	return []Scenario{
		{Name: "training-input-bound", About: "a training job whose GPUs wait for data that the cores prepare", Draw: inputBound},
		{Name: "training-oom", About: "a training job whose memory runs out", Draw: outOfMemory},
		{Name: "training-skewed", About: "a training job of four hosts, one of which has more to do", Draw: skewed},
		{Name: "training-disk-fills", About: "a training job whose checkpoints fill the disk", Draw: diskFills},
		{Name: "training-one-gpu-used", About: "a training job that uses one of the four GPUs it pays for", Draw: oneGPUUsed},
		{Name: "training-gpu-memory-full", About: "a training job whose GPU is busy and its memory nearly full", Draw: gpuMemoryFull},
		{Name: "training-spot-interrupted", About: "a training job on spot instances that are taken away twice", Draw: spotInterrupted},
		{Name: "processing-oversized", About: "a processing job on an instance much larger than it uses", Draw: oversized},
		{Name: "transform-cpu-bound", About: "a batch transform job that its cores limit", Draw: transformBound},
	}
}

func inputBound(seed uint64) (*Test, error) {
	j := newJob("training-input-bound", "training", "vision-train", "ml.g5.2xlarge", 1, seed)
	load, work := 4+j.r.IntN(6), 80+j.r.IntN(60)
	j.lay(usual(2+j.r.IntN(3), 3+j.r.IntN(4), load+work, 1)...)
	busy := j.between(0.25, 0.5)
	j.use("GPUUtilization", 1, 0.03, func(_, m int) float64 {
		if m < load {
			return 0
		}
		return busy
	})
	j.use("CPUUtilization", 8, 0.01, func(_, m int) float64 {
		if m < load {
			return 0.2
		}
		return 0.96
	})
	j.use("MemoryUtilization", 1, 0.004, func(_, m int) float64 { return 0.55 * min(1, float64(m+1)/float64(load)) })
	j.use("GPUMemoryUtilization", 1, 0.002, func(_, m int) float64 { return 0.62 * min(1, float64(m)/float64(load)) })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.31 })
	j.lines(0, func(m int) []string {
		if m < load {
			return []string{"INFO decoding the index of the data set"}
		}
		return j.epochs(m - load)
	})
	j.truth.Values["gpu_busy"] = busy
	j.truth.Values["gpu_idle_share"] = 1 - busy*float64(work)/float64(load+work)
	// To keep the GPU at work 85 % of the time takes so many cores.
	switch cores := 8 * 0.96 * 0.85 / busy; {
	case cores < 15.5:
		j.truth.Words["candidate"] = "ml.g5.4xlarge"
	case cores > 16.5:
		j.truth.Words["candidate"] = "ml.g5.8xlarge"
	default:
		j.truth.Words["candidate"] = "ml.g5.4xlarge|ml.g5.8xlarge"
	}
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_input_bound", "pass"
	j.truth.Words["refused"] = "disk_exhaustion_s"
	return j.finish("Completed"), nil
}

func outOfMemory(seed uint64) (*Test, error) {
	j := newJob("training-oom", "training", "tabular-train", "ml.m5.2xlarge", 1, seed)
	work := 50 + j.r.IntN(60)
	j.lay(usual(3, 2+j.r.IntN(3), work, 1)[:3]...)
	from := j.between(0.25, 0.4)
	j.use("CPUUtilization", 8, 0.02, func(int, int) float64 { return 0.63 })
	j.use("MemoryUtilization", 1, 0.003, func(_, m int) float64 { return from + (1.0-from)*float64(m+1)/float64(work) })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.18 })
	j.lines(0, func(m int) []string {
		if m == work-1 {
			return []string{"WARNING loader worker 3 does not answer", "ERROR DataLoader worker (pid 87) is killed by signal: Killed", "bash: line 1:    41 Killed                  python train.py --epochs 20"}
		}
		return j.epochs(m)
	})
	j.reason = "AlgorithmError: , exit code: 137"
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_out_of_memory", "fail"
	j.truth.Words["candidate"] = "ml.r5.2xlarge"
	return j.finish("Failed"), nil
}

func skewed(seed uint64) (*Test, error) {
	j := newJob("training-skewed", "training", "ranker-train", "ml.g5.2xlarge", 4, seed)
	work := 90 + j.r.IntN(60)
	j.lay(usual(4, 3, work, 2)...)
	slow := j.r.IntN(4)
	base, more := j.between(0.5, 0.62), j.between(0.2, 0.32)
	middle := func(h, _ int) float64 {
		if h == slow {
			return base + more
		}
		return base
	}
	j.use("GPUUtilization", 1, 0.025, middle)
	j.use("CPUUtilization", 8, 0.02, func(int, int) float64 { return 0.35 })
	j.use("MemoryUtilization", 1, 0.004, func(int, int) float64 { return 0.48 })
	j.use("GPUMemoryUtilization", 1, 0.002, func(int, int) float64 { return 0.7 })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.22 })
	for h := range 4 {
		j.lines(h, j.epochs)
	}
	j.truth.Values["host_skew"] = more / (base + more/4)
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_host_skew", "pass"
	j.truth.Words["summary"] = fmt.Sprintf("algo-%d differs", slow+1)
	return j.finish("Completed"), nil
}

func diskFills(seed uint64) (*Test, error) {
	j := newJob("training-disk-fills", "training", "llm-tune", "ml.g5.2xlarge", 1, seed)
	every := 6 + j.r.IntN(5) // minutes from checkpoint to checkpoint
	kept := 12 + j.r.IntN(6)
	work := every * kept
	j.lay(usual(3, 5, work, 3)...)
	from, at := j.between(0.15, 0.25), j.between(0.72, 0.88) // of the disk, at the start and at the end
	j.use("GPUUtilization", 1, 0.015, func(_, m int) float64 {
		if m%every == 0 {
			return 0.7 // a checkpoint is written
		}
		return 0.95
	})
	j.use("CPUUtilization", 8, 0.02, func(int, int) float64 { return 0.22 })
	j.use("MemoryUtilization", 1, 0.004, func(int, int) float64 { return 0.41 })
	j.use("GPUMemoryUtilization", 1, 0.002, func(int, int) float64 { return 0.88 })
	j.use("DiskUtilization", 1, 0.0008, func(_, m int) float64 { return from + (at-from)*float64(1+m/every)/float64(kept) })
	j.lines(0, func(m int) []string {
		out := j.epochs(m)
		if m%every == 0 {
			out = append(out, fmt.Sprintf("INFO saved checkpoint-%d to /opt/ml/checkpoints", m/every+1))
		}
		return out
	})
	j.truth.Values["disk_headroom"] = 1 - at
	// The disk is full at the first checkpoint that no longer fits.
	checkpoints := math.Ceil((1 - from) / (at - from) * float64(kept))
	j.truth.Values["disk_exhaustion_s"] = 60 * ((checkpoints-1)*float64(every) - float64(work))
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_disk_fills", "pass"
	j.truth.Words["refused"] = "memory_exhaustion_s"
	return j.finish("Completed"), nil
}

// oneGPUUsed: the metrics are sums over the GPUs, so one full one of four reads as
// a quarter.
func oneGPUUsed(seed uint64) (*Test, error) {
	j := newJob("training-one-gpu-used", "training", "adapter-tune", "ml.g5.12xlarge", 1, seed)
	work := 60 + j.r.IntN(80)
	j.lay(usual(3, 4, work, 2)...)
	busy, held := j.between(0.82, 0.93), j.between(0.4, 0.85) // of the one GPU, and of its memory
	cores, gib, fits := j.between(2, 2.6), j.between(6, 11), "ml.g5.xlarge"
	if j.r.IntN(2) == 1 {
		cores, gib, fits = j.between(3.8, 5.6), j.between(15, 23), "ml.g5.2xlarge"
	}
	j.use("GPUUtilization", 4, 0.004, func(int, int) float64 { return busy / 4 })
	j.use("CPUUtilization", 48, 0.001, func(int, int) float64 { return cores / 48 })
	j.use("MemoryUtilization", 1, 0.0008, func(int, int) float64 { return gib / 192 })
	j.use("GPUMemoryUtilization", 4, 0.0008, func(int, int) float64 { return (held + 3*0.015) / 4 })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.22 })
	j.lines(0, j.epochs)
	j.truth.Values["gpu_busy"], j.truth.Values["gpu_idle_share"] = busy/4, 1-busy/4
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_gpus_unused", "pass"
	j.truth.Words["candidate"], j.truth.Words["refused"] = fits, "disk_exhaustion_s"
	return j.finish("Completed"), nil
}

func gpuMemoryFull(seed uint64) (*Test, error) {
	j := newJob("training-gpu-memory-full", "training", "segment-train", "ml.g5.2xlarge", 1, seed)
	work := 60 + j.r.IntN(80)
	j.lay(usual(3, 4, work, 2)...)
	busy, held := j.between(0.9, 0.96), j.between(0.965, 0.99)
	j.use("GPUUtilization", 1, 0.012, func(int, int) float64 { return busy })
	j.use("CPUUtilization", 8, 0.02, func(int, int) float64 { return 0.25 })
	j.use("MemoryUtilization", 1, 0.004, func(int, int) float64 { return 0.38 })
	j.use("GPUMemoryUtilization", 1, 0.001, func(int, int) float64 { return held })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.22 })
	j.lines(0, j.epochs)
	j.truth.Values["gpu_busy"] = busy
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_other_type", "pass"
	j.truth.Words["candidate"], j.truth.Words["refused"] = "ml.g6e.xlarge", "memory_exhaustion_s"
	return j.finish("Completed"), nil
}

func spotInterrupted(seed uint64) (*Test, error) {
	j := newJob("training-spot-interrupted", "training", "speech-train", "ml.g5.2xlarge", 1, seed)
	j.lay(
		stretch{"Starting", 3, "Launching requested spot instances"}, stretch{"Downloading", 3, "Downloading input data"},
		stretch{"Training", 40 + j.r.IntN(20), "Training in progress"},
		stretch{"Interrupted", 5 + j.r.IntN(20), "Spot capacity was reclaimed"},
		stretch{"Starting", 3, "Launching requested spot instances"}, stretch{"Downloading", 3, "Downloading input data"},
		stretch{"Training", 30 + j.r.IntN(20), "Training in progress"},
		stretch{"Interrupted", 5 + j.r.IntN(20), "Spot capacity was reclaimed"},
		stretch{"Starting", 3, "Launching requested spot instances"}, stretch{"Downloading", 3, "Downloading input data"},
		stretch{"Training", 30 + j.r.IntN(20), "Training in progress"}, stretch{"Uploading", 1, "Uploading generated training model"},
	)
	j.use("GPUUtilization", 1, 0.02, func(int, int) float64 { return 0.93 })
	j.use("CPUUtilization", 8, 0.02, func(int, int) float64 { return 0.3 })
	j.use("MemoryUtilization", 1, 0.004, func(int, int) float64 { return 0.44 })
	j.use("GPUMemoryUtilization", 1, 0.002, func(int, int) float64 { return 0.75 })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.25 })
	second := j.stretches[2].minutes
	third := second + j.stretches[6].minutes
	j.lines(0, func(m int) []string {
		if m == second || m == third {
			return []string{fmt.Sprintf("INFO resuming from checkpoint %d", m/10)}
		}
		return j.epochs(m)
	})
	lost := 60 * (j.stretches[3].minutes + j.stretches[7].minutes + 12)
	saved := j.between(0.45, 0.7)
	t := j.finish("Completed")
	for i := range j.account.Described {
		if body := j.account.Described[i].Body; body["TrainingTimeInSeconds"] != nil {
			whole, _ := body["TrainingTimeInSeconds"].(int)
			body["BillableTimeInSeconds"], body["EnableManagedSpotTraining"] = int(float64(whole)*(1-saved)), true
		}
	}
	t.Truth.Values["spot_saving_ratio"], t.Truth.Values["spot_interruptions"], t.Truth.Values["spot_lost_s"] = saved, 2, float64(lost)
	t.Truth.Words["check"], t.Truth.Words["verdict"] = "job_spot_interrupted", "pass"
	return t, nil
}

func oversized(seed uint64) (*Test, error) {
	j := newJob("processing-oversized", "processing", "features-daily", "ml.m5.4xlarge", 1, seed)
	j.lay(stretch{"Starting", 4, ""}, stretch{"Training", 40 + j.r.IntN(60), ""})
	cores, mem := j.between(1.2, 2.4), j.between(0.08, 0.17)
	j.use("CPUUtilization", 16, 0.006, func(int, int) float64 { return cores / 16 })
	j.use("MemoryUtilization", 1, 0.003, func(int, int) float64 { return mem })
	j.use("DiskUtilization", 1, 0.001, func(int, int) float64 { return 0.12 })
	j.lines(0, func(m int) []string { return []string{fmt.Sprintf("INFO partition %d written", m+1)} })
	j.truth.Values["cpu_busy"] = cores / 16
	j.truth.Values["memory_headroom"] = 1 - mem
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_oversized", "pass"
	switch { // a fifth of the cores and of the memory is to stay free
	case cores < 1.5 && 64*mem < 6:
		j.truth.Words["candidate"] = "ml.m5.large"
	case cores > 1.7 || 64*mem > 6.8:
		j.truth.Words["candidate"] = "ml.m5.xlarge"
	default:
		j.truth.Words["candidate"] = "ml.m5.large|ml.m5.xlarge"
	}
	return j.finish("Completed"), nil
}

func transformBound(seed uint64) (*Test, error) {
	j := newJob("transform-cpu-bound", "transform", "score-nightly", "ml.m5.xlarge", 2, seed)
	j.lay(stretch{"Starting", 5, ""}, stretch{"Training", 50 + j.r.IntN(60), ""})
	busy := j.between(0.92, 0.97)
	j.use("CPUUtilization", 4, 0.012, func(int, int) float64 { return busy })
	j.use("MemoryUtilization", 1, 0.004, func(int, int) float64 { return 0.52 })
	for h := range 2 {
		j.lines(h, func(m int) []string { return []string{fmt.Sprintf("INFO scored batch %d", m+1)} })
	}
	j.truth.Values["cpu_busy"] = busy
	j.truth.Values["memory_headroom"] = 0.48
	j.truth.Words["check"], j.truth.Words["verdict"] = "job_cpu_bound", "pass"
	j.truth.Words["candidate"] = "ml.m5.2xlarge"
	j.truth.Words["refused"] = "memory_exhaustion_s"
	return j.finish("Completed"), nil
}
