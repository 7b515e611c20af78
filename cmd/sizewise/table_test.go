package main

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sizewise/analyze/engine"
)

// fakeRows are rows without an engine.
type fakeRows struct {
	columns []engine.Column
	rows    [][]any
	at      int
}

func (r *fakeRows) Columns() []engine.Column { return r.columns }
func (r *fakeRows) Next() bool               { r.at++; return r.at <= len(r.rows) }
func (r *fakeRows) Values() []any            { return r.rows[r.at-1] }
func (r *fakeRows) Err() error               { return nil }

func drawTable(t *testing.T, rows *fakeRows, s screen) string {
	t.Helper()
	var b strings.Builder
	if err := formatTable(&b, rows, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sampleRows() *fakeRows {
	at := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	return &fakeRows{
		columns: []engine.Column{{Name: "ts", Type: "TIMESTAMP"}, {Name: "message", Type: "VARCHAR"}, {Name: "n", Type: "BIGINT"}, {Name: "level", Type: "VARCHAR"}},
		rows: [][]any{
			{at, "worker 3 died\x1b[31m with a long explanation of why that is", int64(12345678901), "ERROR"},
			{at, nil, int64(7), "NULL"},
		},
	}
}

// TestTable: numbers to the right, text cut only on a terminal, NULL told from a
// text that reads NULL, nothing that moves a cursor.
func TestTable(t *testing.T) {
	for _, c := range []struct {
		name, want string
		s          screen
	}{
		{"pipe", `ts                   message                                                   n  level
2026-11-20 14:00:00  worker 3 died [31m with a long explanation of why that is  12345678901  ERROR
2026-11-20 14:00:00  NULL                                                                 7  "NULL"
`, screen{}},
		{"narrow", `ts                   message                   n  level
2026-11-20 14:00:00  worker 3 died…  12345678901  ERROR
2026-11-20 14:00:00  NULL                      7  "NULL"
`, screen{width: 56}},
		{"too narrow", `     ts = 2026-11-20 14:00:00
message = worker 3 died [31m
          with a long
          explanation of why
          that is
      n = 12345678901
  level = ERROR

     ts = 2026-11-20 14:00:00
message = NULL
      n = 7
  level = "NULL"
`, screen{width: 31}},
		{"faint", "ts                   message                   n  level\n" +
			"2026-11-20 14:00:00  worker 3 died…  12345678901  ERROR\n" +
			"2026-11-20 14:00:00  \x1b[2mNULL\x1b[22m                      7  \"NULL\"\n", screen{width: 56, dim: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := drawTable(t, sampleRows(), c.s)
			want := c.want
			if c.name == "pipe" {
				want = strings.Replace(want, "message                                                   n", "message"+strings.Repeat(" ", 62)+"n", 1)
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestTableFits: whatever the columns, no line is wider than the terminal where
// only text is shown, and no number loses a digit.
func TestTableFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows fakeRows
		var values []any
		for range rapid.IntRange(1, 9).Draw(t, "columns") {
			rows.columns = append(rows.columns, engine.Column{Name: rapid.StringMatching(`[a-z]{1,12}`).Draw(t, "name"), Type: "VARCHAR"})
			values = append(values, rapid.StringN(0, 60, -1).Draw(t, "value"))
		}
		rows.columns = append(rows.columns, engine.Column{Name: "n", Type: "BIGINT"})
		rows.rows = [][]any{append(values, int64(123456789))}
		width := rapid.IntRange(40, 200).Draw(t, "width")
		var b strings.Builder
		if err := formatTable(&b, &rows, screen{width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
				t.Fatalf("a line of %d on %d columns:\n%s", n, width, b.String())
			}
		}
		if !strings.Contains(b.String(), "123456789") {
			t.Fatalf("a number was cut:\n%s", b.String())
		}
	})
}
