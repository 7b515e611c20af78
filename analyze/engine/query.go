package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"sizewise/queries"
)

// Query runs a named query. A parameter that is not given takes its default; a
// string is read as the parameter's type, so that what a user types can be
// passed on. TIMESTAMP takes a time.Time, or RFC 3339 and its shorter forms,
// read as UTC when they name no zone.
//
// Errors: [*queries.UnknownError] for the name, [*ParamError] for a parameter.
func (e *Engine) Query(ctx context.Context, name string, params map[string]any) (*Rows, error) {
	q, err := queries.Get(name)
	if err != nil {
		return nil, err
	}
	args, err := bind(q, params)
	if err != nil {
		return nil, err
	}
	if err := e.begin(name); err != nil {
		return nil, fmt.Errorf("running %s: %w", name, err)
	}
	return e.run(ctx, name, q.SQL, args)
}

// bind gives every declared parameter a value of its declared type.
func bind(q queries.Query, params map[string]any) ([]any, error) {
	var args []any
	for _, p := range q.Params {
		given, ok := params[p.Name]
		if !ok {
			given = p.Default
		}
		value, err := convert(p.Type, given)
		if err != nil {
			return nil, &ParamError{Query: q.Name, Param: p.Name, Why: err.Error()}
		}
		args = append(args, sql.Named(p.Name, value))
	}
	for _, name := range sortedKeys(params) {
		if !slices.ContainsFunc(q.Params, func(p queries.Param) bool { return p.Name == name }) {
			return nil, &ParamError{Query: q.Name, Param: name, Why: "unknown; " + paramList(q)}
		}
	}
	return args, nil
}

func paramList(q queries.Query) string {
	if len(q.Params) == 0 {
		return "the query takes none"
	}
	var names []string
	for _, p := range q.Params {
		names = append(names, p.Name)
	}
	return "the query takes " + strings.Join(names, ", ")
}

// convert makes a value of the SQL type typ from what was given.
func convert(typ string, given any) (duckdb.TypedValue, error) {
	switch typ {
	case "TIMESTAMP":
		t, err := toTime(given)
		return duckdb.Typed(t, duckdb.TYPE_TIMESTAMP), err
	case "BIGINT":
		n, err := toInt(given)
		return duckdb.Typed(n, duckdb.TYPE_BIGINT), err
	case "DOUBLE":
		x, err := toFloat(given)
		return duckdb.Typed(x, duckdb.TYPE_DOUBLE), err
	case "BOOLEAN":
		b, err := toBool(given)
		return duckdb.Typed(b, duckdb.TYPE_BOOLEAN), err
	}
	s, ok := given.(string)
	if !ok {
		return duckdb.TypedValue{}, fmt.Errorf("want text, got %v", given)
	}
	return duckdb.Typed(s, duckdb.TYPE_VARCHAR), nil
}

func toTime(given any) (time.Time, error) {
	switch v := given.(type) {
	case time.Time:
		return v.UTC(), nil
	case string:
		for _, layout := range []string{
			time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04",
			"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", time.DateOnly,
		} {
			if t, err := time.Parse(layout, v); err == nil {
				return t.UTC(), nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("want a time such as 2026-11-20T14:00:00Z, got %v", given)
}

func toInt(given any) (int64, error) {
	switch v := given.(type) {
	case int:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case int64:
		return v, nil
	case string:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("want a whole number, got %v", given)
}

func toFloat(given any) (float64, error) {
	switch v := given.(type) {
	case float64:
		return v, nil
	case int:
		return float64(v), nil
	case string:
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			return x, nil
		}
	}
	return 0, fmt.Errorf("want a number, got %v", given)
}

func toBool(given any) (bool, error) {
	switch v := given.(type) {
	case bool:
		return v, nil
	case string:
		if b, err := strconv.ParseBool(v); err == nil {
			return b, nil
		}
	}
	return false, fmt.Errorf("want true or false, got %v", given)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
