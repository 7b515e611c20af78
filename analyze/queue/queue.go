// Package queue simulates a fleet that answers requests, to learn how its
// latency rises with the load. The arithmetic of queues answers that for one
// server and exponential work; for shared processors, worker limits and
// balancers a short simulation is both simpler and nearer.
package queue

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Balancer is how a fleet's requests are dealt out.
type Balancer uint8

// Balancers: by chance, in turn, and to the instance with the fewest requests.
const (
	Random Balancer = iota
	RoundRobin
	LeastOutstanding
)

// Work is what one request takes, seconds: of a core, then of a device, then of
// waiting for something that is not the instance's own.
type Work struct{ CPU, Device, Wait float64 }

// Fleet is instances that are alike.
type Fleet struct {
	Instances int      // 1 when 0
	Cores     float64  // of one instance, shared equally among its requests, at most one each; 0 is without limit
	Devices   int      // of one instance, each takes one request at a time, first come first served; 0 is without limit
	Workers   int      // requests that one instance works on at once, the others wait their turn; 0 is without limit
	Balancer  Balancer // of more than one instance
	Works     []Work   // equally likely
}

// Latency is what a minute's answers had, seconds.
type Latency struct{ Mean, P50, P90, P95, P99 float64 }

// Limit is the rate that no instance can pass, requests/s.
func (f *Fleet) Limit() float64 {
	var mean Work
	for _, w := range f.Works {
		mean.CPU += w.CPU / float64(len(f.Works))
		mean.Device += w.Device / float64(len(f.Works))
		mean.Wait += w.Wait / float64(len(f.Works))
	}
	limit := math.Inf(1)
	if f.Cores > 0 && mean.CPU > 0 {
		limit = min(limit, f.Cores/mean.CPU)
	}
	if f.Devices > 0 && mean.Device > 0 {
		limit = min(limit, float64(f.Devices)/mean.Device)
	}
	if f.Workers > 0 {
		limit = min(limit, float64(f.Workers)/(mean.CPU+mean.Device+mean.Wait))
	}
	return limit
}

// Rise is latencies over those that the same requests would have had alone.
type Rise struct {
	Median  Latency // the medians over minutes, over those alone
	Typical Latency // the geometric means over minutes, over those alone
}

// Minutes simulates independent users who send rate requests/s to each instance
// on average, and answers what the minutes' latencies were and their rise. It
// ends after the given number of requests, or minutes when they are fewer, but
// not before one minute is over. The same arguments give the same result, and
// other rates the same users.
func (f *Fleet) Minutes(rate float64, requests, minutes int, seed uint64) (Latency, Rise) {
	r := newRun(f, rate, seed)
	r.until(min(settle, settleShare*float64(requests)*r.gap))
	var met, apart [][]float64
	for n := 0; len(met) == 0 || n < requests && len(met) < minutes; n += len(r.latencies) {
		r.latencies, r.alone = r.latencies[:0], r.alone[:0]
		r.until(r.end + 60)
		if len(r.latencies) > 0 {
			met, apart = append(met, summary(r.latencies)), append(apart, summary(r.alone))
		}
	}
	middle, alone := over(met, median), over(apart, median)
	mean, meanAlone := over(met, logMean), over(apart, logMean)
	for q := range alone {
		alone[q] = middle[q] / alone[q]
		mean[q] = math.Exp(mean[q] - meanAlone[q])
	}
	return asLatency(middle), Rise{asLatency(alone), asLatency(mean)}
}

// Scarce is what a percentile of n requests comes to, over that of all: the
// rank that stands for it is lower where there are few.
func (f *Fleet) Scarce(n float64) Latency {
	all := make([]float64, len(f.Works))
	for i, w := range f.Works {
		all[i] = w.CPU + w.Device + w.Wait
	}
	slices.Sort(all)
	out := []float64{1}
	for _, p := range percentiles() {
		out = append(out, quantile(all, ((n-1)*p+1)/(n+1))/quantile(all, p))
	}
	return asLatency(out)
}

func percentiles() []float64 { return []float64{.5, .9, .95, .99} }

func asLatency(v []float64) Latency { return Latency{v[0], v[1], v[2], v[3], v[4]} }

// over is a function of each column.
func over(rows [][]float64, f func([]float64) float64) []float64 {
	out := make([]float64, len(rows[0]))
	for j := range out {
		column := make([]float64, len(rows))
		for i := range rows {
			column[i] = rows[i][j]
		}
		out[j] = f(column)
	}
	return out
}

func median(v []float64) float64 {
	slices.Sort(v)
	return quantile(v, .5)
}

func logMean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x) / float64(len(v))
	}
	return sum
}

// quantile interpolates between the ranks of sorted values.
func quantile(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	i := min(int(h), max(0, len(sorted)-2))
	if len(sorted) == 1 {
		return sorted[0]
	}
	return sorted[i] + (h-float64(i))*(sorted[i+1]-sorted[i])
}

// How long the queues may take to fill before minutes count: seconds, and at
// most the time of a share of the requests.
const (
	settle      = 180
	settleShare = 0.2
)

// summary is the mean and the percentiles of all, which it sorts.
func summary(all []float64) []float64 {
	slices.Sort(all)
	sum := 0.0
	for _, v := range all {
		sum += v
	}
	out := []float64{sum / float64(len(all))}
	for _, p := range percentiles() {
		out = append(out, quantile(all, p))
	}
	return out
}

// draws are the random numbers of one request. They come from a source of their
// own, so that a request is the same one at every rate.
type draws struct{ *rand.Rand }

func (d draws) next() (gap float64, work int, route float64) {
	return d.ExpFloat64(), int(d.Uint32()), d.Float64()
}
