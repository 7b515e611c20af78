package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"sizewise/analyze/finding"
)

// load describes a made-up load test: what the samples are drawn from.
type load struct {
	start     time.Time
	rates     []float64     // offered requests/s per instance, one per step
	stepWidth time.Duration // of every step
	bucket    time.Duration
	instances float64
	capacity  float64 // requests/s per instance
	demand    float64 // GPU-seconds (or core-seconds) per request
	cores     float64 // CPU-seconds per request
	vcpu      int
	gpus      int
	logs      bool
	seed      uint64
}

// resnet is the load test that most samples start from: ten steps of five
// minutes against two GPU instances that give way at 142.3 requests/s.
func resnet() load {
	return load{
		start:     time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC),
		rates:     []float64{20, 40, 60, 80, 98, 117, 137, 156, 176, 195},
		stepWidth: 5 * time.Minute,
		bucket:    time.Minute,
		instances: 2,
		capacity:  142.3,
		demand:    0.00687,
		cores:     0.0114,
		vcpu:      4,
		gpus:      1,
		logs:      true,
		seed:      7,
	}
}

func (l load) end() time.Time { return l.start.Add(time.Duration(len(l.rates)) * l.stepWidth) }

// minutes simulates the buckets.
func (l load) minutes() []finding.Minute {
	r := rand.New(rand.NewPCG(l.seed, 1))
	var out []finding.Minute
	for t := l.start; t.Before(l.end()); t = t.Add(l.bucket) {
		step := int(t.Sub(l.start) / l.stepWidth)
		out = append(out, l.minute(r, t, step, t.Sub(l.start)%l.stepWidth == 0))
	}
	return out
}

