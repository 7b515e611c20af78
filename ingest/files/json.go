package files

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// parser reads one JSON document in place, without allocating for strings that
// have no escapes. It takes all valid JSON, and of invalid JSON only what cannot
// be misread, such as 01. Depth is bounded by the splitter, so it may recurse.
type parser struct {
	b   []byte
	i   int
	tmp []byte // unescaped strings, one behind the other, until reset
}

var (
	errEnd    = errors.New("ends early")
	errNumber = errors.New("not a number")
	errString = errors.New("not a string")
)

// reset starts on doc.
func (p *parser) reset(doc []byte) { p.b, p.i, p.tmp = doc, 0, p.tmp[:0] }

// at is an error with its place inside the document.
func (p *parser) at(err error) error { return fmt.Errorf("byte %d: %w", p.i, err) }

// peek skips blanks and returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	for p.i < len(p.b) {
		switch c := p.b[p.i]; c {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return c
		}
	}
	return 0
}

// expect consumes c.
func (p *parser) expect(c byte) error {
	if got := p.peek(); got != c {
		if got == 0 && p.i >= len(p.b) {
			return p.at(errEnd)
		}
		return p.at(fmt.Errorf("%q where %q must stand", got, c))
	}
	p.i++
	return nil
}

// key reads the next key of an object that was opened by '{', and its colon;
// nil at the closing brace. first is true for the first call of an object.
func (p *parser) key(first bool) ([]byte, error) {
	c := p.peek()
	if c == '}' {
		p.i++
		return nil, nil
	}
	if !first {
		if err := p.expect(','); err != nil {
			return nil, err
		}
	}
	k, err := p.str()
	if err != nil {
		return nil, err
	}
	if k == nil {
		k = []byte{}
	}
	return k, p.expect(':')
}

// element reports whether an array that was opened by '[' has another element.
func (p *parser) element(first bool) (bool, error) {
	if p.peek() == ']' {
		p.i++
		return false, nil
	}
	if first {
		return true, nil
	}
	return true, p.expect(',')
}

// str reads a string. The bytes are valid until reset.
func (p *parser) str() ([]byte, error) {
	if p.peek() != '"' {
		return nil, p.at(errString)
	}
	p.i++
	for j := p.i; j < len(p.b); j++ {
		switch c := p.b[j]; {
		case c == '"':
			s := p.b[p.i:j]
			p.i = j + 1
			return s, nil
		case c == '\\':
			return p.escaped(j)
		case c < ' ':
			p.i = j
			return nil, p.at(errors.New("control character in a string"))
		}
	}
	return nil, p.at(errEnd)
}

// escaped reads a string of which the first backslash is at j.
func (p *parser) escaped(j int) ([]byte, error) {
	from := len(p.tmp)
	p.tmp = append(p.tmp, p.b[p.i:j]...)
	for p.i = j; p.i < len(p.b); {
		c := p.b[p.i]
		p.i++
		switch {
		case c == '"':
			return p.tmp[from:len(p.tmp):len(p.tmp)], nil
		case c < ' ':
			return nil, p.at(errors.New("control character in a string"))
		case c != '\\':
			p.tmp = append(p.tmp, c)
			continue
		}
		if err := p.escape(); err != nil {
			return nil, err
		}
	}
	return nil, p.at(errEnd)
}

// escape reads what stands behind a backslash.
func (p *parser) escape() error {
	if p.i >= len(p.b) {
		return p.at(errEnd)
	}
	c := p.b[p.i]
	p.i++
	switch c {
	case '"', '\\', '/':
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'u':
		r, err := p.hex()
		if err != nil {
			return err
		}
		if utf16.IsSurrogate(r) && p.i+1 < len(p.b) && p.b[p.i] == '\\' && p.b[p.i+1] == 'u' {
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
	default:
		return p.at(fmt.Errorf("escape \\%c", c))
	}
	p.tmp = append(p.tmp, c)
	return nil
}

func (p *parser) hex() (rune, error) {
	if p.i+4 > len(p.b) {
		return 0, p.at(errEnd)
	}
	v, err := strconv.ParseUint(string(p.b[p.i:p.i+4]), 16, 32)
	if err != nil {
		return 0, p.at(errors.New("escape is not hexadecimal"))
	}
	p.i += 4
	return rune(v), nil
}

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// number reads a finite number.
func (p *parser) number() (float64, error) {
	c := p.peek()
	if c != '-' && (c < '0' || c > '9') {
		return 0, p.at(errNumber)
	}
	from, mant, seen, point := p.i, uint64(0), 0, -1
	j := p.i
	if c == '-' {
		j++
	}
	for ; j < len(p.b); j++ {
		if c = p.b[j]; c >= '0' && c <= '9' {
			if seen < 19 {
				mant = mant*10 + uint64(c-'0')
			}
			seen++
		} else if c == '.' && point < 0 && seen > 0 {
			point = seen
		} else {
			break
		}
	}
	simple := seen > 0 && seen <= 15 && point != seen && c|0x20 != 'e'
	if simple { // exact: the mantissa fits 53 bits, the power of ten is a double
		p.i = j
		v := float64(mant)
		if point >= 0 {
			v /= pow10[seen-point]
		}
		if p.b[from] == '-' {
			v = -v
		}
		return v, nil
	}
	for j < len(p.b) && isNumberByte(p.b[j]) {
		j++
	}
	v, err := strconv.ParseFloat(string(p.b[from:j]), 64)
	if err != nil || math.IsInf(v, 0) {
		if errors.Is(err, strconv.ErrRange) {
			return 0, p.at(fmt.Errorf("%.40s is out of range", p.b[from:j]))
		}
		return 0, p.at(errNumber)
	}
	p.i = j
	return v, nil
}

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c|0x20 == 'e'
}

// skip reads over any value.
func (p *parser) skip() error {
	switch c := p.peek(); c {
	case '"':
		_, err := p.str()
		return err
	case '{':
		p.i++
		for first := true; ; first = false {
			k, err := p.key(first)
			if err != nil || k == nil {
				return err
			}
			if err := p.skip(); err != nil {
				return err
			}
		}
	case '[':
		p.i++
		for first := true; ; first = false {
			more, err := p.element(first)
			if err != nil || !more {
				return err
			}
			if err := p.skip(); err != nil {
				return err
			}
		}
	case 't':
		return p.word("true")
	case 'f':
		return p.word("false")
	case 'n':
		return p.word("null")
	}
	_, err := p.number()
	return err
}

func (p *parser) word(w string) error {
	if len(p.b)-p.i < len(w) || string(p.b[p.i:p.i+len(w)]) != w {
		return p.at(errors.New("not a JSON value"))
	}
	p.i += len(w)
	return nil
}
