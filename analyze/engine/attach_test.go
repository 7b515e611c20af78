package engine

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"sizewise/queries"
)

// reader opens a database file as the DuckDB CLI would with -readonly.
func reader(t *testing.T, path string) *sql.DB {
	t.Helper()
	connector, err := duckdb.NewConnector(path+"?access_mode=READ_ONLY", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func readFile(t *testing.T, db *sql.DB, text string) [][]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r, err := newRows(&Engine{}, text, rows)
	return drain(t, r, err)
}

// TestWriteDatabase opens the file elsewhere, read-only, and compares every view
// and every named query with what the engine says.
func TestWriteDatabase(t *testing.T) {
	lake := smallLake(t)
	path := filepath.Join(t.TempDir(), "mine ? & 'quoted'.duckdb")
	if err := WriteDatabase(t.Context(), Options{Lake: lake}, path); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "lake.duckdb")
	if err := os.Rename(path, plain); err != nil { // a driver's address would end at ?
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	db, e := reader(t, plain), openLake(t, lake)
	views, err := queries.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		rows, err := e.SQL(t.Context(), "SELECT count(*) FROM "+v.Name)
		if diff := cmp.Diff(drain(t, rows, err), readFile(t, db, "SELECT count(*) FROM "+v.Name)); diff != "" {
			t.Errorf("view %s (-engine +file):\n%s", v.Name, diff)
		}
	}
	for _, name := range queries.Names() {
		rows, err := e.Query(t.Context(), name, nil)
		if diff := cmp.Diff(drain(t, rows, err), readFile(t, db, "FROM "+name+"()")); diff != "" {
			t.Errorf("query %s (-engine +file):\n%s", name, diff)
		}
	}
	rows, err := e.Query(t.Context(), "variant_minutes", map[string]any{"endpoint": "web", "bucket_s": 300})
	got := readFile(t, db, "FROM variant_minutes(p_endpoint := 'web', p_bucket_s := 300)")
	if diff := cmp.Diff(drain(t, rows, err), got); diff != "" || len(got) == 0 {
		t.Errorf("with parameters (-engine +file), %d rows:\n%s", len(got), diff)
	}
}

// TestWriteDatabaseVariables: a session says where the lake lies for it, and
// which region it means; the file can be attached under any name.
func TestWriteDatabaseVariables(t *testing.T) {
	lake := smallLake(t)
	path := filepath.Join(t.TempDir(), "lake.duckdb")
	if err := WriteDatabase(t.Context(), Options{Lake: lake}, path); err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(lake, moved); err != nil {
		t.Fatal(err)
	}
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, s := range []string{"ATTACH " + literal(path) + " AS l (READ_ONLY)", "SET VARIABLE lake = " + literal(moved)} {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	count := func(text string) string { return readFile(t, db, text)[0][0] }
	if got := count("SELECT count(*) FROM l.metrics"); got != "56" {
		t.Errorf("%s rows of metrics, want 56", got)
	}
	if got := count("SELECT count(*) FROM l.measurements"); got != "56" {
		t.Errorf("%s rows of measurements, want 56", got)
	}
	if _, err := db.ExecContext(t.Context(), "SET VARIABLE region = 'mars-north-1'"); err != nil {
		t.Fatal(err)
	}
	if got := count("SELECT count(*) FROM l.metrics WHERE region IS NOT NULL"); got != "0" {
		t.Errorf("%s rows of another region, want none", got)
	}
	if got := count("SELECT l.sizewise_lake()"); !strings.HasSuffix(got, "/lake") {
		t.Errorf("sizewise_lake() is %s", got)
	}
}

// TestWriteDatabaseReplaces only what it wrote itself.
func TestWriteDatabaseReplaces(t *testing.T) {
	lake, dir := smallLake(t), t.TempDir()
	o := Options{Lake: lake}
	ours := filepath.Join(dir, "ours.duckdb")
	for range 2 {
		if err := WriteDatabase(t.Context(), o, ours); err != nil {
			t.Fatal(err)
		}
	}
	run := func(path, text string) {
		connector, err := duckdb.NewConnector(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	run(ours, "CREATE TABLE notes (a INTEGER)")
	other := filepath.Join(dir, "other.duckdb")
	run(other, "CREATE VIEW v AS SELECT 1")
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{ours, other, text, dir} {
		var occupied *OccupiedError
		if err := WriteDatabase(t.Context(), o, path); !errors.As(err, &occupied) {
			t.Errorf("%s: want it refused, got %v", path, err)
		}
	}
	if err := WriteDatabase(t.Context(), o, filepath.Join(dir, "none", "x.duckdb")); err == nil {
		t.Error("a file was written into no directory")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 3 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := WriteDatabase(t.Context(), Options{Lake: dir}, filepath.Join(dir, "x.duckdb")); err == nil {
		t.Error("a directory that is no lake was taken")
	}
}

// childDatabase names the file that the test's own binary, run again, opens.
const childDatabase = "SIZEWISE_TEST_DATABASE"

// TestWriteDatabaseInAnotherProcess: a program that knows nothing of sizewise but
// the path opens the file with the driver as it comes, in a directory of its own,
// and asks what docs/lake.md asks.
func TestWriteDatabaseInAnotherProcess(t *testing.T) {
	if path := os.Getenv(childDatabase); path != "" {
		askAsAStranger(t, path)
		return
	}
	path := filepath.Join(t.TempDir(), "lake.duckdb")
	if err := WriteDatabase(t.Context(), Options{Lake: smallLake(t)}, path); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), childDatabase+"="+path)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "56 rows of metrics") {
		t.Fatalf("%v\n%s", err, out)
	}
}

func askAsAStranger(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("duckdb", path+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rows, minutes int
	var version string
	if err := db.QueryRowContext(t.Context(), "SELECT count(*), version() FROM metrics").Scan(&rows, &version); err != nil {
		t.Fatal(err)
	}
	err = db.QueryRowContext(t.Context(), `SELECT count(*) FROM (SELECT bucket(600, ts) AS start, round(avg(average), 2) AS busy
		FROM measurements WHERE period_s = 60 GROUP BY start) AS x`).Scan(&minutes)
	if err != nil || minutes == 0 {
		t.Fatalf("%d buckets: %v", minutes, err)
	}
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM variant_minutes(p_endpoint := 'web', p_bucket_s := 300)").Scan(&minutes); err != nil || minutes == 0 {
		t.Fatalf("%d minutes: %v", minutes, err)
	}
	t.Logf("%d rows of metrics, read by DuckDB %s", rows, version)
}

// TestDatabaseIsOld: the file says that it is of the storage version that DuckDB
// 0.10 to 1.1 write, 64, whatever the driver's own is by now. It stands behind
// checksum and magic bytes.
func TestDatabaseIsOld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lake.duckdb")
	if err := WriteDatabase(t.Context(), Options{Lake: smallLake(t)}, path); err != nil {
		t.Fatal(err)
	}
	head, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if magic, version := string(head[8:12]), binary.LittleEndian.Uint64(head[12:20]); magic != "DUCK" || version != 64 {
		t.Errorf("a file of %q, storage version %d, want DUCK and 64", magic, version)
	}
}
