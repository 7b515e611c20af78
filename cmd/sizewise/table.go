package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sizewise/analyze/engine"
)

// rowSource is a result as the formats read it: engine.Rows, or a test's.
type rowSource interface {
	Columns() []engine.Column
	Next() bool
	Values() []any
	Err() error
}

// countedRows counts what was read of a result.
type countedRows struct {
	*engine.Rows
	read int64
}

// Next is that of engine.Rows.
func (r *countedRows) Next() bool {
	ok := r.Rows.Next()
	if ok {
		r.read++
	}
	return ok
}

// tableRows is how many rows a table shows; more are for csv, json and parquet.
const tableRows = 1000

// screen is what a table is drawn on.
type screen struct {
	width int  // columns; 0 is a pipe or a file, where no cell is cut
	dim   bool // NULL may be drawn faint
}

// grid is a table that was read whole, so that its widths are known.
type grid struct {
	columns []engine.Column
	header  []string
	cells   [][]string
	null    [][]bool
	width   []int
	total   int
}

// formatTable writes aligned columns, numbers to the right, and says when rows
// were cut. On a terminal that is too narrow, text is cut with an ellipsis, never
// a number or a time; where even that does not fit, each row becomes a block that
// has all of its text.
func formatTable(w io.Writer, rows rowSource, s screen) error {
	g, err := readGrid(rows)
	if err != nil {
		return err
	}
	if s.width > 0 && len(g.cells) > 0 && !g.fit(s.width) {
		g.blocks(w, s)
	} else {
		g.lines(w, s)
	}
	if g.total > tableRows {
		fmt.Fprintf(w, "... %d of %d rows shown; --format csv has all\n", tableRows, g.total)
	}
	return nil
}

func readGrid(rows rowSource) (*grid, error) {
	g := &grid{columns: rows.Columns()}
	g.header, g.width = make([]string, len(g.columns)), make([]int, len(g.columns))
	for i, c := range g.columns {
		g.header[i] = clean(c.Name)
		g.width[i] = utf8.RuneCountInString(g.header[i])
	}
	for rows.Next() {
		g.total++
		if g.total > tableRows {
			continue
		}
		row, null := make([]string, len(g.columns)), make([]bool, len(g.columns))
		for i, v := range rows.Values() {
			row[i], null[i] = cell(v), v == nil
			g.width[i] = max(g.width[i], utf8.RuneCountInString(row[i]))
		}
		g.cells, g.null = append(g.cells, row), append(g.null, null)
	}
	return g, rows.Err()
}

// cell is a value as text that is safe for a terminal. A text that reads NULL is
// quoted, since it is not what is missing.
func cell(v any) string {
	if v == "NULL" {
		return `"NULL"`
	}
	return clean(engine.Text(v))
}

// leastText is what a column of text is not cut below, in characters.
const leastText = 8

// gap is between columns.
const gap = 2

// fit cuts the widest columns of text until a line has at most width characters,
// and reports whether it could.
func (g *grid) fit(width int) bool {
	over := -gap - width
	for _, w := range g.width {
		over += w + gap
	}
	for over > 0 {
		widest, next := -1, leastText
		for i, c := range g.columns {
			switch {
			case rigid(c.Type) || g.width[i] <= leastText:
			case widest < 0 || g.width[i] > g.width[widest]:
				if widest >= 0 {
					next = max(next, g.width[widest])
				}
				widest = i
			default: // as wide, or less
				next = max(next, g.width[i])
			}
		}
		if widest < 0 {
			return false
		}
		cut := min(over, max(1, g.width[widest]-next))
		g.width[widest] -= cut
		over -= cut
	}
	return true
}

// rigid columns would say something else if they were cut.
func rigid(typ string) bool {
	return numeric(typ) || typ == "BOOLEAN" || strings.HasPrefix(typ, "TIME") || typ == "DATE"
}

func (g *grid) lines(w io.Writer, s screen) {
	g.line(w, screen{}, g.header, make([]bool, len(g.columns)))
	for i, row := range g.cells {
		g.line(w, s, row, g.null[i])
	}
}

func (g *grid) line(w io.Writer, s screen, row []string, null []bool) {
	var b strings.Builder
	for i, text := range row {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		text = ellipsis(text, g.width[i])
		pad := strings.Repeat(" ", g.width[i]-utf8.RuneCountInString(text))
		if null[i] && s.dim {
			text = faint(text)
		}
		switch {
		case numeric(g.columns[i].Type):
			b.WriteString(pad + text)
		case i == len(row)-1:
			b.WriteString(text)
		default:
			b.WriteString(text + pad)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// blocks writes one value a line, a blank line between rows. What is wider than
// a terminal goes on below: this is the form to read whole messages in.
func (g *grid) blocks(w io.Writer, s screen) {
	name := 0
	for _, h := range g.header {
		name = max(name, utf8.RuneCountInString(h))
	}
	for i, row := range g.cells {
		if i > 0 {
			fmt.Fprintln(w)
		}
		for j, text := range row {
			lines := []string{text}
			if s.width > 0 && !rigid(g.columns[j].Type) {
				lines = fold(text, max(leastText, s.width-name-3))
			}
			if g.null[i][j] && s.dim {
				lines[0] = faint(text)
			}
			fmt.Fprintf(w, "%*s = %s\n", name, g.header[j], strings.Join(lines, "\n"+strings.Repeat(" ", name+3)))
		}
	}
}

// formatBlocks writes every row as a block of lines, NAME = VALUE.
func formatBlocks(w io.Writer, rows rowSource, s screen) error {
	g, err := readGrid(rows)
	if err != nil {
		return err
	}
	g.blocks(w, s)
	if g.total > tableRows {
		fmt.Fprintf(w, "\n... %d of %d rows shown; --format csv has all\n", tableRows, g.total)
	}
	return nil
}

// ellipsis cuts text to at most width characters.
func ellipsis(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:width-1]) + "…"
}

func faint(s string) string { return "\x1b[2m" + s + "\x1b[22m" }

func numeric(typ string) bool {
	switch typ {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE":
		return true
	}
	return strings.HasPrefix(typ, "DECIMAL")
}
