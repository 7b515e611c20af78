package stat

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// uslProblem is a set of concurrencies and throughputs to fit.
type uslProblem struct{ n, x []float64 }

// uslFace says which of Alpha, Beta and Gamma are free; the others stay 0.
type uslFace [3]bool

// starts are a grid of shapes with Gamma projected out.
func (p uslProblem) starts() []USL {
	var out []USL
	for _, a := range []float64{0.001, 0.03, 0.3} {
		for _, b := range []float64{1e-6, 1e-3, 0.05} {
			out = append(out, USL{Alpha: a, Beta: b})
		}
	}
	return out
}

// project returns u with the Gamma that fits best, which is linear.
func (p uslProblem) project(u USL) USL {
	u.Gamma = 1
	num, den := 0.0, 0.0
	for i, n := range p.n {
		h := u.At(n)
		num += p.x[i] * h
		den += h * h
	}
	u.Gamma = num / den
	return u
}

// rss is the residual sum of squares, +Inf where the law is not defined.
func (p uslProblem) rss(u USL) float64 {
	sum := 0.0
	for i, n := range p.n {
		if !(u.spread(n) > 0) {
			return math.Inf(1)
		}
		sum += sq(p.x[i] - u.At(n))
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}

// gradient is the derivative of the throughput at n by Alpha, Beta and Gamma.
func (u USL) gradient(n float64) [3]float64 {
	d := u.spread(n)
	byAlpha := -u.Gamma * n * (n - 1) / (d * d)
	return [3]float64{byAlpha, byAlpha * n, n / d}
}

// normal accumulates the Gauss-Newton system at u for the free parameters.
func (p uslProblem) normal(u USL, face uslFace) (a [3][3]float64, g [3]float64) {
	for i, n := range p.n {
		j, r := u.gradient(n), p.x[i]-u.At(n)
		for k := range j {
			if !face[k] {
				continue
			}
			g[k] += j[k] * r
			for l := range j {
				if face[l] {
					a[k][l] += j[k] * j[l]
				}
			}
		}
	}
	return a, g
}

// descend runs Levenberg-Marquardt on one face of the permitted region until
// the sum of squares stands still. Parameters may leave the region; whoever
// calls must look.
func (p uslProblem) descend(u USL, face uslFace) (USL, float64) {
	if !face[0] {
		u.Alpha = 0
	}
	if !face[1] {
		u.Beta = 0
	}
	u = p.project(u)
	now, damping := p.rss(u), 1e-3
	for range 300 {
		a, g := p.normal(u, face)
		step, ok := dampedStep(a, g, damping)
		next := USL{u.Alpha + step[0], u.Beta + step[1], u.Gamma + step[2]}
		r := math.Inf(1)
		if ok {
			r = p.rss(next)
		}
		if !(r <= now) {
			if damping *= 4; damping > 1e12 {
				break
			}
			continue
		}
		still := now-r <= 1e-15*now && small(step, u)
		u, now, damping = next, r, max(damping/10, 1e-15)
		if still {
			break
		}
	}
	return u, now
}

// small tells whether a step no longer matters to the parameters.
func small(step [3]float64, u USL) bool {
	at := [3]float64{u.Alpha, u.Beta, u.Gamma}
	for k, s := range step {
		if math.Abs(s) > 1e-10*math.Abs(at[k]) {
			return false
		}
	}
	return true
}

// dampedStep solves (A + damping diag A) step = g after scaling A's diagonal to
// 1, because Beta is orders of magnitude smaller than Gamma. A parameter whose
// row is all 0 is held fixed.
func dampedStep(a [3][3]float64, g [3]float64, damping float64) ([3]float64, bool) {
	scaled := mat.NewSymDense(3, nil)
	rhs, size := mat.NewVecDense(3, nil), [3]float64{}
	for k := range a {
		if size[k] = math.Sqrt(a[k][k]); size[k] == 0 {
			size[k] = 1
		}
	}
	for k := range a {
		rhs.SetVec(k, g[k]/size[k])
		for l := k + 1; l < 3; l++ {
			scaled.SetSym(k, l, a[k][l]/(size[k]*size[l]))
		}
		scaled.SetSym(k, k, 1+damping)
	}
	var chol mat.Cholesky
	var v mat.VecDense
	if !chol.Factorize(scaled) {
		return [3]float64{}, false
	}
	if err := chol.SolveVecTo(&v, rhs); err != nil {
		return [3]float64{}, false
	}
	return [3]float64{v.AtVec(0) / size[0], v.AtVec(1) / size[1], v.AtVec(2) / size[2]}, true
}

// standardErrors are sigma times the roots of the diagonal of the inverse of the
// full Gauss-Newton matrix at u; NaN when it has no inverse.
func (p uslProblem) standardErrors(u USL, sigma float64) [3]float64 {
	a, _ := p.normal(u, uslFace{true, true, true})
	var out [3]float64
	for k := range out {
		unit := [3]float64{}
		unit[k] = 1
		column, ok := dampedStep(a, unit, 0)
		if !ok {
			return [3]float64{math.NaN(), math.NaN(), math.NaN()}
		}
		out[k] = sigma * math.Sqrt(column[k])
	}
	return out
}
