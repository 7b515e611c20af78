package queries

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// source is one embedded file.
type source struct {
	file string // name without .sql
	text string
	q    Query // without what With names in front
}

func sources(t *testing.T) []source {
	t.Helper()
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".sql")
		if name == macros {
			continue
		}
		text, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Parse(text)
		if err != nil {
			t.Errorf("%s.sql: %v", name, err)
			continue
		}
		all = append(all, source{name, text, q})
	}
	return all
}

func TestHeaders(t *testing.T) {
	for _, s := range sources(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(s.file, viewPrefix), emptyPrefix)
		if s.q.Name != name {
			t.Errorf("%s.sql: the header names %s", s.file, s.q.Name)
		}
		seen := map[string]bool{}
		for _, c := range s.q.Columns {
			if seen[c.Name] {
				t.Errorf("%s.sql: column %s twice", s.file, c.Name)
			}
			seen[c.Name] = true
			if c.Unit == "us" && !strings.HasSuffix(c.Name, "_us") {
				t.Errorf("%s.sql: column %s is in microseconds and does not say so", s.file, c.Name)
			}
			if strings.HasSuffix(c.Name, "_s") && c.Unit != "s" {
				t.Errorf("%s.sql: column %s has unit %s", s.file, c.Name, c.Unit)
			}
			if c.Type == "TIMESTAMP" && c.Unit != "UTC" {
				t.Errorf("%s.sql: column %s is a time without a zone", s.file, c.Name)
			}
		}
		if format(s.q, s.file) != s.text {
			t.Errorf("%s.sql is not laid out as the others, want\n%s", s.file, format(s.q, s.file))
		}
	}
}

var nextKey = regexp.MustCompile(`\n-- [a-z]`)

// format writes a header back; purposes are compared without their line breaks.
func format(q Query, file string) string {
	text, err := read(file)
	if err != nil {
		return err.Error()
	}
	_, purpose, _ := strings.Cut(text, "-- purpose: ")
	purpose = purpose[:nextKey.FindStringIndex(purpose)[0]]
	var b strings.Builder
	fmt.Fprintf(&b, "-- name: %s\n-- purpose: %s\n", q.Name, purpose)
	if len(q.With) > 0 {
		fmt.Fprintf(&b, "-- with: %s\n", strings.Join(q.With, ", "))
	}
	if len(q.Params) > 0 {
		b.WriteString("-- params:\n")
		for _, p := range q.Params {
			def := p.Default
			if def == "" {
				def = "''"
			}
			fmt.Fprintf(&b, "--   $%s %s = %s: %s\n", p.Name, p.Type, def, p.About)
		}
	}
	b.WriteString("-- columns:\n")
	for _, c := range q.Columns {
		fmt.Fprintf(&b, "--   %s %s %s: %s\n", c.Name, c.Type, c.Unit, c.About)
	}
	fmt.Fprintf(&b, "-- grain: %s\n\n%s\n", q.Grain, q.SQL)
	return b.String()
}

var commentOrString = regexp.MustCompile(`--[^\n]*|'(?:[^']|'')*'`)

// code empties comments and string literals, so that only SQL words are left.
func code(text string) string {
	return commentOrString.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "--") {
			return ""
		}
		return "''"
	})
}

var paramUse = regexp.MustCompile(`\$([a-z_0-9]+)`)

func TestParamsUsedAreDeclared(t *testing.T) {
	for _, name := range Names() {
		q, err := Get(name)
		if err != nil {
			t.Fatal(err)
		}
		var declared, used []string
		for _, p := range q.Params {
			declared = append(declared, p.Name)
		}
		for _, m := range paramUse.FindAllStringSubmatch(code(q.SQL), -1) {
			used = append(used, m[1])
		}
		slices.Sort(declared)
		slices.Sort(used)
		if used = slices.Compact(used); !slices.Equal(declared, used) {
			t.Errorf("%s declares %v and uses %v", name, declared, used)
		}
	}
}

// TestParamsAgree checks that a parameter means and defaults to the same in
// every query, so that what a user learned once is true everywhere.
func TestParamsAgree(t *testing.T) {
	first := map[string]Param{}
	for _, s := range sources(t) {
		for _, p := range s.q.Params {
			if known, ok := first[p.Name]; !ok {
				first[p.Name] = p
			} else if known != p {
				t.Errorf("%s.sql: $%s is %+v, elsewhere %+v", s.file, p.Name, p, known)
			}
		}
	}
}

