package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// SQL runs one ad hoc statement that reads. Errors: [*RefusedError] when it
// does anything else or reads outside the lake, [*SyntaxError], [*MemoryError];
// a context's deadline or cancellation comes back as its error.
func (e *Engine) SQL(ctx context.Context, text string) (*Rows, error) {
	if err := e.begin("the statement"); err != nil {
		return nil, err
	}
	text, err := e.gate(ctx, text)
	if err != nil {
		e.end()
		return nil, err
	}
	return e.run(ctx, "the statement", text, nil)
}

// explainForm finds EXPLAIN and its options in front of a statement; comments
// may stand before it.
var explainForm = regexp.MustCompile(`(?is)^` + blankForm +
	`(EXPLAIN(?:\s+ANALYZE|\s*\(\s*(?:ANALYZE|FORMAT)\b[^()]*\))?)\s(.*)$`)

const blankForm = `(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*`

// wordForm finds what a statement begins with.
var wordForm = regexp.MustCompile(`(?is)^` + blankForm + `(\S{1,20})`)

// maxText bounds an ad hoc statement, so that its tree stays small.
const maxText = 1 << 20

// gate returns the text to run, or the reason why it may not. The tree comes
// from the parser alone: nothing is bound or touched until it has been judged.
func (e *Engine) gate(ctx context.Context, text string) (string, error) {
	if len(text) > maxText {
		return "", &RefusedError{Why: fmt.Sprintf("the statement is longer than %d bytes", maxText)}
	}
	explain, body := "", text
	if m := explainForm.FindStringSubmatch(text); m != nil {
		explain, body = m[1], m[2]
	}
	if err := e.judge(ctx, body); err != nil {
		return "", err
	}
	if explain != "" {
		// Put together again: what runs is EXPLAIN of exactly what was judged.
		text = explain + " " + body
	}
	return text, e.checkType(ctx, text)
}

// tree is the part of DuckDB's serialized statement that is looked at.
type tree struct {
	Error      bool              `json:"error"`
	ErrorType  string            `json:"error_type"`
	Message    string            `json:"error_message"`
	Statements []json.RawMessage `json:"statements"`
}

// judge parses text and walks its tree.
func (e *Engine) judge(ctx context.Context, text string) error {
	if strings.TrimSpace(text) == "" {
		return &RefusedError{Why: "there is no statement"}
	}
	var serialized string
	row := e.conn.QueryRowContext(ctx, "SELECT CAST(json_serialize_sql(CAST($text AS VARCHAR)) AS VARCHAR)", sql.Named("text", text))
	if err := row.Scan(&serialized); err != nil {
		return fmt.Errorf("parsing the statement: %w", e.explain(err))
	}
	var t tree
	if err := json.Unmarshal([]byte(serialized), &t); err != nil {
		return fmt.Errorf("reading the statement's tree: %w", err)
	}
	switch {
	case t.Error && t.ErrorType == "parser":
		return &SyntaxError{Why: firstLine(t.Message)}
	case t.Error:
		return &RefusedError{Why: firstWord(text) + " is not a statement that reads"}
	case len(t.Statements) == 0:
		return &RefusedError{Why: "there is no statement"}
	case len(t.Statements) > 1:
		return &RefusedError{Why: fmt.Sprintf("there are %d statements", len(t.Statements))}
	}
	var root any
	if err := json.Unmarshal(t.Statements[0], &root); err != nil {
		return fmt.Errorf("reading the statement's tree: %w", err)
	}
	return walk(root)
}

// walk visits every node of a statement's tree.
func walk(node any) error {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			if err := walk(child); err != nil {
				return err
			}
		}
	case map[string]any:
		if err := judgeNode(n); err != nil {
			return err
		}
		for _, key := range sortedKeys(n) {
			if err := walk(n[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

// judgeNode refuses table functions that are not known to be harmless and
// plain functions that are known not to be.
func judgeNode(n map[string]any) error {
	if n["type"] == "TABLE_FUNCTION" {
		function, _ := n["function"].(map[string]any)
		name, _ := function["function_name"].(string)
		if !readingTableFunction(strings.ToLower(name)) {
			return &RefusedError{Why: fmt.Sprintf("the table function %s is not known to be harmless", name)}
		}
	}
	if name, ok := n["function_name"].(string); ok && actingFunction(strings.ToLower(name)) {
		return &RefusedError{Why: fmt.Sprintf("the function %s does more than compute", name)}
	}
	return nil
}

// readingTableFunction lists the table functions that only read: from the
// files that the settings allow, from the catalogue, or from their arguments.
func readingTableFunction(name string) bool {
	switch name {
	case "read_parquet", "parquet_scan", "parquet_schema", "parquet_metadata", "parquet_file_metadata",
		"parquet_kv_metadata", "parquet_bloom_probe", "read_csv", "read_csv_auto", "sniff_csv",
		"read_json", "read_json_auto", "read_json_objects", "read_ndjson", "read_ndjson_auto",
		"read_ndjson_objects", "read_text", "glob",
		"range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree",
		"histogram", "histogram_values", "summary", "regexp_split_to_table", "generate_subscripts",
		"duckdb_columns", "duckdb_functions", "duckdb_keywords", "duckdb_memory", "duckdb_settings",
		"duckdb_tables", "duckdb_temporary_files", "duckdb_types", "duckdb_variables", "duckdb_views",
		"pragma_table_info", "pragma_version", "pragma_platform":
		return true
	}
	return false
}

// actingFunction lists the functions that write a log, wait, or run SQL that
// the gate has not seen.
func actingFunction(name string) bool {
	switch name {
	case "write_log", "sleep_ms", "pg_sleep", "nextval", "setseed", "json_execute_serialized_sql":
		return true
	}
	return false
}

// checkType asks DuckDB itself what it would run. Prepare, unlike the call that
// runs a text, refuses several statements without running the first ones.
func (e *Engine) checkType(ctx context.Context, text string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := e.conn.Raw(func(c any) error {
		stmt, err := c.(driver.Conn).Prepare(text)
		if err != nil {
			return err
		}
		kind, err := stmt.(*duckdb.Stmt).StatementType()
		if err == nil && kind != duckdb.STATEMENT_TYPE_SELECT && kind != duckdb.STATEMENT_TYPE_EXPLAIN {
			err = &RefusedError{Why: "it is not a statement that reads"}
		}
		return errors.Join(err, stmt.Close())
	})
	if err != nil {
		return e.explain(err)
	}
	return nil
}

// firstWord names a statement by what it begins with.
func firstWord(text string) string {
	if m := wordForm.FindStringSubmatch(text); m != nil {
		return strings.ToUpper(m[1])
	}
	return "this"
}
