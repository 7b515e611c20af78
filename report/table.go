package report

import "strings"

// table is a Markdown table. Cells are Markdown already.
type table struct {
	Head  []string
	Right []bool // columns of numbers, set flush right; shorter than Head is fine
	Rows  [][]string
	Note  string // a sentence below, for example about rows left out
}

// Markdown writes the table in the GFM form, or nothing when it has no rows.
func (t table) Markdown() string {
	if len(t.Rows) == 0 {
		return ""
	}
	var b strings.Builder
	line := func(cells []string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + c + " |")
		}
		b.WriteString("\n")
	}
	line(t.Head)
	rule := make([]string, len(t.Head))
	for i := range rule {
		rule[i] = "---"
		if i < len(t.Right) && t.Right[i] {
			rule[i] = "--:"
		}
	}
	line(rule)
	for _, row := range t.Rows {
		line(row)
	}
	if t.Note != "" {
		b.WriteString("\n" + t.Note + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
