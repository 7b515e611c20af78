package logline

import (
	"strings"
	"unicode/utf8"
)

// maxSkeleton bounds a skeleton's bytes; what is longer ends in an ellipsis. A
// template that long is not read to its end, and differs before it.
const maxSkeleton = 480

// maxWord bounds the bytes of a word: what is longer is an encoded value.
const maxWord = 160

// maxGarbage bounds the bytes of a line that are no text; a line with more is
// binary data, of which every line would be a kind of its own.
const maxGarbage = 8

// The placeholders.
const (
	phNumber = "<n>"    // a number, a version, digits inside a name
	phSize   = "<size>" // a number with a unit of bytes
	phHex    = "<hex>"
	phIP     = "<ip>"
	phPath   = "<path>"
	phURL    = "<url>"
	phUUID   = "<uuid>"
	phTime   = "<ts>"  // a date with time, or a time of day
	phString = "<str>" // an opaque identifier
	phBinary = "<binary>"
)

// skeleton masks the variables of l.Text: one line of it, and for a stack trace
// in one event the line that names the exception.
func (p *Parser) skeleton(l *Line) {
	p.mask(l)
	l.Skeleton = p.intern()
}

// mask leaves the skeleton of l.Text in p.buf.
func (p *Parser) mask(l *Line) {
	at := strings.IndexByte(l.Text, '\n')
	if at < 0 {
		p.buf = appendSkeleton(p.buf[:0], l.Text)
		return
	}
	first, rest := l.Text[:at], l.Text[at+1:]
	b := appendSkeleton(p.buf[:0], first)
	if l.Exception != "" {
		if _, line := exceptionIn(l.Text); line != first {
			b = append(b, " … "...)
			b = appendSkeleton(b, line)
		}
	} else if len(b) == 0 {
		next, _, _ := strings.Cut(strings.TrimLeft(rest, "\n"), "\n")
		b = appendSkeleton(b, next)
	}
	p.buf = b
}

// Byte classes of the tokenizer.
const (
	clsOther = 0         // copied as it is
	clsWord  = 1 << iota // part of a word
	clsDigit
	clsSlash
	clsSpace // and control characters
	clsHigh  // not ASCII
	clsAlpha // of words: neither digit nor dot
	clsDot
	clsAlnum
	clsHex // of hexadecimal digits
)

var class = func() (t [256]uint16) {
	for c := range 256 {
		switch {
		case isDigit(byte(c)):
			t[c] = clsWord | clsDigit | clsAlnum
		case isLetter(byte(c)):
			t[c] = clsWord | clsAlpha | clsAlnum
		case c == '.':
			t[c] = clsWord | clsDot
		case c == '_', c == '-', c == '+', c == '~', c == '%', c == '\\':
			t[c] = clsWord | clsAlpha
		case c == '/':
			t[c] = clsWord | clsSlash | clsAlpha
		case c <= ' ', c == 0x7f:
			t[c] = clsSpace
		case c >= 0x80:
			t[c] = clsHigh
		}
	}
	for _, c := range "0123456789abcdefABCDEF" {
		t[c] |= clsHex
	}
	return t
}()

