package lake

import "time"

// Dim is one dimension of a metric.
type Dim struct{ Name, Value string }

// Series is the identity of one metric series: what its points share.
type Series struct {
	Account   string // 12 digits, "" unknown
	Region    string
	Subject   string // kind/name, without variant
	Namespace string
	Metric    string
	Unit      string // as published, for example Microseconds
	PeriodS   int32  // seconds between points
	Dims      []Dim  // sorted by name
}

// Stat indexes Point.Stats: the statistics that have columns of their own.
type Stat int

// The statistics with columns, in column order.
const (
	SampleCount Stat = iota
	Sum
	Average
	Minimum
	Maximum
	P50
	P90
	P95
	P99
	P999
	NumStats
)

// Point is one timestamp of one series. Missing statistics are NaN.
type Point struct {
	TS          int64              // microseconds since the epoch, start of the period
	Stats       [NumStats]float64  // by Stat
	Other       map[string]float64 // statistics without a column, for example "tm90"; usually nil
	Provisional bool               // younger than the settle time when fetched
}

// SeriesPoints is a series with its points, in any order.
type SeriesPoints struct {
	Series Series
	Points []Point
}

// Log is one log event, parsed and masked. Pointers and empty strings: an empty
// string is stored as null in every column but Message.
type Log struct {
	TS         int64 // microseconds since the epoch
	IngestedAt int64 // microseconds, 0 unknown
	Account    string
	Region     string
	Subject    string
	LogGroup   string
	LogStream  string
	EventID    string // CloudWatch's 56 digits, or one made from the content when the source has none
	Seq        int64  // order within the source among equal timestamps
	Message    string // as logged, secrets masked
	Level      string // innermost level: DEBUG, INFO, WARN, ERROR, FATAL or ""
	Logger     string
	Thread     string
	Skeleton   string // message with variables masked, see ingest/logline
	Exception  string // exception type on the event that names it
	RequestID  string
	Parser     string // which format matched
}

// Resource is one fact that a Describe call said, as of when it last changed. Facts
// are kept as attribute and value so that the table never needs a new column.
type Resource struct {
	AsOf      time.Time // LastModifiedTime of an endpoint, CreationTime of a configuration: a second pull of the same fact is the same row
	Account   string
	Region    string
	Subject   string
	Kind      string // endpoint, endpoint_config, variant
	Name      string // EndpointName, EndpointConfigName or VariantName
	Attribute string // for example instance_type, current_instance_count, status
	Value     string
	Source    string // DescribeEndpoint, DescribeEndpointConfig or file:NAME
}

// Who saw a request. One that the client and the server both saw is two rows.
const (
	OriginClient    = "client"     // a load tester
	OriginAccessLog = "access_log" // the server, in its access log
)

// Request is one request, or an aggregate of several, seen by a load tester or in
// an access log. Durations and counts that are not known are -1 and stored as null.
type Request struct {
	TS         int64 // microseconds, when it was sent
	Subject    string
	Source     string // file or log stream
	Origin     string // OriginClient or OriginAccessLog
	Seq        int64
	DurationUS int64 // to the whole answer, -1 unknown
	Status     int32 // HTTP status, 0 unknown and stored as null
	Route      string
	Weight     int64  // requests that the row stands for: 1 (or 0, which is taken for 1), more for a bin of a histogram
	SpanUS     int64  // length of the window from TS that the requests of an aggregate lie in, 0 for a single request
	TTFTUS     int64  // to the first token or chunk of a streamed answer, -1 unknown
	TokensIn   int64  // of the prompt, -1 unknown
	TokensOut  int64  // of the answer, -1 unknown
	Error      string // what the client said of a failure, "" none
}

// Status is the outcome of one chunk.
type Status string

// Chunk outcomes. Provisional: complete, but part of it is younger than the
// settle time. Partial: some of it came. Failed: none of it came. Denied: the
// credentials may not. Empty: asked, answered, nothing there.
const (
	Complete    Status = "complete"
	Provisional Status = "provisional"
	Partial     Status = "partial"
	Failed      Status = "failed"
	Denied      Status = "denied"
	Empty       Status = "empty"
)

// Entry is one row of the ledger.
type Entry struct {
	Chunk     string    `json:"chunk"`   // unique key, for example endpoint/x metrics 60 2026-11-20T14:00:00Z/2026-11-20T15:00:00Z
	Dataset   string    `json:"dataset"` // metrics, logs, resources
	Subject   string    `json:"subject"`
	Scope     string    `json:"scope"`  // "" or the log group, file name or Describe call
	Source    string    `json:"source"` // cloudwatch, file
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	PeriodS   int32     `json:"period_s"` // 0 for logs and resources
	Rows      int64     `json:"rows"`     // points or events that came
	Calls     int64     `json:"calls"`
	Retries   int64     `json:"retries"`
	Skipped   int64     `json:"skipped"`  // malformed records of a file
	CostLow   float64   `json:"cost_low"` // USD
	CostHigh  float64   `json:"cost_high"`
	Status    Status    `json:"status"`
	Reason    string    `json:"reason"`
	FetchedAt time.Time `json:"fetched_at"`
}
