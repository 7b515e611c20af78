package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// roleDuration is how long assumed credentials last before they are renewed;
// an hour is the most that AWS gives a chain of roles.
const roleDuration = time.Hour

// assume puts the roles, one after the other, before the credentials of cfg.
func (o Options) assume(cfg aws.Config) aws.Config {
	for i, r := range o.Roles {
		client := sts.NewFromConfig(cfg, func(so *sts.Options) {
			so.Retryer = o.retryer()
			so.BaseEndpoint = o.baseEndpoint(so.BaseEndpoint)
		})
		provider := stscreds.NewAssumeRoleProvider(client, r.ARN, func(ro *stscreds.AssumeRoleOptions) {
			ro.Duration = roleDuration
			ro.RoleSessionName = "sizewise"
			if r.SessionName != "" {
				ro.RoleSessionName = r.SessionName
			}
			if r.ExternalID != "" {
				ro.ExternalID = aws.String(r.ExternalID)
			}
		})
		cfg.Credentials = aws.NewCredentialsCache(&link{
			provider: provider, before: cfg.Credentials, arn: r.ARN, number: i + 1, of: len(o.Roles),
		})
	}
	return cfg
}

// link is one role of a chain. Its error says which one it is.
type link struct {
	provider   aws.CredentialsProvider
	before     aws.CredentialsProvider // the credentials that it is assumed with
	arn        string
	number, of int
}

// Retrieve assumes the role. That the credentials before it cannot be had is
// their failure and passed on as it is.
func (l *link) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if _, err := l.before.Retrieve(ctx); err != nil {
		return aws.Credentials{}, err //nolint:wrapcheck // says itself which link it is
	}
	got, err := l.provider.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, &roleError{link: l, err: err}
	}
	return got, nil
}

// roleError is a link of a chain that could not be assumed.
type roleError struct {
	link *link
	err  error
}

// Error says which link failed and what STS said.
func (e *roleError) Error() string {
	return fmt.Sprintf("assuming role %s, %d of %d: %s", e.link.arn, e.link.number, e.link.of, e.err)
}

// Unwrap gives STS's error.
func (e *roleError) Unwrap() error { return e.err }

// detail is the link and STS's own words, on one line.
func (e *roleError) detail() string {
	words := innermost(e.err)
	var api smithy.APIError
	if errors.As(e.err, &api) {
		words = oneLine(api.ErrorCode() + ": " + api.ErrorMessage())
	}
	return fmt.Sprintf("%s, %d of %d: %s", e.link.arn, e.link.number, e.link.of, words)
}
