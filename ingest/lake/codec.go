package lake

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"
	"unsafe"
)

// The form of rows in runs: every field in order. Integers are varints, doubles
// eight bytes, text its length and bytes. Text that repeats is a number: 0 for
// text that follows and is not remembered, n for the n-th that was remembered,
// the next free number for text that follows and is.

// rememberBytes bounds the text that a section's field remembers; a merge holds
// it for every run.
const rememberBytes = 8 << 10

// decoder reads the rows of a block.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) uvarint() uint64 {
	if len(d.rest) > 0 && d.rest[0] < 0x80 {
		v := d.rest[0]
		d.rest = d.rest[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) double() float64 {
	if len(d.rest) < 8 {
		d.fail()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(d.rest))
	d.rest = d.rest[8:]
	return v
}

// text is the text that follows; it lies in the block.
func (d *decoder) text() string {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return ""
	}
	if n == 0 {
		return ""
	}
	s := unsafe.String(&d.rest[0], int(n)) //nolint:gosec // bounded above
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) fail() {
	d.rest, d.err = nil, errors.New("a block ends within a row")
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendDouble(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}

// appendTime writes whether there is a time, and which.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	b = append(b, 1)
	return binary.AppendVarint(b, t.UnixMicro())
}

func (d *decoder) time() time.Time {
	if d.uvarint() == 0 {
		return time.Time{}
	}
	return time.UnixMicro(d.varint()).UTC()
}

// remembered is the text of one field that a section has had so far.
type remembered struct {
	list []string
	code map[string]uint64 // 1 for list[0]; only while writing
	last uint64            // code of the text before, 0 for none
	size int
	// resident text stays with the field, and its numbers mean it to whoever
	// reads with the same field: see keep.
	resident bool
	raw      string // what keep was given last, before it was cleaned
}

// Bounds of the text that a field remembers while it is resident.
const (
	knownBytes = 1 << 20
	knownText  = 16 << 10 // bytes of one
)

// keep makes s valid, and the one copy of all equal text, so that many rows
// take the memory of few. The text of the row to come is s.
func (m *remembered) keep(s *string) {
	if m.last > 0 && identical(m.raw, *s) {
		*s = m.list[m.last-1]
		return
	}
	m.raw = *s
	c, ok := m.code[*s]
	if !ok {
		*s = cleanText(*s)
		c = m.learn(*s)
	}
	if m.last = c; c > 0 {
		*s = m.list[c-1]
	}
}

// learn is the number of text, 0 when there is no room for it.
func (m *remembered) learn(s string) uint64 {
	if c, ok := m.code[s]; ok {
		return c
	}
	if len(s) > knownText || m.size+len(s) > knownBytes {
		return 0
	}
	if m.code == nil {
		m.code = map[string]uint64{}
	}
	s = strings.Clone(s) // without what it may have been cut from
	m.add(s)
	m.code[s] = m.last
	return m.last
}

// forget makes room for other text.
func (m *remembered) forget() {
	clear(m.code)
	clear(m.list)
	m.list, m.last, m.size, m.raw = m.list[:0], 0, 0, ""
}

// append writes text that repeats.
func (m *remembered) append(b []byte, s string) []byte {
	if m.last > 0 && m.list[m.last-1] == s {
		return binary.AppendUvarint(b, m.last)
	}
	if m.resident {
		if c, ok := m.code[s]; ok {
			return binary.AppendUvarint(b, c)
		}
		return appendText(append(b, 0), s)
	}
	if c, ok := m.code[s]; ok {
		m.last = c
		return binary.AppendUvarint(b, c)
	}
	if m.size+len(s) > rememberBytes {
		return appendText(append(b, 0), s)
	}
	if m.code == nil {
		m.code = map[string]uint64{}
	}
	m.add(s)
	m.code[s] = m.last
	return appendText(binary.AppendUvarint(b, m.last), s)
}

func (m *remembered) add(s string) {
	m.list = append(m.list, s)
	m.size += len(s) + 1
	m.last = uint64(len(m.list))
}

// read is the text that append wrote.
func (m *remembered) read(d *decoder) string {
	c := d.uvarint()
	switch {
	case c == 0:
		return d.text()
	case c <= uint64(len(m.list)):
		return m.list[c-1]
	case c == uint64(len(m.list))+1 && !m.resident:
		m.add(strings.Clone(d.text())) // lets go of the block
		return m.list[c-1]
	}
	d.fail()
	return ""
}
