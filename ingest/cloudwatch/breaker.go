package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// leastSilent is how many attempts in a row must have had no answer before a
// breaker opens, however long they took.
const leastSilent = 3

// breaker ends the asking of one account and region when nothing answers. Of an
// operation that has had no answer for so long nothing more is asked, and of no
// operation when none has had one, of two that were asked. Once open it stays so:
// it is of one run.
type breaker struct {
	patience time.Duration
	now      func() time.Time

	mu   sync.Mutex
	rows map[string]*silence // by operation; "" is of all
}

// silence is a row of attempts that had no answer.
type silence struct {
	attempts int
	since    time.Time // when the first of them began
	why      string    // how the last one ended
	open     bool
}

// gaveUpError is that of a call that was not made, or not again. It hides the
// last attempt's error from the SDK, which would try again.
type gaveUpError struct {
	patience time.Duration
	why      string
}

// Error says for how long nothing answered, and how the last attempt ended.
func (e *gaveUpError) Error() string { return fmt.Sprintf("no answer for %s: %s", e.patience, e.why) }

// RetryableError tells the SDK that another attempt is in vain.
func (e *gaveUpError) RetryableError() bool { return false }

func newBreaker(patience time.Duration, now func() time.Time) *breaker {
	if patience <= 0 || now == nil {
		return nil
	}
	return &breaker{patience: patience, now: now, rows: map[string]*silence{}}
}

// refuse is the error for an operation that is not asked any more.
func (b *breaker) refuse(operation string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range []string{"", operation} {
		if s := b.rows[name]; s != nil && s.open {
			return &gaveUpError{b.patience, s.why}
		}
	}
	return nil
}

// note counts how an attempt ended that began at a time.
func (b *breaker) note(operation string, began time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range []string{operation, ""} {
		s := b.rows[name]
		switch {
		case s != nil && s.open:
		case answersAnything(err):
			delete(b.rows, name)
		default:
			if s == nil {
				s = &silence{since: began}
				b.rows[name] = s
			}
			s.attempts++
			s.why = innermost(err)
			s.open = s.attempts >= leastSilent && b.now().Sub(s.since) >= b.patience && (name != "" || b.silent() > 1)
		}
	}
}

// silent is how many operations do not answer.
func (b *breaker) silent() int {
	n := 0
	for name, s := range b.rows {
		if name != "" && s.attempts >= leastSilent {
			n++
		}
	}
	return n
}

// answersAnything says whether the service itself answered: also a refusal and a
// throttle are answers.
func answersAnything(err error) bool {
	if err == nil {
		return true
	}
	var answer *smithyhttp.ResponseError
	return errors.As(err, &answer) && answer.HTTPStatusCode() > 0 && answer.HTTPStatusCode() < http.StatusInternalServerError
}

// guard is the change to the SDK's stack that lets the breaker see each attempt.
func (b *breaker) guard(stack *middleware.Stack) error {
	whole := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
		middleware.InitializeOutput, middleware.Metadata, error,
	) {
		if err := b.refuse(awsmiddleware.GetOperationName(ctx)); err != nil {
			return middleware.InitializeOutput{}, middleware.Metadata{}, err
		}
		return next.HandleInitialize(ctx, in)
	}
	each := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		operation, began := awsmiddleware.GetOperationName(ctx), b.now()
		if err := b.refuse(operation); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		out, metadata, err := next.HandleFinalize(ctx, in)
		var cancelled *aws.RequestCanceledError
		if ctx.Err() != nil || errors.As(err, &cancelled) {
			return out, metadata, err
		}
		b.note(operation, began, err)
		if err != nil {
			if stop := b.refuse(operation); stop != nil {
				return out, metadata, stop
			}
		}
		return out, metadata, err
	}
	if err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("SizewiseBreaker", whole), middleware.After); err != nil {
		return fmt.Errorf("adding to the stack: %w", err)
	}
	if err := stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("SizewiseBreakerAttempt", each), "Retry", middleware.After); err != nil {
		return fmt.Errorf("adding to the stack: %w", err)
	}
	return nil
}
