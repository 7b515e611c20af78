package cloudwatch

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// space skips white space.
func (d *eventDecoder) space() {
	for d.at < len(d.in) {
		switch d.in[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

// peek is the next byte that is not white space, 0 at the end.
func (d *eventDecoder) peek() byte {
	d.space()
	if d.at == len(d.in) {
		return 0
	}
	return d.in[d.at]
}

// take goes over the byte c, which must come next.
func (d *eventDecoder) take(c byte) error {
	if d.peek() != c {
		return errShape
	}
	d.at++
	return nil
}

// object reads an object; value is called where each value begins.
func (d *eventDecoder) object(value func(key []byte) error) error {
	return d.list('{', '}', func() error {
		key, err := d.key()
		if err != nil {
			return err
		}
		if err := d.take(':'); err != nil {
			return err
		}
		return value(key)
	})
}

// array reads an array; element is called where each element begins.
func (d *eventDecoder) array(element func() error) error { return d.list('[', ']', element) }

func (d *eventDecoder) list(open, end byte, item func() error) error {
	if err := d.take(open); err != nil {
		return err
	}
	if d.peek() == end {
		d.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch d.peek() {
		case ',':
			d.at++
		case end:
			d.at++
			return nil
		default:
			return errShape
		}
	}
}

// key reads a key, which must be plain text.
func (d *eventDecoder) key() ([]byte, error) {
	if err := d.take('"'); err != nil {
		return nil, err
	}
	n := plainLen(d.in[d.at:])
	if d.at+n == len(d.in) || d.in[d.at+n] != '"' {
		return nil, errShape
	}
	key := d.in[d.at : d.at+n]
	d.at += n + 1
	return key, nil
}

// integer reads a whole number of at most 18 digits.
func (d *eventDecoder) integer() (int64, error) {
	negative := d.peek() == '-'
	if negative {
		d.at++
	}
	var v int64
	digits := d.at
	for ; d.at < len(d.in) && d.in[d.at]-'0' < 10; d.at++ {
		if d.at-digits >= 18 {
			return 0, errShape
		}
		v = v*10 + int64(d.in[d.at]-'0')
	}
	switch n := d.at - digits; {
	case n == 0, n > 1 && d.in[digits] == '0':
		return 0, errShape
	case d.at < len(d.in) && (d.in[d.at] == '.' || d.in[d.at]|0x20 == 'e'):
		return 0, errShape
	}
	if negative {
		v = -v
	}
	return v, nil
}

// str reads a string and appends its text to d.text.
func (d *eventDecoder) str() (span, error) {
	if err := d.take('"'); err != nil {
		return span{}, err
	}
	s := span{from: len(d.text)}
	ascii := true
	for {
		n := plainLen(d.in[d.at:])
		d.text = append(d.text, d.in[d.at:d.at+n]...)
		if d.at += n; d.at == len(d.in) {
			return s, errShape
		}
		switch c := d.in[d.at]; {
		case c == '"':
			d.at++
			s.to = len(d.text)
			if !ascii && !utf8.Valid(d.text[s.from:]) {
				return s, errShape
			}
			return s, nil
		case c == '\\':
			if err := d.escape(); err != nil {
				return s, err
			}
		case c >= utf8.RuneSelf:
			ascii = false
			d.text = append(d.text, c)
			d.at++
		default:
			return s, errShape
		}
	}
}

// escape reads one escape sequence, or two that make one character.
func (d *eventDecoder) escape() error {
	if d.at+1 >= len(d.in) {
		return errShape
	}
	c := d.in[d.at+1]
	d.at += 2
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return d.unicode()
	default:
		return errShape
	}
	d.text = append(d.text, c)
	return nil
}

// unicode reads what comes behind \u.
func (d *eventDecoder) unicode() error {
	r, err := d.hex()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(r) {
		if d.at+2 > len(d.in) || d.in[d.at] != '\\' || d.in[d.at+1] != 'u' {
			return errShape
		}
		d.at += 2
		low, err := d.hex()
		if err != nil {
			return err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return errShape
		}
	}
	d.text = utf8.AppendRune(d.text, r)
	return nil
}

func (d *eventDecoder) hex() (rune, error) {
	if d.at+4 > len(d.in) {
		return 0, errShape
	}
	v, err := strconv.ParseUint(string(d.in[d.at:d.at+4]), 16, 16)
	if err != nil {
		return 0, errShape
	}
	d.at += 4
	return rune(v), nil
}

// skip goes over a value of any kind.
func (d *eventDecoder) skip(depth int) error {
	if depth > maxSkipDepth {
		return errShape
	}
	within := func() error { return d.skip(depth + 1) }
	switch c := d.peek(); {
	case c == '{':
		return d.object(func([]byte) error { return within() })
	case c == '[':
		return d.array(within)
	case c == '"':
		s, err := d.str()
		d.text = d.text[:s.from]
		return err
	case c == '-' || c-'0' < 10:
		_, err := d.integer()
		return err
	default:
		return d.word()
	}
}

// word goes over true, false or null.
func (d *eventDecoder) word() error {
	for _, w := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(d.in[d.at:], []byte(w)) {
			d.at += len(w)
			return nil
		}
	}
	return errShape
}

// plainLen is how many bytes of in come before one that is not plain inside a
// JSON string: a quote, a backslash, a control character, or a byte beyond
// ASCII. It looks at eight bytes at a time.
func plainLen(in []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; n+8 <= len(in); n += 8 {
		x := binary.LittleEndian.Uint64(in[n:])
		quote, slash := x^(ones*'"'), x^(ones*'\\')
		// The lowest bit that is set marks the first such byte; borrows can
		// only put wrong marks above a right one.
		mark := (x | (x-ones*0x20)&^x | (quote-ones)&^quote | (slash-ones)&^slash) & highs
		if mark != 0 {
			return n + bits.TrailingZeros64(mark)/8
		}
	}
	for ; n < len(in); n++ {
		if c := in[n]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return n
		}
	}
	return n
}
