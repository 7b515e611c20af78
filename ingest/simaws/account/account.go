// Package account is the plain data of a simulated AWS account: what CloudWatch,
// CloudWatch Logs and SageMaker know. The workload simulator fills one, the
// server answers from one; neither knows the other.
package account

import "time"

// Account is everything that the loopback AWS can be asked about.
type Account struct {
	ID        string // 12 digits
	Region    string
	Metrics   []Series
	LogGroups []LogGroup
	Endpoints []Endpoint
	Configs   []EndpointConfig
	Described []Described
	Scaling   []ScalableTarget
	Users     []User
	Roles     []Role
	Quotas    []ServiceQuota
}

// Dim is one dimension of a series.
type Dim struct{ Name, Value string }

// Series is one published metric with the raw values that were put.
type Series struct {
	Namespace  string
	Name       string
	Dims       []Dim
	Unit       string
	Resolution time.Duration // publish period: 60 s, or 10 s for high resolution
	Points     []Point       // sorted by Time
}

// Point is what was put for one publish period: every raw value, so that any
// percentile over any longer period is exact. Values need not be sorted.
//
// Counts is the compact form that PutMetricData has too: when it is not nil it
// has the length of Values, and Values[i] was put Counts[i] times (a whole
// number above 0). So SampleCount is the sum of Counts, or len(Values)
// without them.
type Point struct {
	Time   time.Time // start of the publish period
	Values []float32
	Counts []float32 // nil: each value once
}

// LogGroup holds the streams of one group.
type LogGroup struct {
	Name    string
	Class   string // STANDARD or INFREQUENT_ACCESS; "" is STANDARD
	Created time.Time
	Streams []LogStream
}

// LogStream holds the events of one stream, sorted by Time.
type LogStream struct {
	Name    string
	Created time.Time
	Events  []LogEvent
}

// LogEvent is one event.
type LogEvent struct {
	Time     time.Time // millisecond precision
	Ingested time.Time
	Message  string
}

// Endpoint is what DescribeEndpoint answers.
type Endpoint struct {
	Name         string
	ConfigName   string
	Status       string // InService
	Created      time.Time
	LastModified time.Time
	Variants     []EndpointVariant
	Tags         map[string]string
	Extra        map[string]any // further fields of the answer, as in Described.Body
}

// EndpointVariant is a production variant as deployed.
type EndpointVariant struct {
	Name         string
	CurrentCount int
	DesiredCount int
	Weight       float64
	Image        string
	Serverless   bool           // no instances: counts are left out
	Extra        map[string]any // further fields, as in Described.Body
}

// EndpointConfig is what DescribeEndpointConfig answers.
type EndpointConfig struct {
	Name     string
	Created  time.Time
	Variants []ConfigVariant
	// MetricPublishSeconds is MetricsConfig.MetricPublishFrequencyInSeconds; 0 leaves MetricsConfig out.
	MetricPublishSeconds int
	EnhancedMetrics      bool
	Extra                map[string]any // further fields of the answer, as in Described.Body
}

// ConfigVariant is a production variant as configured.
type ConfigVariant struct {
	Name         string
	ModelName    string
	InstanceType string // "" for serverless variants and instance pools
	InitialCount int    // 0 leaves it out
	Weight       float64
	Extra        map[string]any // further fields, as in Described.Body
}
