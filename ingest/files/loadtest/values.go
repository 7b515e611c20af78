package loadtest

import (
	"bytes"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// integer reads a decimal integer.
func integer(b []byte) (int64, bool) {
	neg := len(b) > 0 && b[0] == '-'
	if neg {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0, false
	}
	if len(b) > 18 {
		v, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil || neg {
			return 0, false
		}
		return v, true
	}
	var v int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	if neg {
		v = -v
	}
	return v, true
}

// scaled reads a decimal number and returns it times 10^exp, rounded to the
// nearest integer, halves away from zero. Beyond about 9e18 it reports false.
func scaled(b []byte, exp int) (int64, bool) {
	if exp < 0 {
		v, ok := scaled(b, 0)
		for ; exp < -1; exp++ {
			v /= 10
		}
		if v < 0 {
			return (v - 5) / 10, ok
		}
		return (v + 5) / 10, ok
	}
	i, neg := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, neg = 1, true
	}
	var v int64
	digits, frac, point := 0, 0, false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			if digits++; v > (math.MaxInt64-9)/10 {
				return slowScaled(b, exp)
			}
			if point && frac == exp+1 {
				continue // digits behind the one that rounds
			}
			v = v*10 + int64(c-'0')
			if point {
				frac++
			}
		case c == '.' && !point:
			point = true
		default:
			return slowScaled(b, exp)
		}
	}
	if digits == 0 {
		return 0, false
	}
	for ; frac < exp; frac++ {
		if v > math.MaxInt64/10 {
			return 0, false
		}
		v *= 10
	}
	if frac > exp {
		v = (v + 5) / 10
	}
	if neg {
		v = -v
	}
	return v, true
}

// slowScaled is scaled for numbers with an exponent or too many digits.
func slowScaled(b []byte, exp int) (int64, bool) {
	if len(b) > 400 {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, false
	}
	v = math.Floor(v*math.Pow10(exp) + 0.5)
	if math.IsNaN(v) || v >= 9e18 || v <= -9e18 {
		return 0, false
	}
	return int64(v), true
}

// rfc3339 reads a time with its zone and returns microseconds since 1970.
func rfc3339(b []byte) (int64, bool) {
	var t time.Time
	if len(b) > 40 || t.UnmarshalText(b) != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}

// local reads year-month-day hour:minute:second with - or / in the date, a
// space or T between, and an optional fraction, as a time in zone.
func local(b []byte, zone *time.Location) (int64, bool) {
	if zone == nil || len(b) < 19 || len(b) > 30 {
		return 0, false
	}
	s := []byte(string(b))
	for _, i := range [...]int{4, 7} {
		if s[i] == '/' {
			s[i] = '-'
		}
	}
	if s[10] == 'T' {
		s[10] = ' '
	}
	if i := bytes.IndexByte(s, ','); i >= 0 {
		s[i] = '.'
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", string(s), zone)
	if err != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}

// maxText bounds an error text and a route.
const maxText = 4096

// text is b as valid UTF-8 of bounded length: each byte that is none becomes
// U+FFFD.
func text(b []byte) string {
	cut := b
	if len(cut) > maxText {
		cut = cut[:maxText]
		for len(cut) > maxText-utf8.UTFMax && !utf8.Valid(cut[len(cut)-1:]) && !utf8.RuneStart(b[len(cut)]) {
			cut = cut[:len(cut)-1]
		}
	}
	if utf8.Valid(cut) {
		return string(cut)
	}
	s := string([]rune(string(cut)))
	if len(s) > maxText {
		s = s[:maxText]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return s
}

// maxTexts bounds how many routes and errors are remembered.
const maxTexts = 4096

// texts makes equal bytes equal strings without allocating each time.
type texts struct{ routes, errors map[string]string }

func newTexts() *texts {
	return &texts{routes: map[string]string{}, errors: map[string]string{}}
}

// route is the clean form of a URL or name.
func (t *texts) route(b []byte) string {
	if s, ok := t.routes[string(b)]; ok {
		return s
	}
	s := text(path(b))
	keep(t.routes, b, s)
	return s
}

// error is the text of b.
func (t *texts) error(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := t.errors[string(b)]; ok {
		return s
	}
	s := text(b)
	keep(t.errors, b, s)
	return s
}

func keep(m map[string]string, b []byte, s string) {
	if len(b) > maxText {
		return
	}
	if len(m) >= maxTexts {
		clear(m)
	}
	m[string(b)] = s
}

// path is a URL without scheme, host, query and fragment. A name that is no
// URL stays, but for a query: a question mark with no blank behind it.
func path(b []byte) []byte {
	b = bytes.TrimSpace(b)
	if i := bytes.Index(b, []byte("://")); i > 0 && i < 12 && bytes.IndexByte(b[:i], ' ') < 0 {
		b = b[i+3:]
		if i := bytes.IndexByte(b, '#'); i >= 0 {
			b = b[:i]
		}
		if i := bytes.IndexAny(b, "/?"); i < 0 {
			return []byte("/")
		} else if b[i] == '?' {
			return []byte("/")
		} else {
			b = b[i:]
		}
	}
	if i := bytes.IndexByte(b, '?'); i >= 0 && bytes.IndexByte(b[i:], ' ') < 0 {
		b = b[:i]
	}
	return b
}
