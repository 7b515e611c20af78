package lake

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
)

// run is a file of rows in .tmp, in sections of one day each, which are sorted
// and of different keys. A section is a series of blocks; a block is its length,
// its number, their CRC-32C with that of the rows, and whole rows in the form of
// the arena that they come from, of which the fields know the text that repeats.
type run struct {
	path     string
	size     int64 // bytes
	number   int   // at least that of its blocks, and below that of what came later
	sections []section
}

// section is rows of one day in a run.
type section struct {
	day    int64
	offset int64
	rows   int
	span   span // of its timestamps, or a wider one
}

// blockBytes is about the size of a block: what a reader holds of every run.
const blockBytes = 64 << 10

// maxBlock bounds what is read as a block: far above the largest row.
const maxBlock = 1 << 30

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

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
	return &runWriter{l: l, f: f, run: &run{path: f.Name()}, crc: castagnoli()}, nil
}

// blockHead is the room for a block's length, number and checksum.
const blockHead = 16

// writeChain writes a chain as a section, its stretches as they lie in memory.
func writeChain[R any](w *runWriter, day int64, a *arena[R], c *chain, wide span) error {
	s := section{day: day, offset: w.run.size, span: wide}
	for _, t := range c.stretches {
		w.begin()
		w.block = append(w.block, a.blocks[t.start.block][t.start.offset:t.start.offset+t.size]...)
		s.rows += t.rows
		if err := w.flush(t.number); err != nil {
			return err
		}
	}
	w.run.sections = append(w.run.sections, s)
	return nil
}

// writeSection writes a source's rows, which are all of one day, under the number of the run.
func writeSection[R any](w *runWriter, t table[R], fields []field[R], day int64, src source[R]) error {
	s := section{day: day, offset: w.run.size, span: noTime()}
	w.begin()
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
			if err := w.flush(w.run.number); err != nil {
				return err
			}
		}
	}
	w.run.sections = append(w.run.sections, s)
	return w.flush(w.run.number)
}

// begin begins a block.
func (w *runWriter) begin() { w.block = append(w.block[:0], make([]byte, blockHead)...) }

// flush writes the block at hand under a number and begins another.
func (w *runWriter) flush(number int) error {
	rows := w.block[blockHead:]
	if len(rows) == 0 {
		return nil
	}
	if len(rows) > maxBlock {
		return fmt.Errorf("spilling rows: one takes %d bytes", len(rows))
	}
	binary.LittleEndian.PutUint32(w.block, uint32(len(rows)))    //nolint:gosec // bounded above
	binary.LittleEndian.PutUint64(w.block[4:12], uint64(number)) //nolint:gosec // counts from 0
	binary.LittleEndian.PutUint32(w.block[12:], blockSum(w.crc, w.block[:12], rows))
	w.l.observe(opWrite, w.f.Name())
	n, err := w.f.Write(w.block)
	w.run.size += int64(n)
	w.block = w.block[:blockHead]
	if err != nil {
		return fmt.Errorf("spilling rows: %w", err)
	}
	return nil
}

// blockSum is the checksum of a block.
func blockSum(t *crc32.Table, head, rows []byte) uint32 {
	return crc32.Update(crc32.Checksum(head, t), t, rows)
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
// that it was read with, or with the fields.
type runSource[R any] struct {
	ctx    context.Context
	path   string
	f      *os.File
	at     int64 // where the next block begins
	owns   bool  // the file, which a run's sections share
	fields []field[R]
	left   int
	which  int // number of the block at hand
	block  decoder
	crc    *crc32.Table
	row    R
}

// number orders rows of one key by when they came.
func (s *runSource[R]) number() int { return s.which }

// openSections opens a day's sections of a run.
func openSections[R any](ctx context.Context, fields []field[R], r *run, day int64) ([]source[R], error) {
	var parts []source[R]
	var f *os.File
	for _, s := range r.sections {
		if s.day != day {
			continue
		}
		if f == nil {
			var err error
			if f, err = os.Open(r.path); err != nil {
				return nil, fmt.Errorf("reading spilled rows: %w", err)
			}
		}
		parts = append(parts, &runSource[R]{
			ctx: ctx, path: r.path, f: f, at: s.offset, owns: len(parts) == 0, fields: fields, left: s.rows, crc: castagnoli(),
		})
	}
	return parts, nil
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
	if _, err := s.f.ReadAt(head[:], s.at); err != nil {
		return fmt.Errorf("reading spilled rows of %s: %w", s.path, err)
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxBlock {
		return fmt.Errorf("reading spilled rows of %s: damaged block", s.path)
	}
	rows := make([]byte, n)
	if _, err := s.f.ReadAt(rows, s.at+blockHead); err != nil {
		return fmt.Errorf("reading spilled rows of %s: %w", s.path, err)
	}
	if blockSum(s.crc, head[:12], rows) != binary.LittleEndian.Uint32(head[12:]) {
		return fmt.Errorf("reading spilled rows of %s: wrong checksum", s.path)
	}
	s.which = int(binary.LittleEndian.Uint64(head[4:12])) //nolint:gosec // was one
	s.at += blockHead + int64(n)
	s.block.rest = rows
	return nil
}

func (s *runSource[R]) close() error {
	if s.owns {
		return s.f.Close()
	}
	return nil
}

// openRuns merges a day's sections of runs, which came in that order.
func openRuns[R any](ctx context.Context, t table[R], fields []field[R], runs []*run, day int64) (source[R], error) {
	var parts []source[R]
	for _, r := range runs {
		s, err := openSections(ctx, fields, r, day)
		if err != nil {
			for _, p := range parts {
				err = errors.Join(err, p.close())
			}
			return nil, err
		}
		parts = append(parts, s...)
	}
	return newMerger(t, parts)
}

// reduceRuns merges neighbouring runs into larger ones until they can be merged
// at once. The runs that it read are removed.
func reduceRuns[R any](ctx context.Context, l *Lake, t table[R], fields []field[R], runs []*run) ([]*run, error) {
	for len(runs) > l.limits.fan {
		var larger []*run
		for i := 0; i < len(runs); i += l.limits.fan {
			part := runs[i:min(i+l.limits.fan, len(runs))]
			r := part[0]
			if len(part) > 1 {
				var err error
				if r, err = joinRuns(ctx, l, t, fields, part); err != nil {
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
func joinRuns[R any](ctx context.Context, l *Lake, t table[R], fields []field[R], runs []*run) (*run, error) {
	w, err := newRunWriter(l)
	if err != nil {
		return nil, err
	}
	w.run.number = runs[len(runs)-1].number
	days := map[int64]bool{}
	for _, r := range runs {
		for _, s := range r.sections {
			days[s.day] = true
		}
	}
	for _, day := range sortedKeys(days) {
		var src source[R]
		if src, err = openRuns(ctx, t, fields, runs, day); err != nil {
			break
		}
		if err = errors.Join(writeSection(w, t, fields, day, src), src.close()); err != nil {
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
