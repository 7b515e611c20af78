package server_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"sizewise/ingest/simaws/server"
)

func TestGetLogEvents(t *testing.T) {
	for _, forward := range []bool{true, false} {
		for _, limit := range []int32{1, 7, 40, 100} {
			_, url := serve(t, testAccount(), server.Options{})
			c := logClient(url)
			in := cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(logGroupName), LogStreamName: aws.String("AllTraffic/i-0aaa"), StartFromHead: &forward, Limit: &limit}
			var times []int64
			for pages := 0; ; pages++ {
				out, err := c.GetLogEvents(context.Background(), &in)
				if err != nil || pages > 50 {
					t.Fatalf("page %d: %v", pages, err)
				}
				next := out.NextBackwardToken
				if forward {
					next = out.NextForwardToken
				}
				page := make([]int64, len(out.Events))
				for i, e := range out.Events {
					page[i] = *e.Timestamp
				}
				if forward {
					times = append(times, page...)
				} else {
					times = append(page, times...)
				}
				if in.NextToken != nil && *next == *in.NextToken {
					break
				}
				in.NextToken = next
			}
			if len(times) != 40 || !slices.IsSorted(times) {
				t.Errorf("forward %v, limit %d: %d events, want 40 in order", forward, limit, len(times))
			}
		}
	}
}

func TestGetLogEventsWindow(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	g := testLogs()
	begin, end := g.Streams[0].Events[2].Time, g.Streams[0].Events[6].Time
	out, err := logClient(url).GetLogEvents(context.Background(), &cloudwatchlogs.GetLogEventsInput{
		LogGroupName: aws.String(logGroupName), LogStreamName: aws.String("AllTraffic/i-0aaa"),
		StartTime: aws.Int64(begin.UnixMilli()), EndTime: aws.Int64(end.UnixMilli()), Limit: aws.Int32(3),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, e := range out.Events {
		got = append(got, (*e.Timestamp-begin.UnixMilli())/2000)
	}
	if !slices.Equal(got, []int64{1, 2, 3}) { // the end is excluded, the newest page comes first
		t.Errorf("events %v, want 1 2 3", got)
	}
}
