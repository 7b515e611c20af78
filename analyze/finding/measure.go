package finding

import "time"

// Measure is one named number about a subject: what a report lists, what
// compare sets side by side and what nightly follows. Its name is stable from
// version to version and ends in the unit where the unit is not plain.
type Measure struct {
	Name     string    `json:"name"`             // for example gpu_idle_share
	Label    string    `json:"label"`            // for a table, for example "idle share of the GPUs"
	Better   Direction `json:"better,omitempty"` // "" when neither is
	Estimate Estimate  `json:"estimate"`
}

// Direction says which change of a number is one for the better.
type Direction string

// The directions.
const (
	Lower  Direction = "lower"
	Higher Direction = "higher"
)

// Phase is a stretch of a job's life, or a step of a pipeline: what it spent
// its time on.
type Phase struct {
	Name   string    `json:"name"`   // starting, downloading, training ...; of a pipeline the step
	Source string    `json:"source"` // describe, metrics or logs: what told its bounds
	Status string    `json:"status"` // as described; "" when nothing says
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`

	// Busy is, by resource (cpu, gpu, gpu_memory, memory, disk), the mean
	// utilization of one host while the phase lasted, 0 to 1. A resource that
	// nothing was published of is not in it.
	Busy map[string]Number `json:"busy"`
	Note string            `json:"note"` // one sentence, or ""
}

// Part is one of the like things that a subject is made of: a host of a job, a
// model of a multi-model endpoint, a copy of a component.
type Part struct {
	Kind     string    `json:"kind"` // host, model, copy, recommendation ...
	Name     string    `json:"name"`
	Measures []Measure `json:"measures"` // the same names for every part of a kind
}

// Chart is a figure over time that a kind of subject asks for. It is not part
// of findings.json: the lake holds the points.
type Chart struct {
	Name    string // of the file, without .png
	Title   string // heading of the section
	Axis    string // title of the y axis with its unit, for example "utilization, % of one host"
	Percent bool   // values are ratios, shown as percentages
	Lines   []ChartLine
	Limits  []ChartLimit
	Bands   []Phase // shaded stretches
	Read    string  // one sentence below the figure: what good and bad look like for this data
	Absent  string  // why there is no figure; then nothing is drawn
	Query   string  // named query with the points
}

// ChartLine is one series of a chart. Times ascend; a missing value is a gap.
type ChartLine struct {
	Name  string
	Heavy bool // the one that the sentence is about
	Times []time.Time
	Y     []float64
}

// ChartLimit is a horizontal line of a chart.
type ChartLimit struct {
	Name string
	Y    float64
}