// outerOrder is an ORDER BY of the whole statement: at the left margin, and
// nothing but its own lines after it.
var outerOrder = regexp.MustCompile(`\nORDER BY [^()]+$`)

func TestStatements(t *testing.T) {
	view := func(s source) bool {
		return strings.HasPrefix(s.file, viewPrefix) || strings.HasPrefix(s.file, emptyPrefix)
	}
	for _, s := range sources(t) {
		c := code(s.q.SQL)
		if strings.Contains(c, ";") {
			t.Errorf("%s.sql: more than one statement", s.file)
		}
		if !strings.HasPrefix(c, "SELECT") && !strings.HasPrefix(c, "WITH ") {
			t.Errorf("%s.sql: begins with neither SELECT nor WITH", s.file)
		}
		if regexp.MustCompile(`(?i)(SELECT|,)\s+(\w+\.)?\*`).MatchString(c) {
			t.Errorf("%s.sql: selects * instead of named columns", s.file)
		}
		if !view(s) && !outerOrder.MatchString(c) {
			t.Errorf("%s.sql: does not order its rows", s.file)
		}
		if !view(s) && strings.Contains(c, "read_parquet") {
			t.Errorf("%s.sql: reads files; only views do", s.file)
		}
	}
}

// TestPortable rejects what only DuckDB understands, outside macros.sql. Views
// may read Parquet; that is the one thing they are for.
func TestPortable(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\b(ASOF|QUALIFY|GROUP\s+BY\s+ALL|ORDER\s+BY\s+ALL|EXCLUDE|REPLACE\s*\(\s*\w+\s+AS|` +
		`PIVOT|UNPIVOT|SUMMARIZE|SAMPLE|POSITIONAL|COLUMNS\s*\(|LAMBDA|` +
		`time_bucket|quantile_cont|quantile_disc|median|regexp_\w+|count_if|countif|fsum|arg_min|arg_max|epoch\w*|` +
		`list_\w+|array_\w+|unnest|map_\w+|struct_\w+|strftime|to_seconds|to_minutes|date_diff|datediff|try_cast|ifnull|first|any_value|string_agg)\b` +
		`|->|::|//|\bIS\s+(NOT\s+)?DISTINCT|\[`)
	for _, s := range sources(t) {
		if found := forbidden.FindString(code(s.q.SQL)); found != "" {
			t.Errorf("%s.sql: %q is DuckDB's own: give it a macro in macros.sql", s.file, found)
		}
	}
	for _, bad := range []string{"a ASOF JOIN b", "GROUP  BY ALL", "list_sum(x)", "x::DATE", "median(x)", "epoch_us(x)", "x[1]"} {
		if !forbidden.MatchString(bad) {
			t.Errorf("%q should be rejected", bad)
		}
	}
}

func TestGetUnknown(t *testing.T) {
	_, err := Get("nope")
	if want := `no query is called "nope": sizewise query lists them`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	for _, name := range []string{"macros", "view_metrics", "empty_metrics", "../queries", ""} {
		if _, err := Get(name); err == nil {
			t.Errorf("%q: want an error", name)
		}
	}
}

func TestWithPutsQueriesInFront(t *testing.T) {
	base, err := Get("variant_minutes")
	if err != nil {
		t.Fatal(err)
	}
	q, err := Get("instance_count")
	if err != nil {
		t.Fatal(err)
	}
	if want := "WITH variant_minutes AS (\n" + base.SQL + "\n)\nSELECT"; !strings.HasPrefix(q.SQL, want) {
		t.Errorf("instance_count does not begin with variant_minutes:\n%.200s", q.SQL)
	}
	got := prepend(Query{Name: "a", SQL: "SELECT 1 AS x"}, "WITH b AS (SELECT x FROM a)\nSELECT x FROM b")
	if want := "WITH a AS (\nSELECT 1 AS x\n),\nb AS (SELECT x FROM a)\nSELECT x FROM b"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestViewsHaveStandIns(t *testing.T) {
	views, err := Views()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, v := range views {
		known = append(known, v.Name)
		if v.Dataset == "" {
			continue
		}
		empty, err := load(emptyPrefix+v.Name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(empty.Columns, v.Columns) || empty.SQL != v.Empty {
			t.Errorf("view_%s.sql and empty_%[1]s.sql differ in their columns", v.Name)
		}
	}
	for _, s := range sources(t) {
		if strings.HasPrefix(s.file, viewPrefix) && !slices.Contains(known, s.q.Name) {
			t.Errorf("%s.sql is not among Views", s.file)
		}
	}
}
