package logline

import (
	"encoding/base64"
	"strings"
)

// bearer reads "Bearer TOKEN" where i is the start of the word.
func bearer(s string, i int) (span, bool) {
	j, ok := afterScheme(s, i, "bearer")
	if !ok {
		return span{}, false
	}
	end := tokenEnd(s, j)
	// "Bearer authentication is required" is prose: a token has a digit or is
	// longer than words are.
	if n := end - j; n < 8 || n < 24 && !strings.ContainsAny(s[j:end], "0123456789") {
		return span{}, false
	}
	return span{j, end, "bearer-token"}, true
}

// basic reads "Basic CREDENTIALS", which are user:password in base 64.
func basic(s string, i int) (span, bool) {
	j, ok := afterScheme(s, i, "basic")
	if !ok {
		return span{}, false
	}
	end := tokenEnd(s, j)
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s[j:end], "="))
	if err != nil || !strings.Contains(string(plain), ":") {
		return span{}, false
	}
	return span{j, end, "basic-credentials"}, true
}

// afterScheme is where the value behind the word at i starts.
func afterScheme(s string, i int, word string) (int, bool) {
	if i < 0 || i > 0 && isAlnum(s[i-1]) || !hasFold(s[i:], word) {
		return 0, false
	}
	j := i + len(word)
	if j >= len(s) || s[j] != ' ' {
		return 0, false
	}
	for j < len(s) && s[j] == ' ' {
		j++
	}
	return j, true
}

// hasFold reports whether s starts with the lower-case prefix in any case.
func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// tokenEnd is the end of the token68 of RFC 9110 that starts at j.
func tokenEnd(s string, j int) int {
	for j < len(s) && (isAlnum(s[j]) || strings.IndexByte("-._~+/=", s[j]) >= 0) {
		j++
	}
	return j
}

// keyValue reads key=value, key: value, "key": "value", ('key', 'value') and
// <key>value</key>, where the key's name, in any spelling, says that the value
// is secret. i is inside the key.
func keyValue(s string, i int) (span, bool) {
	from, to := i, i
	for from > 0 && i-from < 40 && isKeyByte(s[from-1]) {
		from--
	}
	for to < len(s) && to-i < 40 && isKeyByte(s[to]) {
		to++
	}
	if !separable(s, to) { // the common case
		return span{}, false
	}
	kind := secretKind(s[from:to])
	if kind == "" || strings.HasSuffix(s[:from], markOpen) {
		return span{}, false
	}
	j, ok := separator(s, from, to)
	if !ok {
		return span{}, false
	}
	value := span{kind: kind}
	if kind == "authorization" {
		value = authorization(s, j)
	} else {
		value.from, value.to = valueAt(s, j)
	}
	v := s[value.from:value.to]
	return value, v != "" && !isPlaceholder(v)
}

