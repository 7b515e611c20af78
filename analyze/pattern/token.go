package pattern

import (
	"strings"
	"unicode/utf8"
)

// Wildcard stands for a value in a template.
const Wildcard = "<*>"

// kind says what a token is made of.
type kind uint8

const (
	kindPunct kind = iota // separators
	kindWord              // letters only: a word of the language or of an enumeration
	kindName              // an identifier: dotted, underscored, in camel case, with digits
	kindValue             // a value that the mask found, or that merging found
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
	var out []token
	space := false
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' {
			space = true
			i++
			continue
		}
		j, masked := wordEnd(s, i)
		if j > i {
			out = appendWord(out, s[i:j], masked, space)
			i = j
		} else {
			_, n := utf8.DecodeRuneInString(s[i:])
			out = append(out, token{s[i : i+n], kindPunct, space})
			i += n
		}
		space = false
	}
	return collapse(out)
}

// isSeparator reports whether c parts words.
func isSeparator(c byte) bool {
	switch c {
	case ' ', '=', ':', ',', ';', '(', ')', '[', ']', '{', '}', '"', '\'', '|', '<', '>', '`':
		return true
	}
	return false
}

// wordEnd is the end of the word at i, and whether it holds a placeholder.
func wordEnd(s string, i int) (end int, masked bool) {
	for i < len(s) {
		if s[i] == '<' {
			if n := placeholder(s[i:]); n > 0 {
				i += n
				masked = true
				continue
			}
		}
		if isSeparator(s[i]) {
			break
		}
		i++
	}
	return i, masked
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
	case "n", "size", "hex", "ip", "path", "url", "uuid", "ts", "str", "host", "dur":
		return n + 1
	}
	return 0
}

// appendWord appends a word and, as a separator of its own, the dots that end it.
func appendWord(out []token, w string, masked, space bool) []token {
	end := len(strings.TrimRight(w, ".!?"))
	body, dots := w[:end], w[end:]
	if body != "" {
		t := token{body, kindOf(body), space}
		if masked {
			t = token{Wildcard, kindValue, space}
		}
		out = append(out, t)
		space = false
	}
	if len(dots) > 1 {
		dots = "..."
	}
	if dots != "" {
		out = append(out, token{dots, kindPunct, space})
	}
	return out
}

// kindOf tells words, names and separators apart.
func kindOf(w string) kind {
	letters, inner, humps := 0, false, 0
	for i := range len(w) {
		c := w[i]
		switch {
		case c >= 0x80, 'a' <= c && c <= 'z':
			letters++
		case 'A' <= c && c <= 'Z':
			letters++
			if i > 0 && 'a' <= w[i-1] && w[i-1] <= 'z' {
				humps++
			}
		default:
			inner = true
		}
	}
	switch {
	case letters == 0:
		return kindPunct
	case inner || humps > 0:
		return kindName
	}
	return kindWord
}

// collapse makes a run of values one value, when only blanks, commas and the
// like part them: the number of a list's members is a value too.
func collapse(in []token) []token {
	out := in[:0]
	for _, t := range in {
		n := len(out)
		if t.kind == kindValue && n > 0 {
			if out[n-1].kind == kindValue {
				continue
			}
			if n > 1 && out[n-2].kind == kindValue && isListPunct(out[n-1].text) {
				out = out[:n-1]
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

func isListPunct(s string) bool {
	switch s {
	case ",", ";", ":", "-", "/", ".", "x", "..", "|", "+":
		return true
	}
	return false
}
