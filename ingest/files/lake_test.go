package files

import (
	"context"
	"testing"

	"sizewise/ingest/lake"
)

// The real lake takes what Import writes, and has nothing to add the second
// time.
func TestImportIntoLake(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	for run := range 2 {
		l, err := lake.Create(ctx, lake.Options{Dir: dir, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		sum, err := Import(ctx, l, all, Options{Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		if want := [...]int64{38, 0}[run]; sum.Added != want || sum.Changed != 0 {
			t.Errorf("run %d: added %d, changed %d, want %d added", run, sum.Added, sum.Changed, want)
		}
		start := clock().AddDate(0, 0, -30)
		entries, err := l.Entries(ctx, "endpoint/harbor-cranes", start, clock())
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != 4 { // metrics, logs, endpoint, config
			t.Errorf("run %d: %d ledger rows", run, len(entries))
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
