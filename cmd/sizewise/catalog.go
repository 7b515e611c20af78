package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sizewise/ingest/catalog"
	"sizewise/ingest/lake"
)

// catalogRows is the metric catalogue as the lake stores it.
func catalogRows() []lake.CatalogRow {
	var rows []lake.CatalogRow
	for _, m := range catalog.All() {
		var sets []string
		for _, s := range m.DimSets {
			sets = append(sets, strings.Join(s, ","))
		}
		rows = append(rows, lake.CatalogRow{
			Namespace: m.Namespace, Metric: m.Name, Unit: m.Unit,
			Stats: strings.Join(m.Stats, ","), DimSets: strings.Join(sets, ";"),
			Kind: string(m.Kind), Scale: string(m.Scale), Better: string(m.Better),
			About: m.About, Source: m.Source,
		})
	}
	return rows
}

// borrowCatalog makes a lake with nothing but the catalogue for as long as it
// is asked for: the metrics that SageMaker publishes are of interest before
// there is a lake. It does nothing where there is one.
func (a *app) borrowCatalog(ctx context.Context) (remove func() error, err error) {
	var missing *lake.MissingError
	if !errors.As(lake.Check(a.common.lake), &missing) {
		return func() error { return nil }, nil
	}
	dir, err := os.MkdirTemp("", "sizewise-catalog-")
	if err != nil {
		return nil, fmt.Errorf("making room for the catalogue: %w", err)
	}
	a.common.lake = filepath.Join(dir, "lake")
	remove = func() error { return os.RemoveAll(dir) }
	l, err := a.createLake(ctx, a.con.now, 0)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	if err := l.Close(); err != nil {
		return nil, errors.Join(err, remove())
	}
	return remove, nil
}
