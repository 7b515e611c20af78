package lake

import (
	"context"
	"errors"
	"os"
)

// head is a source and its next row.
type head[R any] struct {
	src   source[R]
	row   *R
	order int // of two rows of one key, that of the higher order came later
}

// merger is the sources of a table as one: sorted, and one row of each key.
type merger[R any] struct {
	t     table[R]
	heads []head[R] // a heap: the least row first
	all   []source[R]
	row   R
}

// numbered is a source whose rows came in between those of others: of two rows
// of one key, that of the higher number came later.
type numbered interface {
	// number is that of the row given last.
	number() int
}

// orderOf is the order of the row that the i-th source gave last.
func orderOf[R any](s source[R], i int) int {
	if n, ok := s.(numbered); ok {
		return n.number()
	}
	return i
}

// newMerger merges sources, which came in that order. It owns them from now on.
func newMerger[R any](t table[R], sources []source[R]) (source[R], error) {
	if len(sources) == 1 {
		return sources[0], nil // its keys differ already
	}
	m := &merger[R]{t: t, all: sources}
	for i, s := range sources {
		row, err := s.next()
		if err != nil {
			return nil, errors.Join(err, m.close())
		}
		if row != nil {
			m.heads = append(m.heads, head[R]{src: s, row: row, order: orderOf(s, i)})
		}
	}
	for i := len(m.heads)/2 - 1; i >= 0; i-- {
		m.sift(i)
	}
	return m, nil
}

func (m *merger[R]) less(a, b *head[R]) bool {
	if c := m.t.compare(a.row, b.row); c != 0 {
		return c < 0
	}
	return a.order < b.order
}

// sift moves head i down to where it belongs.
func (m *merger[R]) sift(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(m.heads); c++ {
			if m.less(&m.heads[c], &m.heads[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		m.heads[i], m.heads[least] = m.heads[least], m.heads[i]
		i = least
	}
}

// advance replaces the first head by the next row of its source.
func (m *merger[R]) advance() error {
	row, err := m.heads[0].src.next()
	if err != nil {
		return err
	}
	m.heads[0].row, m.heads[0].order = row, orderOf(m.heads[0].src, m.heads[0].order)
	if row == nil {
		last := len(m.heads) - 1
		m.heads[0] = m.heads[last]
		m.heads = m.heads[:last]
	}
	m.sift(0)
	return nil
}

func (m *merger[R]) next() (*R, error) {
	if len(m.heads) == 0 {
		return nil, nil
	}
	m.row = *m.heads[0].row
	for {
		if err := m.advance(); err != nil {
			return nil, err
		}
		if len(m.heads) == 0 || m.t.compare(m.heads[0].row, &m.row) != 0 {
			return &m.row, nil
		}
		m.t.update(&m.row, m.heads[0].row)
	}
}

func (m *merger[R]) close() error {
	var err error
	for _, s := range m.all {
		err = errors.Join(err, s.close())
	}
	return err
}

// unite walks what is there and what came side by side, gives the union in order
// to emit, with whether the row is news, and counts the news.
func unite[R any](t table[R], there, came source[R], emit func(r *R, news bool) error) (added, changed int64, err error) {
	old, err := there.next()
	if err != nil {
		return 0, 0, err
	}
	fresh, err := came.next()
	for err == nil && (old != nil || fresh != nil) {
		order := 1
		if old == nil {
			order = -1
		} else if fresh != nil {
			order = t.compare(fresh, old)
		}
		switch {
		case order < 0:
			added++
			if err = emit(fresh, true); err == nil {
				fresh, err = came.next()
			}
			continue
		case order == 0:
			news := t.update(old, fresh)
			if news {
				changed++
			}
			if err = emit(old, news); err == nil {
				fresh, err = came.next()
			}
		default:
			err = emit(old, false)
		}
		if err == nil {
			old, err = there.next()
		}
	}
	return added, changed, err
}

// came is what is to be merged into one file: sorted sources that can be opened
// more than once.
type came[R any] struct {
	open func() (source[R], error)
	span span // of its timestamps
	rows int  // about how many
}

// errNews ends a walk that looks for news.
var errNews = errors.New("there is news")

// mergeDay merges what came into the file at path; a damaged one is set aside
// first. The caller holds l.mu.
func mergeDay[R any](ctx context.Context, l *Lake, t table[R], path string, c came[R]) (added, changed int64, err error) {
	err = l.mend(ctx, t.dataset, path, func() (err error) {
		added, changed, err = mergeFile(ctx, l, t, path, c)
		return err
	})
	return added, changed, err
}

// mergeFile merges what came into the file at path. A first pass looks whether
// anything is new; when nothing is, the file is left alone.
func mergeFile[R any](ctx context.Context, l *Lake, t table[R], path string, c came[R]) (added, changed int64, err error) {
	if _, err := os.Stat(path); err == nil {
		_, _, err := uniteFile(ctx, t, path, c, c.span, func(_ *R, news bool) error {
			if news {
				return errNews
			}
			return nil
		})
		if !errors.Is(err, errNews) {
			return 0, 0, err
		}
	}
	err = l.replace(path, func(f *os.File) error {
		out, err := newRowWriter(f, t, c.rows, l.mem)
		if err != nil {
			return err
		}
		added, changed, err = uniteFile(ctx, t, path, c, everything(), func(r *R, _ bool) error { return out.add(r) })
		return errors.Join(err, out.close())
	})
	if err != nil {
		return 0, 0, err
	}
	return added, changed, nil
}

// uniteFile is unite over the rows of a file within a span.
func uniteFile[R any](
	ctx context.Context, t table[R], path string, c came[R], within span, emit func(*R, bool) error,
) (added, changed int64, err error) {
	there, err := openSource(ctx, t, path, within)
	if err != nil {
		return 0, 0, err
	}
	fresh, err := c.open()
	if err != nil {
		return 0, 0, errors.Join(err, there.close())
	}
	added, changed, err = unite(t, there, fresh, emit)
	return added, changed, errors.Join(err, there.close(), fresh.close())
}
