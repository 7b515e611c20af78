package lake

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// CatalogRow is one metric of the catalogue, for SQL to join.
type CatalogRow struct {
	Namespace string
	Metric    string
	Unit      string // as published, for example Microseconds
	Stats     string // statistics that make sense, joined with ",", for example Average,p50,p99
	DimSets   string // dim_set values it is published under, joined with ";"
	Kind      string // count, gauge, latency, utilization
	Scale     string // what normalises it, "" nothing
	Better    string // higher, lower, none
	About     string // one sentence
	Source    string // where that is documented
}

// PutCatalog writes catalog.parquet: rows as they are, sorted by namespace and
// metric. What was there is gone; equal content is not written again.
func (l *Lake) PutCatalog(ctx context.Context, rows []CatalogRow) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	own := slices.Clone(rows)
	slices.SortStableFunc(own, func(a, b CatalogRow) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Metric, b.Metric))
	})
	var data bytes.Buffer
	if err := l.encodeCatalog(&data, own); err != nil {
		return err
	}
	path := filepath.Join(l.dir, catalogFile)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data.Bytes()) {
		return nil
	}
	return l.replace(path, func(f *os.File) error {
		_, err := data.WriteTo(f)
		return err
	})
}

func (l *Lake) encodeCatalog(out io.Writer, rows []CatalogRow) error {
	fields := catalogFields()
	w, err := newWriter(out, columnsOf(fields), len(rows), l.mem)
	if err != nil {
		return err
	}
	for i := range rows {
		for _, f := range fields {
			*f.text(&rows[i]) = cleanText(*f.text(&rows[i]))
			f.add(&rows[i])
		}
		if err := w.filled(1); err != nil {
			return errors.Join(err, w.close())
		}
	}
	return w.close()
}

func catalogFields() []field[CatalogRow] {
	return []field[CatalogRow]{
		textField("namespace", required, func(r *CatalogRow) *string { return &r.Namespace }),
		textField("metric", required, func(r *CatalogRow) *string { return &r.Metric }),
		textField("unit", optional, func(r *CatalogRow) *string { return &r.Unit }),
		textField("stats", optional, func(r *CatalogRow) *string { return &r.Stats }),
		textField("dim_sets", optional, func(r *CatalogRow) *string { return &r.DimSets }),
		textField("kind", optional, func(r *CatalogRow) *string { return &r.Kind }),
		textField("scale", optional, func(r *CatalogRow) *string { return &r.Scale }),
		textField("better", optional, func(r *CatalogRow) *string { return &r.Better }),
		textField("about", optional, func(r *CatalogRow) *string { return &r.About }),
		textField("source", optional, func(r *CatalogRow) *string { return &r.Source }),
	}
}