func (l load) minute(r *rand.Rand, t time.Time, step int, first bool) finding.Minute {
	jitter := func(s float64) float64 { return 1 + s*r.NormFloat64() }
	offered := l.rates[step] * jitter(0.012)
	served := math.Min(offered, l.capacity*jitter(0.008))
	rho := math.Min(served/l.capacity, 0.985)
	failed := math.Max(0, offered-served)
	p50 := (l.demand*1.9 + 0.003/(1-rho)) * jitter(0.03)
	if failed > 1 {
		p50 += 0.3 * jitter(0.1)
	}
	p99 := p50 * (2.6 + 1.2*rho) * jitter(0.05)
	s := l.bucket.Seconds()
	m := finding.Minute{
		Start: t, Seconds: s, Instances: l.instances,
		Invocations: math.Round(offered * s * l.instances), PerInstance: math.Round(offered * s),
		Errors4XX: math.Round(0.0002 * offered * s * l.instances), Errors5XX: math.Round(failed * s * l.instances),
		ModelMean: p50 * 1.15, ModelP50: p50, ModelP90: p50 * 1.8, ModelP95: p50 * 2.1, ModelP99: p99, ModelMax: p99 * 1.5,
		ModelCount:   math.Round(offered * s * l.instances),
		OverheadMean: 0.0031 * jitter(0.06), OverheadMax: 0.02,
		CPU: 0.1 + served*l.cores*jitter(0.02), GPU: math.Min(float64(l.gpus), served*l.demand*jitter(0.008)),
		GPUMemory: 0.38 * float64(l.gpus), GPUMemoryHot: 0.39 * float64(l.gpus), Memory: 0.31 * jitter(0.01), Disk: 0.12,
		Reporting: l.instances, ConcurrencyMax: math.NaN(), Step: step + 1, Usable: !first && failed < 1,
	}
	m.CPUHot, m.GPUHot, m.MemoryHot, m.DiskHot = m.CPU*1.05, math.Min(float64(l.gpus), m.GPU*1.03), m.Memory*1.02, m.Disk
	if l.gpus == 0 {
		m.GPU, m.GPUHot, m.GPUMemory, m.GPUMemoryHot = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	if l.logs {
		m.LogLines, m.LogErrors = int64(offered*s*0.3), int64(failed*s*0.12)
		m.LogWarnings = int64(offered * 0.03)
	}
	return m
}

// steps summarises minutes as an analysis would.
func (l load) steps(minutes []finding.Minute, limit float64) []finding.Step {
	in := make([][]finding.Minute, len(l.rates))
	for i := range minutes {
		k := minutes[i].Step - 1
		in[k] = append(in[k], minutes[i])
	}
	var out []finding.Step
	for i := range in {
		out = append(out, l.step(i, in[i], limit))
	}
	return out
}

func (l load) step(i int, in []finding.Minute, limit float64) finding.Step {
	mean := func(f func(*finding.Minute) float64) finding.Number {
		total, n := 0.0, 0.0
		for k := range in {
			if v := f(&in[k]); v == v {
				total, n = total+v, n+1
			}
		}
		if n == 0 {
			return finding.Missing()
		}
		return finding.Number(total / n)
	}
	s := finding.Step{
		N: i + 1, Start: l.start.Add(time.Duration(i) * l.stepWidth), End: l.start.Add(time.Duration(i+1) * l.stepWidth),
		Minutes: max(len(in)-1, 0), Instances: finding.Number(l.instances),
		OfferedRPS:  mean(func(m *finding.Minute) float64 { return m.Offered() / m.Instances }),
		ServedRPS:   mean(func(m *finding.Minute) float64 { return (m.Invocations - m.Errors5XX) / m.Seconds / m.Instances }),
		P50:         mean(func(m *finding.Minute) float64 { return m.ModelP50 }),
		P90:         mean(func(m *finding.Minute) float64 { return m.ModelP90 }),
		P95:         mean(func(m *finding.Minute) float64 { return m.ModelP95 }),
		P99:         mean(func(m *finding.Minute) float64 { return m.ModelP99 }),
		Overhead:    mean(func(m *finding.Minute) float64 { return m.OverheadMean }),
		ModelMean:   mean(func(m *finding.Minute) float64 { return m.ModelMean }),
		CPU:         mean(func(m *finding.Minute) float64 { return m.CPU / float64(l.vcpu) }),
		GPU:         mean(func(m *finding.Minute) float64 { return m.GPU / float64(l.gpus) }),
		GPUMemory:   mean(func(m *finding.Minute) float64 { return m.GPUMemory / float64(l.gpus) }),
		Memory:      mean(func(m *finding.Minute) float64 { return m.Memory }),
		Disk:        mean(func(m *finding.Minute) float64 { return m.Disk }),
		Concurrency: mean(func(m *finding.Minute) float64 { return m.Offered() / m.Instances * m.ModelMean }),
		Errors4XX:   mean(func(m *finding.Minute) float64 { return m.Errors4XX / m.Invocations }),
		Errors5XX:   mean(func(m *finding.Minute) float64 { return m.Errors5XX / m.Invocations }),
		Saturated:   l.rates[i] > l.capacity, SLO: "unknown",
	}
	for _, m := range in {
		s.LogErrors += int(m.LogErrors)
		s.LogWarnings += int(m.LogWarnings)
	}
	if limit > 0 {
		s.SLO = "met"
		if float64(s.P99) > limit {
			s.SLO = "missed"
		}
	}
	return s
}

// estimate is shorthand for an answer with an interval.
func estimate(status finding.Status, value, lo, hi float64, unit, method, query, why string) finding.Estimate {
	return finding.Estimate{
		Status: status, Value: finding.Number(value), Lo: finding.Number(lo), Hi: finding.Number(hi), Unit: unit,
		Confidence: 0.95, N: 12, Method: method, Query: query, Why: why, Current: finding.Missing(),
	}
}

// refused is shorthand for an answer that could not be given.
func refused(unit, why string) finding.Estimate {
	nan := finding.Missing()
	return finding.Estimate{Status: finding.Unanswerable, Value: nan, Lo: nan, Hi: nan, Current: nan, Unit: unit, Why: why}
}

const (
	perInstance = "requests/s/instance"
	perMinute   = "invocations/instance/minute"
)

// base fills what every sample of a load shares.
func (l load) base(limit float64) finding.Set {
	minutes := l.minutes()
	requests := 0.0
	for _, m := range minutes {
		requests += m.Invocations
	}
	s := finding.Set{
		Format: finding.Format, Tool: "sizewise 0.1.0", Subject: "endpoint/resnet-g5",
		Window: finding.Window{Start: l.start, End: l.end()},
		Tested: finding.Tested{
			Endpoint: "resnet-g5", Variant: "AllTraffic", InstanceType: "ml.g5.xlarge", VCPU: l.vcpu, GPUs: l.gpus,
			MemoryGiB: 16, Accelerator: "NVIDIA A10G", InstancesMin: finding.Number(l.instances), InstancesMax: finding.Number(l.instances),
			InstancesLast: finding.Number(l.instances), DescribedCount: int(l.instances), DescribedAsOf: l.end(),
			PeriodS: int(l.bucket.Seconds()), Region: "us-east-1", Account: "123456789012",
			StepsFound: len(l.rates), Requests: finding.Number(requests),
		},
		Steps: l.steps(minutes, limit), Minutes: minutes,
		Coverage: finding.Coverage{Buckets: len(minutes), Present: len(minutes)},
		Ledger:   finding.Ledger{Chunks: 6, Calls: 118, CostLow: 0.01, CostHigh: 0.03},
		Options:  finding.Options{SLO: "p99<200ms, errors<0.1%", PeakRPS: 400, Growth: 0.2, TargetUtilization: 0.7},
	}
	if l.gpus == 0 {
		s.Tested.InstanceType, s.Tested.Accelerator = "ml.c7i.xlarge", ""
	}
	for _, name := range []string{"Invocations", "InvocationsPerInstance", "ModelLatency", "OverheadLatency", "Invocation4XXErrors", "Invocation5XXErrors", "CPUUtilization", "MemoryUtilization", "DiskUtilization", "GPUUtilization", "GPUMemoryUtilization"} {
		s.Coverage.Series = append(s.Coverage.Series, finding.SeriesCoverage{Metric: name, PeriodS: int(l.bucket.Seconds()), Points: len(minutes), Want: len(minutes)})
	}
	for _, m := range minutes {
		if m.Usable {
			s.Coverage.Usable++
		}
	}
	return s
}

// saturatedGPU is the case of a test that answers everything.
func saturatedGPU() finding.Set {
	l := resnet()
	s := l.base(0.2)
	yes := true
	s.Verdict = finding.Verdict{
		Status: finding.Fail, Summary: "Not ready for 400 requests/s: run 7 × ml.g5.xlarge instead of 2.",
		Reasons: []string{"p99 ModelLatency passed 200 ms from step 7 on", "errors passed 0.1 % from step 8 on"},
	}
	plateau := finding.Window{Start: l.start.Add(36 * time.Minute), End: l.start.Add(50 * time.Minute)}
	capacity := estimate(finding.Measured, 142.3, 139.1, 145.2, perInstance, "plateau", "capacity_plateau", "median of the plateau's minutes, batch means interval")
	capacity.Window = &plateau
	rate := estimate(finding.Measured, 118, 110, 125, perInstance, "isotonic", "slo_crossing", "bracketed between steps 6 and 7")
	rate.SLO = "p99<200ms, errors<0.1%"
	instances := estimate(finding.Measured, 7, 7, 7, "instances", "formula", "step_summary", "from the lower end of the SLO rate")
	instances.Current, instances.Formula = 2, "ceil(400 × 1.20 / (110 × 0.70)) = ceil(6.23) = 7"
	target := estimate(finding.Measured, 4620, 4620, 5250, perMinute, "formula", "step_summary", "the lower SLO rate at the target utilization")
	target.Formula = "110 × 0.70 × 60 = 4,620"
	s.Answers = finding.Answers{
		Saturated: finding.Flag{Status: finding.Measured, Value: &yes, Why: "served fell below 97 % of offered in steps 8 to 10", Query: "saturation"},
		Capacity:  capacity, SLORate: rate,
		Bottleneck: finding.Bottleneck{Status: finding.Measured, Value: "gpu", Margins: map[string]finding.Number{"gpu": 0.97, "cpu": 0.43, "gpu_memory": 0.38, "memory": 0.31}, Why: "GPU 97 % at the plateau, next CPU 43 %", Query: "utilization_by_step"},
		ErrorOnset: estimate(finding.Measured, 149, 137, 156, perInstance, "wilson", "error_onset", "step 8 is the first whose lower Wilson bound passes 0.1 %"),
		Instances:  instances, AutoscalingTarget: target,
		CostPerMillion: refused("USD", "no price list was given"),
		Headroom:       estimate(finding.Measured, -0.82, -0.9, -0.7, "ratio", "formula", "step_summary", "400 × 1.20 against 2 × 110 × 0.70"),
	}
	s.Curve = &finding.Curve{Resource: "gpu", Limit: 1, Slope: 0.00687, SlopeLo: 0.00674, SlopeHi: 0.00701, Intercept: 0.002, MaxRate: 138, R2: 0.998, SlopeRatio: 1.02, N: 27}
	s.USL = &finding.USL{
		Alpha: 0.021, AlphaLo: 0.012, AlphaHi: 0.03, Beta: 0.0004, BetaLo: -0.0003, BetaHi: 0.0011,
		Gamma: 28, GammaLo: 25, GammaHi: 31, RSS: 56, Sigma: 2.84, N: 10,
	}
	s.Candidates = []finding.Candidate{
		{InstanceType: "ml.g5.12xlarge", VCPU: 48, MemoryGiB: 192, GPUs: 4, Accelerator: "A10G", GPUMemoryMiB: 22888, USDPerHour: finding.Missing(), Why: "4 × A10G instead of 1"},
	}
	s.ByInstance = []finding.Instance{
		{ID: "i-0a1b2c3d4e5f60718", Requests: 81_000, Share: 0.5, Resource: "gpu", Demand: 0.00701, DemandLo: 0.0068, DemandHi: 0.0072, Excess: 0.02, Capacity: 142.3, CapacityLo: 139.1, CapacityHi: 145.2, ModelMean: 0.21, Errors5XX: 0.031, N: 27},
		{ID: "i-0f1e2d3c4b5a69788", Requests: 80_500, Share: 0.5, Demand: finding.Missing(), DemandLo: finding.Missing(), DemandHi: finding.Missing(), Excess: finding.Missing(), Capacity: finding.Missing(), CapacityLo: finding.Missing(), CapacityHi: finding.Missing(), ModelMean: 0.19, Errors5XX: 0.03, N: 4},
	}
	s.Knee = &finding.Knee{FromRPS: 117, ToRPS: 156, Before: 0.002, After: 0.06, F: 21.3, P: 0.0018, N: 10}
	s.Findings = []finding.Finding{
		{ID: "slo", Check: "slo", Severity: finding.Critical, Title: "The SLO was missed in 19 of 50 minutes", Evidence: []string{"p99 reached 1,490 ms at step 10 (limit 200 ms)", "first missed minute 14:31"}, Query: "slo_by_minute"},
		{ID: "overflow", Check: "log_errors", Severity: finding.Warning, Title: "The container refused work from step 8 on", Evidence: []string{"1,912 lines of RejectedExecutionException"}, Query: "templates_by_step"},
		{ID: "4xx", Check: "client_errors", Severity: finding.Info, Title: "4xx is flat with load: client errors, not capacity", Evidence: []string{"0.02 % at every step"}},
	}
	s.Coverage.LogEvents, s.Coverage.LogStreams = 41208, 2
	s.Coverage.Notes = []string{"Utilization came every 10 s and invocations every 60 s: joined at 60 s."}
	s.Logs = resnetLogs(l)
	return s
}

func resnetLogs(l load) finding.Logs {
	at := func(d time.Duration) time.Time { return l.start.Add(d) }
	return finding.Logs{
		Lines:  41208,
		Levels: map[string]int64{"INFO": 38000, "WARN": 412, "ERROR": 1915, "": 881},
		Templates: []finding.LogTemplate{
			{Template: "java.util.concurrent.RejectedExecutionException: Task <*> rejected, queue <num> full", Level: "ERROR", Lines: 1912, ByStep: []int64{0, 0, 0, 0, 0, 0, 0, 412, 700, 800}, First: at(35 * time.Minute), Last: at(50 * time.Minute), Example: "java.util.concurrent.RejectedExecutionException: Task 8812 rejected, queue 100 full"},
			{Template: "CUDA out of memory. Tried to allocate <num> MiB", Level: "ERROR", Lines: 3, ByStep: []int64{0, 0, 0, 0, 0, 0, 0, 1, 0, 2}, First: at(38*time.Minute + 40*time.Second), Last: at(47 * time.Minute), Example: "CUDA out of memory. Tried to allocate 512 MiB"},
			{Template: "slow request took <num> ms", Level: "WARN", Lines: 412, ByStep: []int64{3, 6, 9, 12, 14, 17, 60, 90, 100, 101}, First: at(time.Minute), Last: at(50 * time.Minute), Example: "slow request took 640 ms"},
		},
		Exceptions: []finding.LogException{{
			Type: "java.util.concurrent.RejectedExecutionException", Message: "java.util.concurrent.RejectedExecutionException: Task <*> rejected, queue <num> full",
			Frame: "Model.java:addJob", Cause: "java.lang.IllegalStateException", Lines: 1912, ByStep: []int64{0, 0, 0, 0, 0, 0, 0, 412, 700, 800},
			Streams: 2, OfStreams: 2, First: at(35 * time.Minute), Last: at(50 * time.Minute), Query: "log_exceptions",
			Example: "java.util.concurrent.RejectedExecutionException: Task 8812 rejected, queue 100 full",
		}},
		Access: []finding.AccessLatency{
			{Step: 7, Requests: 812, Timed: 812, P50: 0.044, P90: 0.07, P99: 0.131, Max: 0.31, ModelP50: 0.046, ModelP99: 0.187, Query: "access_latency"},
			{Step: 8, Requests: 901, Timed: 901, P50: 0.081, P90: 0.2, P99: 0.54, Max: 1.2, ModelP50: 0.402, ModelP99: finding.Missing(), Query: "access_latency"},
		},
		Baseline: &finding.LogBaseline{
			Window: finding.Window{Start: at(-7 * 24 * time.Hour), End: at(-7*24*time.Hour + 50*time.Minute)}, Lines: 40112, Per: "requests", Before: 300000, After: 310000, Same: 4, Rare: 2,
			Changes: []finding.LogChange{
				{Template: "java.util.concurrent.RejectedExecutionException: Task <*> rejected, queue <num> full", Level: "ERROR", Kind: finding.LogNew, After: 1912, Ratio: finding.Missing(), Lo: 480, Hi: finding.Missing(), Q: 1e-12, First: at(35 * time.Minute), Last: at(50 * time.Minute), Streams: 2, Query: "log_signals_by_minute"},
				{Template: "slow request took <num> ms", Level: "WARN", Kind: finding.LogLouder, Before: 100, After: 412, Ratio: 4, Lo: 3.2, Hi: 5, Q: 0.002, First: at(-7 * 24 * time.Hour), Last: at(50 * time.Minute), Streams: 2, Query: "log_signals_by_minute"},
				{Template: "reloading <path>", Level: "WARN", Kind: finding.LogGone, Before: 30, Ratio: finding.Missing(), Lo: 0, Hi: 0.12, Q: 1e-6, First: at(-7 * 24 * time.Hour), Last: at(-7*24*time.Hour + 40*time.Minute), Streams: 1, Query: "log_signals_by_minute"},
			},
		},
		Explanations: []finding.LogExplanation{
			{Metric: "5xx", Template: "java.util.concurrent.RejectedExecutionException: Task <*> rejected, queue <num> full", Level: "ERROR", Relation: finding.Explains, R: 0.93, P: 1e-9, Episodes: 3, Covered: 0.97, Since: at(35 * time.Minute), First: at(35 * time.Minute), Lines: 1912, Streams: 2, OfStreams: 2, LoadRPS: 228, Query: "log_signals_by_minute"},
			{Metric: "5xx", Template: "RuntimeError", Exception: true, Relation: finding.Explains, R: 0.8, P: 1e-6, Episodes: 3, Covered: 0.8, Since: at(35 * time.Minute), First: at(35 * time.Minute), Lines: 9, Streams: 1, OfStreams: 2, LoadRPS: 228, Query: "log_signals_by_minute"},
			{Metric: "p99 latency", Template: "CUDA out of memory. Tried to allocate <num> MiB", Level: "ERROR", Relation: finding.CoOccurred, LagS: 60, R: 0.8, P: 1e-4, Episodes: 1, Covered: 0.6, Before: 2, Since: at(38 * time.Minute), First: at(38*time.Minute + 40*time.Second), Lines: 3, Streams: 1, Where: []string{"AllTraffic/i-0b2"}, OfStreams: 2, LoadRPS: finding.Missing(), Query: "log_signals_by_minute"},
		},
	}
}

// neverSaturated stops at 60 % of what the instance can do.
func neverSaturated() finding.Set {
	l := resnet()
	l.rates = []float64{15, 30, 45, 60, 75, 88}
	s := l.base(0.2)
	no := false
	s.Verdict = finding.Verdict{Status: finding.Pass, Summary: "Ready for 100 requests/s with 2 × ml.g5.xlarge."}
	capacity := estimate(finding.Extrapolated, 145.1, 139, 151.8, perInstance, "utilization_law", "utilization_law", "no minute reached the limit; the line of GPU time was extended to 1 GPU")
	bound := estimate(finding.AtLeast, 87.2, math.NaN(), math.NaN(), perInstance, "isotonic", "slo_crossing", "the SLO was met in every step")
	bound.SLO, bound.Confidence = "p99<200ms, errors<0.1%", 0
	instances := estimate(finding.Extrapolated, 2, 2, 2, "instances", "formula", "step_summary", "")
	instances.Current, instances.Formula = 2, "ceil(100 × 1.20 / (87.2 × 0.70)) = ceil(1.97) = 2"
	target := estimate(finding.AtLeast, 3662, math.NaN(), math.NaN(), perMinute, "formula", "step_summary", "")
	target.Formula = "87.2 × 0.70 × 60 = 3,662"
	s.Options.PeakRPS = 100
	s.Answers = finding.Answers{
		Saturated: finding.Flag{Status: finding.Measured, Value: &no, Why: "served followed offered in every step", Query: "saturation"},
		Capacity:  capacity, SLORate: bound,
		Bottleneck: finding.Bottleneck{Status: finding.Extrapolated, Value: "gpu", Margins: map[string]finding.Number{"gpu": 1, "cpu": 2.3}, Why: "the GPU would fill first; the CPU would allow 2.3 times the rate", Query: "utilization_by_step"},
		ErrorOnset: refused(perInstance, "no step had errors"),
		Instances:  instances, AutoscalingTarget: target,
		CostPerMillion: refused("USD", "no price list was given"),
		Headroom:       estimate(finding.AtLeast, 0.017, math.NaN(), math.NaN(), "ratio", "formula", "", ""),
	}
	s.Curve = &finding.Curve{Resource: "gpu", Limit: 1, Slope: 0.00687, SlopeLo: 0.00659, SlopeHi: 0.00716, Intercept: 0.002, MaxRate: 89, R2: 0.997, SlopeRatio: 0.99, N: 24}
	s.Coverage.LogEvents, s.Coverage.LogStreams = 9120, 2
	s.Logs = finding.Logs{Lines: 9120, Levels: map[string]int64{"INFO": 9120}}
	return s
}

// insufficient has eleven usable minutes at one rate.
func insufficient() finding.Set {
	l := resnet()
	l.rates, l.stepWidth = []float64{30, 32}, 7*time.Minute
	s := l.base(0.2)
	s.Verdict = finding.Verdict{Status: finding.Insufficient, Summary: "Not enough to answer: 11 usable minutes, 20 needed.", Reasons: []string{"the rate hardly moved, so nothing can be said about higher rates"}}
	why := "11 usable minutes, 20 needed; rates from 30 to 32 requests/s, a factor of 2 needed"
	s.Answers = finding.Answers{
		Saturated:  finding.Flag{Status: finding.Unanswerable, Why: "one level of load only"},
		Capacity:   refused(perInstance, why),
		SLORate:    refused(perInstance, "fewer than 4 steps"),
		Bottleneck: finding.Bottleneck{Status: finding.Unanswerable, Margins: map[string]finding.Number{"gpu": 0.21, "cpu": 0.1}, Why: "no resource came near its limit"},
		ErrorOnset: refused(perInstance, "no step had errors"), Instances: refused("instances", "no rate per instance is known"),
		AutoscalingTarget: refused(perMinute, "no rate per instance is known"), CostPerMillion: refused("USD", "no price list was given"),
		Headroom: refused("ratio", "no rate per instance is known"),
	}
	s.Coverage.Usable, s.Coverage.Provisional, s.Coverage.Present = 11, 3, 13
	s.Minutes = append(s.Minutes[:4:4], s.Minutes[5:]...)
	s.Coverage.Series[6].Points = 10
	s.Ledger.Problems = []finding.LedgerEntry{
		{Dataset: "logs", Scope: "/aws/sagemaker/Endpoints/resnet-g5", Start: s.Window.Start, End: s.Window.End, Status: "denied", Reason: "AccessDeniedException: not authorized to perform logs:FilterLogEvents"},
		{Dataset: "metrics", Scope: "AWS/SageMaker", Start: s.Window.Start, End: s.Window.End, Status: "provisional", Reason: "younger than 3 h"},
	}
	return s
}

// memoryLeak is a CPU endpoint that dies of memory after two hours.
func memoryLeak() finding.Set {
	l := resnet()
	l.gpus, l.instances, l.bucket = 0, 1, time.Minute
	l.rates, l.stepWidth, l.capacity, l.demand, l.cores = []float64{25, 25, 25, 25}, 30*time.Minute, 60, 0.02, 0.05
	s := l.base(0)
	for i := range s.Minutes {
		m := &s.Minutes[i]
		since := float64(i % 100)
		m.Memory = math.Min(1, 0.30+0.0072*since)
		m.MemoryHot = m.Memory
		if i%100 >= 97 && i < 103 {
			m.Errors5XX = math.Round(m.Invocations * 0.6)
			m.LogErrors = 40
			if i%100 == 99 {
				nan := math.NaN()
				m.CPU, m.CPUHot, m.Memory, m.MemoryHot, m.Disk, m.ModelP50, m.ModelP90, m.ModelP99, m.ModelMean = nan, nan, nan, nan, nan, nan, nan, nan, nan
			}
		}
	}
	s.Subject, s.Tested.Endpoint = "endpoint/leaky", "leaky"
	s.Verdict = finding.Verdict{Status: finding.Fail, Summary: "The container runs out of memory after 97 minutes at 25 requests/s.", Reasons: []string{"memory grew by 0.72 % of the limit a minute at constant load"}}
	s.Answers = finding.Answers{
		Saturated:      finding.Flag{Status: finding.Unanswerable, Why: "one level of load only"},
		Capacity:       estimate(finding.AtLeast, 24.8, math.NaN(), math.NaN(), perInstance, "sustained", "capacity_plateau", "the load never rose"),
		SLORate:        refused(perInstance, "no SLO was given"),
		Bottleneck:     finding.Bottleneck{Status: finding.Measured, Value: "memory", Margins: map[string]finding.Number{"memory": 1, "cpu": 0.34}, Why: "memory reached its limit and the container died", Query: "utilization_by_step"},
		ErrorOnset:     refused(perInstance, "the errors came with memory, not with load"),
		Instances:      refused("instances", "a leak is not cured by instances"),
		CostPerMillion: refused("USD", "no price list was given"), AutoscalingTarget: refused(perMinute, ""), Headroom: refused("ratio", ""),
	}
	s.Options.SLO, s.Options.PeakRPS = "", finding.Missing()
	s.Findings = []finding.Finding{{ID: "oom", Check: "memory_growth", Severity: finding.Critical, Title: "Memory grows without end: 100 % after 97 minutes", Evidence: []string{"0.72 % of the limit a minute at constant load", "1 restart at 15:39"}, Query: "memory_by_minute"}}
	s.Coverage.LogEvents, s.Coverage.LogStreams = 3100, 2
	s.Logs = finding.Logs{Lines: 3100, Levels: map[string]int64{"INFO": 2860, "ERROR": 240}, Templates: []finding.LogTemplate{
		{Template: "Worker (pid:<num>) was sent SIGKILL! Perhaps out of memory?", Level: "ERROR", Lines: 240, ByStep: []int64{0, 0, 0, 240}, First: l.start.Add(97 * time.Minute), Last: l.start.Add(103 * time.Minute), Example: "Worker (pid:118) was sent SIGKILL! Perhaps out of memory?"},
	}}
	return s
}

// thirtyDays is a month of production traffic with a daily wave, weekends, and
// instances that follow it.
func thirtyDays() finding.Set {
	l := resnet()
	l.start, l.stepWidth, l.bucket = time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), 30*time.Minute, time.Minute
	l.rates = nil
	for range 30 * 48 {
		l.rates = append(l.rates, 60)
	}
	r := rand.New(rand.NewPCG(3, 4))
	s := l.base(0.2)
	var kept []finding.Minute
	for i, m := range s.Minutes {
		hours := m.Start.Sub(l.start).Hours()
		wave := 0.55 + 0.45*math.Sin((hours-8)/24*2*math.Pi)
		if day := m.Start.Weekday(); day == time.Saturday || day == time.Sunday {
			wave *= 0.6
		}
		rate := (12 + 190*wave) * (1 + 0.05*r.NormFloat64())
		m.Instances = math.Max(1, math.Ceil(rate/80))
		one := l.minute(r, m.Start, 0, false)
		scale := rate / m.Instances / (one.Invocations / 60 / 2)
		m.Invocations = math.Round(rate * 60)
		m.GPU, m.GPUHot, m.CPU = math.Min(1, one.GPU*scale), math.Min(1, one.GPU*scale*1.1), 0.1+(one.CPU-0.1)*scale
		m.Errors5XX, m.LogErrors = 0, 0
		if r.Float64() < 0.002 {
			m.Errors5XX, m.LogErrors = math.Round(m.Invocations*0.03*r.Float64()), 1+int64(r.IntN(30))
		}
		if i > 20000 && i < 20600 {
			continue
		}
		if i >= 31000 && i < 31020 {
			m.ModelP99, m.Errors5XX, m.LogErrors = 6*m.ModelP99, math.Round(0.04*m.Invocations), 40
		}
		kept = append(kept, m)
	}
	s.Minutes, s.Steps = kept, l.steps(kept, 0.2)
	for i := range s.Steps {
		s.Steps[i].Saturated = false
	}
	s.Subject = "endpoint/month"
	s.Coverage.Present = len(kept)
	s.Tested.InstancesMin, s.Tested.InstancesMax = 1, 3
	s.Verdict = finding.Verdict{Status: finding.Pass, Summary: "Within the SLO at every traffic level seen in 30 days."}
	s.Answers = neverSaturated().Answers
	s.Curve = neverSaturated().Curve
	s.Options.PeakRPS = 100
	s.Coverage.LogEvents = 120000
	s.Logs = finding.Logs{Lines: 120000, Levels: map[string]int64{"INFO": 119000, "ERROR": 1000}, Templates: []finding.LogTemplate{
		{Template: "worker <num> timed out after <num> ms", Level: "ERROR", First: l.start, Last: l.end()},
		{Template: "model cache reloaded", Level: "INFO", Lines: 30, ByStep: make([]int64, len(l.rates)), First: l.start, Last: l.end()},
	}}
	for i := range s.Steps {
		n := int64(s.Steps[i].LogErrors)
		s.Logs.Templates[0].ByStep = append(s.Logs.Templates[0].ByStep, n)
		s.Logs.Templates[0].Lines += n
		if i%48 == 0 {
			s.Logs.Templates[1].ByStep[i] = 1
		}
	}
	return s
}

