package estate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"sizewise/ingest/simaws/account"
)

// simple draws a series whose points are one value each, times so many.
func (d *drawer) simple(m metric, value func(r *rand.Rand, i int) (v float64, n int)) {
	r, p := d.random("simple", m.space, m.name, fmt.Sprint(m.dims)), &pen{}
	d.draw(m, p, func(i int) { p.times(value(r, i)) })
}

// around is a value that wanders a tenth around its middle, once a period.
func around(middle float64) func(*rand.Rand, int) (float64, int) {
	return func(r *rand.Rand, _ int) (float64, int) { return middle * (0.9 + 0.2*r.Float64()), 1 }
}

// sometimes is value in one period of so many.
func sometimes(value float64, every int) func(*rand.Rand, int) (float64, int) {
	return func(r *rand.Rand, _ int) (float64, int) {
		if r.IntN(every) != 0 {
			return 0, 0
		}
		return value, 1
	}
}

// enhanced draws an endpoint with enhanced metrics, published every 30 seconds,
// by instance and by GPU.
func (d *drawer) enhanced(name string) {
	e := &endpoint{name: name, hosts: d.Hosts, instanceType: "ml.g5.2xlarge", publish: 30 * time.Second, enhanced: true, gpus: 1}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, e.publish)
	d.utilization(e, e.dims(), 1)
	d.concurrency(e, e.dims())
	d.zoneSets(e)
	for n, id := range d.eras(e)[0].ids {
		on := with(e.dims(), "InstanceId", id)
		d.invocations(e, on, 1/float64(e.hosts), e.publish)
		d.utilization(e, on, 1/float64(e.hosts))
		gpu := with(on, "AcceleratorId", fmt.Sprintf("gpu-%d", n))
		for _, m := range []string{"GPUUtilization", "GPUMemoryUtilization"} {
			d.simple(metric{space: instanceSpace, name: m, unit: "Percent", dims: gpu, step: e.publish}, around(45))
		}
	}
	d.describeEndpoint(e)
	d.endpointLogs(e, "")
}

// streaming draws an endpoint that answers in chunks.
func (d *drawer) streaming(name string) {
	e := &endpoint{name: name, hosts: 1, instanceType: "ml.g5.xlarge", publish: time.Minute, gpus: 1}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	d.utilization(e, e.dims(), 1)
	p := &pen{}
	for metricName, share := range map[string]float64{"FirstChunkLatency": 0.3, "FirstChunkModelLatency": 0.27, "FirstChunkOverheadLatency": 0.03} {
		d.draw(metric{space: invocationSpace, name: metricName, unit: "Microseconds", dims: e.dims()}, p, func(i int) {
			e.load.spread(p, share*e.load.latency[i], e.load.requests[i])
		})
	}
	d.simple(metric{space: invocationSpace, name: "MidStreamErrors", unit: "None", dims: e.dims()}, sometimes(1, 50))
	d.describeEndpoint(e)
	d.endpointLogs(e, "")
}

// multiModel draws an endpoint that loads models on demand.
func (d *drawer) multiModel(name string) {
	e := &endpoint{name: name, hosts: 1, instanceType: "ml.m5.xlarge", publish: time.Minute}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	d.utilization(e, e.dims(), 1)
	for metricName, middle := range map[string]float64{"ModelLoadingWaitTime": 2e6, "ModelUnloadingTime": 4e4, "ModelDownloadingTime": 1.2e6, "ModelLoadingTime": 7e5} {
		d.simple(metric{space: invocationSpace, name: metricName, unit: "Microseconds", dims: e.dims()}, func(r *rand.Rand, _ int) (float64, int) {
			return middle * (0.5 + r.Float64()), r.IntN(3)
		})
	}
	p := &pen{}
	d.draw(metric{space: invocationSpace, name: "ModelCacheHit", unit: "None", dims: e.dims()}, p, func(i int) {
		flags(p, e.load.requests[i], e.load.requests[i]*98/100)
	})
	d.simple(metric{space: instanceSpace, name: "LoadedModelCount", unit: "None", dims: e.dims()}, around(20))
	d.describeEndpoint(e)
	d.endpointLogs(e, "")
}

