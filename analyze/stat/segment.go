package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Bend is a continuous line of two pieces, with the test against one piece.
type Bend struct {
	At            float64 // x where the pieces meet
	Before, After float64 // slopes
	F, P          float64 // F statistic with 2 and n-4 degrees of freedom, and its tail probability
}

// Segmented fits y by two lines that meet at one of the inner values of x, and
// tests them against a single line. The place of the bend is counted as a
// parameter, which makes P approximate: ask for 0.01 rather than 0.05. ok is
// false below six points or four distinct x.
func Segmented(x, y []float64) (Bend, bool) {
	one, ok := OLS(x, y)
	knots := slices.Clone(x)
	slices.Sort(knots)
	knots = slices.Compact(knots)
	if !ok || len(x) < 6 || len(knots) < 4 {
		return Bend{}, false
	}
	best, bestRSS := Bend{}, math.Inf(1)
	for _, k := range knots[1 : len(knots)-1] {
		b, rss, ok := bendAt(x, y, k)
		if ok && rss < bestRSS {
			best, bestRSS = b, rss
		}
	}
	if math.IsInf(bestRSS, 1) {
		return Bend{}, false
	}
	df := float64(len(x) - 4)
	oneRSS := one.Sigma * one.Sigma * float64(len(x)-2)
	best.F = (oneRSS - bestRSS) / 2 / (bestRSS / df)
	switch {
	case bestRSS == 0 && oneRSS == 0:
		best.F, best.P = 0, 1
	case bestRSS == 0:
		best.P = 0
	default:
		best.P = 1 - distuv.F{D1: 2, D2: df}.CDF(max(0, best.F))
	}
	return best, true
}

// bendAt fits intercept, slope and change of slope at knot by QR.
func bendAt(x, y []float64, knot float64) (Bend, float64, bool) {
	n := len(x)
	a := mat.NewDense(n, 3, nil)
	for i, v := range x {
		a.SetRow(i, []float64{1, v, max(0, v-knot)})
	}
	var beta mat.VecDense
	if err := beta.SolveVec(a, mat.NewVecDense(n, slices.Clone(y))); err != nil {
		return Bend{}, 0, false
	}
	rss := 0.0
	for i, v := range x {
		rss += sq(y[i] - beta.AtVec(0) - beta.AtVec(1)*v - beta.AtVec(2)*max(0, v-knot))
	}
	return Bend{At: knot, Before: beta.AtVec(1), After: beta.AtVec(1) + beta.AtVec(2)}, rss, true
}