// noLogs has metrics only.
func noLogs() finding.Set {
	l := resnet()
	l.logs = false
	s := saturatedGPU()
	s.Minutes = l.minutes()
	s.Steps = l.steps(s.Minutes, 0.2)
	s.Logs, s.Coverage.LogEvents, s.Coverage.LogStreams = finding.Logs{}, 0, 0
	s.Findings = s.Findings[:1]
	return s
}

// noSLO was run without an SLO and without a peak.
func noSLO() finding.Set {
	s := saturatedGPU()
	s.Options.SLO, s.Options.PeakRPS = "", finding.Missing()
	for i := range s.Steps {
		s.Steps[i].SLO = "unknown"
	}
	s.Verdict = finding.Verdict{Status: finding.Pass, Summary: "One instance serves 142.3 requests/s; no SLO and no peak traffic were given to judge it by."}
	s.Answers.SLORate = refused(perInstance, "no SLO was given")
	s.Answers.Instances = refused("instances", "no peak traffic was given")
	s.Answers.Instances.Current = 2
	s.Answers.Headroom = refused("ratio", "no peak traffic was given")
	s.Answers.AutoscalingTarget = estimate(finding.Measured, 5842, 5842, 6098, perMinute, "formula", "", "")
	s.Answers.AutoscalingTarget.Formula = "139.1 × 0.70 × 60 = 5,842"
	return s
}

