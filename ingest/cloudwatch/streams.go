package cloudwatch

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Stream is what CloudWatch Logs says of a log stream. Last and Ingested lag,
// typically by less than an hour: they are no reason to leave a stream out.
type Stream struct {
	Name     string
	First    time.Time // oldest event, zero when not said
	Last     time.Time // newest event, zero when not said
	Ingested time.Time // last time an event came in, zero when not said
	Created  time.Time
}

// Streams lists the streams of a group whose names begin with prefix, by name.
// On an error the streams listed so far are returned with it.
func (c *Client) Streams(ctx context.Context, group, prefix string) ([]Stream, Usage, error) {
	in := &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(group)}
	if prefix != "" {
		in.LogStreamNamePrefix = aws.String(prefix)
	}
	var usage Usage
	var found []Stream
	var guard tokens
	for {
		out, err := c.logs.DescribeLogStreams(ctx, in, func(o *cloudwatchlogs.Options) {
			o.APIOptions = append(o.APIOptions, c.describeLogStreams.meter(&usage))
		})
		if err != nil {
			return found, usage, wrap("DescribeLogStreams", err)
		}
		for _, s := range out.LogStreams {
			found = append(found, streamFromSDK(s))
		}
		more, err := guard.next(out.NextToken)
		if err != nil {
			return found, usage, wrap("DescribeLogStreams", err)
		}
		if !more {
			return found, usage, nil
		}
		in.NextToken = out.NextToken
	}
}

func streamFromSDK(s types.LogStream) Stream {
	return Stream{
		Name:     aws.ToString(s.LogStreamName),
		First:    milliTime(s.FirstEventTimestamp),
		Last:     milliTime(s.LastEventTimestamp),
		Ingested: milliTime(s.LastIngestionTime),
		Created:  milliTime(s.CreationTime),
	}
}

// milliTime is the time of epoch milliseconds, zero when there are none.
func milliTime(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return time.UnixMilli(*ms).UTC()
}
