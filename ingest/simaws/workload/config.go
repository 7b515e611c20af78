package workload

import (
	"errors"
	"fmt"
	"time"
)

// Config describes one load test: the endpoint, its service and the load. The
// zero value of every optional field means "none" or the default stated.
type Config struct {
	Name  string // kebab case
	About string // one sentence

	Endpoint string // endpoint name; default Name
	Variant  string // default AllTraffic
	Region   string // default us-east-1

	Start time.Time     // beginning of the first step; default 2026-11-20T14:00:00Z
	Lead  time.Duration // idle time before Start in which utilization is published already; default 5 min

	SLO     SLO     // what a user of this endpoint would ask for
	PeakRPS float64 // fleet requests/s that production is expected to need

	Arrivals    Arrivals
	Fleet       Fleet
	Container   Container
	Service     Service
	Memory      Memory
	Autoscaling *Autoscaling // nil: the fleet stays as it is
	Publish     Publish
	Vary        Variation
}

// SLO is a latency limit on a percentile of ModelLatency in each minute.
type SLO struct {
	Percentile float64 // for example 99
	Limit      time.Duration
}

// String answers the SLO as the command line takes it, for example p99<200ms.
func (s SLO) String() string {
	if s.Limit == 0 {
		return ""
	}
	return fmt.Sprintf("p%g<%gms", s.Percentile, float64(s.Limit)/float64(time.Millisecond))
}

// Step is one piece of the load: the level moves in a straight line from From
// to To during For. Equal ends make a step, different ends a ramp.
type Step struct {
	For      time.Duration
	From, To float64 // fleet requests/s; clients in a closed loop, where To counts
}

// Arrivals is the load. Open loop: Poisson arrivals at the rate of Steps, or at
// exactly the recorded Times. Closed loop: Steps count clients who each wait
// for the answer, think for an exponential time of mean Think, and ask again.
type Arrivals struct {
	Steps  []Step
	Times  []time.Duration // recorded arrivals since Start, ascending; replaces Steps
	Closed bool
	Think  time.Duration
}

// Balancer is how the load balancer picks an instance.
type Balancer int

// The balancers: Random is SageMaker's default routing, LeastOutstanding its
// LEAST_OUTSTANDING_REQUESTS strategy.
const (
	Random Balancer = iota
	RoundRobin
	LeastOutstanding
)

// Fleet is the instances behind the variant.
type Fleet struct {
	InstanceType    string
	Instances       int // k at the start
	VCPU            int // N per instance
	GPUs            int // G per instance
	MemoryMiB       float64
	GPUMemoryMiB    float64 // per GPU
	Zones           int     // availability zones that instances are spread over; default 2
	Balancer        Balancer
	SpeedSpread     float64       // each instance's speed is drawn from 1 +- SpeedSpread
	BackgroundCores float64       // CPU that other processes of the instance use all the time
	WarmUp          time.Duration // time over which a new instance's extra work fades away
	WarmUpFactor    float64       // work per request of a brand-new instance relative to a warm one; below 1 means 1
}

// Stack is the serving software, which decides what the log lines look like.
type Stack string

// The stacks that the simulator can print as.
const (
	TorchServe       Stack = "torchserve"
	MultiModelServer Stack = "mms"
	Gunicorn         Stack = "gunicorn"
	Triton           Stack = "triton"
	VLLM             Stack = "vllm"
)

// Container is the model server of one instance.
type Container struct {
	Stack      Stack
	Model      string  // name used in log lines; default model
	Workers    int     // requests in progress at once
	QueueLimit int     // requests that may wait for a worker; one more is answered 503 at once
	AccessLog  float64 // share of requests that leave an access log line
	ErrorLog   float64 // share of failed requests that leave an error line
}

// Shape is a family of distributions of demand. A CV of 0 is always constant.
type Shape int

// The shapes. Gamma with a CV of 1 is the exponential distribution.
const (
	Lognormal Shape = iota
	Gamma
)

