package lake

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/apache/arrow-go/v18/parquet/file"
)

// field ties a column to a member of a row struct: how its cell is added, how a
// batch of it is read back, and how it is spilled and read again.
type field[R any] struct {
	column column
	add    func(*R)
	read   func(*reader, []R) error
	encode func([]byte, *R) []byte
	decode func(*decoder, *R)
	text   func(*R) *string // nil unless the member is text

	memory *remembered // of text that many rows have in common, else nil
}

// textField is text that repeats.
func textField[R any](name string, n need, ref func(*R) *string) field[R] {
	c := &textColumn{name: name, levels: levels{need: n}}
	m := &remembered{}
	return field[R]{
		column: c,
		add:    func(r *R) { c.add(*ref(r), 1) },
		read:   func(src *reader, rows []R) error { return readText(src, name, true, rows, ref) },
		encode: func(b []byte, r *R) []byte { return m.append(b, *ref(r)) },
		decode: func(d *decoder, r *R) { *ref(r) = m.read(d) },
		text:   ref, memory: m,
	}
}

// plainField is text that seldom repeats.
func plainField[R any](name string, n need, ref func(*R) *string) field[R] {
	c := &plainColumn{name: name, levels: levels{need: n}}
	return field[R]{
		column: c,
		add:    func(r *R) { c.add(*ref(r)) },
		read:   func(src *reader, rows []R) error { return readText(src, name, false, rows, ref) },
		encode: func(b []byte, r *R) []byte { return appendText(b, *ref(r)) },
		decode: func(d *decoder, r *R) { *ref(r) = d.text() },
		text:   ref,
	}
}

func readText[R any](src *reader, name string, repeats bool, rows []R, ref func(*R) *string) error {
	out := src.cells(len(rows))
	if err := src.strings(name, repeats, out); err != nil {
		return err
	}
	for i := range rows {
		*ref(&rows[i]) = out[i]
	}
	return nil
}

// longField is a count or, with stamp, a timestamp in microseconds. In an
// optional one 0 is null.
func longField[R any](name string, stamp bool, n need, ref func(*R) *int64) field[R] {
	return integerField(&longColumn{name: name, stamp: stamp, levels: levels{need: n}}, 0, ref)
}

// measureField is a count or duration that may be unknown: -1 is null.
func measureField[R any](name string, ref func(*R) *int64) field[R] {
	return integerField(&longColumn{name: name}, -1, ref)
}

// weightField is a count that is 1 in files without the column.
func weightField[R any](name string, ref func(*R) *int64) field[R] {
	return integerField(&longColumn{name: name, levels: levels{need: required}}, 1, ref)
}

// integerField is a 64-bit integer; absent is what null, or a cell of a column
// that the file does not have, reads as.
func integerField[R any](c *longColumn, absent int64, ref func(*R) *int64) field[R] {
	return field[R]{
		column: c,
		add: func(r *R) {
			if v := *ref(r); v != absent || c.need == required {
				c.add(v, 1)
			} else {
				c.addNull(1)
			}
		},
		read: func(src *reader, rows []R) error {
			out := make([]int64, len(rows))
			err := cells[int64, *file.Int64ColumnChunkReader](src, c.name, out, absent)
			for i := range rows {
				*ref(&rows[i]) = out[i]
			}
			return err
		},
		encode: func(b []byte, r *R) []byte { return binary.AppendVarint(b, *ref(r)) },
		decode: func(d *decoder, r *R) { *ref(r) = d.varint() },
	}
}

// timeField is a time.Time stored as a timestamp; the zero time is null.
func timeField[R any](name string, ref func(*R) *time.Time) field[R] {
	c := &longColumn{name: name, stamp: true}
	return field[R]{
		column: c,
		add: func(r *R) {
			if t := *ref(r); !t.IsZero() {
				c.add(t.UnixMicro(), 1)
			} else {
				c.addNull(1)
			}
		},
		read: func(src *reader, rows []R) error {
			out := make([]int64, len(rows))
			err := cells[int64, *file.Int64ColumnChunkReader](src, name, out, math.MinInt64)
			for i := range rows {
				*ref(&rows[i]) = time.Time{}
				if out[i] != math.MinInt64 {
					*ref(&rows[i]) = time.UnixMicro(out[i]).UTC()
				}
			}
			return err
		},
		encode: func(b []byte, r *R) []byte { return appendTime(b, *ref(r)) },
		decode: func(d *decoder, r *R) { *ref(r) = d.time() },
	}
}

// intField is a 32-bit integer. In an optional one 0 is null.
func intField[R any](name string, n need, ref func(*R) *int32) field[R] {
	c := &intColumn{name: name, levels: levels{need: n}}
	return field[R]{
		column: c,
		add: func(r *R) {
			if v := *ref(r); v != 0 || n == required {
				c.add(v, 1)
			} else {
				c.addNull(1)
			}
		},
		read: func(src *reader, rows []R) error {
			out := make([]int32, len(rows))
			err := cells[int32, *file.Int32ColumnChunkReader](src, name, out, 0)
			for i := range rows {
				*ref(&rows[i]) = out[i]
			}
			return err
		},
		encode: func(b []byte, r *R) []byte { return binary.AppendVarint(b, int64(*ref(r))) },
		decode: func(d *decoder, r *R) { *ref(r) = int32(d.varint()) }, //nolint:gosec // was one
	}
}

// doubleField is a double; NaN is null.
func doubleField[R any](name string, ref func(*R) *float64) field[R] {
	c := &doubleColumn{name: name}
	return field[R]{
		column: c,
		add:    func(r *R) { c.add(*ref(r)) },
		read: func(src *reader, rows []R) error {
			out := make([]float64, len(rows))
			err := cells[float64, *file.Float64ColumnChunkReader](src, name, out, math.NaN())
			for i := range rows {
				*ref(&rows[i]) = out[i]
			}
			return err
		},
		encode: func(b []byte, r *R) []byte { return appendDouble(b, *ref(r)) },
		decode: func(d *decoder, r *R) { *ref(r) = d.double() },
	}
}

// columnsOf are the columns of fields, in order.
func columnsOf[R any](fields []field[R]) []column {
	out := make([]column, len(fields))
	for i, f := range fields {
		out[i] = f.column
	}
	return out
}
