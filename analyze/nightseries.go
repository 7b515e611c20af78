package analyze

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sizewise/analyze/change"
	"sizewise/analyze/finding"
)

// followedMetric is a metric that nights are compared by.
type followedMetric struct {
	name, label, unit string
	basis             change.Basis
	scale             change.Scale
	floor             float64 // least difference that matters; 0 takes the relative one
	costly            bool    // more of it is worse
	value             func(h, before hour) float64
	noise             func(h hour) float64 // least standard error from counting; nil: none
	query             string               // "" is hourly_levels
}

// Fewer requests than these in an hour tell no percentile.
const (
	leastForP50 = 60
	leastForP99 = 600
	leastRatio  = 100 // and no error ratio
)

// leastMinutes is how much of an hour must be there for it to count.
const leastMinutes = 20

// rate is an hour's requests per second; minutes without requests count where
// anything else was published in them.
func (h hour) rate() float64 {
	if !h.there || h.minutes < leastMinutes {
		return math.NaN()
	}
	n := h.invocations
	if n != n {
		n = 0
	}
	return n / (60 * h.minutes)
}

// load is the rate per instance.
func (h hour) load() float64 {
	k := h.instances
	if !(k > 0) {
		k = 1
	}
	return h.rate() / k
}

func (h hour) enough(n float64, v float64) float64 {
	if h.there && h.minutes >= leastMinutes && h.invocations >= n {
		return v
	}
	return math.NaN()
}

func ratioOf(errors, all float64) float64 {
	if errors != errors {
		errors = 0
	}
	return errors / all
}

func countingNoise(h hour) float64 { return 1 / (2 * math.Sqrt(max(1, h.invocations))) }

// growth is the difference to the hour before, per hour.
func growth(now, before float64) float64 { return now - before }

// followedMetrics are the metrics that nights are compared by.
func followedMetrics() []followedMetric {
	half := func(h hour) float64 { return 0.005 }
	return []followedMetric{
		{
			name: "traffic", label: "requests", unit: "requests/s", basis: change.Season, scale: change.Ratio,
			value: func(h, _ hour) float64 { return h.rate() + 0.5/3600 },
			noise: func(h hour) float64 { return 1 / math.Sqrt(max(1, h.invocations)) },
		},
		{
			name: "latency_p50", label: "p50 of ModelLatency at the same load", unit: "s", basis: change.Load, scale: change.Ratio, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastForP50, h.p50) }, noise: half,
		},
		{
			name: "latency_p99", label: "p99 of ModelLatency at the same load", unit: "s", basis: change.Load, scale: change.Ratio, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastForP99, h.p99) }, noise: half,
		},
		{
			name: "cpu_demand", label: "CPU for the same load", unit: "cores", basis: change.Load, scale: change.Ratio, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastForP50, h.cpu) }, noise: half,
		},
		{
			name: "gpu_demand", label: "GPU for the same load", unit: "GPUs", basis: change.Load, scale: change.Ratio, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastForP50, h.gpu) }, noise: half,
		},
		{
			name: "errors_5xx", label: "5xx answers", unit: "ratio", basis: change.Level, scale: change.Share, floor: 0.0005, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastRatio, ratioOf(h.errors5xx, h.invocations)) }, noise: countingNoise,
		},
		{
			name: "errors_4xx", label: "4xx answers", unit: "ratio", basis: change.Level, scale: change.Share, floor: 0.0005, costly: true,
			value: func(h, _ hour) float64 { return h.enough(leastRatio, ratioOf(h.errors4xx, h.invocations)) }, noise: countingNoise,
		},
		growing("memory_growth", "memory", func(h hour) float64 { return h.memory }),
		growing("gpu_memory_growth", "GPU memory", func(h hour) float64 { return h.gpuMemory }),
		growing("disk_growth", "disk", func(h hour) float64 { return h.disk }),
	}
}

// growing is how fast something fills, which is followed by its differences.
func growing(name, label string, of func(hour) float64) followedMetric {
	return followedMetric{
		name: name, label: label, unit: "ratio/h", basis: change.Level, scale: change.Plain, floor: 0.001, costly: true,
		value: func(h, before hour) float64 { return growth(of(h), of(before)) },
		noise: func(hour) float64 { return 0.0005 },
	}
}

