package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"sizewise/ingest/simaws/account"
	"sizewise/ingest/simaws/server"
)

// archiveAccount is the test account with its events in an
// INFREQUENT_ACCESS group.
func archiveAccount() *account.Account {
	acct := testAccount()
	acct.LogGroups[0].Class = "INFREQUENT_ACCESS"
	return acct
}

func startQuery(t testing.TB, c *cloudwatchlogs.Client, text string, limit *int32) (string, error) {
	t.Helper()
	out, err := c.StartQuery(context.Background(), &cloudwatchlogs.StartQueryInput{
		LogGroupName: aws.String(logGroupName), StartTime: aws.Int64(t0.Add(-3 * time.Hour).Unix()), EndTime: aws.Int64(t0.Unix()),
		QueryString: &text, Limit: limit,
	})
	if err != nil {
		return "", err
	}
	return *out.QueryId, nil
}

// query runs a query to its end and gives its rows as field -> value.
func query(t testing.TB, c *cloudwatchlogs.Client, text string) (rows []map[string]string, out *cloudwatchlogs.GetQueryResultsOutput) {
	t.Helper()
	id, err := startQuery(t, c, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		out, err = c.GetQueryResults(context.Background(), &cloudwatchlogs.GetQueryResultsInput{QueryId: &id})
		if err != nil {
			t.Fatal(err)
		}
		if out.Status == logtypes.QueryStatusComplete {
			break
		}
	}
	for _, r := range out.Results {
		row := map[string]string{}
		for _, f := range r {
			row[*f.Field] = *f.Value
		}
		rows = append(rows, row)
	}
	return rows, out
}

func TestInfrequentAccessRefusesReading(t *testing.T) {
	_, url := serve(t, archiveAccount(), server.Options{})
	_, err := logClient(url).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(logGroupName)})
	var invalid *logtypes.InvalidOperationException
	if !errors.As(err, &invalid) || !strings.Contains(err.Error(), "INFREQUENT_ACCESS") {
		t.Errorf("FilterLogEvents: %v", err)
	}
}

func TestInsights(t *testing.T) {
	_, url := serve(t, archiveAccount(), server.Options{})
	c := logClient(url)
	rows, out := query(t, c, `fields @timestamp, @ingestionTime, @logStream, @message | filter @logStream like /^AllTraffic\/i-0aaa/ and @message like "ERROR" | sort @timestamp asc | limit 3`)
	if len(rows) != 3 || out.Statistics.RecordsMatched != 4 || out.Statistics.RecordsScanned != 80 || out.Statistics.BytesScanned == 0 {
		t.Fatalf("%d rows, %+v", len(rows), out.Statistics)
	}
	if at := rows[0]["@timestamp"]; at != "2026-11-20 11:00:06.000" || rows[0]["@ingestionTime"] != "2026-11-20 11:00:07.500" || rows[0]["@logStream"] != "AllTraffic/i-0aaa" {
		t.Errorf("first row %v", rows[0])
	}
	all, _ := query(t, c, "fields @timestamp")
	if times := column(all, "@timestamp"); len(all) != 80 || slices.IsSorted(times) {
		t.Errorf("%d rows without sort, in order: %t", len(all), slices.IsSorted(times))
	}
	down, _ := query(t, c, "fields @timestamp | sort @timestamp desc")
	times := column(down, "@timestamp")
	if slices.Reverse(times); !slices.IsSorted(times) || len(slices.Compact(slices.Sorted(slices.Values(column(down, "@ptr"))))) != 80 {
		t.Error("not in descending order, or pointers that are not unique")
	}
	from := t0.Add(-3 * time.Hour).Add(10 * time.Second).UnixMilli()
	late, _ := query(t, c, "fields @timestamp | filter @timestamp >= "+strconv.FormatInt(from, 10)+" and @logStream = 'AllTraffic/i-0bbb'")
	if len(late) != 35 {
		t.Errorf("%d rows from a time on, want 35", len(late))
	}
}

func column(rows []map[string]string, name string) (out []string) {
	for _, r := range rows {
		out = append(out, r[name])
	}
	return out
}

// TestInsightsLifecycle: Scheduled, Running with a part of the rows, Complete.
func TestInsightsLifecycle(t *testing.T) {
	_, url := serve(t, archiveAccount(), server.Options{})
	c := logClient(url)
	id, err := startQuery(t, c, "fields @message", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		status logtypes.QueryStatus
		rows   int
	}{{logtypes.QueryStatusScheduled, 0}, {logtypes.QueryStatusRunning, 40}, {logtypes.QueryStatusComplete, 80}, {logtypes.QueryStatusComplete, 80}} {
		out, err := c.GetQueryResults(t.Context(), &cloudwatchlogs.GetQueryResultsInput{QueryId: &id})
		if err != nil || out.Status != want.status || len(out.Results) != want.rows {
			t.Fatalf("call %d: %+v, %v; want %+v", i, out, err, want)
		}
	}
	if _, err := c.StopQuery(t.Context(), &cloudwatchlogs.StopQueryInput{QueryId: &id}); err == nil {
		t.Error("a query that has ended was stopped")
	}
}

