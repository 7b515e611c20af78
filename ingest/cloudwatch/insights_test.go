package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// insights answers queries over events as the service documents them.
type insights struct {
	group
	states  []string // before Complete, of each query
	failing []string // how the first queries end instead
	queries []map[string]any
	polls   map[string]int
	stopped []string
	longest float64 // seconds; a query over more times out, 0 for none
}

func (s *insights) reply(operation string, in map[string]any) reply {
	if s.polls == nil {
		s.polls = make(map[string]int)
	}
	id, _ := in["queryId"].(string)
	switch operation {
	case "StartQuery":
		s.queries = append(s.queries, in)
		return reply{body: map[string]any{"queryId": strconv.Itoa(len(s.queries) - 1)}}
	case "StopQuery":
		s.stopped = append(s.stopped, id)
		return reply{body: map[string]any{"success": true}}
	}
	n, _ := strconv.Atoi(id)
	query := s.queries[n]
	poll := s.polls[id]
	s.polls[id]++
	switch {
	case poll < len(s.states):
		return status(s.states[poll])
	case n < len(s.failing):
		return status(s.failing[n])
	case s.longest > 0 && query["endTime"].(float64)-query["startTime"].(float64) >= s.longest:
		return status("Timeout")
	}
	return s.results(query, in)
}

func status(s string) reply {
	return reply{body: map[string]any{"status": s, "results": []any{}, "statistics": map[string]any{"bytesScanned": 0}}}
}

var (
	limitPattern  = regexp.MustCompile(`\| sort @timestamp asc \| limit (\d+)$`)
	filterPattern = regexp.MustCompile(`\| filter @logStream like /(\^.*)/ \|`)
)

// results are a page of the rows of a complete query.
func (s *insights) results(query, in map[string]any) reply {
	text, _ := query["queryString"].(string)
	limit, _ := strconv.Atoi(limitPattern.FindStringSubmatch(text)[1])
	streams := regexp.MustCompile("")
	if m := filterPattern.FindStringSubmatch(text); m != nil {
		streams = regexp.MustCompile(strings.ReplaceAll(m[1], `\/`, "/"))
	}
	var found []int
	for i, e := range s.events {
		if t := float64(e.TS / 1_000_000); t < query["startTime"].(float64) || t > query["endTime"].(float64) || !streams.MatchString(e.Stream) {
			continue
		}
		if len(found) == limit {
			break
		}
		found = append(found, i)
	}
	token, _ := in["nextToken"].(string)
	from, _ := strconv.Atoi(token)
	body := map[string]any{"status": "Complete", "statistics": map[string]any{"bytesScanned": 1 << 30}}
	if end := from + cmp.Or(s.size, 10_000); end < len(found) {
		body["nextToken"] = strconv.Itoa(end)
		found = found[:end]
	}
	rows := []any{}
	for _, i := range found[from:] {
		rows = append(rows, row(s.events[i], strconv.Itoa(i)))
	}
	body["results"] = rows
	return reply{body: body}
}

func row(e Event, pointer string) any {
	text := func(us int64) string { return time.UnixMicro(us).UTC().Format(queryTime) }
	var fields []any
	for _, f := range [][2]string{
		{"@timestamp", text(e.TS)}, {"@message", e.Message}, {"@logStream", e.Stream}, {"@ingestionTime", text(e.Ingested)}, {"@ptr", pointer},
	} {
		fields = append(fields, map[string]any{"field": f[0], "value": f[1]})
	}
	return fields
}

// ask reads r from s and checks that the events are those that s holds, their
// IDs aside.
func (s *insights) ask(t *testing.T, r LogRequest) ([]Event, LogResult) {
	t.Helper()
	client, _ := connect(t, fast(), func(operation string, _ int, in map[string]any) reply { return s.reply(operation, in) })
	if s.size > 0 {
		client.queryRows, client.mostRows = s.size, 10*s.size
	}
	r.Class = "INFREQUENT_ACCESS"
	got, result := collect(t, client, r)
	return got, result
}

