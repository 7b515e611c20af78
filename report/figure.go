package report

import (
	"io"
	"math"
	"time"

	"sizewise/analyze/finding"
	"sizewise/report/plot"
)

// painter draws a figure.
type painter interface{ WritePNG(io.Writer) error }

// figure is one picture of the report with its caption, or the sentence that
// stands where it would be.
type figure struct {
	File    string  // name of the PNG, beside the report
	Alt     string  // what it shows, for those who cannot see it
	Caption string  // how to read it for this data
	Absent  string  // why there is none; then nothing is drawn
	Paint   painter // nil when Absent
}

// Drawn reports whether there is a picture.
func (f figure) Drawn() bool { return f.Paint != nil }

// figureNames are the files of all figures, drawn or not.
func figureNames() []string {
	return []string{"load.png", "latency.png", "utilization.png", "capacity.png", "shape.png", "breakdown.png", "errors.png", "sizing.png", typesFile}
}

// figures are all pictures by file name.
func (s *scribe) figures() map[string]figure {
	out := s.chartFigures()
	if f, ok := s.recommendationFigure(); ok {
		out[f.File] = f
	}
	if !s.set.HasAnswers() {
		return out
	}
	for _, f := range []figure{s.loadFigure(), s.latencyFigure(), s.utilizationFigure(), s.capacityFigure(), s.shapeFigure(), s.breakdownFigure(), s.errorsFigure(), s.sizingFigure(), s.typesFigure()} {
		if f.Absent != "" {
			f.Paint = nil
		}
		out[f.File] = f
	}
	return out
}

// maxShaded is how many load steps a figure over time can shade: more would be a
// grey blur.
const maxShaded = 120

// frame is the time axis of the minutes.
func (s *scribe) frame() plot.Frame {
	f := plot.Frame{Start: s.set.Window.Start, End: s.set.Window.End, Zone: s.zone, Bucket: time.Minute}
	for i := range s.set.Minutes {
		m := &s.set.Minutes[i]
		if i == 0 && m.Seconds > 0 {
			f.Bucket = time.Duration(m.Seconds * float64(time.Second))
		}
		f.Times = append(f.Times, m.Start)
	}
	if n := len(f.Times); n > 0 {
		if f.Start.IsZero() || f.Times[0].Before(f.Start) {
			f.Start = f.Times[0]
		}
		if end := f.Times[n-1].Add(f.Bucket); f.End.Before(end) {
			f.End = end
		}
	}
	if len(s.set.Steps) > maxShaded {
		return f
	}
	for _, st := range s.set.Steps {
		f.Steps = append(f.Steps, plot.Step{Number: st.N, Start: st.Start, End: st.End})
	}
	return f
}

// drawable reports whether there is a time axis with any bucket on it.
func (s *scribe) drawable() bool {
	f := s.frame()
	return len(f.Times) > 0 && f.End.After(f.Start)
}

const noMinutes = "There is no figure here: the analysis holds no data by minute."

func (s *scribe) loadFigure() figure {
	f := figure{File: "load.png", Alt: "Offered and served requests per second over time, with load steps and instances", Caption: s.loadCaption()}
	frame := s.frame()
	offered := s.series((*finding.Minute).Offered)
	switch {
	case !s.drawable():
		f.Absent = noMinutes
		return f
	case !anyKnown(offered):
		f.Absent = "There is no figure of the load: no invocations were published in this window."
		return f
	}
	if w := s.set.Answers.Capacity.Window; w != nil && s.set.Answers.Capacity.Status == finding.Measured && s.set.Answers.Capacity.Value.Known() {
		frame.Answer = plot.Span{Start: w.Start, End: w.End, Label: "capacity read here"}
	}
	f.Paint = plot.Load{
		Frame: frame, Offered: offered,
		Served:    s.series((*finding.Minute).Served),
		Instances: s.series(func(m *finding.Minute) float64 { return m.Instances }),
		Limits:    s.loadLimits(),
	}
	return f
}

// loadLimits are the rates that the live instances hold together.
func (s *scribe) loadLimits() []plot.Track {
	var out []plot.Track
	add := func(name string, e finding.Estimate, kind, bound plot.TrackKind) {
		if e.Status == finding.Unanswerable || !e.Value.Known() || e.Value <= 0 {
			return
		}
		if e.Status == finding.AtLeast {
			name += " at least"
			kind = bound
		}
		if k := s.steadyInstances(); known(k) {
			name += " " + plain(k*float64(e.Value)) + "/s"
		}
		out = append(out, plot.Track{Name: name, Kind: kind, Y: s.series(func(m *finding.Minute) float64 { return m.Instances * float64(e.Value) })})
	}
	add("capacity", s.set.Answers.Capacity, plot.Ceiling, plot.CeilingBound)
	add("within SLO", s.set.Answers.SLORate, plot.Objective, plot.ObjectiveBound)
	return out
}

// steadyInstances is the number of instances where it never changed; else NaN.
func (s *scribe) steadyInstances() float64 {
	ks := s.series(func(m *finding.Minute) float64 { return m.Instances })
	if k := greatest(ks); k == least(ks) {
		return k
	}
	return math.NaN()
}

