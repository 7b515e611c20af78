package engine

import (
	"testing"
)

// A second way into the lake answers while rows of the first are open, sees the
// lake as it is where the first is narrowed, and is shut in like it.
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
	if err := e.Narrow(t.Context(), "variant_points", map[string]any{"endpoint": "api"}); err != nil {
		t.Fatal(err)
	}
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
		t.Errorf("%d endpoints beside a narrowed engine", n)
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
