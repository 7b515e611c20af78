package logline

import (
	"strings"
	"time"
)

// Time reads the time that a line starts with: a date and time of any header
// that writes the year first, in brackets or not, or that of an access log. A
// time without zone is taken as UTC, in which containers run. ok is false where
// the line says none, or leaves out the year.
func Time(line string) (t time.Time, ok bool) {
	s := line[:min(len(line), 64)]
	if at := strings.Index(s, " - - ["); at > 0 {
		return timeOf(s[at+6:], "02/Jan/2006:15:04:05 -0700", 26)
	}
	s = strings.TrimLeft(s, "[")
	n := dateTime(s)
	if n == 0 {
		if shape(s, "dddd-dd-dd:dd:dd:dd:") {
			return timeOf(s, "2006-01-02:15:04:05", 19)
		}
		return time.Time{}, false
	}
	b := []byte(s[:n])
	b[4], b[7], b[10] = '-', '-', 'T'
	if n > 19 && b[19] == ',' {
		b[19] = '.'
	}
	text := strings.Replace(string(b), " ", "", 1)
	for _, layout := range [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// timeOf reads the first n bytes of s by a layout.
func timeOf(s, layout string, n int) (time.Time, bool) {
	if len(s) < n {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, s[:n])
	return t.UTC(), err == nil
}
