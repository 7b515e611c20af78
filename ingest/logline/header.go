package logline

import "strings"

// strip takes one header off the text and notes what it says. It reports
// whether it found one. Indented text is a continuation and has no header.
func (l *Line) strip() bool {
	if l.Text == "" {
		return false
	}
	switch c := l.Text[0]; {
	case isDigit(c):
		return l.stripDate() || l.stripNginx() || l.stripExport() || l.stripShortDate()
	case c == '[':
		return l.stripRank() || l.stripBrackets()
	case c == '(':
		return l.stripProcess()
	case c == '{':
		return l.stripJSON()
	case isUpper(c):
		return l.stripGlog() || l.stripLevel() || l.stripWorker() || l.stripNCCL()
	case isLetter(c):
		return l.stripClass() || l.stripNCCL() || l.stripLogfmt()
	}
	return false
}

// name notes the format unless an outer header has named it.
func (l *Line) name(parser string) {
	if l.Parser == "" {
		l.Parser = parser
	}
}

// stripDate reads a header that starts with a date and what follows it.
func (l *Line) stripDate() bool {
	n := dateTime(l.Text)
	if n == 0 || n == len(l.Text) {
		return false
	}
	rest := l.Text[n:]
	if strings.HasPrefix(rest, ": ") && l.stripTensorFlow(rest[2:]) {
		return true
	}
	isTracing := l.Text[n-1] == 'Z'
	for rest != "" && (rest[0] == ' ' || rest[0] == '|' || rest[0] == ',' || rest[0] == '-') {
		rest = rest[1:]
	}
	if rest == "" {
		return false
	}
	switch {
	case rest[0] == '[' && l.stripLog4j(rest):
	case isTracing && l.stripTracing(rest):
	case l.stripPythonDated(rest):
	case l.Level != "":
		return false // a date inside a message is data
	default:
		l.Text = rest
	}
	return true
}

// stripTensorFlow reads "I file.cc:461] message".
func (l *Line) stripTensorFlow(s string) bool {
	if len(s) < 3 || s[1] != ' ' {
		return false
	}
	level := levelLetter(s[0])
	file, rest, ok := sourceFile(s[2:])
	if level == "" || !ok {
		return false
	}
	l.Level, l.Logger, l.Text = level, file, rest
	l.name("tensorflow")
	return true
}

// stripLog4j reads "[INFO ] thread logger - message".
func (l *Line) stripLog4j(s string) bool {
	end := strings.IndexByte(s, ']')
	if end < 0 || end > 12 {
		return false
	}
	level := levelFold(strings.TrimSpace(s[1:end]))
	if level == "" {
		return false
	}
	rest := strings.TrimPrefix(s[end+1:], " ")
	l.Level, l.Text = level, rest
	if l.stripThreadLogger() {
		l.name("log4j")
	}
	return true
}

// stripThreadLogger reads "thread logger - " or "logger - ".
func (l *Line) stripThreadLogger() bool {
	at := strings.Index(l.Text[:min(len(l.Text), 240)], " - ")
	text := ""
	switch {
	case at >= 0:
		text = l.Text[at+3:]
	case strings.HasSuffix(l.Text, " -"):
		at = len(l.Text) - 2
	default:
		return false
	}
	thread, logger, _ := strings.Cut(l.Text[:at], " ")
	if logger == "" {
		thread, logger = "", thread
	}
	if strings.IndexByte(logger, ' ') >= 0 || !isLoggerName(logger) {
		return false
	}
	l.Logger, l.Text = logger, text
	if thread != "" {
		l.Thread = thread
	}
	return true
}

