package engine

import (
	"strings"
	"testing"
	"time"

	"sizewise/queries"
)

// drain reads every row as text.
func drain(t testing.TB, rows *Rows, err error) [][]string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		var row []string
		for _, v := range rows.Values() {
			row = append(row, Text(v))
		}
		out = append(out, row)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestQueriesOnEmptyLake runs every named query where nothing is, and checks
// that what comes back is what its header says.
func TestQueriesOnEmptyLake(t *testing.T) {
	e := openLake(t, emptyLake(t))
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
			if got := drain(t, rows, nil); len(got) != 0 {
				t.Errorf("an empty lake gave %d rows: %v", len(got), got[0])
			}
		})
	}
}

// TestViewColumns compares the views' headers with what DuckDB makes of them,
// for a lake with files and for one without.
func TestViewColumns(t *testing.T) {
	for name, dir := range map[string]string{"empty": emptyLake(t), "small": smallLake(t)} {
		e := openLake(t, dir)
		views, err := queries.Views()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range views {
			t.Run(name+"/"+v.Name, func(t *testing.T) {
				rows, err := e.SQL(t.Context(), "SELECT * FROM "+v.Name+" LIMIT 0")
				if err != nil {
					t.Fatal(err)
				}
				checkColumns(t, v.Query, rows.Columns())
				drain(t, rows, nil)
			})
		}
	}
}

func checkColumns(t *testing.T, q queries.Query, got []Column) {
	t.Helper()
	if len(got) != len(q.Columns) {
		t.Errorf("%d columns, the header declares %d", len(got), len(q.Columns))
		return
	}
	for i, c := range q.Columns {
		if got[i].Name != c.Name || strings.ReplaceAll(got[i].Type, " ", "") != c.Type {
			t.Errorf("column %d is %s %s, the header declares %s %s", i+1, got[i].Name, got[i].Type, c.Name, c.Type)
		}
	}
}

func mustGet(t *testing.T, name string) queries.Query {
	t.Helper()
	q, err := queries.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestQueryParams(t *testing.T) {
	e := openLake(t, smallLake(t))
	for _, c := range []struct {
		name   string
		params map[string]any
		want   string
	}{
		{"nope", nil, `no query is called "nope"`},
		{"subjects", map[string]any{"endpoint": "x"}, "parameter endpoint: unknown; the query takes subject"},
		{"catalog", map[string]any{"x": 1}, "parameter x: unknown; the query takes none"},
		{"variant_minutes", map[string]any{"start": "yesterday"}, "parameter start: want a time such as"},
		{"variant_minutes", map[string]any{"start": 5}, "parameter start: want a time"},
		{"variant_minutes", map[string]any{"bucket_s": "1m"}, "parameter bucket_s: want a whole number"},
		{"variant_minutes", map[string]any{"bucket_s": 1.5}, "parameter bucket_s: want a whole number"},
		{"variant_minutes", map[string]any{"endpoint": 7}, "parameter endpoint: want text"},
	} {
		_, err := e.Query(t.Context(), c.name, c.params)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: got %v, want %s", c.name, c.params, err, c.want)
		}
	}
	// Times are meant in UTC, whatever zone they come in and wherever this runs.
	zone := time.FixedZone("", 2*3600)
	for _, start := range []any{
		time.Date(2026, 11, 20, 16, 2, 0, 0, zone), "2026-11-20T16:02:00+02:00", "2026-11-20T14:02:00Z", "2026-11-20T14:02", "2026-11-20 14:02:00",
	} {
		rows, err := e.Query(t.Context(), "capacity_plateau", map[string]any{"endpoint": "web", "start": start})
		if got := drain(t, rows, err); len(got) != 1 || got[0][2] != "2026-11-20 14:02:00" {
			t.Errorf("start %v: %v", start, got)
		}
	}
}

// TestInjection passes SQL as a parameter: it is a value and nothing else.
func TestInjection(t *testing.T) {
	e := openLake(t, smallLake(t))
	for _, value := range []string{"' OR 1=1 --", "web'; DROP VIEW metrics; --", "$start", `web\`, "we%"} {
		rows, err := e.Query(t.Context(), "variant_minutes", map[string]any{"endpoint": value})
		if got := drain(t, rows, err); len(got) != 0 {
			t.Errorf("%q found %d rows", value, len(got))
		}
	}
}