// Demand is the distribution of a request's need of one resource.
type Demand struct {
	Mean  time.Duration
	CV    float64 // standard deviation / mean
	Shape Shape
}

// Batch is dynamic batching on the GPU: an idle device takes as many waiting
// requests as there are, at most Max, and works Base + n x PerItem on them.
// The zero value is no batching.
type Batch struct {
	Max           int
	Base, PerItem time.Duration
	CV            float64 // of the batch's duration
}

// Service is what one request needs, in this order: CPU, GPU, a wait for
// something downstream. The worker is held all the time.
type Service struct {
	CPU, GPU, Downstream Demand
	Batch                Batch   // replaces GPU
	ClientErrors         float64 // share of requests answered 4xx after 5 % of the CPU demand
	Faults               float64 // share of requests answered 500 after their CPU demand
	Overhead             Demand  // SageMaker's own latency; default 4 ms, CV 0.4
	Incidents            []Incident
}

// Incident is a time in which more requests fail than otherwise.
type Incident struct {
	At, For      time.Duration // since Start
	ClientErrors float64       // share of requests answered 4xx, on top of the service's own
	TimeOuts     float64       // share of requests answered 500 after waiting two seconds for something downstream
	Deaths       float64       // share of requests answered 500 because the worker that had them died
}

// incident is the one at a time since Start, zero when there is none.
func (s *Service) incident(at time.Duration) Incident {
	for _, i := range s.Incidents {
		if at >= i.At && at < i.At+i.For {
			return i
		}
	}
	return Incident{}
}

// Memory is the container's memory.
type Memory struct {
	BaseMiB       float64 // default a quarter of the instance's
	PerRequestMiB float64 // never given back
	PerHourMiB    float64
	GPUMiB        float64       // per GPU; default half of it
	Restart       time.Duration // from an out-of-memory kill to serving again; default 45 s
}

// Autoscaling is target tracking on InvocationsPerInstance.
type Autoscaling struct {
	Target       float64 // invocations per instance and minute
	Min, Max     int
	AlarmMinutes int           // minutes above target before scaling out; default 3
	StartTime    time.Duration // from the decision until a new instance serves
	Cooldown     time.Duration // between two decisions; default 5 min
}

// Publish is how metrics reach CloudWatch.
type Publish struct {
	Period          time.Duration // of utilization: 10 s to 5 min; default 1 min
	Enhanced        bool          // invocation metrics too come at Period, and all also per instance
	Noise           float64       // relative standard deviation of utilization readings
	NoZoneDimension bool          // leave out the dimension set with AvailabilityZone
}

// Variation is how much a seed changes a scenario, so that seeds are different
// tests and not the same test with other noise. The zero value changes nothing.
type Variation struct {
	Demand    float64 // all demands are scaled by one factor from 1 +- Demand
	CV        float64 // CVs are scaled by one factor from 1 +- CV
	Load      float64 // each step is scaled by a factor from 1 +- Load, all by one in the same range
	Instances []int   // one of these replaces Fleet.Instances
	Errors    float64 // client errors are scaled by a factor from 1 +- Errors
}