func (s *scribe) latencyFigure() figure {
	f := figure{File: "latency.png", Alt: "Latency quantiles over time with the SLO", Caption: s.latencyCaption()}
	if !s.drawable() {
		f.Absent = noMinutes
		return f
	}
	p := plot.Latency{Frame: s.frame()}
	any := false
	for _, m := range s.latencyLines() {
		ys := s.series(m.of)
		any = any || anyKnown(ys)
		p.Lines = append(p.Lines, plot.Line{Name: m.name, Y: ys})
	}
	if !any {
		f.Absent = "There is no figure of latency: no percentiles of ModelLatency were published in this window."
		return f
	}
	if m, limit, ok := s.limits.latency(); ok {
		p.Limits = append(p.Limits, plot.Limit{Name: "SLO: " + m.name + " " + seconds(limit), Y: limit})
	}
	f.Paint = p
	return f
}

// latencyLines are the quantiles that are drawn: p50, p90 and p99, or the
// statistic of the SLO in the place of the nearest.
func (s *scribe) latencyLines() []latencyMetric {
	all := map[string]latencyMetric{}
	for _, m := range latencyMetrics() {
		all[m.name] = m
	}
	names := []string{"p50", "p90", "p99"}
	if m, _, ok := s.limits.latency(); ok {
		switch m.name {
		case "p95":
			names[1] = "p95"
		case "mean":
			names[0] = "mean"
		case "max":
			names[2] = "max"
		}
	}
	out := make([]latencyMetric, 0, len(names))
	for _, n := range names {
		out = append(out, all[n])
	}
	return out
}

func (s *scribe) utilizationFigure() figure {
	f := figure{File: "utilization.png", Alt: "Utilization of each resource over time", Caption: s.utilizationCaption()}
	if !s.drawable() {
		f.Absent = noMinutes
		return f
	}
	p := plot.Utilization{Frame: s.frame(), Limits: []plot.Limit{{Name: "limit 100 %", Y: 1}}}
	if t := s.set.Options.TargetUtilization; known(t) && t > 0 && t < 1 {
		p.Limits = append(p.Limits, plot.Limit{Name: "target " + percent(t), Soft: true, Y: float64(t)})
	}
	limiting := s.set.Answers.Bottleneck.Value
	for _, r := range resources() {
		ys := s.ratios(r, r.busy)
		if !anyKnown(ys) {
			continue
		}
		heavy := r.name == limiting
		if hot := s.ratios(r, r.hot); heavy && apart(ys, hot) && !plot.Condensed(len(ys)) {
			p.Resources = append(p.Resources, plot.Resource{Name: resourceName(r.name) + ", busiest instance", Kind: r.kind, Y: hot, Thin: true})
		}
		p.Resources = append(p.Resources, plot.Resource{Name: resourceName(r.name), Kind: r.kind, Y: ys, Heavy: heavy})
	}
	if len(p.Resources) == 0 {
		f.Absent = "There is no figure of utilization: " + s.whyNoUtilization()
		return f
	}
	f.Paint = p
	return f
}

// whyNoUtilization says whether the metrics or only their limits are missing.
func (s *scribe) whyNoUtilization() string {
	if s.anyUtilization() {
		return "it was published, but how many vCPUs and GPUs an instance has is not known (" + code("--instance-type") + " tells)."
	}
	return "no CPU, GPU, memory or disk utilization was published in this window."
}

// apart reports whether the busiest instance differs visibly from the mean.
func apart(mean, hot []float64) bool {
	for i := range mean {
		if hot[i]-mean[i] > 0.02 {
			return true
		}
	}
	return false
}

func (s *scribe) breakdownFigure() figure {
	f := figure{File: "breakdown.png", Alt: "Mean model time and overhead by load step, with p99", Caption: s.breakdownCaption()}
	if !has(s.set.Steps, modelOf) {
		f.Absent = "There is no figure of where the time goes: no load step has a mean model latency."
		return f
	}
	p := plot.Breakdown{Levels: len(s.set.Steps) > manySteps}
	add := func(st finding.Step, rate string) {
		p.Steps = append(p.Steps, plot.StepTime{
			Number: st.N, Rate: rate, Model: float64(st.ModelMean), Overhead: float64(st.Overhead), P99: float64(st.P99),
		})
	}
	if p.Levels {
		for i, l := range s.levels() {
			if st := s.merged(l, i+1); st.ModelMean.Known() {
				add(st, l.rates())
			}
		}
	} else {
		decimals := columnDecimals(values(s.set.Steps, offeredOf))
		for _, st := range s.set.Steps {
			add(st, rateCell(st.OfferedRPS, decimals))
		}
	}
	if m, limit, ok := s.limits.latency(); ok {
		p.Limits = append(p.Limits, plot.Limit{Name: "SLO: " + m.name + " " + seconds(limit), Y: limit})
	}
	f.Paint = p
	return f
}

// rateCell writes a rate below a bar as the step table does; nothing where it is
// not known.
func rateCell(n finding.Number, decimals int) string {
	if !n.Known() {
		return ""
	}
	return fixed(n, decimals)
}

func (s *scribe) sizingFigure() figure {
	f := figure{File: "sizing.png", Alt: "Instances needed against peak traffic", Caption: s.sizingCaption()}
	g, ok := s.ground()
	if !ok || !s.consistent(g) {
		f.Absent = "There is no figure of instances against traffic, for the same reason."
		return f
	}
	e := s.set.Answers.Instances
	p := plot.Sizing{
		PerInstance: g.perInstance(), Ceiling: g.each, Growth: g.growth,
		Current: float64(e.Current), Recommended: math.NaN(), Peak: float64(s.set.Options.PeakRPS),
	}
	if !e.Current.Known() && s.set.Tested.InstancesLast > 0 {
		p.Current = float64(s.set.Tested.InstancesLast)
	}
	if e.Status != finding.Unanswerable {
		p.Recommended = float64(e.Value)
	}
	f.Paint = p
	return f
}
