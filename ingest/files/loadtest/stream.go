package loadtest

import (
	"bytes"
	"fmt"
	"io"
)

// stream walks one large JSON document piece by piece; only the values that
// are asked for are held, each within the limit of a record.
type stream struct {
	*lines
	depth int
	p     parser // of keys
}

// next skips blanks and returns the byte that follows, without consuming it.
func (s *stream) next() (byte, error) {
	for {
		for ; s.pos < len(s.buf); s.pos++ {
			switch c := s.buf[s.pos]; {
			case c == '\n':
				s.line++
			case c == 0xef || c == 0xbb || c == 0xbf:
				if s.offset+int64(s.pos) > 2 { // not a byte order mark
					return c, nil
				}
			case c > ' ':
				return c, nil
			}
		}
		if !s.fill() {
			return 0, s.early()
		}
	}
}

// early is the error of a stream that ends inside a document.
func (s *stream) early() error {
	if s.err == io.EOF { //nolint:errorlint // a Reader's own io.EOF is not wrapped
		return io.ErrUnexpectedEOF
	}
	return s.err
}

func (s *stream) here() place { return place{s.line, s.offset + int64(s.pos)} }

func (s *stream) unexpected(c byte) error {
	return fmt.Errorf("line %d: unexpected %q in JSON", s.line, c)
}

// object calls field at each value of an object, which it must consume. The
// key is valid until then.
func (s *stream) object(field func(key string) error) error {
	return s.each('{', '}', func() error {
		raw, at, bad, err := s.value(true)
		if err != nil {
			return err
		}
		if bad != "" {
			return fmt.Errorf("line %d: key of JSON object: %s", at.line, bad)
		}
		s.p.reset(raw)
		key, err := s.p.str()
		if err != nil || key == nil {
			return fmt.Errorf("line %d: key of JSON object: %w", at.line, errString)
		}
		name := text(key)
		c, err := s.next()
		if err != nil {
			return err
		}
		if c != ':' {
			return s.unexpected(c)
		}
		s.pos++
		return field(name)
	})
}

// array calls element at each value of an array, which it must consume.
func (s *stream) array(element func() error) error { return s.each('[', ']', element) }

// each walks a container, or skips a value that is none.
func (s *stream) each(opening, closing byte, element func() error) error {
	c, err := s.next()
	if err != nil {
		return err
	}
	if c != opening {
		return s.skip()
	}
	if s.depth++; s.depth > maxDepth {
		return errDeep
	}
	s.pos++
	for n := 0; ; n++ {
		if c, err = s.next(); err != nil {
			return err
		}
		if c == closing {
			s.pos++
			s.depth--
			return nil
		}
		if n > 0 {
			if c != ',' {
				return s.unexpected(c)
			}
			s.pos++
			if _, err = s.next(); err != nil {
				return err
			}
		}
		if err := element(); err != nil {
			return err
		}
	}
}

// skip consumes any value.
func (s *stream) skip() error {
	_, _, _, err := s.value(false)
	return err
}

// value consumes any value and returns its bytes if they are to be kept, valid
// until the stream moves on, or why they cannot be.
func (s *stream) value(keep bool) (raw []byte, at place, bad string, err error) {
	c, err := s.next()
	at = s.here()
	if err != nil {
		return nil, at, "", err
	}
	if c == ',' || c == ':' || c == '}' || c == ']' {
		return nil, at, "", s.unexpected(c)
	}
	v := extent{limit: s.limit, over: !keep}
	i := 0
	for {
		n, done := v.scan(s.buf[s.pos+i:])
		i += n
		if done {
			break
		}
		if v.over = v.over || i > s.limit; v.over {
			s.take(i)
			i = 0
		}
		if !s.fill() {
			if !v.scalar || s.err != io.EOF { //nolint:errorlint // a Reader's own io.EOF is not wrapped
				return nil, at, "", s.early()
			}
			break
		}
	}
	raw = s.buf[s.pos : s.pos+i]
	s.take(i)
	switch {
	case keep && (v.over || len(raw) > s.limit):
		return nil, at, "record is longer than " + size(s.limit), nil
	case keep && v.deep:
		return nil, at, errDeep.Error(), nil
	}
	return raw, at, "", nil
}

// take consumes n bytes of the buffer.
func (s *stream) take(n int) {
	s.line += int64(bytes.Count(s.buf[s.pos:s.pos+n], []byte{'\n'}))
	s.pos += n
}

// extent finds where a value ends.
type extent struct {
	limit   int
	begun   bool
	scalar  bool
	quoted  bool // inside a string
	escaped bool // behind a backslash
	depth   int
	deep    bool
	over    bool
}

// scan reads on in b. It returns how many bytes belong to the value, and
// whether it is complete.
func (v *extent) scan(b []byte) (int, bool) {
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case v.escaped:
			v.escaped = false
		case v.quoted:
			v.escaped, v.quoted = c == '\\', c != '"'
			if !v.quoted && v.depth == 0 {
				return i + 1, true
			}
		case c == '"':
			v.quoted = true
		case c == '{' || c == '[':
			v.depth++
			v.deep = v.deep || v.depth > maxDepth
		case c == '}' || c == ']':
			if v.scalar {
				return i, true
			}
			if v.depth--; v.depth == 0 {
				return i + 1, true
			}
		case !v.begun:
			v.scalar = true
		case v.scalar && (c == ',' || c <= ' '):
			return i, true
		}
		v.begun = true
	}
	return len(b), false
}
