package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listing is every path below dir, to see that nothing was written.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// outcome runs a statement to its end.
func outcome(ctx context.Context, e *Engine, text string) error {
	rows, err := e.SQL(ctx, text)
	if err != nil {
		return err
	}
	for rows.Next() {
		_ = rows.Values()
	}
	return rows.Close()
}

func TestSQLRefuses(t *testing.T) {
	root := t.TempDir()
	lake := filepath.Join(root, "lake")
	if err := os.Rename(smallLake(t), lake); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(root, "secret.csv")
	if err := os.WriteFile(outside, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(root, "link.csv")); err != nil {
		t.Fatal(err)
	}
	e := openLake(t, lake)
	before := listing(t, root)
	fill := strings.NewReplacer("LAKE", lake, "OUT", root, "SECRET", outside)
	for _, text := range []string{
		"",
		" ; ",
		"-- nothing",
		"SELECT 1; SELECT 2",
		"SELECT 1; COPY (SELECT 1) TO 'LAKE/x.csv'",
		"COPY (SELECT 1) TO 'LAKE/x.csv'",
		"COPY (SELECT 1) TO 'OUT/x.csv'",
		"/* SELECT */ COPY metrics TO 'LAKE/x.parquet' (FORMAT parquet)",
		"EXPLAIN ANALYZE COPY (SELECT 1) TO 'LAKE/x.csv'",
		"-- c\n EXPLAIN\nANALYZE COPY (SELECT 1) TO 'LAKE/x.csv'",
		"EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO 'LAKE/x.csv'",
		"EXPLAIN/**/ANALYZE COPY (SELECT 1) TO 'LAKE/x.csv'",
		"EXPLAIN ANALYZE EXPLAIN ANALYZE COPY (SELECT 1) TO 'LAKE/x.csv'",
		"ATTACH 'LAKE/x.db'",
		"ATTACH ':memory:' AS other",
		"EXPORT DATABASE 'LAKE/export'",
		"IMPORT DATABASE 'LAKE'",
		"INSTALL httpfs",
		"LOAD httpfs",
		"SET threads = 1",
		"SET VARIABLE lake = '/'",
		"RESET enable_external_access",
		"PRAGMA enable_profiling",
		"PRAGMA version",
		"CALL enable_logging()",
		"CREATE TABLE t AS SELECT 1",
		"CREATE MACRO bucket(s, ts) AS 1",
		"DROP VIEW metrics",
		"INSERT INTO metrics SELECT * FROM metrics",
		"UPDATE metrics SET sum = 0",
		"DELETE FROM metrics",
		"BEGIN",
		"CHECKPOINT",
		"VACUUM",
		"USE memory",
		"PREPARE p AS SELECT 1",
		"EXECUTE p",
		"SELECT * FROM enable_logging(storage = 'file', storage_config = {'path': 'LAKE/log'})",
		"SELECT * FROM system.main.enable_logging()",
		"SELECT * FROM \"enable_logging\"()",
		"SELECT * FROM enable_profiling()",
		"WITH x AS (SELECT * FROM (SELECT * FROM checkpoint())) SELECT * FROM x",
		"SELECT (SELECT count(*) FROM disable_logging())",
		"SELECT * FROM query('SELECT * FROM enable_logging()')",
		"SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
		"SELECT * FROM read_duckdb('LAKE/x.db')",
		"SELECT * FROM arrow_scan(1, 2, 3)",
		"SELECT write_log('x')",
		"SELECT 1 WHERE write_log('x') IS NULL",
		"EXPLAIN ANALYZE SELECT * FROM enable_logging()",
		"SELECT * FROM read_csv('/etc/passwd')",
		"SELECT * FROM read_csv('SECRET')",
		"SELECT * FROM read_csv('OUT/link.csv')",
		"SELECT * FROM read_text('LAKE/../secret.csv')",
		"SELECT * FROM glob('LAKE/../*')",
		"SELECT * FROM glob('/etc/*')",
		"SELECT * FROM sniff_csv('SECRET')",
		"SELECT * FROM parquet_metadata('SECRET')",
		"SELECT * FROM read_parquet(['LAKE/metrics/dt=*/*.parquet', 'SECRET'])",
		"SELECT * FROM read_parquet('https://example.com/x.parquet')",
	} {
		err := outcome(t.Context(), e, fill.Replace(text))
		var refused *RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("%s: want it refused, got %v", text, err)
		} else if !strings.Contains(err.Error(), "is allowed") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error does not say on one line what is allowed: %v", text, err)
		}
	}
	// Replacement scans of files outside do not reach the file either.
	if err := outcome(t.Context(), e, fill.Replace("SELECT * FROM 'SECRET'")); err == nil {
		t.Error("a file outside the lake was read by its name")
	}
	if diff := cmp.Diff(before, listing(t, root)); diff != "" {
		t.Errorf("files changed (-before +after):\n%s", diff)
	}
}

