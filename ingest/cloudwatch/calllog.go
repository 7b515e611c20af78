package cloudwatch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
)

// logCalls returns a change to the SDK's stack that makes a debug line of every
// call: its operation, how often it was made again, and how long it took by now,
// waiting for quotas and between attempts included. A nil now leaves that out.
func logCalls(log *slog.Logger, region string, now func() time.Time) func(*middleware.Stack) error {
	one := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
		middleware.InitializeOutput, middleware.Metadata, error,
	) {
		if !log.Enabled(ctx, slog.LevelDebug) {
			return next.HandleInitialize(ctx, in)
		}
		var began time.Time
		if now != nil {
			began = now()
		}
		out, metadata, err := next.HandleInitialize(ctx, in)
		said := []any{"operation", awsmiddleware.GetOperationName(ctx), "region", region}
		if now != nil {
			said = append(said, "duration", now().Sub(began).Round(time.Millisecond))
		}
		if attempts, ok := retry.GetAttemptResults(metadata); ok {
			said = append(said, "retries", max(0, len(attempts.Results)-1))
		}
		if err != nil {
			said = append(said, "error", oneLine(err.Error()))
		}
		log.Debug("AWS call", said...)
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		if err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("SizewiseCallLog", one), middleware.After); err != nil {
			return fmt.Errorf("adding to the stack: %w", err)
		}
		return nil
	}
}
