package lake

import (
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// mapLeaf is one leaf column of a map over a whole row group: the cells that
// are there, and levels that cut them into rows.
type mapLeaf[V any] struct {
	path     string
	cells    []V
	def, rep []int16
}

// maxEntries is the most entries of a map that are read: CloudWatch allows 30
// dimensions.
const maxEntries = 100

// readEntries reads a leaf of a map. A file without the column has no entries.
func readEntries[V any](r *reader, path string, read func(r *reader, m *mapLeaf[V]) error) (*mapLeaf[V], error) {
	m := &mapLeaf[V]{path: path}
	i := r.pq.MetaData().Schema.ColumnIndexByName(path)
	if i < 0 {
		return m, nil
	}
	meta, err := r.rg.MetaData().ColumnChunk(i)
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", path, err)
	}
	levels := int(meta.NumValues())
	if most := maxEntries * int(r.rg.NumRows()); levels < 0 || levels > most {
		return nil, fmt.Errorf("column %s has %d entries", path, levels)
	}
	m.cells = make([]V, levels)
	m.def, m.rep = make([]int16, levels), make([]int16, levels)
	if err := read(r, m); err != nil {
		return nil, fmt.Errorf("column %s: %w", path, err)
	}
	return m, nil
}

// rows gives the range of cells of each of n rows to visit.
func (m *mapLeaf[V]) rows(n int, visit func(row, from, to int)) error {
	if m.def == nil {
		for row := range n {
			visit(row, 0, 0)
		}
		return nil
	}
	row, cell := 0, 0
	for i := 0; i < len(m.def); row++ {
		from := cell
		for first := i; i < len(m.def) && (i == first || m.rep[i] > 0); i++ {
			if m.def[i] > 0 {
				cell++
			}
		}
		if row >= n {
			break
		}
		visit(row, from, cell)
	}
	if row != n {
		return fmt.Errorf("column %s has not the %d rows of its group", m.path, n)
	}
	return nil
}

// textLeaf reads a leaf of text.
func textLeaf(r *reader, m *mapLeaf[string]) error {
	c, _, err := chunk[*file.ByteArrayColumnChunkReader](r, m.path)
	if err != nil {
		return err
	}
	text := make([]parquet.ByteArray, min(len(m.cells), batchRows))
	cell := 0
	for done := 0; done < len(m.def); {
		n := min(len(m.def)-done, len(text))
		rows, present, err := c.ReadBatchInPage(int64(n), text, m.def[done:], m.rep[done:])
		if err != nil {
			return err
		}
		if rows == 0 {
			return fmt.Errorf("ends after %d of %d entries", done, len(m.def))
		}
		r.share(m.path, m.cells[cell:cell+present], text[:present], false)
		cell += present
		done += int(rows)
	}
	m.cells = m.cells[:cell]
	return nil
}

// doubleLeaf reads a leaf of doubles.
func doubleLeaf(r *reader, m *mapLeaf[float64]) error {
	c, _, err := chunk[*file.Float64ColumnChunkReader](r, m.path)
	if err != nil {
		return err
	}
	rows, present, err := c.ReadBatch(int64(len(m.def)), m.cells, m.def, m.rep)
	if err != nil {
		return err
	}
	if int(rows) != len(m.def) {
		return fmt.Errorf("ends after %d of %d entries", rows, len(m.def))
	}
	m.cells = m.cells[:present]
	return nil
}
