package analyze

import (
	"fmt"
	"math"
	"strings"

	"sizewise/analyze/change"
	"sizewise/analyze/dossier"
)

// way is how a published series becomes one that nights are compared by.
type way int

const (
	ofRate    way = iota // events per second
	ofShare              // of the events that are counted beside it
	ofSamples            // as ofShare, by how often it was published
	ofMiss               // one less the mean
	ofTime               // its p50, at the same load
	ofTail               // its p99, at the same load
	ofUse                // its mean in percent, at the same load
	ofFill               // growth of its mean in percent
	ofLevel              // its mean, at the same time of the week
)

// rule says how a metric of a kind is followed.
type rule struct {
	metric, name, label, unit string
	way                       way
	of                        string // metric that counts the events; "" none
	floor                     float64
	indifferent               bool // more of it is neither better nor worse
}

// rulesOf are the rules of a kind; nil follows every series by its mean.
func rulesOf(kind string) []rule {
	const calls, done = "Invocations", "InvocationsProcesssed" // as AWS spells it
	switch kind {
	case "component":
		return []rule{
			{calls, "traffic", "requests", "requests/s", ofRate, "", 0, true},
			{"ModelLatency", "latency_p50", "p50 of ModelLatency at the same load", "s", ofTime, calls, 0, false},
			{"ModelLatency", "latency_p99", "p99 of ModelLatency at the same load", "s", ofTail, calls, 0, false},
			{"Invocation5XXErrors", "errors_5xx", "5xx answers", "ratio", ofShare, calls, 0.0005, false},
			{"Invocation4XXErrors", "errors_4xx", "4xx answers", "ratio", ofShare, calls, 0.0005, false},
			{"NoCapacityInvocationFailures", "no_capacity", "requests without a copy in service", "ratio", ofShare, calls, 0.0005, false},
			{"CPUUtilizationNormalized", "cpu_demand", "CPU for the same load", "of what is reserved", ofUse, calls, 0, false},
			{"GPUUtilizationNormalized", "gpu_demand", "GPU for the same load", "of what is reserved", ofUse, calls, 0, false},
			{"MemoryUtilizationNormalized", "memory_growth", "memory", "ratio/h", ofFill, "", 0.001, false},
			{"GPUMemoryUtilizationNormalized", "gpu_memory_growth", "GPU memory", "ratio/h", ofFill, "", 0.001, false},
		}
	case "featuregroup":
		return []rule{
			{calls, "traffic", "calls", "calls/s", ofRate, "", 0, true},
			{"Latency", "latency_p50", "p50 of Latency at the same load", "s", ofTime, calls, 0, false},
			{"Latency", "latency_p99", "p99 of Latency at the same load", "s", ofTail, calls, 0, false},
			{"ThrottledRequests", "throttled", "throttled calls", "ratio", ofShare, calls, 0.0005, false},
			{"Operation5XXErrors", "errors_5xx", "5xx answers", "ratio", ofShare, calls, 0.0005, false},
			{"Operation4XXErrors", "errors_4xx", "4xx answers", "ratio", ofShare, calls, 0.0005, false},
		}
	case "endpoint":
		return []rule{
			{done, "processed", "requests processed", "requests/s", ofRate, "", 0, true},
			{"InvocationFailures", "failed", "requests that failed", "ratio", ofShare, done, 0.0005, false},
			{"TotalProcessingTime", "processing_p50", "p50 of TotalProcessingTime at the same load", "s", ofTime, done, 0, false},
			{"ApproximateAgeOfOldestRequest", "oldest_request", "age of the oldest request", "s", ofLevel, "", 0, false},
			{"ApproximateBacklogSize", "backlog", "backlog", "requests", ofLevel, "", 0, false},
			{"ModelSetupTime", "cold_starts", "cold starts", "ratio", ofSamples, calls, 0.002, false},
			{"ServerlessConcurrentExecutionsUtilization", "concurrency", "share of the allowed concurrency in use", "ratio", ofLevel, "", 0, false},
			{"ServerlessProvisionedConcurrencySpilloverInvocations", "spillover", "requests beyond the provisioned concurrency", "ratio", ofShare, calls, 0.002, false},
			{"ModelCacheHit", "model_cache_miss", "requests whose model was not loaded", "ratio", ofMiss, "", 0.002, false},
		}
	}
	return nil
}

// moreOf are the series of a subject that nights are compared by.
func (f *followed) moreOf(raw []*rawSeries) []moreSeries {
	kind, _, _ := strings.Cut(f.key, "/")
	rules := rulesOf(kind)
	var out []moreSeries
	if rules == nil {
		for _, s := range raw {
			out = append(out, s.plain(several(raw)))
		}
		return out
	}
	for _, r := range rules {
		for _, s := range raw {
			if s.metric == r.metric && narrowest(kind, s) {
				m := s.by(r, raw)
				if r.way == ofRate {
					f.quiet(s, &m)
				}
				out = append(out, m)
			}
		}
	}
	return out
}

// quiet puts no events at all into the hours in which other things were
// published and no events were, from the first events on.
func (f *followed) quiet(s *rawSeries, m *moreSeries) {
	seen := false
	for i, h := range s.hours {
		seen = seen || h.there
		if seen && !h.there && f.hours[i].there {
			m.values[i], m.noises[i] = 0.5/3600, 1
		}
	}
}

