// Package catalog is the catalogue of the metrics that SageMaker publishes to
// CloudWatch, as data: under which namespace and dimensions, in which unit, with
// which statistics, and how to read them.
package catalog

import (
	"cmp"
	"slices"
)

// Metric is one metric of one namespace.
type Metric struct {
	Namespace string
	Name      string     // may end in FeaturePattern
	Unit      string     // as published: Microseconds, Percent, None ...
	Stats     []string   // CloudWatch's names of the statistics that AWS lists as valid
	DimSets   [][]string // sets of dimension names, each sorted, that the metric is published under; the coarsest first
	Family    Family
	Kind      Kind
	Scale     Scale
	Better    Better
	About     string // one sentence
	Source    string // page of the documentation that says so
}

// Family is what publishes a metric. An endpoint publishes those of Endpoint
// and, by what it is made of, those of one or more other families.
type Family string

// The families.
const (
	FamilyEndpoint    Family = "endpoint"    // every real-time endpoint
	FamilyComponent   Family = "component"   // endpoints with inference components
	FamilyMultiModel  Family = "multi_model" // endpoints that load models on demand
	FamilyStreaming   Family = "streaming"   // endpoints that answer in chunks
	FamilyServerless  Family = "serverless"
	FamilyAsync       Family = "async"
	FamilyJob         Family = "job" // training, processing and transform jobs
	FamilyRecommender Family = "recommender"
	FamilyLabeling    Family = "labeling"
	FamilyFeature     Family = "feature_store"
	FamilyPipeline    Family = "pipeline"
	FamilyMonitor     Family = "monitor" // Model Monitor
)

// Kind is what a metric's values are.
type Kind string

// Kinds. A count is summed over time, a gauge is not; a latency is a time; a
// utilization is a share of something that can run out.
const (
	Count       Kind = "count"
	Gauge       Kind = "gauge"
	Latency     Kind = "latency"
	Utilization Kind = "utilization"
)

// Scale is what normalises a value.
type Scale string

// Scales.
const (
	Unscaled     Scale = ""
	PerVCPU      Scale = "per_vcpu"     // percent of one vCPU: up to 100 times the vCPUs
	PerGPU       Scale = "per_gpu"      // percent of one GPU: up to 100 times the GPUs
	Ratio100     Scale = "ratio100"     // percent: up to 100
	Fraction     Scale = "fraction"     // share: up to 1
	PerInstance  Scale = "per_instance" // already divided by the instances, or copies
	Microseconds Scale = "microseconds"
	Milliseconds Scale = "milliseconds"
	Seconds      Scale = "seconds"
)

// Better is the direction that is good news.
type Better string

// Directions.
const (
	Higher Better = "higher"
	Lower  Better = "lower"
	None   Better = "none" // depends on what one wants
)

// All is every metric of the catalogue, sorted by namespace and name, one row
// each.
func All() []Metric {
	return sorted(slices.Concat(
		instanceMetrics(), invocationMetrics(), componentMetrics(), multiModelMetrics(), streamingMetrics(),
		serverlessMetrics(), asyncMetrics(), jobMetrics(), recommenderMetrics(), labelingMetrics(),
		featureMetrics(), pipelineMetrics(), monitorMetrics(),
	))
}

// Lookup finds a metric by namespace and name. A name that one of the
// catalogue's patterns stands for is found by its pattern.
func Lookup(namespace, name string) (Metric, bool) {
	for _, m := range All() {
		if m.Namespace == namespace && m.matches(name) {
			return m, true
		}
	}
	return Metric{}, false
}

func sorted(ms []Metric) []Metric {
	slices.SortFunc(ms, func(a, b Metric) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return ms
}

// Namespaces.
const (
	nsInvocations = "AWS/SageMaker"
	nsInstances   = "/aws/sagemaker/Endpoints"
	nsComponents  = "/aws/sagemaker/InferenceComponents"
)

// Pages of the SageMaker developer guide.
const (
	guide       = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
	pageMetrics = guide + "monitoring-cloudwatch.html"
	pageAsync   = guide + "async-inference-monitor.html"
	pageServer  = guide + "serverless-endpoints-monitoring.html"
)

// plainStats are the statistics that every metric with raw values has.
func plainStats() []string { return []string{"SampleCount", "Sum", "Average", "Minimum", "Maximum"} }

// allStats adds the percentiles.
func allStats() []string { return append(plainStats(), "p50", "p90", "p95", "p99") }

func sumOnly() []string { return []string{"Sum"} }

// sumAverage suits metrics that are 1 or 0 for every request.
func sumAverage() []string { return []string{"Sum", "Average"} }

func minMax() []string { return []string{"Minimum", "Maximum"} }

// with fills in what the metrics of a family have in common.
func with(family Family, namespace, source string, sets func() [][]string, ms []Metric) []Metric {
	for i := range ms {
		m := &ms[i]
		m.Family, m.Namespace = family, namespace
		m.Source = cmp.Or(m.Source, source)
		if m.DimSets == nil {
			m.DimSets = sets()
		}
	}
	return ms
}
