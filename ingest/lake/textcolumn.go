package lake

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// dictLimit is the size in bytes up to which a row group's distinct values are
// written as a dictionary; beyond it they hardly repeat.
const dictLimit = 1 << 20

// textColumn is a UTF-8 column whose values repeat: a dictionary per row group.
// An optional column stores the empty string as null.
type textColumn struct {
	name string
	levels
	dictionary
}

func (c *textColumn) add(s string, n int) {
	present := c.need == required || s != ""
	c.levels.add(present, n)
	if !present {
		c.cells = appendRun(c.cells, 0, n) // under a null bit
		return
	}
	c.dictionary.add(s, n)
}

func (c *textColumn) node() (schema.Node, error) { return textNode(c.name, c.need.repetition()) }

func (c *textColumn) reserve(n int) {
	c.levels.reserve(n)
	c.cells = slices.Grow(c.cells, n)
}

func (c *textColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.Plain, dict: true}}
}

func (c *textColumn) write(rg file.SerialRowGroupWriter, mem memory.Allocator) error {
	w, err := nextColumn[*file.ByteArrayColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	switch {
	case len(c.distinct) == 0:
		_, err = w.WriteBatch(nil, c.list(), nil)
	case c.size > dictLimit:
		w.FallbackToPlain()
		c.setBounds(w)
		err = writeText(w, c.plain(c.list()), c.list())
	default:
		err = c.writeIndices(w, c.list(), nil, c.null, mem)
	}
	c.dictionary.reset()
	c.levels.reset()
	return closeColumn(w, err)
}

// dictionary maps the cells of a column to small integers as they come.
type dictionary struct {
	cells    []int32
	distinct []string
	size     int // bytes of the distinct values
	index    map[string]int32
	last     int32
	near     [nearby]nearText // text found lately, by where it lies in memory
}

// nearby is the number of strings that are found without hashing them.
const nearby = 64

// nearText is a string and its code.
type nearText struct {
	text string
	code int32
}

func (d *dictionary) add(s string, n int) { d.cells = appendRun(d.cells, d.code(s), n) }

// code is the index of s, new or known. Neighbours are often equal, so the last
// value is compared before the map is asked.
func (d *dictionary) code(s string) int32 {
	if len(d.distinct) > 0 && d.distinct[d.last] == s {
		return d.last
	}
	at := &d.near[uintptr(unsafe.Pointer(unsafe.StringData(s)))>>4%nearby]
	if len(s) > 0 && identical(at.text, s) {
		d.last = at.code
		return at.code
	}
	code, ok := d.index[s]
	if !ok {
		if d.index == nil {
			d.index = map[string]int32{}
		}
		code = int32(len(d.distinct)) //nolint:gosec // a row group has far fewer rows
		d.index[s] = code
		d.distinct = append(d.distinct, s)
		d.size += len(s)
	}
	*at = nearText{s, code}
	d.last = code
	return code
}

func (d *dictionary) reset() {
	clear(d.index)
	clear(d.distinct)
	d.cells, d.distinct, d.size, d.last = d.cells[:0], d.distinct[:0], 0, 0
	d.near = [nearby]nearText{}
}

func (d *dictionary) textSize() int { return d.size }

// plain is the values of the cells that are present.
func (d *dictionary) plain(def []int16) []parquet.ByteArray {
	out := make([]parquet.ByteArray, 0, len(d.cells))
	for i, code := range d.cells {
		if def == nil || def[i] > 0 {
			out = append(out, byteArray(d.distinct[code]))
		}
	}
	return out
}

// dictWriter is what a column chunk's dictionary encoder offers.
type dictWriter interface{ PutDictionary(arrow.Array) error }

// writeIndices hands the dictionary and the codes to the column chunk. The
// library's own loop would hash every cell again.
func (d *dictionary) writeIndices(w *file.ByteArrayColumnChunkWriter, def, rep []int16, null int, mem memory.Allocator) error {
	encoder, ok := w.CurrentEncoder().(dictWriter)
	if !ok {
		return fmt.Errorf("column %s has no dictionary encoder", w.Descr().Path())
	}
	values := d.array(mem)
	defer values.Release()
	if err := encoder.PutDictionary(values); err != nil {
		return err
	}
	if stats := d.setBounds(w); stats != nil {
		stats.IncNulls(int64(null))
		stats.IncNumValues(int64(len(d.cells) - null))
	}
	var valid *memory.Buffer
	if null > 0 {
		valid = memory.NewBufferBytes(validity(def))
	}
	cells := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(d.cells))
	data := array.NewData(arrow.PrimitiveTypes.Int32, len(d.cells), []*memory.Buffer{valid, cells}, nil, null, 0)
	defer data.Release()
	codes := array.NewInt32Data(data)
	defer codes.Release()
	return w.WriteDictIndices(codes, def, rep)
}

// array is the distinct values as Arrow has them.
func (d *dictionary) array(mem memory.Allocator) arrow.Array {
	b := array.NewStringBuilder(mem)
	defer b.Release()
	b.Reserve(len(d.distinct))
	b.ReserveData(d.size)
	for _, s := range d.distinct {
		b.Append(s)
	}
	return b.NewArray()
}

// setBounds tells the column chunk its smallest and largest value. It is done
// here because the library passes over empty strings, and a minimum that is too
// high makes readers skip rows.
func (d *dictionary) setBounds(w *file.ByteArrayColumnChunkWriter) *metadata.ByteArrayStatistics {
	stats, ok := w.PageStatistics().(*metadata.ByteArrayStatistics)
	if !ok {
		return nil
	}
	low, high := d.distinct[0], d.distinct[0]
	for _, s := range d.distinct[1:] {
		low, high = min(low, s), max(high, s)
	}
	stats.SetMinMax(byteArray(low), byteArray(high))
	return stats
}

// validity is the null bitmap of definition levels.
func validity(def []int16) []byte {
	bits := make([]byte, bitutil.BytesForBits(int64(len(def))))
	for i, level := range def {
		if level > 0 {
			bits[i>>3] |= 1 << (i & 7)
		}
	}
	return bits
}
