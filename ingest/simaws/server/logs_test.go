package server_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"pgregory.net/rapid"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// errorer is what both *testing.T and *rapid.T can do.
type errorer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// filterAll reads every page of FilterLogEvents.
func filterAll(t errorer, c *cloudwatchlogs.Client, in cloudwatchlogs.FilterLogEventsInput) (events []logtypes.FilteredLogEvent, pages, empty int) {
	t.Helper()
	for {
		out, err := c.FilterLogEvents(context.Background(), &in)
		if err != nil {
			t.Fatalf("FilterLogEvents: %v", err)
		}
		pages++
		if len(out.Events) == 0 {
			empty++
		}
		events = append(events, out.Events...)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return events, pages, empty
		}
	}
}

func TestFilterLogEvents(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := logClient(url)
	g := testLogs()
	first, last := g.Streams[0].Events[0].Time, g.Streams[1].Events[39].Time
	for _, tt := range []struct {
		name   string
		in     cloudwatchlogs.FilterLogEventsInput
		events int
	}{
		{"all", cloudwatchlogs.FilterLogEventsInput{}, 80},
		{"by ARN", cloudwatchlogs.FilterLogEventsInput{LogGroupIdentifier: aws.String("arn:aws:logs:us-east-1:123456789012:log-group:" + logGroupName)}, 80},
		{"both ends included", cloudwatchlogs.FilterLogEventsInput{StartTime: aws.Int64(first.UnixMilli()), EndTime: aws.Int64(last.UnixMilli())}, 80},
		{"last millisecond cut", cloudwatchlogs.FilterLogEventsInput{EndTime: aws.Int64(last.UnixMilli() - 1)}, 79},
		{"first millisecond cut", cloudwatchlogs.FilterLogEventsInput{StartTime: aws.Int64(first.UnixMilli() + 1)}, 79},
		{"stream", cloudwatchlogs.FilterLogEventsInput{LogStreamNames: []string{"AllTraffic/i-0bbb"}}, 40},
		{"prefix", cloudwatchlogs.FilterLogEventsInput{LogStreamNamePrefix: aws.String("AllTraffic/i-0a")}, 40},
		{"term", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("ERROR")}, 8},
		{"case matters", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("error")}, 0},
		{"phrase", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String(`"worker \"died\""`)}, 8},
		{"two terms", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("ERROR INFO")}, 0},
		{"optional terms", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("?ERROR ?INFO")}, 80},
		{"excluded term", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("-ERROR")}, 72},
	} {
		if tt.in.LogGroupIdentifier == nil {
			tt.in.LogGroupName = aws.String(logGroupName)
		}
		events, _, _ := filterAll(t, c, tt.in)
		if len(events) != tt.events {
			t.Errorf("%s: %d events, want %d", tt.name, len(events), tt.events)
		}
		if !slices.IsSortedFunc(events, func(a, b logtypes.FilteredLogEvent) int { return int(*a.Timestamp - *b.Timestamp) }) {
			t.Errorf("%s: not in the order of time", tt.name)
		}
	}
	events, pages, empty := filterAll(t, c, cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)})
	if pages != 4 || empty != 2 { // before the first, the quiet two hours, after the last
		t.Errorf("%d pages, %d of them empty, want 4 and 2", pages, empty)
	}
	ids := map[string]bool{}
	for _, e := range events {
		if len(*e.EventId) != 56 || strings.Trim(*e.EventId, "0123456789") != "" {
			t.Fatalf("event id %q", *e.EventId)
		}
		ids[*e.EventId] = true
	}
	if len(ids) != 80 {
		t.Errorf("%d different event ids, want 80", len(ids))
	}
	if e := events[6]; *e.Message != "ERROR worker \"died\"\n\tat predict é" || *e.IngestionTime-*e.Timestamp != 1500 || *e.LogStreamName != "AllTraffic/i-0aaa" {
		t.Errorf("event %+v", e)
	}
}

func TestFilterLogEventsNewestFirst(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{LogPageEvents: 7})
	in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName), StartFromHead: aws.Bool(false), StartTime: aws.Int64(t0.Add(-24 * time.Hour).UnixMilli())}
	events, _, _ := filterAll(t, logClient(url), in)
	if len(events) != 80 || !slices.IsSortedFunc(events, func(a, b logtypes.FilteredLogEvent) int { return int(*b.Timestamp - *a.Timestamp) }) {
		t.Errorf("%d events, want 80, newest first", len(events))
	}
}

