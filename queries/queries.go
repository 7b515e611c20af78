// Package queries holds sizewise's SQL: macros, views over the lake, and the
// named queries that every number of a report comes from.
//
// A query is one file, NAME.sql: a header comment that says what it is for,
// what it takes and what it returns, and one SELECT that always orders its
// rows. See [Parse] for the header. A query may be built on others: "with:
// variant_minutes" puts that query in front as a common table expression of
// the same name, so that the text that runs is complete and can be copied into
// any SQL prompt over the same views.
//
// The files keep to a portable core of SQL (joins, window functions, plain
// aggregates). What differs between engines is called through the macros of
// macros.sql.
package queries

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Param is one parameter of a query, written $Name in its text.
type Param struct {
	Name    string `json:"name"` // without the dollar sign
	Type    string `json:"type"` // VARCHAR, BIGINT, DOUBLE, BOOLEAN or TIMESTAMP
	About   string `json:"about"`
	Default string `json:"default"` // as written in the header; '' is the empty string
}

// Column is one column of a query's or a view's result.
type Column struct {
	Name  string `json:"name"`
	Type  string `json:"type"` // DuckDB's name of the type, without blanks
	Unit  string `json:"unit"` // s, requests, cores ...; "-" for none
	About string `json:"about"`
}

// Query is a named query or a view.
type Query struct {
	Name    string   `json:"name"`
	Purpose string   `json:"purpose"`
	With    []string `json:"with"` // queries that this one is built on, in order
	Params  []Param  `json:"params"`
	Columns []Column `json:"columns"`
	Grain   string   `json:"grain"` // what one row is
	SQL     string   `json:"sql"`   // the whole statement, with what With names in front
}

// View is a relation that the engine creates before any query runs.
type View struct {
	Query
	// Dataset is the directory or file below the lake that the view reads:
	// metrics, logs, requests, resources, ledger or catalog.parquet. It is ""
	// for a view that is made of other views.
	Dataset string
	// Empty is the statement to use while the lake has no file of Dataset: the
	// same columns and types, no rows.
	Empty string
}

// Names lists the named queries, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // an embedded root can always be read
	}
	var names []string
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".sql")
		if name != macros && !strings.HasPrefix(name, viewPrefix) && !strings.HasPrefix(name, emptyPrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

const (
	macros      = "macros"
	viewPrefix  = "view_"
	emptyPrefix = "empty_"
)

// Get returns the named query, complete with what it is built on. The error
// for an unknown name is an [*UnknownError].
func Get(name string) (Query, error) {
	if !slices.Contains(Names(), name) {
		return Query{}, &UnknownError{Name: name}
	}
	return load(name, nil)
}

// UnknownError says that there is no query of a name.
type UnknownError struct{ Name string }

// Error names the query and where to find the right name.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("no query is called %q: sizewise query lists them", e.Name)
}

// load reads a query and puts what it is built on in front. The trail is the
// chain of queries that asked for it.
func load(name string, trail []string) (Query, error) {
	if slices.Contains(trail, name) {
		return Query{}, fmt.Errorf("query %s is built on itself: %s", name, strings.Join(append(trail, name), ", "))
	}
	text, err := read(name)
	if err != nil {
		return Query{}, err
	}
	q, err := Parse(text)
	if err != nil {
		return Query{}, fmt.Errorf("reading %s.sql: %w", name, err)
	}
	for i := len(q.With) - 1; i >= 0; i-- {
		base, err := load(q.With[i], append(trail, name))
		if err != nil {
			return Query{}, err
		}
		q.SQL = prepend(base, q.SQL)
	}
	return q, nil
}

// prepend makes base the first common table expression of statement.
func prepend(base Query, statement string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "WITH %s AS (\n%s\n)", base.Name, base.SQL)
	if rest, ok := strings.CutPrefix(statement, "WITH "); ok {
		b.WriteString(",\n" + rest)
	} else {
		b.WriteString("\n" + statement)
	}
	return b.String()
}

// Macros is the text of macros.sql: CREATE MACRO statements, run once.
func Macros() string {
	text, err := read(macros)
	if err != nil {
		return "" // the file is embedded
	}
	return text
}

// Views returns the views in the order in which they can be created: those
// that read the lake first.
func Views() ([]View, error) {
	var stored, derived []View
	for _, d := range []struct{ name, dataset string }{
		{"metrics", "metrics"},
		{"logs", "logs"},
		{"requests", "requests"},
		{"resources", "resources"},
		{"ledger", "ledger"},
		{"catalog", "catalog.parquet"},
		{"measurements", ""},
	} {
		q, err := load(viewPrefix+d.name, nil)
		if err != nil {
			return nil, err
		}
		v := View{Query: q, Dataset: d.dataset}
		if d.dataset == "" {
			derived = append(derived, v)
			continue
		}
		empty, err := load(emptyPrefix+d.name, nil)
		if err != nil {
			return nil, err
		}
		v.Empty = empty.SQL
		stored = append(stored, v)
	}
	return append(stored, derived...), nil
}

func read(name string) (string, error) {
	b, err := files.ReadFile(name + ".sql")
	if err != nil {
		return "", fmt.Errorf("reading query %s: %w", name, err)
	}
	return string(b), nil
}
