package cloudwatch

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// group is a log group that answers FilterLogEvents as the service documents
// it, with any share of the answers gone wrong.
type group struct {
	events []Event // by time
	size   int     // of a page
	rng    *rand.Rand
	// Shares of the answers, in percent.
	empty, repeated, expired, throttled, sparse int
}

// newGroup has n events, several of them in the same millisecond here and there.
func newGroup(seed uint64, n int, span time.Duration) *group {
	g := &group{size: 10, rng: rand.New(rand.NewPCG(seed, 1))}
	for i := range n {
		ms := start + g.rng.Int64N(span.Milliseconds())
		if i > 0 && g.rng.IntN(4) == 0 {
			ms = g.events[i-1].TS / 1000
		}
		g.events = append(g.events, Event{
			TS: ms * 1000, Ingested: ms*1000 + 5000, Stream: fmt.Sprintf("job-%d/algo-1", i%3), ID: fmt.Sprintf("%056d", i), Message: fmt.Sprintf("event %d", i),
		})
	}
	slices.SortStableFunc(g.events, func(a, b Event) int { return int(a.TS - b.TS) })
	return g
}

func (g *group) happens(percent int) bool { return g.rng.IntN(100) < percent }

// answer gives one page. A token is the window that it belongs to, the number of
// the next event, and a number that makes it new.
func (g *group) answer(in map[string]any) reply {
	from, _ := in["startTime"].(float64)
	to, _ := in["endTime"].(float64)
	prefix, _ := in["logStreamNamePrefix"].(string)
	token, _ := in["nextToken"].(string)
	at, turn := 0, 0
	if token != "" {
		var a, b int64
		if _, err := fmt.Sscanf(token, "%d-%d-%d-%d", &a, &b, &at, &turn); err != nil || a != int64(from) || b != int64(to) {
			return reply{code: "InvalidParameterException", message: "The specified nextToken is invalid."}
		}
	}
	switch {
	case g.happens(g.throttled):
		return reply{code: "ThrottlingException", message: "Rate exceeded"}
	case token != "" && g.happens(g.expired):
		return reply{code: "InvalidParameterException", message: "The specified nextToken is invalid."}
	case token != "" && g.happens(g.repeated):
		return reply{body: map[string]any{"events": []any{}, "nextToken": token}}
	}
	next := func(at int) string { return fmt.Sprintf("%d-%d-%d-%d", int64(from), int64(to), at, turn+1) }
	if g.happens(g.empty) {
		return reply{body: map[string]any{"events": []any{}, "nextToken": next(at)}}
	}
	list := []any{}
	size := g.size
	if g.happens(g.sparse) {
		size = 1
	}
	for ; at < len(g.events); at++ {
		e := g.events[at]
		if ms := e.TS / 1000; ms < int64(from) || ms > int64(to) || !strings.HasPrefix(e.Stream, prefix) {
			continue
		}
		if len(list) == size {
			return reply{body: map[string]any{"events": list, "nextToken": next(at)}}
		}
		list = append(list, map[string]any{
			"eventId": e.ID, "logStreamName": e.Stream, "timestamp": e.TS / 1000, "ingestionTime": e.Ingested / 1000, "message": e.Message,
		})
	}
	return reply{body: map[string]any{"events": list}}
}

// collect reads r from g with several workers and checks what LogPage promises.
func collect(t testing.TB, c *Client, r LogRequest) ([]Event, LogResult) {
	t.Helper()
	var got []Event
	var running atomic.Int32
	newest := map[int]int64{} // by slice
	owner := map[int64]int{}  // slice by millisecond
	result, err := c.Events(t.Context(), r, func(p LogPage) error {
		if running.Add(1) != 1 {
			t.Error("two pages at the same time")
		}
		defer running.Add(-1)
		for _, e := range p.Events {
			if e.TS < newest[p.Slice] {
				t.Errorf("slice %d goes back from %d to %d", p.Slice, newest[p.Slice], e.TS)
			}
			newest[p.Slice] = e.TS
			if s, ok := owner[e.TS]; ok && s != p.Slice {
				t.Errorf("millisecond %d is split over slices %d and %d", e.TS, s, p.Slice)
			}
			owner[e.TS] = p.Slice
		}
		got = append(got, p.Events...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b Event) int { return strings.Compare(a.ID, b.ID) })
	return got, result
}

// want is what g holds for r, by ID.
func (g *group) want(r LogRequest) []Event {
	var want []Event
	for _, e := range g.events {
		if strings.HasPrefix(e.Stream, r.StreamPrefix) && e.TS >= r.Start.UnixMicro() && e.TS < r.End.UnixMicro() {
			want = append(want, e)
		}
	}
	slices.SortFunc(want, func(a, b Event) int { return strings.Compare(a.ID, b.ID) })
	return want
}

// TestEveryEventComesOnce reads random groups whose answers go wrong in every
// documented way, and finds exactly what the group holds.
func TestEveryEventComesOnce(t *testing.T) {
	isolate(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := newGroup(rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 400).Draw(rt, "events"), 8*time.Hour)
		g.size = rapid.IntRange(1, 60).Draw(rt, "page")
		percent := func(name string, most int) int { return rapid.IntRange(0, most).Draw(rt, name) }
		g.empty, g.repeated, g.expired = percent("empty", 30), percent("repeated", 40), percent("expired", 3)
		g.throttled, g.sparse = percent("throttled", 20), percent("sparse", 50)
		client, _ := connect(t, fast(), func(_ string, _ int, in map[string]any) reply { return g.answer(in) })
		r := LogRequest{
			Group: "g", StreamPrefix: rapid.SampledFrom([]string{"", "job-1/"}).Draw(rt, "prefix"),
			Start: minute0.Add(time.Hour), End: minute0.Add(time.Hour * 15 / 2),
		}
		got, result := collect(t, client, r)
		// What did not come must lie in a gap that is named.
		want := slices.DeleteFunc(g.want(r), func(e Event) bool {
			_, came := slices.BinarySearchFunc(got, e, func(a, b Event) int { return strings.Compare(a.ID, b.ID) })
			return !came && slices.ContainsFunc(result.Gaps, func(g LogGap) bool {
				return e.TS >= g.Start.UnixMicro() && e.TS < g.End.UnixMicro()
			})
		})
		if d := cmp.Diff(want, got); d != "" || (len(result.Gaps) > 0) != (result.Stopped != "") {
			rt.Fatalf("-want +got\n%s\n%s", d, result.Stopped)
		}
	})
}

