package compare

import (
	"fmt"
	"math"
	"slices"

	"sizewise/analyze/finding"
)

// fleets is how many instances of each run's kind the levels of traffic need,
// which are those of the run that lists most. A run keeps the growth and the
// target utilization that it was analyzed with.
func fleets(runs []*run) []finding.FleetChoice {
	var levels []float64
	for _, r := range runs {
		for _, t := range r.set.Traffic {
			levels = append(levels, float64(t.PeakRPS))
		}
		if len(levels) > 0 {
			break
		}
	}
	slices.Sort(levels)
	out := make([]finding.FleetChoice, 0, len(levels))
	for _, peak := range slices.Compact(levels) {
		f := finding.FleetChoice{PeakRPS: finding.Number(peak)}
		for _, r := range runs {
			f.Options = append(f.Options, r.fleet(peak))
		}
		f.Best, f.WhyBest = best(f.Options, runs)
		out = append(out, f)
	}
	return out
}

// fleet is the run's instances for a peak by the formula of its own analysis.
func (r *run) fleet(peak float64) finding.FleetCell {
	rate, why := r.usable()
	if !(rate > 0) {
		return finding.FleetCell{Instances: finding.Missing(), CostPerHour: finding.Missing(), Why: why}
	}
	o := r.set.Options
	n := math.Max(1, math.Ceil(peak*(1+float64(o.Growth))/(rate*float64(o.TargetUtilization))-1e-9))
	cell := finding.FleetCell{Instances: finding.Number(n), CostPerHour: finding.Missing()}
	if p := r.set.Price; p != nil && p.USDPerHour.Known() {
		cell.CostPerHour = finding.Number(n) * p.USDPerHour
	}
	return cell
}

// best is the least cost where every run that can carry the traffic has a price,
// and else, among runs of one instance type, the fewest instances. Instances of
// different types are not counted against each other.
func best(cells []finding.FleetCell, runs []*run) (label, why string) {
	var able []int
	priced, types := true, map[string]bool{}
	for i := range cells {
		if !cells[i].Instances.Known() {
			continue
		}
		able = append(able, i)
		priced = priced && cells[i].CostPerHour.Known()
		types[runs[i].set.Tested.InstanceType] = true
	}
	of := func(i int) finding.Number { return cells[i].CostPerHour }
	word := "least cost"
	switch {
	case len(able) == 0:
		return "", "no run carries it"
	case !priced && len(types) > 1:
		return "", "types differ and their prices are not known"
	case !priced:
		of, word = func(i int) finding.Number { return cells[i].Instances }, "fewest instances"
	}
	least := slices.MinFunc(able, func(a, b int) int {
		switch {
		case of(a) < of(b):
			return -1
		case of(a) > of(b):
			return 1
		}
		return 0
	})
	ties := 0
	for _, i := range able {
		if of(i) == of(least) {
			ties++
		}
	}
	if ties > 1 {
		return runs[least].label, fmt.Sprintf("%s, shared by %d", word, ties)
	}
	return runs[least].label, word
}
