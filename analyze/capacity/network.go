package capacity

import "math"

// station is a resource that requests pass through.
type station struct {
	demand  float64 // seconds of one server per request
	servers float64 // cores or GPUs
	inTurn  bool    // requests are served one after the other, as by a GPU; else they share the servers, as they do cores
}

// network is an instance seen as a closed queueing network: stations, and time
// that requests spend without computing (network, a downstream, I/O).
type network struct {
	stations []station
	delay    float64 // seconds
}

// throughput is the rate in requests/s at which n requests circulate for n = 1
// to population: what n workers answer under permanent backlog. It is the
// convolution algorithm of Buzen (1973) with the factors of multi-server
// stations. Where requests share the servers it is exact whatever their work
// scatters by (Baskett, Chandy, Muntz and Palacios 1975); where they are served
// in turn it is for exponential service, and steadier work does slightly better.
func (w network) throughput(population int) []float64 {
	unit := w.delay
	for _, s := range w.stations {
		unit = max(unit, s.demand/s.servers)
	}
	g := make([]float64, population+1)
	g[0] = 1
	scaled := w.delay / unit
	f := 1.0
	for n := 1; n <= population; n++ {
		f *= scaled / float64(n)
		g[n] = f
	}
	for _, s := range w.stations {
		g = convolve(g, s.factors(population, unit))
	}
	x := make([]float64, population)
	for n := 1; n <= population; n++ {
		x[n-1] = g[n-1] / g[n] / unit
	}
	return x
}

// factors are demand^n / product of min(j, servers), in multiples of unit.
func (s station) factors(population int, unit float64) []float64 {
	f := make([]float64, population+1)
	f[0] = 1
	for n := 1; n <= population; n++ {
		f[n] = f[n-1] * s.demand / unit / min(float64(n), s.servers)
	}
	return f
}

func convolve(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for n := range out {
		for j := 0; j <= n; j++ {
			out[n] += a[j] * b[n-j]
		}
	}
	return out
}

// residence is the mean time in the system of open arrivals at the given rate
// when n requests together are answered at x[n-1], and no more than len(x) are
// worked on at once: a birth-death chain over the flow-equivalent rates
// (Chandy, Herzog and Woo 1975). Infinite when the rate is not below the last
// of x.
func residence(x []float64, rate float64) float64 {
	last := x[len(x)-1]
	if rate >= last {
		return math.Inf(1)
	}
	p, norm, number := 1.0, 1.0, 0.0
	for n := 1; n <= len(x); n++ {
		p *= rate / x[n-1]
		norm += p
		number += float64(n) * p
	}
	// Beyond len(x) requests the chain is geometric with ratio r.
	r := rate / last
	w := float64(len(x))
	norm += p * r / (1 - r)
	number += p * (w*r/(1-r) + r/sq(1-r))
	return number / norm / rate
}

// alone is the residence time of a request that meets no other.
func (w network) alone() float64 {
	t := w.delay
	for _, s := range w.stations {
		t += s.demand
	}
	return t
}

// shared reports whether no station serves its requests in turn.
func (w network) shared() bool {
	for _, s := range w.stations {
		if s.inTurn {
			return false
		}
	}
	return true
}

// limit is the rate that the stations allow, however many requests are let in.
func (w network) limit() float64 {
	c := math.Inf(1)
	for _, s := range w.stations {
		c = min(c, s.servers/s.demand)
	}
	return c
}
