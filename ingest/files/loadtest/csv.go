package loadtest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// maxFields bounds the columns of a row.
const maxFields = 1000

var errFields = fmt.Errorf("more than %d columns", maxFields)

// row cuts CSV lines into fields.
type row struct {
	comma  byte
	fields [][]byte
	tmp    []byte // fields that had doubled quotes, one behind the other
}

// cut returns the fields of line, valid until the next call.
func (r *row) cut(line []byte) ([][]byte, error) {
	r.fields, r.tmp = r.fields[:0], r.tmp[:0]
	for {
		if len(r.fields) == maxFields {
			return nil, errFields
		}
		if len(line) > 0 && line[0] == '"' {
			field, rest, err := r.quoted(line[1:])
			if err != nil {
				return nil, err
			}
			r.fields = append(r.fields, field)
			if len(rest) == 0 {
				return r.fields, nil
			}
			line = rest[1:]
			continue
		}
		n := bytes.IndexByte(line, r.comma)
		if n < 0 {
			r.fields = append(r.fields, line)
			return r.fields, nil
		}
		r.fields = append(r.fields, line[:n])
		line = line[n+1:]
	}
}

// quoted reads a field behind its opening quote. rest starts with the
// separator, if there is one.
func (r *row) quoted(b []byte) (field, rest []byte, err error) {
	from := len(r.tmp)
	for {
		n := bytes.IndexByte(b, '"')
		if n < 0 {
			return nil, nil, errors.New("quote is not closed")
		}
		after := b[n+1:]
		switch {
		case len(after) > 0 && after[0] == '"':
			r.tmp = append(r.tmp, b[:n+1]...)
			b = after[1:]
			continue
		case len(after) > 0 && after[0] != r.comma:
			return nil, nil, errors.New("text behind a closing quote")
		case len(r.tmp) == from:
			return b[:n], after, nil
		}
		r.tmp = append(r.tmp, b[:n]...)
		return r.tmp[from:len(r.tmp):len(r.tmp)], after, nil
	}
}

// header knows the columns of a file by name.
type header struct {
	names []string
	index []int // of the asked names in a row, -1 for one that is not there
}

// newHeader finds want, in lower case, among fields. The first of equal names
// counts.
func newHeader(fields [][]byte, want ...string) header {
	h := header{index: make([]int, len(want))}
	for _, f := range fields {
		h.names = append(h.names, strings.ToLower(string(bytes.TrimSpace(f))))
	}
	for i, w := range want {
		h.index[i] = -1
		for j, name := range h.names {
			if name == w {
				h.index[i] = j
				break
			}
		}
	}
	return h
}

// get returns the field of the nth wanted column, nil if there is none.
func (h *header) get(fields [][]byte, n int) []byte {
	if i := h.index[n]; i >= 0 && i < len(fields) {
		return fields[i]
	}
	return nil
}

// fits says why a row does not fit the header.
func (h *header) fits(fields [][]byte) error {
	if len(fields) != len(h.names) {
		return fmt.Errorf("%d columns where the header has %d", len(fields), len(h.names))
	}
	return nil
}
