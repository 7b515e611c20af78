package finding

import "time"

// Minute is one bucket of evidence about one variant, usually 60 seconds wide.
// Every float is NaN when the metric was not there. Utilizations of CPU and
// GPU are busy units of one instance (cores, GPUs); memory and disk are ratios
// from 0 to 1. "Hot" is the busiest instance (the Maximum statistic).
type Minute struct {
	Start   time.Time
	Seconds float64 // width of the bucket

	Instances   float64 // live instances, Sum(Invocations)/Sum(InvocationsPerInstance) or reporting hosts
	Invocations float64 // requests that reached the endpoint, counted whole
	PerInstance float64 // Sum(InvocationsPerInstance)
	Errors4XX   float64
	Errors5XX   float64
	ModelErrors float64

	ModelMean, ModelP50, ModelP90, ModelP95, ModelP99, ModelMax float64 // seconds
	ModelCount                                                  float64 // samples behind the percentiles
	OverheadMean, OverheadMax                                   float64 // seconds

	CPU, CPUHot             float64
	GPU, GPUHot             float64
	GPUMemory, GPUMemoryHot float64 // busy GPUs' worth of memory, 0..GPUs
	Memory, MemoryHot       float64
	Disk, DiskHot           float64
	Reporting               float64 // instances that published utilization in the bucket
	Samples                 float64 // utilization samples in the bucket: more than instances where they publish more often
	ConcurrencyMax          float64 // Maximum of ConcurrentRequestsPerModel

	LogLines, LogWarnings, LogErrors int64
	Step                             int  // index into Set.Steps plus one; 0 belongs to none
	Usable                           bool // entered the capacity fit
	Provisional                      bool
}

// Offered is the rate of requests that arrived, per second, whole fleet.
func (m *Minute) Offered() float64 { return m.Invocations / m.Seconds }

// Served is the rate of successful answers per second, whole fleet. Errors
// that were not published count as none, since SageMaker publishes the error
// metrics with every invocation.
func (m *Minute) Served() float64 {
	return (m.Invocations - zeroIfMissing(m.Errors4XX) - zeroIfMissing(m.Errors5XX)) / m.Seconds
}

func zeroIfMissing(x float64) float64 {
	if x != x {
		return 0
	}
	return x
}
