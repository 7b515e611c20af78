package logline

import "strings"

// exceptionIn finds the exception type that s names, and the line of s that
// names it. Of a whole Python traceback the last line counts, of a Java stack
// the first.
func exceptionIn(s string) (typ, line string) {
	if strings.IndexByte(s, '\n') < 0 {
		return exceptionHead(s), s
	}
	last := strings.Contains(s, "Traceback (most recent call last)")
	for l := range strings.SplitSeq(s, "\n") {
		t := exceptionHead(l)
		if t == "" {
			continue
		}
		typ, line = t, l
		if !last {
			break
		}
	}
	return typ, line
}

// exceptionHead reads the type at the start of one line.
func exceptionHead(s string) string {
	if s == "" || !isLetter(s[0]) && s[0] != '_' {
		return ""
	}
	switch s[0] {
	case 'C':
		s = strings.TrimPrefix(s, "Caused by: ")
	case 'E':
		if after, ok := strings.CutPrefix(s, `Exception in thread "`); ok {
			_, s, _ = strings.Cut(after, `" `)
		}
	case 't':
		if after, ok := strings.CutPrefix(s, "terminate called after throwing an instance of '"); ok {
			name, _, _ := strings.Cut(after, "'")
			return name
		}
	}
	n, dots := typeName(s)
	if n == 0 || n < len(s) && s[n] != ':' || n+1 < len(s) && s[n+1] != ' ' {
		return ""
	}
	if name := s[:n]; isException(name, dots, n < len(s)) {
		return name
	}
	return ""
}

// typeName is the length of the dotted name that s starts with, and how many
// dots it has.
func typeName(s string) (n, dots int) {
	for n < len(s) && n < 200 {
		switch c := s[n]; {
		case isAlnum(c) || c == '_' || c == '$':
		case c == '.' && n > 0 && s[n-1] != '.':
			dots++
		default:
			return n, dots
		}
		n++
	}
	return n, dots
}

// isException reports whether name is made like an exception's type. message
// says whether a colon follows.
func isException(name string, dots int, message bool) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last == "" || isDigit(last[0]) {
		return false
	}
	switch {
	case strings.HasSuffix(last, "Error"), strings.HasSuffix(last, "Exception"):
		// "Error: " alone is a level, and a word in capitals is no type.
		return last != "Error" || dots > 0
	case strings.HasSuffix(last, "Warning"):
		return false
	}
	switch last {
	case "KeyboardInterrupt", "SystemExit", "StopIteration", "StopAsyncIteration", "GeneratorExit",
		"TimeoutExpired", "BrokenProcessPool", "ConnectTimeout", "ReadTimeout", "ExceptionGroup":
		return true
	}
	return message && dots > 0 && isUpper(last[0]) &&
		(strings.Contains(name, "exceptions.") || strings.Contains(name, "errors."))
}

// isJavaFrame reports whether s is a frame of a Java stack or its ellipsis.
func isJavaFrame(s string) bool {
	t := strings.TrimLeft(s, " \t")
	return len(t) < len(s) && (strings.HasPrefix(t, "at ") || strings.HasPrefix(t, "... ")) ||
		strings.HasPrefix(t, "Caused by: ")
}

// isPythonFrame reports whether s belongs to a Python traceback.
func isPythonFrame(s string) bool {
	if strings.HasPrefix(s, "Traceback (most recent call last)") {
		return true
	}
	return strings.HasPrefix(s, "  ") && strings.HasPrefix(strings.TrimLeft(s, " "), `File "`)
}

// isJavaType reports whether an exception's type is named as Java names them,
// by package: java.lang.Error, org.example.FooException.
func isJavaType(typ string) bool {
	if strings.Count(typ, ".") < 2 {
		return false
	}
	root, _, _ := strings.Cut(typ, ".")
	switch root {
	case "java", "javax", "jdk", "sun", "org", "com", "ai", "io", "net":
		return true
	}
	return false
}
