package capacity

import (
	"math"

	"sizewise/analyze/stat"
)

// gains are the factors on a simulated rise that are looked at: bursts within
// minutes make a real queue longer, steadier work than the latency shows makes
// it shorter.
func gains() []float64 {
	const n, reach = 41, 1.4
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Exp(reach * (2*float64(i)/(n-1) - 1))
	}
	return out
}

// readings are one latency of many minutes.
type readings struct {
	at     []float64 // times, from 0 to 1
	load   []float64 // over the capacity
	y      []float64 // logarithm of the latency, s
	weight []float64 // sqrt of requests
	q      int       // what latency: see latencies
}

// gainFit is what the readings of one latency say of the gain on a shape.
type gainFit struct {
	base []float64 // log latency without load, per gain
	rss  []float64 // weighted squares that are left, per gain
	best int       // the gain that leaves least
	n    float64   // independent minutes behind it
	err  float64   // standard error of base
}

// fit goes through the gains: log latency = base + waves + log(1 + gain (rise - 1)),
// by weighted least squares. Neighbouring minutes share their disturbances, so
// fewer of them count than there are.
func (r *readings) fit(s *shape, terms int) gainFit {
	regressors := r.orthonormal(terms)
	g := gains()
	f := gainFit{base: make([]float64, len(g)), rss: make([]float64, len(g))}
	var residuals []float64
	rise, y := make([]float64, len(r.load)), make([]float64, len(r.y))
	for i, load := range r.load {
		rise[i] = between(s.typical, r.q, load) - 1
	}
	for k, gain := range g {
		for i := range y {
			y[i] = (r.y[i] - math.Log1p(gain*rise[i])) * r.weight[i]
		}
		left := regressors.reduce(y)
		f.base[k], f.rss[k] = regressors.base(y), dot(left, left)
		if f.rss[k] <= f.rss[f.best] {
			f.best, residuals = k, left
		}
	}
	phi := min(mostShared, max(0, stat.Autocorrelation(residuals)))
	f.n = max(1, float64(len(r.y)-terms-2)*(1-phi)/(1+phi))
	f.err = regressors.baseErr * math.Sqrt(f.rss[f.best]/f.n)
	return f
}

// likelihoods are the gains' likelihoods, over that of the fit that leaves
// least.
func (f *gainFit) likelihoods(least gainFit) []float64 {
	out := make([]float64, len(f.rss))
	for k, rss := range f.rss {
		out[k] = math.Pow(rss/least.rss[least.best], -shapeTrust*least.n/2)
	}
	return out
}

// regressors are orthonormal regressors: what is the same in all minutes, and slow
// waves.
type regressors struct {
	q       [][]float64
	first   []float64 // the column of ones, weighted, without what the waves explain
	norm    float64   // its square
	baseErr float64   // standard error of the base for residuals of 1
}

// orthonormal prepares the regressors of r.
func (r *readings) orthonormal(terms int) regressors {
	var c regressors
	add := func(v []float64) []float64 {
		for range 2 { // twice is enough for rounding
			for _, q := range c.q {
				p := dot(q, v)
				for i := range v {
					v[i] -= p * q[i]
				}
			}
		}
		return v
	}
	for j := 1; j <= terms; j++ {
		v, mean, sum := make([]float64, len(r.at)), 0.0, 0.0
		for i, t := range r.at {
			mean, sum = mean+sq(r.weight[i])*slowly(t, j), sum+sq(r.weight[i])
		}
		for i, t := range r.at {
			v[i] = (slowly(t, j) - mean/sum) * r.weight[i]
		}
		if v = add(v); dot(v, v) > 1e-9 {
			c.q = append(c.q, scaled(v, 1/math.Sqrt(dot(v, v))))
		}
	}
	c.first = add(append([]float64(nil), r.weight...))
	c.norm = dot(c.first, r.weight)
	c.baseErr = 1 / math.Sqrt(c.norm)
	c.q = append(c.q, scaled(append([]float64(nil), c.first...), 1/math.Sqrt(dot(c.first, c.first))))
	return c
}

// reduce is what the regressors leave of y.
func (c *regressors) reduce(y []float64) []float64 {
	out := append([]float64(nil), y...)
	for _, q := range c.q {
		p := dot(q, out)
		for i := range out {
			out[i] -= p * q[i]
		}
	}
	return out
}

// base is the coefficient of the ones.
func (c *regressors) base(y []float64) float64 { return dot(c.first, y) / c.norm }

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func scaled(v []float64, f float64) []float64 {
	for i := range v {
		v[i] *= f
	}
	return v
}

// product is the product of likelihoods and prior weights, and its sum.
func product(likelihood, prior []float64) (weights []float64, sum float64) {
	weights = make([]float64, len(likelihood))
	for k := range likelihood {
		weights[k] = likelihood[k] * prior[k]
		sum += weights[k]
	}
	return weights, sum
}

// around is a prior on the gains: lognormal about 1.
func around(spread float64) []float64 {
	g := gains()
	out := make([]float64, len(g))
	sum := 0.0
	for k := range g {
		out[k] = math.Exp(-sq(math.Log(g[k])/spread) / 2)
		sum += out[k]
	}
	return scaled(out, 1/sum)
}

// blurred is what weights on the gains of one latency expect of another's.
func blurred(weights []float64, spread float64) []float64 {
	g := gains()
	out := make([]float64, len(g))
	sum := 0.0
	for k := range g {
		for j, w := range weights {
			out[k] += w * math.Exp(-sq(math.Log(g[k]/g[j])/spread)/2)
		}
		sum += out[k]
	}
	return scaled(out, 1/sum)
}
