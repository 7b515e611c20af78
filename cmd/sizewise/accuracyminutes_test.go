package main

import (
	"math"
	"math/rand/v2"
	"time"

	"sizewise/analyze/finding"
	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server/statistic"
	"sizewise/ingest/simaws/workload"
)

// observe simulates the trial and returns what CloudWatch would hold, minute by
// minute, from the first request to the last.
func (t *trial) observe() ([]finding.Minute, error) {
	var out []finding.Minute
	for _, c := range t.pieces() {
		minutes, err := minutesOf(c, t.Seed)
		if err != nil {
			return nil, err
		}
		out = append(out, minutes...)
	}
	r := rand.New(rand.NewPCG(t.Seed, 77))
	kept := out[:0]
	for _, m := range out {
		if r.Float64() >= t.Missing {
			kept = append(kept, m)
		}
	}
	return fillGaps(kept), nil
}

// pieces are spans of the test in which the work per request is constant.
func (t *trial) pieces() []workload.Config {
	if t.Drift == 0 && t.Deploy == 0 {
		return []workload.Config{t.Config}
	}
	steps := t.Config.Arrivals.Steps
	width := max(1, int(t.Piece/steps[0].For))
	if t.Deploy != 0 {
		width = (len(steps) + 1) / 2
	}
	r := rand.New(rand.NewPCG(t.Seed, 78))
	begin, phase := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC), 2*math.Pi*r.Float64()
	start := begin
	var out []workload.Config
	for from := 0; from < len(steps); from += width {
		c := t.Config
		c.Arrivals.Steps = steps[from:min(from+width, len(steps))]
		c.Start = start
		f := 1.0
		if t.Drift != 0 {
			f += t.Drift * math.Sin(phase+2*math.Pi*start.Sub(begin).Seconds()/t.Swing.Seconds())
		}
		if t.Deploy != 0 && from == 0 {
			f = t.Deploy
		}
		for _, d := range []*workload.Demand{&c.Service.CPU, &c.Service.GPU, &c.Service.Downstream} {
			d.Mean = time.Duration(float64(d.Mean) * f)
		}
		c.Service.Batch.Base, c.Service.Batch.PerItem = time.Duration(float64(c.Service.Batch.Base)*f), time.Duration(float64(c.Service.Batch.PerItem)*f)
		for _, s := range c.Arrivals.Steps {
			start = start.Add(s.For)
		}
		if t.Drift != 0 && from > 0 {
			c.Fleet.WarmUp = 0 // no instance starts anew because the work per request moves
		}
		out = append(out, c)
	}
	return out
}

// minutesOf simulates one configuration. The idle time before and after the
// load is kept only where nothing else touches it.
func minutesOf(c workload.Config, seed uint64) ([]finding.Minute, error) {
	run, err := workload.Run(c, seed)
	if err != nil {
		return nil, err
	}
	byMinute := map[time.Time]*minuteSets{}
	for _, s := range run.Account.Metrics {
		if len(s.Dims) != 2 {
			continue
		}
		for _, p := range s.Points {
			at := p.Time.Truncate(time.Minute)
			if byMinute[at] == nil {
				byMinute[at] = &minuteSets{}
			}
			byMinute[at].add(s.Name, p)
		}
	}
	cycles := max(1, 60/run.Account.Metrics[0].Resolution.Seconds())
	var out []finding.Minute
	for at := run.Start; at.Before(run.End); at = at.Add(time.Minute) {
		m := absentMinute(at)
		if s := byMinute[at]; s != nil {
			s.fill(&m, cycles)
		}
		out = append(out, m)
	}
	return out, nil
}

// minuteSets are the raw values of one minute by metric.
type minuteSets map[string]*statistic.Set

func (s *minuteSets) add(name string, p account.Point) {
	if (*s)[name] == nil {
		if *s == nil {
			*s = minuteSets{}
		}
		(*s)[name] = statistic.NewSet()
	}
	(*s)[name].Add(p.Values, p.Counts)
}

// of is a CloudWatch statistic of one metric, NaN where it was not published.
func (s minuteSets) of(metric, stat string) float64 {
	set := s[metric]
	if set == nil {
		return math.NaN()
	}
	parsed, err := statistic.Parse(stat)
	if err != nil {
		return math.NaN()
	}
	v, ok := parsed.Of(set)
	if !ok {
		return math.NaN()
	}
	return v
}

func (s minuteSets) fill(m *finding.Minute, cycles float64) {
	m.Invocations = s.of("Invocations", "Sum")
	m.PerInstance = s.of("InvocationsPerInstance", "Sum")
	m.Errors4XX, m.Errors5XX = s.of("Invocation4XXErrors", "Sum"), s.of("Invocation5XXErrors", "Sum")
	m.ModelErrors = s.of("InvocationModelErrors", "Sum")
	for stat, to := range map[string]*float64{
		"Average": &m.ModelMean, "p50": &m.ModelP50, "p90": &m.ModelP90, "p95": &m.ModelP95, "p99": &m.ModelP99, "Maximum": &m.ModelMax,
	} {
		*to = s.of("ModelLatency", stat) / 1e6
	}
	m.ModelCount = s.of("ModelLatency", "SampleCount")
	m.OverheadMean, m.OverheadMax = s.of("OverheadLatency", "Average")/1e6, s.of("OverheadLatency", "Maximum")/1e6
	for name, to := range map[string][2]*float64{
		"CPUUtilization": {&m.CPU, &m.CPUHot}, "GPUUtilization": {&m.GPU, &m.GPUHot},
		"GPUMemoryUtilization": {&m.GPUMemory, &m.GPUMemoryHot}, "MemoryUtilization": {&m.Memory, &m.MemoryHot}, "DiskUtilization": {&m.Disk, &m.DiskHot},
	} {
		*to[0], *to[1] = s.of(name, "Average")/100, s.of(name, "Maximum")/100
	}
	m.Samples = s.of("CPUUtilization", "SampleCount")
	m.Reporting = m.Samples / cycles
	m.ConcurrencyMax = s.of("ConcurrentRequestsPerModel", "Maximum")
}

func absentMinute(at time.Time) finding.Minute {
	n := math.NaN()
	return finding.Minute{
		Start: at, Seconds: 60, Instances: n, Invocations: n, PerInstance: n, Errors4XX: n, Errors5XX: n, ModelErrors: n,
		ModelMean: n, ModelP50: n, ModelP90: n, ModelP95: n, ModelP99: n, ModelMax: n, ModelCount: n, OverheadMean: n, OverheadMax: n,
		CPU: n, CPUHot: n, GPU: n, GPUHot: n, GPUMemory: n, GPUMemoryHot: n, Memory: n, MemoryHot: n, Disk: n, DiskHot: n,
		Reporting: n, Samples: n, ConcurrencyMax: n,
	}
}

// fillGaps puts an empty minute wherever one is missing. Where two pieces of a
// test overlap, the last answers of the one and the first minute of the next,
// the next has it: a service does not pause because its work per request moves.
func fillGaps(minutes []finding.Minute) []finding.Minute {
	var out []finding.Minute
	for _, m := range minutes {
		for n := len(out); n > 0 && out[n-1].Start.Add(time.Minute).Before(m.Start); n = len(out) {
			out = append(out, absentMinute(out[n-1].Start.Add(time.Minute)))
		}
		for n := len(out); n > 0 && !out[n-1].Start.Before(m.Start); n = len(out) {
			out = out[:n-1]
		}
		out = append(out, m)
	}
	return out
}
