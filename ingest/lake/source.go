package lake

import (
	"context"
	"errors"
	"io/fs"
	"math"
)

// source gives rows in the order of their table. A row is the caller's, to
// change too, until the next one is asked for. At the end next gives nil.
type source[R any] interface {
	next() (*R, error)
	close() error
}

// nothing is a source without rows.
type nothing[R any] struct{}

func (nothing[R]) next() (*R, error) { return nil, nil }
func (nothing[R]) close() error      { return nil }

// span is a range of timestamps, both ends included.
type span struct{ first, last int64 }

func everything() span { return span{math.MinInt64, math.MaxInt64} }

func noTime() span { return span{math.MaxInt64, math.MinInt64} }

// include widens s to hold ts.
func (s *span) include(ts int64) { s.first, s.last = min(s.first, ts), max(s.last, ts) }

// fileSource gives the rows of a Parquet file, holding one batch of them.
type fileSource[R any] struct {
	ctx    context.Context
	path   string
	src    *reader
	fields []field[R]
	batch  []R
	rows   []R // of batch, not yet given
}

// openSource opens the file at path. Row groups without a row in the span may be
// left out. A file that is not there has no rows.
func openSource[R any](ctx context.Context, t table[R], path string, visited span) (source[R], error) {
	src, err := openReader(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nothing[R]{}, nil
	}
	if err != nil {
		return nil, &readError{path, err}
	}
	if t.clock != "" && visited != everything() {
		if err := guarded(func() error { return src.within(t.clock, visited) }); err != nil {
			return nil, errors.Join(&readError{path, err}, src.close())
		}
	}
	return &fileSource[R]{ctx: ctx, path: path, src: src, fields: t.fields()}, nil
}

func (s *fileSource[R]) next() (*R, error) {
	if len(s.rows) == 0 {
		if err := s.fill(); err != nil {
			return nil, err
		}
		if len(s.rows) == 0 {
			return nil, nil
		}
	}
	r := &s.rows[0]
	s.rows = s.rows[1:]
	return r, nil
}

// fill reads the next batch.
func (s *fileSource[R]) fill() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	n := s.src.next()
	s.batch = grow(s.batch[:0], n)
	if err := guarded(func() error { return readFields(s.src, s.fields, s.batch) }); err != nil {
		return &readError{s.path, err}
	}
	s.rows = s.batch
	return nil
}

func (s *fileSource[R]) close() error { return s.src.close() }

// readFields reads the next rows of every field.
func readFields[R any](src *reader, fields []field[R], rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	for _, f := range fields {
		if err := f.read(src, rows); err != nil {
			return err
		}
	}
	return nil
}

// scan gives the rows of the file at path to visit, which may change a row but
// not keep it. Row groups without a row in the span may be left out. A file that
// is not there has no rows.
func scan[R any](ctx context.Context, t table[R], path string, visited span, visit func(*R) error) (err error) {
	s, err := openSource(ctx, t, path, visited)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for {
		r, err := s.next()
		if err != nil || r == nil {
			return err
		}
		if err := visit(r); err != nil {
			return err
		}
	}
}