// TestDenseSlicesAreParted says that parting is worth it: with many pages every
// worker has a share, and it costs few calls more than the pages there are.
func TestDenseSlicesAreParted(t *testing.T) {
	g := newGroup(7, 20_000, time.Hour)
	g.size = 100
	client, w := connect(t, fast(), func(_ string, _ int, in map[string]any) reply { return g.answer(in) })
	got, result := collect(t, client, window)
	if len(got) != 20_000 || result.Slices < client.logWorkers || w.calls["FilterLogEvents"] > 200+3*result.Slices {
		t.Errorf("%d events of 20,000 in %d slices and %d calls", len(got), result.Slices, w.calls["FilterLogEvents"])
	}
	if result.Usage.Calls != int64(w.calls["FilterLogEvents"]) {
		t.Errorf("%d calls counted of %d", result.Usage.Calls, w.calls["FilterLogEvents"])
	}
}

// TestAQuietGroupCostsOneCallPerSlice holds the listing to what LogSlices says.
func TestAQuietGroupCostsOneCallPerSlice(t *testing.T) {
	for _, span := range []time.Duration{time.Millisecond, time.Hour, 6 * time.Hour, 24 * time.Hour, 25 * time.Hour} {
		g := newGroup(3, 9, span)
		client, w := connect(t, fast(), func(_ string, _ int, in map[string]any) reply { return g.answer(in) })
		r := LogRequest{Group: "g", Start: minute0, End: minute0.Add(span)}
		_, result := collect(t, client, r)
		if n := len(LogSlices(r.Start, r.End)); result.Slices != n || w.calls["FilterLogEvents"] != n {
			t.Errorf("%v: %d slices, %d calls; want %d of each", span, result.Slices, w.calls["FilterLogEvents"], n)
		}
	}
}

func TestLogSlicesLieEndToEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := minute0.Add(time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "from")) * time.Microsecond)
		end := begin.Add(time.Duration(rapid.Int64Range(0, 1e11).Draw(t, "span")) * time.Microsecond)
		at := begin.UnixMilli()
		for _, s := range LogSlices(begin, end) {
			if s.Start.UnixMilli() != at || !s.End.After(s.Start) || s.End.Sub(s.Start) > sliceSpan+time.Millisecond {
				t.Fatalf("slice %+v behind %d", s, at)
			}
			at = s.End.UnixMilli()
		}
		if at != end.UnixMilli() {
			t.Fatalf("slices end at %d, want %d", at, end.UnixMilli())
		}
	})
}

func TestAFailedSliceEndsTheOthers(t *testing.T) {
	g := newGroup(7, 2000, 24*time.Hour)
	client, _ := connect(t, fast(), func(_ string, call int, in map[string]any) reply {
		if call == 20 {
			return reply{code: "AccessDeniedException", message: "not authorized to perform logs:FilterLogEvents"}
		}
		return g.answer(in)
	})
	n := 0
	result, err := client.Events(t.Context(), LogRequest{Group: "g", Start: minute0, End: minute0.Add(24 * time.Hour)}, func(p LogPage) error {
		n += len(p.Events)
		return nil
	})
	if !errors.Is(err, ErrDenied) || n == 0 || int64(n) != result.Events {
		t.Errorf("error %v with %d events handed over, %d counted", err, n, result.Events)
	}
}

// TestPagesAgreeWithTheSDK decodes random answers both ways.
func TestPagesAgreeWithTheSDK(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := randomPage(t)
		var d eventDecoder
		d.reset(body)
		if err := d.decode(); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		want, err := sdkPage(body)
		if err != nil {
			t.Fatal(err)
		}
		got := d.page()
		if d := cmp.Diff(want.events, got.events); d != "" || want.token != got.token {
			t.Fatalf("%s\n%s", body, d)
		}
	})
}

func randomPage(t *rapid.T) []byte {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~\n\t"\\/]{0,40}`))
	var list []any
	for range rapid.IntRange(0, 5).Draw(t, "events") {
		e := map[string]any{}
		for _, name := range []string{"eventId", "logStreamName", "message", "other"} {
			if rapid.Bool().Draw(t, "has "+name) {
				e[name] = text.Draw(t, name)
			}
		}
		for _, name := range []string{"timestamp", "ingestionTime"} {
			if rapid.Bool().Draw(t, "has "+name) {
				e[name] = rapid.Int64Range(-1e15, 1e15).Draw(t, name)
			}
		}
		list = append(list, e)
	}
	doc := map[string]any{"searchedLogStreams": []any{map[string]any{"logStreamName": "s", "searchedCompletely": true}}}
	if list != nil {
		doc["events"] = list
	}
	if rapid.Bool().Draw(t, "more") {
		doc["nextToken"] = text.Draw(t, "token")
	}
	var body []byte
	var err error
	if rapid.Bool().Draw(t, "indented") {
		body, err = json.MarshalIndent(doc, " ", "\t")
	} else {
		body, err = json.Marshal(doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}
