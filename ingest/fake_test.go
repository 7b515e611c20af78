package ingest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/subject"
)

// account is a source with one endpoint whose values follow from time and name.
type account struct {
	mu        sync.Mutex
	from, to  time.Time // when the endpoint published
	metrics   []cloudwatch.Metric
	hidden    bool // ListMetrics and Describe know nothing
	config    cloudwatch.Description
	class     string
	created   time.Time // of the log group; zero is not told
	fetches   []cloudwatch.MetricRequest
	listings  []cloudwatch.LogRequest
	describes int

	describeErr, listErr, groupErr, eventsErr, accountErr error
	// fault changes the answer to one query, or fails the call.
	fault func(call int, q cloudwatch.Query, r *cloudwatch.MetricResult) error
}

const endpointName = "ep"

func endpointDims(more ...cloudwatch.Dim) []cloudwatch.Dim {
	dims := append([]cloudwatch.Dim{{Name: endpointDim, Value: endpointName}, {Name: variantDim, Value: "A"}}, more...)
	sortDims(dims)
	return dims
}

func newAccount(from, to time.Time) *account {
	zone := cloudwatch.Dim{Name: "AvailabilityZone", Value: "eu-west-1a"}
	return &account{
		from: from, to: to,
		metrics: []cloudwatch.Metric{
			{Namespace: "AWS/SageMaker", Name: "Invocations", Dims: endpointDims()},
			{Namespace: "AWS/SageMaker", Name: "ModelLatency", Dims: endpointDims()},
			{Namespace: "AWS/SageMaker", Name: "ModelLatency", Dims: endpointDims(zone)},
			{Namespace: "AWS/SageMaker", Name: "NeverHeardOf", Dims: endpointDims()},
			{Namespace: "/aws/sagemaker/Endpoints", Name: "CPUUtilization", Dims: endpointDims()},
		},
		config: cloudwatch.Description{
			Account: "123456789012", Region: "eu-west-1", ConfigName: "ep-config", Variants: []string{"A"},
			Facts: []cloudwatch.Fact{{AsOf: from, Kind: "variant", Name: "A", Attribute: "instance_type", Value: "ml.m5.xlarge"}},
		},
		class: "STANDARD",
	}
}

func (a *account) List(_ context.Context, namespace string, _ []cloudwatch.Dim) ([]cloudwatch.Metric, cloudwatch.Usage, error) {
	if a.listErr != nil || a.hidden {
		return nil, cloudwatch.Usage{Calls: 1}, a.listErr
	}
	var out []cloudwatch.Metric
	for _, m := range a.metrics {
		if m.Namespace == namespace {
			out = append(out, m)
		}
	}
	return out, cloudwatch.Usage{Calls: 1}, nil
}

func (a *account) Fetch(ctx context.Context, r cloudwatch.MetricRequest) (cloudwatch.MetricData, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	call := len(a.fetches)
	a.fetches = append(a.fetches, r)
	data := cloudwatch.MetricData{Results: make([]cloudwatch.MetricResult, len(r.Queries)), Usage: cloudwatch.Usage{Calls: 1}}
	data.Usage.CostLow, data.Usage.CostHigh = cloudwatch.MetricCost(r.Queries)
	if err := ctx.Err(); err != nil {
		return data, err
	}
	for i, q := range r.Queries {
		result := &data.Results[i]
		result.State = cloudwatch.Complete
		result.Points = a.points(q, r)
		if a.fault != nil {
			if err := a.fault(call, q, result); err != nil {
				return notAsked(r, err), err
			}
		}
	}
	return data, nil
}

func (a *account) points(q cloudwatch.Query, r cloudwatch.MetricRequest) []cloudwatch.Point {
	if !slices.ContainsFunc(a.metrics, func(m cloudwatch.Metric) bool { return m.Key() == q.Metric.Key() }) {
		return nil
	}
	var out []cloudwatch.Point
	step := time.Duration(r.PeriodS) * time.Second
	for t := r.Start; t.Before(r.End); t = t.Add(step) {
		if !t.Before(a.from) && t.Before(a.to) {
			out = append(out, cloudwatch.Point{TS: t.UnixMicro(), Value: float64(t.Unix()%997) + float64(len(q.Stat))})
		}
	}
	return out
}

