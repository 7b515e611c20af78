package engine

import (
	"strings"
	"testing"

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
