package lake

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// noon is the clock of tests that do not care.
func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// open creates a lake in a new directory and fails the test when Arrow memory
// is left at its end.
func open(t testing.TB) *Lake {
	t.Helper()
	return openAt(t, scratchDir(t), noon)
}

func openAt(t testing.TB, dir string, now func() time.Time) *Lake {
	t.Helper()
	l, err := Create(t.Context(), Options{Dir: dir, Now: now, Command: "test"})
	if err != nil {
		t.Fatal(err)
	}
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	l.mem = mem
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		mem.AssertSize(t, 0)
	})
	return l
}

func TestCreateMakesLake(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "lake")
	var missing *MissingError
	if err := Check(dir); !errors.As(err, &missing) {
		t.Errorf("Check before Create: %v, want *MissingError", err)
	}
	openAt(t, dir, noon)
	if err := Check(dir); err != nil {
		t.Errorf("Check after Create: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "lake.json"))
	if err != nil || string(data) != "{\"format\":1}\n" {
		t.Errorf("lake.json = %q, %v", data, err)
	}
}

func TestCreateRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "x")
	foreign := t.TempDir()
	write(t, filepath.Join(foreign, "thesis.docx"), "x")
	newer := t.TempDir()
	write(t, filepath.Join(newer, "lake.json"), `{"format":2}`)
	broken := t.TempDir()
	write(t, filepath.Join(broken, "lake.json"), `[]`)

	for _, c := range []struct{ name, dir, want string }{
		{"file", file, "it is a file"},
		{"below a file", filepath.Join(file, "lake"), "not a directory"},
		{"foreign directory", foreign, "holds thesis.docx"},
		{"newer format", newer, "upgrade sizewise"},
		{"broken header", broken, "is not a lake"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Create(t.Context(), Options{Dir: c.dir, Now: noon})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	var format *FormatError
	if err := Check(newer); !errors.As(err, &format) || format.Format != 2 {
		t.Errorf("Check of a newer lake: %v", err)
	}
	if left, _ := os.ReadDir(foreign); len(left) != 1 {
		t.Errorf("a refused directory was changed: %v", left)
	}
}

func TestCreateRemovesLeftovers(t *testing.T) {
	l := open(t)
	left := filepath.Join(l.dir, tempDir, "7-half.parquet")
	write(t, left, "PAR1 and no more")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, l.dir, noon)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("leftover is still there: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
