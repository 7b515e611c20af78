package cloudwatch

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	window = LogRequest{Group: "/aws/sagemaker/Endpoints/ep", Start: minute0, End: minute0.Add(time.Hour)}
	start  = minute0.UnixMilli()
)

// logPage is a page with one event at each of the given seconds.
func logPage(token string, seconds ...int64) reply {
	events := []any{}
	for _, s := range seconds {
		events = append(events, map[string]any{
			"eventId": fmt.Sprintf("id%d", s), "logStreamName": "A/i-1", "timestamp": start + s*1000, "ingestionTime": start + s*1000 + 5,
			"message": fmt.Sprintf("event %d", s),
		})
	}
	body := map[string]any{"events": events}
	if token != "" {
		body["nextToken"] = token
	}
	return reply{body: body}
}

func read(t *testing.T, r LogRequest, f func(call int, in map[string]any) reply) ([]string, LogResult, error) {
	t.Helper()
	client, _ := connect(t, fast(), func(_ string, call int, in map[string]any) reply { return f(call, in) })
	client.logWorkers = 1 // one page after the other
	var got []string
	result, err := client.Events(t.Context(), r, func(page LogPage) error {
		for _, e := range page.Events {
			got = append(got, e.Message)
			if e.TS%1_000_000 != 0 || e.Ingested-e.TS != 5000 || e.ID == "" || e.Stream != "A/i-1" {
				t.Errorf("event %+v", e)
			}
		}
		return nil
	})
	return got, result, err
}

func TestEventsGoOnThroughEmptyPages(t *testing.T) {
	pages := []reply{logPage("a", 1), logPage("b"), logPage("c"), logPage("", 2)}
	got, result, err := read(t, window, func(call int, in map[string]any) reply {
		if in["startTime"] != float64(start) || in["endTime"] != float64(start+3_600_000-1) {
			t.Errorf("window %v to %v: the end must be the last millisecond before", in["startTime"], in["endTime"])
		}
		return pages[call]
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"event 1", "event 2"}, got); d != "" || result.Stopped != "" || result.Usage.Calls != 4 || result.Events != 2 {
		t.Errorf("%s%+v", d, result)
	}
}

func TestEventsOfARepeatedPageComeOnce(t *testing.T) {
	pages := []reply{logPage("a", 1), logPage("a", 2), logPage("a", 2), logPage("", 3)}
	got, result, err := read(t, window, func(call int, _ map[string]any) reply { return pages[call] })
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"event 1", "event 2", "event 3"}, got); d != "" || result.Stopped != "" {
		t.Errorf("%s%+v", d, result)
	}
}

func TestEventsStopWhenTheTokenDoesNotMoveOn(t *testing.T) {
	got, result, err := read(t, window, func(int, map[string]any) reply { return logPage("a", 1) })
	if err != nil || result.Stopped == "" || result.Usage.Calls > 10 {
		t.Errorf("result %+v, error %v; want that it stopped after a few calls", result, err)
	}
	if d := cmp.Diff([]string{"event 1"}, got); d != "" {
		t.Error(d)
	}
}

func TestEventsStartAgainWhenTheTokenHasExpired(t *testing.T) {
	got, _, err := read(t, window, func(call int, in map[string]any) reply {
		switch call {
		case 0:
			return logPage("a", 1, 2)
		case 1:
			return reply{code: "InvalidParameterException", message: "The specified nextToken is invalid."}
		default:
			if in["startTime"] != float64(start+2000) || in["nextToken"] != nil {
				t.Errorf("started again at %v with token %v, want the newest event and none", in["startTime"], in["nextToken"])
			}
			return logPage("", 2, 3)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"event 1", "event 2", "event 3"}, got); d != "" {
		t.Error(d)
	}
}

func TestEventsDoNotStartAgainForEver(t *testing.T) {
	_, result, err := read(t, window, func(call int, in map[string]any) reply {
		if in["nextToken"] != nil {
			return reply{code: "InvalidParameterException", message: "The specified nextToken is invalid."}
		}
		return logPage("a", 1)
	})
	if err == nil || result.Usage.Calls > 20 {
		t.Errorf("error %v after %d calls, want one after a few", err, result.Usage.Calls)
	}
}

func TestEventsPassThePagesErrorOn(t *testing.T) {
	full := errors.New("disk full")
	client, _ := connect(t, fast(), func(string, int, map[string]any) reply { return logPage("a", 1) })
	if _, err := client.Events(t.Context(), window, func(LogPage) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v, want the callback's own", err)
	}
}

func TestEventsOfAnotherLogClass(t *testing.T) {
	for _, r := range []reply{
		{code: "InvalidOperationException", message: "The log group g is of log-group-class INFREQUENT_ACCESS. FilterLogEvents is not supported for this log class."},
		{code: "ValidationException", message: "This operation is only supported on the Standard log class."},
	} {
		_, _, err := read(t, window, func(int, map[string]any) reply { return r })
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: error %v, want unsupported", r.code, err)
		}
	}
}

func TestGroupIsFoundByItsExactName(t *testing.T) {
	group := func(name, class string) any { return map[string]any{"logGroupName": name, "logGroupClass": class} }
	client, _ := connect(t, fast(), func(_ string, call int, in map[string]any) reply {
		pages := []reply{
			{body: map[string]any{"logGroups": []any{group("/aws/sagemaker/Endpoints/ep-2", "STANDARD")}, "nextToken": "a"}},
			{body: map[string]any{"logGroups": []any{group("/aws/sagemaker/Endpoints/ep", "DELIVERY")}}},
		}
		return pages[call%2]
	})
	got, _, err := client.Group(t.Context(), "/aws/sagemaker/Endpoints/ep")
	if err != nil || got.Name != "/aws/sagemaker/Endpoints/ep" || got.Readable() {
		t.Errorf("group %+v, error %v; want the group, not readable", got, err)
	}
	if _, _, err := client.Group(t.Context(), "/aws/sagemaker/Endpoints/e"); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v, want not found", err)
	}
}
