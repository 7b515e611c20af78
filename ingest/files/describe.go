package files

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"sizewise/ingest/lake"
	"sizewise/ingest/subject"
)

// description is what both Describe documents have in the fields that matter
// here, as the AWS CLI and boto3 print them.
type description struct {
	EndpointName             string
	InferenceComponentName   string // of a component, whose document is another one
	EndpointArn              string
	EndpointStatus           string
	EndpointConfigName       string
	EndpointConfigArn        string
	FailureReason            string
	CreationTime             timestamp
	LastModifiedTime         timestamp
	AsyncInferenceConfig     json.RawMessage
	MetricsConfig            *metricsConfig
	ProductionVariants       []variant
	ShadowProductionVariants []variant
}

type metricsConfig struct {
	EnableEnhancedMetrics           *bool
	EnableDetailedObservability     *bool
	MetricPublishFrequencyInSeconds *int32
}

// variant has the fields of a variant as deployed and as configured.
type variant struct {
	VariantName             string
	ModelName               string
	InstanceType            string
	InitialInstanceCount    *int32
	CurrentInstanceCount    *int32
	DesiredInstanceCount    *int32
	InitialVariantWeight    *float64
	CurrentWeight           *float64
	DesiredWeight           *float64
	DeployedImages          []struct{ SpecifiedImage string }
	InstancePools           []instancePool
	ManagedInstanceScaling  *managedScaling
	ServerlessConfig        *serverless
	CurrentServerlessConfig *serverless
}

type instancePool struct {
	InstanceType         string
	CurrentInstanceCount int32
}

type managedScaling struct{ MinInstanceCount, MaxInstanceCount *int32 }

type serverless struct{ MemorySizeInMB, MaxConcurrency, ProvisionedConcurrency *int32 }

// timestamp reads ISO 8601, as the CLI prints it, and seconds since 1970, as
// the service sends it and older CLIs print it.
type timestamp struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *timestamp) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		if s == "" { // null reads as an empty string
			return nil
		}
		return t.iso(s)
	}
	seconds, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return fmt.Errorf("%.40s is not a time", b)
	}
	return t.seconds(seconds)
}

// iso sets t to a time in ISO 8601.
func (t *timestamp) iso(s string) error {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999"} {
		if v, err := time.Parse(layout, s); err == nil && inRange(v) {
			t.Time = v.UTC()
			return nil
		}
	}
	return fmt.Errorf("%.40q is not a time", s)
}

// seconds sets t to seconds since 1970.
func (t *timestamp) seconds(v float64) error {
	if !(v >= 0 && v*1000 <= maxTS) {
		return fmt.Errorf("%v is not a time", v)
	}
	whole, part := math.Modf(v)
	t.Time = time.Unix(int64(whole), int64(math.Round(part*1e6))*1000).UTC()
	return nil
}

func inRange(t time.Time) bool { return t.Unix() >= 0 && t.UnixMilli() <= maxTS }

// endpointDoc reads what describe-endpoint prints.
func (d *decoder) endpointDoc(doc []byte) (Record, error) {
	v, err := describe(doc)
	if err != nil {
		return nil, err
	}
	if v.EndpointName == "" || v.EndpointStatus == "" && v.EndpointArn == "" || v.InferenceComponentName != "" {
		return nil, errShape
	}
	if s, err := subject.Parse(string(subject.Endpoint) + "/" + v.EndpointName); err != nil || s.Variant != "" {
		return nil, fmt.Errorf("%.80q is not an endpoint's name", v.EndpointName)
	}
	f := d.facts(v.EndpointArn, v.LastModifiedTime.Time, v.CreationTime.Time)
	f.of("endpoint", v.EndpointName)
	f.text("status", v.EndpointStatus)
	f.text("endpoint_config_name", v.EndpointConfigName)
	f.text("arn", v.EndpointArn)
	f.text("failure_reason", strings.Join(strings.Fields(v.FailureReason), " "))
	f.time("creation_time", v.CreationTime.Time)
	f.time("last_modified_time", v.LastModifiedTime.Time)
	f.common(v)
	for _, p := range v.ProductionVariants {
		f.deployed(p, "production")
	}
	for _, p := range v.ShadowProductionVariants {
		f.deployed(p, "shadow")
	}
	d.kept++
	return &Facts{Format: DescribeEndpoint, Subject: "endpoint/" + v.EndpointName, Name: v.EndpointName, ConfigName: v.EndpointConfigName, AsOf: f.row.AsOf, Rows: f.rows}, nil
}

// configDoc reads what describe-endpoint-config prints.
func (d *decoder) configDoc(doc []byte) (Record, error) {
	v, err := describe(doc)
	if err != nil {
		return nil, err
	}
	if v.EndpointConfigName == "" || v.EndpointStatus != "" || v.ProductionVariants == nil && v.EndpointConfigArn == "" {
		return nil, errShape
	}
	f := d.facts(v.EndpointConfigArn, v.CreationTime.Time)
	f.of("endpoint_config", v.EndpointConfigName)
	f.time("creation_time", v.CreationTime.Time)
	f.common(v)
	for _, p := range append(v.ProductionVariants, v.ShadowProductionVariants...) {
		f.configured(p)
	}
	d.kept++
	return &Facts{Format: DescribeEndpointConfig, Name: v.EndpointConfigName, ConfigName: v.EndpointConfigName, AsOf: f.row.AsOf, Rows: f.rows}, nil
}

