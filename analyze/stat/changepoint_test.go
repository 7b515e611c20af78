package stat

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestChangePointsFindsSteps(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		var x []float64
		for _, level := range []float64{1, 1.2, 1.35, 1.1, 2} {
			for range 5 {
				x = append(x, level+0.02*r.NormFloat64())
			}
		}
		got := ChangePoints(x, ChangeOptions{MinSegment: 3, MinShift: 0.05})
		if !slices.Equal(got, []int{5, 10, 15, 20}) {
			t.Errorf("seed %d: %v", seed, got)
		}
	}
}

// Noise alone must not look like steps: the magnitude floor sees to it.
func TestChangePointsNull(t *testing.T) {
	found := 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		x := make([]float64, 240)
		for i := range x {
			x[i] = 0.03 * r.NormFloat64()
		}
		found += len(ChangePoints(x, ChangeOptions{MinSegment: 3, MinShift: 0.05}))
	}
	if found > 5 {
		t.Errorf("%d change points in 50 series of noise", found)
	}
}

// The pruned search must agree with looking at every segmentation.
func TestPeltIsExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 10), 2, 30).Draw(rt, "x")
		minSeg := rapid.IntRange(1, 5).Draw(rt, "min")
		penalty := rapid.Float64Range(0.1, 20).Draw(rt, "penalty")
		if len(x) < 2*minSeg {
			return
		}
		got, want := segmentCost(x, pelt(x, minSeg, penalty), penalty), exhaustive(x, minSeg, penalty)
		if math.Abs(got-want) > 1e-6 {
			rt.Fatalf("cost %v, best is %v", got, want)
		}
	})
}

func segmentCost(x []float64, points []int, penalty float64) float64 {
	total, from := -penalty, 0
	for _, to := range append(slices.Clone(points), len(x)) {
		m := Mean(x[from:to])
		for _, v := range x[from:to] {
			total += (v - m) * (v - m)
		}
		total += penalty
		from = to
	}
	return total
}

func exhaustive(x []float64, minSeg int, penalty float64) float64 {
	best := make([]float64, len(x)+1)
	best[0] = -penalty
	for to := 1; to <= len(x); to++ {
		best[to] = math.Inf(1)
		for from := 0; to-from >= minSeg; from++ {
			if c := best[from] + segmentCost(x[from:to], nil, penalty) + penalty; c < best[to] {
				best[to] = c
			}
		}
	}
	return best[len(x)]
}

// Flow of the Nile at Aswan, 1871 to 1970 (Cobb 1978): the level fell in 1898,
// from 1097.75 to 849.97.
func nile() []float64 {
	return []float64{
		1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
		1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
		831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
		781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
		744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
	}
}

func TestChangePointsNile(t *testing.T) {
	x := nile()
	near(t, "mean before", Mean(x[:28]), 1097.75, 0.005)
	near(t, "mean after", Mean(x[28:]), 849.97, 0.005)
	if got := ChangePoints(x, ChangeOptions{MinSegment: 5}); !slices.Equal(got, []int{28}) {
		t.Errorf("ChangePoints = %v, want 28", got)
	}
	changes := EDivisive(x, QuietDivisive())
	if len(changes) != 1 || changes[0].Index != 28 {
		t.Fatalf("EDivisive = %+v, want 28", changes)
	}
	near(t, "before", changes[0].Before, 1097.75, 0.005)
	near(t, "after", changes[0].After, 849.97, 0.005)
}

// Noise that remembers must not look like steps once Phi says that it does.
func TestChangePointsAutocorrelated(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	plain, told := 0, 0
	for range 60 {
		x := autoregressive(r, 240, 0.6)
		plain += len(ChangePoints(x, ChangeOptions{MinSegment: 5}))
		told += len(ChangePoints(x, ChangeOptions{MinSegment: 5, Phi: 0.6, Sigma: 1 / math.Sqrt(1-0.36)}))
	}
	if told > 6 || plain < 10*told {
		t.Errorf("%d change points in 60 series, %d when not told of Phi", told, plain)
	}
}

func TestChangePointsMoveWithTheSeries(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		scale := rapid.SampledFrom([]float64{0.25, 2, 1024}).Draw(rt, "scale")
		var x, y []float64
		for i := range 60 {
			v := math.Round(64*(r.NormFloat64()+4*float64(i/20))) / 64
			x, y = append(x, v), append(y, scale*v)
		}
		a, b := ChangePoints(x, ChangeOptions{MinSegment: 3}), ChangePoints(y, ChangeOptions{MinSegment: 3})
		if !slices.Equal(a, b) {
			rt.Fatalf("%v, scaled %v", a, b)
		}
	})
	if got := ChangePoints([]float64{1, 1, math.NaN(), 9, 9}, ChangeOptions{}); got != nil {
		t.Errorf("with NaN: %v", got)
	}
}
