package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestMSER(t *testing.T) {
	x := make([]float64, 40)
	for i := range x {
		x[i] = 10 + math.Sin(float64(i))
		if i < 8 {
			x[i] += 20 - 2*float64(i)
		}
	}
	if d := MSER(x); d < 6 || d > 12 {
		t.Errorf("dropped %d of a warm-up of 8", d)
	}
	if d := MSER(x[:9]); d != 0 {
		t.Errorf("dropped %d of 9 values", d)
	}
}

// MSER by its definition, one sum of squares per start.
func TestMSERDefinition(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 100), 10, 60).Draw(rt, "x")
		statistic := func(d int) float64 {
			m, ss := Mean(x[d:]), 0.0
			for _, v := range x[d:] {
				ss += sq(v - m)
			}
			return ss / sq(float64(len(x)-d))
		}
		least := math.Inf(1)
		for d := 0; d <= len(x)/2; d++ {
			least = min(least, statistic(d))
		}
		if got := statistic(MSER(x)); got > least+1e-9*(1+least) {
			rt.Fatalf("start %d has %v, the least is %v", MSER(x), got, least)
		}
	})
}

func TestMSERBatch(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	x := make([]float64, 200)
	for i := range x {
		x[i] = 10 + r.NormFloat64() + 30*math.Exp(-float64(i)/8)
	}
	if d := MSERBatch(x, 5); d%5 != 0 || d < 15 || d > 60 {
		t.Errorf("dropped %d of a warm-up of about 30", d)
	}
	if MSERBatch(x, 1) != MSER(x) {
		t.Error("batches of one are not MSER")
	}
	if MSERBatch(x[:49], 5) != 0 || MSERBatch(x, 0) != 0 || MSER(nil) != 0 {
		t.Error("dropped from too little")
	}
	if d := MSER(append([]float64{math.NaN(), math.NaN()}, x[:30]...)); d < 2 {
		t.Errorf("kept what is missing: %d", d)
	}
}
