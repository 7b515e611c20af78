package logline

import "strings"

// The five levels that everything maps to.
const (
	debug = "DEBUG"
	info  = "INFO"
	warn  = "WARN"
	fail  = "ERROR"
	fatal = "FATAL"
)

// levelName maps a level's name in capitals to one of the five, "" for a word
// that is no level.
func levelName(word string) string {
	switch word {
	case "TRACE", "DEBUG", "FINE", "FINER", "FINEST":
		return debug
	case "INFO", "NOTICE":
		return info
	case "WARN", "WARNING":
		return warn
	case "ERROR", "SEVERE":
		return fail
	case "FATAL", "CRITICAL", "CRIT", "ALERT", "EMERG", "PANIC":
		return fatal
	}
	return ""
}

// levelFold is levelName for any case, as nginx and libevent print it.
func levelFold(word string) string {
	if len(word) < 4 || len(word) > 8 {
		return ""
	}
	var upper [8]byte
	for i := range len(word) {
		if upper[i] = word[i]; 'a' <= word[i] && word[i] <= 'z' {
			upper[i] -= 'a' - 'A'
		}
	}
	return levelName(string(upper[:len(word)]))
}

// levelLetter maps the letter of glog, TensorFlow and c10.
func levelLetter(c byte) string {
	switch c {
	case 'D', 'V':
		return debug
	case 'I':
		return info
	case 'W':
		return warn
	case 'E':
		return fail
	case 'F':
		return fatal
	}
	return ""
}

// levelWord reads a level at the start of s: in capitals, or with one capital
// and a colon as in "Warning: ". n is the length of the word, 0 for none.
func levelWord(s string) (level string, n int) {
	for n < len(s) && n < 9 && isLetter(s[n]) {
		n++
	}
	if n < 4 || n > 8 {
		return "", 0
	}
	if level = levelName(s[:n]); level != "" {
		return level, n
	}
	if isUpper(s[0]) && !isUpper(s[1]) && strings.HasPrefix(s[n:], ": ") {
		if level = levelFold(s[:n]); level != "" {
			return level, n
		}
	}
	return "", 0
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return class[c]&clsAlnum != 0 }

// digits is the number of leading digits of s.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
