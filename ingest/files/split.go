package files

import (
	"bytes"
	"fmt"
	"io"
)

// maxDepth bounds how deep a document nests. AWS documents need about six.
const maxDepth = 64

// splitter cuts a stream into JSON objects: one a line, concatenated without
// anything between, pretty-printed, or in one array. It checks brackets and
// strings only, and finds its way back after a record that is cut off.
type splitter struct {
	r     io.Reader
	limit int // bytes of one object

	buf    []byte
	pos    int   // first byte of buf that was not returned
	line   int64 // line of pos, from 1
	offset int64 // offset of buf[0]
	err    error // what r returned at the end
	fresh  bool  // nothing but blanks before pos on its line

	array string // key of the array whose elements are being handed out
	head  []byte // of the document around it, up to and with the bracket
	start place  // of that document
}

// place is where a document starts.
type place struct{ line, offset int64 }

func newSplitter(r io.Reader, limit int) *splitter {
	return &splitter{r: r, limit: limit, line: 1, fresh: true}
}

// fill reads more behind buf, dropping what is before keep. It reports whether
// there is more. keep and every index after it move by the result.
func (s *splitter) fill(keep int) (moved int, more bool) {
	if s.err != nil {
		return 0, false
	}
	if keep > 0 && (keep == len(s.buf) || cap(s.buf)-len(s.buf) < 4096) {
		n := copy(s.buf, s.buf[keep:])
		s.buf = s.buf[:n]
		s.offset += int64(keep)
		moved = keep
	}
	if cap(s.buf)-len(s.buf) < 4096 {
		s.buf = append(make([]byte, 0, max(64<<10, 2*cap(s.buf))), s.buf...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if err != nil {
			s.err = err
		}
		if n > 0 || err != nil {
			return moved, n > 0
		}
	}
	s.err = io.ErrNoProgress
	return moved, false
}

// next returns the next object. A document's array that may be too long to hold
// comes element by element, and then the document without it. The error is
// io.EOF at the end.
func (s *splitter) next() (piece, error) {
	if s.array != "" {
		return s.element()
	}
	if err := s.blanks(); err != nil {
		return piece{}, err
	}
	at := place{s.line, s.offset + int64(s.pos)}
	if s.buf[s.pos] != '{' {
		bad := fmt.Sprintf(notObject+": starts with %q", s.buf[s.pos:min(s.pos+12, len(s.buf))])
		s.junk()
		return piece{at: at, bad: bad}, nil
	}
	s.fresh = false
	s.start = at
	doc, bad, err := s.object(scan{p: s.pos, start: s.pos, opens: true})
	if s.array != "" {
		return s.element()
	}
	return piece{doc: doc, at: at, bad: bad}, err
}

// blanks skips what may stand between objects.
func (s *splitter) blanks() error {
	for {
		for s.pos < len(s.buf) {
			switch c := s.buf[s.pos]; c {
			case '\n':
				s.line++
				s.fresh = true
			case ' ', '\t', '\r', ',', '[', ']', 0x1e, 0xef, 0xbb, 0xbf: // record separator and byte order mark
			default:
				return nil
			}
			s.pos++
		}
		moved, more := s.fill(s.pos)
		s.pos -= moved
		if !more {
			return s.err
		}
	}
}

// junk skips what is no object: to the end of the line, or, behind an object on
// the same line, to the next brace.
func (s *splitter) junk() {
	for {
		rest := s.buf[s.pos:]
		n := bytes.IndexByte(rest, '\n')
		if !s.fresh {
			if b := bytes.IndexByte(rest, '{'); b >= 0 && (n < 0 || b < n) {
				n = b
			}
		}
		if n >= 0 {
			s.pos += n
			return
		}
		s.pos = len(s.buf)
		moved, more := s.fill(s.pos)
		s.pos -= moved
		if !more {
			return
		}
	}
}

// scan is the state of reading one object.
type scan struct {
	p, start int
	depth    int
	arrays   uint64 // bit n: the container at depth n is an array
	inString bool
	over     bool // longer than the limit: read on, keep nothing
	deep     bool
	opens    bool // arrays that are handed out by element are looked for
}

// object reads the object at pos to its closing brace, or into an array that is
// handed out by element.
func (s *splitter) object(c scan) (doc []byte, bad string, err error) {
	for {
		for c.p < len(s.buf) {
			if done, reason := s.step(&c); reason != "" {
				s.pos = c.p
				return nil, reason, nil
			} else if done {
				s.pos = c.p
				if s.array != "" && c.opens {
					s.head = append(s.head[:0], s.buf[c.start:c.p]...)
					return nil, "", nil
				}
				return s.finish(&c)
			}
		}
		if c.p-c.start > s.limit {
			c.over = true
		}
		keep := c.start
		if c.over || c.deep {
			keep, c.start = c.p, c.p
		}
		moved, more := s.fill(keep)
		c.p, c.start = c.p-moved, c.start-moved
		if !more {
			s.pos = c.p
			if s.err != io.EOF { //nolint:errorlint // a Reader's own io.EOF is not wrapped
				return nil, "", s.err
			}
			return nil, "file ends in the middle of a record", nil
		}
	}
}

// finish judges an object that has its closing brace.
func (s *splitter) finish(c *scan) ([]byte, string, error) {
	switch {
	case c.over || c.p-c.start > s.limit:
		return nil, "record is longer than " + size(s.limit), nil
	case c.deep:
		return nil, fmt.Sprintf("record nests deeper than %d levels", maxDepth), nil
	}
	return s.buf[c.start:c.p], "", nil
}

// structure marks the bytes that matter outside of strings.
var structure = [256]bool{'"': true, '{': true, '}': true, '[': true, ']': true, '\n': true}

// step reads on from c.p: to the end of a string, to the next byte of
// structure, or as far as the buffer goes. It reports whether the object is
// complete.
func (s *splitter) step(c *scan) (done bool, bad string) {
	if c.inString {
		return false, s.text(c)
	}
	buf, p := s.buf, c.p
	for p < len(buf) && !structure[buf[p]] {
		p++
	}
	if c.p = p; p == len(buf) {
		return false, ""
	}
	c.p++
	switch b := buf[p]; b {
	case '"':
		if c.depth == 1 && mayOpen(buf[c.p:]) && s.opensArray(c) {
			return true, ""
		}
		c.inString = true
		return false, s.text(c)
	case '{', '[':
		c.depth++
		if c.depth > maxDepth {
			c.deep = true
		} else if b == '[' {
			c.arrays |= 1 << (c.depth - 1)
		} else {
			c.arrays &^= 1 << (c.depth - 1)
		}
	case '}', ']':
		c.depth--
		return c.depth == 0, ""
	case '\n':
		s.line++
		s.fresh = true
		if s.cutOff(c) {
			return false, "record ends at its line's end, in the middle"
		}
	}
	return false, ""
}

// text reads a string up to its closing quote or as far as the buffer goes.
func (s *splitter) text(c *scan) (bad string) {
	for c.p < len(s.buf) {
		n := bytes.IndexByte(s.buf[c.p:], '"')
		if n < 0 {
			n = len(s.buf) - c.p
		}
		in := s.buf[c.p : c.p+n]
		if at := bytes.IndexByte(in, '\n'); at >= 0 {
			in = in[:at]
		}
		if at := bytes.IndexByte(in, '\\'); at >= 0 {
			c.p += at
			if s.escape(c); c.p >= len(s.buf) {
				return ""
			}
			continue
		}
		c.p += len(in)
		switch {
		case len(in) < n:
			return "line break inside a string"
		case c.p < len(s.buf):
			c.p++
			c.inString = false
			return ""
		}
	}
	return ""
}

// escape steps over a backslash and what it escapes, unless that is a line
// break, which nothing can escape.
func (s *splitter) escape(c *scan) {
	if c.p+1 == len(s.buf) {
		moved, more := s.fill(c.start)
		c.p, c.start = c.p-moved, c.start-moved
		if !more {
			c.p++
			return
		}
	}
	if c.p++; s.buf[c.p] != '\n' {
		c.p++
	}
}

// cutOff reports whether the line break before c.p ends a record that is not
// complete: the next line starts with a brace where no value can stand.
func (s *splitter) cutOff(c *scan) bool {
	if c.p == len(s.buf) {
		moved, more := s.fill(c.start)
		c.p, c.start = c.p-moved, c.start-moved
		if !more {
			return false
		}
	}
	if s.buf[c.p] != '{' {
		return false
	}
	before := bytes.TrimRight(s.buf[c.start:c.p], " \t\r\n")
	if len(before) == 0 {
		return false
	}
	inArray := c.depth <= maxDepth && c.arrays&(1<<(c.depth-1)) != 0
	last := before[len(before)-1]
	return !inArray || last != '[' && last != ','
}
