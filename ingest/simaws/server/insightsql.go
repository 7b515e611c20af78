package server

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ptrField is the pointer that every row carries.
const ptrField = "@ptr"

// program is a query in the part of Logs Insights QL that is understood here:
// fields and display with plain field names, filter with comparisons that are
// joined by and, sort and limit. Source: CloudWatch Logs user guide, "CloudWatch
// Logs Insights language query syntax".
type program struct {
	fields  []string
	filters []condition
	sort    []sortKey
	limit   int
}

// condition is one comparison of a filter.
type condition struct {
	field    string
	operator string // =, !=, <, <=, >, >=, like, not like
	text     string
	pattern  *regexp.Regexp // like /.../
}

// sortKey is one field to sort by.
type sortKey struct {
	field string
	down  bool
}

// parseQuery reads a query. What is beyond the part that is understood is
// refused, so that no answer is wrong.
func parseQuery(text string) (program, error) {
	p := program{fields: []string{"@timestamp", "@message"}}
	for _, command := range splitOutside(text, '|') {
		if strings.HasPrefix(command, "#") || command == "" {
			continue
		}
		verb, rest, _ := strings.Cut(command, " ")
		rest = strings.TrimSpace(rest)
		var err error
		switch strings.ToLower(verb) {
		case "fields", "display":
			p.fields, err = parseFields(rest)
		case "filter":
			err = p.parseFilter(rest)
		case "sort":
			err = p.parseSort(rest)
		case "limit", "head":
			p.limit, err = strconv.Atoi(rest)
			if err != nil || p.limit < 1 || p.limit > maxRows {
				err = malformedQuery("limit %s is not between 1 and %d", rest, maxRows)
			}
		default:
			err = malformedQuery("unexpected symbol found %s: the simulated AWS knows fields, display, filter, sort and limit", verb)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// splitOutside cuts at a separator that is in no quotes and in no regular
// expression, and trims the parts.
func splitOutside(text string, separator byte) []string {
	var parts []string
	var quote byte
	from := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'' || c == '`' || c == '/' && regexpBegins(text[:i])):
			quote = c
		case quote == 0 && c == separator:
			parts = append(parts, strings.TrimSpace(text[from:i]))
			from = i + 1
		}
	}
	return append(parts, strings.TrimSpace(text[from:]))
}

// regexpBegins reports whether a slash after this text begins an expression.
func regexpBegins(before string) bool {
	before = strings.TrimRight(before, " ")
	return strings.HasSuffix(before, "like") || strings.HasSuffix(before, "=~")
}

var fieldName = regexp.MustCompile(`^(@?[A-Za-z_][A-Za-z0-9_.]*)$`)

func parseFields(text string) ([]string, error) {
	var out []string
	for _, name := range splitOutside(text, ',') {
		name = strings.Trim(name, "`")
		if !fieldName.MatchString(name) {
			return nil, malformedQuery("unexpected symbol found in field list: %s", name)
		}
		if name != ptrField {
			out = append(out, name)
		}
	}
	return out, nil
}

func (p *program) parseSort(text string) error {
	for _, one := range splitOutside(text, ',') {
		name, order, _ := strings.Cut(one, " ")
		order = strings.ToLower(strings.TrimSpace(order))
		if !fieldName.MatchString(name) || !slices.Contains([]string{"", "asc", "desc"}, order) {
			return malformedQuery("unexpected symbol found in sort: %s", one)
		}
		p.sort = append(p.sort, sortKey{field: name, down: order == "desc"})
	}
	return nil
}

var (
	andWord    = regexp.MustCompile(`(?i)\s+and\s+`)
	comparison = regexp.MustCompile(`(?is)^(@?[a-z_][a-z0-9_.]*)\s*(=~|!=|<=|>=|=|<|>|not\s+like\b|like\b)\s*(.+)$`)
)

