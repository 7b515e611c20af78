package lake

import (
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
)

// A batch is what is read at once: so many rows, fewer where they are long.
const (
	batchRows  = 8192
	batchBytes = 16 << 20
)

// reader reads one Parquet file in batches of rows, column by column. Columns
// that the file does not have read as null, so that a later version can add
// some.
type reader struct {
	f      *os.File
	pq     *file.Reader
	group  int // next row group
	rg     *file.RowGroupReader
	left   int64 // rows of the row group not yet read
	chunks map[string]file.ColumnChunkReader
	known  map[string]map[string]string // by column: the strings seen, to share them
	def    []int16
	text   []parquet.ByteArray
	out    []string // of one column of a batch
	batch  int64    // rows to read at once in the row group
	skip   []bool   // row groups to leave out; nil for none
}

func openReader(path string) (*reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &reader{
		f:      f,
		chunks: map[string]file.ColumnChunkReader{},
		known:  map[string]map[string]string{},
	}
	err = guarded(func() error {
		// Garbage-collected memory: the library's delta decoder never gives its
		// buffers back.
		props := parquet.NewReaderProperties(memory.NewGoAllocator())
		var err error
		if r.pq, err = file.NewParquetReader(f, file.WithReadProps(props)); err != nil {
			return err
		}
		return r.checkGroups()
	})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// maxGroupRows is the largest row group that is read: well above what this
// package or a compaction writes, and below what would exhaust memory.
const maxGroupRows = 1 << 22

// checkGroups refuses row groups of a size that only damage explains.
func (r *reader) checkGroups() error {
	for i := range r.pq.NumRowGroups() {
		if n := r.pq.RowGroup(i).NumRows(); n < 0 || n > maxGroupRows {
			return fmt.Errorf("row group %d has %d rows", i, n)
		}
	}
	return nil
}

// guarded makes an error of a panic in read. The library panics on some damaged
// files, and one of them must not end a run that writes others.
func guarded(read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged file: %v", r)
		}
	}()
	return read()
}

func (r *reader) close() error {
	r.closeGroup()
	return r.pq.Close() // closes the file too
}

// closeGroup lets go of the column readers. Their Close only frees memory.
func (r *reader) closeGroup() {
	for _, c := range r.chunks {
		if c, ok := c.(interface{ Close() error }); ok {
			_ = c.Close()
		}
	}
	clear(r.chunks)
}

// next announces the rows of the next batch, 0 at the end. Every column must
// then be read for exactly that many rows.
func (r *reader) next() int {
	for r.left == 0 {
		if r.group >= r.pq.NumRowGroups() {
			return 0
		}
		r.closeGroup()
		r.rg = r.pq.RowGroup(r.group)
		if r.skip == nil || !r.skip[r.group] {
			r.left = r.rg.NumRows()
		}
		perRow := r.rg.MetaData().TotalByteSize() / max(r.left, 1)
		r.batch = min(batchRows, max(1, batchBytes/max(perRow, 1)))
		r.group++
	}
	n := min(r.left, r.batch)
	r.left -= n
	return int(n)
}

// within leaves out row groups without a timestamp of the column in s.
func (r *reader) within(column string, s span) error {
	i := r.pq.MetaData().Schema.ColumnIndexByName(column)
	if i < 0 {
		return nil
	}
	r.skip = make([]bool, r.pq.NumRowGroups())
	for g := range r.skip {
		meta, err := r.pq.RowGroup(g).MetaData().ColumnChunk(i)
		if err != nil {
			return err
		}
		stats, err := meta.Statistics()
		if err != nil {
			return err
		}
		if ts, ok := stats.(*metadata.Int64Statistics); ok && ts.HasMinMax() {
			r.skip[g] = ts.Min() > s.last || ts.Max() < s.first
		}
	}
	return nil
}

// chunk is the open reader of a leaf column, or false when the file lacks it.
func chunk[T file.ColumnChunkReader](r *reader, path string) (T, bool, error) {
	var typed T
	c, ok := r.chunks[path]
	if !ok {
		i := r.pq.MetaData().Schema.ColumnIndexByName(path)
		if i < 0 {
			return typed, false, nil
		}
		var err error
		if c, err = r.rg.Column(i); err != nil {
			return typed, false, fmt.Errorf("column %s: %w", path, err)
		}
		r.chunks[path] = c
	}
	typed, ok = c.(T)
	if !ok {
		return typed, false, fmt.Errorf("column %s has type %s", path, c.Type())
	}
	return typed, true, nil
}

// batchReader is what the typed column readers have in common.
type batchReader[V any] interface {
	file.ColumnChunkReader
	ReadBatch(n int64, values []V, def, rep []int16) (int64, int, error)
}

// cells reads n cells of a flat column into out, zero where null; present is
// called with the index of every cell that is not null.
func cells[V any, R batchReader[V]](r *reader, path string, out []V, null V) error {
	c, ok, err := chunk[R](r, path)
	if err != nil {
		return err
	}
	if !ok {
		fill(out, null)
		return nil
	}
	r.def = grow(r.def[:0], len(out))
	rows, present, err := c.ReadBatch(int64(len(out)), out, r.def, nil)
	if err != nil {
		return fmt.Errorf("column %s: %w", path, err)
	}
	if rows != int64(len(out)) {
		return fmt.Errorf("column %s ends after %d of %d rows", path, rows, len(out))
	}
	if present < len(out) {
		spread(out, r.def, present, null)
	}
	return nil
}

// spread moves the values that are present to their rows, from the end.
func spread[V any](out []V, def []int16, present int, null V) {
	for i := len(out) - 1; i >= 0; i-- {
		if def[i] == 0 {
			out[i] = null
			continue
		}
		present--
		out[i] = out[present]
	}
}

func fill[V any](out []V, v V) {
	for i := range out {
		out[i] = v
	}
}
