package stat

import "math"

// USL is Gunther's universal scalability law for the throughput of n concurrent
// requests: Gamma n / (1 + Alpha (n-1) + Beta n (n-1)). It describes a measured
// curve. It is no capacity: on simulated tests its peak was within 5 % of the
// truth in one run of eight, and real systems exceed it.
type USL struct {
	Alpha float64 // contention, share of the work that is serial
	Beta  float64 // coherency, cost of every pair of requests
	Gamma float64 // throughput of one request alone
}

// At is the throughput at a concurrency of n.
func (u USL) At(n float64) float64 { return u.Gamma * n / u.spread(n) }

// Residence is the time a request takes at a concurrency of n, by Little's law:
// n over the throughput. Its unit is one over that of Gamma.
func (u USL) Residence(n float64) float64 { return u.spread(n) / u.Gamma }

func (u USL) spread(n float64) float64 { return 1 + u.Alpha*(n-1) + u.Beta*n*(n-1) }

// Peak is the concurrency at which throughput is highest, and that throughput.
// ok is false when the curve has no peak at a concurrency above 0: Beta is 0 or
// Alpha at least 1.
func (u USL) Peak() (n, x float64, ok bool) {
	if !(u.Beta > 0) || !(u.Alpha < 1) {
		return 0, 0, false
	}
	n = math.Sqrt((1 - u.Alpha) / u.Beta)
	return n, u.At(n), true
}

// Limit is the throughput that contention alone would allow, Gamma / Alpha.
func (u USL) Limit() float64 { return u.Gamma / u.Alpha }

// Optimal is the concurrency 1/Alpha, at which the line Gamma n meets [USL.Limit],
// and the throughput there.
func (u USL) Optimal() (n, x float64) { return 1 / u.Alpha, u.At(1 / u.Alpha) }

// Concurrency is the least concurrency at which the throughput is x. ok is false
// when the curve does not get there.
func (u USL) Concurrency(x float64) (n float64, ok bool) {
	a, b, c := x*u.Beta, x*(u.Alpha-u.Beta)-u.Gamma, x*(1-u.Alpha)
	d := b*b - 4*a*c
	if !(x >= 0) || !(b < 0) || !(d >= 0) {
		return 0, false
	}
	return 2 * c / (-b + math.Sqrt(d)), true
}

// USLFit is a least-squares fit of the law.
type USLFit struct {
	USL
	AlphaSE, BetaSE, GammaSE float64 // standard errors, linearised at the solution
	RSS                      float64 // residual sum of squares, squared unit of throughput
	Sigma                    float64 // residual standard deviation, N-3 degrees of freedom
	N                        int
}

// FitUSL fits the law to throughput x at concurrencies n by least squares of the
// throughput, with Alpha and Beta held at 0 or above: the model, and the
// numbers, of R's package usl. The best of the stationary points on each face
// of the permitted region is the best of all, so each face is searched by
// Levenberg-Marquardt from several starts; one step costs O(len(x)). Residuals
// are taken as independent and of equal variance. ok is false when the slices
// differ in length, below four points or three distinct concurrencies, when a
// concurrency is not positive or a throughput is negative, or either not finite.
func FitUSL(n, x []float64) (USLFit, bool) {
	scale, ok := uslScale(n, x)
	if !ok {
		return USLFit{}, false
	}
	p := uslProblem{n: n, x: make([]float64, len(x))}
	for i, v := range x {
		p.x[i] = v / scale
	}
	best, rss := USL{}, math.Inf(1)
	for _, face := range []uslFace{{true, true, true}, {true, false, true}, {false, true, true}, {false, false, true}} {
		for _, start := range p.starts() {
			if u, r := p.descend(start, face); u.Alpha >= 0 && u.Beta >= 0 && r < rss {
				best, rss = u, r
			}
		}
	}
	if math.IsInf(rss, 1) {
		return USLFit{}, false
	}
	f := USLFit{USL: best, RSS: rss * scale * scale, N: len(x)}
	f.Sigma = math.Sqrt(f.RSS / float64(f.N-3))
	se := p.standardErrors(best, math.Sqrt(rss/float64(f.N-3)))
	f.AlphaSE, f.BetaSE, f.GammaSE = se[0], se[1], se[2]*scale
	f.Gamma *= scale
	return f, true
}

// AlphaInterval is the t interval of Alpha with N-3 degrees of freedom. Its ends
// are those of the linearised problem and may lie below 0.
func (f USLFit) AlphaInterval(confidence float64) Interval {
	return f.interval(f.Alpha, f.AlphaSE, confidence)
}

// BetaInterval is the t interval of Beta with N-3 degrees of freedom.
func (f USLFit) BetaInterval(confidence float64) Interval {
	return f.interval(f.Beta, f.BetaSE, confidence)
}

// GammaInterval is the t interval of Gamma with N-3 degrees of freedom.
func (f USLFit) GammaInterval(confidence float64) Interval {
	return f.interval(f.Gamma, f.GammaSE, confidence)
}

func (f USLFit) interval(value, se, confidence float64) Interval {
	h := TQuantile(0.5+confidence/2, float64(f.N-3)) * se
	return Interval{Value: value, Lo: value - h, Hi: value + h}
}

// uslScale is the largest throughput, by which the problem is divided so that
// its numbers are near 1.
func uslScale(n, x []float64) (float64, bool) {
	if len(n) != len(x) || len(x) < 4 || !allFinite(n) || !allFinite(x) {
		return 0, false
	}
	distinct, scale := map[float64]bool{}, 0.0
	for i := range n {
		if n[i] <= 0 || x[i] < 0 {
			return 0, false
		}
		distinct[n[i]] = true
		scale = max(scale, x[i])
	}
	return scale, scale > 0 && len(distinct) >= 3
}