// noUtilization has invocation metrics but no instance metrics.
func noUtilization() finding.Set {
	s := saturatedGPU()
	nan, none := math.NaN(), finding.Missing()
	for i := range s.Minutes {
		m := &s.Minutes[i]
		m.CPU, m.CPUHot, m.GPU, m.GPUHot, m.GPUMemory, m.GPUMemoryHot, m.Memory, m.MemoryHot, m.Disk, m.DiskHot = nan, nan, nan, nan, nan, nan, nan, nan, nan, nan
	}
	for i := range s.Steps {
		st := &s.Steps[i]
		st.CPU, st.GPU, st.GPUMemory, st.Memory, st.Disk = none, none, none, none, none
	}
	s.Curve = nil
	s.Answers.Bottleneck = finding.Bottleneck{Status: finding.Unanswerable, Why: "no utilization was published for this endpoint"}
	for i := 6; i < len(s.Coverage.Series); i++ {
		s.Coverage.Series[i].Points = 0
	}
	return s
}

// oneMinute is the shortest window there is.
func oneMinute() finding.Set {
	l := resnet()
	l.rates, l.stepWidth = []float64{40}, time.Minute
	s := l.base(0.2)
	s.Answers = insufficient().Answers
	s.Verdict = finding.Verdict{Status: finding.Insufficient, Summary: "Not enough to answer: 1 minute of data."}
	s.Coverage.Usable = 0
	return s
}

