package server

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Quotas limits calls as an AWS account does, by token buckets that hold one
// second's worth and run on Options.Wall: with a clock that stands still they
// never refill.
type Quotas struct {
	PerSecond map[string]float64 // requests by operation; an operation that is not listed is free

	// GetMetricData data points asked for, that is queries times periods; 0 is free.
	RecentDatapoints float64 // per second, StartTime within the last 3 hours
	OlderDatapoints  float64 // per second, StartTime before that
}

// DefaultQuotas is what a new account has in most Regions. Sources: AWS General
// Reference, "Amazon CloudWatch endpoints and quotas" and "Amazon CloudWatch
// Logs endpoints and quotas".
func DefaultQuotas() *Quotas {
	return &Quotas{
		PerSecond: map[string]float64{
			"GetMetricData":       500,
			"GetMetricStatistics": 400,
			"ListMetrics":         25,
			"FilterLogEvents":     10,
			"GetLogEvents":        25,
			"DescribeLogStreams":  25,
			"DescribeLogGroups":   10,
			"StartQuery":          10,
			"GetQueryResults":     10,
		},
		RecentDatapoints: 180_000,
		OlderDatapoints:  396_000,
	}
}

// RegionQuotas is what a new account has in a Region.
func RegionQuotas(region string) *Quotas {
	q := DefaultQuotas()
	switch region {
	case "us-east-1":
		q.PerSecond["FilterLogEvents"] = 25
	case "ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1":
		q.PerSecond["FilterLogEvents"], q.PerSecond["GetLogEvents"] = 5, 10
	case "us-west-2", "eu-west-1":
		q.PerSecond["GetLogEvents"] = 10
	case "eu-west-3":
		q.PerSecond["GetLogEvents"] = 30
	}
	return q
}

// limiter holds the buckets. A nil limiter allows everything.
type limiter struct {
	mu            sync.Mutex
	calls         map[string]*rate.Limiter
	recent, older *rate.Limiter
}

func newLimiter(q *Quotas) *limiter {
	if q == nil {
		return nil
	}
	l := &limiter{calls: map[string]*rate.Limiter{}}
	for operation, perSecond := range q.PerSecond {
		l.calls[operation] = bucket(perSecond)
	}
	if q.RecentDatapoints > 0 {
		l.recent = bucket(q.RecentDatapoints)
	}
	if q.OlderDatapoints > 0 {
		l.older = bucket(q.OlderDatapoints)
	}
	return l
}

func bucket(perSecond float64) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond)))
}

// allow takes one call of an operation.
func (l *limiter) allow(operation string, now time.Time) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.calls[operation]
	return b == nil || b.AllowN(now, 1)
}

// allowDatapoints takes n data points of GetMetricData. A single call may ask
// for more than a second's worth; it then takes the whole bucket.
func (l *limiter) allowDatapoints(n int, recent bool, now time.Time) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.older
	if recent {
		b = l.recent
	}
	return b == nil || b.AllowN(now, min(n, b.Burst()))
}
