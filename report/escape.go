package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest pieces of foreign text that a report shows, in characters.
const (
	maxText = 600
	maxCode = 160
)

// visible replaces what could change how a reader sees a text: control
// characters, invalid bytes, and marks that reorder or hide characters. Runs of
// white space become one space. The result has at most n characters.
func visible(s string, n int) string {
	var b strings.Builder
	space := false
	count := 0
	for i, r := range s {
		if count >= n {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError && invalidAt(s, i):
			fmt.Fprintf(&b, "\\x%02x", s[i])
		case unicode.IsSpace(r):
			if space {
				continue
			}
			b.WriteByte(' ')
		case unicode.IsControl(r):
			fmt.Fprintf(&b, "\\x%02x", r)
		case unicode.Is(unicode.Cf, r) || !unicode.IsGraphic(r):
			fmt.Fprintf(&b, "(U+%04X)", r)
		default:
			b.WriteRune(r)
		}
		space = unicode.IsSpace(r)
		count++
	}
	return strings.TrimSpace(b.String())
}

func invalidAt(s string, i int) bool {
	_, size := utf8.DecodeRuneInString(s[i:])
	return size == 1
}

// cellCode is code for a table cell, where a pipe must be escaped even inside a
// code span. A pipe behind a backslash cannot be written there in a way that all
// readers of Markdown agree on, so it becomes its mathematical twin.
func cellCode(s string) string {
	s = strings.ReplaceAll(code(s), `\|`, "\\\u2223")
	return strings.ReplaceAll(s, "|", `\|`)
}

// code writes foreign text as a code span.
func code(s string) string {
	s = visible(s, maxCode)
	if s == "" {
		return "(empty)"
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// prose writes foreign text as one line of inline Markdown without markup, links
// or the start of a block. Objectives such as p99<200ms become code spans. It
// holds inside a table cell.
func prose(s string) string {
	s = visible(s, maxText)
	var b strings.Builder
	from := 0
	for _, at := range objectives(s) {
		b.WriteString(plainProse(s[:at[0]], from))
		b.WriteString("`" + s[at[0]:at[1]] + "`")
		from = at[1]
	}
	b.WriteString(plainProse(s, from))
	return b.String()
}

// objectives are where a text names a metric and its limit, as words of their
// own. Nothing in them needs escaping inside a code span.
func objectives(s string) [][]int {
	if !strings.Contains(s, "<") {
		return nil
	}
	name := regexp.MustCompile(`[a-z][a-z0-9_]*<=?[0-9]+(\.[0-9]+)?(us|µs|ms|s|%)?`)
	return slices.DeleteFunc(name.FindAllStringIndex(s, -1), func(at []int) bool {
		return at[0] > 0 && !strings.ContainsRune(" (,;:", rune(s[at[0]-1])) ||
			at[1] < len(s) && !strings.ContainsRune(" ),;:.", rune(s[at[1]]))
	})
}

// plainProse escapes what stands in s from the given byte on.
func plainProse(s string, from int) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case i < from:
			continue
		case strings.ContainsRune("\\`*[]<>|~$", r):
			b.WriteByte('\\')
		case r == '_' && !insideWord(s, i):
			b.WriteByte('\\')
		case r == '&' && startsEntity(s[i:]):
			b.WriteByte('\\')
		case r == ':' && strings.HasPrefix(s[i:], "://"):
			b.WriteString("&#58;")
			continue
		case r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteString("&#46;")
			continue
		case opensBlock(s, i):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// insideWord reports whether the byte at i stands between letters or digits,
// where an underscore is no markup.
func insideWord(s string, i int) bool {
	return i > 0 && i+1 < len(s) && wordByte(s[i-1]) && wordByte(s[i+1])
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func startsEntity(s string) bool {
	return len(s) > 1 && (s[1] == '#' || wordByte(s[1]))
}

// opensBlock reports whether the character at i would make a heading, a list or
// a rule of the text if it stood at the start of a line.
func opensBlock(s string, i int) bool {
	if i == 0 {
		return strings.ContainsRune("#+-=", rune(s[0]))
	}
	if s[i] != '.' && s[i] != ')' {
		return false
	}
	return strings.Trim(s[:i], "0123456789") == "" && (i+1 == len(s) || s[i+1] == ' ')
}

// sentence is prose with a full stop and a capital letter.
func sentence(s string) string {
	s = strings.TrimSpace(visible(s, maxText))
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	if startsPlainWord(s) {
		s = string(unicode.ToUpper(r)) + s[size:]
	}
	s = prose(s)
	if !strings.ContainsAny(s[len(s)-1:], ".!?") && !strings.HasSuffix(s, "…") {
		if strings.Trim(s, "0123456789") == "" {
			return s + "\\." // a bare number with a full stop would number a list
		}
		s += "."
	}
	return s
}

// startsPlainWord reports whether s begins with a word of lower-case letters:
// names such as p99 or 4xx keep their case.
func startsPlainWord(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	for _, r := range strings.TrimRight(word, ",:;") {
		if !unicode.IsLower(r) && r != '\'' && r != '-' {
			return false
		}
	}
	return word != ""
}