// batching is a GPU that batches, so that its line must not be extended.
func batching() finding.Set {
	s := neverSaturated()
	for i := range s.Minutes {
		m := &s.Minutes[i]
		m.GPU = math.Min(0.98, 0.95*math.Pow(m.GPU/0.62, 0.45))
		m.GPUHot = math.Min(1, m.GPU*1.02)
	}
	s.Curve.SlopeRatio, s.Curve.R2, s.Tested.Batching = 0.55, 0.96, true
	s.Curve.Slope, s.Curve.SlopeLo, s.Curve.SlopeHi, s.Curve.Intercept = 0.00691, 0.0062, 0.0076, 0.354
	why := "the slope of GPU time falls with load (ratio 0.55, refused below 0.80), so the GPU batches and its utilization says nothing about its limit"
	s.Answers.Capacity = estimate(finding.AtLeast, 87.2, math.NaN(), math.NaN(), perInstance, "sustained", "capacity_plateau", why)
	s.Answers.Bottleneck = finding.Bottleneck{Status: finding.Unanswerable, Margins: map[string]finding.Number{"gpu": 0.95, "cpu": 0.27}, Why: "the limit was not reached and a batching GPU hides it"}
	return s
}

// hostile is the saturated case with log text, names and reasons that try to
// break out of tables, code and HTML.
func hostile() finding.Set {
	s := saturatedGPU()
	evil := []string{
		"| a | b |\n|---|---|\n<script>alert(1)</script> `x` ``y`` [click](http://evil.example/) ![i](http://evil.example/i.png)",
		"\x1b[31mred\x1b[0m \u202egnp.exe\u202c zero\u200bwidth \\| and \\",
		"</code></pre><img src=x onerror=alert(1)> &lt; &#x3c; www.evil.example https://evil.example",
		"```\nfenced\n```\n# heading\n> quote\n- list\n1. one\n===\n---",
		string([]byte{0xff, 0xfe, 'b', 'a', 'd'}) + " utf-8 " + fmt.Sprintf("%0400d", 7),
		"   ",
		"`",
		"ends with backslash \\",
	}
	s.Logs.Templates = nil
	for i, text := range evil {
		s.Logs.Templates = append(s.Logs.Templates, finding.LogTemplate{
			Template: text, Example: text, Level: "ERROR", Lines: int64(100 - i), ByStep: []int64{1, 2}, First: s.Window.Start, Last: s.Window.End,
		})
		s.Logs.Exceptions = append(s.Logs.Exceptions, finding.LogException{Type: text, Lines: 1, First: s.Window.Start})
		s.Findings = append(s.Findings, finding.Finding{ID: "x", Check: "c|<b>", Severity: finding.Warning, Title: text, Evidence: []string{text}, Query: text})
		s.Coverage.Notes = append(s.Coverage.Notes, text)
		s.Ledger.Problems = append(s.Ledger.Problems, finding.LedgerEntry{Dataset: text, Scope: text, Status: text, Reason: text})
		s.Verdict.Reasons = append(s.Verdict.Reasons, text)
	}
	s.Subject, s.Verdict.Summary, s.Tool = "endpoint/"+evil[2], evil[0], evil[2]
	s.Tested.Endpoint, s.Tested.InstanceType, s.Tested.Region = evil[0], "ml.<b>|x", evil[1]
	s.Answers.Capacity.Why, s.Answers.Instances.Formula = evil[0], evil[2]
	s.Answers.Bottleneck.Why, s.Answers.Bottleneck.Value = evil[3], evil[2]
	s.Options.SLO = evil[2]
	return s
}

