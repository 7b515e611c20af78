package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Query asks for one statistic of one metric.
type Query struct {
	Metric Metric
	Stat   string // CloudWatch's name: Sum, p99, p99.9
}

// MetricRequest is one call of GetMetricData: at most MaxQueries queries that
// share period and window.
type MetricRequest struct {
	Queries []Query
	PeriodS int32
	Start   time.Time // inclusive
	End     time.Time // exclusive
}

// Datapoints is how many points the request can have at most.
func (r MetricRequest) Datapoints() int64 {
	if r.PeriodS <= 0 {
		return 0
	}
	return int64(len(r.Queries)) * int64(r.End.Sub(r.Start)/time.Second) / int64(r.PeriodS)
}

// State is how a query ended.
type State int

// The states of a query. The zero value is Failed: what no answer mentions is
// not known, and never empty.
const (
	Failed    State = iota // nothing is known
	Complete               // all of it came, which may be nothing
	Partial                // some of it came
	Forbidden              // the credentials may not read this metric
)

// Point is one value; TS is microseconds since the epoch, the period's start.
type Point struct {
	TS    int64
	Value float64
}

// MetricResult is the answer to one query, points ascending in time.
type MetricResult struct {
	Points []Point
	State  State
	Reason string // why State is not Complete
}

// MetricData is the answer to a request.
type MetricData struct {
	Results []MetricResult // by index of MetricRequest.Queries
	Usage   Usage
}

// refetches is how often queries that ended in InternalError are asked again.
const refetches = 2

// Fetch asks GetMetricData, all pages, ascending in time. Results has an
// element for each query also when an error is returned; what came before the
// error is kept, its state says Partial.
func (c *Client) Fetch(ctx context.Context, r MetricRequest) (MetricData, error) {
	if len(r.Queries) == 0 || len(r.Queries) > MaxQueries {
		return MetricData{}, fmt.Errorf("asking for %d metrics in one call: want 1 to %d", len(r.Queries), MaxQueries)
	}
	f := &fetch{client: c, request: r, results: make([]MetricResult, len(r.Queries))}
	for i := range r.Queries {
		f.todo = append(f.todo, i)
	}
	var err error
	for round := 0; len(f.todo) > 0; round++ {
		if err = f.pages(ctx); err != nil || round == refetches {
			break
		}
		f.todo = f.internalErrors()
		if len(f.todo) > 0 {
			c.log.Debug("asking again after internal errors", "queries", len(f.todo))
			if err = sleep(ctx, min(time.Second<<round, c.backoff)); err != nil {
				break
			}
		}
	}
	f.finish(err)
	return MetricData{Results: f.results, Usage: f.usage}, err
}

// fetch is the state of one Fetch.
type fetch struct {
	client  *Client
	request MetricRequest
	todo    []int // indexes of queries in the current round
	results []MetricResult
	codes   map[int]types.StatusCode // last status of each query in the round
	message string                   // CloudWatch's words on the whole request
	usage   Usage
}

// pages asks for todo, page by page, and merges the points by query.
func (f *fetch) pages(ctx context.Context) error {
	in := f.input()
	f.codes = make(map[int]types.StatusCode, len(f.todo))
	for _, i := range f.todo {
		f.results[i] = MetricResult{}
	}
	asked := f.request
	asked.Queries = make([]Query, 0, len(f.todo))
	for _, i := range f.todo {
		asked.Queries = append(asked.Queries, f.request.Queries[i])
	}
	if err := f.client.bucket(asked.Start).wait(ctx, int(asked.Datapoints())); err != nil {
		return wrap("GetMetricData", err)
	}
	low, high := MetricCost(asked.Queries)
	var guard tokens
	for {
		out, err := f.client.metrics.GetMetricData(ctx, in, func(o *sdk.Options) {
			o.APIOptions = append(o.APIOptions, f.client.getMetricData.meter(&f.usage))
		})
		if err != nil {
			return wrap("GetMetricData", err)
		}
		f.usage.Add(Usage{CostLow: low, CostHigh: high})
		f.merge(out)
		more, err := guard.next(out.NextToken)
		if err != nil {
			return wrap("GetMetricData", err)
		}
		if !more {
			return nil
		}
		in.NextToken = out.NextToken
	}
}

