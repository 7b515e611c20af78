// Package estate fills an account.Account with a whole estate: endpoints and
// one of every other kind of SageMaker subject, their metrics, logs and
// descriptions, over hours or weeks.
//
// Unlike package workload it does not simulate requests: every publish period
// is drawn from a seeded model of load, latency and utilization, in the compact
// form of values and counts. The account is as large as a real one and made in
// a moment, and what was planted in it is said in Truth.
package estate

import (
	"time"

	"sizewise/ingest/simaws/account"
)

// Config says what the estate holds. The zero value of each field means the
// default that is stated.
type Config struct {
	Seed    uint64
	Start   time.Time // required
	End     time.Time // required, exclusive
	ID      string    // account, 12 digits; default 123456789012
	Region  string    // default us-east-1
	Kinds   []string  // of subjects; nil means every kind of Kinds()
	Plain   int       // plain real-time endpoints; default 1 when endpoints are wanted, negative for none
	Hosts   int       // instances of a plain endpoint; default 2
	Samples int       // raw values drawn per series and period for latencies; default 12
	Detail  bool      // plain endpoints have the dimension sets of zones and instance types too

	// Lifelike makes endpoints differ from a clean curve: weeks, days of their
	// own, noise that lasts, bursts, latency that grows with the load.
	Lifelike bool
	// Brief leaves out what is published every ten seconds: it is two thirds of
	// the points of an estate of weeks.
	Brief bool

	LogEvents  int      // log events per hour and instance or host; default 0, no events
	LogLatePPM int      // of a million events, how many arrive up to two hours late
	LogClass   string   // of endpoint groups; default STANDARD
	Changes    []Change // planted, on plain endpoints
}

// Effect is what a planted change does.
type Effect string

// The changes that can be planted.
const (
	Latency      Effect = "latency"       // model latency times Factor
	Errors       Effect = "errors"        // a share of Factor of the requests answers 5XX
	Traffic      Effect = "traffic"       // requests per second times Factor
	Memory       Effect = "memory"        // memory utilization grows by Factor percentage points an hour
	InstanceType Effect = "instance-type" // the endpoint moves to Type; latency and utilization go by Factor
	Silence      Effect = "silence"       // CloudWatch lost what was published
)

// Change is one planted change.
type Change struct {
	Effect   Effect
	Endpoint string    // name of a plain endpoint, see PlainName
	At       time.Time // first period that has it
	Until    time.Time // exclusive; zero means for good
	Factor   float64
	Type     string // for InstanceType
}

// Subject is one subject of the estate.
type Subject struct {
	Kind string // as on sizewise's command line: endpoint, training ...
	Name string
}

// Truth is what was planted.
type Truth struct {
	Changes []Change
	Events  map[string]int64 // log events by log group
	Points  int64            // published periods of all series
	Values  int64            // raw values held in memory
}

// Estate is an account and what is known of it.
type Estate struct {
	Account  *account.Account
	Subjects []Subject
	Truth    Truth
}
