package workload

import (
	"math"
	"math/rand/v2"
)

// sampler draws demands in seconds.
type sampler struct {
	mean  float64
	kind  samplerKind
	mu    float64 // lognormal: of the logarithm
	sigma float64
	shape float64 // gamma
	scale float64
}

type samplerKind uint8

const (
	constant samplerKind = iota
	exponential
	lognormal
	gamma
)

func newSampler(d Demand) sampler {
	s := sampler{mean: d.Mean.Seconds()}
	switch {
	case d.CV <= 0 || s.mean <= 0:
		s.kind = constant
	case d.Shape == Gamma && d.CV == 1:
		s.kind = exponential
	case d.Shape == Gamma:
		s.kind = gamma
		s.shape = 1 / (d.CV * d.CV)
		s.scale = s.mean / s.shape
	default:
		s.kind = lognormal
		s.sigma = math.Sqrt(math.Log1p(d.CV * d.CV))
		s.mu = math.Log(s.mean) - s.sigma*s.sigma/2
	}
	return s
}

func (s *sampler) draw(r *rand.Rand) float64 {
	switch s.kind {
	case exponential:
		return s.mean * r.ExpFloat64()
	case lognormal:
		return math.Exp(s.mu + s.sigma*r.NormFloat64())
	case gamma:
		return s.scale * drawGamma(r, s.shape)
	default:
		return s.mean
	}
}

// drawGamma draws from the gamma distribution of unit scale by the method of
// Marsaglia and Tsang (2000), with their boost for shapes below 1.
func drawGamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return drawGamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
