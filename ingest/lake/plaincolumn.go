package lake

import (
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// plainColumn is a UTF-8 column whose values seldom repeat: messages, ids. An
// optional column stores the empty string as null.
type plainColumn struct {
	name string
	levels
	cells []parquet.ByteArray
	size  int // bytes of cells
}

func (c *plainColumn) add(s string) {
	present := c.need == required || s != ""
	c.levels.add(present, 1)
	if present {
		c.cells = append(c.cells, byteArray(s))
		c.size += len(s)
	}
}

func (c *plainColumn) textSize() int { return c.size }

func (c *plainColumn) node() (schema.Node, error) { return textNode(c.name, c.need.repetition()) }

func (c *plainColumn) reserve(n int) {
	c.levels.reserve(n)
	c.cells = slices.Grow(c.cells, n)
}

// leaves leaves statistics out where the empty string is a value: the library
// does not count it, and a minimum that is too high makes readers skip rows.
func (c *plainColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.Plain, unranged: c.need == required}}
}

func (c *plainColumn) write(rg file.SerialRowGroupWriter, _ memory.Allocator) error {
	w, err := nextColumn[*file.ByteArrayColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	err = writeText(w, c.cells, c.list())
	clear(c.cells) // lets go of the strings
	c.cells, c.size = c.cells[:0], 0
	c.reset()
	return closeColumn(w, err)
}

// textBatch is how many bytes of text are handed to the library at once. It
// cuts pages only between batches, and a batch of its own choosing (a fixed
// number of values) could make a page of a gigabyte out of long messages.
const textBatch = 256 << 10

// writeText writes the present values under their definition levels (nil where
// every value is present).
func writeText(w *file.ByteArrayColumnChunkWriter, values []parquet.ByteArray, def []int16) error {
	rows := len(values)
	if def != nil {
		rows = len(def)
	}
	value := 0
	for row := 0; row < rows; {
		first, firstValue, size := row, value, 0
		for row < rows && size < textBatch {
			if def == nil || def[row] > 0 {
				size += len(values[value]) + 4
				value++
			}
			row++
		}
		var levels []int16
		if def != nil {
			levels = def[first:row]
		}
		if _, err := w.WriteBatch(values[firstValue:value], levels, nil); err != nil {
			return err
		}
	}
	return nil
}

func textNode(name string, rep parquet.Repetition) (schema.Node, error) {
	return schema.NewPrimitiveNodeLogical(name, rep, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1)
}

// byteArray is s without a copy. The writer only reads it.
func byteArray(s string) parquet.ByteArray {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}
