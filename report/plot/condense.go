package plot

import "sort"

// columnWidth is the width in points of the columns that dense series are
// condensed to.
const columnWidth = 2.5

// condense reduces a run of positions with ascending x to one per column: the
// middle one by height, with the least and the greatest as the edges of a band.
// A run that is not denser than the columns is returned as it is, without a band.
func condense(run []point, column float64) (line, upper, lower []point) {
	span := run[len(run)-1].x - run[0].x
	if float64(len(run)) <= 1.5*span/column {
		return run, nil, nil
	}
	for i := 0; i < len(run); {
		j := i
		for j < len(run) && run[j].x < run[i].x+column {
			j++
		}
		heights := make([]float64, 0, j-i)
		for _, q := range run[i:j] {
			heights = append(heights, q.y)
		}
		sort.Float64s(heights)
		x := (run[i].x + run[j-1].x) / 2
		line = append(line, point{x, heights[len(heights)/2]})
		upper = append(upper, point{x, heights[0]})
		lower = append(lower, point{x, heights[len(heights)-1]})
		i = j
	}
	return line, upper, lower
}

// widest keeps the highest bar of those that would fall on the same spot.
func widest(runs [][]point, width float64) []point {
	var out []point
	last := point{x: -1e9}
	for _, run := range runs {
		for _, q := range run {
			if width < 1 && q.x-last.x < 1.2 && len(out) > 0 {
				if q.y < out[len(out)-1].y {
					out[len(out)-1].y = q.y
				}
				continue
			}
			out, last = append(out, q), q
		}
	}
	return out
}

// Condensed reports whether a figure of n buckets shows columns of several
// buckets as a line and a band.
func Condensed(n int) bool {
	return float64(n) > 1.5*(pageWidth-marginLeft-marginRight)/columnWidth
}
