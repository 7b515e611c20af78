package workload

import (
	"math"
	"math/rand/v2"
)

// recorder is the observer that keeps what CloudWatch would be told. All its
// windows are aligned to the publish period.
type recorder struct {
	test     *test
	random   *rand.Rand
	overhead sampler
	counts   Counts
	last     float64 // time of the last answer
	journal  *journal

	requestPeriod float64 // s
	windows       []requestWindow
	current       requestWindow

	usagePeriod float64 // s
	usage       []usageWindow
	marks       []mark // per instance, at the last publication

	concurrency []concurrencySample
}

// requestWindow is the invocation metrics of one publish period.
type requestWindow struct {
	number int     // start divided by the period
	tally  []tally // per instance
}

// tally is the invocation metrics of one instance in one period.
type tally struct {
	requests, client, server int
	fleet                    []int     // requests answered while k instances were in service, by k
	latency, overhead        []float32 // microseconds
}

// usageWindow is the utilization metrics of one publish period: one value per
// instance in service.
type usageWindow struct {
	start     float64
	instances []int
	cpu       []float32
	memory    []float32
	disk      []float32
	gpu       []float32
	gpuMemory []float32
}

// mark is an instance's accounting at a time.
type mark struct {
	at       float64
	cpu, gpu float64 // resource-seconds used by requests
	live     bool
}

// concurrencySample is the requests in each instance in service at a time.
type concurrencySample struct {
	at        float64
	instances []int
	values    []float32
}

func newRecorder(t *test) *recorder {
	rec := &recorder{
		test:          t,
		random:        rand.New(t.randomSource(t.seed, publishStream)),
		overhead:      newSampler(t.Service.Overhead),
		requestPeriod: 60,
		usagePeriod:   t.Publish.Period.Seconds(),
		marks:         make([]mark, len(t.speeds)),
	}
	if t.Publish.Enhanced {
		rec.requestPeriod = rec.usagePeriod
	}
	for i := range t.Fleet.Instances {
		rec.marks[i].live = true
	}
	rec.counts.MaxInstances = t.Fleet.Instances
	rec.current = rec.newWindow(0)
	return rec
}

func (rec *recorder) newWindow(number int) requestWindow {
	w := requestWindow{number: number, tally: make([]tally, len(rec.test.speeds))}
	for i := range w.tally {
		w.tally[i].fleet = make([]int, len(rec.test.speeds)+1)
	}
	return w
}

func (rec *recorder) answered(e *engine, r *request, latency float64) {
	if number := int(e.now / rec.requestPeriod); number != rec.current.number {
		rec.closeWindow(number)
	}
	rec.last = e.now
	w := &rec.current.tally[r.instance]
	w.requests++
	w.fleet[e.inService()]++
	rec.counts.Requests++
	switch r.outcome {
	case success:
	case clientError:
		w.client++
		rec.counts.ClientErrors++
	default:
		w.server++
		rec.counts.ServerErrors++
		if r.outcome == overflow {
			rec.counts.Overflows++
		}
	}
	if r.outcome <= fault {
		w.latency = append(w.latency, float32(math.Round(latency*1e6)))
		w.overhead = append(w.overhead, float32(math.Round(rec.overhead.draw(rec.random)*1e6)))
	}
	if rec.journal != nil {
		rec.journal.answered(e, r, latency)
	}
}

func (rec *recorder) closeWindow(next int) {
	rec.windows = append(rec.windows, rec.current)
	rec.current = rec.newWindow(next)
}

func (rec *recorder) happened(e *engine, instance int, what event) {
	rec.counts.MaxInstances = max(rec.counts.MaxInstances, e.inService())
	switch what {
	case started:
		rec.mark(e, instance)
	case retired:
		rec.marks[instance].live = false
	case oomKill:
		rec.counts.Kills++
	case restarted: // it was an instance all the time
	}
	if rec.journal != nil {
		rec.journal.happened(e, instance, what)
	}
}

func (rec *recorder) mark(e *engine, i int) {
	inst := &e.instances[i]
	inst.processor.advance(e.now)
	rec.marks[i] = mark{at: e.now, cpu: inst.processor.busy, gpu: inst.accelerator.busy(e.now), live: true}
}

func (rec *recorder) sampled(e *engine) {
	s := concurrencySample{at: e.now - tick}
	for i := range e.instances {
		if inst := &e.instances[i]; inst.inService {
			s.instances = append(s.instances, i)
			s.values = append(s.values, float32(inst.inSystem()))
		}
	}
	rec.concurrency = append(rec.concurrency, s)
	if math.Mod(e.now, rec.usagePeriod) == 0 {
		rec.publishUsage(e)
	}
	if rec.journal != nil {
		rec.journal.sampled(e)
	}
}

// publishUsage takes one reading of every instance in service.
func (rec *recorder) publishUsage(e *engine) {
	t := rec.test
	w := usageWindow{start: e.now - rec.usagePeriod}
	for i := range e.instances {
		inst, last := &e.instances[i], rec.marks[i]
		if !inst.inService || !last.live || last.at == e.now {
			continue
		}
		rec.mark(e, i)
		passed := e.now - last.at
		cores := (rec.marks[i].cpu-last.cpu)/passed + t.Fleet.BackgroundCores
		devices := (rec.marks[i].gpu - last.gpu) / passed
		used := t.Memory.BaseMiB + inst.memory
		if inst.down() {
			used = t.Memory.BaseMiB / 2
		}
		days := e.now / 86400
		w.instances = append(w.instances, i)
		w.cpu = append(w.cpu, rec.reading(cores, float64(t.Fleet.VCPU)))
		w.memory = append(w.memory, rec.reading(used/t.Fleet.MemoryMiB, 1))
		w.disk = append(w.disk, rec.reading(0.11+0.03*days, 1))
		if g := float64(t.Fleet.GPUs); g > 0 {
			w.gpu = append(w.gpu, rec.reading(devices, g))
			w.gpuMemory = append(w.gpuMemory, rec.reading(g*t.Memory.GPUMiB/max(1, t.Fleet.GPUMemoryMiB), g))
		}
	}
	rec.usage = append(rec.usage, w)
}

// reading answers a utilization in percent with measurement noise, inside the
// scale: 100 for each of the limit's units.
func (rec *recorder) reading(used, limit float64) float32 {
	used *= 1 + rec.test.Publish.Noise*rec.random.NormFloat64()
	return float32(100 * min(max(used, 0), limit))
}
