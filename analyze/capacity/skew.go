package capacity

import (
	"math"
	"math/rand/v2"

	"sizewise/analyze/stat"
)

// skew is a fleet whose instances need so much more or less time for a request,
// and the gap between its busiest and its average reading, by how noisy readings
// are.
type skew struct {
	excess   float64 // of the slowest instance over the average one
	prior    float64
	mean, sd []float64 // of the gap, for each of noiseLevels
}

// The noise levels are so many, from the least to the least times noiseRange, each
// the same factor above the one before.
const (
	noiseSteps = 14
	leastNoise = .002
	noiseRange = 200
)

// noiseLevels are standard deviations of one instance's reading, relative to its
// use.
func noiseLevels() []float64 {
	out := make([]float64, noiseSteps)
	for i := range out {
		out[i] = leastNoise * math.Pow(noiseRange, float64(i)/(noiseSteps-1))
	}
	return out
}

// skews are fleets of so many instances, each read so many times a bucket: one of
// equal instances, which is as likely as all others together, and some whose
// instances are drawn from further and further apart.
func skews(instances, reads int) []skew {
	r := rand.New(rand.NewPCG(skewSeed, uint64(instances)))
	noise := make([][]float64, skewDraws)
	for i := range noise {
		noise[i] = make([]float64, instances*reads)
		for j := range noise[i] {
			noise[i][j] = r.NormFloat64()
		}
	}
	out := []skew{newSkew(make([]float64, instances), noise)}
	out[0].prior = equalFleets
	for i := range skewFleets {
		most := mostSkew * (float64(i) + .5) / skewFleets
		cost, mean := make([]float64, instances), 0.0
		for j := range cost {
			cost[j] = 1 / (1 + most*(2*r.Float64()-1))
			mean += cost[j] / float64(instances)
		}
		for j := range cost {
			cost[j] = cost[j]/mean - 1
		}
		s := newSkew(cost, noise)
		s.prior = (1 - equalFleets) / skewFleets
		out = append(out, s)
	}
	return out
}

// newSkew finds the gap's moments for instances with these costs over the mean's.
func newSkew(cost []float64, noise [][]float64) skew {
	s := skew{excess: stat.Quantile(cost, 1)}
	for _, level := range noiseLevels() {
		gaps := make([]float64, len(noise))
		for i, draw := range noise {
			top, sum := math.Inf(-1), 0.0
			for j, z := range draw {
				v := cost[j%len(cost)] + level*z
				top, sum = max(top, v), sum+v
			}
			gaps[i] = top - sum/float64(len(draw))
		}
		s.mean, s.sd = append(s.mean, stat.Mean(gaps)), append(s.sd, math.Sqrt(stat.Variance(gaps)))
	}
	return s
}

// at interpolates the gap's moments for a noise.
func (s *skew) at(noise float64) (mean, sd float64) {
	const top = noiseSteps - 1
	p := min(top, max(0, math.Log(noise/leastNoise)/math.Log(noiseRange)*top))
	i := min(top-1, int(p))
	f := p - float64(i)
	return s.mean[i] + f*(s.mean[i+1]-s.mean[i]), s.sd[i] + f*(s.sd[i+1]-s.sd[i])
}

// gap is how far the busiest reading of a bucket was above the average one.
type gap struct {
	value  float64 // over the average's own use
	seen   float64 // requests behind one reading
	sensor float64 // the average's whole use over its own: a sensor is off by a share of the whole
}

// excessOf is what the gaps say of the slowest instance's excess: its mean and
// 95 % interval over all fleets and noises, by how likely each makes the gaps. The
// part of the noise that goes down with the number of requests is that of routing
// and of scattered work, the rest is the sensor's.
func excessOf(gaps []gap, instances, reads int) stat.Interval {
	gaps = thinned(gaps, mostGaps)
	fleets := skews(instances, reads)
	logs, best := make([][]float64, len(fleets)), math.Inf(-1)
	for i := range fleets {
		for _, work := range []float64{.03, .1, .25, .5, .8, 1.2, 1.6, 2} {
			for _, sensor := range []float64{.002, .006, .012, .02, .03, .05} {
				l := fleets[i].likelihood(gaps, work, sensor)
				logs[i] = append(logs[i], l)
				best = max(best, l)
			}
		}
	}
	e := make([]weighed, len(fleets))
	for i := range fleets {
		e[i].value = fleets[i].excess
		for _, l := range logs[i] {
			e[i].weight += fleets[i].prior * math.Exp(gapTrust*(l-best))
		}
	}
	return summary(e)
}

// likelihood is the logarithm of the gaps' likelihood.
func (s *skew) likelihood(gaps []gap, work, sensor float64) float64 {
	sum := 0.0
	for _, g := range gaps {
		mean, sd := s.at(math.Sqrt(work/g.seen + sq(sensor*g.sensor)))
		sum -= math.Log(sd) + min(farGap, sq((g.value-mean)/sd))/2
	}
	return sum
}
