package estate

import (
	"fmt"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
)

// variantName is the variant of every endpoint.
const variantName = "AllTraffic"

// endpoint is one endpoint to draw.
type endpoint struct {
	name         string
	hosts        int
	instanceType string
	publish      time.Duration // of utilization, and with enhanced of everything
	enhanced     bool
	zones        bool // dimension sets of zones and instance types
	gpus         int
	load         *load

	extra             map[string]any // of both descriptions
	current, intended map[string]any // of the variant as deployed and as configured
}

func (e *endpoint) dims() []account.Dim {
	return dims("EndpointName", e.name, "VariantName", variantName)
}

// plain draws the nth plain endpoint.
func (d *drawer) plain(n int) {
	e := &endpoint{name: PlainName(n), hosts: d.Hosts, instanceType: "ml.c5.2xlarge", publish: time.Minute, zones: d.Detail}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	if e.zones {
		d.zoneSets(e)
	}
	if !d.Brief {
		d.concurrency(e, e.dims())
	}
	d.utilization(e, e.dims(), 1)
	d.describeEndpoint(e)
	d.endpointLogs(e, "")
}

// era is a time in which an endpoint ran on one type of instances.
type era struct {
	from, to     time.Time // zero: the estate's own
	instanceType string
	ids          []string
}

// eras is an endpoint's instances over time: a planted change of the type
// brings new ones.
func (d *drawer) eras(e *endpoint) []era {
	fresh := func(generation int) []string {
		var ids []string
		for i := range e.hosts {
			ids = append(ids, d.instanceID(e.name, 1000*generation+i))
		}
		return ids
	}
	out := []era{{instanceType: e.instanceType, ids: fresh(0)}}
	for _, c := range d.Changes {
		if c.Effect == InstanceType && c.Endpoint == e.name {
			out[len(out)-1].to = c.At
			out = append(out, era{from: c.At, instanceType: c.Type, ids: fresh(len(out))})
		}
	}
	return out
}

// invocations draws what is counted per request, for a share of them.
func (d *drawer) invocations(e *endpoint, on []account.Dim, share float64, step time.Duration) {
	d.invocationsDuring(e, on, share, step, era{})
}

// invocationsDuring draws them for an era alone.
func (d *drawer) invocationsDuring(e *endpoint, on []account.Dim, share float64, step time.Duration, during era) {
	l, p := e.load, &pen{}
	each := func(name, unit string, point func(n, i int)) {
		d.draw(metric{space: invocationSpace, name: name, unit: unit, dims: on, step: step, from: during.from, to: during.to}, p, func(i int) {
			k := int(time.Duration(i) * step / time.Minute)
			n := int(float64(l.requests[k]) * share * step.Minutes())
			if n > 0 && !l.silent[k] {
				point(n, k)
			}
		})
	}
	each("Invocations", "None", func(n, _ int) { p.times(1, n) })
	if len(on) == 2 { // documented without further dimensions
		each("InvocationsPerInstance", "None", func(n, _ int) { p.times(1/float64(e.hosts), n) })
	}
	each("Invocation4XXErrors", "None", func(n, i int) { flags(p, n, n/2000) })
	failed := func(n, i int) int { return min(n, int(float64(l.errors[i])*share*step.Minutes())) }
	each("Invocation5XXErrors", "None", func(n, i int) { flags(p, n, failed(n, i)) })
	each("InvocationModelErrors", "None", func(n, i int) { flags(p, n, failed(n, i)) })
	each("ModelLatency", "Microseconds", func(n, i int) { l.spread(p, l.latency[i], n) })
	each("OverheadLatency", "Microseconds", func(n, i int) { l.spread(p, 2500+l.latency[i]/50, n) })
}

// zoneSets draws the same requests once more by zone.
func (d *drawer) zoneSets(e *endpoint) {
	zones := min(2, e.hosts)
	for _, on := range d.eras(e) {
		for z := range zones {
			at := with(e.dims(), "Region", d.Region, "AvailabilityZone", d.Region+string(rune('a'+z)), "InstanceType", on.instanceType)
			d.invocationsDuring(e, at, 1/float64(zones), time.Minute, on)
		}
	}
}

