package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The fifteen p-values of the example in Benjamini and Hochberg 1995, section
// 3.2: four are rejected at 5 %.
func TestBenjaminiHochbergExample(t *testing.T) {
	p := []float64{
		.4262, .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .5719, .6528, .7590, 1,
	}
	q := BenjaminiHochberg(p)
	rejected := 0
	for _, v := range q {
		if v <= 0.05 {
			rejected++
		}
	}
	if rejected != 4 {
		t.Errorf("%d rejected, want 4", rejected)
	}
	near(t, "q of the fourth", q[4], .0095*15/4, 1e-12)
	near(t, "q of the fifth", q[5], .0201*15/5, 1e-12)
	near(t, "q of the seventh", q[7], .0298*15/7, 1e-12)
	harmonic := 0.0
	for i := 1; i <= 15; i++ {
		harmonic += 1 / float64(i)
	}
	near(t, "Yekutieli", BenjaminiYekutieli(p)[4], .0095*15/4*harmonic, 1e-12)
}

// Each q-value by its definition: the least of p(j) n / j over ranks j at or
// above its own.
func TestStepUpDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 12).Draw(rt, "p")
		q := BenjaminiHochberg(p)
		sorted := slices.Sorted(slices.Values(p))
		for i, v := range p {
			want := 1.0
			for j, w := range sorted {
				if w >= v {
					want = min(want, w*float64(len(p))/float64(j+1))
				}
			}
			if math.Abs(q[i]-want) > 1e-12 {
				rt.Fatalf("q of %v in %v is %v, want %v", v, p, q[i], want)
			}
		}
	})
}

func TestFalseDiscoverySkipsNaN(t *testing.T) {
	q := BenjaminiHochberg([]float64{.01, math.NaN(), .02})
	near(t, "first", q[0], .02, 1e-15)
	near(t, "third", q[2], .02, 1e-15)
	if !math.IsNaN(q[1]) || len(BenjaminiYekutieli(nil)) != 0 {
		t.Error("NaN counted as a test")
	}
}

// Of 40 tests, 30 are null: the expected share of false rejections stays at 5 %
// times the share of nulls.
func TestFalseDiscoveryRate(t *testing.T) {
	const runs = 2000
	r := rand.New(rand.NewPCG(4, 4))
	share := 0.0
	for range runs {
		p := make([]float64, 40)
		for i := range p {
			if p[i] = r.Float64(); i >= 30 {
				p[i] = math.Pow(p[i], 8) / 100
			}
		}
		false30, all := 0.0, 0.0
		for i, q := range BenjaminiHochberg(p) {
			if q <= 0.05 {
				all++
				if i < 30 {
					false30++
				}
			}
		}
		share += false30 / max(1, all) / runs
	}
	near(t, "false discovery rate", share, 0.05*30/40, 0.006)
}
