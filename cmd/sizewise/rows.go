package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"sizewise/analyze/engine"
)

// writeRows writes a result to stdout or, whole or not at all, to --out.
func (a *app) writeRows(rows *engine.Rows, f outputFlags) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	if f.out == "" {
		w := bufio.NewWriter(a.con.out)
		if err := formatRows(w, rows, f.format); err != nil {
			return err
		}
		return w.Flush()
	}
	return writeWhole(f.out, func(w io.Writer) error { return formatRows(w, rows, f.format) })
}

// writeWhole lets write fill a file that appears under its name only when it is
// complete and synced.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".sizewise-*")
	if err != nil {
		var where *fs.PathError
		if errors.As(err, &where) {
			err = where.Err // the temporary file's name says nothing to a user
		}
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(temp.Name()))
		}
	}()
	w := bufio.NewWriter(temp)
	if err := errors.Join(write(w), w.Flush(), temp.Sync(), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

func formatRows(w io.Writer, rows *engine.Rows, format string) error {
	switch format {
	case "csv":
		return formatCSV(w, rows)
	case "json":
		return formatJSON(w, rows)
	default:
		return formatTable(w, rows)
	}
}

// formatCSV writes RFC 4180 with a header. NULL is the empty field. Text that a
// spreadsheet would take for a formula gets a quote in front, since log lines
// are other people's text; numbers stay as they are.
func formatCSV(w io.Writer, rows *engine.Rows) error {
	out := csv.NewWriter(w)
	record := make([]string, len(rows.Columns()))
	for i, c := range rows.Columns() {
		record[i] = c.Name
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	for rows.Next() {
		for i, v := range rows.Values() {
			record[i] = csvField(v)
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
	}
	out.Flush()
	return errors.Join(rows.Err(), out.Error())
}

func csvField(v any) string {
	if v == nil {
		return ""
	}
	text := engine.Text(v)
	if s, ok := v.(string); ok && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + text
	}
	return text
}

// formatJSON writes an array with one object a row, keys in column order.
func formatJSON(w io.Writer, rows *engine.Rows) error {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	separator := "[\n"
	for rows.Next() {
		line.Reset()
		for i, v := range rows.Values() {
			if i > 0 {
				trimNewline(&line)
				line.WriteByte(',')
			}
			if err := enc.Encode(rows.Columns()[i].Name); err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
			trimNewline(&line)
			line.WriteByte(':')
			if err := enc.Encode(engine.JSON(v)); err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
		}
		trimNewline(&line)
		if _, err := fmt.Fprintf(w, "%s{%s}", separator, line.Bytes()); err != nil {
			return fmt.Errorf("writing JSON: %w", err)
		}
		separator = ",\n"
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if separator == "[\n" {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

func trimNewline(b *bytes.Buffer) {
	if n := b.Len(); n > 0 && b.Bytes()[n-1] == '\n' {
		b.Truncate(n - 1)
	}
}

// tableRows is how many rows a table shows; more are for csv, json and parquet.
const tableRows = 1000

// maxCell is the widest cell of a table, in characters.
const maxCell = 100

// formatTable writes aligned columns, numbers to the right, and says when rows
// or text were cut.
func formatTable(w io.Writer, rows *engine.Rows) error {
	columns := rows.Columns()
	header := make([]string, len(columns))
	width := make([]int, len(columns))
	for i, c := range columns {
		header[i] = clean(c.Name)
		width[i] = utf8.RuneCountInString(header[i])
	}
	var cells [][]string
	total := 0
	for rows.Next() {
		total++
		if total > tableRows {
			continue
		}
		row := make([]string, len(columns))
		for i, v := range rows.Values() {
			row[i] = cell(v)
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
		cells = append(cells, row)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	tableLine(w, header, width, columns)
	for _, row := range cells {
		tableLine(w, row, width, columns)
	}
	if total > tableRows {
		fmt.Fprintf(w, "... %d of %d rows shown; --format csv has all\n", tableRows, total)
	}
	return nil
}

func cell(v any) string {
	text := clean(engine.Text(v))
	if utf8.RuneCountInString(text) > maxCell {
		text = string([]rune(text)[:maxCell-3]) + "..."
	}
	return text
}

func tableLine(w io.Writer, row []string, width []int, columns []engine.Column) {
	var b strings.Builder
	for i, text := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(text))
		if numeric(columns[i].Type) {
			b.WriteString(pad + text)
		} else {
			b.WriteString(text + pad)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

func numeric(typ string) bool {
	switch typ {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE":
		return true
	}
	return strings.HasPrefix(typ, "DECIMAL")
}
