package cloudwatch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// eventDecoder decodes an answer of FilterLogEvents several times faster than
// the SDK: text goes into one string a page, stream names into one each, and
// nothing is allocated per event. It takes only what the service documents and
// refuses the rest with errShape, which is then the SDK's to judge: fractions
// for times, keys that come twice, text that is not UTF-8.
type eventDecoder struct {
	in      []byte
	at      int
	text    []byte // of ids and messages, one after the other
	events  []rawEvent
	streams map[string]int // index in names
	names   []string
	token   string
}

// rawEvent is an event whose text is still in eventDecoder.text.
type rawEvent struct {
	ts, ingested int64 // milliseconds
	stream       int
	id, message  span
}

// span is a stretch of eventDecoder.text.
type span struct{ from, to int }

// errShape refuses a document that the decoder does not take.
var errShape = errors.New("not a page of log events as documented")

// maxSkipDepth is how deeply a value may nest that is skipped over.
const maxSkipDepth = 64

// reset makes the decoder ready for another document, keeping its memory.
func (d *eventDecoder) reset(in []byte) {
	if d.streams == nil {
		d.streams = make(map[string]int)
	}
	clear(d.streams)
	clear(d.names)
	*d = eventDecoder{in: in, text: d.text[:0], events: d.events[:0], streams: d.streams, names: d.names[:0]}
}

// decode reads a whole document.
func (d *eventDecoder) decode() error {
	seen := 0
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "events":
			if seen&1 != 0 {
				return errShape
			}
			seen |= 1
			return d.array(d.event)
		case "nextToken":
			if seen&2 != 0 {
				return errShape
			}
			seen |= 2
			s, err := d.str()
			d.token = string(d.text[s.from:s.to])
			d.text = d.text[:s.from]
			return err
		default:
			return d.skip(0)
		}
	})
	if err != nil {
		return err
	}
	if d.space(); d.at != len(d.in) {
		return errShape
	}
	return nil
}

// page is what was decoded.
func (d *eventDecoder) page() eventPage {
	p := eventPage{token: d.token}
	if len(d.events) == 0 {
		return p
	}
	text := string(d.text)
	p.events = make([]Event, len(d.events))
	for i, e := range d.events {
		p.events[i] = Event{
			TS: e.ts * 1000, Ingested: e.ingested * 1000,
			ID: text[e.id.from:e.id.to], Message: text[e.message.from:e.message.to],
		}
		if e.stream >= 0 {
			p.events[i].Stream = d.names[e.stream]
		}
	}
	return p
}

// event reads one element of events.
func (d *eventDecoder) event() error {
	e := rawEvent{stream: -1}
	seen := 0
	err := d.object(func(key []byte) (err error) {
		field := 0
		switch string(key) {
		case "eventId":
			field = 1
			e.id, err = d.str()
		case "message":
			field = 2
			e.message, err = d.str()
		case "logStreamName":
			field = 4
			e.stream, err = d.stream()
		case "timestamp":
			field = 8
			e.ts, err = d.integer()
		case "ingestionTime":
			field = 16
			e.ingested, err = d.integer()
		default:
			return d.skip(0)
		}
		if err == nil && seen&field != 0 {
			err = errShape
		}
		seen |= field
		return err
	})
	d.events = append(d.events, e)
	return err
}

// stream reads a stream's name, which most events share with others.
func (d *eventDecoder) stream() (int, error) {
	s, err := d.str()
	if err != nil {
		return 0, err
	}
	name := d.text[s.from:s.to]
	i, ok := d.streams[string(name)]
	if !ok {
		i = len(d.names)
		d.names = append(d.names, string(name))
		d.streams[d.names[i]] = i
	}
	d.text = d.text[:s.from]
	return i, nil
}

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
