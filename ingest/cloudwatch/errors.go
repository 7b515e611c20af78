package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Reason is why AWS could not be asked or would not answer. Each is one line
// that says what to do; test for one with errors.Is.
type Reason string //nolint:errname // its constants are sentinel errors and have their names

// The reasons.
const (
	ErrNoRegion      Reason = "no AWS region: give --region, set AWS_REGION, or set region in the AWS profile"
	ErrNoProfile     Reason = "no such AWS profile: see aws configure list-profiles"
	ErrNoCredentials Reason = "no AWS credentials found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws sso login"
	ErrExpired       Reason = "the AWS session has expired: run aws sso login, or renew the session token"
	ErrRole          Reason = "the role cannot be assumed: check its trust policy, the external id, and that the caller may sts:AssumeRole it"
	ErrRejected      Reason = "AWS does not accept these credentials: check the keys, the session token and this machine's clock"
	ErrDenied        Reason = "access denied: the credentials lack a read permission, sizewise plan prints the IAM policy it needs"
	ErrUnreachable   Reason = "AWS cannot be reached: check the network, the region and --endpoint-url"
	ErrGaveUp        Reason = "AWS does not answer: not asked again in this run"
	ErrThrottled     Reason = "AWS kept throttling: try again later, or ask for a smaller window"
	ErrNotFound      Reason = "not found"
	ErrUnsupported   Reason = "not supported for this log class: sizewise reads log groups of the classes STANDARD and INFREQUENT_ACCESS"
)

// Error makes a Reason an error.
func (r Reason) Error() string { return string(r) }

// Error is a failed operation. It prints as one line.
type Error struct {
	Operation string // for example GetMetricData, "" while connecting
	Reason    Reason // "" when it is none of the known ones
	Detail    string // AWS's own words, one line
	Err       error  // what the SDK returned
}

// Error joins operation, reason and detail on one line.
func (e *Error) Error() string {
	var parts []string
	for _, p := range []string{e.Operation, string(e.Reason)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	text := strings.Join(parts, ": ")
	switch {
	case e.Detail == "":
		return text
	case e.Reason == "":
		return text + ": " + e.Detail
	default:
		return text + " (" + e.Detail + ")"
	}
}

// Unwrap gives the reason and the SDK's error.
func (e *Error) Unwrap() []error {
	var errs []error
	if e.Reason != "" {
		errs = append(errs, e.Reason)
	}
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	return errs
}

// wrap turns what the SDK returned for an operation into an *Error, or passes a
// cancelled context through.
func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	var cancelled *aws.RequestCanceledError
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &cancelled) {
		return fmt.Errorf("%s: %w", operation, err)
	}
	e := &Error{Operation: operation, Err: err, Detail: oneLine(err.Error())}
	var api smithy.APIError
	var send *smithyhttp.RequestSendError
	var network net.Error
	var role *roleError
	var gaveUp *gaveUpError
	switch {
	case errors.As(err, &gaveUp):
		e.Reason, e.Detail = ErrGaveUp, oneLine(gaveUp.Error())
	case errors.As(err, &role):
		e.Reason, e.Detail = ErrRole, role.detail()
	case errors.As(err, &api):
		e.Reason = apiReason(operation, api)
		e.Detail = oneLine(api.ErrorCode() + ": " + api.ErrorMessage())
	case credentialsFailed(err):
		e.Reason = credentialsReason(err)
	case errors.As(err, &send), errors.As(err, &network):
		e.Reason = ErrUnreachable
		e.Detail = innermost(err)
	}
	return e
}

func apiReason(operation string, api smithy.APIError) Reason {
	message := api.ErrorMessage()
	switch api.ErrorCode() {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized":
		return ErrDenied
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired":
		return ErrExpired
	case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch",
		"MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature", "InvalidAccessKeyId":
		return ErrRejected
	case "ResourceNotFoundException", "ResourceNotFound", "NoSuchBucket", "NoSuchKey", "NoSuchResourceException":
		return ErrNotFound
	case "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException":
		return ErrThrottled
	case "InvalidOperationException", "ValidationException", "InvalidParameterException":
		// SageMaker answers ValidationException for an unknown name, and
		// Logs words a wrong log class in two ways.
		lower := strings.ToLower(message)
		switch {
		case strings.HasPrefix(operation, "Describe") && (strings.Contains(lower, "could not find") ||
			strings.Contains(lower, "requested resource not found") || strings.Contains(lower, "recordnotfound")):
			return ErrNotFound
		case strings.Contains(lower, "log-group-class"), strings.Contains(lower, "log class"):
			return ErrUnsupported
		}
	}
	return ""
}

func configError(profile string, err error) error {
	var missing config.SharedConfigProfileNotExistError
	if errors.As(err, &missing) {
		return &Error{Reason: ErrNoProfile, Detail: profileName(profile), Err: err}
	}
	if credentialsFailed(err) {
		return credentialsError(profile, err)
	}
	return fmt.Errorf("reading the AWS configuration: %w", err)
}

func credentialsError(profile string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("getting AWS credentials: %w", err)
	}
	e := &Error{Reason: credentialsReason(err), Err: err}
	var role *roleError
	switch {
	case errors.As(err, &role):
		e.Reason, e.Detail = ErrRole, role.detail()
	case e.Reason == ErrExpired:
		e.Detail = profileName(profile)
	case !strings.Contains(err.Error(), "IMDS"):
		// The chain's last link is the instance role; that it is missing says
		// nothing to somebody on a laptop.
		e.Detail = oneLine(err.Error())
	}
	return e
}

// credentialsFailed says whether err comes from the credential chain. The SDK
// has no type for it.
func credentialsFailed(err error) bool {
	text := err.Error()
	for _, mark := range []string{"get identity", "get credentials", "refresh cached credentials", "SSO", "IMDS"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

func credentialsReason(err error) Reason {
	text := strings.ToLower(err.Error())
	for _, mark := range []string{"expired", "sso token", "sso session", "invalidgrant", "unauthorizedexception", "refresh cached sso"} {
		if strings.Contains(text, mark) {
			return ErrExpired
		}
	}
	return ErrNoCredentials
}

func profileName(profile string) string {
	if profile == "" {
		return ""
	}
	return "profile " + profile
}

// innermost is the text of the deepest wrapped error: "connection refused"
// rather than the five layers above it.
func innermost(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return oneLine(op.Error())
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return oneLine(err.Error())
		}
		err = inner
	}
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "..."
	}
	return s
}
