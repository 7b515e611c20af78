package queries

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const example = `-- name: hot_hours
-- purpose: when it was
--   hot.
-- with: a, b
-- params:
--   $limit DOUBLE = 0.5: above
--     which it is hot
--   $who VARCHAR = '': of whom: everybody
-- columns:
--   hour TIMESTAMP UTC: start
--   heat MAP(VARCHAR,DOUBLE) K/s: by room
-- grain: one row per hour

SELECT hour, heat
FROM rooms
ORDER BY hour;
`

func TestParse(t *testing.T) {
	q, err := Parse(example)
	if err != nil {
		t.Fatal(err)
	}
	want := Query{
		Name: "hot_hours", Purpose: "when it was hot.", With: []string{"a", "b"},
		Params: []Param{
			{Name: "limit", Type: "DOUBLE", About: "above which it is hot", Default: "0.5"},
			{Name: "who", Type: "VARCHAR", About: "of whom: everybody"},
		},
		Columns: []Column{
			{Name: "hour", Type: "TIMESTAMP", Unit: "UTC", About: "start"},
			{Name: "heat", Type: "MAP(VARCHAR,DOUBLE)", Unit: "K/s", About: "by room"},
		},
		Grain: "one row per hour",
		SQL:   "SELECT hour, heat\nFROM rooms\nORDER BY hour",
	}
	if !equal(q, want) {
		t.Errorf("got  %+v\nwant %+v", q, want)
	}
}

func equal(a, b Query) bool {
	return a.Name == b.Name && a.Purpose == b.Purpose && a.Grain == b.Grain && a.SQL == b.SQL &&
		slices.Equal(a.With, b.With) && slices.Equal(a.Params, b.Params) && slices.Equal(a.Columns, b.Columns)
}

func TestParseErrors(t *testing.T) {
	edit := func(old, new string) string { return strings.Replace(example, old, new, 1) }
	for _, c := range []struct {
		name, text string
		line       int
	}{
		{"nothing", "", 1},
		{"no header", "SELECT 1", 1},
		{"no statement", example[:strings.Index(example, "SELECT")], 13},
		{"no blank line", edit("hour\n\nSELECT", "hour\nSELECT"), 13},
		{"no name", edit("-- name: hot_hours\n", ""), 1},
		{"upper case name", edit("hot_hours", "HotHours"), 1},
		{"empty comment", edit("-- with", "--\n-- with"), 4},
		{"unknown key", edit("-- grain", "-- colour: red\n-- grain"), 12},
		{"order", edit("-- with: a, b\n", "") + "", 0},
		{"bad parameter", edit("$limit DOUBLE = 0.5:", "$limit DOUBLE:"), 6},
		{"unknown type", edit("$limit DOUBLE", "$limit FLOAT"), 6},
		{"bad column", edit("hour TIMESTAMP UTC:", "hour TIMESTAMP:"), 10},
		{"no columns", edit("--   hour TIMESTAMP UTC: start\n--   heat MAP(VARCHAR,DOUBLE) K/s: by room\n", ""), 9},
		{"no grain", edit("-- grain: one row per hour\n", ""), 1},
		{"indent", edit("--   $who", "--  $who"), 8},
	} {
		_, err := Parse(c.text)
		if c.line == 0 {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		var header *HeaderError
		if !errors.As(err, &header) || header.Line != c.line {
			t.Errorf("%s: want an error on line %d, got %v", c.name, c.line, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add("-- name: x\n\nSELECT 1")
	for _, name := range Names() {
		text, err := read(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text)
		if err != nil {
			var header *HeaderError
			if !errors.As(err, &header) || header.Line < 1 {
				t.Errorf("error without a line: %v", err)
			}
			return
		}
		if q.Name == "" || q.Purpose == "" || q.Grain == "" || q.SQL == "" || len(q.Columns) == 0 {
			t.Errorf("accepted an incomplete header: %+v", q)
		}
		again, err := Parse(text + "\n")
		if err != nil || !equal(q, again) {
			t.Errorf("a trailing line break changed the outcome: %+v, %v", again, err)
		}
	})
}
