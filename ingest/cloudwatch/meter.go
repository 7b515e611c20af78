package cloudwatch

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/time/rate"
)

// Prices in USD. Source: Amazon CloudWatch pricing page, us-east-1: 0.01 per
// 1,000 metrics requested with GetMetricData, which has no free tier, and 0.01
// per 1,000 ListMetrics requests beyond the first million of a month, and 0.005 per
// gigabyte that an Insights query scans. FilterLogEvents and SageMaker's Describe
// calls have no price.
const (
	pricePerMetric = 0.01 / 1000
	pricePerList   = 0.01 / 1000
	// pricePerScannedByte is that of Insights queries, 0.005 per gigabyte, which
	// AWS counts as 2^30 bytes.
	pricePerScannedByte = 0.005 / (1 << 30)
	// statsPerMetric is how many statistics of one metric in one request AWS
	// may count as one metric requested.
	statsPerMetric = 5
)

// Usage is what some calls took. Calls counts calls that the caller made,
// Retries the attempts beyond the first of each. The cost in USD is a range,
// because AWS does not say whether statistics of one metric are counted one by
// one: low counts up to five as one, high counts each.
type Usage struct {
	Calls    int64   `json:"calls"`
	Retries  int64   `json:"retries"`
	CostLow  float64 `json:"cost_low"`
	CostHigh float64 `json:"cost_high"`
}

// Add adds v to u.
func (u *Usage) Add(v Usage) {
	u.Calls += v.Calls
	u.Retries += v.Retries
	u.CostLow += v.CostLow
	u.CostHigh += v.CostHigh
}

// MetricCost is the price range in USD of asking GetMetricData for queries
// once. Each page of an answer costs as much again.
func MetricCost(queries []Query) (low, high float64) {
	stats := make(map[string]int, len(queries))
	for _, q := range queries {
		stats[q.Metric.Key()]++
	}
	metrics := 0
	for _, n := range stats {
		metrics += (n + statsPerMetric - 1) / statsPerMetric
	}
	return float64(metrics) * pricePerMetric, float64(len(queries)) * pricePerMetric
}

// limiter is a token bucket that cannot refuse: a request larger than the
// bucket waits for a full one.
type limiter struct {
	bucket *rate.Limiter
	burst  int
}

// newLimiter makes a bucket that fills at perSecond and holds one second's
// worth, at least burst.
func newLimiter(perSecond float64, burst int) *limiter {
	if math.IsInf(perSecond, 1) {
		return &limiter{bucket: rate.NewLimiter(rate.Inf, burst), burst: burst}
	}
	burst = max(burst, int(perSecond))
	return &limiter{bucket: rate.NewLimiter(rate.Limit(perSecond), burst), burst: burst}
}

func (l *limiter) wait(ctx context.Context, n int) error {
	return l.bucket.WaitN(ctx, min(n, l.burst))
}

// recentSpan is how old a request's start may be for its datapoints to count
// against the smaller of AWS's two quotas; the minute is for a clock that lags.
const recentSpan = 3*time.Hour + time.Minute

// bucket is the limiter of the datapoints of a request that begins at start.
func (c *Client) bucket(start time.Time) *limiter {
	if c.now != nil && c.now().Sub(start) > recentSpan {
		return c.older
	}
	return c.recent
}

// operation is one AWS operation with its limiter.
type operation struct {
	name  string
	limit *limiter
}

func newOperation(name string, perSecond float64) *operation {
	return &operation{name: name, limit: newLimiter(perSecond, 1)}
}

// meter returns a change to the SDK's stack that makes each attempt of one call
// pass the limiter and counts it in u.
func (o *operation) meter(u *Usage) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		first := true
		each := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
			middleware.FinalizeOutput, middleware.Metadata, error,
		) {
			if err := o.limit.wait(ctx, 1); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
			if first {
				u.Calls++
			} else {
				u.Retries++
			}
			first = false
			return next.HandleFinalize(ctx, in)
		}
		if err := stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("SizewiseAnswered", answered), middleware.After); err != nil {
			return fmt.Errorf("adding to the stack of %s: %w", o.name, err)
		}
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("SizewiseMeter", each), "Retry", middleware.After)
	}
}

// answered refuses an answer of no bytes, which the SDK takes for one that says
// there is nothing. Every operation here answers with a document, if an empty
// one.
func answered(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && err == nil && resp.StatusCode == http.StatusOK && resp.ContentLength == 0 {
		return out, metadata, &smithy.DeserializationError{Err: io.ErrUnexpectedEOF}
	}
	return out, metadata, err
}

// sleep waits d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
