package logline

import "strings"

// shortVariable is the length of a date that starts with the short name of a
// month or a day, or with the day of the month, at the word s[i:j].
func shortVariable(s string, i, j int) int {
	if j-i == 3 && isUpper(s[i]) || j-i <= 2 && isDigit(s[i]) && j+3 < len(s) && s[j] == ' ' && isUpper(s[j+1]) {
		return calendar(s[i:])
	}
	return 0
}

// hexGroups is the length of at least five pairs of hexadecimal digits with
// colons between them, as hardware addresses are printed; 0 for fewer.
func hexGroups(s string) int {
	n := 0
	for n+2 <= len(s) && isHex(s[n:n+2]) && (n+2 == len(s) || s[n+2] == ':' || !isAlnum(s[n+2])) {
		n += 3
		if n > len(s) || s[n-1] != ':' {
			break
		}
	}
	if n < 5*3 {
		return 0
	}
	return n - 1
}

// timestamp is the length of a date with time or a time of day.
func timestamp(s string) int {
	if n := dateTime(s); n > 0 {
		return n
	}
	if n := clock(s); n > 0 && (n == len(s) || !isAlnum(s[n]) && s[n] != ':') {
		return n
	}
	return 0
}

// urlEnd is where the address that goes on at i ends.
func urlEnd(s string, i int) int {
	for i < len(s) && class[s[i]] != clsSpace && !strings.ContainsRune("\"'()<>,;]}", rune(s[i])) {
		i++
	}
	for i > 0 && (s[i-1] == '.' || s[i-1] == ':') {
		i--
	}
	return i
}

// followsMethod reports whether b ends in an HTTP method and a blank.
func followsMethod(b []byte) bool {
	n := len(b)
	if n < 4 || b[n-1] != ' ' {
		return false
	}
	i := n - 1
	for i > 0 && n-i < 9 && isUpper(b[i-1]) {
		i--
	}
	return isMethod(string(b[i : n-1]))
}
