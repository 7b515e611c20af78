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
	texts []textMember[R]
	fixed int64 // size of a row without its text
}

// textMember is a member that holds text. Of text that repeats one copy is kept,
// so that many rows take the memory of few.
type textMember[R any] struct {
	ref   func(*R) *string
	last  string            // of the row before
	known map[string]string // nil where text does not repeat
	size  int               // bytes in known
}

// knownBytes bounds the text that a member remembers.
const knownBytes = 1 << 20

func newCleaner[R any](t table[R], key string) *cleaner[R] {
	c := &cleaner[R]{t: t, key: key, fixed: sizeOf[R]()}
	for _, f := range t.fields() {
		if f.text == nil {
			continue
		}
		m := textMember[R]{ref: f.text}
		if f.repeats {
			m.known = map[string]string{}
		}
		c.texts = append(c.texts, m)
	}
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
	for i := range c.texts {
		m := &c.texts[i]
		s := m.ref(r)
		if identical(*s, m.last) {
			continue
		}
		size += m.keep(s)
		m.last = *s
	}
	if c.t.clean != nil {
		c.t.clean(r)
	}
	return size, nil
}

// keep makes s valid, and the copy that is kept of equal text, and says how much
// memory that takes.
func (m *textMember[R]) keep(s *string) int64 {
	if m.known != nil {
		if same, ok := m.known[*s]; ok {
			*s = same
			return 0
		}
	}
	*s = cleanText(*s)
	if m.known != nil && m.size+len(*s) <= knownBytes {
		*s = strings.Clone(*s) // without what the text may have been cut from
		m.known[*s] = *s
		m.size += len(*s) + 16
	}
	return int64(len(*s))
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
