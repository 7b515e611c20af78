package lake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/parquet/file"
)

// readMetrics reads a day's file. A file that is not there has no series.
func (l *Lake) readMetrics(ctx context.Context, path string) (tracks, error) {
	all := tracks{}
	if err := all.read(ctx, path); err != nil {
		return nil, err
	}
	return all, nil
}

// read adds the points of a file. Those of a file that somebody else wrote may
// be in any order.
func (ts tracks) read(ctx context.Context, path string) error {
	var at *track
	err := walkMetrics(ctx, path, func(b *metricBatch, i int) error {
		if at == nil || !b.continues(&at.Series, i) {
			at = ts.at(b.series(i))
		}
		at.push(b.point(i), b.fetched[i])
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range ts {
		t.order()
	}
	return nil
}

// at is the track of a series, new or known.
func (ts tracks) at(s Series) *track {
	key := seriesKey(&s)
	t := ts[key]
	if t == nil {
		t = &track{Series: s}
		ts[key] = t
	}
	t.Unit = cmp.Or(s.Unit, t.Unit)
	return t
}

// order sorts the points where they are not, and folds those of one time.
func (t *track) order() {
	ascending := true
	for i := 1; i < len(t.points) && ascending; i++ {
		ascending = t.points[i-1].TS < t.points[i].TS
	}
	if ascending {
		return
	}
	type row struct {
		Point
		fetched int64
	}
	rows := make([]row, len(t.points))
	for i, p := range t.points {
		rows[i] = row{p, t.fetched[i]}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.TS, b.TS) })
	t.points, t.fetched = t.points[:0], t.fetched[:0]
	for _, r := range rows {
		if last := len(t.points) - 1; last >= 0 && t.points[last].TS == r.TS {
			t.points[last], _ = mergePoint(t.points[last], r.Point)
			t.fetched[last] = r.fetched
			continue
		}
		t.push(r.Point, r.fetched)
	}
}

// walkMetrics gives every row of a day's file to visit, as a row of a batch. A
// file that is not there has none.
func walkMetrics(ctx context.Context, path string, visit func(b *metricBatch, i int) error) (err error) {
	src, err := openReader(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &readError{path, err}
	}
	defer func() { err = errors.Join(err, src.close()) }()
	b := &metricBatch{reader: src}
	for n := src.next(); n > 0; n = src.next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := guarded(func() error { return b.read(n) }); err != nil {
			return &readError{path, err}
		}
		for i := range n {
			if err := visit(b, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// metricBatch is a batch of rows of a metrics file, column by column.
type metricBatch struct {
	*reader
	ts, fetched []int64
	period      []int32
	labels      [unit + 1][]string // those that are not taken from dims
	dims        [][]Dim
	stats       [NumStats][]float64
	other       []map[string]float64
	provisional []bool
	mapped      int // row group that dims and other belong to
	row         int // rows of that group read so far
}

// read reads n rows.
func (b *metricBatch) read(n int) error {
	b.ts, b.fetched = grow(b.ts[:0], n), grow(b.fetched[:0], n)
	b.period = grow(b.period[:0], n)
	b.provisional = grow(b.provisional[:0], n)
	err := errors.Join(
		cells[int64, *file.Int64ColumnChunkReader](b.reader, "ts", b.ts, 0),
		cells[int64, *file.Int64ColumnChunkReader](b.reader, "fetched_at", b.fetched, 0),
		cells[int32, *file.Int32ColumnChunkReader](b.reader, "period_s", b.period, 0),
		cells[bool, *file.BooleanColumnChunkReader](b.reader, "provisional", b.provisional, false),
	)
	names := labelNames()
	for i := range b.labels {
		b.labels[i] = grow(b.labels[i][:0], n)
		err = errors.Join(err, b.strings(names[i], true, b.labels[i]))
	}
	for i, name := range statNames() {
		b.stats[i] = grow(b.stats[i][:0], n)
		err = errors.Join(err, cells[float64, *file.Float64ColumnChunkReader](b.reader, name, b.stats[i], math.NaN()))
	}
	if b.group != b.mapped {
		b.mapped, b.row = b.group, 0
		err = errors.Join(err, b.readDims(), b.readOther())
	}
	b.row += n
	return err
}

// readDims reads the dims of a whole row group: a map's leaf columns are read
// by entries, and batches are cut by rows. Rows with the dimensions of the row
// before share its slice.
func (b *metricBatch) readDims() error {
	names, err := readEntries(b.reader, "dims.key_value.key", textLeaf)
	if err != nil {
		return err
	}
	values, err := readEntries(b.reader, "dims.key_value.value", textLeaf)
	if err != nil {
		return err
	}
	if len(values.cells) != len(names.cells) {
		return fmt.Errorf("column dims has %d keys and %d values", len(names.cells), len(values.cells))
	}
	b.dims = make([][]Dim, b.rg.NumRows())
	var last []Dim
	return names.rows(len(b.dims), func(row, from, to int) {
		if !sameDims(last, names.cells[from:to], values.cells[from:to]) {
			last = make([]Dim, to-from)
			for i := range last {
				last[i] = Dim{Name: names.cells[from+i], Value: values.cells[from+i]}
			}
		}
		b.dims[row] = last
	})
}

func sameDims(dims []Dim, names, values []string) bool {
	if len(dims) != len(names) {
		return false
	}
	for i, d := range dims {
		if d.Name != names[i] || d.Value != values[i] {
			return false
		}
	}
	return true
}

// readOther reads the statistics without columns of a whole row group.
func (b *metricBatch) readOther() error {
	names, err := readEntries(b.reader, "other.key_value.key", textLeaf)
	if err != nil {
		return err
	}
	values, err := readEntries(b.reader, "other.key_value.value", doubleLeaf)
	if err != nil {
		return err
	}
	if len(values.cells) != len(names.cells) {
		return fmt.Errorf("column other has %d keys and %d values", len(names.cells), len(values.cells))
	}
	b.other = make([]map[string]float64, b.rg.NumRows())
	return names.rows(len(b.other), func(row, from, to int) {
		if from == to {
			return
		}
		b.other[row] = make(map[string]float64, to-from)
		for i := from; i < to; i++ {
			b.other[row][names.cells[i]] = values.cells[i]
		}
	})
}

// series is the series of row i.
func (b *metricBatch) series(i int) Series {
	return Series{
		Account: b.labels[account][i], Region: b.labels[region][i], Subject: b.labels[subject][i],
		Namespace: b.labels[namespace][i], Metric: b.labels[metric][i], Unit: b.labels[unit][i],
		PeriodS: b.period[i], Dims: b.dims[b.row-len(b.ts)+i],
	}
}

// point is the point of row i.
func (b *metricBatch) point(i int) Point {
	p := Point{TS: b.ts[i], Other: b.other[b.row-len(b.ts)+i], Provisional: b.provisional[i]}
	for s := range p.Stats {
		p.Stats[s] = b.stats[s][i]
	}
	return p
}

// continues reports whether row i belongs to s. The strings of a batch are
// shared, so that equal ones are mostly the same one.
func (b *metricBatch) continues(s *Series, i int) bool {
	return s.Metric == b.labels[metric][i] && s.PeriodS == b.period[i] && slices.Equal(s.Dims, b.dims[b.row-len(b.ts)+i]) &&
		s.Namespace == b.labels[namespace][i] && s.Unit == b.labels[unit][i] && s.Subject == b.labels[subject][i] &&
		s.Account == b.labels[account][i] && s.Region == b.labels[region][i]
}
