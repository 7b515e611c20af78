package logline

import "strings"

// stripExport reads a row of the CSV that CloudWatch's console exports: the
// milliseconds of the event, its message and its stream.
func (l *Line) stripExport() bool {
	if l.Parser != "" || !shape(l.Text, "ddddddddddddd,") {
		return false
	}
	s := l.Text[14:]
	at := strings.LastIndexByte(s, ',')
	if at < 0 || !isStream(s[at+1:]) {
		return false
	}
	s = s[:at]
	if n := len(s); n > 1 && s[0] == '"' && s[n-1] == '"' {
		if s = s[1 : n-1]; strings.Contains(s, `""`) {
			s = strings.ReplaceAll(s, `""`, `"`)
		}
	}
	l.Text = s
	return true
}

// isStream reports whether s is made like the name of an endpoint's log stream:
// variant, slash, instance.
func isStream(s string) bool {
	variant, instance, ok := strings.Cut(s, "/")
	return ok && isLoggerName(variant) && isLoggerName(instance)
}
