package capacity

import (
	"math"

	"sizewise/analyze/finding"
)

// trafficParts are the levels of the table of traffic, as parts of the peak.
func trafficParts() []float64 { return []float64{0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4} }

// traffic is how many instances parts and multiples of the peak need. It has no
// rows where the number for the peak itself rests on more than a rate per
// instance.
func (a *analysis) traffic(b budget, peak float64) []finding.Traffic {
	if !b.ok || !(peak > 0) || math.IsInf(peak, 1) {
		return nil
	}
	var out []finding.Traffic
	for _, part := range trafficParts() {
		level := part * peak
		if part != 1 {
			level = tidy(level)
		}
		if len(out) > 0 && finding.Number(level) <= out[len(out)-1].PeakRPS {
			continue
		}
		row := a.fleetFor(b, level)
		if i := a.answers.Instances; part == 1 && i.Status != finding.Unanswerable && i.Value != row.Instances {
			return nil
		}
		out = append(out, row)
	}
	return out
}

// fleetFor is the fleet that a peak needs, and how it would be loaded.
func (a *analysis) fleetFor(b budget, peak float64) finding.Traffic {
	load := a.load(peak)
	count := math.Max(1, math.Ceil(load/(b.rate*a.in.TargetUtilization)-1e-9))
	row := finding.Traffic{
		PeakRPS: finding.Number(peak), Instances: finding.Number(count),
		InstanceRPS: finding.Number(load / count), Load: finding.Number(load / count / b.rate), CostPerHour: finding.Missing(),
	}
	if a.in.Price.Known {
		row.CostPerHour = finding.Number(a.usd() * count)
	}
	return row
}

// tidy rounds down to two significant digits, which is as exactly as anybody
// knows another peak.
func tidy(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return rounded(math.Floor(v/unit+1e-9)*unit, 2)
}