func isKeyByte(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

// secretKind names the secret that a key announces, "" for none.
func secretKind(key string) string {
	var buf [96]byte
	n := 0
	for i := range len(key) {
		if isAlnum(key[i]) && n < len(buf) {
			buf[n] = key[i] | 0x20
			n++
		}
	}
	k := string(buf[:n])
	switch {
	case strings.HasSuffix(k, "secretaccesskey"), strings.HasSuffix(k, "secretkey"), strings.HasSuffix(k, "clientsecret"):
		return "secret-key"
	case strings.HasSuffix(k, "sessiontoken"), strings.HasSuffix(k, "securitytoken"):
		return "session-token"
	case strings.HasSuffix(k, "accesstoken"), strings.HasSuffix(k, "authtoken"), strings.HasSuffix(k, "refreshtoken"):
		return "token"
	case strings.HasSuffix(k, "apikey"):
		return "api-key"
	case strings.HasSuffix(k, "authorization"):
		return "authorization"
	case strings.HasSuffix(k, "password"), strings.HasSuffix(k, "passwd"):
		return "password"
	case strings.HasSuffix(k, "amzsignature"):
		return "signature"
	case strings.HasSuffix(k, "amzcredential"):
		return "credential"
	}
	return ""
}

// separable reports whether separator could find a value behind a key that ends
// at to.
func separable(s string, to int) bool {
	for to < len(s) && (s[to] == '\\' || s[to] == '"' || s[to] == '\'') {
		to++
	}
	to = blanks(s, to)
	return to < len(s) && strings.IndexByte("=:,>%", s[to]) >= 0
}

// separator is where the value behind the key s[from:to] starts. Inside
// brackets a comma separates too, as in a list of header pairs, but only when
// the key is quoted.
func separator(s string, from, to int) (int, bool) {
	j, quoted := to, false
	for j < len(s) && (s[j] == '\\' || s[j] == '"' || s[j] == '\'') {
		quoted = quoted || s[j] != '\\'
		j++
	}
	j = blanks(s, j)
	switch {
	case j >= len(s):
		return 0, false
	case s[j] == '=' || s[j] == ':' || s[j] == ',' && quoted || s[j] == '>' && from > 0 && s[from-1] == '<':
		j++
		if j < len(s) && s[j] == '>' {
			j++
		}
	case hasFold(s[j:], "%3d"), hasFold(s[j:], "%3a"):
		j += 3
	default:
		return 0, false
	}
	return blanks(s, j), true
}

func blanks(s string, j int) int {
	for j < len(s) && (s[j] == ' ' || s[j] == '\t') {
		j++
	}
	return j
}

// valueAt is the value at j, without the quotes around it.
func valueAt(s string, j int) (from, to int) {
	if q, open := opening(s, j); open > 0 {
		return j + open, quotedEnd(s, j+open, q)
	}
	for to = j; to < len(s) && strings.IndexByte(" \t\r\n,;&\"'`<>()[]{}\\", s[to]) < 0; {
		to++
	}
	return j, to
}

// opening reads an opening quote, with Python's b and JSON's backslash before
// it, and returns its width.
func opening(s string, j int) (quote byte, width int) {
	at := j
	if at+1 < len(s) && s[at] == 'b' && (s[at+1] == '\'' || s[at+1] == '"') {
		at++
	}
	for at < len(s) && s[at] == '\\' {
		at++
	}
	if at < len(s) && (s[at] == '"' || s[at] == '\'') {
		return s[at], at + 1 - j
	}
	return 0, 0
}

// quotedEnd is where the quoted value that starts at j ends.
func quotedEnd(s string, j int, quote byte) int {
	for j < len(s) && s[j] != quote && s[j] != '\n' {
		if s[j] == '\\' && j+1 < len(s) && s[j+1] != quote && s[j+1] != '\\' {
			j++
		} else if s[j] == '\\' {
			return j
		}
		j++
	}
	return min(j, len(s))
}

// isPlaceholder reports whether v is no secret: a mark of this package, or what
// programs print for nothing.
func isPlaceholder(v string) bool {
	if rest, ok := strings.CutPrefix(strings.TrimLeft(v, "b\\\"'"), markOpen); ok {
		return strings.IndexByte(rest, '>') == len(rest)-1
	}
	switch strings.Trim(v, "\"'\\") {
	case "", "None", "null", "nil", "true", "false", "True", "False":
		return true
	}
	return strings.Trim(v, "*x.") == ""
}

// authorization reads the value of an Authorization header at j: a scheme and
// its credentials, or one opaque value. Signature version 4 goes to the end of
// its list of parts.
func authorization(s string, j int) span {
	at := span{j, j, "authorization"}
	if _, open := opening(s, j); open > 0 {
		at.from, at.to = valueAt(s, j)
		return at
	}
	line := s[j:]
	if n := strings.IndexAny(line, "\"'\n"); n >= 0 {
		line = line[:n]
	}
	scheme, rest, ok := strings.Cut(line, " ")
	switch {
	case ok && strings.HasPrefix(scheme, "AWS4-"):
		at.to = j + len(line)
	case ok && isScheme(scheme):
		pad := len(rest) - len(strings.TrimLeft(rest, " "))
		at.from, at.to = valueAt(s, j+len(scheme)+1+pad)
	case len(scheme) >= 8 && strings.ContainsAny(scheme, "0123456789"):
		at.from, at.to = valueAt(s, j)
	}
	return at
}

// isScheme reports whether s is an authentication scheme.
func isScheme(s string) bool {
	switch strings.ToLower(s) {
	case "bearer", "basic", "token", "digest", "negotiate", "apikey", "key":
		return true
	}
	return false
}