// appendSkeleton masks one line in one pass.
func appendSkeleton(b []byte, s string) []byte {
	start, garbage := len(b), 0
	for i := 0; i < len(s); {
		if len(b)-start > maxSkeleton {
			b = append(trimRight(b, start), "…"...)
			break
		}
		switch cl := class[s[i]]; {
		case cl&clsWord != 0:
			j, seen := i+1, cl
			for j < len(s) && class[s[j]]&clsWord != 0 {
				seen |= class[s[j]]
				j++
			}
			b, i = appendChunk(b, s, i, j, seen)
		case cl == clsSpace:
			if s[i] != ' ' && s[i] != '\t' {
				garbage++
			}
			i++
			if len(b) > start && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
		case cl == clsHigh:
			r, n := utf8.DecodeRuneInString(s[i:])
			i += n
			if isBlock(r) {
				continue // a progress bar's filling
			}
			if r == utf8.RuneError {
				if garbage++; garbage > maxGarbage {
					return append(b[:start], phBinary...)
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, s[i])
			i++
		}
	}
	return trimRight(b, start)
}

// isBlock reports whether r is a block element, of which progress bars are made.
func isBlock(r rune) bool { return 0x2580 <= r && r <= 0x259f }

func trimRight(b []byte, start int) []byte {
	for len(b) > start && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// appendChunk masks s[i:j], a run of word bytes of which the classes are seen,
// and returns where to go on.
func appendChunk(b []byte, s string, i, j int, seen uint16) ([]byte, int) {
	if j+2 < len(s) && s[j] == ':' && s[j+1] == '/' && s[j+2] == '/' {
		return append(b, phURL...), urlEnd(s, j+3)
	}
	if seen&^clsHex == clsWord|clsDigit|clsAlnum && j-i > 2 {
		return appendNumber(b, s, j)
	}
	if j-i <= 3 {
		if n := shortVariable(s, i, j); n > 0 {
			return mask(b, phTime), i + n
		}
		if n := hexGroups(s[i:]); j-i == 2 && n > 0 {
			return mask(b, phHex), i + n
		}
	}
	if j-i > maxWord && seen&clsSlash == 0 {
		return mask(b, phString), j
	}
	if seen&(clsDigit|clsSlash) == 0 {
		return append(b, s[i:j]...), j
	}
	if isDigit(s[i]) {
		if n := timestamp(s[i:]); n > 0 {
			return mask(b, phTime), i + n
		}
	}
	stop, end := j, j
	for end > i+1 && (s[end-1] == '.' || s[end-1] == '-') {
		end--
	}
	switch w := s[i:end]; {
	case seen&clsSlash == 0:
		if seen&(clsAlpha|clsDot) == clsDot && isIPv4(w) {
			b = mask(b, phIP)
		} else {
			b, j = appendNumberOrWord(b, s, w, j)
		}
	case w[0] == '/' && followsMethod(b):
		b = appendRoute(b, w)
	default:
		b = appendSlashed(b, w)
	}
	if seen&clsSlash != 0 && j < len(s) && s[j] == '?' {
		return b, urlEnd(s, j)
	}
	return append(b, s[end:stop]...), j
}

// appendSlashed masks a word with slashes: a path, or words with a slash
// between them such as tokens/s and HTTP/1.1.
func appendSlashed(b []byte, w string) []byte {
	if isPath(w) {
		return mask(b, phPath)
	}
	for {
		part, rest, more := strings.Cut(w, "/")
		b = appendClean(b, part, appendWord)
		if !more {
			return b
		}
		b = append(b, '/')
		w = rest
	}
}

// isPath reports whether w is a path: absolute, relative with a dot, of three
// parts, or ending in a file with an extension.
func isPath(w string) bool {
	if len(w) < 2 {
		return false
	}
	if w[0] == '/' {
		// One part of letters only is a route such as /ping, and few.
		return strings.ContainsAny(w[1:], "/.0123456789")
	}
	if strings.HasPrefix(w, "./") || strings.HasPrefix(w, "../") || strings.HasPrefix(w, "~/") {
		return true
	}
	if isDigit(w[0]) {
		return false
	}
	if strings.Count(w, "/") >= 2 {
		return true
	}
	dot := strings.LastIndexByte(w, '.')
	return dot > strings.IndexByte(w, '/') && strings.Count(w, ".") == 1 && dot+1 < len(w) && isLetter(w[dot+1]) && len(w)-dot <= 12
}

// mask appends a placeholder. A list of equal ones becomes one.
func mask(b []byte, ph string) []byte {
	if n := len(b); n < 4 || b[n-1] != ' ' && b[n-1] != ',' {
		return append(b, ph...)
	}
	for _, sep := range [...]string{", ", ",", " "} {
		if n := len(b) - len(sep); n >= len(ph) && string(b[n:]) == sep && string(b[n-len(ph):n]) == ph {
			return b[:n]
		}
	}
	return append(b, ph...)
}

// appendClean runs f on s when all of s is ASCII word bytes and copies the
// valid part of it otherwise, so that a skeleton stays UTF-8.
func appendClean(b []byte, s string, f func([]byte, string) []byte) []byte {
	for i := range len(s) {
		if class[s[i]]&clsWord == 0 {
			return append(b, strings.ToValidUTF8(printable(s), "?")...)
		}
	}
	return f(b, s)
}

// printable replaces control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
