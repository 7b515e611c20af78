package files

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sizewise/ingest/lake"
)

// ledger are the rows of what was read, and of what earlier imports of the same
// files could not read and this one could.
func (im *importer) ledger(ctx context.Context) ([]lake.Entry, error) {
	var entries []lake.Entry
	again := map[string]bool{} // digests of files that gave something now
	for _, t := range im.tallies {
		entries = append(entries, t.entries(im.o)...)
		if t.err == nil && t.skipped == 0 || len(t.rows) > 0 {
			again[t.digest] = true
		}
	}
	old, err := im.mended(ctx, again, entries)
	return append(entries, old...), err
}

// mostMended bounds the subjects whose earlier rows are looked at.
const mostMended = 100

// mended are the ledger rows of earlier imports of the same files that failed,
// or left something out, and that no row of this import replaces because it
// has other subjects or windows: they are closed.
func (im *importer) mended(ctx context.Context, again map[string]bool, now []lake.Entry) ([]lake.Entry, error) {
	current := map[string]bool{}
	subjects := map[string]bool{}
	for _, e := range now {
		current[e.Chunk] = true
		if len(subjects) < mostMended {
			subjects[e.Subject] = true
		}
	}
	subjects[""], subjects[im.o.Subject] = true, true
	var out []lake.Entry
	for _, subject := range slices.Sorted(maps.Keys(subjects)) {
		all, err := im.w.Entries(ctx, subject, time.Time{}, time.Unix(1<<38, 0))
		if err != nil {
			return nil, fmt.Errorf("reading ledger: %w", err)
		}
		for _, e := range all {
			rest, ok := strings.CutPrefix(e.Chunk, "file ")
			digest, _, _ := strings.Cut(rest, " ")
			settled := e.Status == lake.Complete && e.Skipped == 0
			if !ok || settled || !again[digest] || current[e.Chunk] {
				continue
			}
			e.Status, e.Rows, e.Skipped = lake.Complete, 0, 0
			e.Reason, e.FetchedAt = "imported again since: other rows say what came", im.o.Now().UTC()
			out = append(out, e)
		}
	}
	return out, nil
}
