package engine

import (
	"testing"
)

// A second way into the lake answers while rows of the first are open, sees the
// same lake, and is shut in like it.
func TestBeside(t *testing.T) {
	e := openLake(t, smallLake(t))
	b, err := e.Beside(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	endpoints := func(e *Engine) int {
		rows, err := e.Query(t.Context(), "variants", nil)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for rows.Next() {
			names[rows.String("endpoint")] = true
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	open, err := e.Query(t.Context(), "coverage_by_series", nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := endpoints(b); n < 2 {
		t.Errorf("%d endpoints beside an engine whose rows are open", n)
	}
	if err := open.Close(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"SELECT count(*) FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/x.csv'", "SET threads = 1"} {
		if _, err := b.SQL(t.Context(), s); err == nil {
			t.Errorf("%s was run", s)
		}
	}
}
