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

	"sizewise/analyze/engine"
)

// writeRows writes a result to stdout or, whole or not at all, to --out.
// It returns how many rows there were.
func (a *app) writeRows(result *engine.Rows, f outputFlags) (n int64, err error) {
	defer func() { err = errors.Join(err, result.Close()) }()
	rows := &countedRows{Rows: result}
	if f.out == "" {
		s := screen{width: a.con.columns()}
		s.dim = s.width > 0 && !a.con.noColor
		w := bufio.NewWriter(a.con.out)
		if err := formatRows(w, rows, f.format, s); err != nil {
			return 0, err
		}
		return rows.read, w.Flush()
	}
	err = writeWhole(f.out, func(w io.Writer) error { return formatRows(w, rows, f.format, screen{}) })
	return rows.read, err
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

func formatRows(w io.Writer, rows rowSource, format string, s screen) error {
	switch format {
	case "csv":
		return formatCSV(w, rows)
	case "json":
		return formatJSON(w, rows)
	case "line":
		return formatBlocks(w, rows, s)
	default:
		return formatTable(w, rows, s)
	}
}

// formatCSV writes RFC 4180 with a header. NULL is the empty field. Text that a
// spreadsheet would take for a formula gets a quote in front, since log lines
// are other people's text; numbers stay as they are.
func formatCSV(w io.Writer, rows rowSource) error {
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
func formatJSON(w io.Writer, rows rowSource) error {
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
