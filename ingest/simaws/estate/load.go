package estate

import (
	"math"
	"math/rand/v2"
	"time"
)

// load is what an endpoint had to do in each minute since Start.
type load struct {
	requests []int
	errors   []int     // of the requests, answered with 5XX
	latency  []float64 // median model latency, microseconds
	cpu      []float64 // percent of one vCPU, per host
	memory   []float64 // percent
	silent   []bool    // CloudWatch lost the minute
	hosts    int
	shape    []float64 // latency of equally many requests each, as multiples of the median
}

// shape is k equally likely values of a lognormal latency of median 1.
func shape(k int, sigma float64) []float64 {
	out := make([]float64, k)
	for i := range out {
		p := (float64(i) + 0.5) / float64(k)
		out[i] = math.Exp(sigma * math.Sqrt2 * math.Erfinv(2*p-1))
	}
	return out
}

// diurnal is the load of a time of day as a share of the mean: busiest in the
// afternoon UTC, quietest at night.
func diurnal(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	return 1 + 0.6*math.Sin(2*math.Pi*(hour-9)/24)
}

// load draws the load of one endpoint, with the changes planted on it.
func (d *drawer) load(name string, hosts int) *load {
	r := d.random("load", name)
	n := d.periods(time.Minute)
	l := &load{
		requests: make([]int, n), errors: make([]int, n), latency: make([]float64, n),
		cpu: make([]float64, n), memory: make([]float64, n), silent: make([]bool, n),
		hosts: hosts, shape: shape(d.Samples, 0.35),
	}
	rate := float64(hosts) * math.Exp(1.5+1.2*r.Float64()) // requests per second, 4.5 to 15 a host
	median := 20_000 * math.Exp(2*r.Float64())             // 20 to 148 ms
	perRequest := 220 / (rate / float64(hosts))            // percent of a vCPU per request and second
	memory := 30 + 30*r.Float64()
	var lives *life
	if d.Lifelike {
		lives = newLife(d.random("life", name))
	}
	for i := range n {
		if lives != nil {
			l.lively(i, d.effects(name, i), drawn{r: r, rate: rate, median: median, cpu: perRequest, memory: memory, life: lives}, d.at(i))
			continue
		}
		l.minute(i, d.effects(name, i), drawn{r: r, rate: rate * diurnal(d.at(i)), median: median, cpu: perRequest, memory: memory})
	}
	return l
}

// drawn is the model of one endpoint.
type drawn struct {
	r                         *rand.Rand
	rate, median, cpu, memory float64
	life                      *life // of a lifelike estate
}

func (d *drawer) at(minute int) time.Time { return d.Start.Add(time.Duration(minute) * time.Minute) }

// minute draws one minute.
func (l *load) minute(i int, e effects, m drawn) {
	rate := m.rate * e.traffic * (0.95 + 0.1*m.r.Float64())
	l.requests[i] = int(rate*60 + m.r.Float64())
	busy := rate * m.cpu / float64(l.hosts) * e.use
	l.cpu[i] = busy * (0.97 + 0.06*m.r.Float64())
	l.latency[i] = m.median * e.latency * (1 + busy/1000) * (0.98 + 0.04*m.r.Float64())
	l.memory[i] = min(99, m.memory+e.memory+m.r.Float64())
	l.errors[i] = int(float64(l.requests[i])*(0.0004+e.errors) + m.r.Float64())
	l.silent[i] = e.silent
}

// effects is what the planted changes make of one minute.
type effects struct {
	latency, traffic, use, errors, memory float64
	silent                                bool
}

func (d *drawer) effects(name string, minute int) effects {
	e := effects{latency: 1, traffic: 1, use: 1}
	at := d.at(minute)
	for _, c := range d.Changes {
		if c.Endpoint != name || at.Before(c.At) || !c.Until.IsZero() && !at.Before(c.Until) {
			continue
		}
		switch c.Effect {
		case Latency:
			e.latency *= c.Factor
		case Traffic:
			e.traffic *= c.Factor
		case InstanceType:
			e.latency *= c.Factor
			e.use *= c.Factor
		case Errors:
			e.errors += c.Factor
		case Memory:
			e.memory += c.Factor * at.Sub(c.At).Hours()
		case Silence:
			e.silent = true
		}
	}
	return e
}

// spread puts n requests' latencies of median m.
func (l *load) spread(p *pen, m float64, n int) {
	k := len(l.shape)
	for j, x := range l.shape {
		p.times(m*x, (n+k-1-j)/k)
	}
}

// flags puts a 1 for each of ones requests and a 0 for the rest.
func flags(p *pen, requests, ones int) {
	p.times(0, requests-ones)
	p.times(1, ones)
}
