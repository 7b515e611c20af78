package lake

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// entries are the levels and keys of a map column. A row without entries is an
// empty map.
type entries struct {
	def, rep []int16
	keys     dictionary
}

// empty adds n rows without entries.
func (e *entries) empty(n int) {
	e.def = appendRun(e.def, 0, n)
	e.rep = appendRun(e.rep, 0, n)
}

// key adds the i-th entry of a row.
func (e *entries) key(i int, k string) {
	e.def = append(e.def, 1)
	e.rep = append(e.rep, min(int16(i), 1)) //nolint:gosec // entries of one row
	e.keys.add(k, 1)
}

func (e *entries) writeKeys(rg file.SerialRowGroupWriter, mem memory.Allocator) error {
	return writeRepeated(rg, &e.keys, e.def, e.rep, mem)
}

func (e *entries) reserve(n int) {
	e.def, e.rep = slices.Grow(e.def, n), slices.Grow(e.rep, n)
}

func (e *entries) reset() {
	e.def, e.rep = e.def[:0], e.rep[:0]
	e.keys.reset()
}

// writeRepeated writes one leaf of a map of text.
func writeRepeated(rg file.SerialRowGroupWriter, d *dictionary, def, rep []int16, mem memory.Allocator) error {
	w, err := nextColumn[*file.ByteArrayColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	if len(d.distinct) == 0 {
		_, err = w.WriteBatch(nil, def, rep)
	} else {
		err = d.writeIndices(w, def, rep, 0, mem)
	}
	return closeColumn(w, err)
}

// dimsColumn is a map of text to text.
type dimsColumn struct {
	name string
	entries
	values dictionary
}

// add adds n rows with the same entries.
func (c *dimsColumn) add(dims []Dim, n int) {
	if len(dims) == 0 {
		c.empty(n)
		return
	}
	start := len(c.keys.cells)
	levels := len(c.def)
	for i, d := range dims {
		c.key(i, d.Name)
		c.values.add(d.Value, 1)
	}
	c.keys.cells = appendCopies(c.keys.cells, start, n-1)
	c.values.cells = appendCopies(c.values.cells, start, n-1)
	c.def = appendCopies(c.def, levels, n-1)
	c.rep = appendCopies(c.rep, levels, n-1)
}

// appendCopies appends s[start:] n times more.
func appendCopies[T any](s []T, start, n int) []T {
	row := len(s) - start
	s = grow(s, row*n)
	run := s[start:]
	for done := row; done < len(run); done *= 2 {
		copy(run[done:], run[:done])
	}
	return s
}

func (c *dimsColumn) node() (schema.Node, error) {
	value, err := textNode("value", parquet.Repetitions.Required)
	if err != nil {
		return nil, err
	}
	return mapNode(c.name, value)
}

func (c *dimsColumn) leaves() []leaf {
	return []leaf{
		{path: c.name + ".key_value.key", encoding: parquet.Encodings.Plain, dict: true},
		{path: c.name + ".key_value.value", encoding: parquet.Encodings.Plain, dict: true},
	}
}

func (c *dimsColumn) write(rg file.SerialRowGroupWriter, mem memory.Allocator) error {
	if err := c.writeKeys(rg, mem); err != nil {
		return err
	}
	err := writeRepeated(rg, &c.values, c.def, c.rep, mem)
	c.values.reset()
	c.reset()
	return err
}

// otherColumn is a map of text to double.
type otherColumn struct {
	name string
	entries
	values []float64
}

// add adds one row; names are the map's keys in order.
func (c *otherColumn) add(names []string, values map[string]float64) {
	if len(names) == 0 {
		c.empty(1)
		return
	}
	for i, name := range names {
		c.key(i, name)
		c.values = append(c.values, values[name])
	}
}

func (c *otherColumn) node() (schema.Node, error) {
	return mapNode(c.name, schema.NewFloat64Node("value", parquet.Repetitions.Required, -1))
}

func (c *otherColumn) leaves() []leaf {
	return []leaf{
		{path: c.name + ".key_value.key", encoding: parquet.Encodings.Plain, dict: true},
		{path: c.name + ".key_value.value", encoding: parquet.Encodings.ByteStreamSplit},
	}
}

func (c *otherColumn) write(rg file.SerialRowGroupWriter, mem memory.Allocator) error {
	if err := c.writeKeys(rg, mem); err != nil {
		return err
	}
	w, err := nextColumn[*file.Float64ColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	_, err = w.WriteBatch(c.values, c.def, c.rep)
	c.values = c.values[:0]
	c.reset()
	return closeColumn(w, err)
}

// mapNode is a map with required keys and values: every row has a map,
// maybe an empty one.
func mapNode(name string, value schema.Node) (schema.Node, error) {
	key, err := textNode("key", parquet.Repetitions.Required)
	if err != nil {
		return nil, err
	}
	node, err := schema.MapOf(name, key, value, parquet.Repetitions.Required, -1)
	if err != nil {
		return nil, fmt.Errorf("describing map %s: %w", name, err)
	}
	return node, nil
}
