package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedFilesAreNamed damages the file of a dataset in every way that
// DuckDB words differently: the error is one line that names the file, where
// DuckDB knows it, and the command that says more.
func TestDamagedFilesAreNamed(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func([]byte) []byte
		named  bool
	}{
		{"empty", func([]byte) []byte { return nil }, true},
		{"cut", func(b []byte) []byte { return b[:len(b)/2] }, true},
		{"page", func(b []byte) []byte { b[len(b)/8] ^= 8; return b }, true},
		{"footer", func(b []byte) []byte { clear(b[len(b)-256 : len(b)-8]); return b }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := smallLake(t)
			paths, err := filepath.Glob(filepath.Join(dir, "metrics", "dt=*", "*.parquet"))
			if err != nil || len(paths) == 0 {
				t.Fatal(paths, err)
			}
			data, err := os.ReadFile(paths[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(paths[0], c.damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			err = readAll(t, dir)
			var damaged *DamagedError
			if !errors.As(err, &damaged) {
				t.Fatalf("error %v", err)
			}
			text := err.Error()
			rel, err := filepath.Rel(dir, paths[0])
			if err != nil {
				t.Fatal(err)
			}
			if c.named && damaged.File != rel {
				t.Errorf("it names %q, want %q", damaged.File, rel)
			}
			if strings.Contains(text, "\n") || strings.Contains(text, "LINE ") || !strings.Contains(text, "sizewise lake verify") {
				t.Errorf("error %q", text)
			}
		})
	}
}

// readAll reads every column of the metrics.
func readAll(t *testing.T, dir string) error {
	t.Helper()
	e, err := Open(t.Context(), Options{Lake: dir})
	if err != nil {
		return err
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows, err := e.SQL(t.Context(), "SELECT * FROM metrics")
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	return rows.Close()
}