func describe(doc []byte) (*description, error) {
	var v description
	if err := json.Unmarshal(doc, &v); err != nil {
		return nil, fmt.Errorf("describe document: %w", err)
	}
	return &v, nil
}

// factList collects facts that share a row's other fields. Attribute names are
// those of ingest/cloudwatch, which asks the same questions live.
type factList struct {
	row  lake.Resource
	rows []lake.Resource
}

// facts starts a list: account and region from the ARN, as of the first time
// that is set. A document without any time is as old as it can be, so that any
// other wins.
func (d *decoder) facts(arn string, times ...time.Time) *factList {
	f := &factList{row: lake.Resource{AsOf: time.Unix(0, 0).UTC(), Source: "file:" + path.Base(d.name)}}
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[0] == "arn" {
		f.row.Region, f.row.Account = parts[3], parts[4]
	}
	for _, t := range times {
		if !t.IsZero() {
			f.row.AsOf = t
			break
		}
	}
	return f
}

func (f *factList) of(kind, name string) { f.row.Kind, f.row.Name = kind, name }

func (f *factList) text(attribute, value string) {
	if value == "" {
		return
	}
	row := f.row
	row.Attribute, row.Value = attribute, value
	f.rows = append(f.rows, row)
}

func (f *factList) number(attribute string, v *int32) {
	if v != nil {
		f.text(attribute, strconv.Itoa(int(*v)))
	}
}

// weight writes a weight as a 32-bit float, which it is in SageMaker's model.
func (f *factList) weight(attribute string, v *float64) {
	if v != nil {
		f.text(attribute, strconv.FormatFloat(*v, 'g', -1, 32))
	}
}

func (f *factList) flag(attribute string, v *bool) {
	if v != nil {
		f.text(attribute, strconv.FormatBool(*v))
	}
}

func (f *factList) time(attribute string, v time.Time) {
	if !v.IsZero() {
		f.text(attribute, v.Format(time.RFC3339Nano))
	}
}

// common adds what an endpoint and a config both say.
func (f *factList) common(v *description) {
	if async := string(v.AsyncInferenceConfig); async != "" && async != "null" {
		f.text("async", "true")
	}
	if m := v.MetricsConfig; m != nil {
		f.number("metric_publish_frequency_s", m.MetricPublishFrequencyInSeconds)
		f.flag("enhanced_metrics", m.EnableEnhancedMetrics)
		f.flag("detailed_observability", m.EnableDetailedObservability)
	}
}

// deployed adds a variant as it runs.
func (f *factList) deployed(v variant, role string) {
	f.of("variant", v.VariantName)
	f.text("role", role)
	f.number("current_instance_count", v.CurrentInstanceCount)
	f.number("desired_instance_count", v.DesiredInstanceCount)
	f.weight("current_weight", v.CurrentWeight)
	f.weight("desired_weight", v.DesiredWeight)
	f.scaling(v.ManagedInstanceScaling)
	f.serverless(v.CurrentServerlessConfig)
	if len(v.DeployedImages) > 0 { // the primary container's; the rest are sidecars
		f.text("image", v.DeployedImages[0].SpecifiedImage)
	}
	var pools []string
	for _, p := range v.InstancePools {
		pools = append(pools, p.InstanceType+"="+strconv.Itoa(int(p.CurrentInstanceCount)))
	}
	f.text("instance_pools", strings.Join(pools, ","))
}

// configured adds a variant as its config describes it.
func (f *factList) configured(v variant) {
	f.of("variant", v.VariantName)
	f.text("instance_type", v.InstanceType)
	f.number("initial_instance_count", v.InitialInstanceCount)
	f.weight("initial_weight", v.InitialVariantWeight)
	f.text("model_name", v.ModelName)
	f.scaling(v.ManagedInstanceScaling)
	f.serverless(v.ServerlessConfig)
	var pool []string
	for _, p := range v.InstancePools {
		pool = append(pool, p.InstanceType)
	}
	f.text("instance_pool_types", strings.Join(pool, ","))
}

func (f *factList) scaling(m *managedScaling) {
	if m != nil {
		f.number("managed_min_instance_count", m.MinInstanceCount)
		f.number("managed_max_instance_count", m.MaxInstanceCount)
	}
}

func (f *factList) serverless(s *serverless) {
	if s != nil {
		f.number("serverless_memory_mb", s.MemorySizeInMB)
		f.number("serverless_max_concurrency", s.MaxConcurrency)
		f.number("serverless_provisioned_concurrency", s.ProvisionedConcurrency)
	}
}
