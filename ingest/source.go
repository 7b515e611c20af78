package ingest

import (
	"context"
	"iter"
	"time"

	"sizewise/ingest/cloudwatch"
	"sizewise/ingest/lake"
)

// MetricSource lists and reads metrics. *cloudwatch.Client is one; its
// documentation says what the methods promise.
type MetricSource interface {
	List(ctx context.Context, namespace string, dims []cloudwatch.Dim) ([]cloudwatch.Metric, cloudwatch.Usage, error)
	Fetch(ctx context.Context, r cloudwatch.MetricRequest) (cloudwatch.MetricData, error)
}

// LogSource describes and reads log groups. *cloudwatch.Client is one.
type LogSource interface {
	Group(ctx context.Context, name string) (cloudwatch.LogGroup, cloudwatch.Usage, error)
	Events(ctx context.Context, r cloudwatch.LogRequest, page func(cloudwatch.LogPage) error) (cloudwatch.LogResult, error)
}

// Describer tells what SageMaker knows of a resource, and whose account it is. *cloudwatch.Client is one.
type Describer interface {
	Describe(ctx context.Context, r cloudwatch.Resource) (cloudwatch.Description, cloudwatch.Usage, error)
	Account(ctx context.Context) (string, cloudwatch.Usage, error)
}

// Lake is where a pull is written. *lake.Lake is one; its documentation says
// what the methods promise.
type Lake interface {
	PutMetrics(ctx context.Context, subject string, data []lake.SeriesPoints) (added, changed int64, err error)
	MergeLogs(ctx context.Context, group string, batches iter.Seq[[]lake.Log]) (added int64, err error)
	MergeRequests(ctx context.Context, subject string, batches iter.Seq[[]lake.Request]) (added int64, err error)
	PutResources(ctx context.Context, subject string, rows []lake.Resource) error
	Record(ctx context.Context, entries ...lake.Entry) error
	Entries(ctx context.Context, subject string, start, end time.Time) ([]lake.Entry, error)
}
