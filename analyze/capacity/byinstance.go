package capacity

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sizewise/analyze/finding"
	"sizewise/analyze/stat"
)

// InstanceMinute is what one instance did by itself in a bucket. NaN means not
// published.
type InstanceMinute struct {
	ID                     string
	Start                  time.Time
	Seconds                float64
	Invocations, Errors5XX float64
	ModelMean              float64 // seconds
	CPU, GPU               float64 // busy cores and GPUs
}

func (m *InstanceMinute) busy(resource string) float64 {
	if resource == "gpu" {
		return m.GPU
	}
	return m.CPU
}

// byInstance fits a line to each instance alone, for the resource that fills up
// first, slowest first. It is empty where instances are not published.
func (a *analysis) byInstance() []finding.Instance {
	all := slices.Clone(a.in.ByInstance)
	slices.SortStableFunc(all, func(x, y InstanceMinute) int {
		return cmp.Or(cmp.Compare(x.ID, y.ID), x.Start.Compare(y.Start))
	})
	fleet := map[time.Time]float64{}
	ids := map[string]bool{}
	for i := range all {
		fleet[all[i].Start] += zeroIfNaN(all[i].Invocations)
		ids[all[i].ID] = true
	}
	var out []finding.Instance
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].ID == all[from].ID {
			to++
		}
		out = append(out, a.lineOf(all[from:to], fleet, len(ids)))
		from = to
	}
	setExcess(out)
	slices.SortStableFunc(out, func(x, y finding.Instance) int {
		return cmp.Or(cmp.Compare(lastIfUnknown(x.Capacity), lastIfUnknown(y.Capacity)), cmp.Compare(x.ID, y.ID))
	})
	return out
}

func lastIfUnknown(n finding.Number) float64 {
	if !n.Known() {
		return math.Inf(1)
	}
	return float64(n)
}

// lineOf is the line of one instance of so many. The more there are, the
// wider its interval, since the slowest of many is looked for.
func (a *analysis) lineOf(minutes []InstanceMinute, fleet map[time.Time]float64, of int) finding.Instance {
	none := finding.Missing()
	out := finding.Instance{
		ID: minutes[0].ID, Demand: none, DemandLo: none, DemandHi: none, Excess: none,
		Capacity: none, CapacityLo: none, CapacityHi: none,
	}
	var requests, errors, whole, seconds float64
	d := a.nearest()
	var x, y []float64
	for i := range minutes {
		m := &minutes[i]
		if !(m.Invocations > 0) {
			continue
		}
		requests, errors, whole = requests+m.Invocations, errors+zeroIfNaN(m.Errors5XX), whole+fleet[m.Start]
		seconds += zeroIfNaN(m.ModelMean) * m.Invocations
		if d == nil || a.deploy.from > 0 && m.Start.Before(a.minutes[a.deploy.from].Start) {
			continue
		}
		rate, busy := m.Invocations/m.Seconds, m.busy(d.name)
		if known(busy) && m.Invocations >= minRequests && ratio(m.Errors5XX, m.Invocations) < maxFitErrors && busy < busyFull*d.limit {
			x, y = append(x, rate), append(y, busy)
		}
	}
	out.Requests, out.N = finding.Number(requests), len(x)
	out.Share, out.Errors5XX, out.ModelMean = finding.Number(requests/whole), finding.Number(errors/requests), finding.Number(seconds/requests)
	if d == nil || d.concave || len(x) < minFitBuckets || slices.Max(x) < minRateRange*slices.Min(x) {
		return out
	}
	level := 1 - (1-confidence)/float64(of)
	part := demand{resource: d.resource, x: x, y: y, at: make([]float64, len(x))}
	slope := stat.Jackknife(len(x), jackknifeParts, level, func(index []int) float64 { return part.again(index).Slope })
	full := stat.Jackknife(len(x), jackknifeParts, level, func(index []int) float64 {
		l := part.again(index)
		return (d.limit - l.Intercept) / l.Slope
	})
	if !(slope.Lo > 0) || !known(full.Lo) || !known(full.Hi) || !(full.Lo > 0) {
		return out
	}
	out.Resource = d.name
	out.Demand, out.DemandLo, out.DemandHi = finding.Number(slope.Value), finding.Number(slope.Lo), finding.Number(slope.Hi)
	out.Capacity, out.CapacityLo, out.CapacityHi = finding.Number(full.Value), finding.Number(full.Lo), finding.Number(full.Hi)
	return out
}

// setExcess fills in how much more a request costs than on the median instance.
func setExcess(all []finding.Instance) {
	var demands []float64
	for i := range all {
		if all[i].Demand.Known() {
			demands = append(demands, float64(all[i].Demand))
		}
	}
	if middle := stat.Median(demands); middle > 0 {
		for i := range all {
			all[i].Excess = all[i].Demand/finding.Number(middle) - 1
		}
	}
}

// slowestApart is the slowest instance where it is surely slower than the average
// one, and how many have a line; nil otherwise.
func (a *analysis) slowestApart() (slowest *finding.Instance, lines int) {
	for i := range a.single {
		if a.single[i].Capacity.Known() {
			lines++
		}
	}
	d := a.nearest()
	if lines < 2 || d == nil || !(float64(a.single[0].CapacityHi) < d.capacity.Value) {
		return nil, lines
	}
	return &a.single[0], lines
}

// measuredHot is the hotness by the instances' own lines. ok is false where they
// do not tell the slowest one apart.
func (a *analysis) measuredHot() (h hotness, ok bool) {
	s, _ := a.slowestApart()
	if s == nil {
		return h, false
	}
	c := a.nearest().capacity.Value
	return hotness{
		excess: c/float64(s.Capacity) - 1, lo: c/float64(s.CapacityHi) - 1, hi: c/float64(s.CapacityLo) - 1,
		raw: 1 + float64(s.Excess), n: s.N,
	}, true
}

// instanceFinding names the slowest instance.
func (a *analysis) instanceFinding() []finding.Finding {
	s, lines := a.slowestApart()
	if s == nil {
		return nil
	}
	f := finding.Finding{
		Check: "hot_instance", Severity: finding.Info, Query: "instance_minutes",
		Title: sprintf("Instance %s is the slowest: a request takes %s more %s time there than on the median instance.", s.ID, percent(float64(s.Excess)), upper(s.Resource)),
		Evidence: []string{
			sprintf("It would be full at %s requests/s (%s to %s), by its own line through %d values.", figure(float64(s.Capacity)), figure(float64(s.CapacityLo)), figure(float64(s.CapacityHi)), s.N),
			sprintf("%d instances have a line of their own. The capacity answer is the slowest one's.", lines),
		},
	}
	if s.Excess > hotFinding-1 {
		f.Severity = finding.Warning
	}
	return []finding.Finding{f}
}
