package loadtest

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"
)

// Format is the shape of a load tester's result file.
type Format string

// The formats that Read reads.
const (
	K6JSON        Format = "k6-json"        // k6 run --out json=FILE
	K6CSV         Format = "k6-csv"         // k6 run --out csv=FILE
	LocustHistory Format = "locust-history" // locust --csv PREFIX: PREFIX_stats_history.csv
	LocustJSON    Format = "locust-json"    // locust --headless --json
	VegetaJSON    Format = "vegeta-json"    // vegeta encode --to json
	VegetaCSV     Format = "vegeta-csv"     // vegeta encode --to csv
	JMeterCSV     Format = "jmeter-csv"     // jmeter -n -l FILE.jtl
	FortioJSON    Format = "fortio-json"    // fortio load -json FILE
	AIPerfRecords Format = "aiperf-jsonl"   // aiperf profile: profile_export.jsonl
	AIPerfSummary Format = "aiperf-json"    // aiperf profile: profile_export_aiperf.json
	GuideLLM      Format = "guidellm-json"  // guidellm benchmark --output-path FILE.json
)

// The formats that Detect knows and Read refuses with a *RefusedError, because
// they do not say when requests were sent or cannot be read outside the tool.
const (
	K6Summary        Format = "k6-summary"        // --summary-export, handleSummary
	LocustStats      Format = "locust-stats"      // PREFIX_stats.csv, once PREFIX_requests.csv
	LocustFailures   Format = "locust-failures"   // PREFIX_failures.csv
	LocustExceptions Format = "locust-exceptions" // PREFIX_exceptions.csv
	VegetaGob        Format = "vegeta-gob"        // what vegeta attack writes
	VegetaReport     Format = "vegeta-report"     // vegeta report --type json
	JMeterXML        Format = "jmeter-xml"        // .jtl with output_format=xml
)

// Formats lists the formats that Read reads.
func Formats() []Format {
	return []Format{
		K6JSON, K6CSV, LocustHistory, LocustJSON, VegetaJSON, VegetaCSV, JMeterCSV,
		FortioJSON, AIPerfRecords, AIPerfSummary, GuideLLM,
	}
}

// Options of Read. The zero value reads with the default limits.
type Options struct {
	MaxRecord int            // bytes of one line or JSON record; 0 means 32 MiB
	Zone      *time.Location // zone of times that are written without one; nil refuses such times
}

const defaultMaxRecord = 32 << 20

// Record is one thing that a file says: *Sample, *Note or *Malformed.
type Record interface{ record() }

// Sample is one request, or, where Weight or SpanUS say so, several that the
// tool tells only together. The package comment says per format what a row is.
type Sample struct {
	TS         int64  // when the request was sent, microseconds since 1970 UTC; start of the window of an aggregate
	SpanUS     int64  // length of the window that an aggregate's requests lie in; 0 for one request sent at TS
	DurationUS int64  // total response time; -1 unknown
	Status     int32  // HTTP status; 0 unknown or no answer
	Route      string // path or the test's name for the request, without host and query; "" unknown
	Error      string // what the tool says went wrong, at most 4 KiB; "" for success
	Weight     int64  // requests that the row stands for, at least 1
	TTFTUS     int64  // from TS to the first byte, chunk or token; -1 unknown
	TokensIn   int64  // -1 unknown
	TokensOut  int64  // -1 unknown
}

// Malformed is a record that could not be read and was skipped.
type Malformed struct {
	Line   int64 // where it starts, from 1
	Offset int64 // byte where it starts, from 0
	Reason string
}

// String is line N: reason.
func (m *Malformed) String() string { return fmt.Sprintf("line %d: %s", m.Line, m.Reason) }

// Note is what a file does not tell although its records are well formed.
type Note struct {
	Line   int64 // from 1
	Reason string
}

// String is line N: reason.
func (n *Note) String() string { return fmt.Sprintf("line %d: %s", n.Line, n.Reason) }

func (*Sample) record()    {}
func (*Note) record()      {}
func (*Malformed) record() {}

// RefusedError says that a format is known and why it cannot be read, with
// what to do instead.
type RefusedError struct {
	Format Format
	Reason string
}

// Error says what the file is and what to do instead.
func (e *RefusedError) Error() string { return e.Reason }

// ShapeError says that a file has not the format that it was to be read in.
type ShapeError struct {
	Format Format
	Found  string // what was found instead
}

// Error names the format and what was found.
func (e *ShapeError) Error() string {
	return fmt.Sprintf("nothing can be read as %s: %s", e.Format, e.Found)
}

// Read reads r, already decompressed, as format f. A record is valid until the
// next is asked for. An error is the last thing in the sequence: *RefusedError,
// *ShapeError, io.ErrUnexpectedEOF for a document that ends early, what r
// returned, or ctx.Err(), each wrapped; what came before it holds.
func Read(ctx context.Context, r io.Reader, f Format, o Options) iter.Seq2[Record, error] {
	if o.MaxRecord <= 0 {
		o.MaxRecord = defaultMaxRecord
	}
	return func(yield func(Record, error) bool) {
		if reason := refusal(f); reason != "" {
			yield(nil, &RefusedError{Format: f, Reason: reason})
			return
		}
		d := newDecoder(ctx, r, f, o, yield)
		err := d.run()
		if err != nil && !d.stopped {
			yield(nil, fmt.Errorf("reading %s: %w", f, err))
		}
	}
}
