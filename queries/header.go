package queries

import (
	"fmt"
	"regexp"
	"strings"
)

// HeaderError says what is wrong with a header and on which line.
type HeaderError struct {
	Line int // 1-based
	Why  string
}

// Error is one line.
func (e *HeaderError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

var (
	wordForm   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	paramForm  = regexp.MustCompile(`^\$([a-z][a-z0-9_]*) (VARCHAR|BIGINT|DOUBLE|BOOLEAN|TIMESTAMP) = (\S+): (\S.*)$`)
	columnForm = regexp.MustCompile(`^([a-z][a-z0-9_]*) ([A-Z][A-Z0-9_(),\[\]]*) (\S+): (\S.*)$`)
)

// Parse reads the text of a query file: a header of comment lines, a blank
// line, and the statement.
//
//	-- name: error_onset
//	-- purpose: one sentence or more;
//	--   a line that is indented goes on.
//	-- with: variant_minutes
//	-- params:
//	--   $endpoint VARCHAR = '': about the parameter
//	-- columns:
//	--   bucket_start TIMESTAMP UTC: about the column
//	-- grain: one row per bucket
//
// The keys come in this order; with and params may be left out. A parameter
// is name, type, default and what it is for; a column is name, type, unit ("-"
// for none) and what it holds. The error is a [*HeaderError].
func Parse(text string) (Query, error) {
	header, body, err := split(text)
	if err != nil {
		return Query{}, err
	}
	p := parser{lines: header}
	q := p.query()
	if p.err != nil {
		return Query{}, p.err
	}
	q.SQL = body
	return q, nil
}

// line is one logical line of a header: continuations are joined to it.
type line struct {
	n      int
	nested bool
	text   string
}

// split cuts text into the logical lines of its header and the statement.
func split(text string) ([]line, string, error) {
	var header []line
	rest, n := text, 1
	for ; ; n++ {
		raw, after, more := strings.Cut(rest, "\n")
		comment, ok := strings.CutPrefix(raw, "--")
		if !ok {
			if strings.TrimSpace(raw) != "" || !more {
				return nil, "", &HeaderError{n, "want a blank line after the header, then the statement"}
			}
			break
		}
		rest = after
		if err := appendLine(&header, n, comment); err != nil {
			return nil, "", err
		}
		if !more {
			return nil, "", &HeaderError{n, "the statement is missing"}
		}
	}
	body := strings.TrimSuffix(strings.TrimSpace(rest), ";")
	if body == "" {
		return nil, "", &HeaderError{n, "the statement is missing"}
	}
	return header, strings.TrimRight(body, " \t\r\n"), nil
}

// appendLine adds one comment line: one blank of indentation starts a key, three
// start an entry of a list, more go on with the line before.
func appendLine(header *[]line, n int, comment string) error {
	text := strings.TrimSpace(comment)
	indent := len(comment) - len(strings.TrimLeft(comment, " "))
	last := len(*header) - 1
	switch {
	case text == "":
		return &HeaderError{n, "empty line within the header"}
	case indent == 1:
		*header = append(*header, line{n: n, text: text})
	case last < 0:
		return &HeaderError{n, "want \"-- name: ...\" first"}
	case indent == 3 && ((*header)[last].nested || strings.HasSuffix((*header)[last].text, ":")):
		*header = append(*header, line{n: n, nested: true, text: text})
	case indent >= 3:
		(*header)[last].text += " " + text
	default:
		return &HeaderError{n, "indent by one blank for a key, by three for an entry"}
	}
	return nil
}

// parser walks the logical lines; the first error sticks.
type parser struct {
	lines []line
	err   error
}

func (p *parser) query() Query {
	var q Query
	q.Name = p.value("name", true)
	if p.err == nil && !wordForm.MatchString(q.Name) {
		p.fail(1, "name %q: want lower case words joined by underscores", q.Name)
	}
	q.Purpose = p.value("purpose", true)
	if with := p.value("with", false); with != "" {
		q.With = strings.Split(with, ", ")
	}
	for _, l := range p.list("params", false) {
		m := paramForm.FindStringSubmatch(l.text)
		if m == nil {
			p.fail(l.n, "want \"$name TYPE = default: about\"")
			return q
		}
		q.Params = append(q.Params, Param{Name: m[1], Type: m[2], Default: unquote(m[3]), About: m[4]})
	}
	for _, l := range p.list("columns", true) {
		m := columnForm.FindStringSubmatch(l.text)
		if m == nil {
			p.fail(l.n, "want \"name TYPE unit: about\"")
			return q
		}
		q.Columns = append(q.Columns, Column{Name: m[1], Type: m[2], Unit: m[3], About: m[4]})
	}
	q.Grain = p.value("grain", true)
	if len(p.lines) > 0 {
		p.fail(p.lines[0].n, "%q is unknown, doubled or out of order", p.lines[0].text)
	}
	return q
}

func (p *parser) fail(n int, format string, args ...any) {
	if p.err == nil {
		p.err = &HeaderError{n, fmt.Sprintf(format, args...)}
	}
}

// value takes "key: value" off the front.
func (p *parser) value(key string, required bool) string {
	if p.err != nil {
		return ""
	}
	if len(p.lines) > 0 && !p.lines[0].nested {
		if v, ok := strings.CutPrefix(p.lines[0].text, key+": "); ok {
			p.lines = p.lines[1:]
			return v
		}
	}
	if required {
		n := 1
		if len(p.lines) > 0 {
			n = p.lines[0].n
		}
		p.fail(n, "want \"-- %s: ...\" here", key)
	}
	return ""
}

// list takes "key:" and its entries off the front.
func (p *parser) list(key string, required bool) []line {
	if p.err != nil {
		return nil
	}
	if len(p.lines) == 0 || p.lines[0].nested || p.lines[0].text != key+":" {
		if required {
			p.fail(1, "want \"-- %s:\" with at least one entry", key)
		}
		return nil
	}
	n := 1
	for n < len(p.lines) && p.lines[n].nested {
		n++
	}
	entries := p.lines[1:n]
	if len(entries) == 0 {
		p.fail(p.lines[0].n, "%s: no entries", key)
	}
	p.lines = p.lines[n:]
	return entries
}

// unquote reads '” as the empty string; every other default stands for itself.
func unquote(s string) string {
	if s == "''" {
		return ""
	}
	return s
}