func TestSQLAllows(t *testing.T) {
	lake := smallLake(t)
	e := openLake(t, lake)
	for _, text := range []string{
		"SELECT count(*) FROM metrics",
		"SELECT 1;",
		"SELECT 1 -- trailing comment",
		"/* first */ SELECT 1;\n-- last",
		"FROM logs LIMIT 1",
		"WITH a AS (SELECT 1 AS x) SELECT x FROM a",
		"VALUES (1), (2)",
		"TABLE logs",
		"(SELECT 1)",
		"DESCRIBE metrics",
		"DESCRIBE SELECT 1",
		"SUMMARIZE logs",
		"SHOW TABLES",
		"PIVOT logs ON level IN ('INFO', 'WARN') USING count(*)",
		"UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
		"EXPLAIN SELECT 1",
		"EXPLAIN (FORMAT json) SELECT 1",
		"EXPLAIN (SELECT 1)",
		"EXPLAIN ANALYZE SELECT count(*) FROM metrics",
		"explain\n\tselect 1",
		"SELECT * FROM range(3)",
		"SELECT unnest([1, 2])",
		"SELECT bucket(300, ts), quantile(sum, 0.5) FROM metrics GROUP BY 1",
		"SELECT * FROM measurements LIMIT 1",
		"SELECT * FROM read_parquet('" + lake + "/logs/**/*.parquet')",
		"SELECT * FROM '" + lake + "/logs/dt=2026-11-20/data_0.parquet'",
		"SELECT name FROM duckdb_settings() LIMIT 1",
		"SELECT 'COPY; ATTACH; enable_logging()' AS text",
	} {
		if err := outcome(t.Context(), e, text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSQLErrors(t *testing.T) {
	e := openLake(t, smallLake(t))
	var syntax *SyntaxError
	if err := outcome(t.Context(), e, "SELEC 1"); !errors.As(err, &syntax) {
		t.Errorf("want a syntax error, got %v", err)
	}
	if err := outcome(t.Context(), e, "SELECT nope FROM metrics"); err == nil || !strings.Contains(err.Error(), "nope") {
		t.Errorf("want an error that names the column, got %v", err)
	}
	if err := outcome(t.Context(), e, "SELECT CAST(skeleton AS INTEGER) FROM logs"); err == nil {
		t.Error("want a conversion error")
	}
	if err := outcome(t.Context(), e, "SELECT 1"); err != nil {
		t.Errorf("the engine is unusable after an error: %v", err)
	}
	if err := outcome(t.Context(), e, "SELECT MAP {[1]: 1, [2]: 2}"); err == nil {
		t.Error("want an error for a value that has no form")
	}
	if err := outcome(t.Context(), e, "SELECT '"+strings.Repeat("x", maxText)+"'"); err == nil {
		t.Error("want a bound on the length of a statement")
	}
}

func TestMemoryLimit(t *testing.T) {
	e, err := Open(t.Context(), Options{Lake: emptyLake(t), Threads: 2, MemoryLimit: "64MB", TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	var memory *MemoryError
	err = outcome(t.Context(), e, "SELECT length(string_agg(CAST(range AS VARCHAR), ',')) FROM range(100000000)")
	if !errors.As(err, &memory) {
		t.Errorf("want a memory error, got %v", err)
	}
	if err := outcome(t.Context(), e, "SELECT 1"); err != nil {
		t.Errorf("the engine is unusable after running out of memory: %v", err)
	}
	// A sort that is larger than the limit spills instead.
	if err := outcome(t.Context(), e, "SELECT count(*) FROM (SELECT range, hash(range) AS h FROM range(4000000) ORDER BY h LIMIT 3999999)"); err != nil {
		t.Errorf("sorting: %v", err)
	}
}

func TestDeadline(t *testing.T) {
	e := openLake(t, emptyLake(t))
	bomb := "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7"
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := outcome(ctx, e, bomb); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want the deadline's error, got %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := outcome(ctx, e, bomb); !errors.Is(err, context.Canceled) {
		t.Errorf("want the cancellation's error, got %v", err)
	}
	if err := outcome(ctx, e, "SELECT 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("want nothing to run after the cancellation, got %v", err)
	}
	if err := outcome(t.Context(), e, "SELECT 1"); err != nil {
		t.Errorf("the engine is unusable after an interrupt: %v", err)
	}
}

func TestSpillIsRemoved(t *testing.T) {
	temp := t.TempDir()
	e, err := Open(t.Context(), Options{Lake: emptyLake(t), TempDir: temp})
	if err != nil {
		t.Fatal(err)
	}
	if got := listing(t, temp); len(got) < 2 {
		t.Errorf("no private directory to spill to: %v", got)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, temp); !slices.Equal(got, []string{temp}) {
		t.Errorf("left behind: %v", got)
	}
	if _, err := e.SQL(t.Context(), "SELECT 1"); err == nil {
		t.Error("a closed engine ran a statement")
	}
}
