package cloudwatch

import (
	"context"
	"errors"
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

// Readable says whether FilterLogEvents works on the group.
func (g LogGroup) Readable() bool {
	return g.Class == "" || g.Class == string(types.LogGroupClassStandard)
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
	Slices  int // slices of time that were asked for
	Usage   Usage
}

// LogPage is some events of one slice of time. The pages of a slice ascend in
// time and the events of one millisecond are all of one slice; the pages of
// different slices come interleaved.
type LogPage struct {
	Slice  int
	Events []Event
}

// Events hands every page of the group's events to page, from one goroutine at
// a time. A
// page that the service repeats is handed over once. After a restart (see the
// package comment) a few events can come twice; their IDs tell. An error of
// page ends the listing and is returned as it is.
func (c *Client) Events(ctx context.Context, r LogRequest, page func(LogPage) error) (LogResult, error) {
	l := &listing{client: c, input: &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(r.Group),
		StartTime:    aws.Int64(r.Start.UnixMilli()),
		// The service includes the end, the request does not.
		EndTime: aws.Int64(r.End.UnixMilli() - 1),
	}}
	if r.StreamPrefix != "" {
		l.input.LogStreamNamePrefix = aws.String(r.StreamPrefix)
	}
	if *l.input.EndTime < *l.input.StartTime {
		return LogResult{}, nil
	}
	l.result.Slices = 1
	err := l.run(ctx, page)
	return l.result, err
}

// listing is the state of one Events.
type listing struct {
	client *Client
	input  *cloudwatchlogs.FilterLogEventsInput
	result LogResult
	last   int64           // newest event seen, milliseconds
	before map[string]bool // event IDs of the page before
}

func (l *listing) run(ctx context.Context, page func(LogPage) error) error {
	repeats := 0
	for {
		out, err := l.client.logs.FilterLogEvents(ctx, l.input, func(o *cloudwatchlogs.Options) {
			o.APIOptions = append(o.APIOptions, l.client.filterLogEvents.meter(&l.result.Usage))
		})
		if err != nil {
			if l.restart(err) {
				continue
			}
			return wrap("FilterLogEvents", err)
		}
		if err := l.deliver(out.Events, page); err != nil {
			return err
		}
		next := aws.ToString(out.NextToken)
		switch {
		case next == "":
			return nil
		case next != aws.ToString(l.input.NextToken):
			repeats = 0
		case repeats == maxRepeats:
			l.result.Stopped = errRepeated.Error()
			return nil
		default:
			repeats++
		}
		l.input.NextToken = out.NextToken
	}
}

func (l *listing) deliver(events []types.FilteredLogEvent, page func(LogPage) error) error {
	if len(events) == 0 {
		return nil
	}
	batch := make([]Event, 0, len(events))
	ids := make(map[string]bool, len(events))
	for _, e := range events {
		id := aws.ToString(e.EventId)
		ids[id] = true
		if id != "" && l.before[id] {
			continue // the service repeated the page
		}
		ms := aws.ToInt64(e.Timestamp)
		l.last = max(l.last, ms)
		batch = append(batch, Event{
			TS:       ms * 1000,
			Ingested: aws.ToInt64(e.IngestionTime) * 1000,
			Stream:   aws.ToString(e.LogStreamName),
			ID:       id,
			Message:  aws.ToString(e.Message),
		})
	}
	l.before = ids
	if len(batch) == 0 {
		return nil
	}
	l.result.Events += int64(len(batch))
	return page(LogPage{Events: batch})
}

// restart begins anew at the newest event seen when err says that the token is
// no longer good. It does so only after progress, so it ends.
func (l *listing) restart(err error) bool {
	var invalid *types.InvalidParameterException
	if l.input.NextToken == nil || !errors.As(err, &invalid) || l.last <= *l.input.StartTime {
		return false
	}
	l.client.log.Debug("page token refused, starting again at the newest event", "error", oneLine(err.Error()))
	l.input.StartTime = aws.Int64(l.last)
	l.input.NextToken = nil
	return true
}
