// Package logline reads one log event as a serving container printed it: it
// splits the header off, finds the level, names the exception, masks variables
// into a skeleton and masks secrets. It knows the formats of TorchServe,
// multi-model-server, DJL, gunicorn, nginx, TensorFlow Serving, Triton, vLLM,
// uvicorn, TGI, XGBoost and plain Python logging, and answers for any other
// line too.
//
// Headers nest: multi-model-server prints what a Python worker wrote on its
// standard error behind a header of its own. They are taken off one after the
// other and the innermost level counts, because it is the one that the author
// of the message chose.
package logline

// Line is what one event says.
type Line struct {
	Level     string // innermost level that the line prints: DEBUG, INFO, WARN, ERROR, FATAL; "" when it prints none
	Logger    string
	Thread    string
	Text      string // message with headers stripped
	Exception string // type, on the event that names it
	RequestID string
	Skeleton  string // Text with variables masked; equal for equal kinds of message
	Parser    string // which format matched, "plain" for none

	// Access is set when the line is an access-log line.
	Access *Access
}

// Access is a request as an access log tells it.
type Access struct {
	Method, Route string // Route is the path without the query
	Status        int
	DurationUS    int64 // -1 when the format prints none
}

// maxPrefixes bounds how many nested headers are taken off one line. Real lines
// have at most four parts (date, level, worker, the worker's own level).
const maxPrefixes = 8

// maxKnown bounds the skeletons that a Parser remembers.
const maxKnown = 1 << 14

// Parser reads lines and reuses its buffers, which makes it several times
// faster than Parse for many lines. The zero value is ready. A Parser must not
// be used by two goroutines at once; its results are independent of what it
// read before.
type Parser struct {
	buf   []byte            // skeleton being built
	known map[string]string // skeletons seen, so that equal ones share a string
	slab  []Access          // room for the next access lines
}

// Parse reads one event. It is safe for concurrent use; for many lines use a
// Parser.
func Parse(msg string) Line {
	var p Parser
	return p.Parse(msg)
}

// Parse reads one event. It never fails: a line of no known format is its own
// text.
func (p *Parser) Parse(msg string) Line {
	l := Line{Text: decode(msg)}
	for range maxPrefixes {
		if !l.strip() {
			break
		}
	}
	if l.Parser == "" {
		l.Parser = "plain"
	}
	p.finish(&l)
	return l
}

// finish reads what the text itself says once the headers are gone.
func (p *Parser) finish(l *Line) {
	if a, ok := access(l.Text); ok {
		l.Access = p.keep(a)
		l.Parser = accessParser(l)
		p.buf = appendAccess(p.buf[:0], a)
		l.Skeleton = p.intern()
		return
	}
	switch l.Logger {
	case "TS_METRICS", "MMS_METRICS":
		l.Parser = "torchserve-metrics"
	default:
		l.RequestID = requestID(l.Text)
		p.exception(l)
	}
	p.skeleton(l)
}

// exception finds the exception type and, for a stack trace, the format.
func (p *Parser) exception(l *Line) {
	if l.Text == "" {
		return
	}
	l.Exception, _ = exceptionIn(l.Text)
	if l.Parser != "plain" {
		return
	}
	switch {
	case isJavaFrame(l.Text), isJavaType(l.Exception):
		l.Parser = "java"
	case isPythonFrame(l.Text), l.Exception != "":
		l.Parser = "traceback"
	}
}

// keep stores a, many to one allocation.
func (p *Parser) keep(a Access) *Access {
	if len(p.slab) == cap(p.slab) {
		p.slab = make([]Access, 0, min(2*cap(p.slab)+1, 256))
	}
	p.slab = append(p.slab, a)
	return &p.slab[len(p.slab)-1]
}

// intern returns p.buf as a string, the same one for equal contents.
func (p *Parser) intern() string {
	if s, ok := p.known[string(p.buf)]; ok {
		return s
	}
	s := string(p.buf)
	if p.known == nil || len(p.known) >= maxKnown {
		p.known = make(map[string]string)
	}
	p.known[s] = s
	return s
}
