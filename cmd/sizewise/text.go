package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"sizewise/cmd/sizewise/config"
)

// lineWidth is what text on a terminal is wrapped to.
const lineWidth = 80

// clean makes text from data safe for a terminal: control characters, which
// could move the cursor or change colours, become blanks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || (r >= 0x7f && r < 0xa0) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return ' '
		}
		return r
	}, s)
}

// oneLine keeps an error to one line, whatever a library put in it.
func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// wrap breaks text into lines of at most lineWidth characters, each after
// indent. A word that is longer stands alone.
func wrap(text, indent string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+n > lineWidth:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

// count prints n with its noun, and thousands apart.
func count[T int | int64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(int64(n)) + " " + noun + "s"
}

// thousands prints n with a comma between thousands.
func thousands(n int64) string {
	if n < 0 {
		return "-" + thousands(-n)
	}
	digits := []byte{}
	for i := 0; ; i++ {
		if i > 0 && i%3 == 0 {
			digits = append([]byte{','}, digits...)
		}
		digits = append([]byte{byte('0' + n%10)}, digits...)
		if n /= 10; n == 0 {
			return string(digits)
		}
	}
}

// list prints names and what they are, on a terminal in two columns that fit it.
func (a *app) list(rows [][2]string) error {
	name := 0
	for _, r := range rows {
		name = max(name, utf8.RuneCountInString(r[0])+gap)
	}
	for _, r := range rows {
		lines := []string{r[1]}
		if width := a.con.columns(); width > name+leastText {
			lines = fold(r[1], width-name)
		}
		if _, err := fmt.Fprintf(a.con.out, "%-*s%s\n", name, r[0], strings.Join(lines, "\n"+strings.Repeat(" ", name))); err != nil {
			return fmt.Errorf("listing: %w", err)
		}
	}
	return nil
}

// fold breaks text into lines of at most width characters, at blanks where it
// can. Nothing is lost but the blank that a line breaks at.
func fold(text string, width int) []string {
	var lines []string
	rest := []rune(text)
	for len(rest) > width {
		cut, next := width, width
		for i := width; i > width/2; i-- {
			if rest[i] == ' ' {
				cut, next = i, i+1
				break
			}
		}
		lines = append(lines, string(rest[:cut]))
		rest = rest[next:]
	}
	return append(lines, string(rest))
}

// meant is the hint that names what word was probably meant for, else the other.
func meant(word string, names []string, prefix, otherwise string) string {
	best, least := "", min(3, len(word))
	for _, name := range names {
		if d := config.Distance(strings.ToLower(word), name); d < least {
			best, least = name, d
		}
	}
	if best == "" || best == word {
		return otherwise
	}
	return "did you mean " + prefix + best + "?"
}