func (f *fetch) input() *sdk.GetMetricDataInput {
	in := &sdk.GetMetricDataInput{
		StartTime: aws.Time(f.request.Start),
		EndTime:   aws.Time(f.request.End),
		ScanBy:    types.ScanByTimestampAscending,
	}
	for _, i := range f.todo {
		q := f.request.Queries[i]
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{
			Id: aws.String("q" + strconv.Itoa(i)),
			MetricStat: &types.MetricStat{
				Metric: q.Metric.sdk(),
				Period: aws.Int32(f.request.PeriodS),
				Stat:   aws.String(q.Stat),
			},
		})
	}
	return in
}

func (f *fetch) merge(out *sdk.GetMetricDataOutput) {
	for _, m := range out.Messages {
		f.message = oneLine(aws.ToString(m.Code) + ": " + aws.ToString(m.Value))
	}
	for _, r := range out.MetricDataResults {
		i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "q"))
		if err != nil || i < 0 || i >= len(f.results) {
			continue // an answer to a question that was not asked
		}
		got := &f.results[i]
		n := min(len(r.Timestamps), len(r.Values))
		got.Points = slices.Grow(got.Points, n)
		for k := range n {
			got.Points = append(got.Points, Point{TS: r.Timestamps[k].UnixMicro(), Value: r.Values[k]})
		}
		for _, m := range r.Messages {
			got.Reason = oneLine(aws.ToString(m.Code) + ": " + aws.ToString(m.Value))
		}
		f.codes[i] = r.StatusCode
		got.State = state(r.StatusCode)
	}
}

func state(code types.StatusCode) State {
	switch code {
	case types.StatusCodeComplete:
		return Complete
	case types.StatusCodePartialData:
		return Partial
	case types.StatusCodeForbidden:
		return Forbidden
	default:
		return Failed
	}
}

// internalErrors are the queries of this round that are worth asking again.
func (f *fetch) internalErrors() []int {
	var again []int
	for _, i := range f.todo {
		if f.codes[i] == types.StatusCodeInternalError {
			again = append(again, i)
		}
	}
	return again
}

// finish settles every state: nothing stays Complete that CloudWatch put in
// doubt, and nothing without a reason.
func (f *fetch) finish(err error) {
	for i := range f.results {
		r := &f.results[i]
		r.Points = ascending(r.Points)
		if r.State == Complete && f.message == "" {
			continue
		}
		if r.State == Complete || r.State == Failed || r.State == Partial {
			r.State = Failed
			if len(r.Points) > 0 {
				r.State = Partial
			}
		}
		if r.Reason == "" {
			r.Reason = f.reason(i, r.State, err)
		}
		if errors.Is(err, ErrDenied) && r.State == Failed {
			r.State = Forbidden
		}
	}
}

func (f *fetch) reason(i int, s State, err error) string {
	switch {
	case err != nil:
		return oneLine(err.Error())
	case s == Forbidden:
		return "CloudWatch forbids reading this metric"
	case f.message != "":
		return f.message
	case f.codes[i] == types.StatusCodeInternalError:
		return "CloudWatch failed internally, several times"
	case f.codes[i] == types.StatusCodePartialData:
		return "CloudWatch returned partial data and no further page"
	default:
		return "the answer does not mention this metric"
	}
}

// ascending sorts by time and keeps the last of equal times.
func ascending(p []Point) []Point {
	slices.SortStableFunc(p, func(a, b Point) int { return cmp.Compare(a.TS, b.TS) })
	kept := p[:0]
	for i, v := range p {
		if i+1 < len(p) && p[i+1].TS == v.TS {
			continue
		}
		kept = append(kept, v)
	}
	return kept
}
