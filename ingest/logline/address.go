package logline

import "strings"

// redactAddresses masks passwords in addresses (scheme://user:password@host)
// and e-mail addresses.
func redactAddresses(s string) string {
	c := cut{s: s}
	for i := 0; i < len(s); i++ {
		n := strings.IndexByte(s[i:], '@')
		if n < 0 {
			break
		}
		i += n
		at, ok := password(s, i, c.done)
		if !ok {
			at, ok = email(s, i, c.done)
		}
		if ok {
			c.mask(at)
			i = max(i, at.to-1)
		}
	}
	return c.String()
}

// password reads the part between the colon and the last @ of an authority.
func password(s string, at, done int) (span, bool) {
	from := at
	for from > done && isAuthorityByte(s[from-1]) {
		from--
	}
	if from < 3 || s[from-1] != '/' || s[from-2] != '/' || s[from-3] != ':' {
		return span{}, false
	}
	end := at
	for j := at + 1; j < len(s) && isAuthorityByte(s[j]); j++ {
		if s[j] == '@' {
			end = j
		}
	}
	user := s[from:end]
	if strings.HasPrefix(user, markOpen) { // the colon of a mark is none
		user = user[strings.IndexByte(user, '>')+1:]
	}
	_, secret, ok := strings.Cut(user, ":")
	if !ok || secret == "" || isPlaceholder(secret) {
		return span{}, false
	}
	return span{end - len(secret), end, "password"}, true
}

// isAuthorityByte reports whether c can stand between :// and the path. Marks
// may, so that an address is not masked twice.
func isAuthorityByte(c byte) bool {
	return c > ' ' && c != '/' && c != '?' && c != '#' && c != '"' && c != '\'' && c != 0x7f
}

// email reads local@domain around the @ at s[at].
func email(s string, at, done int) (span, bool) {
	from := at
	for from > done && (isAlnum(s[from-1]) || strings.IndexByte("._%+-", s[from-1]) >= 0) {
		from--
	}
	if from == at {
		return span{}, false
	}
	end, dot := at+1, -1
	for end < len(s) && (isAlnum(s[end]) || s[end] == '-' || s[end] == '.') {
		if s[end] == '.' {
			dot = end
		}
		end++
	}
	if dot == end-1 && dot > at { // a full stop behind the address
		end--
		dot = at + strings.LastIndexByte(s[at:end], '.')
	}
	if dot <= at+1 || end-dot < 3 || !isLetter(s[dot+1]) {
		return span{}, false
	}
	return span{from, end, "email"}, true
}

// redactPEM masks private keys: whole blocks, also on one line with \n in it, a
// block that the event cuts off, and a line that is nothing but 64 columns of
// base 64, which is what a block becomes when each line is an event.
func redactPEM(s string) string {
	if len(s) == pemLine && isKeyLine(s) {
		return markOpen + "private-key>"
	}
	c := cut{s: s}
	for i := 0; ; {
		n := strings.Index(s[i:], "-----BEGIN ")
		if n < 0 {
			break
		}
		from := i + n
		head, _, ok := strings.Cut(s[from+11:], "-----")
		if !ok || !strings.HasSuffix(head, "PRIVATE KEY") {
			i = from + 11
			continue
		}
		end := len(s)
		body := from + 11 + len(head) + 5
		if m := strings.Index(s[body:], "PRIVATE KEY-----"); m >= 0 {
			end = body + m + len("PRIVATE KEY-----")
		}
		c.mask(span{from, end, "private-key"})
		i = end
	}
	return c.String()
}

// isKeyLine reports whether s is base 64 with capitals, small letters and
// digits, which hexadecimal digests are not.
func isKeyLine(s string) bool {
	upper, lower, digit := false, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case isUpper(c):
			upper = true
		case isDigit(c):
			digit = true
		case isLetter(c):
			lower = true
		case c != '+' && c != '/':
			return false
		}
	}
	return upper && lower && digit
}
