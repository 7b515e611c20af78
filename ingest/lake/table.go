package lake

import (
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// table is a dataset of flat rows.
type table[R any] struct {
	dataset string
	fields  func() []field[R]
	ts      func(*R) int64 // decides the day
	// clock is the column of ts where the file's statistics may be used to pass
	// over row groups, "" elsewhere.
	clock string
	// share is the part of a merge's memory that rows get which are merged
	// beside others: one in so many; 0 for all of it.
	share int64
	// compare orders rows; rows that compare equal have the same key.
	compare func(a, b *R) int
	// update takes over into old what came with new and reports a change.
	update func(old, new *R) bool
	// owner is the member that names the key of the file; nil where the caller
	// has sorted that out.
	owner func(*R) *string
	// clean brings a row into the form in which the lake gives it back; nil
	// where there is nothing but text to clean.
	clean func(*R)
}

// rowWriter writes the rows of a table into a Parquet file.
type rowWriter[R any] struct {
	*writer
	fields []field[R]
}

func newRowWriter[R any](out io.Writer, t table[R], rows int, mem memory.Allocator) (*rowWriter[R], error) {
	fields := t.fields()
	w, err := newWriter(out, columnsOf(fields), rows, mem)
	if err != nil {
		return nil, err
	}
	return &rowWriter[R]{writer: w, fields: fields}, nil
}

func (w *rowWriter[R]) add(r *R) error {
	for i := range w.fields {
		w.fields[i].add(r)
	}
	return w.filled(1)
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
