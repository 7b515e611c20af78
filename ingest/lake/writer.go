package lake

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// groupRows is the size of a row group: small enough that a ten-minute slice is
// found quickly, large enough that a full scan does not suffer. Where text is
// long, a row group ends at groupBytes of it, so that neither writing nor reading
// one takes more memory than that. The text is weighed every weighRows rows.
const (
	groupRows  = 131072
	groupBytes = 64 << 20
	weighRows  = 16
)

// writer writes one Parquet file row group by row group. Whoever fills the
// columns calls filled after at most room rows.
type writer struct {
	columns []column
	out     *bufio.Writer
	sum     *sumWriter // writes to out
	pq      *file.Writer
	mem     memory.Allocator
	texts   []texter // those of columns
	rows    int      // in the row group at hand
}

// texter is a column that holds text.
type texter interface {
	// textSize is how many bytes of text the column holds.
	textSize() int
}

// newWriter starts a file that is to get about rows rows.
func newWriter(w io.Writer, columns []column, rows int, mem memory.Allocator) (*writer, error) {
	props := []parquet.WriterProperty{
		parquet.WithAllocator(mem),
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithDataPageVersion(parquet.DataPageV1),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(1),
		parquet.WithDictionaryDefault(false),
		parquet.WithCreatedBy(creator),
		parquet.WithBatchSize(4096),
	}
	var fields schema.FieldList
	var texts []texter
	for _, c := range columns {
		c.reserve(min(rows, groupRows))
		node, err := c.node()
		if err != nil {
			return nil, err
		}
		fields = append(fields, node)
		if t, ok := c.(texter); ok {
			texts = append(texts, t)
		}
		for _, l := range c.leaves() {
			props = append(props,
				parquet.WithDictionaryFor(l.path, l.dict),
				parquet.WithEncodingFor(l.path, l.encoding),
				parquet.WithStatsFor(l.path, !l.unranged))
		}
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	sum := newSumWriter(out)
	pq, err := file.NewParquetWriterWithError(sum, root, file.WithWriterProps(parquet.NewWriterProperties(props...)))
	if err != nil {
		return nil, err
	}
	return &writer{columns: columns, texts: texts, out: out, sum: sum, pq: pq, mem: mem}, nil
}

// room is how many rows fit into the row group at hand; at least 1.
func (w *writer) room() int { return groupRows - w.rows }

// filled notes that every column got n more rows.
func (w *writer) filled(n int) error {
	w.rows += n
	if w.rows >= groupRows || w.rows%weighRows == 0 && w.heavy() {
		return w.flush()
	}
	return nil
}

// heavy reports whether the row group at hand has as much text as it may.
func (w *writer) heavy() bool {
	size := 0
	for _, t := range w.texts {
		size += t.textSize()
	}
	return size >= groupBytes
}

// flush writes the row group at hand.
func (w *writer) flush() error {
	if w.rows == 0 {
		return nil
	}
	rg, err := w.pq.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for _, c := range w.columns {
		if err := c.write(rg, w.mem); err != nil {
			return fmt.Errorf("column %s: %w", c.leaves()[0].path, err)
		}
	}
	w.rows = 0
	return rg.Close()
}

// close writes what is left and the footer, with the sum of all in it.
func (w *writer) close() error {
	err := errors.Join(w.flush(), w.pq.AppendKeyValueMetadata(sumKey, sumBlank))
	w.sum.hold()
	if err = errors.Join(err, w.pq.Close()); err != nil {
		return err
	}
	return errors.Join(w.sum.release(), w.out.Flush())
}

// nextColumn is the next leaf of a row group as the type that takes its values.
func nextColumn[T file.ColumnChunkWriter](rg file.SerialRowGroupWriter) (T, error) {
	var typed T
	w, err := rg.NextColumn()
	if err != nil {
		return typed, err
	}
	typed, ok := w.(T)
	if !ok {
		return typed, fmt.Errorf("writing a column of type %s", w.Type())
	}
	return typed, nil
}

// closeColumn closes a leaf, keeping the first error.
func closeColumn(w file.ColumnChunkWriter, err error) error {
	return errors.Join(err, w.Close())
}
