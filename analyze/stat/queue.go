package stat

import "math"

// ErlangB is the share of arrivals that find all servers busy and are lost, for
// Poisson arrivals with offered load in erlangs (arrival rate x service time)
// and any service distribution. It uses the recursion over servers, which is
// stable and takes O(servers). NaN when servers is negative or offered is
// negative or not finite. Source: Erlang 1917.
func ErlangB(servers int, offered float64) float64 {
	if servers < 0 || !(offered >= 0) || math.IsInf(offered, 1) {
		return math.NaN()
	}
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = offered * b / (float64(n) + offered*b)
	}
	return b
}

// ErlangC is the share of arrivals that must wait when nothing is lost, for
// Poisson arrivals and exponential service (M/M/c). It is 1 when the offered
// load reaches the servers, and NaN where [ErlangB] is or without a server.
func ErlangC(servers int, offered float64) float64 {
	b := ErlangB(servers, offered)
	if servers < 1 || math.IsNaN(b) {
		return math.NaN()
	}
	rho := offered / float64(servers)
	if rho >= 1 {
		return 1
	}
	return b / (1 - rho*(1-b))
}

// Queue is a station of equal servers with one waiting line of unbounded
// length, served first come first served.
type Queue struct {
	Servers int
	Rate    float64 // arrivals per second
	Service float64 // mean service time, seconds
	// Squared coefficients of variation (variance over squared mean) of the
	// times between arrivals and of service. Both are 1 in M/M/c; a clock has 0.
	ArrivalCV2, ServiceCV2 float64
}

// Utilization is the share of the servers' time that arrivals ask for; 1 and
// more means that the line grows without end.
func (q Queue) Utilization() float64 {
	if q.Servers < 1 || !(q.Rate >= 0) || !(q.Service >= 0) {
		return math.NaN()
	}
	return q.Rate * q.Service / float64(q.Servers)
}

// ErlangWait is the mean wait of M/M/c in seconds, whatever the coefficients of
// variation say. +Inf at a utilization of 1 and above.
func (q Queue) ErlangWait() float64 {
	rho := q.Utilization()
	if rho >= 1 {
		return math.Inf(1)
	}
	return q.Service * ErlangC(q.Servers, q.Rate*q.Service) / (float64(q.Servers) * (1 - rho))
}

// Wait is the mean wait in seconds by Allen and Cunneen's approximation for
// G/G/c (Allen 1990): the wait of M/M/c times the mean of the two squared
// coefficients of variation. It is exact for M/M/c and for M/G/1
// (Pollaczek-Khinchine). +Inf at a utilization of 1 and above.
func (q Queue) Wait() float64 { return q.ErlangWait() * q.variability() }

// SakasegawaWait is [Queue.Wait] with the closed form of Sakasegawa (1977) in
// place of Erlang C, which bends smoothly and needs no whole number of servers;
// exact for one server.
func (q Queue) SakasegawaWait() float64 {
	rho, c := q.Utilization(), float64(q.Servers)
	if rho >= 1 {
		return math.Inf(1)
	}
	return q.Service * math.Pow(rho, math.Sqrt(2*(c+1))-1) / (c * (1 - rho)) * q.variability()
}

func (q Queue) variability() float64 {
	if !(q.ArrivalCV2 >= 0) || !(q.ServiceCV2 >= 0) {
		return math.NaN()
	}
	return (q.ArrivalCV2 + q.ServiceCV2) / 2
}

// WaitTail is the share of arrivals to M/M/c that wait longer than the given
// seconds.
func (q Queue) WaitTail(seconds float64) float64 {
	rho := q.Utilization()
	switch {
	case rho >= 1:
		return 1
	case !(seconds >= 0) || !(q.Service > 0):
		return math.NaN()
	}
	c := float64(q.Servers)
	return ErlangC(q.Servers, q.Rate*q.Service) * math.Exp(-c*(1-rho)*seconds/q.Service)
}

// WaitQuantile is the p-quantile of the wait in M/M/c, in seconds: 0 when at
// least the share p does not wait at all. +Inf at a utilization of 1 and above.
func (q Queue) WaitQuantile(p float64) float64 {
	rho := q.Utilization()
	switch {
	case !(p >= 0 && p <= 1) || math.IsNaN(rho):
		return math.NaN()
	case rho >= 1:
		return math.Inf(1)
	}
	c := float64(q.Servers)
	waiting := ErlangC(q.Servers, q.Rate*q.Service)
	if p <= 1-waiting {
		return 0
	}
	return q.Service / (c * (1 - rho)) * math.Log(waiting/(1-p))
}

// ThroughputBound is the asymptotic upper bound of a closed system's throughput
// in requests per second: customers who think for think seconds between
// requests, and one station per demand (seconds of service per request). The
// bound is the lesser of what the slowest station serves and what the customers
// can ask for (Lazowska et al. 1984, chapter 5). NaN for impossible arguments.
func ThroughputBound(customers, think float64, demands []float64) float64 {
	total, largest := 0.0, 0.0
	for _, d := range demands {
		if !(d >= 0) {
			return math.NaN()
		}
		total += d
		largest = max(largest, d)
	}
	if !(customers >= 0) || !(think >= 0) || !(total > 0) {
		return math.NaN()
	}
	return min(1/largest, customers/(total+think))
}

// ResidenceBound is the lower bound of the time in seconds that a request spends
// in the closed system of [ThroughputBound].
func ResidenceBound(customers, think float64, demands []float64) float64 {
	x := ThroughputBound(customers, think, demands)
	if !(customers > 0) {
		return math.NaN()
	}
	return customers/x - think
}
