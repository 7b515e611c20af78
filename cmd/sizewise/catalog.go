package main

import (
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
