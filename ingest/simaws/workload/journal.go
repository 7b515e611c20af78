package workload

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/workload/container"
)

// printer is a serving stack's way of saying things.
type printer interface {
	Start(at time.Time) []container.Event
	Access(at time.Time, status int, took time.Duration) []string
	Ping(at time.Time) []string
	ClientError(at time.Time) []string
	Fault(at time.Time) []string
	Overflow(at time.Time) []string
	OutOfMemory(at time.Time) []string
	WorkerDied(at time.Time) []string
	Metrics(at time.Time, u container.Usage) []string
	Downstream(down bool)
}

// metricsPeriod is how often a container reports on itself.
const metricsPeriod = 60.0 // s

// bootTime is how long a container takes from its first line to serving.
const bootTime = 30 * time.Second

// journal keeps the log events of a run.
type journal struct {
	test    *test
	origin  time.Time
	random  *rand.Rand
	streams []logStream
}

type logStream struct {
	name    string
	printer printer
	events  []account.LogEvent
	last    mark // at the last metrics lines
	answers int  // since then
}

func newJournal(t *test, origin time.Time, names []string) *journal {
	j := &journal{test: t, origin: origin, random: rand.New(t.randomSource(t.seed, logStreamSeed))}
	for _, n := range names {
		j.streams = append(j.streams, logStream{name: t.Variant + "/" + n, printer: newPrinter(t, j.random)})
	}
	for i := range t.Fleet.Instances {
		j.start(i, origin.Add(-4*time.Minute))
	}
	return j
}

func newPrinter(t *test, r *rand.Rand) printer {
	f := container.Facts{
		Model: t.Container.Model, Workers: t.Container.Workers, QueueLimit: t.Container.QueueLimit,
		VCPU: t.Fleet.VCPU, GPUs: t.Fleet.GPUs, MemoryMiB: t.Fleet.MemoryMiB, Random: r,
	}
	switch t.Container.Stack {
	case Gunicorn:
		return &container.Gunicorn{Facts: f}
	case Triton:
		return &container.Triton{Facts: f}
	case VLLM:
		return &container.VLLM{Facts: f}
	case MultiModelServer:
		return &container.ModelServer{Facts: f, Multi: true}
	default:
		return &container.ModelServer{Facts: f}
	}
}

// at answers a time of the run as log events have it, in milliseconds.
func (j *journal) at(seconds float64) time.Time {
	return j.origin.Add(time.Duration(seconds*1000) * time.Millisecond)
}

// write adds events; their ingestion lags by what an agent's buffer takes.
func (j *journal) write(i int, at time.Time, lines ...string) {
	for _, l := range lines {
		lag := time.Duration(80+j.random.IntN(900)) * time.Millisecond
		j.streams[i].events = append(j.streams[i].events, account.LogEvent{Time: at, Ingested: at.Add(lag), Message: l})
	}
}

func (j *journal) start(i int, at time.Time) {
	for _, ev := range j.streams[i].printer.Start(at) {
		j.write(i, at.Add(ev.After), ev.Text)
	}
}

func (j *journal) answered(e *engine, r *request, latency float64) {
	i := int(r.instance)
	p := j.streams[i].printer
	at := j.at(e.now)
	j.streams[i].answers++
	chance := j.random.Float64()
	c := j.test.Container
	switch r.outcome {
	case clientError:
		if chance < c.ErrorLog {
			j.write(i, at, p.ClientError(at)...)
		}
	case fault:
		if r.died {
			j.write(i, at, p.WorkerDied(at)...)
			break
		}
		p.Downstream(j.test.Service.incident(at.Sub(j.test.Start)).TimeOuts > 0)
		j.write(i, at, p.Fault(at)...)
	case overflow:
		if chance < c.ErrorLog {
			j.write(i, at, p.Overflow(at)...)
		}
	case success, killed, unreachable: // nothing went wrong, or nobody is left to say so
	}
	if r.outcome < killed && j.random.Float64() < c.AccessLog {
		took := time.Duration(latency * float64(time.Second))
		j.write(i, at, p.Access(at, status(r.outcome), took)...)
	}
}

// status is the HTTP status that the container answers.
func status(o outcome) int {
	switch o {
	case success:
		return 200
	case clientError:
		return 400
	case fault:
		return 500
	default:
		return 503
	}
}

func (j *journal) happened(e *engine, i int, what event) {
	at := j.at(e.now)
	switch what {
	case oomKill:
		j.write(i, at, j.streams[i].printer.OutOfMemory(at)...)
	case started, restarted:
		j.start(i, at.Add(-bootTime))
	case retired: // it falls silent
	}
}

// sampled writes health checks, which come every five seconds, and once a
// minute what the container says of itself.
func (j *journal) sampled(e *engine) {
	for i := range e.instances {
		inst := &e.instances[i]
		if !inst.inService || inst.down() {
			continue
		}
		for _, back := range []float64{5, 0} {
			at := j.at(e.now - back - j.random.Float64()/4)
			j.write(i, at, j.streams[i].printer.Ping(at)...)
		}
		if math.Mod(e.now, metricsPeriod) == 0 {
			j.report(e, i)
		}
	}
}

func (j *journal) report(e *engine, i int) {
	inst, s, t := &e.instances[i], &j.streams[i], j.test
	inst.processor.advance(e.now)
	now := mark{at: e.now, cpu: inst.processor.busy, gpu: inst.accelerator.busy(e.now)}
	passed := now.at - s.last.at
	u := container.Usage{
		CPUPercent:        100 * ((now.cpu-s.last.cpu)/passed + t.Fleet.BackgroundCores) / float64(t.Fleet.VCPU),
		GPUPercent:        100 * (now.gpu - s.last.gpu) / passed / float64(max(1, t.Fleet.GPUs)),
		MemoryMiB:         t.Memory.BaseMiB + inst.memory,
		Running:           inst.working,
		Waiting:           inst.queue.size,
		RequestsPerSecond: float64(s.answers) / passed,
	}
	s.last, s.answers = now, 0
	at := j.at(e.now)
	j.write(i, at, s.printer.Metrics(at, u)...)
}

// group answers the endpoint's log group with the streams that have events.
func (j *journal) group() account.LogGroup {
	g := account.LogGroup{
		Name:    fmt.Sprintf("/aws/sagemaker/Endpoints/%s", j.test.Endpoint),
		Class:   "STANDARD",
		Created: j.origin.Add(-5 * time.Minute),
	}
	for _, s := range j.streams {
		if len(s.events) == 0 {
			continue
		}
		slices.SortStableFunc(s.events, func(a, b account.LogEvent) int { return a.Time.Compare(b.Time) })
		g.Streams = append(g.Streams, account.LogStream{Name: s.name, Created: s.events[0].Time, Events: s.events})
	}
	slices.SortFunc(g.Streams, func(a, b account.LogStream) int { return cmp.Compare(a.Name, b.Name) })
	return g
}