func (a *account) Group(_ context.Context, name string) (cloudwatch.LogGroup, cloudwatch.Usage, error) {
	if a.groupErr != nil {
		return cloudwatch.LogGroup{}, cloudwatch.Usage{Calls: 1}, a.groupErr
	}
	if a.hidden || name != "/aws/sagemaker/Endpoints/"+endpointName {
		return cloudwatch.LogGroup{}, cloudwatch.Usage{Calls: 1}, notFound("DescribeLogGroups")
	}
	return cloudwatch.LogGroup{Name: name, Class: a.class, Created: a.created, StoredBytes: 12345}, cloudwatch.Usage{Calls: 1}, nil
}

// Events has one event a minute, in pages of fifty, and an empty page first.
func (a *account) Events(ctx context.Context, r cloudwatch.LogRequest, page func(cloudwatch.LogPage) error) (cloudwatch.LogResult, error) {
	a.listings = append(a.listings, r)
	result := cloudwatch.LogResult{Usage: cloudwatch.Usage{Calls: int64(len(cloudwatch.LogSlices(r.Start, r.End)))}}
	if a.eventsErr != nil {
		return result, a.eventsErr
	}
	var events []cloudwatch.Event
	for t := ceil(r.Start, time.Minute); t.Before(r.End); t = t.Add(time.Minute) {
		if t.Before(a.from) || !t.Before(a.to) {
			continue
		}
		events = append(events, cloudwatch.Event{
			TS: t.UnixMicro(), Stream: "A/i-0123", ID: fmt.Sprintf("%056d", t.Unix()),
			Message: "2026-11-20 14:00:00,000 [ERROR] worker: out of memory after AKIAIOSFODNN7EXAMPLE",
		})
	}
	for chunk := range slices.Chunk(events, 50) {
		if err := ctx.Err(); err != nil {
			return result, err
		}
		if err := page(cloudwatch.LogPage{Events: chunk}); err != nil {
			return result, err
		}
		result.Events += int64(len(chunk))
	}
	return result, nil
}

func (a *account) Describe(_ context.Context, r cloudwatch.Resource) (cloudwatch.Description, cloudwatch.Usage, error) {
	d := a.config
	switch {
	case r.Kind == cloudwatch.KindEndpointConfig && a.accountErr == nil:
		d.Facts = nil
		return d, cloudwatch.Usage{Calls: 1}, nil
	case a.describeErr != nil:
		a.describes++
		return cloudwatch.Description{}, cloudwatch.Usage{Calls: 1}, a.describeErr
	case a.hidden || r.Name != endpointName:
		return cloudwatch.Description{}, cloudwatch.Usage{Calls: 1}, notFound("DescribeEndpoint")
	}
	a.describes++
	return d, cloudwatch.Usage{Calls: 1}, nil
}

func (a *account) Account(context.Context) (string, cloudwatch.Usage, error) {
	if a.accountErr != nil {
		return "", cloudwatch.Usage{Calls: 1}, a.accountErr
	}
	return a.config.Account, cloudwatch.Usage{Calls: 1}, nil
}

// cut breaks the line to AWS, or mends it: no call is answered.
func (a *account) cut(err error) {
	a.describeErr, a.listErr, a.groupErr, a.eventsErr, a.accountErr = err, err, err, err, err
	a.fault = nil
	if err != nil {
		a.fault = func(int, cloudwatch.Query, *cloudwatch.MetricResult) error { return err }
	}
}

func notFound(operation string) error {
	return &cloudwatch.Error{Operation: operation, Reason: cloudwatch.ErrNotFound}
}

func denied(operation string) error {
	return &cloudwatch.Error{Operation: operation, Reason: cloudwatch.ErrDenied, Detail: "AccessDenied: not you"}
}

// at is a time on the test's day.
func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-11-20T"+text+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

func options(a *account, l Lake, now time.Time) Options {
	return Options{
		Subjects: []subject.Subject{{Kind: subject.Endpoint, Name: endpointName}},
		Start:    at("12:00:00"), End: at("14:00:00"),
		Metrics: a, Logs: a, Describe: a, Lake: l, Region: "eu-west-1",
		Now: func() time.Time { return now },
	}
}
