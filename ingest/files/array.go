package files

import (
	"bytes"
	"errors"
	"io"
)

// The AWS CLI reads all pages and prints them as one document, which can be
// larger than memory. So what stands in these arrays of a document is handed
// out by element.
const (
	eventsKey  = "events"            // aws logs filter-log-events and get-log-events
	resultsKey = "MetricDataResults" // aws cloudwatch get-metric-data
	queriesKey = "MetricDataQueries" // its input
)

// piece is an object that was cut out, or why what stands there is none.
type piece struct {
	doc    []byte // valid until the next one
	at     place
	bad    string
	array  string // key of the array that doc is an element of, or was taken from
	around bool   // doc is the document around that array, which is empty in it
}

// mostBlanks bounds the blanks between a key and its array.
const mostBlanks = 64

// mayOpen says whether a string that begins so can be one of those keys.
func mayOpen(b []byte) bool {
	return len(b) < 2 || b[0] == 'e' && b[1] == 'v' || b[0] == 'M' && b[1] == 'e'
}

// opensArray says whether the string that begins at c.p is the key of such an
// array, and enters it.
func (s *splitter) opensArray(c *scan) bool {
	if !c.opens || c.over || c.deep {
		return false
	}
	for _, key := range [...]string{eventsKey, resultsKey, queriesKey} {
		n := 0
		for n < len(key) && s.ahead(c, n) == key[n] {
			n++
		}
		if n < len(key) || s.ahead(c, n) != '"' {
			continue
		}
		n = s.aheadOver(c, n+1)
		if s.ahead(c, n) != ':' {
			return false
		}
		n = s.aheadOver(c, n+1)
		if s.ahead(c, n) != '[' {
			return false
		}
		n++
		s.line += int64(bytes.Count(s.buf[c.p:c.p+n], []byte{'\n'}))
		c.p += n
		s.array = key
		return true
	}
	return false
}

// ahead is the byte n behind c.p, 0 when there is none.
func (s *splitter) ahead(c *scan, n int) byte {
	for c.p+n >= len(s.buf) {
		moved, more := s.fill(c.start)
		c.p, c.start = c.p-moved, c.start-moved
		if !more {
			return 0
		}
	}
	return s.buf[c.p+n]
}

// aheadOver is n behind the blanks that stand n behind c.p.
func (s *splitter) aheadOver(c *scan, n int) int {
	for range mostBlanks {
		switch s.ahead(c, n) {
		case ' ', '\t', '\r', '\n':
			n++
		default:
			return n
		}
	}
	return n
}

// element returns the next element of the array that was entered, or, at its
// end, the document around it.
func (s *splitter) element() (piece, error) {
	out := piece{array: s.array}
	if err := s.between(); err != nil {
		s.array = ""
		if errors.Is(err, io.EOF) {
			out.at, out.bad = s.start, "file ends inside of "+out.array
			return out, nil
		}
		return piece{}, err
	}
	out.at = place{s.line, s.offset + int64(s.pos)}
	s.fresh = false
	var err error
	switch s.buf[s.pos] {
	case '{':
		out.doc, out.bad, err = s.object(scan{p: s.pos, start: s.pos})
	case ']':
		s.array = ""
		out.at, out.around = s.start, true
		var tail []byte
		tail, out.bad, err = s.object(scan{p: s.pos, start: s.pos, depth: 2, arrays: 2})
		if out.bad == "" && err == nil {
			s.head = append(s.head, tail...)
			out.doc = s.head
		}
	default:
		out.bad = "an element of " + out.array + " is not an object"
		s.scalar()
	}
	return out, err
}

// between skips what may stand between the elements of an array.
func (s *splitter) between() error {
	for {
		for s.pos < len(s.buf) {
			switch s.buf[s.pos] {
			case '\n':
				s.line++
			case ' ', '\t', '\r', ',':
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

// scalar skips a byte and what follows up to where an element or the array's
// end may be.
func (s *splitter) scalar() {
	s.pos++
	for {
		if n := bytes.IndexAny(s.buf[s.pos:], ",{]\n"); n >= 0 {
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
