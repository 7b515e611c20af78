package logline

import (
	"strconv"
	"strings"
)

// stripJSON reads a line of structured logging: TGI's tracing JSON and the
// usual Python formatters. A line that was cut in the middle gives what it has.
func (l *Line) stripJSON() bool {
	s := l.Text
	level := levelFold(jsonField(s, `"level":`, `"levelname":`, `"severity":`))
	message := jsonField(s, `"message":`, `"msg":`)
	if level == "" && (message == "" || jsonField(s, `"timestamp":`, `"time":`, `"asctime":`) == "") {
		return false
	}
	if level != "" {
		l.Level = level
	}
	if logger := jsonField(s, `"target":`, `"logger":`, `"name":`); logger != "" {
		l.Logger = logger
	}
	l.name("json")
	if message == "" {
		return false
	}
	l.Text = message
	if trace := jsonField(s, `"exc_info":`, `"stack_trace":`, `"traceback":`); trace != "" {
		l.Text += "\n" + trace
	}
	return true
}

// jsonField is the string behind the first of keys that s has, unescaped.
func jsonField(s string, keys ...string) string {
	for _, key := range keys {
		at := strings.Index(s, key)
		if at < 0 {
			continue
		}
		v, ok := strings.CutPrefix(strings.TrimLeft(s[at+len(key):], " "), `"`)
		if ok {
			return jsonString(v)
		}
	}
	return ""
}

// jsonString is the string that s starts with, up to the closing quote or, when
// the line was cut, its end.
func jsonString(s string) string {
	escaped := false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if !escaped {
				return s[:i]
			}
			if u, err := strconv.Unquote(`"` + strings.ReplaceAll(s[:i], `\/`, "/") + `"`); err == nil {
				return u
			}
			return s[:i]
		}
	}
	return s
}
