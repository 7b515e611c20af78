package capacity

import (
	"cmp"
	"slices"

	"sizewise/analyze/stat"
)

// weighed is one of several values that something may have, and how likely.
type weighed struct{ value, weight float64 }

// summary is the mean of all and the interval between their tails. The weights
// need not add up to 1.
func summary(all []weighed) stat.Interval {
	slices.SortStableFunc(all, func(x, y weighed) int { return cmp.Compare(x.value, y.value) })
	mean, total := 0.0, 0.0
	for _, x := range all {
		mean, total = mean+x.value*x.weight, total+x.weight
	}
	at := func(share float64) float64 {
		sum := 0.0
		for _, x := range all {
			if sum += x.weight; sum >= share*total {
				return x.value
			}
		}
		return all[len(all)-1].value
	}
	tail := (1 - confidence) / 2
	return stat.Interval{Value: mean / total, Lo: at(tail), Hi: at(1 - tail)}
}
