package pattern

import (
	"strings"
	"unicode/utf8"
)

// Wildcard stands for a value in a template.
const Wildcard = "<*>"

// ellipsis ends a skeleton that was cut.
const ellipsis = "…"

// kind says what a token is made of.
type kind uint8

const (
	kindPunct   kind = iota // separators
	kindWord                // letters only, or an enumeration's constant in capitals
	kindLiteral             // true and false: options of a message rather than its values
	kindName                // an identifier: underscored, hyphenated, in camel case
	kindGiven               // a dotted name, or what stands behind an equals sign
	kindValue               // a value that the mask found, or that merging found
)

// token is a part of a skeleton.
type token struct {
	text  string
	kind  kind
	space bool // a blank stands before it
}

// tokenize splits a skeleton into words and separators. A word that holds a
// placeholder is a value, and a list of values is one.
func tokenize(s string) []token {
	out := make([]token, 0, 2+strings.Count(s, " ")) // most words stand alone
	space := false
	if cut, ok := strings.CutSuffix(s, ellipsis); ok {
		s = cut[:strings.LastIndexByte(cut, ' ')+1] + ellipsis // the last word may be half of one
	}
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			space = true
			i++
			continue
		}
		if n := len(out); n > 0 && out[n-1].text == "=" && !space {
			if end, masked := givenEnd(s, i); end > i {
				out = append(out, givenToken(s[i:end], masked))
				i = end
				continue
			}
		}
		j, masked := wordEnd(s, i)
		if n := dots(s[i:]); n > 1 {
			out = append(out, token{"...", kindPunct, space})
			i += n
		} else if j > i {
			out = appendWord(out, s[i:j], masked, space)
			i = j
		} else {
			_, n := utf8.DecodeRuneInString(s[i:])
			out = append(out, token{s[i : i+n], kindPunct, space})
			i += n
		}
		space = false
	}
	out = periods(collapse(locations(out)))
	if n := len(out); n > 1 && out[n-1].text == ellipsis && out[n-2].kind == kindValue {
		out = out[:n-1] // a list that was cut is a list
	}
	return out
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isSeparator reports whether c parts words.
func isSeparator(c byte) bool {
	switch c {
	case ' ', '=', ':', ',', ';', '(', ')', '[', ']', '{', '}', '"', '\'', '|', '<', '>', '`':
		return true
	}
	return false
}

// dots is the length of the run of dots that s starts with.
func dots(s string) int {
	n := 0
	for n < len(s) && s[n] == '.' {
		n++
	}
	return n
}

// wordEnd is the end of the word at i, and whether it holds a placeholder. A
// run of dots ends a word, as leaders do that line values up.
func wordEnd(s string, i int) (end int, masked bool) {
	for i < len(s) {
		if s[i] == '<' {
			if n := placeholder(s[i:]); n > 0 {
				i += n
				masked = true
				continue
			}
		}
		if isSeparator(s[i]) || s[i] == '.' && i+1 < len(s) && s[i+1] == '.' {
			break
		}
		i++
	}
	return i, masked
}

// givenEnd is the end of the value behind an equals sign at i: up to a blank or
// a comma outside brackets and quotes.
func givenEnd(s string, i int) (end int, masked bool) {
	depth, quote := 0, byte(0)
	if s[i] == '"' || s[i] == '\'' {
		if n := strings.IndexByte(s[i+1:], s[i]); n >= 0 && n < 60 {
			quote = s[i]
		}
	}
	for end = i; end < len(s); end++ {
		c := s[end]
		if c == '<' {
			if n := placeholder(s[end:]); n > 0 {
				end += n - 1
				masked = true
				continue
			}
		}
		switch {
		case quote != 0:
			if c == quote && end > i {
				quote = 0
			}
		case c == '(' || c == '[' || c == '{' || c == '<':
			depth++
		case c == ')' || c == ']' || c == '}' || c == '>':
			depth--
			if depth < 0 {
				return end, masked
			}
		case depth == 0 && (c == ' ' || c == ',' || c == ';' || c == '|'):
			return end, masked
		}
	}
	if depth > 0 { // brackets that never close tell nothing
		return wordEnd(s, i)
	}
	return end, masked
}

// givenToken is the token of a value behind an equals sign.
func givenToken(s string, masked bool) token {
	switch {
	case masked:
		return token{Wildcard, kindValue, false}
	case isLiteral(s):
		return token{s, kindLiteral, false}
	case strings.Contains(s, "_") && isLetter(s[0]) && strings.ToUpper(s) == s:
		return token{s, kindWord, false} // an enumeration's constant
	}
	return token{s, kindGiven, false}
}

// placeholder is the length of a mask such as <n> at the start of s, 0 for none.
func placeholder(s string) int {
	n := 1
	for n < len(s) && n < 8 && 'a' <= s[n] && s[n] <= 'z' {
		n++
	}
	if n == len(s) || s[n] != '>' {
		return 0
	}
	switch s[1:n] {
	case "n", "size", "hex", "ip", "path", "url", "uuid", "ts", "str", "binary":
		return n + 1
	}
	return 0
}

// appendWord appends a word and, as a separator of its own, the dots that end it.
func appendWord(out []token, w string, masked, space bool) []token {
	end := len(strings.TrimRight(w, ".!?"))
	body, tail := w[:end], w[end:]
	if body != "" {
		t := token{body, kindOf(body), space}
		if masked {
			t = token{Wildcard, kindValue, space}
		}
		out = append(out, t)
		space = false
	}
	if len(tail) > 1 {
		tail = "..."
	}
	if tail != "" {
		out = append(out, token{tail, kindPunct, space})
	}
	return out
}

func isLiteral(w string) bool {
	switch w {
	case "true", "false", "True", "False", "TRUE", "FALSE":
		return true
	}
	return false
}

// kindOf tells words, names and separators apart.
func kindOf(w string) kind {
	var letters, lower, joints, dots, humps int
	for i := range len(w) {
		switch c := w[i]; {
		case c >= 0x80, 'a' <= c && c <= 'z':
			letters++
			lower++
		case 'A' <= c && c <= 'Z':
			letters++
			if i > 0 && 'a' <= w[i-1] && w[i-1] <= 'z' {
				humps++
			}
		case i > 0 && i < len(w)-1:
			joints++
			if c == '.' || c == '/' || c == '\\' || c == '@' {
				dots++
			}
		}
	}
	switch {
	case letters == 0:
		return kindPunct
	case isLiteral(w):
		return kindLiteral
	case isException(w):
		return kindWord
	case dots > 0 && lower > 0:
		return kindGiven
	case joints > 0 && lower > 0, humps > 0:
		return kindName
	}
	return kindWord
}

// isException reports whether w is named as exceptions are: which one it was is
// what the message says.
func isException(w string) bool {
	return strings.HasSuffix(w, "Exception") || strings.HasSuffix(w, "Error")
}
