package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

const (
	// firstPoll and longestPoll are between asking how far a query is.
	firstPoll   = 250 * time.Millisecond
	longestPoll = 5 * time.Second
	// maxUnknown is how often in a row a query may be in a state that the
	// service does not know itself, before it counts as failed.
	maxUnknown = 5
	// maxQueryTries is how often a query that failed is started.
	maxQueryTries = 3
	// stopTime bounds stopping a query that nobody waits for any more.
	stopTime = 5 * time.Second
)

// queryError is a query that ended without its rows.
type queryError struct {
	id     string
	status types.QueryStatus
}

// Error says how the query ended.
func (e *queryError) Error() string {
	return fmt.Sprintf("query %s ended as %s", e.id, e.status)
}

func timedOut(err error) bool {
	var ended *queryError
	return errors.As(err, &ended) && ended.status == types.QueryStatusTimeout
}

// queryRun is one Insights query.
type queryRun struct {
	client *Client
	usage  *Usage
	input  *cloudwatchlogs.StartQueryInput
	id     *string
	tries  int
}

func (r *queryRun) start(ctx context.Context, group, text string, from, to int64, limit int) error {
	r.input = &cloudwatchlogs.StartQueryInput{
		LogGroupName: aws.String(group), QueryString: aws.String(text),
		StartTime: aws.Int64(from), EndTime: aws.Int64(to), Limit: aws.Int32(int32(limit)), //nolint:gosec // at most mostRows
	}
	return r.again(ctx)
}

func (r *queryRun) again(ctx context.Context) error {
	r.tries++
	out, err := r.client.logs.StartQuery(ctx, r.input, func(o *cloudwatchlogs.Options) {
		o.APIOptions = append(o.APIOptions, r.client.startQuery.meter(r.usage))
	})
	if err != nil {
		return wrap("StartQuery", err)
	}
	r.id = out.QueryId
	return nil
}

// wait polls until the query has ended and returns all its rows. A query that
// is left before its end is stopped, since it goes on costing.
func (r *queryRun) wait(ctx context.Context) ([][]types.ResultField, error) {
	unknown := 0
	for pause := firstPoll; ; pause = min(2*pause, longestPoll) {
		out, err := r.results(ctx, nil)
		if err != nil {
			r.stop(ctx)
			return nil, err
		}
		switch out.Status {
		case types.QueryStatusComplete:
			return r.rest(ctx, out)
		case types.QueryStatusScheduled, types.QueryStatusRunning:
			unknown = 0
		case types.QueryStatusFailed:
			r.charge(out)
			if err := r.retry(ctx, out.Status); err != nil {
				return nil, err
			}
		case types.QueryStatusCancelled, types.QueryStatusTimeout:
			r.charge(out)
			return nil, r.ended(out.Status)
		default:
			if unknown++; unknown <= maxUnknown {
				break
			}
			r.stop(ctx)
			if err := r.retry(ctx, out.Status); err != nil {
				return nil, err
			}
			unknown = 0
		}
		if err := sleep(ctx, min(pause, r.client.backoff)); err != nil {
			r.stop(ctx)
			return nil, wrap("GetQueryResults", err)
		}
	}
}

// retry starts the query anew, unless it was so often.
func (r *queryRun) retry(ctx context.Context, status types.QueryStatus) error {
	if r.tries == maxQueryTries {
		return r.ended(status)
	}
	return r.again(ctx)
}

func (r *queryRun) ended(status types.QueryStatus) error {
	err := &queryError{id: aws.ToString(r.id), status: status}
	return &Error{Operation: "GetQueryResults", Detail: err.Error(), Err: err}
}

func (r *queryRun) results(ctx context.Context, token *string) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	in := &cloudwatchlogs.GetQueryResultsInput{QueryId: r.id, NextToken: token}
	out, err := r.client.logs.GetQueryResults(ctx, in, func(o *cloudwatchlogs.Options) {
		o.APIOptions = append(o.APIOptions, r.client.getQueryResults.meter(r.usage))
	})
	return out, wrap("GetQueryResults", err)
}

// rest is the rows of a complete query, from its first page on.
func (r *queryRun) rest(ctx context.Context, out *cloudwatchlogs.GetQueryResultsOutput) ([][]types.ResultField, error) {
	r.charge(out)
	rows := out.Results
	var guard tokens
	for {
		more, err := guard.next(out.NextToken)
		if err != nil {
			return nil, wrap("GetQueryResults", err)
		}
		if !more || len(rows) >= r.client.mostRows {
			return rows, nil
		}
		if out, err = r.results(ctx, out.NextToken); err != nil {
			return nil, err
		}
		rows = append(rows, out.Results...)
	}
}

// charge counts what the query cost.
func (r *queryRun) charge(out *cloudwatchlogs.GetQueryResultsOutput) {
	if out.Statistics != nil {
		cost := out.Statistics.BytesScanned * pricePerScannedByte
		r.usage.Add(Usage{CostLow: cost, CostHigh: cost})
	}
}

// stop stops the query, whatever became of ctx. That it cannot be stopped
// changes nothing: it has ended, or will after an hour.
func (r *queryRun) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	_, err := r.client.logs.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: r.id}, func(o *cloudwatchlogs.Options) {
		o.APIOptions = append(o.APIOptions, r.client.stopQuery.meter(r.usage))
	})
	if err != nil {
		r.client.log.Debug("stopping a query", "error", oneLine(err.Error()))
	}
}