// loggerBefore reads a logger's name, blanks and "- " at the start of s.
func loggerBefore(s string) (name, rest string, ok bool) {
	n := 0
	for n < len(s) && isLoggerByte(s[n]) {
		n++
	}
	if n == 0 || n == len(s) || s[n] != ' ' || !isLetter(s[0]) && s[0] != '_' {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(s[n+blankRun(s[n:]):], "- ")
	return s[:n], rest, ok
}

// isLoggerByte reports whether c can be part of a logger's or a file's name.
func isLoggerByte(c byte) bool {
	return isAlnum(c) || c == '.' || c == '_' || c == '$' || c == '-'
}

// isLoggerName reports whether s is made like a logger's or a file's name.
func isLoggerName(s string) bool {
	if s == "" || !isLetter(s[0]) && s[0] != '_' {
		return false
	}
	for i := range len(s) {
		if !isLoggerByte(s[i]) {
			return false
		}
	}
	return true
}

// stripTracing reads what Rust's tracing prints behind its date:
// "INFO span{..}: target: message".
func (l *Line) stripTracing(s string) bool {
	level, n := levelWord(s)
	if n == 0 || n == len(s) || s[n] != ' ' {
		return false
	}
	s = strings.TrimLeft(s[n:], " ")
	for range 4 {
		if at := strings.Index(s, "}: "); at >= 0 && at < strings.IndexByte(s+" ", ' ')+200 && strings.IndexByte(s[:at], '{') > 0 && isLoggerName(s[:strings.IndexByte(s, '{')]) {
			s = s[at+3:]
			continue
		}
		target, rest, ok := strings.Cut(s, ": ")
		if !ok || !isTarget(target) {
			break
		}
		l.Logger, s = target, rest
	}
	l.Level, l.Text = level, s
	l.name("tgi")
	return true
}

// isTarget reports whether s is made like a tracing target, a::b or a-b, or a
// source file with its line.
func isTarget(s string) bool {
	if s == "" || !isLetter(s[0]) || isUpper(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '_' && c != '-' && c != ':' && c != '/' && c != '.' {
			return false
		}
	}
	return strings.ContainsAny(s, "_-:/.") || len(s) > 2
}

// stripPythonDated reads "LEVEL - name - message", "name - LEVEL - message" and
// "LEVEL | module:function:line - message" behind a date.
func (l *Line) stripPythonDated(s string) bool {
	if level, n := levelWord(s); n > 0 {
		rest := strings.TrimLeft(s[n:], " ")
		if after, ok := strings.CutPrefix(rest, "- "); ok {
			l.Level, l.Text = level, after
			if name, text, ok := strings.Cut(after, " - "); ok && isLoggerName(name) {
				l.Logger, l.Text = name, text
			}
			l.name("python")
			return true
		}
		if after, ok := strings.CutPrefix(rest, "| "); ok {
			l.Level, l.Text = level, after
			if name, text, ok := strings.Cut(after, " - "); ok && strings.IndexByte(name, ' ') < 0 {
				l.Logger, l.Text = beforeColon(name), text
			}
			l.name("python")
			return true
		}
		l.Text = s
		return l.stripLevel()
	}
	name, rest, ok := loggerBefore(s)
	if !ok {
		return l.stripNameLevel(s)
	}
	level, n := levelWord(rest)
	if n == 0 {
		return false
	}
	text, ok := strings.CutPrefix(strings.TrimLeft(rest[n:], " "), "- ")
	if !ok {
		return false
	}
	l.Level, l.Logger, l.Text = level, name, text
	l.name("python")
	return true
}

// stripNameLevel reads "name LEVEL    message", as the training toolkits print it
// behind a date.
func (l *Line) stripNameLevel(s string) bool {
	n := 0
	for n < len(s) && isLoggerByte(s[n]) {
		n++
	}
	if n == 0 || n == len(s) || s[n] != ' ' || !isLoggerName(s[:n]) {
		return false
	}
	level, width := levelWord(s[n+1:])
	if width == 0 || n+1+width < len(s) && s[n+1+width] != ' ' {
		return false
	}
	text := s[n+1+width:]
	l.Level, l.Logger, l.Text = level, s[:n], text[blankRun(text):]
	l.name("python")
	return true
}

// stripNginx reads "pid#tid: *connection " behind nginx's level.
func (l *Line) stripNginx() bool {
	n := digits(l.Text)
	s := l.Text[n:]
	if len(s) == 0 || s[0] != '#' {
		return false
	}
	m := digits(s[1:])
	rest, ok := strings.CutPrefix(s[1+m:], ": ")
	if m == 0 || !ok {
		return false
	}
	l.Thread = l.Text[:n+1+m]
	if strings.HasPrefix(rest, "*") {
		if k := digits(rest[1:]); k > 0 && len(rest) > k+1 && rest[k+1] == ' ' {
			rest = rest[k+2:]
		}
	}
	l.Text = rest
	if l.Parser == "" || l.Parser == "bracket" {
		l.Parser = "nginx"
	}
	return true
}

// sourceFile reads "dir/file.cc:461] " at the start of s.
func sourceFile(s string) (file, rest string, ok bool) {
	at := strings.Index(s[:min(len(s), 200)], "]")
	if at < 0 {
		return "", "", false
	}
	file, line, ok := strings.Cut(s[:at], ":")
	if !ok || line == "" || digits(line) != len(line) || strings.IndexByte(file, ' ') >= 0 {
		return "", "", false
	}
	return file, strings.TrimPrefix(s[at+1:], " "), true
}

// beforeColon is s up to its first colon.
func beforeColon(s string) string {
	before, _, _ := strings.Cut(s, ":")
	return before
}
