package cloudwatch

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// LogGroup is what CloudWatch Logs says of a group.
type LogGroup struct {
	Name          string
	Account       string // 12 digits, from the ARN
	Class         string // STANDARD, INFREQUENT_ACCESS, DELIVERY
	Created       time.Time
	StoredBytes   int64
	RetentionDays int32 // 0 keeps for ever
}

// Readable says whether Events can read the group.
func (g LogGroup) Readable() bool {
	switch types.LogGroupClass(g.Class) {
	case "", types.LogGroupClassStandard, types.LogGroupClassInfrequentAccess:
		return true
	default:
		return false
	}
}

// Group describes the group of exactly this name. The error wraps ErrNotFound
// when there is none.
func (c *Client) Group(ctx context.Context, name string) (LogGroup, Usage, error) {
	in := &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(name)}
	var usage Usage
	var guard tokens
	for {
		out, err := c.logs.DescribeLogGroups(ctx, in, func(o *cloudwatchlogs.Options) {
			o.APIOptions = append(o.APIOptions, c.describeLogGroups.meter(&usage))
		})
		if err != nil {
			return LogGroup{}, usage, wrap("DescribeLogGroups", err)
		}
		for _, g := range out.LogGroups {
			if aws.ToString(g.LogGroupName) == name {
				return groupFromSDK(g), usage, nil
			}
		}
		more, err := guard.next(out.NextToken)
		if err != nil {
			return LogGroup{}, usage, wrap("DescribeLogGroups", err)
		}
		if !more {
			return LogGroup{}, usage, &Error{Operation: "DescribeLogGroups", Reason: ErrNotFound, Detail: "log group " + name}
		}
		in.NextToken = out.NextToken
	}
}

func groupFromSDK(g types.LogGroup) LogGroup {
	out := LogGroup{
		Name:          aws.ToString(g.LogGroupName),
		Class:         string(g.LogGroupClass),
		StoredBytes:   aws.ToInt64(g.StoredBytes),
		RetentionDays: aws.ToInt32(g.RetentionInDays),
	}
	if a, err := arn.Parse(aws.ToString(g.Arn)); err == nil {
		out.Account = a.AccountID
	}
	if g.CreationTime != nil {
		out.Created = time.UnixMilli(*g.CreationTime).UTC()
	}
	return out
}

// LogRequest asks for the events of one group.
type LogRequest struct {
	Group        string
	StreamPrefix string    // "" for all streams
	Class        string    // the group's class: "" or STANDARD is read with FilterLogEvents, INFREQUENT_ACCESS with Insights queries
	Start        time.Time // inclusive
	End          time.Time // exclusive
}

// Event is one log event as CloudWatch Logs returns it.
type Event struct {
	TS       int64 // microseconds since the epoch, whole milliseconds
	Ingested int64 // microseconds, 0 unknown
	Stream   string
	ID       string
	Message  string
}

// LogResult is how a listing of events ended.
type LogResult struct {
	Events int64
	// Stopped says why the listing ended before the service said it was at its
	// end; "" when all came.
	Stopped string
	Gaps    []LogGap // what Stopped is about, by time
	Slices  int      // slices of time that were asked for
	Usage   Usage
}

// LogGap is a stretch of a window of which not all events came.
type LogGap struct {
	Start, End time.Time // End is exclusive
	Reason     string
}

// say sums the gaps up in Stopped.
func (r *LogResult) say() {
	if len(r.Gaps) == 0 {
		return
	}
	g := r.Gaps[0]
	r.Stopped = fmt.Sprintf("%s; events from %s to %s are missing", g.Reason, g.Start.Format(time.RFC3339Nano), g.End.Format(time.RFC3339Nano))
	if n := len(r.Gaps) - 1; n > 0 {
		r.Stopped += fmt.Sprintf(", and of %d more stretches", n)
	}
}

// LogPage is some events of one slice of time. The pages of a slice ascend in
// time and the events of one millisecond are all of one slice; the pages of
// different slices come interleaved.
type LogPage struct {
	Slice  int
	Events []Event
}
