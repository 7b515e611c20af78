package loadtest

import (
	"bytes"
	"fmt"
	"io"
)

// maxQuoted bounds a CSV record whose quoted fields hold line breaks.
const maxQuoted = 1 << 20

// place is where a record starts.
type place struct{ line, offset int64 }

// lines cuts a stream into lines of bounded length.
type lines struct {
	r      io.Reader
	limit  int
	quotes bool // a line break inside double quotes does not end a line

	buf    []byte
	pos    int   // first byte of buf that was not returned
	line   int64 // of pos, from 1
	offset int64 // of buf[0]
	err    error // what r returned at the end
}

func newLines(r io.Reader, limit int) *lines { return &lines{r: r, limit: limit, line: 1} }

// fill reads more behind buf and drops what is before pos. It reports whether
// there is more.
func (l *lines) fill() bool {
	if l.err != nil {
		return false
	}
	if l.pos > 0 && (l.pos == len(l.buf) || cap(l.buf)-len(l.buf) < 4096) {
		n := copy(l.buf, l.buf[l.pos:])
		l.buf = l.buf[:n]
		l.offset += int64(l.pos)
		l.pos = 0
	}
	if cap(l.buf)-len(l.buf) < 4096 {
		l.buf = append(make([]byte, 0, max(128<<10, 2*cap(l.buf))), l.buf...)
	}
	for range 100 {
		n, err := l.r.Read(l.buf[len(l.buf):cap(l.buf)])
		l.buf = l.buf[:len(l.buf)+n]
		if err != nil {
			l.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	l.err = io.ErrNoProgress
	return false
}

// next returns the next line without its end, or why it is none. The bytes are
// valid until the next call. The error is io.EOF at the end.
func (l *lines) next() (line []byte, at place, bad string, err error) {
	n, more := l.find(0)
	at = place{l.line, l.offset + int64(l.pos)}
	if !more && n == 0 {
		return nil, at, "", l.err
	}
	if n > l.limit {
		l.drop()
		return nil, at, "line is longer than " + size(l.limit), nil
	}
	if l.err != nil && l.err != io.EOF && !more { //nolint:errorlint // a Reader's own io.EOF is not wrapped
		return nil, at, "", l.err // the rest of the line is missing
	}
	if l.quotes && bytes.IndexByte(l.buf[l.pos:l.pos+n], '"') >= 0 {
		whole, ok := l.quoted(n)
		if !ok {
			bad = "quote is not closed"
		} else {
			n = whole
		}
	}
	line = l.buf[l.pos : l.pos+n]
	l.line++
	if l.quotes {
		l.line += int64(bytes.Count(line, []byte{'\n'}))
	}
	l.pos = min(l.pos+n+1, len(l.buf))
	if at.offset == 0 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	return bytes.TrimSuffix(line, []byte{'\r'}), at, bad, nil
}

// find returns how far the next line break is from pos, not looking before
// from, or how much is left; more is false if there is no break. It gives up
// where a line is too long.
func (l *lines) find(from int) (n int, more bool) {
	for {
		if i := bytes.IndexByte(l.buf[l.pos+from:], '\n'); i >= 0 {
			return from + i, true
		}
		from = len(l.buf) - l.pos
		if from > l.limit {
			return from, true
		}
		if !l.fill() {
			return from, false
		}
	}
}

// drop skips the rest of a line that is too long.
func (l *lines) drop() {
	for {
		if i := bytes.IndexByte(l.buf[l.pos:], '\n'); i >= 0 {
			l.pos += i + 1
			l.line++
			return
		}
		l.pos = len(l.buf)
		if !l.fill() {
			return
		}
	}
}

// quoted extends a line of n bytes by those that follow until its quotes are
// closed. It reports false if they are not within maxQuoted: then the line
// stands alone, so that one stray quote costs one line.
func (l *lines) quoted(n int) (int, bool) {
	done, open := 0, false
	for {
		open = open != (bytes.Count(l.buf[l.pos+done:l.pos+n], []byte{'"'})%2 == 1)
		if !open {
			return n, true
		}
		done = n
		if n >= min(maxQuoted, l.limit) {
			return 0, false
		}
		if l.pos+n >= len(l.buf) {
			return 0, false // the file ends with the quote open
		}
		n, _ = l.find(n + 1)
	}
}

// size prints a limit in the unit that it was set in.
func size(bytes int) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
