package stat

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Jackknife is the delete-block jackknife interval of a statistic of n ordered
// observations. estimate gets the indices to use and may return NaN when they
// do not suffice. The observations are cut into the given number of contiguous
// blocks, each left out in turn, so that neighbours that resemble each other
// leave together (Kuensch 1989). The interval uses Student's t with one degree
// of freedom less than there are blocks. Lo and Hi are NaN when fewer than
// three blocks give an estimate.
func Jackknife(n, blocks int, confidence float64, estimate func(index []int) float64) Interval {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	value := estimate(all)
	blocks = min(blocks, n)
	var left []float64
	for b := range blocks {
		lo, hi := b*n/blocks, (b+1)*n/blocks
		keep := slices.Concat(all[:lo], all[hi:])
		if e := estimate(keep); !math.IsNaN(e) {
			left = append(left, e)
		}
	}
	g := float64(len(left))
	if g < 3 {
		return Interval{Value: value, Lo: math.NaN(), Hi: math.NaN()}
	}
	se := math.Sqrt((g - 1) * (g - 1) / g * Variance(left))
	h := TQuantile(0.5+confidence/2, g-1) * se
	return Interval{Value: value, Lo: value - h, Hi: value + h}
}

// BatchMeans is the interval of the mean of a stationary series from the means
// of non-overlapping batches: their spread already holds whatever
// autocorrelation is shorter than a batch. Lo and Hi are NaN below two batches.
func BatchMeans(x []float64, batches int, confidence float64) Interval {
	batches = min(batches, len(x))
	mean := Mean(x)
	if batches < 2 {
		return Interval{Value: mean, Lo: math.NaN(), Hi: math.NaN()}
	}
	means := make([]float64, batches)
	for b := range batches {
		means[b] = Mean(x[b*len(x)/batches : (b+1)*len(x)/batches])
	}
	g := float64(batches)
	h := TQuantile(0.5+confidence/2, g-1) * math.Sqrt(Variance(means)/g)
	return Interval{Value: mean, Lo: mean - h, Hi: mean + h}
}

// Bootstrap is the percentile interval of a statistic over repeated draws.
// draw gets a generator made from seed and returns one replicate; replicates
// that are NaN are left out. Value is NaN: the caller has it from the data
// itself. Lo and Hi are NaN when fewer than half of the draws succeed.
func Bootstrap(draws int, seed uint64, confidence float64, draw func(r *rand.Rand) float64) Interval {
	r := rand.New(rand.NewPCG(seed, 0x5151))
	var got []float64
	for range draws {
		if v := draw(r); !math.IsNaN(v) {
			got = append(got, v)
		}
	}
	out := Interval{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN()}
	if len(got) == 0 || len(got) < draws/2 {
		return out
	}
	slices.Sort(got)
	out.Lo = sortedQuantile(got, (1-confidence)/2)
	out.Hi = sortedQuantile(got, (1+confidence)/2)
	return out
}

// Resample draws len(x) values from x with replacement.
func Resample(r *rand.Rand, x []float64) []float64 {
	out := make([]float64, len(x))
	for i := range out {
		out[i] = x[r.IntN(len(x))]
	}
	return out
}

// ResampleBlocks draws len(x) values from x as contiguous blocks that start
// anywhere, so that what neighbours share stays in the replicate (moving block
// bootstrap, Kuensch 1989). On short series its intervals are still too narrow:
// prefer [BatchMeans] or [Jackknife] there. A block is at least 1 and at most
// len(x) long.
func ResampleBlocks(r *rand.Rand, x []float64, block int) []float64 {
	out := make([]float64, 0, len(x))
	block = max(1, min(block, len(x)))
	for len(out) < len(x) {
		at := r.IntN(len(x) - block + 1)
		out = append(out, x[at:at+min(block, len(x)-len(out))]...)
	}
	return out
}
