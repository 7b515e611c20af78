package lake

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// run is a file of sorted rows in .tmp, a section for each day. A section is a
// series of blocks; a block is its length, its CRC-32C and whole rows.
type run struct {
	path     string
	size     int64 // bytes
	sections map[int64]section
}

// section is one day's rows in a run.
type section struct {
	offset int64
	rows   int
	span   span // of its timestamps
}

// blockBytes is about the size of a block: what a reader holds of every run.
const blockBytes = 64 << 10

// maxBlock bounds what is read as a block: far above the largest row.
const maxBlock = 1 << 30

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// spill writes the rows of days, each of which open gives sorted, as a run.
func spill[R any](ctx context.Context, l *Lake, t table[R], days []int64, open func(day int64) (source[R], error)) (*run, error) {
	w, err := newRunWriter(l)
	if err != nil {
		return nil, err
	}
	for _, day := range days {
		var src source[R]
		if src, err = open(day); err != nil {
			break
		}
		if err = errors.Join(ctx.Err(), writeSection(w, t, day, src), src.close()); err != nil {
			break
		}
	}
	return w.close(err)
}

// runWriter writes a run.
type runWriter struct {
	l     *Lake
	f     *os.File
	run   *run
	block []byte
	crc   *crc32.Table
}

func newRunWriter(l *Lake) (*runWriter, error) {
	f, err := l.createTemp("run")
	if err != nil {
		return nil, fmt.Errorf("spilling rows: %w", err)
	}
	return &runWriter{l: l, f: f, run: &run{path: f.Name(), sections: map[int64]section{}}, crc: castagnoli()}, nil
}

// blockHead is the room for a block's length and checksum.
const blockHead = 8

// writeSection writes a source's rows, which are all of one day.
func writeSection[R any](w *runWriter, t table[R], day int64, src source[R]) error {
	s := section{offset: w.run.size, span: noTime()}
	fields := t.fields()
	w.block = append(w.block[:0], make([]byte, blockHead)...)
	for {
		r, err := src.next()
		if err != nil {
			return err
		}
		if r == nil {
			break
		}
		for i := range fields {
			w.block = fields[i].encode(w.block, r)
		}
		s.rows++
		s.span.include(t.ts(r))
		if len(w.block) >= blockBytes {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	w.run.sections[day] = s
	return w.flush()
}

// flush writes the block at hand.
func (w *runWriter) flush() error {
	rows := w.block[blockHead:]
	if len(rows) == 0 {
		return nil
	}
	if len(rows) > maxBlock {
		return fmt.Errorf("spilling rows: one takes %d bytes", len(rows))
	}
	binary.LittleEndian.PutUint32(w.block, uint32(len(rows))) //nolint:gosec // bounded above
	binary.LittleEndian.PutUint32(w.block[4:], crc32.Checksum(rows, w.crc))
	w.l.observe(opWrite, w.f.Name())
	n, err := w.f.Write(w.block)
	w.run.size += int64(n)
	w.block = w.block[:blockHead]
	if err != nil {
		return fmt.Errorf("spilling rows: %w", err)
	}
	return nil
}

// close ends the run; after an error it removes it. A run is not synced: it
// means nothing to the next process.
func (w *runWriter) close(err error) (*run, error) {
	if err = errors.Join(err, w.f.Close()); err != nil {
		return nil, errors.Join(err, w.l.remove(w.run.path))
	}
	return w.run, nil
}

// runSource gives the rows of one section. The text of a row lies in the block
// that it was read with.
type runSource[R any] struct {
	ctx    context.Context
	path   string
	f      *os.File
	fields []field[R]
	left   int
	block  decoder
	crc    *crc32.Table
	row    R
}

// openSection opens a day's rows of a run; a run without that day has none.
func openSection[R any](ctx context.Context, t table[R], r *run, day int64) (source[R], error) {
	s, ok := r.sections[day]
	if !ok {
		return nothing[R]{}, nil
	}
	f, err := os.Open(r.path)
	if err != nil {
		return nil, fmt.Errorf("reading spilled rows: %w", err)
	}
	if _, err := f.Seek(s.offset, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("reading spilled rows: %w", err), f.Close())
	}
	return &runSource[R]{ctx: ctx, path: r.path, f: f, fields: t.fields(), left: s.rows, crc: castagnoli()}, nil
}

func (s *runSource[R]) next() (*R, error) {
	if s.left == 0 {
		return nil, nil
	}
	if len(s.block.rest) == 0 {
		if err := errors.Join(s.ctx.Err(), s.fill()); err != nil {
			return nil, err
		}
	}
	for i := range s.fields {
		s.fields[i].decode(&s.block, &s.row)
	}
	if s.block.err != nil {
		return nil, fmt.Errorf("reading spilled rows of %s: %w", s.path, s.block.err)
	}
	s.left--
	return &s.row, nil
}

// fill reads the next block into memory of its own, since rows keep parts of it.
func (s *runSource[R]) fill() error {
	var head [blockHead]byte
	if _, err := io.ReadFull(s.f, head[:]); err != nil {
		return fmt.Errorf("reading spilled rows of %s: %w", s.path, err)
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxBlock {
		return fmt.Errorf("reading spilled rows of %s: damaged block", s.path)
	}
	rows := make([]byte, n)
	if _, err := io.ReadFull(s.f, rows); err != nil {
		return fmt.Errorf("reading spilled rows of %s: %w", s.path, err)
	}
	if crc32.Checksum(rows, s.crc) != binary.LittleEndian.Uint32(head[4:]) {
		return fmt.Errorf("reading spilled rows of %s: wrong checksum", s.path)
	}
	s.block.rest = rows
	return nil
}

func (s *runSource[R]) close() error { return s.f.Close() }

// openRuns merges a day's sections of runs, which came in that order.
func openRuns[R any](ctx context.Context, t table[R], runs []*run, day int64) (source[R], error) {
	var parts []source[R]
	for _, r := range runs {
		if _, ok := r.sections[day]; !ok {
			continue
		}
		s, err := openSection(ctx, t, r, day)
		if err != nil {
			for _, p := range parts {
				err = errors.Join(err, p.close())
			}
			return nil, err
		}
		parts = append(parts, s)
	}
	return newMerger(t, parts)
}

// reduceRuns merges neighbouring runs into larger ones until they can be merged
// at once. The runs that it read are removed.
func reduceRuns[R any](ctx context.Context, l *Lake, t table[R], runs []*run) ([]*run, error) {
	for len(runs) > l.limits.fan {
		var larger []*run
		for i := 0; i < len(runs); i += l.limits.fan {
			part := runs[i:min(i+l.limits.fan, len(runs))]
			r := part[0]
			if len(part) > 1 {
				var err error
				if r, err = joinRuns(ctx, l, t, part); err != nil {
					return append(larger, runs[i:]...), err
				}
			}
			larger = append(larger, r)
		}
		runs = larger
	}
	return runs, nil
}

// joinRuns merges runs into one and removes them.
func joinRuns[R any](ctx context.Context, l *Lake, t table[R], runs []*run) (*run, error) {
	w, err := newRunWriter(l)
	if err != nil {
		return nil, err
	}
	days := map[int64]bool{}
	for _, r := range runs {
		for day := range r.sections {
			days[day] = true
		}
	}
	for _, day := range sortedKeys(days) {
		var src source[R]
		if src, err = openRuns(ctx, t, runs, day); err != nil {
			break
		}
		if err = errors.Join(writeSection(w, t, day, src), src.close()); err != nil {
			break
		}
	}
	joined, err := w.close(err)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		err = errors.Join(err, l.remove(r.path))
	}
	return joined, err
}
