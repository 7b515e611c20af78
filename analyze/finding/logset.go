package finding

import "time"

// Logs summarises the container's log.
type Logs struct {
	Lines      int64            `json:"lines"`
	Levels     map[string]int64 `json:"levels"` // DEBUG .. FATAL, "" for lines that print none
	Templates  []LogTemplate    `json:"templates"`
	Exceptions []LogException   `json:"exceptions"`

	Explanations []LogExplanation `json:"explanations"`       // by metric, the best first
	Baseline     *LogBaseline     `json:"baseline,omitempty"` // nil: none was asked for
	Access       []AccessLatency  `json:"access,omitempty"`   // by load step, where access lines tell durations
}

// Relation is how far a message goes with a metric. Precedence is not cause:
// even an explanation is a place to look first.
type Relation string

// The relations.
const (
	Explains   Relation = "explains"    // significant after correction, raised together three times or more
	CoOccurred Relation = "co-occurred" // together, but too seldom to tell from chance
)

// LogExplanation is a message, or an exception type, that was raised together
// with errors or latency.
type LogExplanation struct {
	Metric    string    `json:"metric"`   // 5xx, 4xx or p99 latency
	Template  string    `json:"template"` // masked message, or exception type
	Exception bool      `json:"exception"`
	Level     string    `json:"level,omitempty"`
	Relation  Relation  `json:"relation"`
	LagS      int       `json:"lag_s"`      // by which the message precedes the metric, seconds
	R         Number    `json:"r"`          // correlation of the whitened series at that lag
	P         Number    `json:"p"`          // corrected for lags, messages and metrics
	Episodes  int       `json:"episodes"`   // times that both were raised together
	Covered   Number    `json:"covered"`    // share of what the metric had above its median while raised
	Since     time.Time `json:"since"`      // start of the first of those episodes of the metric
	First     time.Time `json:"first_seen"` // first line
	Lines     int64     `json:"lines"`
	Streams   int       `json:"streams"`         // log streams, one per instance, that printed it
	OfStreams int       `json:"of_streams"`      // that printed anything
	Where     []string  `json:"where,omitempty"` // the first three of Streams, by name
	LoadRPS   Number    `json:"load_rps"`        // requests/s of the whole fleet when it was first seen
	Before    Number    `json:"lines_before"`    // in the baseline; null without one
	Query     string    `json:"query"`           // named query that has the series
}

// LogTemplate is a masked message with how often it came, by load step.
type LogTemplate struct {
	Template string    `json:"template"`
	Level    string    `json:"level,omitempty"`
	Lines    int64     `json:"lines"`
	ByStep   []int64   `json:"by_step"` // same length as Set.Steps
	First    time.Time `json:"first_seen"`
	Last     time.Time `json:"last_seen"`
	Example  string    `json:"example"` // one unmasked line, secrets removed

	Streams   int    `json:"streams"`         // log streams, one per instance, that printed it
	OfStreams int    `json:"of_streams"`      // that printed anything
	Query     string `json:"query,omitempty"` // named query that has the rows
}

// LogException is a kind of failure: exceptions of one type, masked message and
// innermost frame of the application.
type LogException struct {
	Type      string    `json:"type"`
	Message   string    `json:"message,omitempty"` // with variables masked
	Frame     string    `json:"frame,omitempty"`   // innermost call of the application, file:function; "" without a stack trace
	Cause     string    `json:"cause,omitempty"`   // exception type that it followed from
	Lines     int64     `json:"lines"`             // how often it was thrown
	ByStep    []int64   `json:"by_step"`           // same length as Set.Steps
	Streams   int       `json:"streams"`           // log streams, one per instance, that printed it
	OfStreams int       `json:"of_streams"`        // that printed anything
	First     time.Time `json:"first_seen"`
	Last      time.Time `json:"last_seen"`
	Example   string    `json:"example,omitempty"` // one unmasked line, secrets removed
	Query     string    `json:"query,omitempty"`   // named query that has the rows
}

// LogChange is a message that a window has and its baseline has not, or not as
// often.
type LogChange struct {
	Template string        `json:"template"`
	Level    string        `json:"level,omitempty"`
	Kind     LogChangeKind `json:"kind"`
	Before   int64         `json:"lines_before"`
	After    int64         `json:"lines_after"`
	Ratio    Number        `json:"ratio"`    // of the rates; null when one of them is zero
	Lo       Number        `json:"ratio_lo"` // 95 % interval
	Hi       Number        `json:"ratio_hi"` // null when the baseline has none
	Q        Number        `json:"q"`        // that the rates are equal, corrected for all messages
	First    time.Time     `json:"first_seen"`
	Last     time.Time     `json:"last_seen"`
	Streams  int           `json:"streams"` // log streams of both windows that printed it
	Example  string        `json:"example"` // one unmasked line, secrets removed
	Query    string        `json:"query"`   // named query that has the rows
}

// LogChangeKind is what became of a message since the baseline.
type LogChangeKind string

// The kinds of change.
const (
	LogNew     LogChangeKind = "new"     // not in the baseline at all
	LogGone    LogChangeKind = "gone"    // in the baseline alone
	LogLouder  LogChangeKind = "louder"  // at least twice as often
	LogQuieter LogChangeKind = "quieter" // at most half as often
)

// LogBaseline compares the window's messages with those of an earlier window.
type LogBaseline struct {
	Window  Window      `json:"window"`
	Lines   int64       `json:"lines"`            // log events in it
	Per     string      `json:"per"`              // what rates are per: requests, or seconds where those are unknown
	Before  Number      `json:"amount_before"`    // of those in the baseline
	After   Number      `json:"amount_after"`     // and in the window
	Same    int         `json:"same"`             // messages of both that changed no more than chance
	Rare    int         `json:"rare"`             // of one of them alone, too few lines to tell from chance
	Changes []LogChange `json:"changes"`          // the surest first
	Unsure  []LogChange `json:"unsure,omitempty"` // those of Rare that name a failure and are new, at most three
	Why     string      `json:"why,omitempty"`    // why there is no comparison
}
