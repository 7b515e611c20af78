package lake

import (
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// cleaner brings rows into the form in which the lake keeps them: owned, with
// valid text.
type cleaner[R any] struct {
	t     table[R]
	key   string
	texts []func(*R) *string
	seen  []string // the last valid text of each
	fixed int64    // size of a row without its text
}

func newCleaner[R any](t table[R], key string) *cleaner[R] {
	c := &cleaner[R]{t: t, key: key, fixed: sizeOf[R]()}
	for _, f := range t.fields() {
		if f.text != nil {
			c.texts = append(c.texts, f.text)
		}
	}
	c.seen = make([]string, len(c.texts))
	return c
}

// row cleans r in place and says about how much memory it takes. A row without
// an owner becomes one of key; a row of another owner is an error.
func (c *cleaner[R]) row(r *R) (size int64, err error) {
	if c.t.owner != nil {
		owner := c.t.owner(r)
		if *owner == "" {
			*owner = c.key
		} else if *owner != c.key {
			return 0, fmt.Errorf("it is of %s", *owner)
		}
	}
	size = c.fixed
	for i, ref := range c.texts {
		s := ref(r)
		if identical(*s, c.seen[i]) {
			continue
		}
		size += int64(len(*s))
		if !utf8.ValidString(*s) {
			*s = cleanText(*s)
		}
		c.seen[i] = *s
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
