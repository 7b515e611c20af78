// Package dossier is what the lake holds of one subject that is no endpoint
// with instances, as plain data: its series, the facts that Describe told and
// its log messages. Package analyze fills one through named queries; the
// packages that judge a kind read it and nothing else.
package dossier

import (
	"strings"
	"time"

	"sizewise/analyze/capacity"
	"sizewise/analyze/finding"
	"sizewise/analyze/price"
)

// Dossier is the evidence about one subject in one window.
type Dossier struct {
	Kind, Name string // as on the command line
	Window     finding.Window
	Series     []Series // by namespace, metric, dimension set and dimensions
	Facts      Facts
	Messages   []Message // by time
	Lines      int64     // log lines in all, those of access logs left out

	// MaxAge is what the SLO allows the oldest request of a queue, seconds; 0 where
	// it says nothing.
	MaxAge float64

	Types   *capacity.InstanceTable // what instance types have
	Prices  *price.Book             // of instances; nil when none were given
	Today   time.Time               // how old the prices are is reckoned from here
	Account string                  // "" unknown
	Region  string                  // "" unknown
}

// Subject is kind/name.
func (d *Dossier) Subject() string { return d.Kind + "/" + d.Name }

// Series is one metric under one set of dimensions at one period.
type Series struct {
	Namespace, Metric, Unit string
	DimSet                  string // sorted names, joined by commas
	Dims                    string // with values, as text
	Endpoint, Variant       string // of the dimensions; "" without
	Component, Host         string
	InstanceID              string
	Period                  time.Duration
	Points                  []Point // by time
}

// Same reports whether both are one series.
func (s *Series) Same(o *Series) bool {
	return s.Namespace == o.Namespace && s.Metric == o.Metric && s.Unit == o.Unit && s.Dims == o.Dims && s.Period == o.Period
}

// Point is one period. What was not fetched is NaN.
type Point struct {
	Time                time.Time
	Count, Sum, Average float64
	Minimum, Maximum    float64
	P50, P90, P99       float64
	Provisional         bool
}

// Fact is one attribute as it was last described.
type Fact struct {
	Kind, Name, Attribute string // for example training_job, my-job, instance_type
	Value                 string
	AsOf                  time.Time
	Account, Region       string
}

// Facts are sorted by kind, name and attribute.
type Facts []Fact

// Text is the value of an attribute of the first thing of a kind that has it,
// "" when nothing says.
func (f Facts) Text(kind, attribute string) string {
	for i := range f {
		if f[i].Kind == kind && f[i].Attribute == attribute {
			return f[i].Value
		}
	}
	return ""
}

// Of is the value of an attribute of one named thing.
func (f Facts) Of(kind, name, attribute string) string {
	for i := range f {
		if f[i].Kind == kind && f[i].Name == name && f[i].Attribute == attribute {
			return f[i].Value
		}
	}
	return ""
}

// Names are the things of a kind, sorted.
func (f Facts) Names(kind string) []string {
	var out []string
	for i := range f {
		if f[i].Kind == kind && (len(out) == 0 || out[len(out)-1] != f[i].Name) {
			out = append(out, f[i].Name)
		}
	}
	return out
}

// Message is how often one masked message came in one minute of one stream.
type Message struct {
	Minute      time.Time
	Group       string
	Stream      string
	Level       string // "" when the lines print none
	Skeleton    string
	Exception   string // "" for none
	Lines       int64
	First, Last time.Time
	Example     string // the first line, as logged
}

// Result is what a judge of a kind says.
type Result struct {
	Verdict  finding.Verdict
	Measures []finding.Measure
	Phases   []finding.Phase
	Parts    []finding.Part
	Charts   []finding.Chart
	Findings []finding.Finding
	Notes    []string // about the data, for its section
}

// Dimension is the value of one dimension in the text of all; "" when it is not
// there.
func Dimension(dims, name string) string {
	_, rest, ok := strings.Cut(dims, name+"=")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, ",}"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
