package capacity

import "sizewise/analyze/stat"

// markUsable sets Usable on the buckets that may enter the fit: a steady
// instance count, no errors that cost no work, enough requests, not the first
// of a step, not saturated.
func (a *analysis) markUsable() {
	for _, s := range a.steps {
		if s.saturated {
			continue
		}
		for _, i := range s.all {
			b := &a.buckets[i]
			a.minutes[i].Usable = b.stable && !b.restart && !b.trimmed && b.loss-a.baseLoss < maxFitErrors &&
				a.minutes[i].Invocations >= minRequests && known(b.served)
		}
	}
	if a.spread == 1 && a.fitCount() < minFitBuckets {
		a.takeTrimmed()
	}
	a.dropWarmup()
}

// takeTrimmed lets the minutes into the fit in which the rate changed, where a
// test is so short that they are many: what was busy on average still belongs
// to what was served on average.
func (a *analysis) takeTrimmed() {
	for _, s := range a.steps {
		if s.saturated {
			continue
		}
		for _, i := range s.all {
			b := &a.buckets[i]
			a.minutes[i].Usable = a.minutes[i].Usable || (b.stable && !b.restart && b.loss-a.baseLoss < maxFitErrors &&
				a.minutes[i].Invocations >= minRequests && known(b.served))
		}
	}
}

// times are the buckets' times, from 0 for the first to 1 for the last.
func (a *analysis) times(index []int) []float64 {
	out := make([]float64, len(index))
	if len(index) < 2 {
		return out
	}
	first := a.minutes[index[0]].Start
	span := a.minutes[index[len(index)-1]].Start.Sub(first).Seconds()
	for j, i := range index {
		out[j] = a.minutes[i].Start.Sub(first).Seconds() / span
	}
	return out
}

// fitPoints are the usable buckets in which r was published. Where one value
// covers several buckets, they make one point, if all of them are sound.
func (a *analysis) fitPoints(r resource) (index []int, x, y []float64) {
	if a.spread > 1 {
		return a.spreadPoints(r)
	}
	index, x, y = a.beforeDeploy(r)
	for i := range a.minutes {
		if m := &a.minutes[i]; m.Usable && known(r.avg(m)) {
			index = append(index, i)
			x = append(x, a.buckets[i].served)
			y = append(y, r.avg(m))
		}
	}
	return index, x, y
}

func (a *analysis) spreadPoints(r resource) (index []int, x, y []float64) {
	for i := range a.in.Minutes {
		if !known(r.avg(&a.in.Minutes[i])) || i+a.spread > len(a.minutes) {
			continue
		}
		var served []float64
		for j := i; j < i+a.spread; j++ {
			b := &a.buckets[j]
			inStep := a.minutes[j].Step > 0 && !a.steps[a.minutes[j].Step-1].saturated
			if inStep && b.stable && !b.restart && b.loss-a.baseLoss < maxFitErrors && known(b.served) {
				served = append(served, b.served)
			}
		}
		if len(served) == a.spread {
			index, x, y = append(index, i), append(x, stat.Mean(served)), append(y, r.avg(&a.minutes[i]))
		}
	}
	return index, x, y
}