// multiContainer draws an endpoint of two containers that are called directly,
// each with its own metrics and stream.
func (d *drawer) multiContainer(name string) {
	e := &endpoint{name: name, hosts: 1, instanceType: "ml.m5.2xlarge", publish: time.Minute}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	d.utilization(e, e.dims(), 1)
	for _, container := range []string{"first", "second"} {
		on := with(e.dims(), "ContainerName", container)
		d.invocations(e, on, 0.5, time.Minute)
		d.utilization(e, on, 1)
		d.endpointLogs(e, "/"+container)
	}
	d.describeEndpoint(e)
}

// clarify draws an endpoint that explains its answers.
func (d *drawer) clarify(name string) {
	e := &endpoint{name: name, hosts: 1, instanceType: "ml.m5.xlarge", publish: time.Minute}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	d.utilization(e, e.dims(), 1)
	d.simple(metric{space: invocationSpace, name: "ExplanationsPerInstance", unit: "None", dims: e.dims()}, around(12))
	d.describeEndpoint(e)
	d.endpointLogs(e, "")
}

// serverless draws an endpoint without instances: no CPU metric.
func (d *drawer) serverless(name string) {
	e := &endpoint{name: name, hosts: 1, publish: time.Minute}
	e.current = map[string]any{"CurrentServerlessConfig": map[string]any{"MemorySizeInMB": 4096, "MaxConcurrency": 20, "ProvisionedConcurrency": 5}}
	e.intended = map[string]any{"ServerlessConfig": map[string]any{"MemorySizeInMB": 4096, "MaxConcurrency": 20, "ProvisionedConcurrency": 5}}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.invocations(e, e.dims(), 1, time.Minute)
	for _, m := range []struct {
		name, unit string
		middle     float64
	}{
		{"ServerlessConcurrentExecutionsUtilization", "None", 0.3},
		{"ServerlessProvisionedConcurrencyExecutions", "Count", 3},
		{"ServerlessProvisionedConcurrencyUtilization", "None", 0.6},
		{"ServerlessProvisionedConcurrencyInvocations", "Count", 1},
		{"ServerlessProvisionedConcurrencySpilloverInvocations", "Count", 0.5},
	} {
		d.simple(metric{space: invocationSpace, name: m.name, unit: m.unit, dims: e.dims()}, around(m.middle))
	}
	d.simple(metric{space: invocationSpace, name: "ModelSetupTime", unit: "Microseconds", dims: e.dims()}, sometimes(4.2e6, 12))
	d.simple(metric{space: instanceSpace, name: "MemoryUtilization", unit: "Percent", dims: e.dims()}, around(55))
	e.hosts = 0
	d.describeEndpoint(e)
	e.hosts = 1
	d.endpointLogs(e, "")
}

// async draws an asynchronous endpoint: no Invocations, no OverheadLatency, and
// the queue's metrics without a variant.
func (d *drawer) async(name string) {
	e := &endpoint{name: name, hosts: 1, instanceType: "ml.g4dn.xlarge", publish: time.Minute, gpus: 1}
	e.extra = map[string]any{"AsyncInferenceConfig": map[string]any{"OutputConfig": map[string]any{"S3OutputPath": "s3://estate/async/"}}}
	e.load = d.load(e.name, e.hosts)
	d.subject("endpoint", e.name)
	d.utilization(e, e.dims(), 1)
	queue := dims("EndpointName", name)
	draw := func(on []account.Dim, name, unit string, value func(*rand.Rand, int) (float64, int)) {
		d.simple(metric{space: invocationSpace, name: name, unit: unit, dims: on}, value)
	}
	draw(queue, "ApproximateBacklogSize", "Count", around(6))
	draw(queue, "ApproximateBacklogSizePerInstance", "Count", around(6))
	draw(queue, "ApproximateAgeOfOldestRequest", "Seconds", around(9))
	draw(queue, "HasBacklogWithoutCapacity", "Count", func(*rand.Rand, int) (float64, int) { return 0, 1 })
	for _, m := range []string{"RequestDownloadFailures", "ResponseUploadFailures", "NotificationFailures", "ExpiredRequests", "InvocationFailures"} {
		draw(e.dims(), m, "Count", sometimes(1, 90))
	}
	for _, m := range []string{"Invocation4XXErrors", "Invocation5XXErrors"} {
		draw(e.dims(), m, "None", sometimes(1, 90))
	}
	draw(e.dims(), "InvocationsProcesssed", "Count", func(r *rand.Rand, _ int) (float64, int) { return 1, r.IntN(30) })
	for m, middle := range map[string]float64{"RequestDownloadLatency": 8e4, "ResponseUploadLatency": 6e4, "TimeInBacklog": 9e6, "ModelLatency": 2e6} {
		draw(e.dims(), m, "Microseconds", around(middle))
	}
	draw(e.dims(), "TotalProcessingTime", "Milliseconds", around(11_000))
	d.describeEndpoint(e)
	d.endpointLogs(e, "/data-log")
}

