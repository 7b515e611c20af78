package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestSegmented(t *testing.T) {
	var x, y, straight []float64
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 20 {
		v := float64(i)
		x = append(x, v)
		y = append(y, 1+0.1*v+2*math.Max(0, v-12)+0.01*r.NormFloat64())
		straight = append(straight, 1+0.1*v+0.01*r.NormFloat64())
	}
	b, ok := Segmented(x, y)
	if !ok || b.At != 12 || b.P > 1e-6 {
		t.Errorf("bend %+v, want one at 12", b)
	}
	near(t, "before", b.Before, 0.1, 0.01)
	near(t, "after", b.After, 2.1, 0.01)
	if b, ok := Segmented(x, straight); ok && b.P < 0.01 {
		t.Errorf("a straight line bends: %+v", b)
	}
}

// The tail of F has a closed form for 2 numerator degrees of freedom:
// (1 + 2F/d)^(-d/2).
func TestFTail(t *testing.T) {
	f, d := 3.5, 16.0
	near(t, "tail", 1-distuv.F{D1: 2, D2: d}.CDF(f), math.Pow(1+2*f/d, -d/2), 1e-12)
}

// A straight line must seldom look bent at the level of 1 % that decides.
func TestSegmentedNull(t *testing.T) {
	const runs = 1000
	r := rand.New(rand.NewPCG(41, 1))
	bent := 0
	for range runs {
		x, y := make([]float64, 12), make([]float64, 12)
		for i := range x {
			x[i] = float64(i)
			y[i] = 3 + 0.5*x[i] + r.NormFloat64()
		}
		if b, ok := Segmented(x, y); ok && b.P < 0.01 {
			bent++
		}
	}
	t.Logf("%.4f of straight lines bend", float64(bent)/runs)
	if rate := float64(bent) / runs; rate > 0.03 {
		t.Errorf("%.4f of straight lines bend", rate)
	}
}