// withTraffic is a set with the table and the next test that the analysis would
// have made of it.
func withTraffic(s finding.Set) finding.Set {
	if s.Answers.Capacity.Status != finding.Measured && len(s.Steps) > 0 {
		s.Next = &finding.NextTest{Answers: []string{"capacity"}, Instances: 2, Why: "the limit of one instance is not known"}
		for _, rps := range []finding.Number{100, 150, 200, 250, 300} {
			s.Next.Stages = append(s.Next.Stages, finding.Stage{Minutes: 5, RPS: rps})
		}
	}
	g, ok := newScribe(s, Options{}).ground()
	if !ok {
		return s
	}
	peak := float64(s.Options.PeakRPS)
	if !known(peak) {
		peak = tidy(g.holds(currentOr(s.Answers.Instances, s.Tested.InstancesLast)))
	}
	for _, part := range []float64{0.5, 1, 2, 4} {
		k, usd := g.need(part*peak), finding.Missing()
		each := part * peak * (1 + g.growth) / k
		if s.Price != nil {
			usd = s.Price.USDPerHour * finding.Number(k)
		}
		s.Traffic = append(s.Traffic, finding.Traffic{
			PeakRPS: finding.Number(part * peak), Instances: finding.Number(k), InstanceRPS: finding.Number(each),
			Load: finding.Number(each / g.each), CostPerHour: usd,
		})
	}
	return s
}

