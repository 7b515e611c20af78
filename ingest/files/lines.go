package files

import (
	"bufio"
	"errors"
)

// lines cuts a stream into lines of bounded length.
type lines struct {
	br     *bufio.Reader
	limit  int   // bytes of a line that are kept
	line   int64 // of the last line, from 1
	offset int64 // behind the last line
	buf    []byte
	err    error
}

func newLines(in *input) *lines {
	l := &lines{limit: in.o.lineLimit()}
	if l.err = in.open(); l.err == nil {
		l.br = in.top
	}
	return l
}

// maxLine bounds the lines and events of text files. An event of CloudWatch Logs
// has at most 1 MiB, a row of the console's CSV far less.
const maxLine = 4 << 20

func (o *Options) lineLimit() int { return min(o.MaxRecord, maxLine) }

// next returns the next line without its line break, and whether it was longer
// than the limit, so that the rest of it is missing. The bytes are valid until
// the next call. The error, io.EOF at the end, comes behind the last line.
func (l *lines) next() (text []byte, at place, long bool, err error) {
	if l.err != nil {
		return nil, at, false, l.err
	}
	l.line++
	at = place{l.line, l.offset}
	text, err = l.br.ReadSlice('\n')
	l.offset += int64(len(text))
	if errors.Is(err, bufio.ErrBufferFull) {
		text, long, err = l.rest(text)
	}
	if err != nil {
		if l.err = err; len(text) == 0 {
			return nil, at, false, err
		}
	}
	if len(text) > l.limit {
		return text[:l.limit], at, true, nil
	}
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	}
	return text, at, long, nil
}

// rest reads on to the end of a line that is longer than the buffer.
func (l *lines) rest(start []byte) (text []byte, long bool, err error) {
	l.buf = append(l.buf[:0], start...)
	for {
		more, err := l.br.ReadSlice('\n')
		l.offset += int64(len(more))
		if room := l.limit + 1 - len(l.buf); room > 0 {
			l.buf = append(l.buf, more[:min(room, len(more))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.buf, len(l.buf) > l.limit, err
		}
	}
}
