package files

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sizewise/ingest/lake"
)

// factsOf is a Describe document and the file it is from.
type factsOf struct {
	*Facts
	t *tally
}

// flushFacts joins configs with the endpoints that use them, whatever order
// they came in, and writes both, and what was described beside them.
func (im *importer) flushFacts(ctx context.Context) error {
	rows := map[string][]lake.Resource{}
	put := func(subject string, f factsOf) {
		rows[subject] = append(rows[subject], f.Rows...)
		us := f.AsOf.UnixMicro()
		row := f.t.row("resources", subject, string(f.Format))
		for range f.Rows {
			row.add(us, us)
		}
	}
	users := map[string][]string{}
	for _, f := range im.facts {
		if f.Subject != "" {
			put(f.Subject, f)
		}
		if f.Format == DescribeEndpoint {
			users[f.ConfigName] = append(users[f.ConfigName], f.Subject)
		}
	}
	for _, f := range im.facts {
		if f.Format != DescribeEndpointConfig {
			continue
		}
		put("endpoint_config/"+f.Name, f)
		who := users[f.Name]
		if len(who) == 0 && im.o.Subject != "" {
			who = []string{im.o.Subject}
		}
		slices.Sort(who)
		for _, subject := range slices.Compact(who) {
			put(subject, f)
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(rows)) {
		if err := im.w.PutResources(ctx, subject, rows[subject]); err != nil {
			return fmt.Errorf("writing resources of %s: %w", subject, err)
		}
		im.about[subject] = true
	}
	im.facts, im.factRows = nil, 0
	return nil
}