// heard is events without IDs, in an order of their own.
func heard(events []Event) []Event {
	out := slices.Clone(events)
	for i := range out {
		out[i].ID = ""
	}
	slices.SortFunc(out, func(a, b Event) int { return cmp.Or(cmp.Compare(a.TS, b.TS), strings.Compare(a.Message, b.Message)) })
	return out
}

func quiet(n int, span time.Duration) *insights {
	g := newGroup(11, n, span)
	g.size = 0 // the service's own limits
	return &insights{group: *g}
}

func TestInsightsReadEveryEvent(t *testing.T) {
	s := quiet(25_000, 2*time.Hour)
	s.states = []string{"Scheduled", "Running", "Unknown", "Running"}
	r := LogRequest{Group: "g", Start: minute0.Add(1500 * time.Millisecond), End: minute0.Add(time.Hour + 700*time.Millisecond)}
	got, result := s.ask(t, r)
	if want := heard(s.want(r)); !slices.Equal(want, heard(got)) || result.Stopped != "" {
		t.Fatalf("%d events, want %d; %s", len(got), len(want), result.Stopped)
	}
	ids := make(map[string]bool)
	for _, e := range got {
		ids[e.ID] = true
	}
	if len(ids) != len(got) {
		t.Errorf("%d IDs for %d events", len(ids), len(got))
	}
	if n := len(s.queries); n > 4 || result.Usage.CostLow != float64(n)*0.005 || result.Usage.CostHigh != result.Usage.CostLow {
		t.Errorf("%d queries that scanned a gigabyte each for 12,500 events, cost %g", n, result.Usage.CostLow)
	}
}

func TestInsightsReadTheStreamsOfOneJob(t *testing.T) {
	s := quiet(300, 20*time.Hour)
	r := LogRequest{Group: "g", StreamPrefix: "job-1/", Start: minute0, End: minute0.Add(20 * time.Hour)}
	got, result := s.ask(t, r)
	if want := heard(s.want(r)); !slices.Equal(want, heard(got)) || result.Slices != 1 || len(s.queries) != 1 {
		t.Errorf("%d events, want %d, in %d slices and %d queries", len(got), len(want), result.Slices, len(s.queries))
	}
}

// TestInsightsIDsAreThoseOfTheEvents asks for two windows that overlap and for
// one of them twice.
func TestInsightsIDsAreThoseOfTheEvents(t *testing.T) {
	s := quiet(500, time.Minute)
	for i := range s.events {
		s.events[i].Message = fmt.Sprint(i % 3) // many say the same
		s.events[i].Stream = "s"
	}
	whole := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Minute)}
	first, _ := s.ask(t, whole)
	again, _ := s.ask(t, whole)
	part, _ := s.ask(t, LogRequest{Group: "g", Start: minute0.Add(20 * time.Second), End: minute0.Add(30 * time.Second)})
	known := make(map[string]Event)
	for _, e := range first {
		known[e.ID] = e
	}
	for _, e := range slices.Concat(again, part) {
		if known[e.ID] != e {
			t.Fatalf("%+v was %+v", e, known[e.ID])
		}
	}
	if len(known) != 500 || len(part) == 0 {
		t.Errorf("%d different IDs of 500 events, %d in the part", len(known), len(part))
	}
}

// TestInsightsNameASecondThatIsTooFull has a second with more events than a
// query returns, between seconds that are fine.
func TestInsightsNameASecondThatIsTooFull(t *testing.T) {
	s := &insights{group: group{rng: rand.New(rand.NewPCG(1, 1)), size: 100}}
	add := func(second, n int) {
		for i := range n {
			s.events = append(s.events, Event{
				TS: minute0.Add(time.Duration(second)*time.Second).UnixMicro() + int64(i%1000)*1000, Stream: "s", Message: strconv.Itoa(len(s.events)),
			})
		}
	}
	add(0, 5)
	add(1, 150) // takes two pages
	add(2, 1007)
	add(3, 5)
	slices.SortStableFunc(s.events, func(a, b Event) int { return int(a.TS - b.TS) })
	got, result := s.ask(t, LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Minute)})
	if len(got) != 5+150+1000+5 {
		t.Errorf("%d events", len(got))
	}
	if len(result.Gaps) != 1 || !result.Gaps[0].Start.Equal(minute0.Add(2*time.Second)) || result.Gaps[0].End.Sub(result.Gaps[0].Start) != time.Second {
		t.Errorf("gaps %+v, want the third second", result.Gaps)
	}
	if !strings.Contains(result.Stopped, "2026-11-20T14:00:02Z") {
		t.Errorf("stopped %q, want when", result.Stopped)
	}
}

