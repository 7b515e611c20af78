package capacity

import (
	"math"

	"sizewise/analyze/queue"
	"sizewise/analyze/slo"
)

// quantiles are the latencies that a minute publishes, in the order of
// latencies: the mean and four percentiles.
const quantiles = 5

// latencies puts l in that order.
func latencies(l queue.Latency) [quantiles]float64 {
	return [quantiles]float64{l.Mean, l.P50, l.P90, l.P95, l.P99}
}

// quantileOf is where latencies has o's metric; ok is false for the maximum,
// which no simulation tells.
func quantileOf(m slo.Metric) (q int, ok bool) {
	q, ok = map[slo.Metric]int{slo.Mean: 0, slo.P50: 1, slo.P90: 2, slo.P95: 3, slo.P99: 4}[m]
	return q, ok
}

// normals are the standard normal deviates of the percentiles.
func normals() [quantiles]float64 { return [quantiles]float64{math.NaN(), 0, 1.2816, 1.6449, 2.3263} }

// alone is the latency of requests that meet no other, with the shares of it
// that are spent on CPU, on a GPU and on neither.
type alone struct {
	at               [quantiles]float64 // seconds; NaN where it is not published
	cpu, gpu, wait   float64            // of the mean, ratio
	cores            float64            // that are free for requests
	devices, workers int                // 0 is without limit
}

// works are requests with the latencies of at: the logarithm of the latency runs
// straight between percentiles over the normal deviate, as that of a lognormal
// latency does everywhere, and below the median as steeply as the mean demands.
func (s *alone) works() []queue.Work {
	const n = 2048
	x, y := s.knots()
	total := make([]float64, n)
	fill := func(below float64) (mean float64) {
		for i := range total {
			z := math.Sqrt2 * math.Erfinv(2*(float64(i)+.5)/n-1)
			total[i] = math.Exp(along(x, y, below, z))
			mean += total[i] / n
		}
		return mean
	}
	lo, hi := 0.0, 3.0
	for range 20 {
		if mid := (lo + hi) / 2; fill(mid) > s.at[0] {
			lo = mid
		} else {
			hi = mid
		}
	}
	scale := s.at[0] / fill((lo+hi)/2)
	out := make([]queue.Work, n)
	for i, t := range total {
		t *= scale
		out[i] = queue.Work{CPU: t * s.cpu, Device: t * s.gpu, Wait: t * s.wait}
	}
	return out
}

// knots are the normal deviates and the logarithms of the known percentiles,
// the mean in place of a missing median.
func (s *alone) knots() (x, y []float64) {
	z := normals()
	for q := 1; q < quantiles; q++ {
		switch v := s.at[q]; {
		case v > 0 && (len(y) == 0 || math.Log(v) > y[len(y)-1]):
			x, y = append(x, z[q]), append(y, math.Log(v))
		case q == 1:
			x, y = append(x, 0), append(y, math.Log(s.at[0]))
		}
	}
	return x, y
}

// along is the broken line through the knots at z, with the given slope before
// the first one and the last piece's beyond.
func along(x, y []float64, before, z float64) float64 {
	n := len(x)
	if n < 2 || z < x[0] {
		return y[0] + before*(z-x[0])
	}
	i := 1
	for i < n-1 && z > x[i] {
		i++
	}
	return y[i-1] + (y[i]-y[i-1])*(z-x[i-1])/(x[i]-x[i-1])
}

// shape is how the latencies of a fleet rise with its load, over those of
// requests which meet no other.
type shape struct {
	fleet   string               // of what fleet, for the reader
	limit   float64              // of an instance, requests/s
	prior   float64              // weight before any minute is seen
	median  [][quantiles]float64 // of minutes, at each of shapeLoads
	typical [][quantiles]float64 // the geometric mean of minutes, of which each has few requests
}

// shapeLoads are the loads that a shape knows, over the capacity.
func shapeLoads() []float64 {
	return []float64{0, .1, .2, .3, .4, .5, .6, .7, .8, .85, .9, .94, .97, .99}
}

// between is the value at a load, straight between those simulated.
func between(rise [][quantiles]float64, q int, load float64) float64 {
	x := shapeLoads()
	i := 1
	for i < len(x)-1 && load > x[i] {
		i++
	}
	lo, hi := rise[i-1][q], rise[i][q]
	return lo + (hi-lo)*min(1, max(0, (load-x[i-1])/(x[i]-x[i-1])))
}

// simulate finds the shape of a fleet by simulating it at each load.
func simulate(name string, f *queue.Fleet, requests int) shape {
	limit := f.Limit()
	s := shape{fleet: name, limit: limit}
	for i, load := range shapeLoads() {
		if i == 0 {
			continue
		}
		n := requests
		switch { // a short queue is soon known
		case load < .45:
			n /= 4
		case load < .65:
			n /= 2
		}
		_, rise := f.Minutes(load*limit, n, shapeMinutes, shapeSeed)
		scarce := latencies(f.Scarce(60 * load * limit * float64(max(1, f.Instances))))
		median, typical := latencies(rise.Median), latencies(rise.Typical)
		for q := range scarce {
			median[q], typical[q] = median[q]*scarce[q], typical[q]*scarce[q]
		}
		if i == 1 {
			s.median, s.typical = append(s.median, median), append(s.typical, typical)
		}
		s.median, s.typical = append(s.median, median), append(s.typical, typical)
	}
	return s
}

// shapes are those of the fleets that may have answered: with each balancer
// where there are several instances, and where the number of workers is not
// known with as many as can be told apart; most of them at most, the first being
// the likeliest.
func (a *analysis) shapes(s alone, requests, most int) []shape {
	balancers := []queue.Balancer{queue.Random}
	n := min(int(math.Round(a.now())), mostSimulated)
	if n > 1 {
		balancers = []queue.Balancer{queue.Random, queue.LeastOutstanding, queue.RoundRobin}
	}
	names := map[queue.Balancer]string{queue.Random: "random", queue.LeastOutstanding: "least outstanding", queue.RoundRobin: "round robin"}
	workers := []int{s.workers}
	if few := int(math.Ceil(s.cores)); s.workers == 0 && s.devices == 0 && s.wait == 0 && few > 1 {
		workers = append(workers, few)
	}
	works := s.works()
	var out []shape
	for _, b := range balancers {
		for _, w := range workers {
			if len(out) == most {
				return out
			}
			f := queue.Fleet{Instances: n, Cores: s.cores, Devices: s.devices, Workers: w, Balancer: b, Works: works}
			shape := simulate(names[b], &f, requests)
			shape.prior = 1
			if b == queue.Random {
				shape.prior = 2 // what an endpoint does unless told otherwise
			}
			out = append(out, shape)
		}
	}
	return out
}
