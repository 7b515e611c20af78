package lake

import (
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// column collects the cells of one column for the row group at hand and then
// writes them in one go. Cells are added in runs: a series repeats its labels
// for every point, and n equal cells cost little more than one.
type column interface {
	node() (schema.Node, error)
	// leaves are the paths of the column's leaf columns, in file order.
	leaves() []leaf
	// reserve makes room for the cells of n rows at once.
	reserve(n int)
	// write writes the collected cells and forgets them.
	write(rg file.SerialRowGroupWriter, mem memory.Allocator) error
}

// leaf is how one leaf column is encoded.
type leaf struct {
	path     string
	encoding parquet.Encoding
	dict     bool
	unranged bool // no minimum and maximum
}

// need says whether a column can hold null.
type need bool

const (
	required need = true
	optional need = false
)

func (n need) repetition() parquet.Repetition {
	if n == required {
		return parquet.Repetitions.Required
	}
	return parquet.Repetitions.Optional
}

// levels are definition levels, kept only where a column can hold null. Cells
// that are all present, or all null, are noted as one run.
type levels struct {
	need  need
	def   []int16
	level int16 // of the run that is not in def yet
	run   int
	null  int // how many cells are null
}

// add notes n cells that are present or not.
func (l *levels) add(present bool, n int) {
	if l.need == required {
		return
	}
	level := int16(1)
	if !present {
		level = 0
		l.null += n
	}
	if level != l.level {
		l.def = appendRun(l.def, l.level, l.run)
		l.level, l.run = level, 0
	}
	l.run += n
}

// list is a level for every cell, nil for a column that cannot hold null.
func (l *levels) list() []int16 {
	l.def = appendRun(l.def, l.level, l.run)
	l.run = 0
	return l.def
}

func (l *levels) reset() { l.def, l.run, l.null = l.def[:0], 0, 0 }

func (l *levels) reserve(n int) {
	if l.need == optional {
		l.def = slices.Grow(l.def, n)
	}
}

// appendRun appends v n times.
func appendRun[T any](s []T, v T, n int) []T {
	if n == 1 {
		return append(s, v)
	}
	start := len(s)
	s = grow(s, n)
	run := s[start:]
	for i := range run {
		run[i] = v
	}
	return s
}

// grow lengthens s by n cells of any content.
func grow[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s[:len(s)+n]
	}
	return append(s, make([]T, n)...)
}

// longColumn is a 64-bit integer column: a count, or a timestamp in
// microseconds without a zone.
type longColumn struct {
	name  string
	stamp bool
	levels
	cells []int64
}

func (c *longColumn) add(v int64, n int) {
	c.levels.add(true, n)
	c.cells = appendRun(c.cells, v, n)
}

func (c *longColumn) addNull(n int) { c.levels.add(false, n) }

func (c *longColumn) node() (schema.Node, error) {
	if !c.stamp {
		return schema.NewInt64Node(c.name, c.need.repetition(), -1), nil
	}
	// Not adjusted to UTC, though it is UTC: engines that see the flag answer
	// with a zoned type, whose casts cost several times more.
	naive := schema.NewTimestampLogicalType(false, schema.TimeUnitMicros)
	return schema.NewPrimitiveNodeLogical(c.name, c.need.repetition(), naive, parquet.Types.Int64, -1, -1)
}

func (c *longColumn) reserve(n int) {
	c.levels.reserve(n)
	c.cells = slices.Grow(c.cells, n)
}

func (c *longColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.DeltaBinaryPacked}}
}

func (c *longColumn) write(rg file.SerialRowGroupWriter, _ memory.Allocator) error {
	w, err := nextColumn[*file.Int64ColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	_, err = w.WriteBatch(c.cells, c.list(), nil)
	c.cells = c.cells[:0]
	c.reset()
	return closeColumn(w, err)
}

// intColumn is a 32-bit integer column.
type intColumn struct {
	name string
	levels
	cells []int32
}

func (c *intColumn) add(v int32, n int) {
	c.levels.add(true, n)
	c.cells = appendRun(c.cells, v, n)
}

func (c *intColumn) addNull(n int) { c.levels.add(false, n) }

func (c *intColumn) node() (schema.Node, error) {
	return schema.NewInt32Node(c.name, c.need.repetition(), -1), nil
}

func (c *intColumn) reserve(n int) {
	c.levels.reserve(n)
	c.cells = slices.Grow(c.cells, n)
}

func (c *intColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.DeltaBinaryPacked}}
}

func (c *intColumn) write(rg file.SerialRowGroupWriter, _ memory.Allocator) error {
	w, err := nextColumn[*file.Int32ColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	_, err = w.WriteBatch(c.cells, c.list(), nil)
	c.cells = c.cells[:0]
	c.reset()
	return closeColumn(w, err)
}

// doubleColumn is an optional double column. NaN is null: a statistic that was
// not asked for or not answered.
type doubleColumn struct {
	name string
	levels
	cells []float64
}

func (c *doubleColumn) add(v float64) {
	present := !math.IsNaN(v)
	c.levels.add(present, 1)
	if present {
		c.cells = append(c.cells, v)
	}
}

// addStat adds one statistic of many points. Mostly all of them have it or none
// does.
func (c *doubleColumn) addStat(points []Point, s Stat) {
	had := len(c.cells)
	c.cells = grow(c.cells, len(points))
	at := had
	for i := range points {
		if v := points[i].Stats[s]; !math.IsNaN(v) {
			c.cells[at] = v
			at++
		}
	}
	c.cells = c.cells[:at]
	if present := at - had; present == 0 || present == len(points) {
		c.levels.add(present > 0, len(points))
		return
	}
	for i := range points {
		c.levels.add(!math.IsNaN(points[i].Stats[s]), 1)
	}
}

// reserve leaves the cells to grow: a statistic may have none.
func (c *doubleColumn) reserve(n int) { c.levels.reserve(n) }

func (c *doubleColumn) node() (schema.Node, error) {
	return schema.NewFloat64Node(c.name, c.need.repetition(), -1), nil
}

func (c *doubleColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.ByteStreamSplit}}
}

func (c *doubleColumn) write(rg file.SerialRowGroupWriter, _ memory.Allocator) error {
	w, err := nextColumn[*file.Float64ColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	_, err = w.WriteBatch(c.cells, c.list(), nil)
	c.cells = c.cells[:0]
	c.reset()
	return closeColumn(w, err)
}

// flagColumn is a required boolean column.
type flagColumn struct {
	name  string
	cells []bool
}

func (c *flagColumn) add(v bool) { c.cells = append(c.cells, v) }

func (c *flagColumn) node() (schema.Node, error) {
	return schema.NewBooleanNode(c.name, parquet.Repetitions.Required, -1), nil
}

func (c *flagColumn) reserve(n int) { c.cells = slices.Grow(c.cells, n) }

func (c *flagColumn) leaves() []leaf {
	return []leaf{{path: c.name, encoding: parquet.Encodings.Plain}}
}

func (c *flagColumn) write(rg file.SerialRowGroupWriter, _ memory.Allocator) error {
	w, err := nextColumn[*file.BooleanColumnChunkWriter](rg)
	if err != nil {
		return err
	}
	_, err = w.WriteBatch(c.cells, nil, nil)
	c.cells = c.cells[:0]
	return closeColumn(w, err)
}
