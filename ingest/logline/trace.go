package logline

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds of what a [Joiner] keeps.
const (
	maxOpenTraces = 4096 // streams and threads at once
	maxTraceLines = 1000 // of one trace
)

// Trace is a stack trace put together from its events.
type Trace struct {
	Stream, Thread string
	Exception      string // type of what was thrown in the end
	Message        string // its line with variables masked
	Frame          string // innermost frame of the application, file:function; of a library when all are
	Cause          string // type of the first exception of the chain, "" when there is one only
	Lines          int
	First          int64 // what the caller gave with its first line
}

// Signature tells kinds of failure apart: type and masked message and innermost
// frame of the application, without line numbers, so that it survives an edit of
// the file.
func (t Trace) Signature() string { return t.Message + " @ " + t.Frame }

// Joiner puts together stack traces of which each line is an event of its own.
// Lines of other threads stand between them, so lines are joined by stream and
// thread and not by adjacency. The zero value is ready. A Joiner must not be used
// by two goroutines at once.
type Joiner struct {
	open  map[traceKey]*openTrace
	masks Parser
}

type traceKey struct{ stream, thread string }

// openTrace is a trace that may go on.
type openTrace struct {
	Trace
	python  bool
	named   bool   // Exception is known
	chained bool   // the next traceback belongs to this trace
	library string // innermost frame of a library
}

// Add reads the next line of a stream; at is the caller's, for example its time
// or its number. It returns the trace that ended before this line, if one did.
func (j *Joiner) Add(stream string, l Line, at int64) (Trace, bool) {
	if l.Access != nil {
		return Trace{}, false
	}
	key := traceKey{stream, l.Thread}
	o := j.open[key]
	if o != nil && o.Lines < maxTraceLines && j.goesOn(o, l.Text) {
		o.Lines++
		return Trace{}, false
	}
	var ended Trace
	ok := false
	if o != nil {
		delete(j.open, key)
		ended, ok = o.end()
	}
	if next := j.start(l); next != nil && len(j.open) < maxOpenTraces {
		next.Stream, next.Thread, next.First, next.Lines = stream, l.Thread, at, 1
		if j.open == nil {
			j.open = map[traceKey]*openTrace{}
		}
		j.open[key] = next
	}
	return ended, ok
}

// Flush returns the traces that no line has ended, in order of their
// first lines.
func (j *Joiner) Flush() []Trace {
	var out []Trace
	for _, o := range j.open {
		if t, ok := o.end(); ok {
			out = append(out, t)
		}
	}
	clear(j.open)
	slices.SortFunc(out, func(a, b Trace) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Thread, b.Thread))
	})
	return out
}

// TraceOf reads a stack trace that is one event with line ends in it, or a line
// that names an exception by itself.
func TraceOf(l Line) (Trace, bool) {
	var j Joiner
	for text := range strings.SplitSeq(l.Text, "\n") {
		part := l
		part.Text = text
		part.Exception = exceptionHead(text)
		if t, ok := j.Add("", part, 0); ok {
			return t, true
		}
	}
	for _, t := range j.Flush() {
		return t, true
	}
	return Trace{}, false
}

// start is a new trace when l begins one.
func (j *Joiner) start(l Line) *openTrace {
	switch {
	case strings.HasPrefix(l.Text, "Traceback (most recent call last)"):
		return &openTrace{python: true}
	case l.Exception != "" && !strings.HasPrefix(l.Text, "Caused by: "):
		o := &openTrace{named: true}
		o.Exception, o.Message = l.Exception, j.masked(l.Text)
		return o
	}
	return nil
}

// goesOn reports whether the line belongs to the trace, and notes what it says.
func (j *Joiner) goesOn(o *openTrace, s string) bool {
	if !o.python {
		return o.javaLine(s)
	}
	switch {
	case strings.HasPrefix(s, "Traceback (most recent call last)"):
		if !o.chained {
			return false
		}
		if o.Cause == "" {
			o.Cause = o.Exception
		}
		o.Frame, o.library, o.named, o.chained = "", "", false, false
	case o.named:
		if strings.HasPrefix(s, "During handling of the above") || strings.HasPrefix(s, "The above exception was") {
			o.chained = true
			return true
		}
		return s == ""
	case s == "" || s[0] == ' ' || s[0] == '\t' || strings.HasPrefix(s, `File "`):
		o.pythonFrame(s)
	default:
		n, _ := typeName(s)
		if n == 0 || n < len(s) && s[n] != ':' {
			return false
		}
		o.Exception, o.Message, o.named = s[:n], j.masked(s), true
	}
	return true
}

func (j *Joiner) masked(s string) string {
	j.masks.buf = appendSkeleton(j.masks.buf[:0], s[:min(len(s), maxMasked)])
	return string(j.masks.buf)
}

// pythonFrame notes a frame; the last one of the application is the innermost.
func (o *openTrace) pythonFrame(s string) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(s, " \t"), `File "`)
	path, rest, found := strings.Cut(rest, `"`)
	if !ok || !found {
		return
	}
	frame := path[strings.LastIndexByte(path, '/')+1:]
	if _, function, named := strings.Cut(rest, ", in "); named {
		frame += ":" + function
	}
	if isPythonLibrary(path) {
		o.library = frame
	} else {
		o.Frame = frame
	}
}

// isPythonLibrary reports whether a file was installed rather than written for
// the model.
func isPythonLibrary(path string) bool {
	return strings.Contains(path, "/site-packages/") || strings.Contains(path, "/dist-packages/") ||
		strings.Contains(path, "/lib/python") || strings.HasPrefix(path, "<")
}

// javaLine reads a line of a Java stack; the first frame of the application is
// the innermost.
func (o *openTrace) javaLine(s string) bool {
	if !isJavaFrame(s) {
		return false
	}
	t := strings.TrimLeft(s, " \t")
	if cause, ok := strings.CutPrefix(t, "Caused by: "); ok {
		if typ := exceptionHead(cause); typ != "" {
			o.Cause = typ
		}
		return true
	}
	call, ok := strings.CutPrefix(t, "at ")
	if !ok || o.Frame != "" {
		return true
	}
	method, rest, ok := strings.Cut(call, "(")
	if !ok {
		return true
	}
	file, _, _ := strings.Cut(rest, ")")
	frame := beforeColon(file) + ":" + method[strings.LastIndexByte(method, '.')+1:]
	switch {
	case !isJavaLibrary(method):
		o.Frame = frame
	case o.library == "":
		o.library = frame
	}
	return true
}

// isJavaLibrary reports whether a method belongs to the run time or to the
// network library that serving containers are built on.
func isJavaLibrary(method string) bool {
	_, inModule, ok := strings.Cut(method, "/")
	if ok {
		method = inModule
	}
	for _, p := range [...]string{"java.", "javax.", "jdk.", "sun.", "com.sun.", "io.netty."} {
		if strings.HasPrefix(method, p) {
			return true
		}
	}
	return false
}

// end is the finished trace; ok is false when it names no exception.
func (o *openTrace) end() (Trace, bool) {
	if o.Frame == "" {
		o.Frame = o.library
	}
	return o.Trace, o.Exception != ""
}
