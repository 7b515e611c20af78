package workload

import (
	"fmt"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

const (
	invocationNamespace = "AWS/SageMaker"
	instanceNamespace   = "/aws/sagemaker/Endpoints"
)

// publisher turns a recorder's books into series.
type publisher struct {
	*recorder
	origin time.Time
	names  []string // instance ids
	series []account.Series
}

// group is the instances whose values one series holds.
type group struct {
	dims   []account.Dim
	member func(instance int) bool
}

// metric is how one invocation metric reads a tally.
type metric struct {
	name, unit string
	point      func(t *tally) (values, counts []float32)
}

func (p *publisher) publish() []account.Series {
	base := []account.Dim{{Name: "EndpointName", Value: p.test.Endpoint}, {Name: "VariantName", Value: p.test.Variant}}
	whole := group{dims: base, member: func(int) bool { return true }}
	p.usageSeries(whole)
	invocation := []group{whole}
	if !p.test.Publish.NoZoneDimension {
		invocation = append(invocation, p.zoneGroups(base)...)
	}
	if p.test.Publish.Enhanced {
		for i, name := range p.names {
			g := group{dims: with(base, account.Dim{Name: "InstanceId", Value: name}), member: func(j int) bool { return i == j }}
			invocation = append(invocation, g)
			p.usageSeries(g)
		}
	}
	for _, g := range invocation {
		p.invocationSeries(g)
		p.concurrencySeries(g)
	}
	return p.series
}

// zoneGroups answers one group for each availability zone with an instance.
func (p *publisher) zoneGroups(base []account.Dim) []group {
	t := p.test
	var out []group
	for z := range min(t.Fleet.Zones, len(t.speeds)) {
		out = append(out, group{
			dims: with(base,
				account.Dim{Name: "Region", Value: t.Region},
				account.Dim{Name: "AvailabilityZone", Value: t.Region + string(rune('a'+z))},
				account.Dim{Name: "InstanceType", Value: t.Fleet.InstanceType}),
			member: func(i int) bool { return i%t.Fleet.Zones == z },
		})
	}
	return out
}

func with(base []account.Dim, more ...account.Dim) []account.Dim {
	return append(slices.Clone(base), more...)
}

func invocationMetrics() []metric {
	flags := func(of func(*tally) int) func(*tally) ([]float32, []float32) {
		return func(t *tally) ([]float32, []float32) { return zerosAndOnes(t.requests, of(t)) }
	}
	return []metric{
		{"Invocations", "None", func(t *tally) ([]float32, []float32) { return []float32{1}, []float32{float32(t.requests)} }},
		{"InvocationsPerInstance", "None", perInstance},
		{"Invocation4XXErrors", "None", flags(func(t *tally) int { return t.client })},
		{"Invocation5XXErrors", "None", flags(func(t *tally) int { return t.server })},
		{"InvocationModelErrors", "None", flags(func(t *tally) int { return t.client + t.server })},
		{"ModelLatency", "Microseconds", func(t *tally) ([]float32, []float32) { return t.latency, nil }},
		{"OverheadLatency", "Microseconds", func(t *tally) ([]float32, []float32) { return t.overhead, nil }},
	}
}

// zerosAndOnes is a metric to which each request sends 1 or 0.
func zerosAndOnes(requests, ones int) (values, counts []float32) {
	if zeros := requests - ones; zeros > 0 {
		values, counts = append(values, 0), append(counts, float32(zeros))
	}
	if ones > 0 {
		values, counts = append(values, 1), append(counts, float32(ones))
	}
	return values, counts
}

// perInstance is InvocationsPerInstance: each request sends 1/k.
func perInstance(t *tally) (values, counts []float32) {
	for k, n := range t.fleet {
		if n > 0 {
			values, counts = append(values, 1/float32(max(1, k))), append(counts, float32(n))
		}
	}
	return values, counts
}

func (p *publisher) invocationSeries(g group) {
	tallies := make([]tally, len(p.windows))
	for i := range p.windows {
		tallies[i] = p.windows[i].merge(g.member)
	}
	for _, m := range invocationMetrics() {
		s := account.Series{
			Namespace: invocationNamespace, Name: m.name, Dims: g.dims, Unit: m.unit,
			Resolution: time.Duration(p.requestPeriod) * time.Second,
		}
		for i := range tallies {
			if values, counts := m.point(&tallies[i]); tallies[i].requests > 0 && len(values) > 0 {
				at := p.at(float64(p.windows[i].number) * p.requestPeriod)
				s.Points = append(s.Points, account.Point{Time: at, Values: values, Counts: counts})
			}
		}
		p.add(s)
	}
}

// merge adds up the tallies of some instances.
func (w *requestWindow) merge(member func(int) bool) tally {
	sum := tally{fleet: make([]int, len(w.tally)+1)}
	n := 0
	for i := range w.tally {
		if member(i) {
			n += len(w.tally[i].latency)
		}
	}
	sum.latency, sum.overhead = make([]float32, 0, n), make([]float32, 0, n)
	for i := range w.tally {
		t := &w.tally[i]
		if !member(i) {
			continue
		}
		sum.requests += t.requests
		sum.client += t.client
		sum.server += t.server
		for k, c := range t.fleet {
			sum.fleet[k] += c
		}
		sum.latency = append(sum.latency, t.latency...)
		sum.overhead = append(sum.overhead, t.overhead...)
	}
	return sum
}

func (p *publisher) concurrencySeries(g group) {
	s := account.Series{
		Namespace: invocationNamespace, Name: "ConcurrentRequestsPerModel", Dims: g.dims, Unit: "None",
		Resolution: tick * time.Second,
	}
	for _, c := range p.concurrency {
		values := pick(c.values, c.instances, g.member)
		if len(values) > 0 {
			s.Points = append(s.Points, account.Point{Time: p.at(c.at), Values: values})
		}
	}
	p.add(s)
}

func (p *publisher) usageSeries(g group) {
	for _, m := range []struct {
		name string
		of   func(*usageWindow) []float32
	}{
		{"CPUUtilization", func(w *usageWindow) []float32 { return w.cpu }},
		{"MemoryUtilization", func(w *usageWindow) []float32 { return w.memory }},
		{"DiskUtilization", func(w *usageWindow) []float32 { return w.disk }},
		{"GPUUtilization", func(w *usageWindow) []float32 { return w.gpu }},
		{"GPUMemoryUtilization", func(w *usageWindow) []float32 { return w.gpuMemory }},
	} {
		s := account.Series{
			Namespace: instanceNamespace, Name: m.name, Dims: g.dims, Unit: "Percent",
			Resolution: min(p.test.Publish.Period, time.Minute),
		}
		for i := range p.usage {
			w := &p.usage[i]
			if values := pick(m.of(w), w.instances, g.member); len(values) > 0 {
				s.Points = append(s.Points, account.Point{Time: p.at(w.start), Values: values})
			}
		}
		p.add(s)
	}
}

// pick answers the values of the members; none when there are no values.
func pick(values []float32, instances []int, member func(int) bool) []float32 {
	out := make([]float32, 0, len(values))
	for j, v := range values {
		if member(instances[j]) {
			out = append(out, v)
		}
	}
	return out
}

func (p *publisher) add(s account.Series) {
	if len(s.Points) > 0 {
		p.series = append(p.series, s)
	}
}

func (p *publisher) at(seconds float64) time.Time {
	return p.origin.Add(time.Duration(seconds * float64(time.Second)))
}

// instanceNames answers an id for each instance, i- and 17 hexadecimal digits.
func instanceNames(draw func() uint64, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("i-0%016x", draw())
	}
	return out
}