func (p *program) parseFilter(text string) error {
	for _, part := range splitWords(text) {
		m := comparison.FindStringSubmatch(part)
		if m == nil {
			return malformedQuery("unexpected symbol found in filter: %s", part)
		}
		c := condition{field: m[1], operator: strings.Join(strings.Fields(strings.ToLower(m[2])), " "), text: m[3]}
		if err := c.operand(); err != nil {
			return err
		}
		p.filters = append(p.filters, c)
	}
	return nil
}

// splitWords cuts a filter at its ands, those inside quotes excepted: there the
// part before has an open quote.
func splitWords(text string) []string {
	var out []string
	from := 0
	for _, at := range andWord.FindAllStringIndex(text, -1) {
		if !quoteOpen(text[from:at[0]]) {
			out = append(out, strings.TrimSpace(text[from:at[0]]))
			from = at[1]
		}
	}
	return append(out, strings.TrimSpace(text[from:]))
}

// quoteOpen reports whether a quote or a regular expression that begins in the
// text does not end there: then a separator behind it is inside.
func quoteOpen(text string) bool {
	return len(splitOutside(text+"\x00", 0)) == 1
}

// operand reads the right side: a quoted text, a number, or /an expression/.
func (c *condition) operand() error {
	text := c.text
	n := len(text)
	quoted := n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0]
	expression := n >= 2 && text[0] == '/' && text[n-1] == '/'
	if c.operator == "=~" {
		c.operator = "like"
	}
	switch {
	case expression && strings.HasSuffix(c.operator, "like"):
		re, err := regexp.Compile(strings.ReplaceAll(text[1:n-1], `\/`, "/"))
		if err != nil {
			return malformedQuery("invalid regular expression: %s", text)
		}
		c.pattern = re
	case quoted:
		c.text = strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(text[1 : n-1])
	default:
		if _, err := strconv.ParseFloat(text, 64); err != nil || strings.HasSuffix(c.operator, "like") {
			return malformedQuery("unexpected symbol found in filter: %s", text)
		}
	}
	return nil
}

// field is the text of one of a row's fields.
func (r row) field(name string) (string, bool) {
	switch name {
	case "@timestamp":
		return time.UnixMilli(r.ref.ms).UTC().Format(queryTimeLayout), true
	case "@ingestionTime":
		return time.UnixMilli(r.ref.ingested).UTC().Format(queryTimeLayout), true
	case "@message":
		return r.event().Message, true
	case "@logStream":
		return r.stream.Name, true
	case "@log":
		return r.group.account + ":" + r.group.Name, true
	case ptrField:
		return r.group.pointer(r.ref), true
	}
	return "", false
}

// number is a field's value to compare with numbers: times are epoch
// milliseconds.
func (r row) number(name string) (float64, bool) {
	switch name {
	case "@timestamp":
		return float64(r.ref.ms), true
	case "@ingestionTime":
		return float64(r.ref.ingested), true
	}
	return 0, false
}

func (p program) matches(r row) bool {
	return !slices.ContainsFunc(p.filters, func(c condition) bool { return !c.holds(r) })
}

func (c condition) holds(r row) bool {
	text, ok := r.field(c.field)
	if !ok {
		return false
	}
	if strings.HasSuffix(c.operator, "like") {
		found := strings.Contains(text, c.text)
		if c.pattern != nil {
			found = c.pattern.MatchString(text)
		}
		return found == (c.operator == "like")
	}
	order := strings.Compare(text, c.text)
	if mine, isTime := r.number(c.field); isTime {
		if theirs, err := strconv.ParseFloat(c.text, 64); err == nil {
			order = cmp.Compare(mine, theirs)
		}
	}
	switch c.operator {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// compare orders rows by the sort keys.
func (p program) compare(a, b row) int {
	for _, k := range p.sort {
		x, isTime := a.number(k.field)
		y, _ := b.number(k.field)
		order := cmp.Compare(x, y)
		if !isTime {
			s, _ := a.field(k.field)
			t, _ := b.field(k.field)
			order = strings.Compare(s, t)
		}
		if k.down {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}
