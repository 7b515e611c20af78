package capacity

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSkewOfEqualInstances holds the moments of the gap against those of two
// normal values, a folded normal, and of the largest of four (Harter 1961).
func TestSkewOfEqualInstances(t *testing.T) {
	for _, tt := range []struct {
		instances, reads int
		mean, sd         float64
	}{
		{2, 1, 1 / math.Sqrt(math.Pi), math.Sqrt((1 - 2/math.Pi) / 2)},
		{4, 1, 1.0294, math.NaN()},
		{2, 2, 1.0294, math.NaN()},
		{8, 1, 1.4236, math.NaN()},
	} {
		s := skews(tt.instances, tt.reads)[0]
		for _, noise := range []float64{.01, .05, .2} {
			mean, sd := s.at(noise)
			if math.Abs(mean/noise/tt.mean-1) > .1 {
				t.Errorf("%d instances read %d times: gap of %.3f noises, want %.3f", tt.instances, tt.reads, mean/noise, tt.mean)
			}
			if !math.IsNaN(tt.sd) && math.Abs(sd/noise/tt.sd-1) > .12 {
				t.Errorf("%d instances: the gap scatters by %.3f noises, want %.3f", tt.instances, sd/noise, tt.sd)
			}
		}
	}
}

// TestExcess draws fleets whose excess is known, with readings as noisy as CPU
// time of random requests makes them.
func TestExcess(t *testing.T) {
	for _, tt := range []struct {
		name             string
		instances, reads int
		spread           float64 // of the instances' cost
		within           float64 // of the estimate's distance, in nine of ten fleets
		covered          int     // of 30 fleets, at least
	}{
		{"equal, two", 2, 1, 0, .02, 26},
		{"equal, twenty", 20, 1, 0, .02, 26},
		{"apart, two", 2, 1, .15, .035, 26},
		{"apart, four", 4, 1, .15, .035, 26},
		{"apart, four, read every ten seconds", 4, 6, .15, .04, 26},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			covered, off := 0, 0
			for seed := range uint64(30) {
				r := rand.New(rand.NewPCG(seed, 5))
				gaps, excess := drawGaps(r, tt.instances, tt.reads, tt.spread)
				e := excessOf(gaps, tt.instances, tt.reads)
				if e.Lo <= excess && excess <= e.Hi {
					covered++
				}
				if math.Abs(e.Value-excess) > tt.within {
					off++
				}
			}
			if covered < tt.covered || off > 3 {
				t.Errorf("the excess lies in %d of 30 intervals, %d needed; %d estimates are off by more than %g", covered, tt.covered, off, tt.within)
			}
		})
	}
}

// drawGaps are forty minutes of instances whose costs are apart by the spread at
// most: requests come at random, their work scatters by half, and sensors are off
// by 2 %.
func drawGaps(r *rand.Rand, instances, reads int, spread float64) ([]gap, float64) {
	cost, sum := make([]float64, instances), 0.0
	for j := range cost {
		cost[j] = 1 + spread*(2*r.Float64()-1)
		sum += cost[j]
	}
	slowest := 0.0
	for j := range cost {
		cost[j] *= float64(instances) / sum
		slowest = max(slowest, cost[j]-1)
	}
	var gaps []gap
	for i := range 40 {
		requests := (600 + 50*float64(i)) / float64(reads)
		top, total := 0.0, 0.0
		for j := range instances * reads {
			n := requests + math.Sqrt(requests)*r.NormFloat64()
			work := cost[j%instances] * (n + .5*math.Sqrt(n)*r.NormFloat64()) / requests
			read := work * (1 + .02*r.NormFloat64())
			top, total = max(top, read), total+read
		}
		average := total / float64(instances*reads)
		gaps = append(gaps, gap{value: (top - average) / average, seen: requests, sensor: 1})
	}
	return gaps, slowest
}

func BenchmarkExcess(b *testing.B) {
	gaps, _ := drawGaps(rand.New(rand.NewPCG(1, 5)), 4, 1, .1)
	b.ReportAllocs()
	for b.Loop() {
		excessOf(gaps, 4, 1)
	}
}
