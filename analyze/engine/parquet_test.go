package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteParquet(t *testing.T) {
	e := openLake(t, smallLake(t))
	out := filepath.Join(t.TempDir(), "mine.parquet")
	text := "SELECT metric, dims, ts, sum, 'it''s; -- not a comment' AS note FROM metrics ORDER BY ALL; -- end"
	if err := e.WriteParquet(t.Context(), text, out); err != nil {
		t.Fatal(err)
	}
	rows, err := e.SQL(t.Context(), text)
	want := drain(t, rows, err)
	// A lake of its own is the simplest engine that may read the file.
	other := emptyLake(t)
	inside := filepath.Join(other, "mine.parquet")
	if err := os.Rename(out, inside); err != nil {
		t.Fatal(err)
	}
	rows, err = openLake(t, other).SQL(t.Context(), "FROM read_parquet("+literal(inside)+")")
	if diff := cmp.Diff(want, drain(t, rows, err)); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if len(want) != 56 {
		t.Errorf("%d rows, want 56", len(want))
	}
}

func TestWriteParquetIntoLake(t *testing.T) {
	lake := smallLake(t)
	e := openLake(t, lake)
	for _, path := range []string{
		filepath.Join(lake, "x.parquet"),
		filepath.Join(lake, "metrics", "dt=2026-11-20", "x.parquet"),
		filepath.Join(lake, "logs", "..", "x.parquet"),
	} {
		var refused *RefusedError
		if err := e.WriteParquet(t.Context(), "SELECT 1 AS a", path); !errors.As(err, &refused) {
			t.Errorf("%s: want it refused, got %v", path, err)
		}
	}
	beside := filepath.Join(filepath.Dir(lake), "lake-results.parquet")
	if err := e.WriteParquet(t.Context(), "SELECT 1 AS a", beside); err != nil {
		t.Error(err)
	}
}

func TestWriteParquetLeavesNothing(t *testing.T) {
	e := openLake(t, smallLake(t))
	dir := t.TempDir()
	path := filepath.Join(dir, "out.parquet")
	if err := os.WriteFile(path, []byte("older"), 0o644); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		text string
	}{
		{t.Context(), "COPY metrics TO '" + dir + "/x.csv'"},
		{t.Context(), "SELECT 1) TO '" + dir + "/x.csv'; --"},
		{t.Context(), "SELECT 1; SELECT 2"},
		{t.Context(), "EXPLAIN SELECT 1"},
		{t.Context(), "SELECT * FROM read_csv('" + path + "')"},
		{t.Context(), "SELECT CAST(skeleton AS INTEGER) FROM logs"},
		{t.Context(), "SELECT * FROM enable_logging()"},
		{canceled, "SELECT 1 AS a"},
	} {
		if err := e.WriteParquet(c.ctx, c.text, path); err == nil {
			t.Errorf("%s: want an error", c.text)
		}
	}
	if got := listing(t, dir); !cmp.Equal(got, []string{dir, path}) {
		t.Errorf("left behind: %v", got)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "older" {
		t.Errorf("the older file was touched: %q, %v", b, err)
	}
	if err := e.WriteParquet(t.Context(), "SELECT 1 AS a", filepath.Join(dir, "none", "x.parquet")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing directory: want its error, got %v", err)
	}
}
