package stat

// Isotonic is the non-decreasing sequence nearest to y in weighted least
// squares, by pooling adjacent violators (Ayer et al. 1955). weight nil means
// equal weights. nil when the lengths differ. O(n).
func Isotonic(y, weight []float64) []float64 {
	type pool struct {
		mean, weight float64
		n            int
	}
	if weight != nil && len(weight) != len(y) {
		return nil
	}
	var pools []pool
	for i, v := range y {
		p := pool{mean: v, weight: 1, n: 1}
		if weight != nil {
			p.weight = weight[i]
		}
		for len(pools) > 0 && pools[len(pools)-1].mean > p.mean {
			q := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			w := q.weight + p.weight
			mean := (q.mean + p.mean) / 2
			if w > 0 {
				mean = (q.mean*q.weight + p.mean*p.weight) / w
			}
			p = pool{mean: mean, weight: w, n: q.n + p.n}
		}
		pools = append(pools, p)
	}
	out := make([]float64, 0, len(y))
	for _, p := range pools {
		for range p.n {
			out = append(out, p.mean)
		}
	}
	return out
}
