package lake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// batched cuts rows into batches of any size and hands them out in one slice
// that is used again, as a source may.
func batched(t *rapid.T, rows []Log) func(yield func([]Log) bool) {
	return func(yield func([]Log) bool) {
		var batch []Log
		for len(rows) > 0 {
			n := rapid.IntRange(1, len(rows)).Draw(t, "batch")
			batch = append(batch[:0], rows[:n]...)
			if !yield(batch) {
				return
			}
			clear(batch)
			rows = rows[n:]
		}
	}
}

// TestSpilledMergeSameBytes merges events in any order and any batches under
// limits that make it spill, join runs and commit in stages: the files are those
// of a merge in memory.
func TestSpilledMergeSameBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		data := drawLogs(r)
		whole := lakeOf(t, func(l *Lake) { mustPutLogs(t, l, data) })
		spilled := lakeOf(t, func(l *Lake) {
			l.limits = limits{
				gather: rapid.Int64Range(1, 4000).Draw(r, "gather"),
				stage:  rapid.Int64Range(100, 10_000).Draw(r, "stage"),
				fan:    rapid.IntRange(2, 5).Draw(r, "fan"),
			}
			events := slices.Concat(rapid.Permutation(data).Draw(r, "order"), data[:rapid.IntRange(0, len(data)).Draw(r, "again")])
			added, err := l.MergeLogs(t.Context(), "group", batched(r, events))
			if err != nil || added != int64(len(data)) {
				r.Errorf("added %d of %d events, %v", added, len(data), err)
			}
		})
		sameFiles(r, spilled, whole)
	})
}

// TestSpilledRequests sends every kind of field through a run.
func TestSpilledRows(t *testing.T) {
	l := open(t)
	l.limits = limits{gather: 1, stage: 1 << 30, fan: 3}
	var requests []Request
	var entries []Entry
	var facts []Resource
	for i := range 20 {
		requests = append(requests, Request{
			TS: at(1, i), Source: "s", Seq: int64(-i), DurationUS: int64(i - 1), Status: int32(i - 10), Weight: int64(i + 1),
			SpanUS: int64(i) * 500, TTFTUS: -1, TokensIn: 1 << 40, TokensOut: -1, Error: fmt.Sprint(i % 3), Subject: "endpoint/x",
		})
		e := entry(fmt.Sprintf("%02d", i), hour(i), hour(i+1))
		if i%2 == 0 {
			e.FetchedAt = hour(0).Add(-1e18)
		}
		entries = append(entries, e)
		facts = append(facts, Resource{AsOf: hour(i), Subject: "endpoint/x", Kind: "k", Name: "n", Attribute: "a", Value: fmt.Sprint(i)})
	}
	for range 2 {
		if err := errors.Join(l.PutRequests(t.Context(), "endpoint/x", requests), l.Record(t.Context(), entries...), l.PutResources(t.Context(), "endpoint/x", facts)); err != nil {
			t.Fatal(err)
		}
	}
	same(t, scanDay(t, l, requestTable(), at(0, 0), "endpoint/x"), requests)
	same(t, entriesOf(t, l, hour(0), hour(24)), entries)
	same(t, scanDay(t, l, resourceTable(), at(0, 0), "endpoint/x"), facts)
	if left, err := os.ReadDir(filepath.Join(l.dir, tempDir)); err != nil || len(left) > 0 {
		t.Errorf("left in .tmp: %v, %v", left, err)
	}
}

// TestDamagedRun flips every byte of a run in turn: reading it ends in an error
// or gives the rows, and never others.
func TestDamagedRun(t *testing.T) {
	l := open(t)
	rows := []Log{{TS: 1, Message: "a"}, {TS: 2, Message: "b", Level: "INFO"}}
	g := newGatherer(t.Context(), l, logTable(), "group")
	if err := g.add(rows); err != nil {
		t.Fatal(err)
	}
	r, err := g.write()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		damaged := slices.Clone(whole)
		damaged[i] ^= 1
		write(t, r.path, string(damaged))
		s, err := openRuns(t.Context(), g.t, g.arena.fields, []*run{r}, 0)
		if err != nil {
			continue
		}
		for range len(rows) + 1 {
			if row, err := s.next(); err == nil {
				t.Errorf("byte %d: read %v", i, row)
			}
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
	if err := l.remove(r.path); err != nil {
		t.Error(err)
	}
}

// TestFailedMergeLeavesNothing stops a merge at a row that cannot be.
func TestFailedMergeLeavesNothing(t *testing.T) {
	l := open(t)
	l.limits.gather = 1
	_, err := l.PutLogs(t.Context(), "group", []Log{{TS: 1}, {TS: 2}, {TS: -1}})
	if err == nil {
		t.Error("a timestamp before 1970 was taken")
	}
	if got := files(t, l.dir); len(got) != 1 {
		t.Errorf("left behind: %d files", len(got))
	}
}

// TestRowGroupsAreBoundedByText writes long messages: a row group ends at so
// many bytes of them.
func TestRowGroupsAreBoundedByText(t *testing.T) {
	l := open(t)
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = 'a' + byte(i*i%23)
	}
	var events []Log
	for i := range 100 {
		events = append(events, Log{TS: int64(i), LogGroup: "group", Message: string(long[i:])})
	}
	mustPutLogs(t, l, events)
	foot, err := readFooter(l.dayPath("logs", 0, "group"), "logs")
	if err != nil || foot.groups != 2 || foot.rows != 100 || foot.small {
		t.Errorf("footer %+v, %v; want 2 row groups", foot, err)
	}
	if got := scanDay(t, l, logTable(), 0, "group"); !slices.Equal(got, events) {
		t.Error("long messages were not read back")
	}
}
