package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Record merges ledger rows, keyed by Chunk. A chunk's Start decides the day
// file that holds it (FetchedAt where there is no Start), so a chunk that is
// recorded again has to keep its Start; have the window in the chunk's name.
func (l *Lake) Record(ctx context.Context, entries ...Entry) error {
	subjects := map[string][]Entry{}
	var order []string
	for _, e := range entries {
		if _, ok := subjects[e.Subject]; !ok {
			order = append(order, e.Subject)
		}
		subjects[e.Subject] = append(subjects[e.Subject], e)
	}
	for _, s := range order {
		if _, _, err := put(ctx, l, ledgerTable(), s, once(subjects[s])); err != nil {
			return err
		}
	}
	return nil
}

// Entries reads the ledger rows of a subject whose windows touch [start,end),
// sorted by Start and Chunk. Rows without a window always touch. Rows that vouch
// for data which is gone or cannot be read are left out.
func (l *Lake) Entries(ctx context.Context, subject string, start, end time.Time) ([]Entry, error) {
	days, err := os.ReadDir(filepath.Join(l.dir, "ledger"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading ledger: %w", err)
	}
	var out []Entry
	for _, day := range days {
		if !strings.HasPrefix(day.Name(), "dt=") {
			continue
		}
		path := filepath.Join(l.dir, "ledger", day.Name(), fileName(subject))
		err := scan(ctx, ledgerTable(), path, everything(), func(e *Entry) error {
			if touches(*e, start, end) {
				out = append(out, *e)
			}
			return nil
		})
		if damageOf(err, path) != nil {
			continue // it vouches for nothing; the next row of that day sets it aside
		}
		if err != nil {
			return nil, err
		}
	}
	out = l.backed(out)
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Chunk, b.Chunk))
	})
	return out, nil
}

// touches reports whether an entry's window and [start,end) have an instant in
// common. An entry of one instant has that instant.
func touches(e Entry, start, end time.Time) bool {
	if e.Start.IsZero() || e.End.IsZero() {
		return true
	}
	if e.Start.Equal(e.End) {
		return !e.Start.Before(start) && e.Start.Before(end)
	}
	return e.Start.Before(end) && e.End.After(start)
}

func ledgerTable() table[Entry] {
	return table[Entry]{
		dataset: "ledger",
		fields:  ledgerFields,
		ts: func(e *Entry) int64 {
			if e.Start.IsZero() {
				return e.FetchedAt.UnixMicro()
			}
			return e.Start.UnixMicro()
		},
		compare: func(a, b *Entry) int { return cmp.Compare(a.Chunk, b.Chunk) },
		update:  func(old, came *Entry) bool { return updateEntry(old, *came) },
	}
}

// updateEntry lets what came win. When only the time of fetching differs,
// nothing new was learned and the old row stays.
func updateEntry(old *Entry, came Entry) bool {
	came.Start, came.End, came.FetchedAt = micros(came.Start), micros(came.End), micros(came.FetchedAt)
	same := came
	same.FetchedAt = old.FetchedAt
	if math.IsNaN(same.CostLow) && math.IsNaN(old.CostLow) {
		same.CostLow, old.CostLow = 0, 0
	}
	if same == *old {
		return false
	}
	*old = came
	return true
}

// micros is t as the lake gives it back.
func micros(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

func ledgerFields() []field[Entry] {
	return []field[Entry]{
		textField("chunk", required, func(e *Entry) *string { return &e.Chunk }),
		textField("dataset", required, func(e *Entry) *string { return &e.Dataset }),
		textField("subject", required, func(e *Entry) *string { return &e.Subject }),
		textField("scope", optional, func(e *Entry) *string { return &e.Scope }),
		textField("source", optional, func(e *Entry) *string { return &e.Source }),
		timeField("window_start", func(e *Entry) *time.Time { return &e.Start }),
		timeField("window_end", func(e *Entry) *time.Time { return &e.End }),
		intField("period_s", required, func(e *Entry) *int32 { return &e.PeriodS }),
		longField("row_count", false, required, func(e *Entry) *int64 { return &e.Rows }),
		longField("calls", false, required, func(e *Entry) *int64 { return &e.Calls }),
		longField("retries", false, required, func(e *Entry) *int64 { return &e.Retries }),
		longField("skipped", false, required, func(e *Entry) *int64 { return &e.Skipped }),
		doubleField("cost_low", func(e *Entry) *float64 { return &e.CostLow }),
		doubleField("cost_high", func(e *Entry) *float64 { return &e.CostHigh }),
		textField("status", required, func(e *Entry) *string { return (*string)(&e.Status) }),
		textField("reason", optional, func(e *Entry) *string { return &e.Reason }),
		timeField("fetched_at", func(e *Entry) *time.Time { return &e.FetchedAt }),
	}
}