func TestInsightsQueriesThatFail(t *testing.T) {
	r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Hour), Class: "INFREQUENT_ACCESS"}
	for _, c := range []struct {
		failing, states []string
		ok              bool
	}{
		{[]string{"Failed", "Failed"}, nil, true},
		{[]string{"Failed", "Failed", "Failed"}, nil, false},
		{[]string{"Cancelled"}, nil, false},
		{nil, slices.Repeat([]string{"Unknown"}, 100), false},
		{nil, slices.Repeat([]string{"Running"}, 100), true},
	} {
		s := quiet(10, time.Hour)
		s.failing, s.states = c.failing, c.states
		client, _ := connect(t, fast(), func(operation string, _ int, in map[string]any) reply { return s.reply(operation, in) })
		result, err := client.Events(t.Context(), r, func(LogPage) error { return nil })
		if (err == nil) != c.ok || c.ok && result.Events != 10 {
			t.Errorf("%v %v: %d events, error %v", c.failing, c.states, result.Events, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "GetQueryResults: query ") {
			t.Errorf("error %q does not say which query", err)
		}
	}
}

func TestInsightsQueriesThatTakeTooLongAreHalved(t *testing.T) {
	s := quiet(100, time.Hour)
	s.longest = 600
	r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Hour)}
	got, _ := s.ask(t, r)
	if !slices.Equal(heard(s.want(r)), heard(got)) {
		t.Errorf("%d events", len(got))
	}
	s = quiet(1, time.Second)
	s.longest = 0.5
	s.failing = slices.Repeat([]string{"Timeout"}, 100)
	client, _ := connect(t, fast(), func(operation string, _ int, in map[string]any) reply { return s.reply(operation, in) })
	r.Class = "INFREQUENT_ACCESS"
	if _, err := client.Events(t.Context(), r, func(LogPage) error { return nil }); err == nil {
		t.Error("a second that always times out is no error")
	}
}

func TestInsightsQueriesAreStoppedWithTheContext(t *testing.T) {
	s := quiet(1, time.Hour)
	s.states = slices.Repeat([]string{"Running"}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	client, _ := connect(t, fast(), func(operation string, _ int, in map[string]any) reply {
		if len(s.queries) == 1 && s.polls["0"] == 3 {
			cancel()
		}
		return s.reply(operation, in)
	})
	r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(time.Hour), Class: "INFREQUENT_ACCESS"}
	if _, err := client.Events(ctx, r, func(LogPage) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want cancelled", err)
	}
	if !slices.Equal(s.stopped, []string{"0"}) {
		t.Errorf("stopped %v, want the query that ran", s.stopped)
	}
}

func TestRowsThatAreNotEvents(t *testing.T) {
	field := func(name, value string) types.ResultField {
		return types.ResultField{Field: aws.String(name), Value: aws.String(value)}
	}
	if _, err := eventsFromRows([][]types.ResultField{{field("@message", "x")}}); !errors.Is(err, errNoTime) {
		t.Errorf("error %v", err)
	}
	one := []types.ResultField{field("@timestamp", "2026-11-20 14:00:00.250"), field("@ingestionTime", "1795183200500"), field("@ptr", "p")}
	got, err := eventsFromRows([][]types.ResultField{one, one})
	if err != nil || len(got) != 1 || got[0].TS != minute0.UnixMicro()+250_000 || got[0].Ingested != 1_795_183_200_500_000 {
		t.Errorf("%+v, error %v; want one event", got, err)
	}
}