func TestFilterLogEventsPages(t *testing.T) {
	acct := testAccount()
	for _, o := range []server.Options{{}, {LogScanEvents: 3}, {LogPageBytes: 100, LogGap: time.Second}, {LogPageEvents: 9, LogGap: 1000 * time.Hour}} {
		_, url := serve(t, acct, o)
		c := logClient(url)
		rapid.Check(t, func(t *rapid.T) {
			in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName), Limit: aws.Int32(rapid.Int32Range(1, 90).Draw(t, "limit"))}
			want := 80
			if rapid.Bool().Draw(t, "errors only") {
				in.FilterPattern, want = aws.String("ERROR"), 8
			}
			events, _, _ := filterAll(t, c, in)
			seen := map[string]bool{}
			for _, e := range events {
				if seen[*e.EventId] {
					t.Fatalf("event %s twice", *e.EventId)
				}
				seen[*e.EventId] = true
			}
			if len(events) != want {
				t.Fatalf("union of pages has %d events, want %d", len(events), want)
			}
		})
	}
}

func TestFilterLogEventsPageLimits(t *testing.T) {
	acct := testAccount()
	g := account.LogGroup{Name: "/big", Streams: []account.LogStream{{Name: "s"}}}
	for i := range 10_001 {
		g.Streams[0].Events = append(g.Streams[0].Events, account.LogEvent{Time: t0.Add(time.Duration(i) * time.Millisecond), Message: "x"})
	}
	wide := account.LogGroup{Name: "/wide", Streams: []account.LogStream{{Name: "s"}}}
	for i := range 30 {
		wide.Streams[0].Events = append(wide.Streams[0].Events, account.LogEvent{Time: t0.Add(time.Duration(i) * time.Millisecond), Message: strings.Repeat("x", 100_000)})
	}
	acct.LogGroups = append(acct.LogGroups, g, wide)
	_, url := serve(t, acct, server.Options{})
	for group, want := range map[string]int{"/big": 10_000, "/wide": 10} { // 10 x 100,026 bytes fit into 1 MiB
		out, err := logClient(url).FilterLogEvents(context.Background(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group, StartTime: aws.Int64(t0.UnixMilli())})
		if err != nil {
			t.Fatalf("%s: %v", group, err)
		}
		if len(out.Events) != want || out.NextToken == nil {
			t.Errorf("%s: %d events on the first page, want %d and a token", group, len(out.Events), want)
		}
	}
}

func TestLateEventsAppear(t *testing.T) {
	acct := testAccount()
	events := acct.LogGroups[0].Streams[0].Events
	events[5].Ingested = now.Add(time.Hour)
	for at, want := range map[time.Time]int{now: 79, now.Add(2 * time.Hour): 80} {
		_, url := serve(t, acct, server.Options{Now: fixedClock(at)})
		got, _, _ := filterAll(t, logClient(url), cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)})
		if len(got) != want {
			t.Errorf("at %s: %d events, want %d", at, len(got), want)
		}
	}
}

func TestTokensExpire(t *testing.T) {
	clock := now
	_, url := serve(t, testAccount(), server.Options{Now: func() time.Time { return clock }})
	in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)}
	out, err := logClient(url).FilterLogEvents(context.Background(), &in)
	if err != nil {
		t.Fatal(err)
	}
	in.NextToken = out.NextToken
	clock = now.Add(25 * time.Hour)
	_, err = logClient(url).FilterLogEvents(context.Background(), &in)
	var invalid *logtypes.InvalidParameterException
	if !errors.As(err, &invalid) {
		t.Errorf("token of yesterday: %v", err)
	}
}

