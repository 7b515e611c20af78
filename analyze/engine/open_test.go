package engine

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenErrors(t *testing.T) {
	var missing *NotFoundError
	if _, err := Open(t.Context(), Options{Lake: filepath.Join(t.TempDir(), "none")}); !errors.As(err, &missing) {
		t.Errorf("no directory: want NotFoundError, got %v", err)
	}
	if _, err := Open(t.Context(), Options{Lake: t.TempDir()}); !errors.As(err, &missing) {
		t.Errorf("a directory that is no lake: want NotFoundError, got %v", err)
	}
	dir := emptyLake(t)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "lake.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"format":2}`)
	var format *FormatError
	if _, err := Open(t.Context(), Options{Lake: dir}); !errors.As(err, &format) || format.Have != 2 || format.Know != 1 {
		t.Errorf("a newer lake: want FormatError, got %v", err)
	}
	for _, text := range []string{"", "{}", "[]", `{"format":"1"}`} {
		write(text)
		if _, err := Open(t.Context(), Options{Lake: dir}); err == nil {
			t.Errorf("lake.json %q: want an error", text)
		}
	}
}

// TestOddPaths opens a lake whose path has every character that means something
// to a glob or to SQL, and through a link.
func TestOddPaths(t *testing.T) {
	odd := filepath.Join(t.TempDir(), `it's a [la]*k? {e}, 100% "ok"`)
	if err := os.Rename(smallLake(t), odd); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(odd, link); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{odd, link} {
		e := openLake(t, dir)
		rows, err := e.Query(t.Context(), "variants", map[string]any{"endpoint": "web"})
		if got := drain(t, rows, err); len(got) != 2 {
			t.Errorf("%s: %d variants, want 2", dir, len(got))
		}
		path := filepath.Join(t.TempDir(), "o'ut.parquet")
		if err := e.WriteParquet(t.Context(), "SELECT count(*) AS n FROM metrics", path); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// TestDayWithoutFiles opens a lake whose days were emptied.
func TestDayWithoutFiles(t *testing.T) {
	dir := emptyLake(t)
	if err := os.MkdirAll(filepath.Join(dir, "metrics", "dt=2026-11-20"), 0o755); err != nil {
		t.Fatal(err)
	}
	e := openLake(t, dir)
	rows, err := e.Query(t.Context(), "subjects", nil)
	if got := drain(t, rows, err); len(got) != 0 {
		t.Errorf("%d subjects, want 0", len(got))
	}
}