// priced is the saturated test with prices, of which one is old.
func priced() finding.Set {
	s := saturatedGPU()
	const usd = 2.5
	s.Price = &finding.Price{
		Region: "us-east-1", InstanceType: "ml.g5.xlarge", Use: "hosting", USDPerHour: usd,
		AsOf: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Source: "a <made-up> table | of *prices*", Old: true,
	}
	perHour := estimate(finding.Extrapolated, 7*usd, 6*usd, 7*usd, "USD/hour", "formula", "instance_count", "on demand")
	perHour.Current, perHour.Formula = 2*usd, "7 × 2.5 = 17.5 USD/hour"
	s.Answers.CostPerHour = perHour
	s.Answers.CostPerMillion = estimate(finding.Extrapolated, 10.1273, 8.6806, 10.1273, "USD", "formula", "instance_count", "while the recommended fleet serves the peak")
	s.Answers.CostPerMillionActual = estimate(finding.Measured, 7.4031, 7.4031, 7.4031, "USD", "formula", "instance_count", "as it ran")
	s.Answers.CostPerMillionAtSLO = estimate(finding.Measured, 5.8851, 5.5556, 6.3131, "USD", "formula", "slo_crossing", "no reserve kept")
	return s
}

// samples are all cases by name.
func samples() map[string]func() finding.Set {
	return map[string]func() finding.Set{
		"saturated-gpu": saturatedGPU, "never-saturated": neverSaturated, "insufficient": insufficient,
		"memory-leak": memoryLeak, "thirty-days": thirtyDays, "no-logs": noLogs, "no-slo": noSLO,
		"no-utilization": noUtilization, "one-minute": oneMinute, "batching": batching, "hostile": hostile,
		"empty": func() finding.Set { return finding.Set{} }, "unknown": unknown, "priced": priced,
	}
}