// narrowest leaves out dimension sets that hold the same data once more.
func narrowest(kind string, s *rawSeries) bool {
	switch kind {
	case "component":
		return s.dimSet == "InferenceComponentName"
	case "featuregroup":
		return strings.Contains(s.dimSet, "OperationName") || s.metric != "Invocations" && s.metric != "Latency"
	}
	return true
}

// several says whether series need their dimensions to be told apart.
func several(raw []*rawSeries) bool {
	seen := map[string]bool{}
	for _, s := range raw {
		if seen[s.metric] {
			return true
		}
		seen[s.metric] = true
	}
	return false
}

// by follows a series as a rule says.
func (s *rawSeries) by(r rule, raw []*rawSeries) moreSeries {
	m := s.base(r)
	var events *rawSeries
	for _, e := range raw {
		if r.of != "" && e.metric == r.of && (events == nil || e.dims == s.dims) {
			events = e
		}
	}
	before := math.NaN()
	for i, h := range s.hours {
		counted := math.NaN()
		if events != nil && events.hours[i].there {
			counted = events.hours[i].added
			m.load[i] = counted / 3600
		}
		switch r.way {
		case ofRate:
			m.values[i], m.noises[i] = h.added/3600+0.5/3600, 1/math.Sqrt(max(1, h.added))
		case ofShare, ofSamples:
			n := h.added
			if r.way == ofSamples {
				n = h.samples
			}
			if !h.there {
				n = 0 // nothing of the kind in an hour with events
			}
			m.values[i], m.noises[i] = n/counted, 1/(2*math.Sqrt(max(1, counted)))
			if !(counted >= leastRatio) {
				m.values[i] = math.NaN()
			}
			continue
		case ofMiss:
			m.values[i], m.noises[i] = 1-h.mean, 1/(2*math.Sqrt(max(1, h.samples)))
		case ofTime:
			m.values[i] = enough(h.p50*h.secondsUnit, h.samples, leastForP50)
		case ofTail:
			m.values[i] = enough(h.p99*h.secondsUnit, h.samples, leastForP99)
		case ofUse:
			m.values[i] = enough(h.mean/100, counted, leastForP50)
		case ofFill:
			m.values[i], before = (h.mean-before)/100, h.mean
		case ofLevel:
			m.values[i] = h.mean
		}
		if !h.there {
			m.values[i] = math.NaN()
			if r.way == ofFill {
				before = math.NaN()
			}
		}
	}
	if r.way == ofLevel {
		m.scaled()
	}
	return m
}

// base is a series with nothing in it yet.
func (s *rawSeries) base(r rule) moreSeries {
	k := len(s.hours)
	m := moreSeries{
		followedMetric: followedMetric{name: r.name, label: r.label, unit: r.unit, floor: r.floor, costly: !r.indifferent, query: "hourly_series"},
		values:         missingHours(k), load: missingHours(k), noises: missingHours(k),
	}
	if operation := dossier.Dimension(s.dims, "OperationName"); operation != "" {
		m.label = operation + ": " + m.label
	}
	least := 0.005
	switch r.way {
	case ofRate, ofLevel:
		m.basis, m.scale = change.Season, change.Ratio
	case ofShare, ofSamples, ofMiss:
		m.basis, m.scale = change.Level, change.Share
	case ofTime, ofTail, ofUse:
		m.basis, m.scale = change.Load, change.Ratio
	case ofFill:
		m.basis, m.scale, least = change.Level, change.Plain, 0.0005
	}
	for i := range m.noises {
		m.noises[i] = least
	}
	return m
}

func enough(v, n, least float64) float64 {
	if n >= least {
		return v
	}
	return math.NaN()
}

// plain follows a series of which nothing is known by its mean, and one of
// events by how many there were.
func (s *rawSeries) plain(named bool) moreSeries {
	m := s.base(rule{s.metric, s.metric, s.metric, strings.ToLower(s.unit), ofLevel, "", 0, true})
	if s.unit == "None" || s.unit == "" {
		m.unit = ""
	}
	if named {
		m.label = fmt.Sprintf("%s of %s", s.metric, s.dims)
	}
	events := s.unit == "Count" || s.unit == "None"
	for _, h := range s.hours {
		events = events && (!h.there || h.lowest >= 0 && h.highest == 1)
	}
	for i, h := range s.hours {
		if !h.there {
			continue
		}
		m.values[i] = h.mean
		if events {
			m.values[i], m.noises[i] = h.added, 1/math.Sqrt(max(1, h.added))
		}
	}
	if events {
		m.unit = "per hour"
	}
	m.scaled()
	return m
}

// scaled looks at a level relatively where it is always above zero, and else by
// differences, of which a twentieth of its size matters.
func (m *moreSeries) scaled() {
	n, size, above := 0, 0.0, true
	for _, v := range m.values {
		if v == v {
			n++
			size += math.Abs(v)
			above = above && v > 0
		}
	}
	if n == 0 || above {
		return
	}
	m.scale, m.floor = change.Plain, 0.05*size/float64(n)
	for i := range m.noises {
		m.noises[i] = 0.005 * size / float64(n)
	}
}
