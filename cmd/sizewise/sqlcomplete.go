package main

import (
	"regexp"
	"slices"
	"strings"

	"sizewise/queries"
)

// completer knows the words of the prompt.
type completer struct {
	views    map[string][]string // columns by view
	queries  []string
	others   []string // keywords, functions and macros
	commands []string // with their dot
}

// keywords are those that a question begins its clauses with, and the functions
// that are asked for most.
const keywords = `SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET WITH AS JOIN LEFT INNER CROSS
ON USING UNION ALL DISTINCT AND OR NOT IN IS NULL LIKE BETWEEN CASE WHEN THEN ELSE END DESC ASC
EXISTS CAST INTERVAL TIMESTAMP DATE FILTER OVER PARTITION DESCRIBE SUMMARIZE SHOW TABLES EXPLAIN
ANALYZE QUALIFY VALUES TRUE FALSE
count( sum( avg( min( max( median( coalesce( nullif( round( date_trunc( extract( lower( upper(
substr( length( strpos( replace( regexp_matches( regexp_extract( row_number( rank( lag( lead(
quantile_cont( approx_count_distinct( arg_max( arg_min( stddev( corr( abs( greatest( least(`

var macroForm = regexp.MustCompile(`(?m)^CREATE MACRO (\w+)\(`)

func newCompleter() (*completer, error) {
	views, err := queries.Views()
	if err != nil {
		return nil, err
	}
	c := &completer{views: map[string][]string{}, queries: queries.Names(), others: strings.Fields(keywords)}
	for _, v := range views {
		for _, column := range v.Columns {
			c.views[v.Name] = append(c.views[v.Name], column.Name)
		}
	}
	for _, m := range macroForm.FindAllStringSubmatch(queries.Macros(), -1) {
		c.others = append(c.others, m[1]+"(")
	}
	for _, d := range dotCommands() {
		c.commands = append(c.commands, d.name)
	}
	return c, nil
}

// complete completes the word before pos. Where several words would do, it goes
// as far as they agree, and returns them when that is nowhere. Before is what was
// typed of the statement on earlier lines.
func (c *completer) complete(before, line string, pos int) (newLine string, newPos int, options []string) {
	start := pos
	for start > 0 && (wordByte(line[start-1]) || line[start-1] == '.') {
		start--
	}
	word := line[start:pos]
	found := c.candidates(before+line, before+line[:start], word)
	if len(found) == 0 {
		return line, pos, nil
	}
	insert := agreed(found)
	if len(found) == 1 && !strings.HasSuffix(insert, "(") && !strings.HasPrefix(line[pos:], " ") {
		insert += " "
	}
	switch {
	case len(insert) <= len(word) && len(found) == 1:
		return line, pos, nil
	case len(insert) <= len(word):
		return line, pos, found
	}
	return line[:start] + insert + line[pos:], start + len(insert), nil
}

// candidates are the words that word can become, sorted.
func (c *completer) candidates(all, before, word string) []string {
	if strings.TrimSpace(before) == "" && strings.HasPrefix(word, ".") {
		return begin(word, c.commands)
	}
	if strings.HasPrefix(strings.TrimSpace(before), ".") {
		return begin(word, c.arguments(strings.Fields(before)[0]))
	}
	if view, column, ok := strings.Cut(word, "."); ok {
		return qualified(view, begin(column, c.views[c.aliased(all, view)]))
	}
	if afterTable.MatchString(before) {
		return begin(word, c.viewNames())
	}
	var words []string
	for _, view := range c.mentioned(all) {
		words = append(words, c.views[view]...)
	}
	if word == "" {
		return begin(word, words)
	}
	words = append(words, c.viewNames()...)
	return begin(word, append(words, like(word, c.others)...))
}

var (
	afterTable = regexp.MustCompile(`(?i)\b(from|join|describe|summarize|table)\s+$`)
	tableForm  = regexp.MustCompile(`(?i)\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?`)
)

// arguments are what may follow a dot command.
func (c *completer) arguments(command string) []string {
	switch command {
	case ".schema":
		return c.viewNames()
	case ".query", ".queries":
		return c.queries
	case ".mode":
		return modes()
	case ".timing":
		return []string{"on", "off"}
	}
	return nil
}

func (c *completer) viewNames() []string {
	names := make([]string, 0, len(c.views))
	for name := range c.views {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// mentioned are the views that a statement reads, all of them where it does not
// say yet.
func (c *completer) mentioned(text string) []string {
	var names []string
	for _, m := range tableForm.FindAllStringSubmatch(text, -1) {
		if name := strings.ToLower(m[1]); c.views[name] != nil {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return c.viewNames()
	}
	return names
}

// aliased is the view that a statement calls name.
func (c *completer) aliased(text, name string) string {
	for _, m := range tableForm.FindAllStringSubmatch(text, -1) {
		if strings.EqualFold(m[2], name) {
			return strings.ToLower(m[1])
		}
	}
	return strings.ToLower(name)
}

func qualified(view string, columns []string) []string {
	for i := range columns {
		columns[i] = view + "." + columns[i]
	}
	return columns
}

// begin are the words that begin with prefix in any case, sorted, each once.
func begin(prefix string, words []string) []string {
	var found []string
	for _, w := range words {
		if len(w) >= len(prefix) && strings.EqualFold(w[:len(prefix)], prefix) {
			found = append(found, w)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// like writes keywords as the user does: small when he began small.
func like(word string, keywords []string) []string {
	if word != strings.ToLower(word) {
		return keywords
	}
	small := make([]string, len(keywords))
	for i, k := range keywords {
		small[i] = strings.ToLower(k)
	}
	return small
}

// agreed is the longest beginning that all words share.
func agreed(words []string) string {
	prefix := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}
