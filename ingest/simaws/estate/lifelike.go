package estate

import (
	"math"
	"math/rand/v2"
	"time"
)

// life is what makes one endpoint's weeks differ from a clean curve: how busy
// its days of the week are, days of their own, noise that lasts for hours,
// bursts, neighbours and mishaps. All of it is drawn once an endpoint.
type life struct {
	r        *rand.Rand
	phase    float64    // hours by which its day is shifted
	swing    float64    // of the day, as a share of the mean
	weekdays [7]float64 // share of the mean by day of the week

	day      time.Time // of what follows, which is drawn anew each day
	busier   float64   // load
	slower   float64   // latency
	hungrier float64   // CPU
	faultier float64   // errors

	load, latency, cpu, memory wander
	burst                      int     // minutes that one still lasts
	size                       float64 // of the burst
	mishap                     int     // minutes that one still lasts
}

// wander is a first-order autoregressive process.
type wander struct{ sd, hours, at float64 }

func (w *wander) step(r *rand.Rand) float64 {
	phi := math.Exp(-1 / (60 * w.hours))
	w.at = phi*w.at + w.sd*math.Sqrt(1-phi*phi)*r.NormFloat64()
	return w.at
}

func newLife(r *rand.Rand) *life {
	l := &life{
		r: r, phase: 6 * (r.Float64() - 0.5), swing: 0.3 + 0.5*r.Float64(),
		load:    wander{sd: 0.04 + 0.05*r.Float64(), hours: 1 + 3*r.Float64()},
		latency: wander{sd: 0.015 + 0.02*r.Float64(), hours: 1 + 3*r.Float64()},
		cpu:     wander{sd: 0.01 + 0.01*r.Float64(), hours: 2},
		memory:  wander{sd: 0.2 + 0.4*r.Float64(), hours: 3 + 6*r.Float64()},
	}
	weekend := 0.4 + 0.6*r.Float64()
	for i := range l.weekdays {
		l.weekdays[i] = math.Exp(0.05 * r.NormFloat64())
	}
	l.weekdays[time.Saturday] *= weekend
	l.weekdays[time.Sunday] *= weekend
	return l
}

// minute draws the factors of one minute.
func (l *life) minute(at time.Time) (load, latency, cpu, memory, errors float64) {
	if day := at.Truncate(24 * time.Hour); !day.Equal(l.day) {
		l.day = day
		l.busier = 0.06 * l.r.NormFloat64()
		l.slower = 0.02 * l.r.NormFloat64()
		l.hungrier = 0.01 * l.r.NormFloat64()
		l.faultier = 0.3 * l.r.NormFloat64()
	}
	if l.burst--; l.burst < 0 && l.r.Float64() < 0.3/1440 { // one in three days
		l.burst, l.size = 10+l.r.IntN(50), 0.2+0.6*l.r.Float64()
	}
	if l.mishap--; l.mishap < 0 && l.r.Float64() < 0.1/1440 { // one in ten days
		l.mishap = 1 + l.r.IntN(3)
	}
	hour := float64(at.Hour()) + float64(at.Minute())/60
	load = (1 + l.swing*math.Sin(2*math.Pi*(hour-9-l.phase)/24)) * l.weekdays[at.Weekday()] * math.Exp(l.busier+l.load.step(l.r))
	if l.burst >= 0 {
		load *= 1 + l.size
	}
	errors = math.Exp(l.faultier + 0.3*l.r.NormFloat64())
	if l.mishap >= 0 {
		errors *= 20
	}
	return load, math.Exp(l.slower + l.latency.step(l.r)), math.Exp(l.hungrier + l.cpu.step(l.r)), l.memory.step(l.r), errors
}

// lively draws one minute of an endpoint that lives: its latency grows as a
// queue's does with how busy it is, and its tail more than its middle.
func (l *load) lively(i int, e effects, m drawn, at time.Time) {
	load, slow, cpu, memory, errors := m.life.minute(at)
	rate := m.rate * e.traffic * load
	l.requests[i] = poisson(m.r, 60*rate)
	cores := 8.0
	busy := rate * m.cpu / float64(l.hosts) * e.use * cpu // percent of one vCPU
	l.cpu[i] = 15 + min(100*cores-15, busy)*(0.98+0.04*m.r.Float64())
	queue := min(0.95, busy/(100*cores))
	l.latency[i] = m.median * e.latency * slow * (1 + 0.3*queue*queue/(1-queue)) * (0.98 + 0.04*m.r.Float64())
	l.memory[i] = min(99, m.memory+e.memory+memory+0.3*m.r.Float64())
	l.errors[i] = min(l.requests[i], poisson(m.r, float64(l.requests[i])*(0.0004*errors+e.errors)))
	l.silent[i] = e.silent
}

// poisson draws a count: exactly where it is small, by the normal elsewhere.
func poisson(r *rand.Rand, mean float64) int {
	if mean > 50 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n := 0
	for p, u := math.Exp(-mean), r.Float64(); u > p; u *= r.Float64() {
		n++
	}
	return n
}
