package lake

import (
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// cleaner brings rows into the form in which the lake keeps them: owned, with
// valid text, of which the fields keep what repeats.
type cleaner[R any] struct {
	t      table[R]
	key    string
	fields []field[R]
	texts  []field[R] // of fields, those of text
}

func newCleaner[R any](t table[R], key string) *cleaner[R] {
	c := &cleaner[R]{t: t, key: key, fields: t.fields()}
	for _, f := range c.fields {
		if f.text != nil {
			c.texts = append(c.texts, f)
		}
	}
	return c
}

// row cleans r in place and says how many bytes its text has. A row without an
// owner becomes one of key; a row of another owner is an error.
func (c *cleaner[R]) row(r *R) (size int, err error) {
	if c.t.owner != nil {
		owner := c.t.owner(r)
		if *owner == "" {
			*owner = c.key
		} else if *owner != c.key {
			return 0, fmt.Errorf("it is of %s", *owner)
		}
	}
	for i := range c.texts {
		f := &c.texts[i]
		s := f.text(r)
		if f.memory != nil {
			f.memory.keep(s)
		} else {
			*s = cleanText(*s)
		}
		size += len(*s)
	}
	if c.t.clean != nil {
		c.t.clean(r)
	}
	return size, nil
}

// identical reports whether a and b are one string in memory: text that many
// rows share is checked once.
func identical(a, b string) bool {
	return len(a) == len(b) && unsafe.StringData(a) == unsafe.StringData(b)
}

// cleanText is s with every invalid UTF-8 sequence replaced, because engines
// refuse a whole file for one of them.
func cleanText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
