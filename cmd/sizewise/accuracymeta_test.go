package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
)

// transformed is a change of the data that leaves the service what it was.
type transformed struct {
	name    string
	exactly bool // the capacity must not move at all, else by less than its interval
	change  func(v *verdictOfTrial, minutes []finding.Minute) []finding.Minute
}

func transformations() []transformed {
	return []transformed{
		{"requests and instances doubled", false, func(_ *verdictOfTrial, minutes []finding.Minute) []finding.Minute {
			for i := range minutes {
				m := &minutes[i]
				for _, x := range []*float64{&m.Invocations, &m.Errors4XX, &m.Errors5XX, &m.ModelErrors, &m.ModelCount, &m.Reporting, &m.Samples} {
					*x *= 2
				}
			}
			return minutes
		}},
		{"time shifted by 1,000 hours and 7 s", true, func(_ *verdictOfTrial, minutes []finding.Minute) []finding.Minute {
			for i := range minutes {
				minutes[i].Start = minutes[i].Start.Add(1000*time.Hour + 7*time.Second)
			}
			return minutes
		}},
		{"minutes permuted inside the plateaus", false, func(v *verdictOfTrial, minutes []finding.Minute) []finding.Minute {
			r := rand.New(rand.NewPCG(v.Trial.Seed, 81))
			for _, s := range v.result.Steps {
				var index []int
				for i, m := range v.result.Minutes {
					if m.Step == s.N {
						index = append(index, i)
					}
				}
				if len(index) < 4 {
					continue
				}
				index = index[1 : len(index)-1] // the ends are left out of a step as they are
				r.Shuffle(len(index), func(i, j int) {
					a, b := &minutes[index[i]], &minutes[index[j]]
					a.Start, b.Start = b.Start, a.Start
					*a, *b = *b, *a
				})
			}
			return minutes
		}},
		{"one minute in twenty dropped", false, func(v *verdictOfTrial, minutes []finding.Minute) []finding.Minute {
			r := rand.New(rand.NewPCG(v.Trial.Seed, 82))
			return slices.DeleteFunc(minutes, func(finding.Minute) bool { return r.Float64() < .05 })
		}},
	}
}

// metamorphicRows transform the plain load tests that were answered and say how
// far their capacity moved.
func metamorphicRows(all []verdictOfTrial) []methodRow {
	var plain []*verdictOfTrial
	for i := range all {
		if v := &all[i]; v.Trial.Set == "easy" && answered(v.result.Answers.Capacity) {
			plain = append(plain, v)
		}
	}
	if len(plain) == 0 {
		return nil
	}
	var out []methodRow
	for _, x := range transformations() {
		worst, lost, moved := 0.0, 0, 0
		for _, v := range plain {
			before, after := v.result.Answers.Capacity, v.again(x.change).Answers.Capacity
			if !answered(after) {
				lost++
				continue
			}
			by := math.Abs(float64(after.Value - before.Value))
			share := by / math.Max(float64(before.Hi-before.Value), float64(before.Value-before.Lo))
			worst = math.Max(worst, share)
			if x.exactly && by > 1e-9*float64(before.Value) || by > float64(before.Hi-before.Lo) {
				moved++
			}
		}
		need := "less than the interval"
		if x.exactly {
			need = "not at all"
		}
		out = append(out, methodRow{
			"F: " + x.name, need, fmt.Sprintf("%.2f half widths at worst, %d moved further, %d no longer answered", worst, moved, lost), len(plain), moved == 0 && lost == 0,
		})
	}
	return append(out, backgroundRow(plain))
}

// again analyzes the trial's changed data.
func (v *verdictOfTrial) again(change func(v *verdictOfTrial, minutes []finding.Minute) []finding.Minute) capacity.Result {
	return capacity.Analyze(capacity.Input{Minutes: change(v, slices.Clone(v.Minutes)), Tested: v.Trial.asTested(), Workers: v.Trial.Workers})
}

// backgroundRow adds a constant background to the processors of tests that are
// extrapolated from them: the capacity of the average instance moves by -U0/D.
func backgroundRow(plain []*verdictOfTrial) methodRow {
	worst, n := 0.0, 0
	for _, v := range plain {
		same := func(_ *verdictOfTrial, minutes []finding.Minute) []finding.Minute { return minutes }
		before := v.again(same)
		c := before.Answers.Capacity
		if c.Status != finding.Extrapolated || c.Method != "utilization_law" || before.Curve.Resource != "cpu" {
			continue
		}
		u0 := .05 * float64(v.Trial.Config.Fleet.VCPU)
		after := v.again(func(_ *verdictOfTrial, minutes []finding.Minute) []finding.Minute {
			for i := range minutes {
				minutes[i].CPU, minutes[i].CPUHot = minutes[i].CPU+u0, minutes[i].CPUHot+u0
			}
			return minutes
		})
		if after.Answers.Capacity.Method != c.Method || after.Usable != before.Usable {
			continue // with the background the last minutes are full and leave the line
		}
		average := func(r capacity.Result) float64 {
			return (float64(r.Curve.Limit) - float64(r.Curve.Intercept)) / float64(r.Curve.Slope)
		}
		want := -u0 / float64(before.Curve.Slope)
		worst, n = math.Max(worst, math.Abs((average(after)-average(before))/want-1)), n+1
	}
	return methodRow{"F: constant background added: the capacity moves by -U0/D", "exactly", fmt.Sprintf("%.0e off at worst", worst), n, worst <= 1e-9}
}
