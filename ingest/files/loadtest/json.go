package loadtest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep a record nests; the tools' need about six levels.
const maxDepth = 64

// parser reads a JSON record in place, without allocating for strings that
// have no escapes. Values that are skipped are checked for strings and
// brackets only.
type parser struct {
	b     []byte
	i     int
	depth int
	tmp   []byte // unescaped strings, one behind the other, until reset
}

var (
	errEnd    = errors.New("JSON ends early")
	errObject = errors.New("not a JSON object")
	errString = errors.New("not a JSON string")
	errNumber = errors.New("not a JSON number")
	errDeep   = fmt.Errorf("JSON nests deeper than %d levels", maxDepth)
)

func (p *parser) reset(b []byte) { p.b, p.i, p.depth, p.tmp = b, 0, 0, p.tmp[:0] }

// peek skips blanks and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	for ; p.i < len(p.b); p.i++ {
		if c := p.b[p.i]; c > ' ' {
			return c
		}
	}
	return 0
}

// whole reads one object and asks that nothing stands behind it.
func (p *parser) whole(field func(key []byte) error) error {
	if err := p.object(field); err != nil {
		return err
	}
	if p.peek() != 0 {
		return fmt.Errorf("byte %d: text behind the JSON object", p.i)
	}
	return nil
}

// object reads an object and calls field at each value, which it must read. A
// null is an object without fields.
func (p *parser) object(field func(key []byte) error) error {
	if p.null() {
		return nil
	}
	if err := p.open('{', errObject); err != nil {
		return err
	}
	for n := 0; ; n++ {
		more, err := p.more('}', n)
		if err != nil || !more {
			return err
		}
		key, err := p.str()
		if err != nil {
			return err
		}
		if p.peek() != ':' {
			return p.unexpected()
		}
		p.i++
		if err := field(key); err != nil {
			return err
		}
	}
}

// array reads an array and calls element at each value, which it must read. A
// null is an empty array.
func (p *parser) array(element func() error) error {
	if p.null() {
		return nil
	}
	if err := p.open('[', errors.New("not a JSON array")); err != nil {
		return err
	}
	for n := 0; ; n++ {
		more, err := p.more(']', n)
		if err != nil || !more {
			return err
		}
		if err := element(); err != nil {
			return err
		}
	}
}

func (p *parser) open(bracket byte, err error) error {
	if p.peek() != bracket {
		return fmt.Errorf("byte %d: %w", p.i, err)
	}
	if p.depth++; p.depth > maxDepth {
		return errDeep
	}
	p.i++
	return nil
}

// more consumes the closing bracket, or the comma before the nth element.
func (p *parser) more(closing byte, n int) (bool, error) {
	c := p.peek()
	if c == closing {
		p.i++
		p.depth--
		return false, nil
	}
	if n == 0 {
		return true, nil
	}
	if c != ',' {
		return false, p.unexpected()
	}
	p.i++
	p.peek()
	return true, nil
}

func (p *parser) unexpected() error {
	if p.i >= len(p.b) {
		return errEnd
	}
	return fmt.Errorf("byte %d: unexpected %q", p.i, p.b[p.i])
}

// null consumes a null if one stands here.
func (p *parser) null() bool {
	if p.peek() == 'n' && bytes.HasPrefix(p.b[p.i:], []byte("null")) {
		p.i += 4
		return true
	}
	return false
}

// str reads a string; nil for null. The bytes are valid until reset.
func (p *parser) str() ([]byte, error) {
	if p.peek() != '"' {
		if p.null() {
			return nil, nil
		}
		return nil, fmt.Errorf("byte %d: %w", p.i, errString)
	}
	p.i++
	n := bytes.IndexByte(p.b[p.i:], '"')
	if n < 0 {
		return nil, errEnd
	}
	s := p.b[p.i : p.i+n]
	if e := bytes.IndexByte(s, '\\'); e >= 0 {
		return p.escaped(p.i + e)
	}
	p.i += n + 1
	return s, nil
}

// escaped reads a string of which the first backslash is at j.
func (p *parser) escaped(j int) ([]byte, error) {
	from := len(p.tmp)
	p.tmp = append(p.tmp, p.b[p.i:j]...)
	for p.i = j; p.i < len(p.b); {
		c := p.b[p.i]
		p.i++
		switch c {
		case '"':
			return p.tmp[from:len(p.tmp):len(p.tmp)], nil
		case '\\':
			if err := p.escape(); err != nil {
				return nil, err
			}
		default:
			p.tmp = append(p.tmp, c)
		}
	}
	return nil, errEnd
}

// escape reads what stands behind a backslash.
func (p *parser) escape() error {
	if p.i >= len(p.b) {
		return errEnd
	}
	c := p.b[p.i]
	p.i++
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), c); i >= 0 {
		p.tmp = append(p.tmp, "\"\\/\b\f\n\r\t"[i])
		return nil
	}
	if c != 'u' {
		return fmt.Errorf("byte %d: escape \\%c", p.i, c)
	}
	r, err := p.hex()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(r) && bytes.HasPrefix(p.b[p.i:], []byte(`\u`)) {
		back := p.i
		p.i += 2
		low, err := p.hex()
		if err != nil {
			return err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			p.i = back
		}
	}
	p.tmp = utf8.AppendRune(p.tmp, r)
	return nil
}

func (p *parser) hex() (rune, error) {
	if p.i+4 > len(p.b) {
		return 0, errEnd
	}
	v, err := strconv.ParseUint(string(p.b[p.i:p.i+4]), 16, 32)
	if err != nil {
		return 0, fmt.Errorf("byte %d: escape is not hexadecimal", p.i)
	}
	p.i += 4
	return rune(v), nil
}

// number returns the bytes of a number; nil for null and Python's NaN.
func (p *parser) number() ([]byte, error) {
	c := p.peek()
	if c == 'n' && p.null() {
		return nil, nil
	}
	if c == 'N' && bytes.HasPrefix(p.b[p.i:], []byte("NaN")) {
		p.i += 3
		return nil, nil
	}
	if c != '-' && (c < '0' || c > '9') {
		return nil, fmt.Errorf("byte %d: %w", p.i, errNumber)
	}
	from := p.i
	for p.i < len(p.b) && isNumber[p.b[p.i]] {
		p.i++
	}
	return p.b[from:p.i], nil
}

// scaled reads a number times 10^exp as an integer; missing for null.
func (p *parser) scaled(exp int, missing int64) (int64, error) {
	b, err := p.number()
	if err != nil || b == nil {
		return missing, err
	}
	v, ok := scaled(b, exp)
	if !ok {
		return 0, fmt.Errorf("%.40s is out of range", b)
	}
	return v, nil
}
