// Package files reads what was exported elsewhere: CloudWatch Metric Streams in
// JSON, Logs subscription records as Firehose stores them, log exports to S3,
// what the AWS CLI prints of logs, metric data and SageMaker's descriptions, the
// CSV of the CloudWatch console, and the results of load testers, which package
// loadtest reads. docs/import.md says how to produce each. The format is found
// by content, for JSON document by document, so files may be compressed once or
// twice, concatenated, pretty-printed or mixed.
//
// # Events without an id
//
// Log exports and get-log-events have no event ids. Theirs are made from stream,
// time, message and the number of equal events before them in the same exported
// stream or file, so that importing again, in any order, finds the same rows.
// They differ from CloudWatch's own ids: the same events pulled from CloudWatch,
// or read from filter-log-events or subscription records, are other rows.
//
// # Trust
//
// Files come from outside. Decompression is bounded in bytes and in ratio, a
// record in bytes and nesting, a number in range. A record that cannot be read
// is a value in the stream, *Malformed, with file, line and reason, and never
// stops the rest; a file that ends early is an error that says what was kept,
// and never stops other files.
//
// # Period of streamed metrics
//
// A metric stream does not say its points' period. A series has 60 s unless
// the distances between its timestamps show finer publishing: then it has the
// largest of 30, 20, 10, 5 and 1 s that divides them all. Distances, not
// positions, because timestamps of older metrics need not lie on the minute.
// The rule looks at every file of one Import up to the point that is written.
package files

import (
	"context"
	"io"
	"iter"
	"time"

	"sizewise/ingest/files/loadtest"
	"sizewise/ingest/lake"
)

// Format is the shape of a file's documents.
type Format string

// The formats. Auto finds it by content.
const (
	Auto                                Format = ""
	MetricStream                        Format = "metric-stream"
	LogsSubscription                    Format = "logs-subscription"
	DescribeEndpoint                    Format = "describe-endpoint"
	DescribeEndpointConfig              Format = "describe-endpoint-config"
	DescribeTrainingJob                 Format = "describe-training-job"
	DescribeProcessingJob               Format = "describe-processing-job"
	DescribeTransformJob                Format = "describe-transform-job"
	DescribeInferenceComponent          Format = "describe-inference-component"
	DescribeInferenceRecommendationsJob Format = "describe-inference-recommendations-job"
	LogsExport                          Format = "logs-export"       // of an export task to S3
	FilterLogEvents                     Format = "filter-log-events" // as aws logs prints it
	GetLogEvents                        Format = "get-log-events"    // as aws logs prints it
	GetMetricData                       Format = "get-metric-data"   // as aws cloudwatch prints it, and its queries
	ConsoleCSV                          Format = "console-csv"       // of the CloudWatch console's metrics
)

// Formats lists what Options.Format may be besides Auto: the formats of AWS, and
// behind them those of package loadtest.
func Formats() []Format {
	out := awsFormats()
	for _, f := range loadtest.Formats() {
		out = append(out, Format(f))
	}
	return out
}

func awsFormats() []Format {
	return []Format{
		MetricStream, LogsSubscription, LogsExport, FilterLogEvents, GetLogEvents, GetMetricData, ConsoleCSV,
		DescribeEndpoint, DescribeEndpointConfig, DescribeTrainingJob, DescribeProcessingJob, DescribeTransformJob,
		DescribeInferenceComponent, DescribeInferenceRecommendationsJob,
	}
}

