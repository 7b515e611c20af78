package cloudwatch

import (
	"context"
	"time"
)

// Outcome is how a probe ended.
type Outcome string

// The outcomes of a probe.
const (
	Allowed    Outcome = "ok"
	Denied     Outcome = "denied"
	Unanswered Outcome = "other" // Check.Detail says what happened
	NotAsked   Outcome = "not asked"
)

// Check is one permission and what a cheap call that needs it answered.
type Check struct {
	Action  string // cloudwatch:ListMetrics
	Outcome Outcome
	Detail  string // AWS's words when Outcome is neither Allowed nor NotAsked
}

// Quota is a limit of the account, as Service Quotas tells it.
type Quota struct {
	Service string // monitoring, logs
	Code    string // L-5E141212
	Name    string
	Value   float64
	Applied bool // the account's own value rather than AWS's default
}

// ProbeRequest says what a probe is for.
type ProbeRequest struct {
	Kinds []ResourceKind // what will be described; nil is every kind
	Group string         // a log group to read one event of; "" leaves reading out
	Now   func() time.Time
}

// ProbeResult is what the account lets its caller do.
type ProbeResult struct {
	Account string // 12 digits, "" when not known
	Caller  string // the caller's ARN, "" when not known
	Region  string
	Checks  []Check
	Quotas  []Quota
	// Skew is how far this machine's clock is ahead of AWS's, to the second;
	// SkewKnown is false when no answer carried a date.
	Skew      time.Duration
	SkewKnown bool
	Usage     Usage
}

// Probe makes one cheap call per permission. The error is not nil only when the
// context ended: what AWS refuses is in the result.
func (c *Client) Probe(ctx context.Context, r ProbeRequest) (ProbeResult, error) {
	return ProbeResult{Region: c.region}, ctx.Err()
}
