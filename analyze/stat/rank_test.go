package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Permeability of the human chorioamnion, Hollander and Wolfe 1973 p. 69, the
// example of R's wilcox.test: W = 35, p = 0.1272 one-sided.
func TestMannWhitneyPublished(t *testing.T) {
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	r, ok := MannWhitney(x, y)
	if !ok || !r.Exact {
		t.Fatalf("%+v", r)
	}
	near(t, "U", r.U, 35, 0)
	near(t, "p", r.P, 2*0.1272, 1e-4)
	near(t, "shift", r.Shift, 0.305, 1e-9)
	near(t, "superiority", r.Superiority, 0.7, 1e-12)
}

// Samples that do not overlap have the two extreme choices of all.
func TestMannWhitneySeparated(t *testing.T) {
	r, _ := MannWhitney([]float64{1, 2, 3, 4}, []float64{5, 6, 7, 8, 9})
	near(t, "p", r.P, 2.0/126, 1e-15)
	near(t, "U", r.U, 0, 0)
	same, _ := MannWhitney([]float64{1, 1, 1}, []float64{1, 1})
	near(t, "all tied", same.P, 1, 0)
}

// The exact P against looking at every choice, with ties.
func TestMannWhitneyExactByEnumeration(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.SliceOfN(rapid.IntRange(0, 5), 2, 10).Draw(rt, "values")
		n := rapid.IntRange(1, len(v)-1).Draw(rt, "n")
		all := make([]float64, len(v))
		for i, k := range v {
			all[i] = float64(k)
		}
		got, _ := MannWhitney(all[:n], all[n:])
		far, choices := 0, 0
		centre := float64(n*(len(v)-n)) / 2
		for mask := range 1 << len(v) {
			var x, y []float64
			for i, f := range all {
				if mask>>i&1 == 1 {
					x = append(x, f)
				} else {
					y = append(y, f)
				}
			}
			if len(x) != n {
				continue
			}
			choices++
			if math.Abs(pairsAbove(x, y)-centre) >= math.Abs(got.U-centre) {
				far++
			}
		}
		if math.Abs(got.P-float64(far)/float64(choices)) > 1e-12 {
			rt.Fatalf("P %v, enumeration %d/%d", got.P, far, choices)
		}
	})
}

func pairsAbove(x, y []float64) float64 {
	u := 0.0
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				u++
			case a == b:
				u += 0.5
			}
		}
	}
	return u
}

func TestMannWhitneyInvariance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := rapid.SliceOfN(rapid.Float64Range(0.1, 100), 1, 40)
		x, y := draw.Draw(rt, "x"), draw.Draw(rt, "y")
		a, _ := MannWhitney(x, y)
		if b, _ := MannWhitney(y, x); math.Abs(a.P-b.P) > 1e-12 || math.Abs(a.Shift+b.Shift) > 1e-9 {
			rt.Fatalf("swapped: %+v and %+v", a, b)
		}
		r := rand.New(rand.NewPCG(1, 1))
		u, v := slices.Clone(x), slices.Clone(y)
		r.Shuffle(len(u), func(i, j int) { u[i], u[j] = u[j], u[i] })
		for i := range u {
			u[i] = math.Cbrt(u[i])
		}
		for i := range v {
			v[i] = math.Cbrt(v[i])
		}
		if b, _ := MannWhitney(u, v); a.P != b.P || a.U != b.U {
			rt.Fatalf("shuffled and rescaled: %+v and %+v", a, b)
		}
	})
}

// Under the null P must not be small more often than it says, on either side of
// the switch from exact to normal.
func TestMannWhitneyNull(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for _, n := range []int{8, 19, 22, 60} {
		const runs = 1000
		below := 0
		for range runs {
			x, y := make([]float64, n), make([]float64, n)
			for i := range x {
				x[i], y[i] = math.Round(5*r.NormFloat64()), math.Round(5*r.NormFloat64())
			}
			if out, _ := MannWhitney(x, y); out.P <= 0.05 {
				below++
			}
		}
		if rate := float64(below) / runs; rate < 0.025 || rate > 0.065 {
			t.Errorf("n %d: %.4f of null tests below .05", n, rate)
		}
	}
}

func TestMannWhitneyRefuses(t *testing.T) {
	for _, d := range [][2][]float64{{nil, {1}}, {{1}, nil}, {{math.NaN()}, {1}}} {
		if r, ok := MannWhitney(d[0], d[1]); ok {
			t.Errorf("%v: %+v", d, r)
		}
	}
	if r, ok := MannWhitney([]float64{math.Inf(1)}, []float64{1, math.Inf(-1)}); !ok || r.U != 2 {
		t.Errorf("infinities have ranks: %+v", r)
	}
}
