package logline

import "strings"

// stripGlog reads "I0523 03:44:28.175401 57 file.cc:236] message" as glog,
// klog and Triton print it.
func (l *Line) stripGlog() bool {
	s := l.Text
	if !isDigit(s[min(1, len(s)-1)]) || !shape(s[1:], "dddd dd:dd:dd.dddddd ") {
		return false
	}
	level := levelLetter(s[0])
	rest := strings.TrimLeft(s[22:], " ")
	n := digits(rest)
	if level == "" || n == 0 || n == len(rest) || rest[n] != ' ' {
		return false
	}
	file, text, ok := sourceFile(rest[n+1:])
	if !ok {
		return false
	}
	l.Level, l.Thread, l.Logger, l.Text = level, rest[:n], file, text
	l.name("glog")
	return true
}

// stripLevel reads a header that starts with the level's name.
func (l *Line) stripLevel() bool {
	level, n := levelWord(l.Text)
	if n == 0 || n == len(l.Text) {
		return false
	}
	switch rest := l.Text[n:]; rest[0] {
	case ':':
		l.Level = level
		l.afterColon(n, rest[1:])
	case ' ':
		l.Level = level
		l.afterBlank(rest)
	default:
		return false
	}
	return true
}

// afterColon reads "LEVEL:     message" (uvicorn pads to ten columns),
// "LEVEL:logger:message" (Python) and "LEVEL: message". n is the level's width.
func (l *Line) afterColon(n int, s string) {
	text := strings.TrimLeft(s, " ")
	if len(text) < len(s) {
		if n+1+len(s)-len(text) == 10 {
			l.name("uvicorn")
		} else {
			l.name("level")
		}
		l.Text = text
		return
	}
	logger, rest, ok := strings.Cut(s, ":")
	if ok && (logger == "" || isLoggerName(logger)) {
		s = rest
		if logger != "" {
			l.Logger = logger
		}
	}
	l.Text = s
	l.name("python")
}

// afterBlank reads what stands behind "LEVEL ".
func (l *Line) afterBlank(padded string) {
	s := strings.TrimLeft(padded, " ")
	if shape(s, "dd-dd dd:dd:dd ") {
		l.Text = s[15:]
		l.stripSource()
		l.name("vllm")
		return
	}
	if after, ok := strings.CutPrefix(s, "in "); ok {
		if module, text, ok := strings.Cut(after, ": "); ok && isLoggerName(module) {
			l.Logger, l.Text = module, text
			l.name("flask")
			return
		}
	}
	if logger, rest, ok := strings.Cut(s, " "); ok && len(padded) > len(s)+1 || ok && strings.HasPrefix(rest, "W-") {
		if isClass(logger) {
			l.Logger, l.Text = logger, rest
			l.name("djl")
			l.stripWorker()
			return
		}
	}
	l.Text = s
	l.stripSource()
	l.name("level")
}

// stripSource reads "[file.py:12] ", "file.py:12] " and "file.py:12: ".
func (l *Line) stripSource() {
	s := strings.TrimPrefix(l.Text, "[")
	if file, rest, ok := sourceFile(s); ok {
		l.Logger, l.Text = file, rest
		return
	}
	file, rest, ok := strings.Cut(l.Text, ":")
	n := digits(rest)
	if ok && n > 0 && strings.HasPrefix(rest[n:], ": ") && isLoggerName(file) {
		l.Logger, l.Text = file, rest[n+2:]
	}
}

// stripWorker reads DJL's "W-12-model-stdout: ".
func (l *Line) stripWorker() bool {
	if !strings.HasPrefix(l.Text, "W-") {
		return false
	}
	name, rest, ok := strings.Cut(l.Text, ": ")
	if !ok {
		name, ok = strings.CutSuffix(l.Text, ":")
	}
	if !ok || !strings.HasSuffix(name, "-stdout") && !strings.HasSuffix(name, "-stderr") || strings.IndexByte(name, ' ') >= 0 {
		return false
	}
	l.Thread, l.Text = name, rest
	l.name("djl")
	return true
}

// stripClass reads "org.example.Class - message", which is what is left when a
// log4j header was cut.
func (l *Line) stripClass() bool {
	name, rest, ok := loggerBefore(l.Text)
	if !ok || strings.Count(name, ".") < 2 {
		return false
	}
	l.Logger, l.Text = name, rest
	l.name("log4j")
	return true
}

// isClass reports whether s is a class name in camel case: two capitals, no
// punctuation.
func isClass(s string) bool {
	capitals := 0
	for i := range len(s) {
		if !isAlnum(s[i]) {
			return false
		}
		if isUpper(s[i]) {
			capitals++
		}
	}
	return capitals >= 2 && capitals < len(s) && isUpper(s[0])
}
