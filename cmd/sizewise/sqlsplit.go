package main

import (
	"regexp"
	"strings"
)

// splitter cuts SQL that comes line by line into statements. A semicolon ends
// one unless it stands in a string, a name in quotes or a comment. What it makes
// of a text decides nothing about what may run: every statement is judged by the
// engine.
type splitter struct {
	text  strings.Builder // of the statement begun, as it came
	flat  strings.Builder // the same on one line, without comments
	mode  byte            // what the scan is in: 0, ' e " $ - or *
	tag   string          // that ends a dollar quote
	depth int             // of nested comments
	last  byte            // the last byte outside comments
	solid bool            // something other than blanks and comments came
}

// statement is one statement, without its semicolon.
type statement struct {
	text string
	flat string // on one line, without comments; a string keeps its line ends
}

var dollarTag = regexp.MustCompile(`^\$([A-Za-z_]\w*)?\$`)

// add takes a line with its end and returns the statements that it completes.
func (s *splitter) add(line string) []statement {
	var done []statement
	for i := 0; i < len(line); {
		n := s.step(line[i:])
		if n == 0 {
			done = s.end(done)
			i++
			continue
		}
		s.text.WriteString(line[i : i+n])
		i += n
	}
	return done
}

// rest ends the statement begun, if there is one.
func (s *splitter) rest() []statement { return s.end(nil) }

// begun reports whether a statement was begun and not ended.
func (s *splitter) begun() bool { return s.solid || s.mode != 0 }

func (s *splitter) end(done []statement) []statement {
	if s.solid {
		done = append(done, statement{text: s.text.String(), flat: strings.TrimSpace(s.flat.String())})
	}
	*s = splitter{}
	return done
}

// step reads one token or a part of one and returns its length, 0 for the
// semicolon that ends a statement.
func (s *splitter) step(rest string) int {
	switch s.mode {
	case 0:
		return s.plain(rest)
	case '-':
		if rest[0] == '\n' {
			s.mode = 0
		}
		return 1
	case '*':
		return s.comment(rest)
	case '$':
		if strings.HasPrefix(rest, s.tag) {
			s.mode = 0
			return s.keep(rest, len(s.tag))
		}
	case 'e':
		if rest[0] == '\\' && len(rest) > 1 {
			return s.keep(rest, 2)
		}
		if rest[0] == '\'' {
			s.mode = 0
		}
	default:
		if rest[0] == s.mode {
			s.mode = 0
		}
	}
	return s.keep(rest, 1)
}

func (s *splitter) comment(rest string) int {
	switch {
	case strings.HasPrefix(rest, "*/"):
		if s.depth--; s.depth == 0 {
			s.mode = 0
		}
		return 2
	case strings.HasPrefix(rest, "/*"):
		s.depth++
		return 2
	}
	return 1
}

func (s *splitter) plain(rest string) int {
	switch c := rest[0]; {
	case c == ';':
		return 0
	case strings.HasPrefix(rest, "--"):
		s.mode = '-'
		s.blank()
		return 2
	case strings.HasPrefix(rest, "/*"):
		s.mode, s.depth = '*', 1
		s.blank()
		return 2
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		s.blank()
		return 1
	case c == '\'' && (s.last == 'e' || s.last == 'E') && s.escapes():
		s.mode = 'e'
	case c == '\'' || c == '"':
		s.mode = c
	case c == '$' && !wordByte(s.last):
		if tag := dollarTag.FindString(rest); tag != "" {
			s.mode, s.tag = '$', tag
			return s.keep(rest, len(tag))
		}
	}
	return s.keep(rest, 1)
}

// escapes reports whether the E before a quote is a word of its own.
func (s *splitter) escapes() bool {
	flat := s.flat.String()
	return len(flat) < 2 || !wordByte(flat[len(flat)-2])
}

func (s *splitter) keep(rest string, n int) int {
	s.flat.WriteString(rest[:n])
	s.last, s.solid = rest[n-1], true
	return n
}

// blank makes any run of blanks and comments one blank.
func (s *splitter) blank() {
	if s.last != ' ' && s.flat.Len() > 0 {
		s.flat.WriteByte(' ')
	}
	s.last = ' '
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
