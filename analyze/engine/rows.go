package engine

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// Column is one column of a result.
type Column struct {
	Name string
	Type string // DuckDB's name, for example MAP(VARCHAR, DOUBLE)
}

// Rows are the rows of one statement, in order:
//
//	for rows.Next() {
//		rate := rows.Float64("rate")
//	}
//	return rows.Close()
//
// The typed getters read the current row by column name. Asking for a column
// that is not there, or of another type, is an error that ends the loop and
// that Err and Close report. Rows must be closed.
type Rows struct {
	engine  *Engine
	name    string
	rows    *sql.Rows
	columns []Column
	index   map[string]int
	values  []any
	targets []any
	err     error
	closed  bool
}

// newRows takes rows over: it closes them where it fails.
func newRows(e *Engine, name string, rows *sql.Rows) (*Rows, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		e.end()
		return nil, errors.Join(fmt.Errorf("reading the columns of %s: %w", name, err), rows.Close())
	}
	r := &Rows{
		engine: e, name: name, rows: rows,
		index:   make(map[string]int, len(types)),
		values:  make([]any, len(types)),
		targets: make([]any, len(types)),
	}
	for i, t := range types {
		r.columns = append(r.columns, Column{Name: t.Name(), Type: t.DatabaseTypeName()})
		r.targets[i] = &r.values[i]
		if _, ok := r.index[t.Name()]; !ok {
			r.index[t.Name()] = i
		}
	}
	return r, nil
}

// Columns are the result's columns, in order. Names need not be unique.
func (r *Rows) Columns() []Column { return r.columns }

// Next moves to the next row and reports whether there is one.
func (r *Rows) Next() bool {
	if r.err != nil || r.closed {
		return false
	}
	ok, err := r.scan()
	if err != nil {
		r.err = fmt.Errorf("reading the rows of %s: %w", r.name, r.engine.explain(err))
		return false
	}
	return ok
}

// scan reads one row. A value that the driver cannot represent, such as a MAP
// with lists as keys, makes it panic: that is one statement's failure, not the
// program's.
func (r *Rows) scan() (ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			ok, err = false, fmt.Errorf("a value has no form here: %v", p)
		}
	}()
	if !r.rows.Next() {
		return false, r.rows.Err()
	}
	if err := r.rows.Scan(r.targets...); err != nil {
		return false, err
	}
	for i, c := range r.columns {
		r.values[i] = plain(c.Type, r.values[i])
	}
	return true, nil
}

// Err is the first error met, nil at the ordinary end.
func (r *Rows) Err() error { return r.err }

// Close ends the statement and returns the first error met. It may be called
// twice.
func (r *Rows) Close() error {
	if !r.closed {
		r.closed = true
		r.err = errors.Join(r.err, r.rows.Close())
		r.engine.end()
	}
	return r.err
}

// Values are the current row's values, valid until Next; nil is NULL. Show
// them with [Text] or [JSON].
func (r *Rows) Values() []any { return r.values }

// Null reports whether the column is NULL in the current row.
func (r *Rows) Null(column string) bool { return r.value(column) == nil }

// Float64 reads a number; NULL is NaN.
func (r *Rows) Float64(column string) float64 {
	switch v := r.value(column).(type) {
	case nil:
		return math.NaN()
	case float64:
		return v
	case float32:
		return float64(v)
	case duckdb.Decimal:
		return v.Float64()
	case *big.Int:
		x, _ := new(big.Float).SetInt(v).Float64()
		return x
	default:
		if n, ok := whole(v); ok {
			return float64(n)
		}
		r.mistyped(column, "a number", v)
		return math.NaN()
	}
}

// Int64 reads a whole number; NULL is 0, which Null tells apart.
func (r *Rows) Int64(column string) int64 {
	v := r.value(column)
	if v == nil {
		return 0
	}
	n, ok := whole(v)
	if !ok {
		r.mistyped(column, "a whole number", v)
	}
	return n
}

// String reads text; NULL is "".
func (r *Rows) String(column string) string { return get[string](r, column, "text") }

// Time reads a TIMESTAMP as UTC; NULL is the zero time.
func (r *Rows) Time(column string) time.Time { return get[time.Time](r, column, "a time") }

// Bool reads a BOOLEAN; NULL is false.
func (r *Rows) Bool(column string) bool { return get[bool](r, column, "true or false") }

func get[T any](r *Rows, column, want string) T {
	var zero T
	v := r.value(column)
	if v == nil {
		return zero
	}
	t, ok := v.(T)
	if !ok {
		r.mistyped(column, want, v)
	}
	return t
}

func (r *Rows) value(column string) any {
	i, ok := r.index[column]
	if !ok {
		r.fail(column, "not in the result")
		return nil
	}
	return r.values[i]
}

func (r *Rows) mistyped(column, want string, v any) {
	r.fail(column, fmt.Sprintf("want %s, have %s", want, Text(v)))
}

func (r *Rows) fail(column, why string) {
	if r.err == nil {
		r.err = &ColumnError{Query: r.name, Column: column, Why: why}
	}
}

// whole reads any of the driver's integer types that fit.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case int16:
		return int64(n), true
	case int8:
		return int64(n), true
	case uint8:
		return int64(n), true
	case uint16:
		return int64(n), true
	case uint32:
		return int64(n), true
	case uint64:
		return int64(n), n <= math.MaxInt64
	case *big.Int:
		return n.Int64(), n.IsInt64()
	}
	return 0, false
}