func TestDescribeLogs(t *testing.T) {
	acct := testAccount()
	for i := range 120 {
		acct.LogGroups = append(acct.LogGroups, account.LogGroup{Name: fmt.Sprintf("/many/%03d", i), Created: t0})
	}
	_, url := serve(t, acct, server.Options{})
	c := logClient(url)
	count := func(in cloudwatchlogs.DescribeLogGroupsInput) (n int) {
		pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(c, &in)
		for pages.HasMorePages() {
			out, err := pages.NextPage(context.Background())
			if err != nil || len(out.LogGroups) > 50 {
				t.Fatalf("page of %d: %v", len(out.LogGroups), err)
			}
			n += len(out.LogGroups)
		}
		return n
	}
	if got := count(cloudwatchlogs.DescribeLogGroupsInput{}); got != 122 {
		t.Errorf("%d groups, want 122", got)
	}
	if got := count(cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/many/01")}); got != 10 {
		t.Errorf("%d groups by prefix, want 10", got)
	}
	out, err := c.DescribeLogGroups(context.Background(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("Endpoints")})
	if err != nil || len(out.LogGroups) != 1 || out.LogGroups[0].LogGroupClass != "" || !strings.HasSuffix(*out.LogGroups[0].Arn, ":*") {
		t.Errorf("by pattern: %+v, %v", out, err)
	}
	for _, tt := range []struct {
		in   cloudwatchlogs.DescribeLogStreamsInput
		want []string
	}{
		{cloudwatchlogs.DescribeLogStreamsInput{}, []string{"AllTraffic/i-0aaa", "AllTraffic/i-0bbb"}},
		{cloudwatchlogs.DescribeLogStreamsInput{LogStreamNamePrefix: aws.String("AllTraffic/i-0b")}, []string{"AllTraffic/i-0bbb"}},
		{cloudwatchlogs.DescribeLogStreamsInput{OrderBy: logtypes.OrderByLastEventTime, Descending: aws.Bool(true)}, []string{"AllTraffic/i-0bbb", "AllTraffic/i-0aaa"}},
	} {
		tt.in.LogGroupName = aws.String(logGroupName)
		out, err := c.DescribeLogStreams(context.Background(), &tt.in)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range out.LogStreams {
			got = append(got, *s.LogStreamName)
			if *s.LastEventTimestamp <= *s.FirstEventTimestamp || *s.LastIngestionTime-*s.LastEventTimestamp != 1500 {
				t.Errorf("stream %+v", s)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("streams %v, want %v", got, tt.want)
		}
	}
}

func TestLogErrors(t *testing.T) {
	_, url := serve(t, testAccount(), server.Options{})
	c := logClient(url)
	ctx := context.Background()
	filter := func(in cloudwatchlogs.FilterLogEventsInput) error {
		if in.LogGroupName == nil {
			in.LogGroupName = aws.String(logGroupName)
		}
		_, err := c.FilterLogEvents(ctx, &in)
		return err
	}
	_, unknownStream := c.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(logGroupName), LogStreamName: aws.String("x")})
	_, garbledToken := c.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(logGroupName), LogStreamName: aws.String("AllTraffic/i-0aaa"), NextToken: aws.String("f/x")})
	_, prefixByTime := c.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(logGroupName), LogStreamNamePrefix: aws.String("A"), OrderBy: logtypes.OrderByLastEventTime})
	_, both := c.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("A"), LogGroupNamePattern: aws.String("A")})
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"unknown group", filter(cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/none")}), "ResourceNotFoundException"},
		{"infrequent access", filter(cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/archive")}), "InvalidOperationException"},
		{"names and prefix", filter(cloudwatchlogs.FilterLogEventsInput{LogStreamNames: []string{"AllTraffic/i-0aaa"}, LogStreamNamePrefix: aws.String("A")}), "InvalidParameterException"},
		{"unknown name", filter(cloudwatchlogs.FilterLogEventsInput{LogStreamNames: []string{"x"}}), "ResourceNotFoundException"},
		{"limit 10,001", filter(cloudwatchlogs.FilterLogEventsInput{Limit: aws.Int32(10_001)}), "InvalidParameterException"},
		{"limit 0", filter(cloudwatchlogs.FilterLogEventsInput{Limit: aws.Int32(0)}), "InvalidParameterException"},
		{"JSON pattern", filter(cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String("{ $.x = 1 }")}), "InvalidParameterException"},
		{"open quote", filter(cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String(`"open`)}), "InvalidParameterException"},
		{"newest first since 2023", filter(cloudwatchlogs.FilterLogEventsInput{StartFromHead: aws.Bool(false), StartTime: aws.Int64(1)}), "InvalidParameterException"},
		{"bad token", filter(cloudwatchlogs.FilterLogEventsInput{NextToken: aws.String("x")}), "InvalidParameterException"},
		{"unknown stream", unknownStream, "ResourceNotFoundException"},
		{"garbled token", garbledToken, "InvalidParameterException"},
		{"prefix by time", prefixByTime, "InvalidParameterException"},
		{"prefix and pattern", both, "InvalidParameterException"},
	} {
		if e := apiError(t, tt.err); e.ErrorCode() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, tt.err, tt.want)
		}
	}
}
