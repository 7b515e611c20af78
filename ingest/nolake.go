package ingest

import (
	"context"
	"errors"
	"iter"
	"time"

	"sizewise/ingest/lake"
)

// noLake is a lake without rows, for planning.
type noLake struct{}

var errNoLake = errors.New("ingest: no lake to write to")

// PutMetrics answers errNoLake.
func (noLake) PutMetrics(context.Context, string, []lake.SeriesPoints) (added, changed int64, err error) {
	return 0, 0, errNoLake
}

// MergeLogs answers errNoLake.
func (noLake) MergeLogs(context.Context, string, iter.Seq[[]lake.Log]) (int64, error) {
	return 0, errNoLake
}

// MergeRequests answers errNoLake.
func (noLake) MergeRequests(context.Context, string, iter.Seq[[]lake.Request]) (int64, error) {
	return 0, errNoLake
}

// PutResources answers errNoLake.
func (noLake) PutResources(context.Context, string, []lake.Resource) error { return errNoLake }

// Record answers errNoLake.
func (noLake) Record(context.Context, ...lake.Entry) error { return errNoLake }

// Entries answers that nothing was asked for yet.
func (noLake) Entries(context.Context, string, time.Time, time.Time) ([]lake.Entry, error) {
	return nil, nil
}
