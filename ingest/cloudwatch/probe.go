package cloudwatch

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Outcome is how a check ended.
type Outcome string

// The outcomes of a check.
const (
	Allowed    Outcome = "ok"
	Denied     Outcome = "denied"
	Unanswered Outcome = "other"     // Check.Detail says what happened
	NotAsked   Outcome = "not asked" // there was nothing to ask about
)

// Check is one permission, and what a cheap call that needs it was answered.
type Check struct {
	Action  string // cloudwatch:ListMetrics
	Outcome Outcome
	Detail  string // the error on one line, "" when allowed
}

// Quota is a limit of the account, as Service Quotas tells it.
type Quota struct {
	Service    string  // monitoring, logs
	Code       string  // L-5E141212
	Name       string  // Rate of GetMetricData requests
	Value      float64 // calls per second
	Adjustable bool    // AWS raises it on request
	Applied    bool    // Service Quotas says that it is the account's own rather than AWS's default
}

// ProbeRequest says what a probe is for.
type ProbeRequest struct {
	Kinds []ResourceKind // what is to be described; nil is every kind
	// Group is a log group that the credentials should be able to read. "" asks
	// for one below /aws/sagemaker/ that does not exist, which tells as much when
	// the policy is that of Policy.
	Group string
	// Now is the clock to compare with AWS's; nil takes Options.Now.
	Now func() time.Time
}

// ProbeResult is what the credentials may do, in which account, and how fast.
type ProbeResult struct {
	Account string // 12 digits, "" when not known
	Caller  string // the caller's ARN, "" when not known
	Region  string
	Checks  []Check // in the order in which they were made
	Quotas  []Quota // of the operations that sizewise uses, by service and code
	// Skew is how far this machine's clock is ahead of AWS's, to about a second.
	// SkewKnown is false when no answer had a date or there is no clock. AWS
	// refuses what is signed more than five minutes off.
	Skew      time.Duration
	SkewKnown bool
	Usage     Usage
}

// nobody is a name that no resource is expected to have: asking about it tells
// whether one may ask.
const nobody = "sizewise-doctor"

// Probe makes one cheap call for each action of DoctorPolicy, and asks Service Quotas
// for the account's limits. An answer that there is no such thing, or that it
// has the wrong form, is one that only who may ask gets. The whole costs 0.00001
// USD. The error is not nil only when ctx has ended: what AWS refuses is in the
// result.
func (c *Client) Probe(ctx context.Context, r ProbeRequest) (ProbeResult, error) {
	p := &prober{client: c, request: r, result: ProbeResult{Region: c.region}}
	if p.request.Now == nil {
		p.request.Now = c.now
	}
	if p.request.Group == "" {
		p.request.Group = "/aws/sagemaker/Endpoints/" + nobody
	}
	p.identity(ctx)
	p.metrics(ctx)
	p.logs(ctx)
	p.describe(ctx)
	p.quotas(ctx)
	if err := ctx.Err(); err != nil {
		return p.result, wrap("probing", err)
	}
	return p.result, nil
}

// prober is the state of one Probe.
type prober struct {
	client  *Client
	request ProbeRequest
	result  ProbeResult
}

// options are what each call of a probe adds to the SDK's stack.
func (p *prober) options(o *operation) []func(*middleware.Stack) error {
	return []func(*middleware.Stack) error{o.meter(&p.result.Usage), p.date}
}

// date notes what an answer, errors included, says of the time.
func (p *prober) date(stack *middleware.Stack) error {
	each := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && resp != nil && p.request.Now != nil {
			if theirs, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
				// The header drops the fraction of a second: half of one on average.
				p.result.Skew = p.request.Now().Sub(theirs.Add(time.Second / 2)).Round(time.Second)
				p.result.SkewKnown = true
			}
		}
		return out, metadata, err //nolint:wrapcheck // passes through
	}
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("SizewiseDate", each), middleware.After)
}

// check records what a call that needs action was answered.
func (p *prober) check(action string, err error) {
	check := Check{Action: action, Outcome: Allowed}
	var api smithy.APIError
	switch {
	case err == nil, errors.Is(err, ErrNotFound), errors.Is(err, ErrUnsupported):
	case errors.Is(err, ErrDenied):
		check.Outcome, check.Detail = Denied, oneLine(err.Error())
	case errors.As(err, &api) && api.ErrorCode() == "InvalidParameterException":
		// The name that nothing has is not even of the right form.
	default:
		check.Outcome, check.Detail = Unanswered, oneLine(err.Error())
	}
	p.result.Checks = append(p.result.Checks, check)
}

// identity asks who the caller is, which needs no permission.
func (p *prober) identity(ctx context.Context) {
	out, err := p.client.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
		o.APIOptions = append(o.APIOptions, p.options(p.client.getCallerIdentity)...)
	})
	p.check("sts:GetCallerIdentity", wrap("GetCallerIdentity", err))
	if err == nil {
		p.result.Account, p.result.Caller = aws.ToString(out.Account), aws.ToString(out.Arn)
	}
}