// judge replays all nights and keeps what belongs to this one.
func (n *nightReader) judge() {
	var series []change.Series
	var of []*followed
	var metrics []followedMetric
	for _, f := range n.followed {
		f.since = n.sinceOf(f)
		for _, m := range followedMetrics() {
			if s, ok := f.series(m, n.o.Floor); ok {
				series, of, metrics = append(series, s), append(of, f), append(metrics, m)
			}
		}
	}
	for _, f := range n.followed {
		for _, m := range f.more {
			if s, ok := m.series(n.o.Floor); ok {
				series, of, metrics = append(series, s), append(of, f), append(metrics, m.followedMetric)
			}
		}
	}
	n.makeTrials()
	runs := make([]change.Runs, len(n.trials))
	for i := range n.trials {
		runs[i] = n.trials[i].Runs
	}
	shifts, off := change.DetectAll(series, runs, change.Options{Start: n.o.start(), MinNights: n.o.MinNights, Rate: n.o.Rate})
	for _, s := range off {
		n.tellRun(s)
	}
	n.tellFailures()
	for _, s := range shifts {
		f := of[s.Series]
		if n.told(f, s.Night) {
			f.changes = append(f.changes, n.level(f, metrics[s.Series], s))
		}
	}
	for _, f := range n.followed {
		f.changes = append(f.changes, n.factChanges(f)...)
		f.changes = append(f.changes, n.silences(f)...)
		f.changes = append(f.changes, n.messageChanges(f)...)
		f.changes = settle(f.changes)
	}
}

// sinceOf is where the stretch begins whose changes are told: with the night,
// or with data before it that came after the night before was judged.
func (n *nightReader) sinceOf(f *followed) time.Time { return n.since(f.subject()) }

func (n *nightReader) since(subject string) time.Time {
	since := n.o.begin()
	if came, ok := n.arrivals[subject]; ok && came.Before(since) {
		since = came
	}
	if least := n.o.begin().Add(-mostLate); since.Before(least) {
		since = least
	}
	return since
}

// told says whether the changes of a night, counted from the oldest, are told.
func (n *nightReader) told(f *followed, night int) bool {
	end := n.o.start().Add(time.Duration(night+1) * nightLength)
	return end.After(f.since)
}

// series is a metric of a variant, hour by hour. ok is false when too little is
// there.
func (f *followed) series(m followedMetric, floor float64) (change.Series, bool) {
	s := change.Series{Family: m.name, Basis: m.basis, Scale: m.scale, Floor: m.floor}
	if s.Floor == 0 {
		s.Floor = floor
	}
	s.Values, s.Load, s.Noise = make([]float64, len(f.hours)), make([]float64, len(f.hours)), make([]float64, len(f.hours))
	there := 0
	for i, h := range f.hours {
		s.Values[i], s.Load[i], s.Noise[i] = math.NaN(), math.NaN(), math.NaN()
		if !h.there {
			continue
		}
		before := hour{memory: math.NaN(), gpuMemory: math.NaN(), disk: math.NaN()}
		if i > 0 && f.hours[i-1].there {
			before = f.hours[i-1]
		}
		s.Values[i], s.Load[i] = m.value(h, before), h.load()
		if m.noise != nil {
			s.Noise[i] = m.noise(h)
		}
		if s.Values[i] == s.Values[i] {
			there++
		}
	}
	return s, there >= 24
}

// settle orders a subject's changes, the weightiest first, and leaves out what
// only follows from another.
func settle(all []finding.Change) []finding.Change {
	rank := func(c finding.Change) int {
		switch {
		case c.Kind == finding.ChangeFailure:
			return -1
		case c.Kind == finding.ChangeFact:
			return 0
		case c.Kind == finding.ChangeSilence:
			return 1
		case c.Worse:
			return 2
		case c.Kind == finding.ChangeLevel:
			return 3
		}
		return 4
	}
	size := func(c finding.Change) float64 {
		if c.Relative {
			return math.Abs(math.Log1p(float64(c.Effect)))
		}
		return 0
	}
	all = oneLatency(all)
	slices.SortStableFunc(all, func(a, b finding.Change) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if x, y := size(a), size(b); x != y {
			if x > y {
				return -1
			}
			return 1
		}
		return a.From.Compare(b.From)
	})
	return all
}

// oneLatency makes one change of two percentiles that moved together: they are
// the same requests.
func oneLatency(all []finding.Change) []finding.Change {
	for i := range all {
		tail := &all[i]
		if tail.Metric != "latency_p99" {
			continue
		}
		j := slices.IndexFunc(all, func(c finding.Change) bool {
			return c.Metric == "latency_p50" && c.Worse == tail.Worse && c.From.Sub(tail.From).Abs() <= 3*time.Hour
		})
		if j >= 0 {
			tail.Title += fmt.Sprintf("; p50 from %s to %s", amount(float64(all[j].Before), "s"), amount(float64(all[j].After), "s"))
			return oneLatency(slices.Delete(all, j, j+1))
		}
	}
	return all
}