// check answers what makes the configuration impossible to simulate.
func (c *Config) check() error {
	f := c.Fleet
	switch {
	case c.Name == "":
		return errors.New("workload has no name")
	case f.Instances < 1:
		return fmt.Errorf("workload %s: %d instances", c.Name, f.Instances)
	case f.VCPU < 1 || f.BackgroundCores < 0 || f.BackgroundCores >= float64(f.VCPU):
		return fmt.Errorf("workload %s: background of %g cores on %d vCPU", c.Name, f.BackgroundCores, f.VCPU)
	case f.SpeedSpread < 0 || f.SpeedSpread >= 1:
		return fmt.Errorf("workload %s: speed spread %g is not in [0, 1)", c.Name, f.SpeedSpread)
	case c.Container.Workers < 1 || c.Container.QueueLimit < 0:
		return fmt.Errorf("workload %s: %d workers, queue limit %d", c.Name, c.Container.Workers, c.Container.QueueLimit)
	case f.GPUs < 1 && (c.Service.GPU.Mean > 0 || c.Service.Batch.Max > 0):
		return fmt.Errorf("workload %s: GPU demand without a GPU", c.Name)
	case c.Service.CPU.Mean <= 0 && c.Service.GPU.Mean <= 0 && c.Service.Downstream.Mean <= 0 && c.Service.Batch.Max == 0:
		return fmt.Errorf("workload %s: requests need nothing", c.Name)
	case c.Publish.Period%(10*time.Second) != 0 || (c.Publish.Period > 0 && 5*time.Minute%c.Publish.Period != 0):
		return fmt.Errorf("workload %s: publish period %v does not divide 5 min into multiples of 10 s", c.Name, c.Publish.Period)
	}
	return c.checkLoad()
}

func (c *Config) checkLoad() error {
	a := c.Arrivals
	if len(a.Steps) == 0 && len(a.Times) == 0 {
		return fmt.Errorf("workload %s: no load", c.Name)
	}
	for i, s := range a.Steps {
		if s.For <= 0 || s.From < 0 || s.To < 0 {
			return fmt.Errorf("workload %s: step %d runs for %v from %g to %g", c.Name, i+1, s.For, s.From, s.To)
		}
	}
	for i := 1; i < len(a.Times); i++ {
		if a.Times[i] < a.Times[i-1] {
			return fmt.Errorf("workload %s: recorded arrival %d is before the one ahead of it", c.Name, i+1)
		}
	}
	if a.Closed && len(a.Times) > 0 {
		return fmt.Errorf("workload %s: recorded arrivals cannot be a closed loop", c.Name)
	}
	if s := c.Autoscaling; s != nil && (s.Target <= 0 || s.Min < 1 || s.Max < c.Fleet.Instances || s.StartTime < 0) {
		return fmt.Errorf("workload %s: autoscaling to %g per minute between %d and %d instances", c.Name, s.Target, s.Min, s.Max)
	}
	return nil
}

// withDefaults answers the configuration with every default filled in.
func (c Config) withDefaults() Config {
	setText(&c.Endpoint, c.Name)
	setText(&c.Variant, "AllTraffic")
	setText(&c.Region, "us-east-1")
	setText(&c.Container.Model, "model")
	setText((*string)(&c.Container.Stack), string(TorchServe))
	if c.Start.IsZero() {
		c.Start = time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	}
	setDuration(&c.Lead, 5*time.Minute)
	setDuration(&c.Publish.Period, time.Minute)
	setDuration(&c.Memory.Restart, 45*time.Second)
	if c.Service.Overhead.Mean == 0 {
		c.Service.Overhead = Demand{Mean: 4 * time.Millisecond, CV: 0.4}
	}
	if c.Fleet.Zones < 1 {
		c.Fleet.Zones = 2
	}
	c.Fleet.WarmUpFactor = max(1, c.Fleet.WarmUpFactor)
	setNumber(&c.Fleet.MemoryMiB, 8192)
	setNumber(&c.Memory.BaseMiB, c.Fleet.MemoryMiB/4)
	setNumber(&c.Memory.GPUMiB, c.Fleet.GPUMemoryMiB/2)
	if c.Autoscaling != nil {
		s := *c.Autoscaling
		setDuration(&s.Cooldown, 5*time.Minute)
		if s.AlarmMinutes < 1 {
			s.AlarmMinutes = 3
		}
		c.Autoscaling = &s
	}
	return c
}

func setText(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

func setDuration(field *time.Duration, value time.Duration) {
	if *field == 0 {
		*field = value
	}
}

func setNumber(field *float64, value float64) {
	if *field == 0 {
		*field = value
	}
}
