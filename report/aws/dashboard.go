package aws

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sizewise/analyze/finding"
)

type body struct {
	Start          string   `json:"start"`
	PeriodOverride string   `json:"periodOverride"`
	Widgets        []widget `json:"widgets"`
}

type widget struct {
	Type       string `json:"type"`
	X          int    `json:"x"`
	Y          int    `json:"y"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Properties any    `json:"properties"`
}

type textProperties struct {
	Markdown string `json:"markdown"`
}

type logProperties struct {
	Query     string `json:"query"`
	Region    string `json:"region"`
	AccountID string `json:"accountId,omitempty"`
	Title     string `json:"title"`
	View      string `json:"view"`
}

type metricProperties struct {
	Title       string       `json:"title"`
	View        string       `json:"view"`
	Stacked     bool         `json:"stacked"`
	Region      string       `json:"region"`
	Period      int          `json:"period"`
	Metrics     [][]any      `json:"metrics"`
	Annotations *annotations `json:"annotations,omitempty"`
	YAxis       yAxes        `json:"yAxis"`
}

type annotations struct {
	Horizontal []annotation `json:"horizontal"`
}

type annotation struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

type yAxes struct {
	Left yAxis `json:"left"`
}

type yAxis struct {
	Min       float64 `json:"min"`
	Label     string  `json:"label"`
	ShowUnits bool    `json:"showUnits"`
}

// render is the metric object at the end of a metric's array.
type render struct {
	ID         string `json:"id,omitempty"`
	Stat       string `json:"stat,omitempty"`
	Label      string `json:"label,omitempty"`
	Expression string `json:"expression,omitempty"`
	Visible    *bool  `json:"visible,omitempty"`
	AccountID  string `json:"accountId,omitempty"`
}

const (
	invocations = "AWS/SageMaker"
	utilization = "/aws/sagemaker/Endpoints"

	half   = 12 // of the 24 columns
	height = 6
	top    = 4 // height of the text
)

// Dashboard is the body of a CloudWatch dashboard, as PutDashboard takes it: what
// the report shows of an endpoint, with the limits of the analysis drawn in. The
// alarms give their thresholds to the widgets that show what they watch.
func Dashboard(set finding.Set, alarms []finding.Alarm, o Options) ([]byte, error) {
	d := &dashboard{set: set, alarms: alarms, o: o}
	d.metric("Requests, a minute", "requests", []series{
		{metric: "Invocations", stat: "Sum", label: "whole fleet"},
	}, nil)
	d.metric("Requests per instance, a minute", "requests", []series{
		{metric: "InvocationsPerInstance", stat: "Sum", label: "per instance"},
	}, d.loadLimits())
	d.metric("Model latency, microseconds", "microseconds", []series{
		{metric: "ModelLatency", stat: "p50"}, {metric: "ModelLatency", stat: "p90"}, {metric: "ModelLatency", stat: "p99"},
	}, d.thresholds("ModelLatency"))
	d.metric("Overhead latency, microseconds", "microseconds", []series{
		{metric: "OverheadLatency", stat: "Average"}, {metric: "OverheadLatency", stat: "p99"},
	}, nil)
	d.metric("Failed requests, percent", "percent", errorSeries(), d.thresholds("Errors"))
	for _, r := range d.resources() {
		d.metric(r.title, "percent", []series{
			{namespace: utilization, metric: r.metric, stat: "Average", label: "mean of the instances"},
			{namespace: utilization, metric: r.metric, stat: "Maximum", label: "the busiest"},
		}, append(d.thresholds(r.metric), r.full...))
	}
	d.logs()
	return encode(body{Start: "-PT3H", PeriodOverride: "inherit", Widgets: append([]widget{d.text()}, d.widgets...)})
}

type dashboard struct {
	set     finding.Set
	alarms  []finding.Alarm
	o       Options
	widgets []widget
}

// series is one line of a widget.
type series struct {
	namespace, metric, stat, label, id, expression string
	hidden                                         bool
}

func errorSeries() []series {
	return []series{
		{expression: "100 * FILL(e4, 0) / n", label: "4xx", id: "r4"},
		{expression: "100 * FILL(e5, 0) / n", label: "5xx", id: "r5"},
		{metric: "Invocations", stat: "Sum", id: "n", hidden: true},
		{metric: "Invocation4XXErrors", stat: "Sum", id: "e4", hidden: true},
		{metric: "Invocation5XXErrors", stat: "Sum", id: "e5", hidden: true},
	}
}

// place is where the next widget of half the width goes.
func (d *dashboard) place() (x, y int) {
	n := len(d.widgets)
	return n % 2 * half, top + n/2*height
}

func (d *dashboard) metric(title, unit string, lines []series, limits []annotation) {
	x, y := d.place()
	p := metricProperties{Title: title, View: "timeSeries", Region: d.o.Region, Period: d.set.Tested.PeriodS, YAxis: yAxes{yAxis{Label: unit}}}
	for _, s := range lines {
		p.Metrics = append(p.Metrics, d.line(s))
	}
	if len(limits) > 0 {
		p.Annotations = &annotations{limits}
	}
	d.widgets = append(d.widgets, widget{"metric", x, y, half, height, p})
}

func (d *dashboard) line(s series) []any {
	r := render{ID: s.id, Stat: s.stat, Label: s.label, Expression: s.expression}
	if s.expression != "" {
		return []any{r}
	}
	if s.label == "" {
		r.Label = s.stat
	}
	if s.hidden {
		r.Visible = new(bool)
	}
	r.AccountID = d.o.Account
	namespace := s.namespace
	if namespace == "" {
		namespace = invocations
	}
	return []any{namespace, s.metric, "EndpointName", d.set.Tested.Endpoint, "VariantName", d.set.Tested.Variant, r}
}

// thresholds are those of the alarms about a metric, or of the error ratios.
func (d *dashboard) thresholds(metric string) []annotation {
	var out []annotation
	for i := range d.alarms {
		a := &d.alarms[i]
		last := a.Queries[len(a.Queries)-1]
		if last.Metric == metric || metric == "Errors" && last.Expression != "" {
			out = append(out, annotation{plain("alarm "+a.Key, maxLabel), a.Threshold})
		}
	}
	return out
}

// loadLimits are what an instance is planned for and what it can take.
func (d *dashboard) loadLimits() []annotation {
	a := &d.set.Answers
	var out []annotation
	for _, l := range []struct {
		label string
		value finding.Number
	}{
		{"autoscaling target", a.AutoscalingTarget.Value},
		{"least rate within the SLO", a.SLORate.Lo * 60},
		{"least capacity", a.Capacity.Lo * 60},
	} {
		if l.value.Known() && l.value > 0 {
			out = append(out, annotation{l.label, math.Round(float64(l.value))})
		}
	}
	return out
}

type shown struct {
	title, metric string
	full          []annotation
}

// resources are the utilizations that were published.
func (d *dashboard) resources() []shown {
	var out []shown
	cores, gpus := float64(d.set.Tested.VCPU), float64(d.set.Tested.GPUs)
	for _, r := range []struct {
		shown
		all   float64
		value func(*finding.Minute) float64
	}{
		{shown{title: "CPU of an instance, percent of one core", metric: "CPUUtilization"}, 100 * cores, func(m *finding.Minute) float64 { return m.CPU }},
		{shown{title: "GPU of an instance, percent of one GPU", metric: "GPUUtilization"}, 100 * gpus, func(m *finding.Minute) float64 { return m.GPU }},
		{shown{title: "GPU memory, percent of one GPU's", metric: "GPUMemoryUtilization"}, 100 * gpus, func(m *finding.Minute) float64 { return m.GPUMemory }},
		{shown{title: "Memory, percent", metric: "MemoryUtilization"}, 100, func(m *finding.Minute) float64 { return m.Memory }},
		{shown{title: "Disk, percent", metric: "DiskUtilization"}, 100, func(m *finding.Minute) float64 { return m.Disk }},
	} {
		if !d.published(r.value) {
			continue
		}
		if r.all > 0 {
			r.full = []annotation{{"all of it", r.all}}
		}
		out = append(out, r.shown)
	}
	return out
}

func (d *dashboard) published(value func(*finding.Minute) float64) bool {
	seen := func(m finding.Minute) bool { return !math.IsNaN(value(&m)) }
	return slices.ContainsFunc(d.set.Minutes, seen) || slices.ContainsFunc(d.o.Coarse, seen)
}

// logs shows the last lines that print an error, across the whole width.
func (d *dashboard) logs() {
	_, y := d.place()
	if len(d.widgets)%2 == 1 {
		y += height
	}
	group := strings.NewReplacer("'", "", `\`, "").Replace(plain("/aws/sagemaker/Endpoints/"+d.set.Tested.Endpoint, 512))
	d.widgets = append(d.widgets, widget{"log", 0, y, 2 * half, height, logProperties{
		Query: "SOURCE '" + group + "' | fields @timestamp, @logStream, @message\n" +
			"| filter @message like /ERROR|FATAL|Exception|Traceback/\n| sort @timestamp desc\n| limit 100",
		Region: d.o.Region, AccountID: d.o.Account, Title: "Lines that print an error", View: "table",
	}})
}

// text is the verdict and the answers in words.
func (d *dashboard) text() widget {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s / %s\n\n", markdown(d.set.Tested.Endpoint, maxLabel), markdown(d.set.Tested.Variant, maxLabel))
	fmt.Fprintf(&b, "%s\n\n", markdown(d.set.Verdict.Summary, maxDescription))
	fmt.Fprintf(&b, "From sizewise over %s to %s UTC. Lines are the limits of that analysis.\n",
		d.set.Window.Start.UTC().Format("2006-01-02 15:04"), d.set.Window.End.UTC().Format("2006-01-02 15:04"))
	return widget{"text", 0, 0, 2 * half, top, textProperties{b.String()}}
}
