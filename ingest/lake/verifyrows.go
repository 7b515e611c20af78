package lake

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// checker verifies the rows of one file.
type checker struct {
	v        *verifier
	path     string
	dataset  string
	day      string // name of the directory
	key      string // of the row before
	rows     int64
	subjects map[string]*span
}

// row notes a row of a key and subject at a time.
func (c *checker) row(ts int64, key, subject string) {
	c.rows++
	if day := time.UnixMicro(ts).UTC().Format(time.DateOnly); "dt="+day != c.day {
		c.v.find(Misplaced, c.path, "row %d is of %s", c.rows, day)
	}
	if c.rows == 1 || key != c.key {
		c.key = key
		if want := fileName(key); want != filepath.Base(c.path) {
			c.v.find(Misplaced, c.path, "row %d is of %q, which belongs into %s", c.rows, key, want)
		}
	}
	at := c.subjects[subject]
	if at == nil {
		s := noTime()
		at = &s
		c.subjects[strings.Clone(subject)] = at
	}
	at.include(ts)
}

// step notes how a row compares with the one before.
func (c *checker) step(order int) {
	switch {
	case order == 0:
		c.v.find(Duplicate, c.path, "rows %d and %d have one key", c.rows-1, c.rows)
	case order < 0:
		c.v.find(Order, c.path, "row %d belongs before row %d", c.rows, c.rows-1)
	}
}

// checkRows verifies a file of flat rows; names are the key of the file that a
// row belongs into, and its subject.
func checkRows[R any](c *checker, t table[R], names func(*R) (key, subject string)) error {
	var before R
	return scan(c.v.ctx, t, c.path, everything(), func(r *R) error {
		key, subject := names(r)
		c.row(t.ts(r), key, subject)
		if c.rows > 1 {
			c.step(t.compare(r, &before))
		}
		before = *r
		return nil
	})
}

// metrics verifies a file of metrics.
func (c *checker) metrics() error {
	var at *track
	var ts int64
	return walkMetrics(c.v.ctx, c.path, func(b *metricBatch, i int) error {
		c.row(b.ts[i], b.labels[subject][i], b.labels[subject][i])
		if at != nil && b.continues(&at.Series, i) {
			c.step(cmp.Compare(b.ts[i], ts))
		} else {
			next := &track{Series: b.series(i)}
			if at != nil {
				c.step(compareSeries(next, at))
			}
			at = next
		}
		ts = b.ts[i]
		return nil
	})
}

// columnsNow are the leaf columns that this version writes into a dataset, as
// readFooter names them.
func columnsNow(dataset string) ([]string, error) {
	var columns []column
	switch dataset {
	case "metrics":
		columns = blankMetricWriter().order()
	case "logs":
		columns = columnsOf(logFields())
	case "requests":
		columns = columnsOf(requestFields())
	case "resources":
		columns = columnsOf(resourceFields())
	case "ledger":
		columns = columnsOf(ledgerFields())
	}
	var fields schema.FieldList
	for _, c := range columns {
		node, err := c.node()
		if err != nil {
			return nil, err
		}
		fields = append(fields, node)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, fmt.Errorf("describing %s: %w", dataset, err)
	}
	s := schema.NewSchema(root)
	var out []string
	for i := range s.NumColumns() {
		out = append(out, s.Column(i).Path()+" "+s.Column(i).PhysicalType().String())
	}
	return out, nil
}
