package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// table is a dataset of flat rows.
type table[R any] struct {
	dataset string
	fields  func() []field[R]
	ts      func(*R) int64 // decides the day
	// clock is the column of ts where the file's statistics may be used to pass
	// over row groups, "" elsewhere.
	clock string
	// compare orders rows; rows that compare equal have the same key.
	compare func(a, b *R) int
	// update takes over into old what came with new and reports a change.
	update func(old, new *R) bool
	// clean brings a row into the form in which the lake gives it back, and
	// reports whether it had to; nil where there is nothing but text to clean.
	clean func(*R) bool
}

// put merges rows into the day files of key. It does not touch rows.
func put[R any](ctx context.Context, l *Lake, t table[R], key string, rows []R) (added, changed int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	days, err := byDay(t, rows)
	if err != nil {
		return 0, 0, fmt.Errorf("writing %s of %s: %w", t.dataset, key, err)
	}
	for _, day := range sortedKeys(days) {
		a, c, err := putDay(ctx, l, t, l.dayPath(t.dataset, day, key), days[day])
		if err != nil {
			return added, changed, err
		}
		added, changed = added+a, changed+c
	}
	return added, changed, nil
}

// byDay hands rows out by day, sorted, one of each key. Rows are shared with
// the caller and not changed; one that has to be changed is copied.
func byDay[R any](t table[R], rows []R) (map[int64][]*R, error) {
	days := map[int64][]*R{}
	fields := t.fields()
	for i := range rows {
		r := &rows[i]
		day, err := dayOf(t.ts(r))
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		days[day] = append(days[day], cleanRow(t, fields, r))
	}
	for day, rows := range days {
		if !slices.IsSortedFunc(rows, t.compare) {
			slices.SortStableFunc(rows, t.compare)
		}
		days[day] = foldEqual(t, rows)
	}
	return days, nil
}

// cleanRow is r, or a copy of it with valid text.
func cleanRow[R any](t table[R], fields []field[R], r *R) *R {
	own := r
	for _, f := range fields {
		if f.text == nil || utf8.ValidString(*f.text(own)) {
			continue
		}
		if own == r {
			c := *r
			own = &c
		}
		*f.text(own) = cleanText(*f.text(own))
	}
	if t.clean != nil {
		if c := *own; t.clean(&c) {
			own = &c
		}
	}
	return own
}

// foldEqual folds neighbours of equal key into one row.
func foldEqual[R any](t table[R], rows []*R) []*R {
	out := rows[:0]
	for _, r := range rows {
		if n := len(out); n > 0 && t.compare(out[n-1], r) == 0 {
			folded := *out[n-1]
			t.update(&folded, r)
			out[n-1] = &folded
			continue
		}
		out = append(out, r)
	}
	return out
}

// cleanText is s with every invalid UTF-8 sequence replaced, because engines
// refuse a whole file for one of them.
func cleanText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// putDay merges sorted rows into one file. A first pass over the file counts
// what is new; when nothing is, the file is left alone.
func putDay[R any](ctx context.Context, l *Lake, t table[R], path string, rows []*R) (added, changed int64, err error) {
	added, changed, err = merge(ctx, l, t, path, rows, nil)
	if err != nil || added+changed == 0 {
		return 0, 0, err
	}
	err = l.replace(path, func(f *os.File) error {
		fields := t.fields()
		w, err := newWriter(f, columnsOf(fields), len(rows), l.mem)
		if err != nil {
			return err
		}
		_, _, err = merge(ctx, l, t, path, rows, func(r *R) error {
			for i := range fields {
				fields[i].add(r)
			}
			return w.filled(1)
		})
		return errors.Join(err, w.close())
	})
	if err != nil {
		return 0, 0, err
	}
	return added, changed, nil
}

// merge walks the file at path and rows side by side, gives the union to emit
// (if any) in order, and counts what rows bring. It holds one batch of the file
// in memory.
func merge[R any](ctx context.Context, l *Lake, t table[R], path string, rows []*R, emit func(*R) error) (added, changed int64, err error) {
	visited := everything()
	if emit == nil {
		emit = func(*R) error { return nil }
		visited = t.spanOf(rows)
	}
	err = scan(ctx, t, path, visited, func(old *R) error {
		for len(rows) > 0 && t.compare(rows[0], old) < 0 {
			if err := emit(rows[0]); err != nil {
				return err
			}
			rows, added = rows[1:], added+1
		}
		if len(rows) > 0 && t.compare(rows[0], old) == 0 {
			if t.update(old, rows[0]) {
				changed++
			}
			rows = rows[1:]
		}
		return emit(old)
	})
	if err != nil {
		return 0, 0, err
	}
	for _, r := range rows {
		if err := emit(r); err != nil {
			return 0, 0, err
		}
	}
	return added + int64(len(rows)), changed, nil
}

// span is a range of timestamps, both ends included.
type span struct{ first, last int64 }

func everything() span { return span{math.MinInt64, math.MaxInt64} }

// spanOf is the range of rows' timestamps.
func (t table[R]) spanOf(rows []*R) span {
	s := span{math.MaxInt64, math.MinInt64}
	for _, r := range rows {
		s.first, s.last = min(s.first, t.ts(r)), max(s.last, t.ts(r))
	}
	return s
}

// scan gives the rows of the file at path to visit, which may change a row but
// not keep it. Row groups without a row in the span may be left out. A file that
// is not there has no rows.
func scan[R any](ctx context.Context, t table[R], path string, visited span, visit func(*R) error) (err error) {
	src, err := openReader(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, src.close()) }()
	if t.clock != "" {
		if err := guarded(func() error { return src.within(t.clock, visited) }); err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
	}
	fields := t.fields()
	rows := make([]R, batchRows)
	for n := src.next(); n > 0; n = src.next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := guarded(func() error { return readFields(src, fields, rows[:n]) }); err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		for i := range rows[:n] {
			if err := visit(&rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// readFields reads the next rows of every field.
func readFields[R any](src *reader, fields []field[R], rows []R) error {
	for _, f := range fields {
		if err := f.read(src, rows); err != nil {
			return err
		}
	}
	return nil
}

// sortedKeys are the keys of m in order.
func sortedKeys[V any](m map[int64]V) []int64 {
	out := make([]int64, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
