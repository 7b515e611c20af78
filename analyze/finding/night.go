package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Night is what nightly found: what changed in the last day of every subject,
// against the nights before.
type Night struct {
	Format   int            `json:"format"`
	Tool     string         `json:"tool"`
	Window   Window         `json:"window"` // the day that was judged
	Subjects []NightSubject `json:"subjects"`
	// Gaps are what could not be asked, a sentence each: more may be missing than
	// Subjects tell of.
	Gaps    []string     `json:"gaps,omitempty"`
	Options NightOptions `json:"options"`
}

// NightOptions is what a night was judged by.
type NightOptions struct {
	Nights    int    `json:"nights"`     // compared with, at most
	MinNights int    `json:"min_nights"` // and at least
	MinRuns   int    `json:"min_runs"`   // earlier runs that a run of a job or a pipeline is compared with, at least
	Rate      Number `json:"rate"`       // false discoveries among the changes of a night
	Floor     Number `json:"floor"`      // relative changes below it do not matter
}

// NightStatus is one word about a subject's night.
type NightStatus string

// The statuses. New: too few nights to compare with yet. Incomplete: data was
// asked for and did not come. Absent: the lake has nothing of the day.
const (
	NightQuiet      NightStatus = "quiet"
	NightChanged    NightStatus = "changed"
	NightNew        NightStatus = "new"
	NightIncomplete NightStatus = "incomplete"
	NightAbsent     NightStatus = "absent"
)

// NightSubject is one subject's night. Changes are the weightiest first.
type NightSubject struct {
	Subject string      `json:"subject"` // kind/name, with the variant where there are several
	Account string      `json:"account,omitempty"`
	Region  string      `json:"region,omitempty"`
	Status  NightStatus `json:"status"`
	Why     string      `json:"why,omitempty"` // of a status that is not quiet or changed
	Since   time.Time   `json:"since"`         // changes from here on are told: the night's start, or that of data that came late
	Hours   int         `json:"hours"`         // of the night, with data
	Nights  int         `json:"nights"`        // before it, with data
	Changes []Change    `json:"changes"`
	Run     *NightRun   `json:"run,omitempty"` // of a job or a pipeline, whose runs are compared with each other

	Verdict Verdict `json:"verdict"`        // of the subject's own report; the zero value without one
	Page    string  `json:"page,omitempty"` // its directory, beside the index
}

// NightRun is what a job or the executions of a pipeline are compared with.
type NightRun struct {
	Family   string    `json:"family"` // kind/name of what they are runs of
	Rule     string    `json:"rule"`   // by which they are
	Status   string    `json:"status"` // of the job, as described; "" of a pipeline
	Ended    time.Time `json:"ended,omitzero"`
	Compared int       `json:"compared"` // earlier runs
}

// Change is one thing that is not as it was.
type Change struct {
	Metric string     `json:"metric"` // stable name, for example latency_p99
	Label  string     `json:"label"`  // for a reader
	Kind   ChangeKind `json:"kind"`
	Worse  bool       `json:"worse"`  // for whoever uses the endpoint or pays for it
	Better bool       `json:"better"` // neither: that is for the reader to say
	Title  string     `json:"title"`  // one sentence, plain text

	From    time.Time `json:"from"`           // first hour
	Until   time.Time `json:"until,omitzero"` // end of what passed; zero: it lasts to the end of the night
	Lasting bool      `json:"lasting"`

	Before   Number `json:"before"`
	After    Number `json:"after"`
	Unit     string `json:"unit"`
	Effect   Number `json:"effect"` // relative where Relative, else After less Before
	Lo       Number `json:"lo"`     // 95 % interval of Effect; missing for facts
	Hi       Number `json:"hi"`
	Relative bool   `json:"relative"`
	Q        Number `json:"q"`        // false discovery rate at which it would just be told; missing for facts
	N        int    `json:"n"`        // hours that differ, or lines
	Compared int    `json:"compared"` // hours that they are compared with, or lines
	Example  string `json:"example,omitempty"`
	Query    string `json:"query"` // named query with the numbers
}

// ChangeKind is what kind of thing changed.
type ChangeKind string

// The kinds of change.
const (
	ChangeLevel   ChangeKind = "level"   // of a metric
	ChangeFact    ChangeKind = "fact"    // what SageMaker says, or is counted exactly
	ChangeMessage ChangeKind = "message" // in the logs
	ChangeSilence ChangeKind = "silence" // nothing was published
	ChangeFailure ChangeKind = "failure" // a run failed
)

// EncodeNight writes n as night.json, laid out as [Encode] does.
func EncodeNight(w io.Writer, n Night) error {
	n.Subjects = list(slices.Clone(n.Subjects))
	for i := range n.Subjects {
		n.Subjects[i].Changes = list(n.Subjects[i].Changes)
		n.Subjects[i].Verdict.Reasons = list(n.Subjects[i].Verdict.Reasons)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(n); err != nil {
		return fmt.Errorf("encoding the night: %w", err)
	}
	if _, err := w.Write(unescaped(b.Bytes())); err != nil {
		return fmt.Errorf("writing the night: %w", err)
	}
	return nil
}
