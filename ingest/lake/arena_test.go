package lake

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLaterRowWinsInAnyOrder brings rows of few keys again and again, in
// stretches that cross in every way: the last one of each key stays, whether the
// rows are merged in memory or over runs.
func TestLaterRowWinsInAnyOrder(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		l := open(t)
		if seed%2 == 1 {
			l.limits = limits{gather: 300, stage: 1 << 30, fan: 3}
		}
		want := map[int64]string{}
		added, err := l.MergeLogs(t.Context(), "group", func(yield func([]Log) bool) {
			for batch := range 40 {
				var rows []Log
				for i := range 1 + rnd.IntN(6) {
					ts := at(0, 0) + rnd.Int64N(12)
					want[ts] = strconv.Itoa(batch) + " " + strconv.Itoa(i)
					rows = append(rows, Log{TS: ts, EventID: "e", Message: want[ts]})
				}
				if !yield(rows) {
					return
				}
				clear(rows)
			}
		})
		if err != nil || added != int64(len(want)) {
			t.Fatalf("seed %d: added %d of %d rows, error %v", seed, added, len(want), err)
		}
		for _, r := range scanDay(t, l, logTable(), at(0, 0), "group") {
			if r.Message != want[r.TS] {
				t.Errorf("seed %d: row %d is %q, want %q", seed, r.TS-at(0, 0), r.Message, want[r.TS])
			}
		}
	}
}

// TestArenaOfLongRows holds rows longer than a block among short ones, twice
// over.
func TestArenaOfLongRows(t *testing.T) {
	g := newGatherer(t.Context(), open(t), logTable(), "group")
	for range 2 {
		var rows []Log
		for i := range int64(9) {
			rows = append(rows, Log{TS: i, LogGroup: "group", Message: strings.Repeat("m", int(i%3)*arenaBlock/2+1), Level: "INFO"})
		}
		if err := g.add(rows); err != nil {
			t.Fatal(err)
		}
		s, err := g.open(0)
		if err != nil {
			t.Fatal(err)
		}
		var got []Log
		for r, err := s.next(); r != nil || err != nil; r, err = s.next() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, *r)
		}
		if !slices.Equal(got, rows) {
			t.Error("the rows were not read back")
		}
		g.forget()
	}
}