// component draws an inference component and the endpoint that hosts it.
func (d *drawer) component(name string) {
	e := &endpoint{name: name + "-host", hosts: 2, instanceType: "ml.g5.12xlarge", publish: time.Minute, gpus: 4}
	e.load = d.load(e.name, e.hosts)
	d.subject("component", name)
	d.subject("endpoint", e.name)
	d.utilization(e, e.dims(), 1)
	for _, m := range []string{"CPUUtilizationNormalized", "GPUUtilizationNormalized", "GPUMemoryUtilizationNormalized", "CPUReservation", "GPUReservation", "MemoryReservation"} {
		d.simple(metric{space: instanceSpace, name: m, unit: "Percent", dims: e.dims()}, around(40))
	}
	own := dims("InferenceComponentName", name)
	d.invocations(e, own, 1, time.Minute)
	d.invocations(e, with(own, "InstanceId", d.eras(e)[0].ids[0], "ContainerId", "c-0"), 0.5, time.Minute)
	d.invocations(e, with(own, "Region", d.Region, "AvailabilityZone", d.Region+"a", "InstanceType", e.instanceType), 1, time.Minute)
	p := &pen{}
	d.draw(metric{space: invocationSpace, name: "InvocationsPerCopy", unit: "None", dims: own}, p, func(i int) {
		if n := e.load.requests[i]; n > 0 && !e.load.silent[i] {
			p.times(1/float64(e.hosts), n) // each request sends its share of a copy
		}
	})
	d.simple(metric{space: invocationSpace, name: "ConcurrentRequestsPerCopy", unit: "None", dims: own, step: 10 * time.Second}, around(3))
	d.simple(metric{space: invocationSpace, name: "NoCapacityInvocationFailures", unit: "Count", dims: own}, sometimes(1, 40))
	id := d.eras(e)[0].ids[0]
	part := with(own, "InstanceId", id, "ContainerId", "c-0")
	for _, m := range []string{"CPUUtilizationNormalized", "MemoryUtilizationNormalized", "GPUUtilizationNormalized", "GPUMemoryUtilizationNormalized"} {
		d.simple(metric{space: componentSpace, name: m, unit: "Percent", dims: own}, around(50))
		d.simple(metric{space: componentSpace, name: m, unit: "Percent", dims: part}, around(50))
	}
	for _, m := range []string{"GPUUtilizationNormalized", "GPUMemoryUtilizationNormalized"} {
		d.simple(metric{space: componentSpace, name: m, unit: "Percent", dims: with(part, "AcceleratorId", "gpu-0")}, around(50))
	}
	d.describeEndpoint(e)
	d.describeComponent(name, e)
	d.endpointLogs(e, "")
	d.writeStream("/aws/sagemaker/InferenceComponents/"+name, variantName+"/"+id, d.Start, d.End, d.modelServer(name))
}

func (d *drawer) describeComponent(name string, e *endpoint) {
	created := d.Start.Add(-20 * time.Hour)
	d.describe("DescribeInferenceComponent", name, map[string]any{
		"EndpointName": e.name, "EndpointArn": "arn:aws:sagemaker:" + d.Region + ":" + d.ID + ":endpoint/" + e.name, "VariantName": variantName,
		"InferenceComponentStatus": "InService", "CreationTime": created, "LastModifiedTime": created.Add(8 * time.Minute),
		"Specification": map[string]any{
			"ModelName":                   e.name + "-model",
			"ComputeResourceRequirements": map[string]any{"NumberOfAcceleratorDevicesRequired": 2.0, "NumberOfCpuCoresRequired": 8.0, "MinMemoryRequiredInMb": 16_384},
			"StartupParameters":           map[string]any{"ModelDataDownloadTimeoutInSeconds": 600},
		},
		"RuntimeConfig": map[string]any{"DesiredCopyCount": 2, "CurrentCopyCount": 2},
	})
}
