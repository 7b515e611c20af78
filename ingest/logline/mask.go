package logline

import "strings"

// Kind says what a line is for those who count messages.
type Kind uint8

// The kinds of line. Access and metric lines are measurements rather than
// messages: they come with every request or minute and belong in tables.
const (
	Message Kind = iota
	AccessLine
	MetricLine
)

// Levels are the five levels by ascending severity, behind "" for none.
func Levels() [6]string { return [6]string{"", debug, info, warn, fail, fatal} }

// Masked is a line as [Parser.Mask] reads it.
type Masked struct {
	Skeleton []byte // valid until the next call
	Level    uint8  // index into [Levels]
	Kind     Kind
}

// maxMasked bounds the bytes of a line that are looked at: a skeleton ends long
// before.
const maxMasked = 16 << 10

// Mask reads of a line what counting messages needs, and no more: it neither
// looks for request ids or exceptions nor allocates. The skeleton is the same as
// that of [Parser.Parse].
func (p *Parser) Mask(msg string) Masked {
	msg = msg[:min(len(msg), maxMasked)]
	if Encoded(msg) {
		msg = decode(msg)
	}
	l := Line{Text: trimEnd(msg)}
	return p.maskLine(&l)
}

// MaskPlain is [Parser.Mask] for a single line of a text of which [Encoded] has
// said that it is not.
func (p *Parser) MaskPlain(line string) Masked {
	l := Line{Text: trimEnd(line[:min(len(line), maxMasked)])}
	return p.maskLine(&l)
}

// maskLine masks what is left of a line once its control characters are gone.
func (p *Parser) maskLine(l *Line) Masked {
	for range maxPrefixes {
		if !l.strip() {
			break
		}
	}
	m := Masked{Level: severity(l.Level)}
	if a, ok := access(l.Text); ok {
		m.Kind = AccessLine
		p.buf = appendAccess(p.buf[:0], a)
		m.Skeleton = p.buf
		return m
	}
	if l.isMetric() {
		m.Kind = MetricLine
	}
	if strings.IndexByte(l.Text, '\n') >= 0 {
		l.Exception, _ = exceptionIn(l.Text)
	}
	p.mask(l)
	m.Skeleton = p.buf
	return m
}

// Encoded reports whether s may hold what a log driver or a terminal program
// wrote instead of plain text: octal escapes, terminal escapes, carriage returns.
func Encoded(s string) bool {
	return strings.IndexByte(s, 0x1b) >= 0 || strings.IndexByte(s, '\r') >= 0 ||
		strings.IndexByte(s, '#') >= 0 && strings.Contains(s, "#0")
}

// trimEnd is strings.TrimRight(s, " \t\n").
func trimEnd(s string) string {
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t' || s[len(s)-1] == '\n') {
		s = s[:len(s)-1]
	}
	return s
}

// severity is the index of a level in [Levels].
func severity(level string) uint8 {
	switch level {
	case debug:
		return 1
	case info:
		return 2
	case warn:
		return 3
	case fail:
		return 4
	case fatal:
		return 5
	}
	return 0
}

// isMetric reports whether the line is a measurement: the metrics of TorchServe
// and multi-model-server, of the built-in algorithms, and the throughput lines
// of text-generation engines.
func (l *Line) isMetric() bool {
	switch l.Logger {
	case "TS_METRICS", "MMS_METRICS":
		return true
	}
	s := l.Text
	switch {
	case len(s) < 20:
		return false
	case s[0] == '#':
		return strings.HasPrefix(s, "#metrics {")
	case s[0] == 'E':
		n := digits(strings.TrimPrefix(s, "Engine "))
		return n > 0 && strings.HasPrefix(s[7+n:], ": Avg prompt throughput: ")
	case s[0] == 'D' || s[0] == 'P':
		return (strings.HasPrefix(s, "Decode batch") || strings.HasPrefix(s, "Prefill batch")) && strings.Contains(s, "#running-req: ")
	case s[0] == 'A':
		return strings.HasPrefix(s, "Avg prompt throughput: ")
	}
	return false
}
