package scene

import (
	"fmt"
	"math"
	"time"

	"sizewise/ingest/simaws/account"
)

// jobs draws a run a night of each of four jobs.
func (w *weeks) jobs() {
	kinds := []struct {
		kind, name, instance string
		effect               string
	}{
		{"training", "churn", "ml.m5.2xlarge", "fails"},
		{"training", "vision", "ml.g5.2xlarge", "idles"},
		{"processing", "features", "ml.m5.4xlarge", "slower"},
		{"transform", "score", "ml.m5.xlarge", "slower"},
	}
	for n, k := range kinds {
		at := w.plant(k.kind+"/"+k.name, 5, map[string][]string{"fails": {"status"}, "idles": {"gpu_idle_share"}, "slower": {"duration"}}[k.effect],
			map[string][]string{"idles": {"duration", "instance_time", "cpu_busy"}, "slower": {"instance_time"}}[k.effect])
		work, more := 30+w.r.IntN(40), w.between(1.4, 1.8)
		for night := range w.nights {
			day := w.start.Add(time.Duration(night) * 24 * time.Hour)
			j := newJob("weeks", k.kind, fmt.Sprintf("%s-%s", k.name, day.Format("2006-01-02-15-04-05-000")), k.instance, 1, 0)
			j.account, j.r = w.account, w.r
			j.start = day.Add(2*time.Hour + time.Duration(30*n)*time.Minute + time.Duration(w.r.IntN(600))*time.Second)
			minutes := int(float64(work) * math.Exp(0.04*w.r.NormFloat64()))
			w.run(j, k.effect, minutes, more, night, at)
		}
	}
}

// run draws one run of a job.
func (w *weeks) run(j *jobSketch, effect string, minutes int, more float64, night, at int) {
	fails := effect == "fails" && night == at
	if effect == "slower" && night >= at {
		minutes = int(more * float64(minutes))
	}
	gpu := 0.85
	if effect == "idles" && night >= at {
		gpu = 0.55
	}
	stretches := usual(2+w.r.IntN(3), 2, minutes, 1)
	if j.kind != "training" {
		stretches = []stretch{{"Starting", 3 + w.r.IntN(3), ""}, {"Training", minutes, ""}}
	}
	if fails {
		stretches = usual(3, 2, minutes/2, 1)[:3]
		j.reason = "AlgorithmError: , exit code: 137"
	}
	j.lay(stretches...)
	day := 0.02 * w.r.NormFloat64()
	if j.instance == "ml.g5.2xlarge" {
		j.use("GPUUtilization", 1, 0.02, func(int, int) float64 { return gpu + day })
	}
	j.use("CPUUtilization", 4, 0.02, func(int, int) float64 { return 0.5 + day/2 })
	j.use("MemoryUtilization", 1, 0.004, func(_, m int) float64 {
		if fails {
			return 0.4 + 0.6*float64(m+1)/float64(minutes/2)
		}
		return 0.45 + day/4
	})
	j.lines(0, func(m int) []string {
		if fails && m == minutes/2-1 {
			return []string{"ERROR DataLoader worker (pid 87) is killed by signal: Killed"}
		}
		if m%10 != 0 {
			return nil
		}
		return j.epochs(m)
	})
	if fails {
		j.finish("Failed")
		return
	}
	j.finish("Completed")
}

func (w *weeks) pipeline() {
	const space, name = "AWS/Sagemaker/ModelBuildingPipeline", "retrain"
	at := w.plant("pipeline/"+name, 2, []string{"step_duration"}, []string{"duration"})
	steps, typical := []string{"Prepare", "Train", "Register"}, []float64{w.between(300, 600), w.between(1500, 2500), 30}
	more := w.between(1.35, 1.8)
	put := func(metric, unit, step string, at time.Time, v float64) {
		dims := w.dims("PipelineName", name)
		if step != "" {
			dims = w.dims("PipelineName", name, "StepName", step)
		}
		w.put(space, metric, unit, dims, account.Point{Time: at.Truncate(time.Minute), Values: []float32{float32(v)}})
	}
	last := w.start
	for night := range w.nights {
		clock := w.start.Add(time.Duration(night)*24*time.Hour + 3*time.Hour)
		put("ExecutionStarted", "Count", "", clock, 1)
		begun := clock
		for k, step := range steps {
			took := w.lognormal(typical[k], 0.05)
			if k == 1 && night >= at {
				took *= more
			}
			put("StepStarted", "Count", step, clock, 1)
			clock = clock.Add(time.Duration(took * float64(time.Second)))
			put("StepSucceeded", "Count", step, clock, 1)
			put("StepDuration", "Milliseconds", step, clock, 1000*took)
		}
		put("ExecutionSucceeded", "Count", "", clock, 1)
		put("ExecutionDuration", "Milliseconds", "", clock, float64(clock.Sub(begun).Milliseconds()))
		last = begun
	}
	w.describe("DescribePipeline", name, map[string]any{
		"PipelineStatus": "Active", "CreationTime": w.start.Add(-1000 * time.Hour), "LastModifiedTime": w.start.Add(-900 * time.Hour), "LastRunTime": last,
	})
}