// Options of Read and Import. The zero value reads with the default limits;
// Import requires Now.
type Options struct {
	Format    Format         // Auto, or the one format that documents must have
	Subject   string         // kind/name for what names no subject; "" makes one from the namespace or log group. Load test results need it
	LogGroup  string         // log group of events that name none
	LogStream string         // log stream of events that name none; "" takes it from the file's name
	Account   string         // 12 digits, of what names none; may be ""
	Region    string         // of what names none; may be ""
	Zone      *time.Location // of times that are written without one; nil is UTC for the console's CSV, and refuses load test results with such times
	NoRedact  bool           // keep secrets in log messages

	MaxBytes  int64 // bytes of one file after decompression; 0 means 64 GiB
	MaxRatio  int64 // decompressed to compressed bytes, beyond the first 16 MiB; 0 means 400
	MaxRecord int   // bytes of one JSON document; 0 means 32 MiB

	// Only Import uses what follows.
	Now         func() time.Time // clock for the ledger; required
	Stdin       io.Reader        // what the path - reads
	Objects     Objects          // what s3:// paths read; may be nil
	BatchPoints int              // metric points held before writing; 0 means 500,000
	BatchEvents int              // log events, or requests, held before writing; 0 means 200,000
	Progress    func(Progress)   // called after each file and about every 16 MiB; may be nil
	OnMalformed func(*Malformed) // called for each malformed record; may be nil
	OnNote      func(*Note)      // called at the end for what else is to be known of the files; may be nil
}

// Progress is how far an Import is.
type Progress struct {
	File  string
	Index int   // of File, from 0
	Files int   // in all
	Bytes int64 // read of File, as stored
	Size  int64 // of File, as stored; 0 unknown
}

const (
	defaultMaxBytes    = 64 << 30
	defaultMaxRatio    = 400
	defaultMaxRecord   = 32 << 20
	defaultBatchPoints = 500_000
	defaultBatchEvents = 200_000
	maxFactRows        = 200_000  // held before writing: configs find their endpoints among them
	maxBatchBytes      = 64 << 20 // of log messages held before writing
)

// defaults fills in what is zero.
func (o Options) defaults() Options {
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.MaxRatio == 0 {
		o.MaxRatio = defaultMaxRatio
	}
	if o.MaxRecord == 0 {
		o.MaxRecord = defaultMaxRecord
	}
	if o.BatchPoints == 0 {
		o.BatchPoints = defaultBatchPoints
	}
	if o.BatchEvents == 0 {
		o.BatchEvents = defaultBatchEvents
	}
	return o
}

// Record is one thing that a file says: *Metric, *Logs, *Facts, *Query, *Result,
// *Requests, *Note or *Malformed.
type Record interface{ record() }

// Metric is one point of a series.
type Metric struct {
	Series *lake.Series // shared by the points of one series; PeriodS is 0 when the file does not say it, as a metric stream
	Point  lake.Point
}

// Logs is some events of one log stream, parsed and, unless Options.NoRedact,
// masked.
type Logs struct {
	Group  string
	Stream string
	Events []lake.Log
}

// Facts is one Describe document.
type Facts struct {
	Format     Format // the describe operation
	Subject    string // "" for a config: it depends on which endpoints use it
	Name       string
	ConfigName string // an endpoint's config, or a config's name
	AsOf       time.Time
	Rows       []lake.Resource // Subject is left empty
}

// Query is one query of GetMetricData: what the results with its Id are of.
type Query struct {
	ID         string
	Series     *lake.Series // nil for an expression, whose results are of no metric
	Stat       string       // as CloudWatch spells it
	Line       int64
	definition string // equal for equal queries
}

// Result is what GetMetricData answered to one query. Import finds the query by
// Id.
type Result struct {
	ID, Label    string
	Status       string  // Complete, PartialData, InternalError, Forbidden or ""
	TS           []int64 // microseconds
	Values       []float64
	Line, Offset int64
}

// Requests is some requests of a load test.
type Requests struct{ Rows []lake.Request }

func (*Query) record()     {}
func (*Result) record()    {}
func (*Requests) record()  {}
func (*Metric) record()    {}
func (*Logs) record()      {}
func (*Facts) record()     {}
func (*Malformed) record() {}

// Read reads the documents of r, which name stands for in errors. A record is
// valid until the next one is asked for. An error is the last thing in the
// sequence: *FileError, with what was read so far, wrapping *ShapeError,
// *LimitError, io.ErrUnexpectedEOF for a truncated file, or ctx.Err().
func Read(ctx context.Context, r io.Reader, name string, o Options) iter.Seq2[Record, error] {
	o = o.defaults()
	return func(yield func(Record, error) bool) {
		in := newInput(r, name, o)
		d := newDecoder(name, o)
		err := d.run(ctx, in, func(r Record) bool { return yield(r, nil) })
		if err != nil {
			yield(nil, err)
		}
	}
}