// concurrency draws ConcurrentRequestsPerModel, one sample an instance every
// ten seconds.
func (d *drawer) concurrency(e *endpoint, on []account.Dim) {
	l, p := e.load, &pen{}
	r := d.random("concurrency", e.name)
	d.draw(metric{space: invocationSpace, name: "ConcurrentRequestsPerModel", unit: "None", dims: on, step: 10 * time.Second}, p, func(i int) {
		k := i / 6
		if l.silent[k] {
			return
		}
		mean := float64(l.requests[k]) / 60 * l.latency[k] / 1e6 / float64(l.hosts)
		for range e.hosts {
			p.put(float64(int(mean + 2*r.Float64()*mean)))
		}
	})
}

// utilization draws the metrics of a share of the instances.
func (d *drawer) utilization(e *endpoint, on []account.Dim, share float64) {
	l, p := e.load, &pen{}
	hosts := max(1, int(float64(e.hosts)*share))
	each := func(name string, value func(i int) float64) {
		r := d.random("utilization", e.name, name, fmt.Sprint(len(on)))
		d.draw(metric{space: instanceSpace, name: name, unit: "Percent", dims: on, step: e.publish}, p, func(i int) {
			k := int(time.Duration(i) * e.publish / time.Minute)
			if l.silent[k] {
				return
			}
			for range hosts {
				p.put(value(k) * (0.97 + 0.06*r.Float64()))
			}
		})
	}
	each("CPUUtilization", func(i int) float64 { return l.cpu[i] })
	each("MemoryUtilization", func(i int) float64 { return l.memory[i] })
	each("DiskUtilization", func(int) float64 { return 12 })
	if e.gpus > 0 {
		each("GPUUtilization", func(i int) float64 { return min(100, l.cpu[i]/4) * float64(e.gpus) })
		each("GPUMemoryUtilization", func(i int) float64 { return l.memory[i] * float64(e.gpus) })
	}
}

// describeEndpoint adds an endpoint and its configuration, and after a planted
// change of the instance type both configurations.
func (d *drawer) describeEndpoint(e *endpoint) {
	created := d.Start.Add(-24 * time.Hour)
	config := e.name + "-config"
	one := account.EndpointConfig{
		Name: config, Created: created.Add(-time.Minute), EnhancedMetrics: e.enhanced, Extra: e.extra,
		Variants: []account.ConfigVariant{{
			Name: variantName, ModelName: e.name + "-model", InstanceType: e.instanceType, InitialCount: e.hosts, Weight: 1, Extra: e.intended,
		}},
	}
	if e.enhanced || e.publish != time.Minute {
		one.MetricPublishSeconds = int(e.publish.Seconds())
	}
	modified := created.Add(7 * time.Minute)
	configs := []account.EndpointConfig{one}
	for _, c := range d.Changes {
		if c.Effect == InstanceType && c.Endpoint == e.name {
			next := one
			next.Name = fmt.Sprintf("%s-%d", config, len(configs)+1)
			next.Created = c.At.Add(-10 * time.Minute)
			next.Variants = slices.Clone(one.Variants)
			next.Variants[0].InstanceType = c.Type
			configs = append(configs, next)
			modified = c.At
		}
	}
	d.Account.Configs = append(d.Account.Configs, configs...)
	d.Account.Endpoints = append(d.Account.Endpoints, account.Endpoint{
		Name: e.name, ConfigName: configs[len(configs)-1].Name, Status: "InService", Created: created, LastModified: modified, Extra: e.extra,
		Variants: []account.EndpointVariant{{
			Name: variantName, CurrentCount: e.hosts, DesiredCount: e.hosts, Weight: 1, Serverless: e.instanceType == "", Extra: e.current,
			Image: d.ID + ".dkr.ecr." + d.Region + ".amazonaws.com/estate:latest",
		}},
	})
	if e.instanceType != "" {
		d.scale(e, created)
	}
	d.describe("DescribeModel", e.name+"-model", map[string]any{
		"CreationTime":     created.Add(-time.Hour),
		"PrimaryContainer": map[string]any{"Image": d.ID + ".dkr.ecr." + d.Region + ".amazonaws.com/estate:latest"},
	})
}

func (d *drawer) describe(operation, name string, body map[string]any) {
	d.Account.Described = append(d.Account.Described, account.Described{Operation: operation, Name: name, Body: body})
}