// unknown is the saturated case in which every number is missing.
func unknown() finding.Set {
	s := saturatedGPU()
	nan, none := math.NaN(), finding.Missing()
	s.Curve = &finding.Curve{Resource: "gpu", Limit: none, Slope: none, SlopeLo: none, SlopeHi: none, Intercept: none, MaxRate: none, R2: none, SlopeRatio: none}
	t := &s.Tested
	t.InstancesMin, t.InstancesMax, t.InstancesLast, t.Requests, t.MemoryGiB = none, none, none, none, none
	for i := range s.Steps {
		n := s.Steps[i]
		s.Steps[i] = finding.Step{
			N: n.N, Start: n.Start, End: n.End, Instances: none, OfferedRPS: none, ServedRPS: none, P50: none, P90: none, P95: none, P99: none,
			Overhead: none, ModelMean: none, CPU: none, GPU: none, GPUMemory: none, Memory: none, Disk: none, Concurrency: none, Errors4XX: none, Errors5XX: none, SLO: "unknown",
		}
	}
	for i := range s.Minutes {
		s.Minutes[i] = finding.Minute{
			Start: s.Minutes[i].Start, Seconds: 60, Instances: nan, Invocations: nan, PerInstance: nan, Errors4XX: nan, Errors5XX: nan, ModelErrors: nan,
			ModelMean: nan, ModelP50: nan, ModelP90: nan, ModelP95: nan, ModelP99: nan, ModelMax: nan, ModelCount: nan, OverheadMean: nan, OverheadMax: nan,
			CPU: nan, CPUHot: nan, GPU: nan, GPUHot: nan, GPUMemory: nan, GPUMemoryHot: nan, Memory: nan, MemoryHot: nan, Disk: nan, DiskHot: nan, Reporting: nan, ConcurrencyMax: nan,
		}
	}
	for _, e := range []*finding.Estimate{&s.Answers.Capacity, &s.Answers.SLORate, &s.Answers.ErrorOnset, &s.Answers.Instances, &s.Answers.AutoscalingTarget, &s.Answers.CostPerMillion, &s.Answers.Headroom} {
		e.Value, e.Lo, e.Hi, e.Current, e.Confidence, e.Formula = none, none, none, none, none, ""
	}
	s.Answers.Saturated.Value = nil
	s.Answers.Bottleneck.Margins = map[string]finding.Number{"gpu": none, "cpu": none}
	s.Ledger.CostLow, s.Ledger.CostHigh = none, none
	s.Options.PeakRPS, s.Options.Growth, s.Options.TargetUtilization = none, none, none
	return s
}

// tidy rounds down to two significant digits.
func tidy(v float64) float64 {
	if !known(v) || v <= 0 {
		return v
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Floor(v/unit+1e-9) * unit
}
