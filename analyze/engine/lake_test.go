package engine

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/duckdb/duckdb-go/v2"

	"sizewise/queries"
)

// emptyLake makes a lake that nothing was ever written to.
func emptyLake(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lake")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(`{"format":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// builder writes Parquet files of a lake with an engine that is not shut in.
type builder struct {
	t   testing.TB
	dir string
	db  *sql.DB
}

func newBuilder(t testing.TB) *builder {
	t.Helper()
	c, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{t: t, dir: emptyLake(t), db: sql.OpenDB(c)}
	b.db.SetMaxOpenConns(1)
	t.Cleanup(func() { b.db.Close() })
	views, err := queries.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Dataset != "" {
			b.exec("CREATE TABLE " + v.Name + " AS " + v.Empty)
		}
	}
	// Columns that a view computes are not in the files.
	b.exec("ALTER TABLE logs DROP COLUMN endpoint")
	b.exec("ALTER TABLE logs DROP COLUMN variant")
	return b
}

func (b *builder) exec(text string) {
	b.t.Helper()
	if _, err := b.db.Exec(text); err != nil {
		b.t.Fatalf("%s: %v", text, err)
	}
}

// write puts the tables into the lake's files and returns its directory.
func (b *builder) write() string {
	b.t.Helper()
	for table, day := range map[string]string{
		"metrics": "ts", "logs": "ts", "requests": "ts", "resources": "as_of", "ledger": "COALESCE(window_start, fetched_at)",
	} {
		var n int
		if err := b.db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			continue
		}
		b.exec("COPY (SELECT * REPLACE (CAST(" + day + " AS DATE) AS dt) FROM " + table + " ORDER BY ALL) TO '" +
			filepath.Join(b.dir, table) + "' (FORMAT parquet, PARTITION_BY (dt))")
	}
	var n int
	if err := b.db.QueryRow("SELECT count(*) FROM catalog").Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	if n > 0 {
		b.exec("COPY catalog TO '" + filepath.Join(b.dir, "catalog.parquet") + "' (FORMAT parquet)")
	}
	return b.dir
}

// openLake opens dir and closes it with the test.
func openLake(t testing.TB, dir string) *Engine {
	t.Helper()
	e, err := Open(t.Context(), Options{Lake: dir, Threads: 2, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}
