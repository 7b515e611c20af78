package engine

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sizewise/queries"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestQueriesOnSmallLake compares every named query over the small lake with
// its golden file.
func TestQueriesOnSmallLake(t *testing.T) {
	e := openLake(t, smallLake(t))
	for _, name := range queries.Names() {
		t.Run(name, func(t *testing.T) {
			q, err := queries.Get(name)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := e.Query(t.Context(), name, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkColumns(t, q, rows.Columns())
			table := [][]string{nil}
			for _, c := range rows.Columns() {
				table[0] = append(table[0], c.Name)
			}
			got := encode(t, append(table, drain(t, rows, nil)...))
			golden(t, filepath.Join("testdata", name+".csv"), got)
		})
	}
}

func encode(t *testing.T, table [][]string) string {
	t.Helper()
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(table); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