func TestInsightsPages(t *testing.T) {
	clock := now
	_, url := serve(t, archiveAccount(), server.Options{Now: func() time.Time { return clock }, QueryPolls: -1})
	c := logClient(url)
	id, err := startQuery(t, c, "fields @message", nil)
	if err != nil {
		t.Fatal(err)
	}
	in := &cloudwatchlogs.GetQueryResultsInput{QueryId: &id, MaxItems: aws.Int32(30)}
	var pages []int
	for {
		out, err := c.GetQueryResults(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, len(out.Results))
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	if !slices.Equal(pages, []int{30, 30, 20}) {
		t.Errorf("pages of %v rows", pages)
	}
	clock = clock.Add(61 * time.Minute)
	if _, err := c.GetQueryResults(t.Context(), in); err == nil {
		t.Error("a token of more than an hour was taken")
	}
}

func TestInsightsRefusals(t *testing.T) {
	_, url := serve(t, archiveAccount(), server.Options{QuerySlots: 2})
	c := logClient(url)
	for text, want := range map[string]string{
		"stats count(*)":                "MalformedQueryException",
		"fields @message | limit 0":     "MalformedQueryException",
		"filter @message like /(/":      "MalformedQueryException",
		"fields a b":                    "MalformedQueryException",
		"sort @timestamp up":            "MalformedQueryException",
		"filter strlen(@message) > 100": "MalformedQueryException",
	} {
		_, err := startQuery(t, c, text, nil)
		if e := apiError(t, err); e.ErrorCode() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := startQuery(t, c, "fields @message", aws.Int32(100_001)); apiError(t, err).ErrorCode() != "InvalidParameterException" {
		t.Errorf("limit of 100,001: %v", err)
	}
	var first string
	for i := range 3 {
		id, err := startQuery(t, c, "fields @message", nil)
		switch {
		case i < 2 && err != nil:
			t.Fatal(err)
		case i == 0:
			first = id
		case i == 2 && (err == nil || apiError(t, err).ErrorCode() != "LimitExceededException"):
			t.Errorf("third of two queries: %v", err)
		}
	}
	if out, err := c.StopQuery(t.Context(), &cloudwatchlogs.StopQueryInput{QueryId: &first}); err != nil || !out.Success {
		t.Errorf("stopping: %v", err)
	}
	if _, err := startQuery(t, c, "fields @message", nil); err != nil {
		t.Errorf("after one was stopped: %v", err)
	}
	out, err := c.GetQueryResults(t.Context(), &cloudwatchlogs.GetQueryResultsInput{QueryId: &first})
	if err != nil || out.Status != logtypes.QueryStatusCancelled {
		t.Errorf("stopped query: %+v, %v", out, err)
	}
}

func TestInsightsFailure(t *testing.T) {
	s, url := serve(t, archiveAccount(), server.Options{})
	s.Inject(server.Fault{Action: server.FailStatus, Operation: "GetQueryResults", Code: "Timeout"})
	_, out := query(t, logClient(url), "fields @message")
	if out.Status != logtypes.QueryStatusTimeout || len(out.Results) != 0 {
		t.Errorf("%s with %d rows", out.Status, len(out.Results))
	}
}

// FuzzInsights: a query is answered or refused as the client's mistake,
// whatever its text.
func FuzzInsights(f *testing.F) {
	for _, text := range []string{
		"fields @timestamp, @message | filter @message like /a|b/ and @logStream != \"x and y\" | sort @timestamp desc | limit 5",
		"filter @timestamp >= 1795183200000 | display `@log`", "filter @message =~ /\\//", "| | #", "filter a not like 'b'", "sort @ptr, @message asc",
	} {
		f.Add(text)
	}
	s := server.New(archiveAccount(), server.Options{Now: fixedClock(now), QuerySlots: 1 << 30})
	f.Fuzz(func(t *testing.T, text string) {
		body, err := json.Marshal(map[string]any{"logGroupName": logGroupName, "startTime": t0.Add(-3 * time.Hour).Unix(), "endTime": t0.Unix(), "queryString": text})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("X-Amz-Target", "Logs_20140328.StartQuery")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%q: %d %s", text, w.Code, w.Body)
		}
	})
}
