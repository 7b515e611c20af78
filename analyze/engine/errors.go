package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// NotFoundError says that there is no lake where one was expected.
type NotFoundError struct{ Dir string }

// Error names the directory and what makes a lake.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no lake at %s: sizewise ingest, import or demo makes one", e.Dir)
}

// FormatError says that a lake was written by a newer sizewise.
type FormatError struct {
	Dir  string
	Have int // format of the lake
	Know int // newest format that this program reads
}

// Error says what to do.
func (e *FormatError) Error() string {
	return fmt.Sprintf("the lake at %s has format %d and this sizewise reads up to %d: use a newer sizewise", e.Dir, e.Have, e.Know)
}

// RefusedError says that a statement was not run, and what would be.
type RefusedError struct{ Why string }

// Error is one line.
func (e *RefusedError) Error() string {
	return "refused: " + e.Why + ": one statement that reads the lake is allowed, " + allowedStatements
}

const allowedStatements = "SELECT, WITH, FROM, VALUES, TABLE, PIVOT, UNPIVOT, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN of one"

// SyntaxError says that a text is not SQL.
type SyntaxError struct{ Why string }

// Error is what the parser said.
func (e *SyntaxError) Error() string { return "not SQL: " + e.Why }

// MemoryError says that a statement needed more than the memory limit.
type MemoryError struct {
	Limit string
	Why   string
}

// Error says which limit.
func (e *MemoryError) Error() string {
	return fmt.Sprintf("out of memory: the statement needs more than %s: %s", e.Limit, e.Why)
}

// DamagedError says that a file of the lake cannot be read.
type DamagedError struct {
	File string // relative to the lake; "" where DuckDB does not say which
	Why  string
}

// Error names the command that says more.
func (e *DamagedError) Error() string {
	file := e.File
	if file == "" {
		file = "a file of the lake"
	}
	return fmt.Sprintf("%s cannot be read (%s): sizewise lake verify says how to repair it", file, e.Why)
}

// damage is what err says of damaged files, nil where it says nothing of them.
func (e *Engine) damage(err *duckdb.Error) error {
	line := firstLine(err.Msg)
	if _, rest, ok := strings.Cut(line, "Error: "); ok {
		line = rest
	}
	switch err.Type {
	case duckdb.ErrorTypeIO, duckdb.ErrorTypeInvalidInput:
		for _, quote := range []string{`"`, "'"} {
			before, rest, _ := strings.Cut(line, quote+e.lake+"/")
			file, after, ok := strings.Cut(rest, quote)
			if !ok || !strings.HasSuffix(file, ".parquet") {
				continue
			}
			if why, ok := strings.CutPrefix(after, ": "); ok {
				return &DamagedError{File: file, Why: why}
			}
			return &DamagedError{File: file, Why: strings.TrimSpace(before) + after}
		}
	case duckdb.ErrorTypeInvalid:
		// The footers' reader does not know whose they are.
		if strings.Contains(line, "TProtocolException") || strings.Contains(line, "don't know what type") {
			return &DamagedError{Why: "the footer is damaged"}
		}
	default:
	}
	return nil
}

// ParamError says what is wrong with a parameter of a named query.
type ParamError struct {
	Query, Param, Why string
}

// Error is one line.
func (e *ParamError) Error() string {
	return fmt.Sprintf("query %s: parameter %s: %s", e.Query, e.Param, e.Why)
}

// ColumnError says that a result has no such column, or not of such a type.
type ColumnError struct{ Query, Column, Why string }

// Error is one line.
func (e *ColumnError) Error() string {
	return fmt.Sprintf("%s: column %s: %s", e.Query, e.Column, e.Why)
}

// explain turns what DuckDB said into an error of this package where there is
// one for it.
func (e *Engine) explain(err error) error {
	var d *duckdb.Error
	if !errors.As(err, &d) {
		return err
	}
	switch d.Type {
	case duckdb.ErrorTypePermission:
		return &RefusedError{Why: firstLine(d.Msg)}
	case duckdb.ErrorTypeOutOfMemory:
		return &MemoryError{Limit: e.memoryLimit, Why: firstLine(d.Msg)}
	case duckdb.ErrorTypeParser, duckdb.ErrorTypeSyntax:
		return &SyntaxError{Why: firstLine(d.Msg)}
	default:
		if damaged := e.damage(d); damaged != nil {
			return damaged
		}
		return err
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSpace(line)
}
